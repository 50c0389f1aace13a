"""The course of a packet: carries lists of actions out one by one, and looks the packet up in a table when one of them asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pyovn.openflow import ports
from pyovn.openflow.action import Output
from pyovn.openflow.match import Match
from pyovn.packet import slot
from pyovn.vswitch import classifier
from pyovn.vswitch.action_set import in_order
from pyovn.vswitch.changes import lookup_dependencies
from pyovn.vswitch.datapath import Bridge
from pyovn.vswitch.rule import Rule
from pyovn.vswitch.walk import MOST_DEPTH, MOST_RESUBMITS, Did, Frame, Hit, Walk, commit, remark

Perform: TypeAlias = Callable[[Walk, Any, Frame], None]

PERFORM: dict[type[object], Perform] = {}
"""What each action does, by its class; `actions` fills this."""


def performs(kind: type[object]) -> Callable[[Perform], Perform]:
    """Says that a function is what actions of class `kind` do."""

    def register(function: Perform) -> Perform:
        PERFORM[kind] = function
        return function

    return register


def run(walk: Walk) -> None:
    """Carry out what is on `walk.frames`, and then the action set."""
    while walk.frames and not walk.failed:
        frame = walk.frames[-1]
        if frame.at < len(frame.actions):
            action = frame.actions[frame.at]
            frame.at += 1
            walk.explain_depth = frame.explain_depth
            if walk.events is not None:
                walk.events.append(Did(frame.explain_depth, action))
            PERFORM[type(action)](walk, action, frame)
            continue
        walk.frames.pop()
        if not walk.frames and walk.action_set:
            actions = in_order(walk.action_set)
            walk.action_set.clear()
            walk.frames.append(Frame(actions, 0, frame.table, frame.cookie, frame.depth, frame.explain_depth))


def run_apart(walk: Walk, frame: Frame) -> None:
    """Carry `frame` out, its effects on the packet included, without touching what is still to be done."""
    outer, walk.frames = walk.frames, [frame]
    outer_set, walk.action_set = walk.action_set, []
    run(walk)
    commit(walk)
    walk.frames, walk.action_set = outer, outer_set


def is_last(walk: Walk) -> bool:
    """Is there nothing to do after the action under way?"""
    return not walk.action_set and all(frame.at >= len(frame.actions) for frame in walk.frames)


def look_up(walk: Walk, table: int, in_port: int, frame: Frame) -> None:
    """Find the packet's rule in `table`, as if it came from `in_port`, and carry its actions out next."""
    if frame.depth >= MOST_DEPTH or walk.resubmits >= MOST_RESUBMITS:
        deep = frame.depth >= MOST_DEPTH
        remark(walk, f"over max translation depth {MOST_DEPTH}" if deep else f"over {MOST_RESUBMITS} resubmit actions")
        walk.failed = True
        return
    walk.resubmits += 1
    flow, bridge = walk.flow, walk.bridge
    came_from = flow[slot.IN_PORT]
    flow[slot.IN_PORT] = in_port
    rule = _find(walk, bridge, table)
    flow[slot.IN_PORT] = came_from
    if walk.events is not None:
        walk.events.append(Hit(walk.explain_depth, bridge.name, table, rule))
    if rule is not None:
        walk.rules.append(rule)
        # Going on to a later table cannot go on for ever, so it does not count (ovs-actions(7), resubmit).
        deeper = frame.depth + (table <= frame.table)
        walk.frames.append(Frame(rule.actions, 0, table, rule.cookie, deeper, walk.explain_depth + 1))


ALONE = Rule(0, Match(), 0xF0F0F0, (Output(ports.NORMAL),))
"""What a bridge does that is without its controllers; above all priorities, and in no table."""


def _find(walk: Walk, bridge: Bridge, number: int) -> Rule | None:
    if bridge.is_alone and number == 0:
        return ALONE
    walk.dependencies.update(lookup_dependencies(bridge.name, number, walk.flow[slot.METADATA]))
    table = bridge.tables.get(number)
    return None if table is None else classifier.lookup(table, walk.flow, walk.known, walk.consulted)
