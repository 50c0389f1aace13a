"""What is extracted from frames; the same frames are compared with the reference in `tests/openflow/test_reference.py`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.packet import slot
from pyovn.packet.flow import Flow, parse_flow
from tests.packet.frames import ARP, FRAMES, TCP, UDP, ethernet, ipv4, ipv6

IP = {slot.NW_SRC: 0x0A000001, slot.NW_DST: 0x0A000002, slot.NW_TTL: 64, slot.ETH_TYPE: 0x0800}
CASES: list[tuple[bytes, dict[int, int]]] = [
    (b"", {}),
    (bytes(13), {}),
    (ipv4(17, UDP), {**IP, slot.NW_PROTO: 17, slot.TP_SRC: 68, slot.TP_DST: 67}),
    (ipv4(6, TCP), {**IP, slot.NW_PROTO: 6, slot.TP_SRC: 80, slot.TP_DST: 5, slot.TCP_FLAGS: 0x12}),
    # A header that is cut short has no ports; a packet that is cut short has nothing.
    (ipv4(17, UDP[:7]), {**IP, slot.NW_PROTO: 17}),
    (ipv4(17, UDP)[:-1], {slot.ETH_TYPE: 0x0800}),
    (ipv4(17, UDP, fragment=0x2000), {**IP, slot.NW_PROTO: 17, slot.NW_FRAG: 1, slot.TP_SRC: 68, slot.TP_DST: 67}),
    (ipv4(17, UDP, fragment=5), {**IP, slot.NW_PROTO: 17, slot.NW_FRAG: 3}),
    (ethernet(0x8100, b"\x60\x05" + b"\x12\x34"), {slot.ETH_TYPE: 0x1234, slot.VLAN_TCI: 0x7005}),
    (ethernet(0x8100, b"\0\5\x81\0\0\6\x12\x34"), {slot.ETH_TYPE: 0x8100, slot.VLAN_TCI: 0x1005}),
    (
        ethernet(0x0806, ARP),
        {slot.ETH_TYPE: 0x0806, slot.NW_PROTO: 1, slot.NW_SRC: 0x0A000001, slot.NW_DST: 0x0A000002, slot.ARP_SHA: 0x505400000001},
    ),
]


@pytest.mark.parametrize(("frame", "fields"), CASES)
def test_fields(frame: bytes, fields: dict[int, int]) -> None:
    flow = parse_flow(frame, in_port=3)
    macs = {slot.ETH_DST: 0x505400000001, slot.ETH_SRC: 0x505400000002} if len(frame) >= 14 and frame[0] else {}
    assert {at: value for at, value in enumerate(flow) if value} == {slot.IN_PORT: 3, **macs, **fields}


@settings(max_examples=300)
@given(st.sampled_from(FRAMES), st.data())
def test_nothing_makes_it_fail(frame: bytes, data: st.DataObject) -> None:
    broken = bytearray(frame)
    for _ in range(data.draw(st.integers(0, 3))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    flow: Flow = parse_flow(bytes(broken[: data.draw(st.integers(0, len(broken)))]))
    assert len(flow) == slot.SLOTS and all(value >= 0 for value in flow)


def test_what_follows_a_packet_is_not_part_of_it() -> None:
    assert parse_flow(ipv6(17, UDP) + b"trailer") == parse_flow(ipv6(17, UDP))
