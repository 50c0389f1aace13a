"""What a mutation makes of a column (RFC 7047 5.1 <mutation>): arithmetic on numbers, insertion into and deletion from sets and maps."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace as with_fields
from functools import lru_cache
from typing import Any

from pyovn.ovsdb.atom import Resolve, check_atom, compact, syntax_error, violation
from pyovn.ovsdb.condition import OPERANDS
from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Mutation
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import INTEGER_RANGE, Column, Type, describe
from pyovn.ovsdb.value import Reader, check_size, reader, settler

ARITHMETIC = ("+=", "-=", "*=", "/=", "%=")
MUTATORS = (*ARITHMETIC, "insert", "delete")

FEW = 8
"""Up to how many atoms are put into a set one by one rather than all sorted anew."""


def mutation_from_json(table: type[Table], given: Any, resolve: Resolve = None) -> Mutation:
    """One <mutation>: `[column, mutator, value]`."""
    if type(given) is not list or len(given) != 3 or type(given[0]) is not str:
        raise syntax_error(given, "Parse error in mutation.")
    name, mutator, value = given
    try:
        read = _operand_reader(table, name, str(mutator), type(value) is list and value[:1] == ["map"])
    except OvsdbError as error:
        raise OvsdbError(error.tag, error.details, syntax=None if error.tag == "unknown mutator" else compact(given)) from None
    return Mutation(name, mutator, read(value, resolve))


@lru_cache(OPERANDS)
def _operand_reader(table: type[Table], name: str, mutator: str, with_map: bool) -> Reader:
    """How a mutation's operand is read; of a map, what is deleted is keys, or pairs where a map is given."""
    column = mutable_column(table, name)
    if mutator not in MUTATORS:
        raise OvsdbError("unknown mutator", f"No mutator named {mutator}.")
    if mutator == "delete" and column.type.is_map and with_map:
        return reader(with_fields(column.type, min=0, max=None))
    return reader(operand_type(column, mutator))


def mutable_column(table: type[Table], name: str) -> Column:
    """The column, which must be there and change."""
    schema = table_schema(table)
    column = schema.columns.get(name)
    if column is None:
        raise OvsdbError("unknown column", f"No column {name} in table {schema.name}.")
    if not column.mutable:
        raise OvsdbError("constraint violation", f"Cannot mutate immutable column {name} in table {schema.name}.")
    return column


def operand_type(column: Column, mutator: str) -> Type:
    """The type of a mutation's operand; raises where the mutator has no meaning for the column."""
    type_ = column.type
    number = type_.value is None and type_.key.kind in ("integer", "real")
    if mutator in ARITHMETIC and number and (mutator != "%=" or type_.key.kind == "integer"):
        return Type(with_fields(type_.key, low=None, high=None, enum=None))
    if mutator in ("insert", "delete") and not type_.is_scalar:
        if type_.is_map and mutator == "delete":
            return with_fields(type_, value=None, min=0, max=None)
        return with_fields(type_, min=0, max=None)
    details = f'Type mismatch: "{mutator}" operator may not be applied to column {column.name} of type {describe(type_)}.'
    raise OvsdbError("syntax error", details)


def settle_mutation(table: type[Table], mutation: Mutation, resolve: Resolve) -> Mutation:
    """A mutation that a user of this process wrote, its value checked and its names resolved."""
    column = mutable_column(table, mutation.column)
    type_ = operand_type(column, mutation.mutator)
    if isinstance(mutation.value, dict):
        type_ = with_fields(column.type, min=0, max=None)
    elif type_.max != 1 and not isinstance(mutation.value, tuple | list | set | frozenset):
        return mutation._replace(value=settler(type_)((mutation.value,), resolve))
    return mutation._replace(value=settler(type_)(mutation.value, resolve))


