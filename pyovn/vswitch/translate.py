"""Reaches a verdict: runs a packet through the tables, action by action, and records what the outcome depended on."""

from __future__ import annotations

from pyovn.packet.flow import Flow
from pyovn.vswitch import actions
from pyovn.vswitch.cache import Verdict
from pyovn.vswitch.datapath import FROM_THE_START, Datapath, State
from pyovn.vswitch.ops import Track
from pyovn.vswitch.output import arrive
from pyovn.vswitch.pipeline import PERFORM, run
from pyovn.vswitch.walk import Walk, begin

assert actions.__name__ and PERFORM, "the actions are registered when their module is imported"


def translate(datapath: Datapath, state: State, flow: Flow, *, explain: bool = False) -> tuple[Verdict, Walk]:
    """What to do with a packet that enters in `state`, and the walk that tells what that depended on."""
    walk = begin(datapath, state, flow, explain=explain)
    if state.todo is FROM_THE_START:
        arrive(walk)
    run(walk)
    if walk.failed:
        walk.ops.clear()
    if walk.ops and isinstance(walk.ops[-1], Track):
        walk.ops[-1] = walk.ops[-1]._replace(last=True)
    verdict = Verdict(tuple(walk.ops), tuple(walk.rules), tuple(walk.dependencies), datapath.changes.generation)
    return verdict, walk


