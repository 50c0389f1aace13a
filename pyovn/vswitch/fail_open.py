"""What a bridge does that is not `secure` when its controllers are silent: it forgets their rules and becomes an ordinary switch.

It waits three of their inactivity probes: one until the silence is noticed, one for an answer, one to connect again
(ovs-vswitchd.conf.db(5), Bridge fail_mode).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from pyovn.machine import NEVER
from pyovn.openflow.commands import ALL_TABLES, FlowCommand, FlowMod
from pyovn.vswitch.bridges import BridgeState, Plant
from pyovn.vswitch.changes import touch_all
from pyovn.vswitch.flow_mods import change_flows

log = logging.getLogger("fail_open")

PROBES = 3


@dataclass(slots=True, eq=False)
class Silence:
    """Since when each bridge has been without its controllers, in seconds of the switch's clock."""

    since: dict[str, float] = field(default_factory=dict)
    at: float = NEVER
    """When a bridge next becomes an ordinary switch."""


def tick(silence: Silence, plant: Plant, now: float) -> None:
    """Let bridges be alone that have been for long enough, and be led again that can be."""
    silence.at = NEVER
    for name in [name for name in silence.since if name not in plant.bridges]:
        del silence.since[name]
    for name, state in plant.bridges.items():
        if state.wanted.secure or not state.wanted.controllers or _is_led(plant, state):
            silence.since.pop(name, None)
            _leave(plant, state)
            continue
        patience_s = PROBES * max(controller.inactivity_probe_ms for controller in state.wanted.controllers) / 1000
        ends = silence.since.setdefault(name, now) + patience_s
        if state.bridge.is_alone:
            continue
        if now > silence.since[name] and now >= ends:
            _enter(plant, state, now - silence.since[name], now)
        else:
            silence.at = min(silence.at, max(ends, now + 1.0))


def _is_led(plant: Plant, state: BridgeState) -> bool:
    return any(session.bridge == state.bridge.name and session.target and session.channel.connected for session in plant.agent.sessions)


def _enter(plant: Plant, state: BridgeState, silent_s: float, now: float) -> None:
    log.warning("%s: could not connect to controller for %d seconds, failing open", state.bridge.name, silent_s)
    change_flows(plant.datapath, state.bridge, FlowMod(command=FlowCommand.DELETE, table=ALL_TABLES), now, [])
    state.bridge.is_alone = True
    touch_all(plant.datapath.changes)


def _leave(plant: Plant, state: BridgeState) -> None:
    if state.bridge.is_alone:
        log.warning("%s: no longer in fail-open mode", state.bridge.name)
        state.bridge.is_alone = False
        touch_all(plant.datapath.changes)
