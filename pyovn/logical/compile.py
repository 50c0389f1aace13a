"""Matches to OpenFlow: text in, the matches out that together select the same packets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from pyovn.logical.annotate import annotate
from pyovn.logical.expression import Expression
from pyovn.logical.normalize import Clause, Values, normalize
from pyovn.logical.parser import NO_SCOPE, Scope, parse
from pyovn.logical.sets import Cube
from pyovn.logical.simplify import simplify
from pyovn.logical.symbols import Symbol
from pyovn.openflow.fields import FIELDS, Field
from pyovn.openflow.match import Match
from pyovn.packet import slot

Term: TypeAlias = tuple[int, int, int]
"""(slot, value, mask), as in a `Match`."""


class Part(NamedTuple):
    """One dimension of a conjunctive match, both counted from what the flow's own first is (1 and 0)."""

    conjunction: int
    dimension: int
    dimensions: int


class Rule(NamedTuple):
    """A match that selects packets of a logical flow, or contributes to selecting them.

    With `parts` it only contributes: its actions are to be `conjunction(…)`. With `conjunction` not 0 it also asks for that `conj_id`.
    """

    match: Match
    conjunction: int = 0
    parts: tuple[Part, ...] = ()


class Compiled(NamedTuple):
    """What a match becomes."""

    rules: tuple[Rule, ...]
    conjunctions: int
    """How many conjunction ids the rules use, from 1 on; add a base of your own."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What a match needs to know of the network."""

    port_key: Callable[[str], int | None] = field(default=lambda name: None)
    """The key of a port or multicast group of the flow's datapath, by name."""
    is_resident: Callable[[str], bool] = field(default=lambda name: False)
    """Whether this chassis answers for the port."""
    scope: Scope = field(default_factory=Scope)


_CROWDED = (slot.TP_SRC, slot.TP_DST, slot.VLAN_TCI)
"""Slots that mean different things to different fields."""


@lru_cache(maxsize=1 << 14)
def _spread(source: Field, cube: Cube) -> tuple[Term, ...]:
    """The same for a field that shares its slot, or has several."""
    return Match.of({source: cube}).terms


def _terms(symbol: Symbol, cube: Cube) -> tuple[Term, ...]:
    """What a match asks of slots for the symbol to be in the cube."""
    source = symbol.source
    assert source is not None, f"{symbol.name} is no OpenFlow field"
    if source.parts > 1 or source.slot in _CROWDED or source.full != symbol.full:
        return _spread(source, cube)
    return ((source.slot, cube[0] << source.shift, cube[1] << source.shift),)


def _combine(*groups: tuple[Term, ...]) -> Match | None:
    """All that is asked, or None if it cannot be."""
    slots: dict[int, tuple[int, int]] = {}
    for at, value, mask in chain.from_iterable(groups):
        known = slots.get(at)
        if known is None:
            slots[at] = (value, mask)
        elif (known[0] ^ value) & known[1] & mask:
            return None
        else:
            slots[at] = (known[0] | value, known[1] | mask)
    return Match(tuple((at, *slots[at]) for at in sorted(slots)))


def _with(base: Match, slots: set[int], terms: tuple[Term, ...]) -> Match | None:
    """All that a match, which asks of these slots, and the terms ask, or None if it cannot be."""
    if slots.isdisjoint([at for at, _, _ in terms]):
        return Match(tuple(sorted(base.terms + terms)))
    return _combine(base.terms, terms)


def _resolve(symbol: Symbol, values: Values, port_key: Callable[[str], int | None]) -> list[tuple[Term, ...]]:
    """What each value asks of slots; names of ports that are not there ask for nothing that is."""
    if symbol.bits:
        return [_terms(symbol, cube) for cube in values if not isinstance(cube, str)]
    keys = [port_key(name) for name in values if isinstance(name, str)]
    return [_terms(symbol, (key, 0xFFFFFFFF)) for key in dict.fromkeys(keys) if key is not None]


