"""DNS messages with one question (RFC 1035, 4), and answers to it."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

PORT = 53
A, PTR, AAAA, ANY = 1, 12, 28, 255
"""Types of records."""
RESPONSE, AUTHORITATIVE, RECURSION_DESIRED = 0x8000, 0x0400, 0x0100
INTERNET = 1
_HEADER = Struct("!HHHHHH")
_QUESTION = Struct("!HH")
_ANSWER = Struct("!HHHIH")
_TO_QUESTION = 0xC000 | _HEADER.size
"""A compressed name: the question's."""


class Answer(NamedTuple):
    """A record for the question's name."""

    type: int
    ttl_s: int
    data: bytes


class Dns(NamedTuple):
    """A message; `name` is lower case and without the last dot, `rest` is what follows the question in a query."""

    ident: int
    flags: int
    name: str
    type: int
    answers: tuple[Answer, ...] = ()
    rest: bytes = b""
    additional: int = 0


def parse(data: bytes) -> Dns:
    """Read a query; `Malformed` unless it asks exactly one question of the Internet and answers none."""
    if len(data) < _HEADER.size:
        raise Malformed("dns", f"{len(data)} bytes are no header")
    ident, flags, questions, answers, authorities, additional = _HEADER.unpack_from(data)
    if flags & RESPONSE or questions != 1 or answers or authorities:
        raise Malformed("dns", f"flags {flags:#x}, {questions} questions, {answers} answers")
    name, at = _name(data, _HEADER.size)
    if at + _QUESTION.size > len(data):
        raise Malformed("dns", "the question is cut off")
    kind, network = _QUESTION.unpack_from(data, at)
    if network != INTERNET:
        raise Malformed("dns", f"a question of class {network}")
    return Dns(ident, flags, name, kind, (), data[at + _QUESTION.size :], additional)


def _name(data: bytes, at: int) -> tuple[str, int]:
    """A name that is not compressed, and where it ends."""
    labels: list[str] = []
    while True:
        size = data[at] if at < len(data) else 0xFF
        if size > 63 or at + 1 + size > len(data):
            raise Malformed("dns", "a label is compressed or cut off")
        at += 1
        if size == 0:
            return ".".join(labels), at
        labels.append(data[at : at + size].decode("ascii", "replace").lower())
        at += size


def encode_name(name: str) -> bytes:
    """A name as labels."""
    labels = [label.encode("ascii", "replace") for label in name.split(".") if label]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def build(message: Dns) -> bytes:
    """The bytes of a message; its answers are for the question's name."""
    head = _HEADER.pack(message.ident, message.flags, 1, len(message.answers), 0, message.additional)
    question = encode_name(message.name) + _QUESTION.pack(message.type, INTERNET)
    answers = b"".join(_ANSWER.pack(_TO_QUESTION, a.type, INTERNET, a.ttl_s, len(a.data)) + a.data for a in message.answers)
    return head + question + answers + message.rest
