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


def _merge(left: Clause, right: Clause) -> Clause | None:
    """Both clauses at once, or None if they contradict each other."""
    if not left:
        return right
    merged = dict(left)
    for symbol, values in right.items():
        known = merged.get(symbol)
        if known is not None and known != values:
            values = _both(known, values)
            if not values:
                return None
        merged[symbol] = values
    return merged


def _one_symbol(expression: Or) -> Symbol | None:
    """The symbol that all parts compare, if they are comparisons of one."""
    first = expression.parts[0]
    if not isinstance(first, Compare):
        return None
    symbol = first.symbol
    return symbol if all(type(part) is Compare and part[0] is symbol for part in expression.parts) else None


def _of_or(expression: Or) -> list[Clause]:
    symbol = _one_symbol(expression)
    if symbol is None:
        return [clause for part in expression.parts for clause in _clauses(part)]
    compares = [part for part in expression.parts if isinstance(part, Compare)]
    if symbol.bits:
        return [{symbol: absorb((int(value), mask) for _, _, value, mask in compares)}]
    return [{symbol: tuple(dict.fromkeys(str(compare.value) for compare in compares))}]


def _of_and(expression: And) -> list[Clause]:
    product: list[Clause] = [{}]
    for part in sorted(expression.parts, key=lambda part: type(part) is Or):
        factor = _clauses(part)
        merged = (_merge(left, right) for left in product for right in factor)
        product = [clause for clause in merged if clause is not None]
    return product


def _clauses(expression: Expression) -> list[Clause]:
    if isinstance(expression, Compare):
        symbol, _, value, mask = expression
        return [{symbol: (value,) if isinstance(value, str) else ((value, mask),)}]
    if isinstance(expression, And):
        return _of_and(expression)
    if isinstance(expression, Or):
        return _of_or(expression)
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
