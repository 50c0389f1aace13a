"""Where packets go: from pipeline to pipeline, to every port of a group, out of a port."""

from __future__ import annotations

from pyovn.logical.actions import balance, flow
from pyovn.logical.tables import Pipeline
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.trace.engine import FLAGS, INPORT, OUTPORT, Step, enter, pipeline_title, run, simulates, walk
from pyovn.trace.network import Port
from pyovn.trace.tree import Kind, Node

LOOPBACK = 1
"""The flag that lets a packet leave by the port it came from."""
OMITTED = "/* omitting output because inport == outport && !flags.loopback */"
NOWHERE = "*** output to null logical port"
PAIRED = ("patch", "l3gateway")
"""Types of ports that lead to another datapath."""


def _clear_registers(packet: Flow) -> None:
    """The registers that a pipeline starts with as zero."""
    packet[slot.REG0 : slot.REG0 + 10] = [0] * 10


@simulates(flow.Next)
def to_table(step: Step, action: flow.Next) -> None:
    """`next;`, here or in the other pipeline."""
    if action.pipeline is step.pipeline:
        walk(step, action.table)
        return
    node = step.say(Kind.PIPELINE, pipeline_title(step, step.datapath, action.pipeline))
    walk(Step(step.trace, step.datapath, action.pipeline, action.table, step.flow, node, step.stack, step.depth + 1), action.table)


def _to_egress(step: Step, key: int, *, indented: bool = False) -> None:
    """The egress pipeline towards one port, for a packet of its own."""
    packet = list(step.flow)
    packet[OUTPORT] = key
    _clear_registers(packet)
    inner = step.branch(step.node)
    inner.flow = packet
    node = step.say(Kind.PIPELINE, pipeline_title(inner, step.datapath, Pipeline.EGRESS))
    if key == packet[INPORT] and not packet[FLAGS] & LOOPBACK:
        node.add(Kind.OUTPUT, OMITTED)
    else:
        node.indented = indented
        enter(step, node, step.datapath, Pipeline.EGRESS, packet)


def _to_group(step: Step, name: str, members: tuple[str, ...]) -> None:
    """The egress pipeline towards each port of a multicast group."""
    title = f'multicast(dp="{step.trace.names.datapath(step.datapath)}", mcgroup="{name}")'
    inner = step.branch(step.say(Kind.PIPELINE, title))
    ports = step.trace.network.ports(step.datapath)
    for port in sorted((port for port in ports.values() if port.uuid in members), key=lambda port: port.name):
        _to_egress(inner, port.key, indented=True)


def _from_ingress(step: Step) -> None:
    key = step.flow[OUTPORT]
    if not key:
        step.say(Kind.REMARK, NOWHERE)
        return
    group = step.trace.network.multicast_groups(step.datapath).get(key)
    port = step.port(OUTPORT)
    if group is not None:
        _to_group(step, *group)
    elif port is None:
        step.say(Kind.REMARK, f"*** unknown port or multicast group {key}")
    elif port.kind == "chassisredirect":
        _to_redirected(step, port)
    elif key == step.flow[INPORT] and not step.flow[FLAGS] & LOOPBACK:
        step.say(Kind.OUTPUT, OMITTED)
    else:
        _to_egress(step, key)


def _to_redirected(step: Step, port: Port) -> None:
    """The egress pipeline of a distributed gateway port, as on its gateway chassis."""
    real = step.trace.network.port(port.options.get("distributed-port", ""))
    if real is None or real.datapath != port.datapath:
        step.say(Kind.REMARK, f'*** output to type "{port.kind}" port "{port.name}" with no or invalid distributed port')
        return
    step.say(Kind.OUTPUT, f'/* Replacing type "{port.kind}" outport "{port.name}" with distributed port "{real.name}". */')
    _to_egress(step, real.key)


def _from_egress(step: Step) -> None:
    """Out of the port, or into the datapath behind it."""
    port = step.port(OUTPORT)
    if port is None:
        step.say(Kind.REMARK, f"*** unknown port or multicast group {step.flow[OUTPORT]}" if step.flow[OUTPORT] else NOWHERE)
        return
    peer = step.trace.network.port(port.options.get("peer", "")) if port.kind in PAIRED else None
    brief = "" if peer else f'output("{port.name}")'
    step.say(Kind.OUTPUT, f'/* output to "{port.name}", type "{port.kind}" */', brief)
    if peer is None:
        step.trace.departures.append((port, list(step.flow)))
    else:
        to_ingress(step, step.node, peer, step.flow)


def to_ingress(step: Step, node: Node, port: Port, arriving: Flow) -> None:
    """The ingress pipeline behind a port. No register of the last datapath comes along."""
    packet = list(arriving)
    packet[slot.REG0 : slot.REG0 + 16] = [0] * 16
    packet[INPORT] = port.key
    datapath = step.trace.network.datapaths[port.datapath]
    inner = Step(step.trace, datapath, Pipeline.INGRESS, 0, packet, node, [], step.depth + 1)
    enter(inner, inner.say(Kind.PIPELINE, pipeline_title(inner, datapath, Pipeline.INGRESS)), datapath, Pipeline.INGRESS, packet)


@simulates(flow.Output)
def output(step: Step, action: flow.Output) -> None:
    """`output;`"""
    if step.pipeline is Pipeline.INGRESS:
        _from_ingress(step)
    else:
        _from_egress(step)


@simulates(flow.Clone)
def clone(step: Step, action: flow.Clone) -> None:
    """`clone { … };`"""
    run(step.branch(step.say(Kind.TRANSFORMATION, "clone")), action.actions)


@simulates(balance.FwdGroup)
def forward_to_group(step: Step, action: balance.FwdGroup) -> None:
    """`fwd_group(…);`: by one of its ports."""
    keys = [key for key in map(step.port_key, action.ports) if key is not None]
    if not keys:
        step.say(Kind.REMARK, "/* omitting output because no taget port found. */")
        return
    _to_egress(step, keys[step.trace.assumptions.choose(len(keys))])
