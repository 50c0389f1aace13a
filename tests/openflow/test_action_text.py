"""Actions as `ovs-ofctl` prints and takes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from pyovn.openflow.action import Actions
from pyovn.openflow.action_parse import parse_actions, split_list
from pyovn.openflow.action_text import format_actions
from pyovn.openflow.message import FlowMod
from pyovn.openflow.message_codec import decode
from tests.openflow.samples import ACTIONS, RECORDED, Recorded

OLD_WORDS = ("mod_dl", "mod_nw", "mod_tp", "strip_vlan")
"""What the reference remembers of OpenFlow 1.0's own actions, and this codec does not."""


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda r: f"{r.version}-{r.actions[:40]}")
def test_as_the_reference_prints(recorded: Recorded) -> None:
    message = decode(recorded.data)[2]
    assert isinstance(message, FlowMod)
    assert parse_actions(recorded.actions) == message.actions
    if not any(word in recorded.actions for word in OLD_WORDS):
        assert format_actions(message.actions) == recorded.actions


@settings(max_examples=100)
@given(ACTIONS)
def test_text_says_it_all(actions: Actions) -> None:
    text = format_actions(actions)
    assert format_actions(parse_actions(text)) == text


WRONG = [
    ("frobnicate", "unknown action frobnicate"),
    ("drop,output:1", "must not be accompanied"),
    ("ct(commit", "unbalanced parentheses"),
    ("load:5->NXM_NX_REG0[0..1]", "does not fit into 2 bits"),
    ("load:5->NXM_OF_ETH_TYPE[]", "read-only"),
    ("move:NXM_NX_REG0[]->NXM_OF_ETH_SRC[]", "bits wide"),
    ("set_field:5->nothing", "nothing is not a valid OXM field name"),
    ("conjunction(5,3/2)", "clauses"),
    ("resubmit(,)", "at least one"),
    ("ct(zone=NXM_NX_NOPE[])", "unknown field"),
]


@pytest.mark.parametrize(("text", "fact"), WRONG)
def test_wrong(text: str, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        parse_actions(text)


def test_lists_are_cut_outside_brackets() -> None:
    assert split_list("a(b,c),d e") == ["a(b,c)", "d", "e"]
