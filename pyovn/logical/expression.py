"""What a match is made of: comparisons joined by && and ||. There is no `not`: negation is carried down to the comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pyovn.logical.lexer import quote
from pyovn.logical.symbols import Symbol


class Compare(NamedTuple):
    """A comparison of (some bits of) a symbol with a constant.

    A number is in the symbol's own bits and `mask` says which of them count; an order is only asked of adjacent bits. A string has mask 0.
    """

    symbol: Symbol
    operator: str
    value: int | str
    mask: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; none of them is an `And`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds; none of them is an `Or`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """1 or 0."""

    value: bool


@dataclass(frozen=True, slots=True)
class Resident:
    """Whether this chassis is where a port lives, and is to answer for it."""

    port: str
    negated: bool = False


Expression: TypeAlias = Compare | And | Or | Truth | Resident

JOINTS = (And, Or)
"""What has parts."""

TRUE = Truth(True)
FALSE = Truth(False)

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The operator that holds when another does not."""

MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""The operator after the two sides changed places."""


def conjoin(parts: Iterable[Expression]) -> Expression:
    """All of the parts; nested conjunctions are taken apart."""
    flat: list[Expression] = []
    for part in parts:
        if type(part) is And:
            flat += part.parts
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else TRUE


def disjoin(parts: Iterable[Expression]) -> Expression:
    """Any of the parts; nested disjunctions are taken apart."""
    flat: list[Expression] = []
    for part in parts:
        if type(part) is Or:
            flat += part.parts
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else Or(tuple(flat)) if flat else FALSE


def negate(expression: Expression) -> Expression:
    """What holds exactly when the expression does not."""
    if isinstance(expression, Compare):
        return expression._replace(operator=OPPOSITE[expression.operator])
    if isinstance(expression, And):
        return disjoin(negate(part) for part in expression.parts)
    if isinstance(expression, Or):
        return conjoin(negate(part) for part in expression.parts)
    if isinstance(expression, Resident):
        return Resident(expression.port, not expression.negated)
    return Truth(not expression.value)


def _hex(value: int) -> str:
    return hex(value) if value else "0"


def _format_compare(compare: Compare) -> str:
    symbol, operator, value, mask = compare
    if isinstance(value, str):
        return f"{symbol.name} {operator} {quote(value)}"
    offset = (mask & -mask).bit_length() - 1
    bits = mask.bit_length() - offset
    if not mask or mask >> offset != (1 << bits) - 1:
        return f"{symbol.name} {operator} {_hex(value)}/{_hex(mask)}"
    name = symbol.name
    if bits < symbol.bits:
        name += f"[{offset}]" if bits == 1 else f"[{offset}..{offset + bits - 1}]"
    if bits == 1 and operator in ("==", "!="):
        return name if (value != 0) == (operator == "==") else f"!{name}"
    return f"{name} {operator} {_hex(value >> offset)}"


def format_expression(expression: Expression) -> str:
    """The expression in the language, as the reference prints it."""
    if isinstance(expression, Compare):
        return _format_compare(expression)
    if isinstance(expression, And | Or):
        joint = " && " if isinstance(expression, And) else " || "
        return joint.join(
            f"({format_expression(part)})" if isinstance(part, And | Or) else format_expression(part) for part in expression.parts
        )
    if isinstance(expression, Resident):
        return f"{'!' * expression.negated}is_chassis_resident({quote(expression.port)})"
    return "1" if expression.value else "0"
