"""The `learn` action: a packet makes a rule."""

from __future__ import annotations

from pyovn.openflow.action import Action, Learn, LearnLoad, LearnMatch, Output, SetField
from pyovn.openflow.commands import FlowCommand, FlowMod
from pyovn.openflow.fields import Field, Subfield
from pyovn.openflow.match import Match
from pyovn.vswitch.ops import LearnRule
from pyovn.vswitch.walk import Walk, read


def learn(walk: Walk, action: Learn) -> None:
    """The rule that this packet teaches, to be added whenever a packet of its kind passes."""
    walk.ops.append(LearnRule(walk.bridge, _rule(walk, action), action.limit))


def _rule(walk: Walk, action: Learn) -> FlowMod:
    asked: dict[Field, tuple[int, int]] = {}
    actions: list[Action] = []
    for spec in action.specs:
        if isinstance(spec, LearnMatch):
            value, mask = asked.get(spec.target.field, (0, 0))
            got = _value(walk, spec.source) << spec.target.offset
            asked[spec.target.field] = (value & ~spec.target.mask | got & spec.target.mask, mask | spec.target.mask)
        elif isinstance(spec, LearnLoad):
            got = _value(walk, spec.source) << spec.target.offset
            actions.append(SetField(spec.target.field, got & spec.target.mask, spec.target.mask, load=True))
        else:
            actions.append(Output(_value(walk, spec.source) & 0xFFFF))
    return FlowMod(
        Match.of(asked), tuple(actions), FlowCommand.ADD, action.table, action.priority, action.cookie,
        idle_timeout=action.idle_timeout, hard_timeout=action.hard_timeout, flags=action.flags & 1,
    )  # fmt: skip


def _value(walk: Walk, source: Subfield | int) -> int:
    return source if isinstance(source, int) else read(walk, source)
