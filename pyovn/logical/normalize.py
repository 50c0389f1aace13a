"""The normal form: clauses, any of which may hold; in each, every symbol has a set of values, all of which must fit.

That is a disjunction of conjunctions whose factors are disjunctions over one symbol: what OpenFlow's conjunctive matches can say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pyovn.logical.expression import And, Compare, Expression, Or, Truth, conjoin, disjoin
from pyovn.logical.sets import Cube, absorb, intersect
from pyovn.logical.symbols import Symbol

Values: TypeAlias = tuple[Cube, ...] | tuple[str, ...]
Clause: TypeAlias = Mapping[Symbol, Values]


def _both(left: Values, right: Values) -> Values:
    """Values in both sets: names if they are names, else cubes."""
    if isinstance(left[0], str):
        return tuple(name for name in left if isinstance(name, str) and name in right)
    return intersect(left, right)  # type: ignore[arg-type]


def _narrow(clause: dict[Symbol, Values], symbol: Symbol, values: Values) -> bool:
    """Leave of a symbol's values those that are also in `values`; whether there are any."""
    known = clause.get(symbol)
    if known is not None and known != values:
        values = _both(known, values)
    clause[symbol] = values
    return bool(values)


def _merge(left: Clause, right: Clause) -> Clause | None:
    """Both clauses at once, or None if they contradict each other."""
    if not left:
        return right
    merged = dict(left)
    return merged if all(_narrow(merged, symbol, values) for symbol, values in right.items()) else None


def _one_symbol(expression: Or) -> Symbol | None:
    """The symbol that all parts compare, if they are comparisons of one."""
    first = expression.parts[0]
    if not isinstance(first, Compare):
        return None
    symbol = first.symbol
    return symbol if all(type(part) is Compare and part[0] is symbol for part in expression.parts) else None


def _factor(expression: Expression) -> tuple[Symbol, Values] | None:
    """The symbol that the expression is about and the values it leaves, if it is about one."""
    if isinstance(expression, Compare):
        value = expression.value
        return expression.symbol, (value,) if isinstance(value, str) else ((value, expression.mask),)
    symbol = _one_symbol(expression) if isinstance(expression, Or) else None
    if symbol is None:
        return None
    assert isinstance(expression, Or)
    compares = [part for part in expression.parts if isinstance(part, Compare)]
    if symbol.bits:
        return symbol, absorb((int(value), mask) for _, _, value, mask in compares)
    return symbol, tuple(dict.fromkeys(str(compare.value) for compare in compares))


def _of_and(expression: And) -> list[Clause]:
    """What is about one symbol each comes first: it makes one clause, and what the rest multiplies is narrow already."""
    single: dict[Symbol, Values] = {}
    rest: list[Expression] = []
    for part in expression.parts:
        factor = _factor(part)
        if factor is None:
            rest.append(part)
        elif not _narrow(single, *factor):
            return []
    product: list[Clause] = [single]
    for part in rest:
        factors = _clauses(part)
        merged = (_merge(left, right) for left in product for right in factors)
        product = [clause for clause in merged if clause is not None]
    return product


def _clauses(expression: Expression) -> list[Clause]:
    factor = _factor(expression)
    if factor is not None:
        return [{factor[0]: factor[1]}]
    if isinstance(expression, And):
        return _of_and(expression)
    if isinstance(expression, Or):
        return [clause for part in expression.parts for clause in _clauses(part)]
    assert isinstance(expression, Truth), "residency is decided by simplify"
    return [{}] if expression.value else []


def _split(clause: Clause) -> Iterator[Clause]:
    """One clause for each value of the symbols that decide what other fields a packet has."""
    for symbol, values in clause.items():
        if symbol.crossed and len(values) > 1:
            for value in values:
                yield from _split({**clause, symbol: (value,)})  # type: ignore[dict-item]
            return
    yield clause


def normalize(expression: Expression) -> list[Clause]:
    """The clauses of a simplified expression; none if it never holds, an empty one if it always does."""
    return [part for clause in _clauses(expression) for part in _split(clause)]


def clause_expression(clauses: list[Clause]) -> Expression:
    """The clauses as an expression, factors by name."""
    return disjoin(
        conjoin(
            disjoin([Compare(symbol, "==", *((v, 0) if isinstance(v, str) else v)) for v in values])
            for symbol, values in sorted(clause.items(), key=lambda item: item[0].name)
        )
        for clause in clauses
    )
