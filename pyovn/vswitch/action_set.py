"""The order in which an action set's actions run, whatever order they were written in (OpenFlow 1.5.1, 5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyovn.openflow.action import (
    Action,
    Actions,
    Ct,
    DecMplsTtl,
    DecTtl,
    Group,
    Move,
    Output,
    OutputField,
    PopMpls,
    PopVlan,
    PushMpls,
    PushVlan,
    Resubmit,
    SetField,
    SetQueue,
    SetTunnel,
    SetVlanPcp,
    SetVlanVid,
)

_FIRST: tuple[type[object], ...] = (PopVlan, PopMpls, PushMpls, PushVlan, DecTtl, DecMplsTtl)
"""At most one of each, in this order."""

_SETS = (SetField, Move, SetTunnel, SetVlanVid, SetVlanPcp)
_LAST: tuple[type[object], ...] = (Group, Output, OutputField, Resubmit, Ct)
"""Only the first kind that is there runs: where the packet goes."""


def add_to_set(action_set: list[Action], actions: Iterable[Action]) -> None:
    """Write actions to a set; each replaces an earlier one of its kind, and a field is set by whoever sets it last."""
    action_set.extend(actions)


def in_order(action_set: Sequence[Action]) -> Actions:
    """The actions of a set as a list."""
    ordered: list[Action] = []
    for kind in _FIRST:
        ordered.extend([action for action in action_set if isinstance(action, kind)][-1:])
    ordered.extend(action for action in action_set if isinstance(action, _SETS))
    ordered.extend([action for action in action_set if isinstance(action, SetQueue)][-1:])
    for kind in _LAST:
        where = [action for action in action_set if isinstance(action, kind)][-1:]
        if where:
            return (*ordered, *where)
    return tuple(ordered)
