"""Match entries on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.match import Match
from pyovn.openflow.match_text import parse_match
from pyovn.openflow.oxm import decode_fields, decode_match, encode_fields, encode_match
from tests.openflow.samples import matches


@settings(max_examples=200)
@given(matches(), st.booleans())
def test_what_is_encoded_is_decoded(match: Match, oxm: bool) -> None:
    assert decode_fields(encode_fields(match, oxm=oxm)) == match


@given(matches(), st.data())
def test_garbage_is_one_error(match: Match, data: st.DataObject) -> None:
    encoded = bytearray(encode_match(match))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_match(bytes(encoded[: data.draw(st.integers(0, len(encoded)))]))
    except OpenFlowError as error:
        assert error.fault in Fault


BYTES = [
    ("in_port=LOCAL", True, "80000004fffffffe"),
    ("in_port=LOCAL", False, "00000002fffe"),
    ("reg0=5/0xf", True, "00010108000000050000000f"),
    ("xreg0=0x100000002", True, "00010004000000010001020400000002"),
    ("dl_vlan=7,dl_vlan_pcp=3", True, "80000c02100780000e0103"),
    ("dl_vlan=7,dl_vlan_pcp=3", False, "000008027007"),
    ("vlan_tci=0", True, "80000c020000"),
    ("reg16=5", True, "ffff22080000232000000005"),
]


@pytest.mark.parametrize(("text", "oxm", "data"), BYTES)
def test_bytes(text: str, oxm: bool, data: str) -> None:
    assert encode_fields(parse_match(text), oxm=oxm).hex() == data


REFUSED = [
    ("80000a02", Fault.MATCH_BAD_LEN),
    ("80000a0108", Fault.MATCH_BAD_LEN),
    ("7777000400000000", Fault.MATCH_BAD_FIELD),
    ("8000140106", Fault.MATCH_BAD_PREREQ),
    ("80000a02080080000a020800", Fault.MATCH_DUP_FIELD),
    ("00010108000000ff0000000f", Fault.MATCH_BAD_WILDCARDS),
    ("80000b040800fff0", Fault.MATCH_BAD_MASK),
    ("8000000400010000", Fault.MATCH_BAD_VALUE),
]


@pytest.mark.parametrize(("data", "fault"), REFUSED)
def test_refused(data: str, fault: Fault) -> None:
    with pytest.raises(OpenFlowError) as caught:
        decode_fields(bytes.fromhex(data))
    assert caught.value.fault is fault


def test_what_is_not_known_can_be_skipped() -> None:
    assert decode_fields(bytes.fromhex("777700040000000000010004000000058000140106"), loose=True) == Match.of({"reg0": 5, "nw_proto": 6})
