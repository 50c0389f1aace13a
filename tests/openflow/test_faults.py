"""Every length and every enumeration of every message, wrong: one kind of error comes of it, and nothing stays behind."""

from __future__ import annotations

import gc
import random

import pytest

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message_codec import decode, encode
from tests.openflow.test_message_codec import CASES

LENGTHS = (0, 1, 7, 8, 0x7FFF, 0xFFFF)
BYTES = (0, 1, 2, 3, 4, 8, 0x10, 0x7F, 0x80, 0xFE, 0xFF)


def encoded() -> list[bytes]:
    """Each kind of message in each version, once."""
    found: dict[tuple[type, int], bytes] = {}
    for message, version in CASES:
        data = encode(message, version, 7)
        if len(data) < 1000:
            found.setdefault((type(message), version), data)
    return list(found.values())


ENCODED = encoded()


def check(data: bytes) -> None:
    """Bytes are a message, or one error."""
    try:
        decode(data)
    except OpenFlowError as error:
        assert error.fault in Fault


@pytest.mark.parametrize("part", range(4))
def test_a_length_that_lies(part: int) -> None:
    """Whatever 16 bits are a length: none, one, one less, one more, half of all, all."""
    for data in ENCODED[part::4]:
        for at in range(8, len(data) - 1, 2):
            value = int.from_bytes(data[at : at + 2], "big")
            for wrong in (*LENGTHS, max(value - 1, 0), min(value + 1, 0xFFFF)):
                check(data[:at] + wrong.to_bytes(2, "big") + data[at + 2 :])


@pytest.mark.parametrize("part", range(4))
def test_a_value_that_means_nothing(part: int) -> None:
    """Whatever byte is an enumeration: values that nobody has defined."""
    for data in ENCODED[part::4]:
        for at in range(len(data)):
            for value in BYTES:
                check(data[:at] + bytes([value]) + data[at + 1 :])


def test_bad_messages_leave_nothing_behind() -> None:
    """The number of objects after many is that after few."""
    chance = random.Random(1)

    def some(count: int) -> int:
        for _ in range(count):
            data = bytearray(chance.choice(ENCODED))
            for _ in range(3):
                data[chance.randrange(8, max(len(data), 9)) % len(data)] = chance.randrange(256)
            check(bytes(data))
        gc.collect()
        return len(gc.get_objects())

    before = some(2000)
    assert some(20_000) < before + 500
