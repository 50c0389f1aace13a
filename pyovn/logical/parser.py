"""Text of a match to an expression, with the type checks of the language. What a symbol implies is added later (see `annotate`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pyovn.logical.constants import BadConstant, Constant, parse_constant
from pyovn.logical.expression import (
    FALSE,
    MIRRORED,
    OPPOSITE,
    TRUE,
    Compare,
    Expression,
    Resident,
    conjoin,
    disjoin,
)
from pyovn.logical.lexer import END, Cursor, LogicalError, classify
from pyovn.logical.symbols import SYMBOLS, Level, Symbol

MAX_DEPTH = 100
"""How deep parentheses may nest."""

_RELATIONS = frozenset(MIRRORED)


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean outside of packets."""

    address_sets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """`$name`: constants, as text."""
    port_groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """`@name`: names of ports."""
    symbols: Mapping[str, Symbol] = field(default_factory=lambda: SYMBOLS)


class FieldRef(NamedTuple):
    """A symbol, or some bits of it, as a user names it."""

    symbol: Symbol
    offset: int
    bits: int
    """0 for a string."""

    def __str__(self) -> str:
        if not self.bits:
            return self.symbol.name
        return self.symbol.name + bit_range(self.offset, self.bits)


class ConstantSet(NamedTuple):
    """The right side of a comparison."""

    values: Sequence[Constant | str]
    is_string: bool
    in_braces: bool


def bit_range(offset: int, bits: int) -> str:
    """`[first..last]`."""
    return f"[{offset}..{offset + bits - 1}]"


def parse_int(cursor: Cursor) -> int:
    """A small decimal number, such as a bit's."""
    token = cursor.token
    if token.kind != "int" or not token.text.isdigit() or int(token.text) > 0x7FFFFFFF:
        raise cursor.error("expecting small integer")
    cursor.at += 1
    return int(token.text)


def parse_field(cursor: Cursor, scope: Scope) -> FieldRef:
    """`NAME`, `NAME[bit]` or `NAME[first..last]`."""
    token = cursor.token
    symbol = scope.symbols.get(token.name) if token.kind == "id" else None
    if symbol is None:
        raise cursor.error("expecting field name")
    cursor.at += 1
    if cursor.tokens[cursor.at].kind != "[":
        return FieldRef(symbol, 0, symbol.bits)
    cursor.at += 1
    if not symbol.bits:
        raise LogicalError(f"Cannot select subfield of string field {symbol.name}.")
    first = last = parse_int(cursor)
    if cursor.match(".."):
        last = parse_int(cursor)
    cursor.expect("]")
    if first > last:
        raise LogicalError(f"Invalid bit range {first} to {last}.")
    if last >= symbol.bits:
        raise LogicalError(f"Cannot select bits {first} to {last} of {symbol.bits}-bit field {symbol.name}.")
    if symbol.level is Level.NOMINAL and last - first + 1 != symbol.bits:
        raise LogicalError(f"Cannot select subfield of nominal field {symbol.name}.")
    return FieldRef(symbol, first, last - first + 1)


def _set_members(cursor: Cursor, scope: Scope) -> ConstantSet:
    """`$name` or `@name`."""
    token = cursor.token
    if token.kind == "@":
        ports = scope.port_groups.get(token.name)
        if ports is None:
            raise cursor.error("expecting port group name")
        return ConstantSet(ports, True, False)
    texts = scope.address_sets.get(token.name)
    if texts is None:
        raise cursor.error("expecting address set name")
    try:
        return ConstantSet([parse_constant(text) for text in texts], False, False)
    except BadConstant as error:
        raise LogicalError(f"Address set {token.name}: {error}") from None


def _one_constant(cursor: Cursor, scope: Scope, wanted: str) -> ConstantSet:
    """A number, a string, an address set or a port group; `wanted` restricts the type within braces."""
    token = cursor.token
    kind = token.kind
    if kind in ("int", "$"):
        if wanted == "string":
            raise cursor.error("expecting string")
        found = ConstantSet((token.constant,), False, False) if token.constant else _set_members(cursor, scope)
    elif kind in ("string", "@"):
        if wanted == "integer":
            raise cursor.error("expecting integer")
        found = ConstantSet((token.name,), True, False) if kind == "string" else _set_members(cursor, scope)
    else:
        raise cursor.error("expecting constant")
    cursor.at += 1
    return found


def parse_constants(cursor: Cursor, scope: Scope) -> ConstantSet:
    """One constant, or several in braces; commas between them may be left out."""
    if not cursor.match("{"):
        return _one_constant(cursor, scope, "")
    values: list[Constant | str] = []
    wanted = ""
    is_string = False
    while True:
        found = _one_constant(cursor, scope, wanted)
        is_string = found.is_string
        wanted = "string" if is_string else "integer"
        values += found.values
        cursor.match(",")
        if cursor.match("}"):
            return ConstantSet(values, is_string, True)


