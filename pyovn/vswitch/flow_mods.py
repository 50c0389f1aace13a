"""Commands about rules: add, modify, delete, each undoable, so that a bundle that fails leaves the tables as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyovn.openflow import ports
from pyovn.openflow.action import Action, Clone, Ct, Group, Output, WriteActions
from pyovn.openflow.commands import ALL_TABLES, ANY_GROUP, FlowCommand, FlowFlag, FlowMod, RemovedReason
from pyovn.openflow.match import Match
from pyovn.vswitch import classifier
from pyovn.vswitch.changes import rule_change, touch
from pyovn.vswitch.datapath import TABLES, Bridge, Datapath, settle, table_of
from pyovn.vswitch.rule import Rule, conjunctions_of

Undo = Callable[[], None]

_KEPT_FLAGS = FlowFlag.SEND_FLOW_REM | FlowFlag.NO_PKT_COUNTS | FlowFlag.NO_BYT_COUNTS | FlowFlag.RESET_COUNTS | FlowFlag.CHECK_OVERLAP


class Refused(Exception):
    """A command that the switch cannot carry out: OpenFlow error type and code."""

    def __init__(self, kind: int, code: int, fact: str) -> None:
        super().__init__(fact)
        self.kind = kind
        self.code = code


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """A rule that left its table, for those who want to know."""

    bridge: Bridge
    rule: Rule
    reason: RemovedReason


FLOW_MOD_FAILED, BAD_TABLE_ID, OVERLAP = 5, 2, 3
BAD_MATCH, BAD_ACTION = 4, 2


def change_flows(datapath: Datapath, bridge: Bridge, command: FlowMod, now: float, gone: list[Removed]) -> list[Undo]:
    """Carry a command out; answers how to undo it, in the order in which to do that. Adds the rules that left to `gone`.

    Raises Refused, with nothing changed.
    """
    if command.table >= TABLES and command.table != ALL_TABLES:
        raise Refused(FLOW_MOD_FAILED, BAD_TABLE_ID, f"table {command.table} is out of range")
    if command.command in (FlowCommand.DELETE, FlowCommand.DELETE_STRICT):
        doomed = list(_meant(bridge, command))
        gone.extend(Removed(bridge, rule, RemovedReason.DELETE) for rule in doomed)
        return [take_out(datapath, bridge, rule) for rule in doomed][::-1]
    _check(bridge, command)
    if command.command is FlowCommand.ADD:
        return _add(datapath, bridge, command, now, gone)
    meant = list(_meant(bridge, command))
    if not meant:
        # In OpenFlow 1.0 a modification of nothing adds; with a cookie mask, as in later versions, it does nothing.
        return []
    return [_modify(datapath, bridge, rule, command, now=now) for rule in meant]


def _check(bridge: Bridge, command: FlowMod) -> None:
    if command.table == ALL_TABLES and command.command is FlowCommand.ADD:
        raise Refused(FLOW_MOD_FAILED, BAD_TABLE_ID, "a rule is added to one table")
    for action in nested(command.actions):
        if isinstance(action, Group) and action.group_id not in bridge.groups:
            raise Refused(BAD_ACTION, 9, f"group {action.group_id} does not exist")


def nested(actions: Iterable[Action]) -> Iterator[Action]:
    """The actions and those inside them."""
    for action in actions:
        yield action
        if isinstance(action, WriteActions | Clone | Ct):
            yield from nested(action.actions)


def _add(datapath: Datapath, bridge: Bridge, command: FlowMod, now: float, gone: list[Removed]) -> list[Undo]:
    table = table_of(bridge, command.table)
    if command.flags & FlowFlag.CHECK_OVERLAP:
        if next(classifier.overlapping(table, command.match, command.priority), None) is not None:
            raise Refused(FLOW_MOD_FAILED, OVERLAP, "another rule of that priority overlaps")
    rule = Rule(
        command.table, command.match, command.priority, command.actions, command.cookie,
        command.idle_timeout, command.hard_timeout, command.flags & _KEPT_FLAGS, command.importance,
        created=now, modified=now, used=now, conjunctions=conjunctions_of(command.actions),
    )  # fmt: skip
    undo: list[Undo] = []
    old = classifier.find(table, command.match, command.priority)
    if old is not None:
        if not command.flags & FlowFlag.RESET_COUNTS:
            _inherit(datapath, rule, old)
        undo.append(take_out(datapath, bridge, old))
    _put_in(datapath, bridge, rule)
    undo.insert(0, lambda: _discard(datapath, bridge, rule))
    return undo


def _inherit(datapath: Datapath, rule: Rule, old: Rule) -> None:
    """A rule that takes another's place goes on with its counters (OpenFlow 1.3.5, 6.4)."""
    settle(datapath)
    rule.packets, rule.bytes, rule.used, rule.created = old.packets, old.bytes, old.used, old.created


def _modify(datapath: Datapath, bridge: Bridge, rule: Rule, command: FlowMod, *, now: float) -> Undo:
    before = (rule.actions, rule.conjunctions, rule.cookie, rule.modified)
    _rewrite(datapath, bridge, rule, (command.actions, conjunctions_of(command.actions), command.cookie or rule.cookie, now))
    return lambda: _rewrite(datapath, bridge, rule, before)


def _rewrite(datapath: Datapath, bridge: Bridge, rule: Rule, what: tuple[object, ...]) -> None:
    _unindex(bridge, rule)
    rule.actions, rule.conjunctions, rule.cookie, rule.modified = what  # type: ignore[assignment]
    _index(bridge, rule)
    touch(datapath.changes, rule_change(bridge.name, rule.table, rule.match))


