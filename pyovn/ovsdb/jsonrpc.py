"""JSON-RPC 1.0 as RFC 7047 section 4 uses it: bytes of a stream in, messages out, and back.

Rule: a byte is looked at a bounded number of times, however the stream is cut, so nobody can make another wait by sending slowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

LARGEST_MESSAGE = 512 * 1024 * 1024
"""Bytes that one message may have; a southbound database of a few hundred thousand flows comes as one message of some 100 MB."""


class ProtocolError(Exception):
    """What came is no JSON-RPC; the stream cannot be used further."""


class Request(NamedTuple):
    """Asks for a reply with the same `id`."""

    method: str
    params: Any
    id: Any


class Notify(NamedTuple):
    """Asks for nothing."""

    method: str
    params: Any


class Reply(NamedTuple):
    """Answers the request `id`: `error` is None, or what went wrong."""

    id: Any
    result: Any
    error: Any = None


Message = Request | Notify | Reply

# A string without escapes, or a byte that matters. No group is repeated here: a long message would make the regex engine keep
# as many places to return to.
_TOKEN = re.compile(rb'"[^"\\]*"|["{}]')
_BACKSLASH = 0x5C
_OPEN, _CLOSE = b"{}"
_BLANK = b" \t\r\n"
_NO_MARKS = bytes(set(range(256)) - set(b'"{}'))

USUALLY_WHOLE = 65536
WORTH_A_GLANCE = 4096
USUAL_DEPTH = 6


def _is_escaped(buffer: bytearray, position: int) -> bool:
    """Whether an odd number of backslashes stands before a position."""
    before = position - 1
    while before >= 0 and buffer[before] == _BACKSLASH:
        before -= 1
    return (position - before) % 2 == 0


def _braces(text: bytes, in_string: bool) -> tuple[bytes, bool]:
    """The braces outside strings, and whether the text ends in a string; it ends with no half escape."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotes with nothing between them that matters begin and end a string, or end one where the next begins.
    marks = text.translate(None, _NO_MARKS)
    parts = (b'"' + marks if in_string else marks).replace(b'""', b"").split(b'"')
    return b"".join(parts[::2]), len(parts) % 2 == 0


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

    def take(self, data: bytes) -> list[bytes | Any]:
        """As `feed`, but messages come decoded where whole ones came and no more, as they mostly do: that is far less work."""
        if not self._buffer and len(data) <= USUALLY_WHOLE and (values := _at_a_glance(data)) is not None:
            return values
        return [*self.feed(data)]

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes; `ProtocolError` as soon as the stream cannot be a sequence of objects."""
        self._buffer += data
        start = 0
        whole: list[bytes] = []
        goes_on = self._depth > 0 and len(data) >= WORTH_A_GLANCE and self._glance()
        end = None if goes_on else self._find_end(start)
        while end is not None:
            whole.append(bytes(memoryview(self._buffer)[start:end]))
            start = self._scanned = end
            end = self._find_end(start)
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
            if self._in_string and not self._leave_string():
                return None
            if self._step_over():
                return self._scanned
        return None

    def _leave_string(self) -> bool:
        """Go on behind the quote that ends the string, if that has come; a backslash whose partner has not is looked at again."""
        buffer, position = self._buffer, self._scanned
        while (quote := buffer.find(b'"', position)) >= 0:
            position = quote + 1
            if not _is_escaped(buffer, quote):
                self._scanned, self._in_string = position, False
                return True
        self._scanned = len(buffer) - _is_escaped(buffer, len(buffer))
        return False

    def _step_over(self) -> bool:
        """Go on to the end of the object, to a string with escapes, or to the end of what came; True for the first."""
        buffer = self._buffer
        for found in _TOKEN.finditer(buffer, self._scanned):
            at, end = found.span()
            if buffer[at] == _OPEN:
                self._depth += 1
            elif buffer[at] == _CLOSE:
                self._depth -= 1
            elif end - at == 1:
                self._in_string = True
            if self._in_string or not self._depth:
                self._scanned = end
                return not self._depth
        self._scanned = len(buffer)
        return False

    def _glance(self) -> bool:
        """Step over all that came if the object cannot end in it, which is most of a long message; several times as fast as looking.

        What is outside strings is cut down to braces, and these to what no pairing cancels: `}` some times, then `{` some times.
        """
        text = bytes(memoryview(self._buffer)[self._scanned :])
        if text.endswith(b"\\"):
            return False
        braces, in_string = _braces(text, self._in_string)
        for _ in range(USUAL_DEPTH):
            braces = braces.replace(b"{}", b"")
        closing = braces.count(b"}")
        if closing >= self._depth or braces != b"}" * closing + b"{" * (len(braces) - closing):
            return False
        self._depth += len(braces) - 2 * closing
        self._in_string = in_string
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




def _plain(value: object) -> Any:
    """Names and references are strings of their own types; long messages' parts are sequences of theirs."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


_decode_json = msgspec.json.Decoder().decode
_decode_lines = msgspec.json.Decoder().decode_lines
encode_json = msgspec.json.Encoder(enc_hook=_plain).encode
"""A JSON value as bytes."""


def _at_a_glance(data: bytes) -> list[Any] | None:
    """The objects that the bytes are, one behind the other; None where something else is among them, if only a `}{` within a string."""
    try:
        values = _decode_lines(data.replace(b"}{", b"}\n{"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return values if {*map(type, values)} == {dict} else None


def decode(frame: bytes | dict[str, Any]) -> Message:
    """Read one message that a framer gave; `ProtocolError` if it is no JSON, nested too deeply, or no JSON-RPC."""
    try:
        value = frame if isinstance(frame, dict) else _decode_json(frame)
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
    for frame in framer.take(data):
        yield decode(frame)