def check_type(symbol: Symbol, constants: ConstantSet) -> None:
    """A string with a string, a number with a number that fits."""
    if constants.is_string:
        if symbol.bits:
            raise LogicalError(f"Integer field {symbol.name} is not compatible with string constant.")
        return
    if not symbol.bits:
        raise LogicalError(f"String field {symbol.name} is not compatible with integer constant.")
    for constant in constants.values:
        assert isinstance(constant, Constant)
        if constant.width > symbol.bits:
            raise LogicalError(f"{constant.width}-bit constant is not compatible with {symbol.bits}-bit field {symbol.name}.")


def _check_operator(symbol: Symbol, operator: str, constants: ConstantSet) -> None:
    """An order only where the symbol has one, and with one unmasked number."""
    if operator in ("==", "!="):
        return
    if symbol.level is not Level.ORDINAL:
        raise LogicalError(f"Only == and != operators may be used with {symbol.level.value} field {symbol.name}.")
    if not constants.values:
        raise LogicalError("Only == and != operators may be used to compare a field against an empty value set.")
    if constants.in_braces:
        raise LogicalError("Only == and != operators may be used with value sets.")
    if any(isinstance(constant, Constant) and constant.mask is not None for constant in constants.values):
        raise LogicalError(
            "Only == and != operators may be used with masked constants.  Consider using subfields instead (e.g. eth.src[0..15] > "
            "0x1111 in place of eth.src > 00:00:00:00:11:11/00:00:00:00:ff:ff)."
        )


def _check_nominal(symbol: Symbol, operator: str, value: int | str) -> None:
    """A nominal symbol may not be excluded, for the complement of its value is no useful set."""
    if symbol.predicate:
        if (value != 0) != (operator == "=="):
            name = symbol.name
            raise LogicalError(
                f"Nominal predicate {name} may only be tested positively, "
                f"e.g. `{name}' or `{name} == 1' but not `!{name}' or `{name} == 0'."
            )
    elif operator != "==":
        raise LogicalError(
            f"Nominal field {symbol.name} may only be tested for equality (taking enclosing `!' operators into account)."
        )


def _compare(ref: FieldRef, operator: str, constant: Constant | str) -> Compare:
    symbol = ref.symbol
    if isinstance(constant, str):
        compare = Compare(symbol, operator, constant, 0)
    else:
        ones = (1 << ref.bits) - 1
        value, mask, _ = constant
        mask = ones if mask is None else mask & ones
        compare = Compare(symbol, operator, (value & mask) << ref.offset, mask << ref.offset)
    if symbol.level is Level.NOMINAL:
        _check_nominal(symbol, operator, compare.value)
    return compare


def make_comparison(ref: FieldRef, operator: str, constants: ConstantSet, negated: bool) -> Expression:
    """The comparison of a field with one or more constants: any of them for ==, each of them otherwise."""
    check_type(ref.symbol, constants)
    _check_operator(ref.symbol, operator, constants)
    join = conjoin if (operator == "==") == negated else disjoin
    if negated:
        operator = OPPOSITE[operator]
    if len(constants.values) == 1:
        return _compare(ref, operator, constants.values[0])
    return join([_compare(ref, operator, constant) for constant in constants.values])


@lru_cache(maxsize=1 << 15)
def _common(name: str, operator: str, text: str) -> Compare | None:
    """`FIELD == CONSTANT` of the standard symbols, which flows have in common; None for one that is no such thing, or wrong."""
    symbol, constant = SYMBOLS.get(name), classify(text) if text else END
    values = (constant.constant or constant.name,)
    if symbol is None or constant.kind not in ("int", "string"):
        return None
    try:
        found = make_comparison(FieldRef(symbol, 0, symbol.bits), operator, ConstantSet(values, constant.kind == "string", False), False)
    except LogicalError:
        return None
    return found if isinstance(found, Compare) else None


def _parse_bare_field(cursor: Cursor, ref: FieldRef, negated: bool) -> Expression:
    """A field on its own is tested against zero."""
    if not ref.bits or cursor.kind == "=":
        raise cursor.error("expecting relational operator")
    if ref.bits > 1 and not negated:
        raise LogicalError("Explicit `!= 0' is required for inequality test of multibit field against 0.")
    operator = "==" if negated else "!="
    if ref.symbol.level is Level.NOMINAL:
        _check_nominal(ref.symbol, "==", 0 if negated else 1)
    return Compare(ref.symbol, operator, 0, ((1 << ref.bits) - 1) << ref.offset)


