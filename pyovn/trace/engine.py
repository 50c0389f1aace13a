"""One packet through the tables of logical flows, every branch of its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from pyovn.logical.actions.environment import Action
from pyovn.logical.actions.learned import Endpoint
from pyovn.logical.actions.read import Parsed, parse_actions
from pyovn.logical.actions.reader import Place
from pyovn.logical.annotate import annotate
from pyovn.logical.compile import parse_match
from pyovn.logical.evaluate import evaluate
from pyovn.logical.expression import Expression, conjoin
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import Scope
from pyovn.logical.tables import Pipeline
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.trace.names import Names
from pyovn.trace.network import Datapath, Network, Port
from pyovn.trace.network import Flow as LogicalFlow
from pyovn.trace.tree import Kind, Node

INPORT, OUTPORT, FLAGS = slot.REG0 + 14, slot.REG0 + 15, slot.REG0 + 10
MULTICAST_FROM = 32768
"""Keys from here on are those of multicast groups."""
MAX_DEPTH = 4096 // 16
"""So many tables may call each other."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a user says about state that no database has."""

    ct_states: tuple[int, ...] = ()
    """What successive passes through conntrack report."""
    lb_destination: Endpoint | None = None
    """Where load balancers send the packet; without a port it keeps its own."""
    select_id: int | None = None
    choose: Callable[[int], int] = lambda count: 0
    """Picks one of so many."""


@dataclass(slots=True)
class Trace:
    """A trace in progress."""

    network: Network
    names: Names
    assumptions: Assumptions
    warn: Callable[[str], None]
    rules: Callable[[str], list[str]] | None = None
    """The rules of a switch that come from the flow with a uuid, where one is asked for them; `LookupError` if it does not say."""
    ct_used: int = 0
    """How many of the assumed conntrack states have been reported."""
    lb_used: bool = False
    """A balancer has chosen the assumed destination among its own; the next one chooses freely."""
    matches: dict[tuple[str, str], Expression | None] = field(default_factory=dict)
    departures: list[tuple[Port, Flow]] = field(default_factory=list)
    """Where packets left the network, and as what."""
    held: list[Flow] = field(default_factory=list)
    """Packets that an agent keeps until their next hop has said its MAC."""

    def next_ct_state(self) -> tuple[int, bool]:
        """What the next pass through conntrack reports, and whether that is the default."""
        if self.ct_used < len(self.assumptions.ct_states):
            self.ct_used += 1
            return self.assumptions.ct_states[self.ct_used - 1], False
        return CT_DEFAULT, True


CT_DEFAULT = 0x22
"""Tracked and established."""


@dataclass(slots=True)
class Step:
    """A packet somewhere in a pipeline; `node` is what the trace adds to."""

    trace: Trace
    datapath: Datapath
    pipeline: Pipeline
    table: int
    flow: Flow
    node: Node
    stack: list[int] = field(default_factory=list)
    depth: int = 0

    def branch(self, node: Node) -> Step:
        """The same place with a packet of its own."""
        return Step(self.trace, self.datapath, self.pipeline, self.table, list(self.flow), node, self.stack, self.depth)

    def say(self, kind: Kind, text: str, brief: str = "") -> Node:
        """Add to the trace, in names that people know."""
        names = self.trace.names
        return self.node.add(kind, names.friendly(text), names.friendly(brief))

    def next(self) -> None:
        """On to the next table."""
        walk(self, self.table + 1)

    def port(self, at: int) -> Port | None:
        """The port whose key a slot holds."""
        return self.trace.network.ports(self.datapath).get(self.flow[at])

    def port_name(self, at: int) -> str:
        """The name of the port or multicast group whose key a slot holds; empty for none."""
        key = self.flow[at]
        port = self.port(at)
        if port is not None:
            return port.name
        group = self.trace.network.multicast_groups(self.datapath).get(key)
        return group[0] if group else f"(key {key})" if key else ""

    def scope(self) -> Scope:
        """What `$name` and `@name` are."""
        return Scope(self.trace.network.address_sets, self.trace.network.port_groups(self.datapath))

    def port_key(self, name: str) -> int | None:
        """The key of a port of this datapath."""
        return self.trace.network.port_key(self.datapath, name)


Simulation: TypeAlias = Callable[[Step, Any], None]
S = TypeVar("S", bound=Simulation)
SIMULATIONS: dict[type, Simulation] = {}
"""What each class of actions does to a packet. Those that are not here do nothing that a trace could show."""