def _plain(factors: list[list[tuple[Term, ...]]]) -> Iterator[Rule]:
    """One rule a value of the only symbol that has several."""
    base = _combine(*(factor[0] for factor in factors if len(factor) == 1))
    if base is None:
        return
    several = [factor for factor in factors if len(factor) > 1]
    if not several:
        yield Rule(base)
    slots = {at for at, _, _ in base.terms}
    for terms in several[0] if several else ():
        match = _with(base, slots, terms)
        if match is not None:
            yield Rule(match)


def _conjunctive(factors: list[list[tuple[Term, ...]]], number: int) -> Iterator[Rule]:
    """Several symbols with several values each: their sum of rules instead of their product (ovs-fields(7), Conjunctive Match)."""
    dimensions = [factor for factor in factors if len(factor) > 1]
    base = _combine(*(factor[0] for factor in factors if len(factor) == 1))
    if base is None:
        return
    yield Rule(base, number)
    slots = {at for at, _, _ in base.terms}
    for dimension, factor in enumerate(dimensions):
        for terms in factor:
            match = _with(base, slots, terms)
            if match is not None:
                yield Rule(match, 0, (Part(number, dimension, len(dimensions)),))


def _add(rules: dict[tuple[Match, int], Rule], rule: Rule) -> None:
    """A match that already selects needs no more; two that contribute become one."""
    key = (rule.match, rule.conjunction)
    known = rules.get(key)
    if known is None or not rule.parts:
        rules[key] = rule
    elif known.parts:
        rules[key] = known._replace(parts=known.parts + rule.parts)


_BY_NAME = attrgetter("name")
"""Rules of a flow always come in the same order."""


def compile_clauses(clauses: list[Clause], port_key: Callable[[str], int | None]) -> Compiled:
    """The rules of a normal form."""
    rules: dict[tuple[Match, int], Rule] = {}
    conjunctions = 0
    for clause in clauses:
        symbols = sorted(clause, key=_BY_NAME) if len(clause) > 1 else clause
        factors = [_resolve(symbol, clause[symbol], port_key) for symbol in symbols]
        if not all(factors):
            continue
        if sum(len(factor) > 1 for factor in factors) < 2:
            found = _plain(factors)
        else:
            conjunctions += 1
            found = _conjunctive(factors, conjunctions)
        for rule in found:
            _add(rules, rule)
    return Compiled(tuple(rules.values()), conjunctions)


def parse_match(text: str, scope: Scope) -> Expression:
    """The annotated expression of a match.

    Raises LogicalError with the sentence to show.
    """
    return annotate(parse(text, scope), scope)


_DEPENDENT = re.compile(r"[$@]|is_chassis_resident")
"""What makes a match mean different things at different places."""


@lru_cache(maxsize=1 << 14)
def _everywhere(text: str) -> tuple[list[Clause], Compiled | None]:
    """The normal form of a match that means the same everywhere, and its rules if it names no port: many datapaths have it in common."""
    clauses = normalize(simplify(parse_match(text, NO_SCOPE), lambda port: False))
    names_port = any(not symbol.bits for clause in clauses for symbol in clause)
    return clauses, None if names_port else compile_clauses(clauses, lambda name: None)


def compile_match(match: str | Expression, lookups: Lookups) -> Compiled:
    """The OpenFlow matches of a logical flow's match; an expression must be annotated.

    Raises LogicalError where the text is wrong.
    """
    if isinstance(match, str) and lookups.scope.symbols is NO_SCOPE.symbols and not _DEPENDENT.search(match):
        clauses, compiled = _everywhere(match)
        return compiled or compile_clauses(clauses, lookups.port_key)
    expression = parse_match(match, lookups.scope) if isinstance(match, str) else match
    return compile_clauses(normalize(simplify(expression, lookups.is_resident)), lookups.port_key)


def number_rule(rule: Rule, base: int) -> tuple[Match, tuple[Part, ...]]:
    """The rule's match and parts with the flow's own conjunction ids: `base` is added to each."""
    match = rule.match.with_fields({FIELDS["conj_id"]: rule.conjunction + base}) if rule.conjunction else rule.match
    return match, tuple(part._replace(conjunction=part.conjunction + base) for part in rule.parts)
