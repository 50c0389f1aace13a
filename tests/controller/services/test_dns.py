"""DNS questions, and the answers that the reference gives to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.dns import answer
from pyovn.controller.services.frame import IPV4, IPV6, UDP, ethernet, ipv4, ipv6, with_checksum
from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import feed, host, uuid
from tests.controller.services.frames import A6, B6, CLIENT, SERVER, A, B

VM1 = "03766d31036f766e036f726700"
OPTION = "0000291000000000000000"
"""What a resolver appends to say how long an answer it takes (RFC 6891)."""


def network() -> Engine:
    """A switch with the key 1 and a few records."""
    db = host()
    feed(db, sb.DatapathBinding, uuid(1), tunnel_key=1)
    records = {"vm1.ovn.org": "192.168.1.11 fd01::11", "11.1.168.192.in-addr.arpa": "vm1.ovn.org"}
    feed(db, sb.DNS, uuid(2), records=records, datapaths=(uuid(1),))
    return db


def question(text: str, *, flags: str = "0100", counts: str = "0001000000000000", extra: str = "") -> bytes:
    """A frame with a question."""
    body = bytes.fromhex("1234" + flags + counts + text + "0001" + extra)
    udp = b"\x0f\xa0\0\x35" + (8 + len(body)).to_bytes(2, "big") + b"\0\0" + body
    return ethernet(SERVER, CLIENT, IPV4, ipv4(A, B, UDP, udp, ttl=64))


@pytest.mark.parametrize(
    ("frame", "answered"),
    [
        (question(VM1 + "0001"), f"123481000001000100000000{VM1}00010001{VM1}0001000100000e100004c0a8010b"),
        (
            question("03564d31036f766e036f726700001c"),
            "12348100000100010000000003564d31036f766e036f726700001c000103564d31036f766e036f726700001c000100000e100010"
            "fd010000000000000000000000000011",
        ),
        (
            question(VM1 + "00ff"),
            f"123481000001000200000000{VM1}00ff0001{VM1}0001000100000e100004c0a8010b{VM1}001c000100000e100010fd010000000000000000000000000011",
        ),
        (
            question(VM1 + "0001", counts="0001000000000001", extra=OPTION),
            f"123481000001000100000000{VM1}00010001{VM1}0001000100000e100004c0a8010b",
        ),
        (question("03766d32036f766e036f7267000001"), None),
        (question(VM1 + "0010"), None),
        (question(VM1 + "0001", flags="8100"), None),
        (question("02313131013103313638033139320" "7696e2d61646472046172706100000c"), None),
    ],
    ids=["A", "AAAA, in capitals", "ANY", "with an option", "another name", "another type", "an answer", "another pointer"],
)
def test_answers_are_the_reference_s(frame: bytes, answered: str | None) -> None:
    made = answer(network(), 1, frame)
    assert (made[42:].hex() if made else None) == answered
    if made:
        assert made[:16] == frame[:16]
        assert made[26:38] == frame[26:38]
        assert int.from_bytes(made[16:18], "big") == len(made) - 14
        assert checksum(made[14:34]) == 0


def test_a_pointer() -> None:
    made = answer(network(), 1, question("0231310131033136380331393207696e2d61646472046172706100000c"))
    assert made is not None
    assert made.endswith(bytes.fromhex("000c000100000e10000d" + VM1))


def test_over_ipv6_the_checksum_is_made() -> None:
    udp = with_checksum(question(VM1 + "0001")[34:], 6)
    made = answer(network(), 1, ethernet(SERVER, CLIENT, IPV6, ipv6(A6, B6, UDP, udp)))
    assert made is not None
    assert checksum(made[54:], pseudo_header(A6, B6, UDP, len(made) - 54)) == 0


def test_records_are_a_switch_s_own() -> None:
    assert answer(network(), 2, question(VM1 + "0001")) is None


@given(st.binary(max_size=60))
def test_no_question_raises(text: bytes) -> None:
    answer(host(), 1, question(text.hex()))