def simulates(*kinds: type) -> Callable[[S], S]:
    """Register what classes of actions do."""

    def register(simulation: S) -> S:
        SIMULATIONS.update(dict.fromkeys(kinds, simulation))
        return simulation

    return register


def run(step: Step, actions: Sequence[Action]) -> None:
    """Each action, as it is written and as it works out."""
    if not actions:
        step.say(Kind.ACTION, "drop;")
    for action in actions:
        step.say(Kind.ACTION, action.format())
        simulation = SIMULATIONS.get(type(action))
        if simulation is not None:
            simulation(step, action)


def _expression(step: Step, flow: LogicalFlow) -> Expression | None:
    """The flow's match with what its actions need, parsed once for a datapath; None if it is faulty."""
    key = (step.datapath.uuid, flow.uuid)
    if key not in step.trace.matches:
        scope = step.scope()
        found: Expression | None = None
        try:
            parsed = _parse(step, flow)
            found = parse_match(flow.match, scope)
            if parsed.needs is not None:
                found = conjoin((found, annotate(parsed.needs, scope)))
        except LogicalError as error:
            step.trace.warn(f"{flow.match}: parsing expression failed ({error})")
        step.trace.matches[key] = found
    return step.trace.matches[key]


def _parse(step: Step, flow: LogicalFlow) -> Parsed:
    return parse_actions(flow.actions, Place(step.pipeline, flow.table, step.scope()))


def _matching(step: Step, flows: Sequence[LogicalFlow]) -> LogicalFlow | None:
    """The first flow whose match holds; the flows stand by falling priority."""
    for flow in flows:
        if flow.match == "1" and flow.actions == "next;":
            return flow
        expression = _expression(step, flow)
        if expression is not None and evaluate(expression, step.flow, step.port_key):
            return flow
    return None


def _title(flow: LogicalFlow) -> str:
    source = f" ({flow.source})" if flow.source else ""
    stage = f"{flow.stage}{source}: " if flow.stage else ""
    return f"{flow.table:2d}. {stage}{flow.match}, priority {flow.priority}, uuid {flow.uuid[:8]}"


def walk(step: Step, table: int) -> None:
    """Look the packet up in a table of its pipeline, and do what the flow says. Tables that only pass on are not shown."""
    while True:
        if step.depth > MAX_DEPTH:
            step.say(Kind.REMARK, "*** trace is too deep: the tables call each other without end")
            return
        flows = step.trace.network.flows(step.datapath, step.pipeline, table)
        flow = _matching(step, flows)
        if flow is None or not (flow.match == "1" and flow.actions == "next;"):
            break
        table += 1
    if flow is None:
        stage = f"{flows[0].stage}: " if flows and flows[0].stage else ""
        step.say(Kind.TABLE, f"{table:2d}. {stage}no match (implicit drop)")
        return
    inner = Step(
        step.trace, step.datapath, step.pipeline, table, step.flow, step.say(Kind.TABLE, _title(flow)), step.stack, step.depth + 1
    )
    _say_rules(inner, flow)
    run(inner, _parse(step, flow).actions)


def _say_rules(step: Step, flow: LogicalFlow) -> None:
    """What a switch has for a flow."""
    if step.trace.rules is None:
        return
    try:
        found = step.trace.rules(flow.uuid)
    except LookupError as problem:
        step.say(Kind.REMARK, f"*** error obtaining flow stats ({problem})")
        return
    for rule in found:
        step.node.add(Kind.ACTION, rule)
    if not found:
        step.say(Kind.REMARK, "*** no OpenFlow flows")


def enter(step: Step, node: Node, datapath: Datapath, pipeline: Pipeline, flow: Flow) -> None:
    """A packet at the first table of a pipeline."""
    walk(Step(step.trace, datapath, pipeline, 0, flow, node, [], step.depth + 1), 0)


def pipeline_title(step: Step, datapath: Datapath, pipeline: Pipeline) -> str:
    """`ingress(dp="…", inport="…")`."""
    inport, outport = step.port_name(INPORT), step.port_name(OUTPORT)
    parts = [f'dp="{step.trace.names.datapath(datapath)}"'] + ([f'inport="{inport}"'] if inport else [])
    parts += [f'outport="{outport}"'] if pipeline is Pipeline.EGRESS else []
    return f"{pipeline.word}({', '.join(parts)})"


