"""The rows of a first copy, read straight from their JSON: what is told of one is decoded into a struct of its table's columns.

A southbound database's first copy is hundreds of thousands of rows of a few tables, in which most columns hold plain atoms and the
others what many rows hold; the JSON of these is not even decoded where it was met before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec

from pyovn.ovsdb.condition import VERSION_COLUMN
from pyovn.ovsdb.row import Table, make
from pyovn.ovsdb.value import Reader, from_json

REMEMBERED = 4096
"""How many values of a column are remembered to be shared."""


@dataclass(frozen=True, slots=True)
class InitialColumn:
    """How a column is read: what is `plain` is as JSON has it, anything else by `read`; where nothing is told it holds the default."""

    name: str
    plain: Any
    read: Reader
    default: Any


class InitialRows:
    """Reads the rows of one table, of which nothing but these columns is told."""

    def __init__(self, table: type[Table], columns: Sequence[InitialColumn]) -> None:
        self._table = table
        names = [column.name for column in columns]
        fields = [(each.name, *((msgspec.Raw, msgspec.UNSET) if each.plain is None else (each.plain, each.default))) for each in columns]
        row = msgspec.defstruct("InitialRow", [*fields, ("_version", msgspec.Raw, msgspec.UNSET)], gc=False)
        update = msgspec.defstruct("Initial", [("initial", row)], gc=False)
        self._fetch: Callable[[Any], tuple[Any, ...]] = attrgetter(*names, "_version")
        self.decode: Callable[[msgspec.Raw], dict[str, Any]] = msgspec.json.Decoder(dict[str, update]).decode  # type: ignore[valid-type]
        """The updates of a table by uuid, for `rows`; `msgspec.DecodeError` for what is not just this."""
        self._odd: list[tuple[int, Any, dict[bytes, Any], Reader]] = [
            (place, column.default, {}, column.read) for place, column in enumerate(columns) if column.plain is None
        ]

    def rows(self, told: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
        """Each row that was told of, by its uuid."""
        table, fetch, odd, untold = self._table, self._fetch, self._odd, msgspec.UNSET
        for uuid, update in told.items():
            *values, version = fetch(update.initial)
            for place, default, known, read in odd:
                part = values[place]
                if part is untold:
                    values[place] = default
                    continue
                text = bytes(part)
                found = known.get(text)
                values[place] = _read(text, known, read) if found is None else found
            yield uuid, make(table, uuid, values, "" if version is untold else from_json(_VERSION, msgspec.json.decode(version)))


_VERSION = VERSION_COLUMN.type


def _read(text: bytes, known: dict[bytes, Any], read: Reader) -> Any:
    if len(known) >= REMEMBERED:
        known.clear()
    value = known[text] = read(msgspec.json.decode(text), None)
    return value
