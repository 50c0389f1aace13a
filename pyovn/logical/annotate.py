"""Adds what symbols imply: predicates give way to their expressions, bits of registers to bits of the widest, prerequisites join in."""

from __future__ import annotations

from functools import cache, lru_cache

from pyovn.logical.expression import JOINTS, And, Compare, Expression, Or, conjoin, disjoin, negate
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import NO_SCOPE, Scope, parse
from pyovn.logical.symbols import Symbol


def _parse_inner(text: str, scope: Scope, nested: tuple[str, ...]) -> Expression:
    """A prerequisite or predicate, annotated in turn."""
    try:
        return _annotate(parse(text, scope), scope, nested)
    except LogicalError as error:
        raise LogicalError(
            f"Error parsing expression `{text}' encountered as prerequisite or predicate of initial expression: {error}"
        ) from None


@cache
def _standard_inner(text: str) -> Expression:
    """The same for the standard symbols, which are few and do not change."""
    return _parse_inner(text, NO_SCOPE, ())


def _inner(text: str, scope: Scope, nested: tuple[str, ...]) -> Expression:
    if scope.symbols is NO_SCOPE.symbols:
        return _standard_inner(text)
    return _parse_inner(text, scope, nested)


def _nest(symbol: Symbol, nested: tuple[str, ...]) -> tuple[str, ...]:
    """The symbols that are being expanded; none may be expanded within itself."""
    if symbol.name in nested:
        raise LogicalError(f"Recursive expansion of symbol `{symbol.name}'.")
    return (*nested, symbol.name)


def _to_base(expression: Expression) -> Expression:
    """The comparisons, which are all of one symbol, in terms of the symbol's base."""
    if isinstance(expression, Compare):
        symbol, operator, value, mask = expression
        if symbol.parent is None or isinstance(value, str):
            return expression
        return Compare(symbol.base, operator, value << symbol.offset, mask << symbol.offset)
    if isinstance(expression, And):
        return And(tuple(_to_base(part) for part in expression.parts))
    assert isinstance(expression, Or)
    return Or(tuple(_to_base(part) for part in expression.parts))


def _expand(symbol: Symbol, expression: Expression, scope: Scope, nested: tuple[str, ...]) -> Expression:
    """An expression whose comparisons are all of one symbol."""
    if symbol.predicate and isinstance(expression, Compare):
        meaning = _inner(symbol.predicate, scope, _nest(symbol, nested))
        positive = (expression.value != 0) == (expression.operator == "==")
        return meaning if positive else negate(meaning)
    if not symbol.needs:
        return _to_base(expression)
    return conjoin((_to_base(expression), _inner(symbol.needs, scope, _nest(symbol, nested))))


def _only_symbol(expression: Expression) -> Symbol | None:
    """The symbol that every comparison is of, if there is just one and it is no predicate."""
    if type(expression) is Compare:
        return expression.symbol
    if not isinstance(expression, JOINTS):
        return None
    symbol = _only_symbol(expression.parts[0])
    if symbol is None or symbol.predicate:
        return None
    return symbol if all(_only_symbol(part) is symbol for part in expression.parts) else None


@lru_cache(maxsize=1 << 15)
def _expand_common(compare: Compare) -> Expression:
    """A comparison of a standard symbol, which flows have in common."""
    return _expand(compare.symbol, compare, NO_SCOPE, ())


def _annotate(expression: Expression, scope: Scope, nested: tuple[str, ...]) -> Expression:
    if type(expression) is Compare:
        if scope.symbols is NO_SCOPE.symbols:
            return _expand_common(expression)
        return _expand(expression.symbol, expression, scope, nested)
    if not isinstance(expression, JOINTS):
        return expression
    symbol = _only_symbol(expression)
    if symbol is not None:
        return _expand(symbol, expression, scope, nested)
    join = conjoin if isinstance(expression, And) else disjoin
    return join([_annotate(part, scope, nested) for part in expression.parts])


def annotate(expression: Expression, scope: Scope = NO_SCOPE) -> Expression:
    """The expression in terms of fields only, with everything that its symbols need.

    Where several comparisons of one symbol stand together, what the symbol needs is added to them once.
    """
    return _annotate(expression, scope, ())


def field_needs(symbol: Symbol, scope: Scope = NO_SCOPE) -> Expression | None:
    """What must hold for the symbol to be there at all, annotated; None if it always is."""
    return _inner(symbol.needs, scope, ()) if symbol.needs else None
