"""JSON-RPC 1.0 as RFC 7047 section 4 uses it: bytes of a stream in, messages out, and back.

Rule: a byte is looked at a bounded number of times, however the stream is cut, so nobody can make another wait by sending slowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

LARGEST_MESSAGE = 512 * 1024 * 1024
"""Bytes that one message may have; a southbound database of a few hundred thousand flows comes as one message of some 100 MB."""


class ProtocolError(Exception):
    """What came is no JSON-RPC; the stream cannot be used further."""


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for a reply with the same `id`."""

    method: str
    params: Any
    id: Any


@dataclass(frozen=True, slots=True)
class Notify:
    """Asks for nothing."""

    method: str
    params: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers the request `id`: `error` is None, or what went wrong."""

    id: Any
    result: Any
    error: Any = None


Message = Request | Notify | Reply

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PLAIN = rb'[^"{}]*+'
# Everything up to the next brace that matters: strings are passed over by the regex engine. No alternative stands inside a
# possessive group, which early Python 3.11 gets wrong.
_TO_NEXT_BRACE = re.compile(_PLAIN + rb"(?:" + _STRING + _PLAIN + rb")*+", re.DOTALL)
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_QUOTE, _OPEN, _CLOSE = b'"{}'
_BLANK = b" \t\r\n"
_NO_BRACES = bytes(set(range(256)) - {_OPEN, _CLOSE})

WORTH_A_GLANCE = 4096
USUAL_DEPTH = 6


class Framer:
    """Cuts a stream into JSON objects; half of one is kept until the rest comes."""

    def __init__(self, largest: int = LARGEST_MESSAGE) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._largest = largest

    @property
    def pending(self) -> int:
        """How many bytes of an unfinished message are kept."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes; `ProtocolError` as soon as the stream cannot be a sequence of objects."""
        self._buffer += data
        start = 0
        whole: list[bytes] = []
        goes_on = self._depth > 0 and len(data) >= WORTH_A_GLANCE and self._glance()
        while not goes_on and (end := self._find_end(start)) is not None:
            whole.append(bytes(memoryview(self._buffer)[start:end]))
            start = self._scanned = end
        if start:
            del self._buffer[:start]
            self._scanned -= start
        if len(self._buffer) > self._largest:
            raise ProtocolError(f"message exceeds {self._largest} bytes")
        return whole

    def _find_end(self, start: int) -> int | None:
        """Where the object that begins at `start` ends, if that has come."""
        buffer = self._buffer
        if not self._depth and not self._enter(start):
            return None
        size = len(buffer)
        while self._scanned < size:
            skip = _REST_OF_STRING if self._in_string else _TO_NEXT_BRACE
            found = skip.match(buffer, self._scanned)
            assert found is not None
            position = found.end()
            self._scanned = position
            if position == size or (self._in_string and buffer[position] != _QUOTE):
                return None
            self._scanned = position + 1
            if buffer[position] == _QUOTE:
                self._in_string = not self._in_string
            else:
                self._depth += 1 if buffer[position] == _OPEN else -1
                if not self._depth:
                    return self._scanned
        return None

    def _glance(self) -> bool:
        """Step over all that came if the object cannot end in it, which is most of a long message; several times as fast as looking.

        What is outside strings is cut down to braces, and these to what no pairing cancels: `}` some times, then `{` some times.
        """
        text = bytes(memoryview(self._buffer)[self._scanned :])
        if b"\\" in text:
            text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
            if text.endswith(b"\\"):
                return False
        parts = text.split(b'"')
        braces = b"".join(parts[1::2] if self._in_string else parts[::2]).translate(None, _NO_BRACES)
        for _ in range(USUAL_DEPTH):
            braces = braces.replace(b"{}", b"")
        closing = braces.count(b"}")
        if closing >= self._depth or braces != b"}" * closing + b"{" * (len(braces) - closing):
            return False
        self._depth += len(braces) - 2 * closing
        self._in_string ^= len(parts) % 2 == 0
        self._scanned = len(self._buffer)
        return True

    def _enter(self, start: int) -> bool:
        """Step over blanks between messages and into the next object, if it has begun."""
        buffer, position, size = self._buffer, start, len(self._buffer)
        while position < size and buffer[position] in _BLANK:
            position += 1
        self._scanned = position
        if position == size:
            return False
        if buffer[position] != _OPEN:
            raise ProtocolError(f"syntax error at byte {position - start}: an object was expected")
        self._depth = 1
        self._scanned = position + 1
        return True




def _plain(value: object) -> str:
    """Names and references are strings of their own types."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


_decode_json = msgspec.json.Decoder().decode
encode_json = msgspec.json.Encoder(enc_hook=_plain).encode
"""A JSON value as bytes."""


def decode(frame: bytes) -> Message:
    """Read one message; `ProtocolError` if it is no JSON, nested too deeply, or no JSON-RPC."""
    try:
        value = _decode_json(frame)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolError(str(error)) from None
    except RecursionError:
        raise ProtocolError("syntax error: input exceeds maximum nesting depth") from None
    return _classify(value)


def _classify(value: Any) -> Message:
    assert isinstance(value, dict)
    ident, method = value.get("id"), value.get("method")
    if method is not None:
        if not isinstance(method, str):
            raise ProtocolError("method must be string")
        if not isinstance(value.get("params"), list) and value.get("params") is not None:
            raise ProtocolError("params must be array")
        params = value.get("params") or []
        if value.get("result") is not None or value.get("error") is not None:
            raise ProtocolError("a message with a method cannot have a result or an error")
        return Notify(method, params) if ident is None else Request(method, params, ident)
    if ident is None or ("result" not in value and "error" not in value):
        raise ProtocolError("neither a request nor a reply")
    return Reply(ident, value.get("result"), value.get("error"))


def encode(message: Message) -> bytes:
    """A message as bytes."""
    if isinstance(message, Request):
        return encode_json({"id": message.id, "method": message.method, "params": message.params})
    if isinstance(message, Notify):
        return encode_json({"id": None, "method": message.method, "params": message.params})
    return encode_json({"id": message.id, "result": message.result, "error": message.error})


def messages(framer: Framer, data: bytes) -> Iterator[Message]:
    """The messages that `data` completes, decoded."""
    for frame in framer.feed(data):
        yield decode(frame)
