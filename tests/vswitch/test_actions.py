"""Every action has something that it does, and an action set has its order."""

from __future__ import annotations

from pyovn.openflow.action import Action, Ct, DecTtl, Group, Nat, Output, PopVlan, PushVlan, Resubmit, set_field
from pyovn.openflow.action_registry import ENCODERS
from pyovn.openflow.action_text import format_actions
from pyovn.vswitch import actions
from pyovn.vswitch.action_set import in_order
from pyovn.vswitch.pipeline import PERFORM


def test_every_action_that_can_be_received_is_performed() -> None:
    assert actions.__doc__
    # `nat` only stands inside `ct`.
    assert {kind.__name__ for kind in ENCODERS.keys() - PERFORM.keys()} <= {Nat.__name__}


def test_the_order_of_an_action_set() -> None:
    fields = [set_field("reg0", 1), set_field("reg0", 2)]
    written: list[Action] = [Output(3), fields[0], Output(4), DecTtl(), fields[1], PushVlan(), PopVlan(), Resubmit(table=4)]
    assert format_actions(in_order(written)) == "pop_vlan,push_vlan:0x8100,dec_ttl,set_field:0x1->reg0,set_field:0x2->reg0,output:4"
    assert in_order([Ct(), Group(3), Output(2)]) == (Group(3),)
    assert in_order([]) == ()
