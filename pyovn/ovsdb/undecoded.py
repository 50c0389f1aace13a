"""The parameters of a long transaction, decoded one at a time as they are asked for: all of them at once would take several times the
memory of the rows that they become, most of which would stay with the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import msgspec

from pyovn.ovsdb.jsonrpc import Message, Request, decode


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

    def __iter__(self) -> Iterator[Any]:
        return map(_decode_part, self._parts)


class _Transact(msgspec.Struct):
    method: str
    params: list[msgspec.Raw]
    id: int | str | list[Any] | dict[str, Any]
    result: None = None
    error: None = None


_decode_part = msgspec.json.Decoder().decode
_decode_request = msgspec.json.Decoder(_Transact).decode


def decode_long(frame: bytes) -> Message:
    """As `jsonrpc.decode`, but a transaction's operations are `Undecoded`."""
    # In what is not decoded all is looked at but the encoding of characters.
    if not frame.isascii():
        return decode(frame)
    try:
        request = _decode_request(frame)
    except (msgspec.DecodeError, RecursionError):
        return decode(frame)
    if request.method != "transact":
        return decode(frame)
    return Request(request.method, Undecoded(request.params), request.id)
