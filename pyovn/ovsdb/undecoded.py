"""The parts of a long message, decoded one at a time as they are asked for: all of them at once would take several times the memory of the
rows that they become, most of which would stay with the process.

So it is with the operations of a transaction, and with what a server answers to `monitor_cond_since`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import msgspec

from pyovn.ovsdb.jsonrpc import Message, Reply, Request, decode


class Undecoded(Sequence[Any]):
    """Parts of a message as a sequence of JSON values; nothing is kept of what was decoded."""

    __slots__ = ("_parts",)

    def __init__(self, parts: list[msgspec.Raw]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> Undecoded: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Undecoded(self._parts[index])
        return _decode_part(self._parts[index])

    def part(self, index: int) -> msgspec.Raw:
        """One of them as it came."""
        return self._parts[index]

    def __iter__(self) -> Iterator[Any]:
        return map(_decode_part, self._parts)


class _Long(msgspec.Struct):
    id: int | str | list[Any] | dict[str, Any]
    method: str | None = None
    params: list[msgspec.Raw] | None = None
    result: list[msgspec.Raw] | None = None
    error: None = None


_decode_part = msgspec.json.Decoder().decode
_decode_long = msgspec.json.Decoder(_Long).decode


def decode_long(frame: bytes) -> Message:
    """As `jsonrpc.decode`, but a transaction's parameters, and a result that is an array, are `Undecoded`."""
    # In what is not decoded all is looked at but the encoding of characters.
    if not frame.isascii():
        return decode(frame)
    try:
        message = _decode_long(frame)
    except (msgspec.DecodeError, RecursionError):
        return decode(frame)
    if message.method == "transact" and message.params is not None and message.result is None:
        return Request(message.method, Undecoded(message.params), message.id)
    if message.method is None and message.result is not None:
        return Reply(message.id, Undecoded(message.result))
    return decode(frame)
