"""A question to the network: where does this packet go? Its answer is text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pyovn.logical.expression import And, Compare, Expression, Or
from pyovn.logical.lexer import LogicalError
from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import Scope, parse
from pyovn.logical.tables import Pipeline
from pyovn.openflow.match_text import format_flow
from pyovn.packet.flow import Flow
from pyovn.trace import fields, lookups, output, packets, tracking
from pyovn.trace.engine import INPORT, Assumptions, Step, Trace, enter, pipeline_title
from pyovn.trace.names import Names
from pyovn.trace.network import Datapath, Network, UnknownName
from pyovn.trace.tree import Kind, Node, format_trace

SIMULATED = (fields, lookups, output, packets, tracking)
"""The modules that say what actions do."""


@dataclass(frozen=True, slots=True)
class Request:
    """One trace: what to send where, what to assume, how to print it."""

    microflow: str
    datapath: str = ""
    """Name or uuid; empty: that of the port which the microflow names."""
    forms: tuple[str, ...] = ("detailed",)
    assumptions: Assumptions = field(default_factory=Assumptions)
    friendly_names: bool = True
    rules: Callable[[str], list[str]] | None = None
    """See `Trace`."""


def _inport(expression: Expression) -> str:
    """The port that an expression demands to come from; empty if it says nothing of it."""
    if isinstance(expression, Compare):
        return str(expression.value) if expression.symbol.name == "inport" else ""
    parts = expression.parts if isinstance(expression, And | Or) else ()
    return next((name for name in map(_inport, parts) if name), "")


def _find_datapath(network: Network, request: Request) -> Datapath:
    if request.datapath:
        return network.find_datapath(request.datapath)
    try:
        name = _inport(parse(request.microflow, Scope(network.address_sets, {})))
    except LogicalError as error:
        raise UnknownName(f"error parsing flow: {error}") from None
    if not name:
        raise UnknownName("error parsing flow: flow match expression does not match on inport")
    port = network.port(name)
    if port is None:
        raise UnknownName(f'unknown port "{name}"')
    return network.datapaths[port.datapath]


def _packet(network: Network, datapath: Datapath, request: Request, warn: Callable[[str], None]) -> Flow:
    """The packet that the request describes."""
    unknown: set[str] = set()

    def port_key(name: str) -> int | None:
        key = network.port_key(datapath, name)
        if key is None and name not in unknown and network.port(name) is None:
            unknown.add(name)
            warn(f"{name}: unknown logical port")
        return key

    scope = Scope(network.address_sets, network.port_groups(datapath))
    try:
        return parse_microflow(request.microflow, scope, port_key)
    except LogicalError as error:
        raise UnknownName(f"error parsing flow: {error}") from None


def answer(network: Network, request: Request, warn: Callable[[str], None]) -> str:
    """The whole output of a trace; what cannot be traced is said in a line instead."""
    try:
        datapath = _find_datapath(network, request)
        packet = _packet(network, datapath, request, warn)
    except UnknownName as problem:
        return f"{problem}\n"
    if packet[INPORT] not in network.ports(datapath):
        return "microflow does not specify ingress port"
    header = f"# {format_flow(packet)}\n"
    root = Node(Kind.PIPELINE, "")
    _start(Trace(network, Names(network, request.friendly_names), request.assumptions, warn, request.rules), datapath, packet, root)
    return header + format_trace(root.children, list(request.forms))


def _start(trace: Trace, datapath: Datapath, packet: Flow, root: Node) -> None:
    """Send the packet in by the port that it says."""
    step = Step(trace, datapath, Pipeline.INGRESS, 0, packet, root)
    enter(step, step.say(Kind.PIPELINE, pipeline_title(step, datapath, Pipeline.INGRESS)), datapath, Pipeline.INGRESS, packet)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a packet: where it leaves the network, by the ports' names, and as what; and what waits at an agent."""

    departures: list[tuple[str, Flow]]
    held: list[Flow]


def fate(network: Network, inport: str, packet: Flow, warn: Callable[[str], None]) -> Fate:
    """The fate of a packet that comes from a port. Raises UnknownName if there is no such port."""
    port = network.port(inport)
    if port is None:
        raise UnknownName(f'unknown port "{inport}"')
    flow = list(packet)
    flow[INPORT] = port.key
    trace = Trace(network, Names(network, False), Assumptions(), warn)
    _start(trace, network.datapaths[port.datapath], flow, Node(Kind.PIPELINE, ""))
    return Fate([(left.name, there) for left, there in trace.departures], trace.held)
