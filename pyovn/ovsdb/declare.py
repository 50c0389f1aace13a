"""Tables declared as Python classes: from annotations to the schema of RFC 7047, and from a schema to classes.

A module of classes with SCHEMA, VERSION and CKSUM is a database's schema; `schema_of(module)` reads it. The types:
`str`, `X | None`, `tuple[X, ...]`, `dict[K, V]`, `Ref[OtherTable]`, with what `Annotated` adds: `Range`, `Length`,
`OneOf`, `WEAK` on an atom; `Size`, `EPHEMERAL`, `IMMUTABLE` on a column.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.row import NO_UUID, Ref, Table, TableType
from pyovn.ovsdb.schema import BaseType, Column, DatabaseSchema, TableSchema, Type


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `low` to `high`, either None for no limit."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Length:
    """A string of `low` to `high` characters, either None for no limit."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Size:
    """A set or map of at least `low` and at most `high` (None for no limit) elements."""

    low: int
    high: int | None


class OneOf:
    """One of these atoms."""

    __slots__ = ("atoms",)

    def __init__(self, *atoms: int | str) -> None:
        self.atoms = tuple(sorted(atoms))


class Mark:
    """A word about a column or a reference."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return self.word


WEAK = Mark("WEAK")
"""A reference that vanishes with its row instead of keeping it."""

EPHEMERAL = Mark("EPHEMERAL")
"""A column that is not written to disk."""

IMMUTABLE = Mark("IMMUTABLE")
"""A column that keeps the value it was inserted with."""

KIND = {int: "integer", float: "real", bool: "boolean", str: "string"}


def schema_of(module: ModuleType) -> DatabaseSchema:
    """The schema that a module of tables declares."""
    tables = {name: table_schema(table) for name, table in tables_of(module).items()}
    return DatabaseSchema(module.SCHEMA, module.VERSION, module.CKSUM, tables)


def tables_of(module: ModuleType) -> dict[str, type[Table]]:
    """The classes that a module declares, by the table's name, in the module's order."""
    found = (item for item in vars(module).values() if isinstance(item, TableType) and item.__module__ == module.__name__)
    return {item.__table__: typing.cast("type[Table]", item) for item in found}


def tables_for(schema: DatabaseSchema) -> dict[str, type[Table]]:
    """Classes made for a schema that is known only at run time."""
    return {name: _class_for(table) for name, table in schema.tables.items()}


def table_schema(table: type[Table]) -> TableSchema:
    """The table's schema; read from its annotations once."""
    if table.__schema__ is None:
        columns = {name: _column(name, hint) for name, hint in _hints(table).items()}
        table.__schema__ = TableSchema(table.__table__, columns, table.__indexes__, table.__max_rows__, table.__root__)
    schema = table.__schema__
    assert isinstance(schema, TableSchema)
    return schema


def class_name(table: str) -> str:
    """The class of a table: its name without underscores."""
    return table.replace("_", "")


def defaults_of(table: type[Table]) -> dict[str, Any]:
    """What each column holds in a row that says nothing about it (RFC 7047 5.2.1)."""
    return {name: default_of(column.type) for name, column in table_schema(table).columns.items()}


def default_of(type_: Type) -> Any:
    """The default value of a type: nothing where nothing is allowed, else as many default atoms as it takes."""
    if type_.is_map:
        assert type_.value is not None
        return {default_atom(type_.key): default_atom(type_.value)} if type_.min else {}
    if type_.is_optional:
        return None
    if type_.is_set:
        return (default_atom(type_.key),) if type_.min else ()
    return default_atom(type_.key)


def default_atom(base: BaseType) -> Any:
    """Zero, false, the empty string or the zero uuid, whether the type's constraints allow it or not."""
    return {"integer": 0, "real": 0.0, "boolean": False, "string": "", "uuid": NO_UUID}[base.kind]


def _class_for(schema: TableSchema) -> type[Table]:
    for name in {"uuid", "version"} & schema.columns.keys():
        raise OvsdbError("syntax error", f'{schema.name}: a column called "{name}" is not supported')
    made = TableType(
        class_name(schema.name), (Table,), {"__annotations__": dict.fromkeys(schema.columns, "Any"), "__module__": __name__},
        table=schema.name, indexes=schema.indexes, root=schema.is_root, max_rows=schema.max_rows,
    )  # fmt: skip
    made.__schema__ = schema
    return typing.cast("type[Table]", made)


def _hints(table: type[Table]) -> Mapping[str, Any]:
    """The annotations, evaluated in the module of the class (not in the class, whose columns may be called `type`)."""
    scope = vars(sys.modules[table.__module__])
    return {name: eval(text, scope) if isinstance(text, str) else text for name, text in table.__annotations__.items()}


def _column(name: str, hint: Any) -> Column:
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        outer = hint.__metadata__
        marks = tuple(mark for mark in outer if isinstance(mark, Size) or mark in (EPHEMERAL, IMMUTABLE))
        inner = tuple(mark for mark in outer if mark not in marks)
        hint = Annotated[(hint.__origin__, *inner)] if inner else hint.__origin__
    type_ = _type(hint, next((mark for mark in marks if isinstance(mark, Size)), None))
    return Column(name, type_, mutable=IMMUTABLE not in marks, ephemeral=EPHEMERAL in marks)


def _type(hint: Any, size: Size | None) -> Type:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is dict:
        size = size or Size(0, None)
        return Type(_base(arguments[0]), _base(arguments[1]), size.low, size.high)
    if origin is tuple:
        size = size or Size(0, None)
        return Type(_base(arguments[0]), None, size.low, size.high)
    if origin in (types.UnionType, typing.Union):
        (present,) = (argument for argument in arguments if argument is not type(None))
        return Type(_base(present), None, 0, 1)
    return Type(_base(hint))


def _base(hint: Any) -> BaseType:
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        marks, hint = hint.__metadata__, hint.__origin__
    limit = next((mark for mark in marks if isinstance(mark, Range | Length)), Range(None, None))
    enum = next((mark.atoms for mark in marks if isinstance(mark, OneOf)), None)
    if typing.get_origin(hint) is Ref:
        (target,) = typing.get_args(hint)
        name = target.__table__ if isinstance(target, TableType) else None
        return BaseType("uuid", ref_table=name, weak=WEAK in marks)
    return BaseType(KIND[hint], enum, limit.low, limit.high)
