"""The schema language of RFC 7047 3.2 as values: databases, tables, columns, types, and their canonical JSON.

Two schemas are the same when their canonical JSON is; defaults are left out of it, as the reference leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("integer", "real", "boolean", "string", "uuid")
UNLIMITED = None
"""As `Type.max`: as many as one likes."""

INTEGER_RANGE = (-(2**63), 2**63 - 1)

Atom = int | float | bool | str


@dataclass(frozen=True, slots=True)
class BaseType:
    """What an atom may be: its kind, and an enumeration, a range, a length or a table that it must keep to."""

    kind: str
    enum: tuple[Atom, ...] | None = None
    low: float | int | None = None
    high: float | int | None = None
    ref_table: str | None = None
    weak: bool = False

    def to_json(self) -> Any:
        """A <base-type>: the bare kind where nothing else is to be said."""
        said: dict[str, Any] = {"type": self.kind}
        if self.enum is not None:
            atoms = [_json_of(self.kind, atom) for atom in self.enum]
            said["enum"] = atoms[0] if len(atoms) == 1 else ["set", atoms]
        name = {"integer": "Integer", "real": "Real", "string": "Length"}.get(self.kind)
        if self.low is not None:
            said[f"min{name}"] = _json_of(self.kind, self.low)
        if self.high is not None:
            said[f"max{name}"] = _json_of(self.kind, self.high)
        if self.ref_table is not None:
            said["refTable"] = self.ref_table
            if self.weak:
                said["refType"] = "weak"
        return self.kind if len(said) == 1 else said

    @property
    def is_strong(self) -> bool:
        """True for a reference that keeps its row alive."""
        return self.ref_table is not None and not self.weak


def _json_of(kind: str, atom: Atom) -> Any:
    """An atom's JSON: a whole number has no fraction, a uuid says that it is one."""
    if kind == "uuid":
        return ["uuid", atom]
    return int(atom) if isinstance(atom, float) and atom.is_integer() else atom


@dataclass(frozen=True, slots=True)
class Type:
    """What a column may hold: from `min` to `max` keys (`UNLIMITED`), each with a value if it is a map."""

    key: BaseType
    value: BaseType | None = None
    min: int = 1
    max: int | None = 1

    @property
    def is_map(self) -> bool:
        """True for a map: `dict` in a row."""
        return self.value is not None

    @property
    def is_scalar(self) -> bool:
        """True for exactly one atom."""
        return self.value is None and self.min == 1 and self.max == 1

    @property
    def is_optional(self) -> bool:
        """True for one atom or none: `None` in a row when absent."""
        return self.value is None and self.min == 0 and self.max == 1

    @property
    def is_set(self) -> bool:
        """True for what a row holds as a tuple."""
        return self.value is None and self.max != 1

    def to_json(self) -> Any:
        """A <type>."""
        if self.is_scalar and isinstance(self.key.to_json(), str):
            return self.key.kind
        said: dict[str, Any] = {"key": self.key.to_json()}
        if self.value is not None:
            said["value"] = self.value.to_json()
        if self.min != 1:
            said["min"] = self.min
        if self.max != 1:
            said["max"] = "unlimited" if self.max is UNLIMITED else self.max
        return said


def describe(type_: Type) -> str:
    """The type in English, as ovsdb-server's errors name it."""
    key = type_.key.kind
    if type_.is_scalar:
        return key
    if type_.value is None:
        container, what = "set", f"{key}s"
    else:
        container, what = "map", f"({key}, {type_.value.kind}) pairs"
    if type_.max is None:
        return f"{container} of {type_.min} or more {what}" if type_.min else f"{container} of {what}"
    if type_.min:
        return f"{container} of {type_.min} to {type_.max} {what}"
    return f"{container} of up to {type_.max} {what}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, whether it may change after insertion, whether it outlives a restart."""

    name: str
    type: Type
    mutable: bool = True
    ephemeral: bool = False

    def to_json(self) -> dict[str, Any]:
        """A <column-schema>."""
        said: dict[str, Any] = {"type": self.type.to_json()}
        if not self.mutable:
            said["mutable"] = False
        if self.ephemeral:
            said["ephemeral"] = True
        return said


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table; rows of one that is not `is_root` live only while a strong reference holds them."""

    name: str
    columns: Mapping[str, Column]
    indexes: tuple[tuple[str, ...], ...] = ()
    max_rows: int | None = UNLIMITED
    is_root: bool = False

    def to_json(self, *, all_roots: bool = False) -> dict[str, Any]:
        """A <table-schema>; `isRoot` goes without saying where every table is one."""
        said: dict[str, Any] = {"columns": {name: column.to_json() for name, column in self.columns.items()}}
        if self.indexes:
            said["indexes"] = [list(index) for index in self.indexes]
        if self.max_rows is not UNLIMITED:
            said["maxRows"] = self.max_rows
        if self.is_root and not all_roots:
            said["isRoot"] = True
        return said


@dataclass(frozen=True, slots=True)
class DatabaseSchema:
    """A whole schema (RFC 7047 3.2)."""

    name: str
    version: str
    cksum: str
    tables: Mapping[str, TableSchema] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A <database-schema>."""
        all_roots = all(table.is_root for table in self.tables.values())
        said: dict[str, Any] = {"name": self.name}
        if self.version:
            said["version"] = self.version
        if self.cksum:
            said["cksum"] = self.cksum
        said["tables"] = {name: table.to_json(all_roots=all_roots) for name, table in self.tables.items()}
        return said


def canonical(schema: DatabaseSchema) -> str:
    """The text by which two schemas are compared: JSON with sorted keys and no white space."""
    return json.dumps(schema.to_json(), sort_keys=True, separators=(",", ":"))
