"""What offloads left undone, done: checksums completed, long segments cut."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.runtime.offload import VNET_HEADER, checksum, whole_frames

MACS = bytes(range(12))


def sums_to_zero(*parts: bytes) -> bool:
    """Whether a packet's checksum is right: the sum with it is zero."""
    return checksum(b"".join(parts)) in (0, 0xFFFF)


def tcp_frame(version: int, payload: bytes, vlan: bool = False) -> tuple[bytes, int]:
    """A frame with a TCP segment whose checksums are not there yet, and where its TCP header is."""
    tcp = struct.pack("!HHIIBBHHH", 1, 2, 1000, 0, 0x50, 0x18, 0xFFFF, 0, 0)
    if version == 4:
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 7, 0, 64, 6, 0, bytes(4), bytes([10, 0, 0, 1]))
    else:
        ip = struct.pack("!IHBB16s16s", 6 << 28, 20 + len(payload), 6, 64, bytes(16), bytes(range(16)))
    tag = b"\x81\x00\x00\x05" if vlan else b""
    ethernet = MACS + tag + (b"\x08\x00" if version == 4 else b"\x86\xdd")
    return ethernet + ip + tcp + payload, len(ethernet) + len(ip)


@pytest.mark.parametrize(("version", "kind"), [(4, 1), (6, 4)])
@pytest.mark.parametrize("vlan", [False, True])
@pytest.mark.parametrize("length", [1, 100, 101, 1000])
def test_segments_are_whole_packets_in_order(version: int, kind: int, vlan: bool, length: int) -> None:
    payload = bytes(i % 251 for i in range(length))
    frame, tcp = tcp_frame(version, payload, vlan)
    frames = whole_frames(struct.pack("=BBHHHH", 1, kind, tcp + 20, 100, tcp, 16) + frame)
    assert b"".join(each[tcp + 20 :] for each in frames) == payload
    network = tcp - (20 if version == 4 else 40)
    for number, each in enumerate(frames):
        assert len(each) - tcp - 20 <= 100
        assert struct.unpack_from("!I", each, tcp + 4) == (1000 + 100 * number,)
        assert bool(each[tcp + 13] & 0x08) == (number == len(frames) - 1)
        addresses = each[network + 12 : network + 20] if version == 4 else each[network + 8 : network + 40]
        assert sums_to_zero(addresses, struct.pack("!II", len(each) - tcp, 6), each[tcp:])
        if version == 4:
            assert sums_to_zero(each[network:tcp])
            assert struct.unpack_from("!H", each, network + 2) == (len(each) - network,)


def test_a_checksum_is_completed() -> None:
    frame, tcp = tcp_frame(4, b"abc")
    pseudo = frame[tcp - 8 : tcp] + struct.pack("!II", len(frame) - tcp, 6)
    begun = (~checksum(pseudo)) & 0xFFFF
    partial = frame[: tcp + 16] + begun.to_bytes(2, "big") + frame[tcp + 18 :]
    (whole,) = whole_frames(struct.pack("=BBHHHH", 1, 0, 0, 0, tcp, 16) + partial)
    assert sums_to_zero(pseudo, whole[tcp:])


@given(st.binary(max_size=60))
def test_a_whole_frame_stays_as_it_is(frame: bytes) -> None:
    assert whole_frames(VNET_HEADER + frame) == [frame]


@given(st.binary(max_size=99))
def test_the_checksum_is_the_ones_complement_sum(data: bytes) -> None:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    assert checksum(data) == ~total & 0xFFFF
