"""DNS (RFC 1035): a question for a name that the network's owner has recorded is answered here; any other goes its way."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.controller.services.frame import UDP, Ip, parse_ip, with_udp_payload
from pyovn.query import Engine, index
from pyovn.schemas import sb

A, POINTER, AAAA, ANY = 1, 12, 28, 255
INTERNET = b"\0\x01"
HEADER = 12
RESPONSE = 0x80
LIFETIME_S = 3600


def _records(db: Engine, ref: str) -> Iterator[tuple[tuple[int, str], str]]:
    row = db.get(sb.DNS, ref)
    for datapath in row.datapaths if row else ():
        found = db.get(sb.DatapathBinding, datapath)
        if row and found:
            for name, value in row.records.items():
                yield (found.tunnel_key, name.lower()), value


RECORDS = index((sb.DNS, _records))
"""What is recorded, by the key of a datapath and a name in lower case."""


class Question(NamedTuple):
    """A question of which there is one in its message."""

    ip: Ip
    header: bytes
    text: bytes
    """Name, type and class as they stand in the message."""
    name: str
    type: int


def parse_question(frame: bytes) -> Question | None:
    """The question in a frame; None for anything that is not a plain one."""
    ip = parse_ip(frame)
    if ip is None or ip.protocol != UDP or ip.end - ip.data < 8 + HEADER:
        return None
    message = frame[ip.data + 8 : ip.end]
    # Neither an answer nor another operation, and one question alone.
    if message[2] & 0xF8 or message[4:6] != b"\0\x01":
        return None
    end = HEADER
    labels = []
    while end < len(message) and 0 < message[end] < 64:
        labels.append(message[end + 1 : end + 1 + message[end]])
        end += 1 + message[end]
    text = message[HEADER : end + 5]
    if end >= len(message) or message[end] or text[-2:] != INTERNET or len(message) < end + 5:
        return None
    name = b".".join(labels).decode("ascii", "replace").lower()
    return Question(ip, message[:HEADER], text, name, int.from_bytes(text[-4:-2], "big"))


def answer(db: Engine, datapath: int, frame: bytes) -> bytes | None:
    """The frame as an answer, with the asker's addresses still where they were; None for a question that is not ours."""
    question = parse_question(frame)
    if question is None:
        return None
    values = RECORDS(db, (datapath, question.name))
    found = [_record(question, kind, data) for value in values for kind, data in _data(value, question.type)]
    if not found:
        return None
    flags = bytes((question.header[2] | RESPONSE, 0))
    counts = b"\0\x01" + len(found).to_bytes(2, "big") + bytes(4)
    header = question.header[:2] + flags + counts
    return with_udp_payload(frame, question.ip, header + question.text + b"".join(found))


def _data(value: str, wanted: int) -> Iterator[tuple[int, bytes]]:
    """The addresses in a record's value that are of the type wanted, or the name where a pointer is."""
    if wanted == POINTER:
        labels = value.strip().rstrip(".").encode().split(b".")
        if all(0 < len(label) < 64 for label in labels):
            yield POINTER, b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
        return
    for word in value.replace(",", " ").split():
        try:
            address = ip_address(word)
        except ValueError:
            continue
        kind = A if address.version == 4 else AAAA
        if wanted in (kind, ANY):
            yield kind, address.packed


def _record(question: Question, kind: int, data: bytes) -> bytes:
    name = question.text[:-4]
    return name + kind.to_bytes(2, "big") + INTERNET + LIFETIME_S.to_bytes(4, "big") + len(data).to_bytes(2, "big") + data
