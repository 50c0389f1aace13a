"""Each protocol's `parse` and `build`, one shape for all: bytes to value, value to bytes, and every cut of the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyovn.packet import arp, dhcp4, ethernet, icmp4, ipv4, udp
from pyovn.packet.malformed import Malformed

ECHO = bytes.fromhex("0800f7fe00000001")
PACKET = bytes.fromhex("45000024000100004001f694ac12640aac12c814") + ECHO + b"\0" * 8
DATAGRAM = bytes.fromhex("00440043000b3aef616263")
DISCOVER = (
    bytes.fromhex("01010600000000010000800000000000000000000000000000000000c0ffee000011")
    + bytes(10 + 192)
    + bytes.fromhex("63825363350101370201033204ac10ff82ff")
)

CASES: list[tuple[Any, bytes, Any, Callable[[Any], bytes]]] = [
    (
        ethernet,
        bytes.fromhex("ffffffffffffc0ffee0000110806") + b"x",
        ethernet.Ethernet(ethernet.BROADCAST, 0xC0FFEE000011, 0x0806, b"x"),
        ethernet.build,
    ),
    (
        ethernet,
        bytes.fromhex("ffffffffffffc0ffee00001181000fff0800"),
        ethernet.Ethernet(ethernet.BROADCAST, 0xC0FFEE000011, 0x0800, b"", 0x0FFF),
        ethernet.build,
    ),
    (
        arp,
        bytes.fromhex("000108000604000102ac10ff0010ac12640a000000000000ac126401"),
        arp.Arp(arp.REQUEST, 0x02AC10FF0010, 0xAC12640A, 0, 0xAC126401),
        arp.build,
    ),
    (ipv4, PACKET, ipv4.Ipv4(0xAC12640A, 0xAC12C814, ipv4.ICMP, ECHO + b"\0" * 8, ident=1), ipv4.build),
    (icmp4, ECHO, icmp4.echo(icmp4.ECHO_REQUEST, 0, 1, b""), icmp4.build),
    (udp, DATAGRAM, udp.Udp(68, 67, b"abc", 0x3AEF), lambda value: udp.build(value, 0, 0xFFFFFFFF)),
    (
        dhcp4,
        DISCOVER,
        dhcp4.Dhcp4(1, 1, 0xC0FFEE000011, {53: b"\x01", 55: b"\x01\x03", 50: bytes([172, 16, 255, 130])}, flags=0x8000),
        dhcp4.build,
    ),
]


@pytest.mark.parametrize(("module", "data", "value", "build"), CASES)
def test_bytes_and_value(module: Any, data: bytes, value: Any, build: Callable[[Any], bytes]) -> None:
    assert module.parse(data) == value
    assert build(value) == data


@pytest.mark.parametrize(("module", "data", "value", "build"), CASES)
def test_a_cut_message_is_malformed_or_shorter(module: Any, data: bytes, value: Any, build: Callable[[Any], bytes]) -> None:
    for length in range(len(data)):
        try:
            complete = module is dhcp4 and length == len(data) - 1  # only the END of the options is missing
            assert (module.parse(data[:length]) == value) is complete
        except Malformed as error:
            assert str(error).startswith(error.protocol)


def test_mac_text() -> None:
    assert ethernet.mac_text(ethernet.mac_from_text("2:AC:10:ff:00:1")) == "02:ac:10:ff:00:01"
    for wrong in ("", "02:ac:10:ff:00", "02:ac:10:ff:00:zz", "02ac10ff0001"):
        with pytest.raises(ValueError, match=r".*"):
            ethernet.mac_from_text(wrong)