def _parse_resident(cursor: Cursor, negated: bool) -> Expression:
    """`is_chassis_resident("PORT")`, after its name."""
    cursor.expect("(")
    token = cursor.token
    if token.kind != "string":
        raise cursor.error("expecting string")
    cursor.at += 1
    cursor.expect(")")
    return Resident(token.name, negated)


def _parse_relation(cursor: Cursor) -> str:
    kind = cursor.kind
    if kind not in _RELATIONS:
        raise cursor.error("expecting relational operator")
    cursor.at += 1
    return kind


def _parse_from_constant(cursor: Cursor, scope: Scope, negated: bool) -> tuple[Expression, bool]:
    """`1`, `CONSTANT == FIELD` or `CONSTANT < FIELD < CONSTANT`; whether it may follow a `!`."""
    token = cursor.token
    left = parse_constants(cursor, scope)
    if token.text in ("0", "1") and cursor.kind not in _RELATIONS:
        # At the end of the input, "1" alone is a match and "2" alone is half a comparison.
        return (TRUE if (token.text == "1") != negated else FALSE), True
    first = _parse_relation(cursor)
    ref = parse_field(cursor, scope)
    if cursor.kind not in _RELATIONS:
        return make_comparison(ref, MIRRORED[first], left, negated), False
    second = _parse_relation(cursor)
    right = parse_constants(cursor, scope)
    if first[0] != second[0] or first[0] not in "<>":
        raise LogicalError(
            "Range expressions must have the form `x < field < y' or `x > field > y', "
            "with each `<' optionally replaced by `<=' or `>' by `>=')."
        )
    sides = (make_comparison(ref, MIRRORED[first], left, negated), make_comparison(ref, second, right, negated))
    return (disjoin if negated else conjoin)(sides), False


def _parse_primary(cursor: Cursor, scope: Scope, negated: bool, depth: int) -> tuple[Expression, bool]:
    """A comparison or something in parentheses; whether it may follow a `!`."""
    token = cursor.tokens[cursor.at]
    if token.kind == "id":
        if token.name == "is_chassis_resident" and cursor.peek() == "(":
            cursor.at += 1
            return _parse_resident(cursor, negated), True
        operator = cursor.tokens[cursor.at + 1].kind
        if operator in _RELATIONS and not negated and scope.symbols is SYMBOLS:
            found = _common(token.name, operator, cursor.tokens[cursor.at + 2].text)
            if found is not None:
                cursor.at += 3
                return found, False
        ref = parse_field(cursor, scope)
        operator = cursor.tokens[cursor.at].kind
        if operator not in _RELATIONS:
            return _parse_bare_field(cursor, ref, negated), True
        cursor.at += 1
        return make_comparison(ref, operator, parse_constants(cursor, scope), negated), False
    if token.kind == "(":
        if depth >= MAX_DEPTH:
            raise LogicalError("Parentheses nested too deeply.")
        cursor.at += 1
        inner = _parse_terms(cursor, scope, negated, depth + 1)
        cursor.expect(")")
        return inner, True
    return _parse_from_constant(cursor, scope, negated)


def _parse_factor(cursor: Cursor, scope: Scope, negated: bool, depth: int) -> Expression:
    """A primary, perhaps after a `!`."""
    if cursor.tokens[cursor.at].kind != "!":
        return _parse_primary(cursor, scope, negated, depth)[0]
    cursor.at += 1
    expression, atomic = _parse_primary(cursor, scope, not negated, depth)
    if not atomic:
        raise LogicalError("Missing parentheses around operand of !.")
    return expression


def _parse_terms(cursor: Cursor, scope: Scope, negated: bool, depth: int) -> Expression:
    """Factors joined by && or by ||, not by both."""
    first = _parse_factor(cursor, scope, negated, depth)
    joint = cursor.tokens[cursor.at].kind
    if joint not in ("&&", "||"):
        return first
    parts = [first]
    while cursor.match(joint):
        parts.append(_parse_factor(cursor, scope, negated, depth))
    if cursor.kind in ("&&", "||"):
        raise LogicalError("&& and || must be parenthesized when used together.")
    return (conjoin if (joint == "&&") != negated else disjoin)(parts)


def parse_expression(cursor: Cursor, scope: Scope) -> Expression:
    """The expression at the cursor, which is left after it."""
    return _parse_terms(cursor, scope, False, 0)


NO_SCOPE = Scope()


def parse(text: str, scope: Scope = NO_SCOPE) -> Expression:
    """The expression that the whole text is.

    Raises LogicalError with the sentence to show.
    """
    cursor = Cursor(text)
    expression = parse_expression(cursor, scope)
    if cursor.kind:
        raise cursor.error("expecting end of input")
    return expression
