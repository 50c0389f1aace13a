"""JSON-RPC framing: any cut of a stream gives the same messages; what is no message is refused, and nothing costs more than its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.jsonrpc import Framer, Notify, ProtocolError, Reply, Request, decode, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | st.sampled_from(['"', "\\", "{", "}", '\\"{', "é{"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3), max_size=4), st.data(), st.sampled_from(["", " ", "\n\t "]))
def test_any_cut_gives_the_same_messages(objects: list[dict[str, Any]], data: st.DataObject, blank: str) -> None:
    stream = blank.join(["", *(json.dumps(each, ensure_ascii=data.draw(st.booleans())) for each in objects), ""]).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    framer = Framer()
    frames: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)]):
        frames += framer.feed(stream[start:stop])
    assert [json.loads(frame) for frame in frames] == objects
    assert framer.pending <= len(blank)


def test_byte_by_byte() -> None:
    message = rb'{"id":1,"method":"echo","params":["a\\\"}{",{"b":[]}]}'
    framer = Framer()
    frames = [frame for byte in message for frame in framer.feed(bytes([byte]))]
    assert frames == [message]


@pytest.mark.parametrize("stream", [b"nope", b"[1]", b'{"a":1}x', b"1", b'"a"'])
def test_a_stream_is_a_sequence_of_objects(stream: bytes) -> None:
    with pytest.raises(ProtocolError):
        Framer().feed(stream)


def test_a_message_has_a_largest_size() -> None:
    framer = Framer(largest=100)
    framer.feed(b'{"a":"' + b"x" * 90)
    with pytest.raises(ProtocolError):
        framer.feed(b"x" * 20)


def check_linear(piece: bytes, count: int) -> None:
    """Each byte is looked at a bounded number of times: a long message in small pieces ends soon, or the suite does not."""
    framer = Framer()
    framer.feed(b'{"a":')
    for _ in range(count):
        assert framer.feed(piece) == []


@pytest.mark.parametrize("piece", [b'"' + b"x" * 4096, b"[" * 4096, b'{"":' * 1024, b"\\" * 4095, b'"",' * 1000])
def test_framing_is_linear(piece: bytes) -> None:
    check_linear(piece, 2000)


ROUND_TRIPS = [
    Request("echo", ["a", 1], 7),
    Request("echo", [], "seven"),
    Notify("update", [None, {"T": {}}]),
    Reply(1, {"a": None}),
    Reply([1], None, "canceled"),
]


@pytest.mark.parametrize("message", ROUND_TRIPS)
def test_messages_come_back(message: Request | Notify | Reply) -> None:
    assert decode(encode(message)) == message


NO_MESSAGES = [
    b"{}",
    b'{"id":1}',
    b'{"id":1,"method":5}',
    b'{"id":1,"method":"a","params":5}',
    b'{"id":1,"method":"a","params":[],"error":"x"}',
    b'{"id":1,"method":"a","params":[\xff]}',
    b'{"id":1,"method":"a","params":["\xff"]}',
    b'{"id":1,}',
    b'{"id":1,"method":"a","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
]


@pytest.mark.parametrize("frame", NO_MESSAGES, ids=lambda frame: repr(frame[:30]))
def test_what_is_no_message_is_refused(frame: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(frame)


@given(st.data())
def test_a_long_message_in_large_pieces_is_one_message(data: st.DataObject) -> None:
    odd = [{"a": [{}, {"b": '"}{'}]}, "\\", '\\"', "{" * 50, {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}, "x" * 3000]
    pieces = data.draw(st.lists(st.sampled_from(odd), min_size=20, max_size=60))
    stream = json.dumps({"rows": pieces}).encode() * 2
    size = data.draw(st.integers(4000, 9000))
    framer = Framer()
    frames = [frame for start in range(0, len(stream), size) for frame in framer.feed(stream[start : start + size])]
    assert [json.loads(frame) for frame in frames] == [{"rows": pieces}] * 2