def _put_in(datapath: Datapath, bridge: Bridge, rule: Rule) -> None:
    rule.removed = False
    classifier.insert(table_of(bridge, rule.table), rule)
    _index(bridge, rule)
    touch(datapath.changes, rule_change(bridge.name, rule.table, rule.match))


def _discard(datapath: Datapath, bridge: Bridge, rule: Rule) -> None:
    rule.removed = True
    classifier.remove(bridge.tables[rule.table], rule)
    _unindex(bridge, rule)
    touch(datapath.changes, rule_change(bridge.name, rule.table, rule.match))


def take_out(datapath: Datapath, bridge: Bridge, rule: Rule) -> Undo:
    """Take a rule out; answers how to put it back."""
    _discard(datapath, bridge, rule)
    return lambda: _put_in(datapath, bridge, rule)


def _index(bridge: Bridge, rule: Rule) -> None:
    bridge.by_cookie.setdefault(rule.cookie, set()).add(rule)
    if rule.idle_timeout or rule.hard_timeout:
        bridge.timed.add(rule)


def _unindex(bridge: Bridge, rule: Rule) -> None:
    same = bridge.by_cookie[rule.cookie]
    same.discard(rule)
    if not same:
        del bridge.by_cookie[rule.cookie]
    bridge.timed.discard(rule)


def remove_rule(datapath: Datapath, bridge: Bridge, rule: Rule) -> None:
    """Take a rule out for good."""
    _discard(datapath, bridge, rule)


def _meant(bridge: Bridge, command: FlowMod) -> Iterator[Rule]:
    """The rules that a modification or deletion is about."""
    strict = command.command in (FlowCommand.MODIFY_STRICT, FlowCommand.DELETE_STRICT)
    deletes = command.command in (FlowCommand.DELETE, FlowCommand.DELETE_STRICT)
    priority = command.priority if strict else None
    for rule in select(bridge, command.match, command.table, priority=priority, cookie=(command.cookie, command.cookie_mask)):
        if not deletes or leads_to(rule, command.out_port, command.out_group):
            yield rule


def select(
    bridge: Bridge, match: Match, table: int, *, priority: int | None = None, cookie: tuple[int, int] = (0, 0)
) -> Iterator[Rule]:
    """The rules of one table or all: with a priority the one of exactly this match, else all that are no wider than it."""
    value, mask = cookie
    if mask == _WHOLE_COOKIE and priority is None:
        same = bridge.by_cookie.get(value, ())
        yield from (rule for rule in tuple(same) if table in (ALL_TABLES, rule.table) and _no_wider(rule.match, match))
        return
    numbers = sorted(bridge.tables) if table == ALL_TABLES else [table] if table in bridge.tables else []
    for number in numbers:
        if priority is None:
            found: Iterable[Rule] = classifier.within(bridge.tables[number], match)
        else:
            exact = classifier.find(bridge.tables[number], match, priority)
            found = () if exact is None else (exact,)
        yield from (rule for rule in tuple(found) if (rule.cookie ^ value) & mask == 0)


_WHOLE_COOKIE = 0xFFFFFFFFFFFFFFFF


def _no_wider(match: Match, other: Match) -> bool:
    own = {at: (value, mask) for at, value, mask in match.terms}
    for at, value, mask in other.terms:
        own_value, own_mask = own.get(at, (0, 0))
        if own_mask & mask != mask or own_value & mask != value:
            return False
    return True


def leads_to(rule: Rule, out_port: int, out_group: int) -> bool:
    """Does the rule output to this port and group? NONE and ANY_GROUP ask for nothing."""
    if out_port != ports.NONE and not any(isinstance(a, Output) and a.port == out_port for a in nested(rule.actions)):
        return False
    return out_group == ANY_GROUP or any(isinstance(a, Group) and a.group_id == out_group for a in nested(rule.actions))


def learn_rule(datapath: Datapath, bridge: Bridge, command: FlowMod, *, limit: int, now: float) -> None:
    """Add the rule that a packet taught, or refresh it where it is there already; beyond `limit` of its cookie none is added."""
    table = table_of(bridge, command.table)
    old = classifier.find(table, command.match, command.priority)
    if old is not None and old.actions == command.actions and old.cookie == command.cookie:
        old.modified = now
        return
    if limit and old is None and sum(rule.table == command.table for rule in bridge.by_cookie.get(command.cookie, ())) >= limit:
        return
    change_flows(datapath, bridge, command, now, [])


def expired(rule: Rule, now: float) -> RemovedReason | None:
    """Is the rule's time over, and how?"""
    if rule.hard_timeout and now >= rule.modified + rule.hard_timeout:
        return RemovedReason.HARD_TIMEOUT
    # A learned rule is also kept alive by being learned again.
    if rule.idle_timeout and now >= max(rule.used, rule.modified) + rule.idle_timeout:
        return RemovedReason.IDLE_TIMEOUT
    return None


def next_expiry(bridge: Bridge) -> float:
    """When the next rule's time may be over, if no packet hits it before."""
    whens = [rule.modified + rule.hard_timeout for rule in bridge.timed if rule.hard_timeout]
    whens += [max(rule.used, rule.modified) + rule.idle_timeout for rule in bridge.timed if rule.idle_timeout]
    return min(whens, default=float("inf"))
