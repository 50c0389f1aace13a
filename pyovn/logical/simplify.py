"""Reduces an annotated expression to equalities: orders and exclusions become the prefixes that they leave."""

from __future__ import annotations

from collections.abc import Callable

from pyovn.logical.expression import FALSE, TRUE, And, Compare, Expression, Or, Resident, Truth, conjoin, disjoin
from pyovn.logical.sets import Cube, Range, common, complement, except_cube, merge, to_cubes, top_of
from pyovn.logical.symbols import Symbol


def _equalities(symbol: Symbol, cubes: tuple[Cube, ...]) -> Expression:
    """The symbol is in one of the cubes."""
    if any(not mask for _, mask in cubes):
        return TRUE
    return disjoin([Compare(symbol, "==", value, mask) for value, mask in cubes])


def _ranges(compare: Compare, top: int) -> tuple[Range, ...]:
    """What a comparison of adjacent bits allows of the lowest `top` bits of its symbol."""
    value, mask = compare.value, compare.mask
    assert isinstance(value, int)
    last = value | (mask & -mask) - 1
    limit = (1 << top) - 1
    allowed: dict[str, list[Range]] = {
        "==": [(value, last)],
        "!=": [(0, value - 1), (last + 1, limit)],
        "<": [(0, value - 1)],
        "<=": [(0, last)],
        ">": [(last + 1, limit)],
        ">=": [(value, limit)],
    }
    return tuple((first, end) for first, end in allowed[compare.operator] if first <= end)


def _all_of(compares: list[Compare], top: int) -> tuple[Cube, ...]:
    """What several comparisons of the same symbol leave. Exclusions are gathered first, so that a thousand cost what they weigh."""
    excluded = merge(r for c in compares if c.operator == "!=" for r in _ranges(c._replace(operator="=="), top))
    left = complement(excluded, top)
    for compare in compares:
        if compare.operator != "!=":
            left = common(left, _ranges(compare, top))
    return to_cubes(left, top)


def _any_of(compares: list[Compare], top: int) -> tuple[Cube, ...]:
    return to_cubes(merge(r for c in compares for r in _ranges(c, top)), top)


def _one(compare: Compare) -> Expression:
    """A comparison that stands alone."""
    symbol, operator, value, mask = compare
    if isinstance(value, str):
        return compare
    if not mask:
        return TRUE if operator in ("==", "<=", ">=") else FALSE
    if operator == "==":
        return compare
    top = top_of(mask)
    if top > 0:
        return _equalities(symbol, to_cubes(_ranges(compare, top), top))
    return _equalities(symbol, except_cube(value, mask))


def _gather(expression: And | Or) -> tuple[list[Expression], dict[tuple[Symbol, int], list[Compare]]]:
    """The parts, and apart from them the orders and exclusions, by the bits that they are about."""
    others: list[Expression] = []
    groups: dict[tuple[Symbol, int], list[Compare]] = {}
    for part in expression.parts:
        if isinstance(part, Compare) and part.operator != "==" and top_of(part.mask) > 0:
            groups.setdefault((part.symbol, top_of(part.mask)), []).append(part)
        else:
            others.append(part)
    return others, groups


def simplify(expression: Expression, is_resident: Callable[[str], bool]) -> Expression:
    """An expression of `==` alone, without constants unless it is one.

    `is_resident` says whether this chassis answers for a port. The expression must be annotated, so that every symbol is a field.
    """
    if isinstance(expression, Compare):
        return expression if expression.operator == "==" and expression.mask else _one(expression)
    if isinstance(expression, Resident):
        return Truth(is_resident(expression.port) != expression.negated)
    if isinstance(expression, Truth):
        return expression
    if all(type(part) is Compare and part.operator == "==" and part.mask for part in expression.parts):
        return expression
    is_and = isinstance(expression, And)
    others, groups = _gather(expression)
    neutral, decisive = (TRUE, FALSE) if is_and else (FALSE, TRUE)
    parts: list[Expression] = []
    for (symbol, top), compares in groups.items():
        parts.append(_equalities(symbol, (_all_of if is_and else _any_of)(compares, top)))
    parts += [simplify(part, is_resident) for part in others]
    if decisive in parts:
        return decisive
    return (conjoin if is_and else disjoin)([part for part in parts if part != neutral])
