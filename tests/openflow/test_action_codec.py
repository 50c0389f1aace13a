"""Actions: what `ovs-ofctl` sends is understood, what is made is understood again, and nothing else than one error comes of garbage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow.action import Actions, ClearActions, GotoTable, Meter, Output, SetVlanVid, WriteActions, WriteMetadata
from pyovn.openflow.action_codec import decode_actions, decode_instructions, encode_actions, encode_instructions
from pyovn.openflow.action_parse import parse_actions
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message import OF10, OF13, OF15
from tests.openflow.samples import ACTIONS, VERSIONS


@settings(max_examples=150)
@given(ACTIONS, st.sampled_from(VERSIONS))
def test_what_is_encoded_is_decoded(actions: Actions, version: int) -> None:
    once = decode_actions(encode_actions(actions, version), version)
    # OpenFlow 1.0 sets most fields by loading them, so the first round may change the words; the second changes nothing.
    assert decode_actions(encode_actions(once, version), version) == once
    if version == OF15:
        assert once == actions


@settings(max_examples=150)
@given(ACTIONS, st.sampled_from(VERSIONS), st.data())
def test_garbage_is_one_error(actions: Actions, version: int, data: st.DataObject) -> None:
    encoded = bytearray(encode_actions(actions, version))
    if encoded:
        encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_actions(bytes(encoded[: data.draw(st.integers(0, len(encoded)))]), version)
    except OpenFlowError as error:
        assert error.fault in Fault


INSTRUCTIONS: list[tuple[Actions, int, str]] = [
    ((), OF13, ""),
    ((Output(3), GotoTable(7)), OF13, "0004001800000000000000100000000300000000000000000001000807000000"),
    ((Meter(5), Output(3)), OF13, "0006000800000005000400180000000000000010000000030000000000000000"),
    ((Meter(5),), OF15, "0004001000000000001d000800000005"),
    ((ClearActions(), WriteMetadata(5, 0xFF)), OF15, "00050008000000000002001800000000000000000000000500000000000000ff"),
    ((WriteActions((Output(3),)),), OF15, "000300180000000000000010000000030000000000000000"),
]


@pytest.mark.parametrize(("actions", "version", "data"), INSTRUCTIONS)
def test_instructions(actions: Actions, version: int, data: str) -> None:
    assert encode_instructions(actions, version).hex() == data
    assert decode_instructions(bytes.fromhex(data), version) == actions


def test_a_queue_is_named_or_set_used_and_forgotten() -> None:
    (enqueue,) = parse_actions("enqueue:2:5")
    assert encode_actions((enqueue,), OF10).hex() == "000b0010000200000000000000000005"
    assert decode_actions(encode_actions((enqueue,), OF10), OF10) == (enqueue,)
    for version in (OF13, OF15):
        assert decode_actions(encode_actions((enqueue,), version), version) == parse_actions("set_queue:5,output:2,pop_queue")


REFUSED = [
    ("00000008", Fault.ACTION_BAD_LEN),
    ("000000090000000000", Fault.ACTION_BAD_LEN),
    ("0063000800000000", Fault.ACTION_BAD_TYPE),
    ("ffff0010000012340001000000000000", Fault.ACTION_BAD_EXPERIMENTER),
    ("ffff0010000023200fff000000000000", Fault.ACTION_BAD_EXP_TYPE),
    # load into in_port's neighbour, the read-only Ethernet type
    ("ffff0018000023200007000f000006020000000000000001", Fault.ACTION_BAD_SET_ARGUMENT),
    # bits 31 to 32 of a register
    ("ffff001800002320000707c1000100040000000000000001", Fault.ACTION_BAD_SET_LEN),
    # conjunction 3 of 2
    ("ffff0010000023200022020200000001", Fault.ACTION_BAD_ARGUMENT),
]


@pytest.mark.parametrize(("data", "fault"), REFUSED)
def test_refused(data: str, fault: Fault) -> None:
    with pytest.raises(OpenFlowError) as caught:
        decode_actions(bytes.fromhex(data), OF13)
    assert caught.value.fault is fault


def test_a_tag_is_added_before_it_is_set_but_in_the_first_version() -> None:
    assert encode_actions((SetVlanVid(5),), OF10).hex() == "0001000800050000"
    assert encode_actions((SetVlanVid(5),), OF15).hex() == "00110008810000000019001080000c021005000000000000"
