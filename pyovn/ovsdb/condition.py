"""Which rows an operation means (RFC 7047 5.1 <condition>): parsed from JSON, and turned into tests on rows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace as with_fields
from functools import lru_cache
from typing import Any

from pyovn.ovsdb.atom import Resolve, compact, syntax_error
from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import BaseType, Column, TableSchema, Type, describe
from pyovn.ovsdb.value import Reader, reader, settler

Test = Callable[[Table], bool]

UUID_COLUMN = Column("_uuid", Type(BaseType("uuid")), mutable=False)
VERSION_COLUMN = Column("_version", Type(BaseType("uuid")), mutable=False)

EVERYWHERE = {"_uuid": UUID_COLUMN, "_version": VERSION_COLUMN}
"""The columns that every table has."""

ATTRIBUTE = {"_uuid": "uuid", "_version": "row_version"}
"""Where a row keeps the two columns that every table has."""

ORDERED: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
FUNCTIONS = ("==", "!=", *ORDERED, "includes", "excludes")

ALWAYS = Condition("", "true", None)
NEVER = Condition("", "false", None)
"""The conditions that JSON writes `true` and `false`."""

OPERANDS = 4096
"""How many ways of reading an operand are kept, which is more than a database has columns and functions."""


def column_of(schema: TableSchema, name: str) -> Column | None:
    """The column of that name, `_uuid` and `_version` among them."""
    return schema.columns.get(name) or EVERYWHERE.get(name)


def condition_from_json(table: type[Table], given: Any, resolve: Resolve = None) -> Condition:
    """One <condition>: `[column, function, value]`, `true` or `false`."""
    if type(given) is bool:
        return ALWAYS if given else NEVER
    if type(given) is not list or len(given) != 3 or type(given[0]) is not str:
        raise syntax_error(given, "Parse error in condition.")
    name, function, value = given
    try:
        read = _operand_reader(table, name, str(function))
    except OvsdbError as error:
        raise OvsdbError(error.tag, error.details, syntax=None if error.tag == "unknown function" else compact(given)) from None
    return Condition(name, function, read(value, resolve))


@lru_cache(OPERANDS)
def _operand_reader(table: type[Table], name: str, function: str) -> Reader:
    """How that which a column is compared with is read."""
    schema = table_schema(table)
    column = column_of(schema, name)
    if column is None:
        raise OvsdbError("unknown column", f"No column {name} in table {schema.name}.")
    if function not in FUNCTIONS:
        raise OvsdbError("unknown function", f"No function named {function}.")
    return reader(compared_type(column, function))


def compared_type(column: Column, function: str) -> Type:
    """The type of what a column is compared with; raises where the function has no meaning for the column."""
    type_ = column.type
    if function in ORDERED:
        if type_.value is not None or type_.max != 1 or type_.key.kind not in ("integer", "real"):
            details = f'Type mismatch: "{function}" operator may not be applied to column {column.name} of type {describe(type_)}.'
            raise OvsdbError("syntax error", details)
        return Type(type_.key)
    if function in ("includes", "excludes") and not type_.is_scalar:
        return with_fields(type_, min=0, max=None) if function == "excludes" or type_.is_map else with_fields(type_, min=0)
    return type_


def settle_condition(table: type[Table], condition: Condition, resolve: Resolve) -> Condition:
    """A condition that a user of this process wrote, its value checked and its names resolved."""
    if condition.column == "":
        return condition
    if condition.column == "_uuid" and type(condition.value) is str:
        return condition
    schema = table_schema(table)
    column = column_of(schema, condition.column)
    if column is None:
        raise OvsdbError("unknown column", f"No column {condition.column} in table {schema.name}.")
    type_, value = compared_type(column, condition.function), condition.value
    if type_.is_set and not isinstance(value, tuple | list | set | frozenset):
        value = () if value is None else (value,)
    return Condition(condition.column, condition.function, settler(type_)(value, resolve))


def test_of(table: type[Table], condition: Condition) -> Test:
    """Whether a row meets the condition, as a function."""
    if condition.column == "":
        always = condition.function == "true"
        return lambda row: always
    column = column_of(table_schema(table), condition.column)
    assert column is not None
    get = operator.attrgetter(ATTRIBUTE.get(column.name, column.name))
    wanted = condition.value
    function = condition.function
    if function in ORDERED:
        compare = ORDERED[function]
        return lambda row: (held := get(row)) is not None and compare(held, wanted)
    if function in ("includes", "excludes") and not column.type.is_scalar:
        return _containment(column.type, get, wanted, function)
    if function in ("==", "includes"):
        return lambda row: bool(get(row) == wanted)
    return lambda row: bool(get(row) != wanted)


def _containment(type_: Type, get: Callable[[Table], Any], wanted: Any, function: str) -> Test:
    """`includes`: everything wanted is there; `excludes`: nothing of it is."""
    if type_.is_map:
        if function == "includes":
            return lambda row: wanted.items() <= get(row).items()
        return lambda row: not wanted.items() & get(row).items()
    members = _members(wanted)
    if function == "includes":
        return lambda row: members.issubset(_members(get(row)))
    return lambda row: members.isdisjoint(_members(get(row)))


def _members(held: Any) -> frozenset[Any]:
    """The elements of a set or optional value."""
    if held is None:
        return frozenset()
    return frozenset(held) if isinstance(held, tuple) else frozenset((held,))