def mutated(type_: Type, held: Any, mutation: Mutation) -> Any:
    """What the column holds afterwards; raises if that breaks a constraint."""
    if mutation.mutator in ARITHMETIC:
        return _calculated(type_, held, mutation)
    if type_.is_map:
        after = _inserted_pairs(held, mutation.value) if mutation.mutator == "insert" else _deleted_pairs(held, mutation.value)
        check_size(type_, len(after))
        return after
    operand = _members(mutation.value)
    if type_.max != 1 and len(operand) <= FEW:
        few = _with(held, operand) if mutation.mutator == "insert" else _without(held, operand)
        check_size(type_, len(few))
        return few
    members = _members(held)
    members = members | operand if mutation.mutator == "insert" else members - operand
    check_size(type_, len(members))
    if type_.max == 1:
        return next(iter(members), None)
    return tuple(sorted(members))


def _members(held: Any) -> set[Any]:
    if held is None:
        return set()
    return set(held) if isinstance(held, tuple) else {held}


def _with(held: tuple[Any, ...], atoms: Iterable[Any]) -> tuple[Any, ...]:
    """A set with a few atoms more, each put in its place: of thousands of ports one comes at a time."""
    for atom in atoms:
        place = bisect_left(held, atom)
        if held[place : place + 1] != (atom,):
            held = (*held[:place], atom, *held[place:])
    return held


def _without(held: tuple[Any, ...], atoms: Iterable[Any]) -> tuple[Any, ...]:
    """A set with a few atoms less."""
    for atom in atoms:
        place = bisect_left(held, atom)
        if held[place : place + 1] == (atom,):
            held = held[:place] + held[place + 1 :]
    return held


def _inserted_pairs(held: dict[Any, Any], more: dict[Any, Any]) -> dict[Any, Any]:
    """Pairs whose key is there already stay as they are."""
    return dict(sorted({**more, **held}.items()))


def _deleted_pairs(held: dict[Any, Any], unwanted: Any) -> dict[Any, Any]:
    """Without these keys or, given pairs, without the pairs that are exactly so."""
    if isinstance(unwanted, dict):
        return {key: value for key, value in held.items() if key not in unwanted or unwanted[key] != value}
    keys = set(unwanted)
    return {key: value for key, value in held.items() if key not in keys}


def _calculated(type_: Type, held: Any, mutation: Mutation) -> Any:
    calculate = _integer if type_.key.kind == "integer" else _real
    if type_.is_scalar or type_.is_optional:
        return None if held is None else _one(type_, calculate, held, mutation)
    after = {_one(type_, calculate, atom, mutation) for atom in held}
    if len(after) != len(held):
        raise violation(f'Result of "{mutation.mutator}" operation contains duplicates.')
    return tuple(sorted(after))


def _one(type_: Type, calculate: Callable[[Any, str, Any], Any], atom: Any, mutation: Mutation) -> Any:
    result = calculate(atom, mutation.mutator, mutation.value)
    check_atom(type_.key, result)
    return result


def _integer(atom: int, mutator: str, operand: int) -> int:
    """Integer arithmetic; division and remainder go towards zero, as C's do."""
    if mutator in ("/=", "%="):
        if operand == 0:
            raise OvsdbError("domain error", "Division by zero.")
        quotient = abs(atom) // abs(operand) * (1 if (atom < 0) == (operand < 0) else -1)
        result = quotient if mutator == "/=" else atom - quotient * operand
    else:
        result = {"+=": atom + operand, "-=": atom - operand, "*=": atom * operand}[mutator]
    if not INTEGER_RANGE[0] <= result <= INTEGER_RANGE[1]:
        raise _out_of_range(mutator)
    return result


def _real(atom: float, mutator: str, operand: float) -> float:
    if mutator == "/=" and operand == 0:
        raise OvsdbError("domain error", "Division by zero.")
    result = atom / operand if mutator == "/=" else {"+=": atom + operand, "-=": atom - operand, "*=": atom * operand}[mutator]
    if not math.isfinite(result):
        raise _out_of_range(mutator)
    return result


def _out_of_range(mutator: str) -> OvsdbError:
    return OvsdbError("range error", f'Result of "{mutator}" operation is out of range.')
