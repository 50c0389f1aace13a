"""Finds the rule of highest priority that a packet matches: tuple-space search with staged lookups and conjunctive matches.

Rules with the same masks share a subtable, where one dictionary look-up finds them. Every bit of the packet that a look-up
depended on is recorded, so that its outcome may be reused for packets that agree in those bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyovn.openflow.match import Match
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.vswitch.rule import Rule

Masks: TypeAlias = list[int]
"""A mask for each slot of a `Flow`."""

Key: TypeAlias = tuple[int, ...]
Terms: TypeAlias = tuple[tuple[int, int], ...]
"""(slot, mask) pairs."""

# A look-up that fails in an early stage has only read the fields of that stage: what the pipeline remembers, then layer 2
# and connection tracking, then layer 3, then layer 4.
_LAYER2 = range(slot.CT_STATE, slot.NW_SRC)
_LAYER3 = frozenset((*range(slot.NW_SRC, slot.TP_SRC), slot.ND_TARGET))
_LAYER4 = frozenset(range(slot.TP_SRC, slot.REG0)) - _LAYER3


@dataclass(slots=True, eq=False)
class Subtable:
    """The rules that ask about exactly the same bits."""

    stages: tuple[Terms, ...]
    rules: dict[Key, list[Rule]] = field(default_factory=dict)
    """By the values of all stages; each list by descending priority, one rule a priority."""
    prefixes: tuple[dict[Key, int], ...] = ()
    """For each stage but the last: how many keys of `rules` begin with these values."""
    priorities: dict[int, int] = field(default_factory=dict)
    """How many rules have each priority."""
    max_priority: int = -1


@dataclass(slots=True, eq=False)
class Classifier:
    """The rules of one flow table."""

    subtables: dict[Terms, Subtable] = field(default_factory=dict)
    order: list[Subtable] = field(default_factory=list)
    """By descending `max_priority`, so that a search can stop early."""
    count: int = 0


def insert(classifier: Classifier, rule: Rule) -> None:
    """Add a rule; one of equal match and priority must have been removed before."""
    terms, values = _split(rule.match)
    subtable = classifier.subtables.get(terms)
    if subtable is None:
        stages = _stages(terms)
        subtable = classifier.subtables[terms] = Subtable(stages, prefixes=tuple({} for _ in stages[:-1]))
        classifier.order.append(subtable)
    key = _key_of(subtable, dict(zip((at for at, _ in terms), values)))
    rules = subtable.rules.get(key)
    if rules is None:
        rules = subtable.rules[key] = []
        _count_prefixes(subtable, key, 1)
    assert all(other.priority != rule.priority for other in rules)
    rules.append(rule)
    rules.sort(key=_descending)
    classifier.count += 1
    subtable.priorities[rule.priority] = subtable.priorities.get(rule.priority, 0) + 1
    if rule.priority > subtable.max_priority:
        subtable.max_priority = rule.priority
        classifier.order.sort(key=_by_priority)


def remove(classifier: Classifier, rule: Rule) -> None:
    """Take a rule out."""
    terms, values = _split(rule.match)
    subtable = classifier.subtables[terms]
    key = _key_of(subtable, dict(zip((at for at, _ in terms), values)))
    rules = subtable.rules[key]
    rules.remove(rule)
    classifier.count -= 1
    subtable.priorities[rule.priority] -= 1
    if not subtable.priorities[rule.priority]:
        del subtable.priorities[rule.priority]
    if not rules:
        del subtable.rules[key]
        _count_prefixes(subtable, key, -1)
    if not subtable.rules:
        del classifier.subtables[terms]
        classifier.order.remove(subtable)
    elif rule.priority == subtable.max_priority and rule.priority not in subtable.priorities:
        subtable.max_priority = max(subtable.priorities)
        classifier.order.sort(key=_by_priority)


def find(classifier: Classifier, match: Match, priority: int) -> Rule | None:
    """The rule of exactly this match and priority."""
    terms, values = _split(match)
    subtable = classifier.subtables.get(terms)
    if subtable is None:
        return None
    rules = subtable.rules.get(_key_of(subtable, dict(zip((at for at, _ in terms), values))), ())
    return next((rule for rule in rules if rule.priority == priority), None)


def every_rule(classifier: Classifier) -> Iterator[Rule]:
    """All rules, in no particular order."""
    for subtable in classifier.order:
        for rules in subtable.rules.values():
            yield from rules


def within(classifier: Classifier, match: Match) -> Iterator[Rule]:
    """The rules that match only packets which `match` matches too: those that a loose command means."""
    for terms, subtable in classifier.subtables.items():
        masks = dict(terms)
        if all(masks.get(at, 0) & mask == mask for at, _, mask in match.terms):
            yield from (rule for rules in subtable.rules.values() for rule in rules if _agrees(rule.match, match))


def overlapping(classifier: Classifier, match: Match, priority: int) -> Iterator[Rule]:
    """The rules of this priority that some packet could match together with `match`."""
    asked = {at: (value, mask) for at, value, mask in match.terms}
    for rule in every_rule(classifier):
        if rule.priority == priority and not any(
            (value ^ asked[at][0]) & mask & asked[at][1] for at, value, mask in rule.match.terms if at in asked
        ):
            yield rule


def lookup(classifier: Classifier, flow: Flow, known: Masks, consulted: Masks) -> Rule | None:
    """The rule that `flow` matches with the highest priority.

    Adds to `consulted` every bit that the answer depends on, without those that are `known`: bits which the pipeline itself wrote.
    """
    hard: Rule | None = None
    soft: list[Rule] = []
    for subtable in classifier.order:
        if hard is not None and subtable.max_priority <= hard.priority:
            break
        for rule in _probe(subtable, flow, known, consulted):
            if hard is not None and rule.priority <= hard.priority:
                break
            if not rule.conjunctions:
                hard = rule
                break
            soft.append(rule)
    if not soft:
        return hard
    return _conjunctive(classifier, flow, known, consulted, soft=soft, hard=hard)


def _probe(subtable: Subtable, flow: Flow, known: Masks, consulted: Masks) -> Iterable[Rule]:
    """The rules whose values `flow` has; stops, and stops reading, after the first stage that no rule agrees with."""
    key: Key = ()
    last = len(subtable.stages) - 1
    for number, terms in enumerate(subtable.stages):
        for at, mask in terms:
            consulted[at] |= mask & ~known[at]
        key += tuple([flow[at] & mask for at, mask in terms])
        if number < last and key not in subtable.prefixes[number]:
            return ()
    return subtable.rules.get(key, ())


def _conjunctive(
    classifier: Classifier, flow: Flow, known: Masks, consulted: Masks, *, soft: list[Rule], hard: Rule | None
) -> Rule | None:
    """The rule of a conjunction all of whose clauses are among `soft`, if its priority beats that of `hard`; else `hard`."""
    floor = -1 if hard is None else hard.priority
    for priority in sorted({rule.priority for rule in soft if rule.priority > floor}, reverse=True):
        for conj_id in sorted(_complete(rule for rule in soft if rule.priority == priority)):
            flow[slot.CONJ_ID] = conj_id
            found = _hardest(classifier, flow, known, consulted)
            flow[slot.CONJ_ID] = 0
            if found is not None:
                return found
    return hard


def _complete(rules: Iterable[Rule]) -> Iterator[int]:
    """The conjunctions every clause of which some rule stands for."""
    seen: dict[tuple[int, int], set[int]] = {}
    for rule in rules:
        for part in rule.conjunctions:
            seen.setdefault((part.conj_id, part.clauses), set()).add(part.clause)
    return (conj_id for (conj_id, clauses), present in seen.items() if len(present) == clauses)


def _hardest(classifier: Classifier, flow: Flow, known: Masks, consulted: Masks) -> Rule | None:
    """The look-up that knows no conjunctions."""
    best: Rule | None = None
    for subtable in classifier.order:
        if best is not None and subtable.max_priority <= best.priority:
            break
        rules = _probe(subtable, flow, known, consulted)
        found = next((rule for rule in rules if not rule.conjunctions), None)
        if found is not None and (best is None or found.priority > best.priority):
            best = found
    return best


def _agrees(match: Match, wider: Match) -> bool:
    values = {at: value for at, value, _ in match.terms}
    return all(values[at] & mask == value for at, value, mask in wider.terms)


def _split(match: Match) -> tuple[Terms, Key]:
    return tuple((at, mask) for at, _, mask in match.terms), tuple(value for _, value, _ in match.terms)


def _stages(terms: Terms) -> tuple[Terms, ...]:
    stages: tuple[list[tuple[int, int]], ...] = ([], [], [], [])
    for at, mask in terms:
        stages[_stage_of(at)].append((at, mask))
    return tuple(tuple(stage) for stage in stages if stage) or ((),)


def _stage_of(at: int) -> int:
    if at in _LAYER2:
        return 1
    if at in _LAYER3:
        return 2
    return 3 if at in _LAYER4 else 0


def _key_of(subtable: Subtable, values: dict[int, int]) -> Key:
    return tuple(values[at] for stage in subtable.stages for at, _ in stage)


def _count_prefixes(subtable: Subtable, key: Key, step: int) -> None:
    length = 0
    for stage, counts in zip(subtable.stages, subtable.prefixes):
        length += len(stage)
        prefix = key[:length]
        counts[prefix] = counts.get(prefix, 0) + step
        if not counts[prefix]:
            del counts[prefix]


def _descending(rule: Rule) -> int:
    return -rule.priority


def _by_priority(subtable: Subtable) -> int:
    return -subtable.max_priority
