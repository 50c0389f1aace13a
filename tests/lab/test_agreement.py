"""The interpreter of logical flows and the compiled rules in the hosts' switches give every packet the same fate.

Two things are not for the interpreter to know: an agent gives neighbour solicitations a source and hop limit of their own, and resets
a TTL; and a packet whose next hop is unknown waits at the agent until that has spoken.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random
from typing import TypeAlias

import pytest

from pyovn.cli.trace import select_through
from pyovn.lab import Network
from pyovn.northd.northd import Northd
from pyovn.packet import slot
from pyovn.packet.flow import Flow, parse_flow
from pyovn.trace import network as traced
from pyovn.trace.request import fate
from tests.lab.networks import NODES, Machine, Plan, bring_up, frame_of, plan_network

PACKETS = 25
NETWORKS = int(os.environ.get("PYOVN_LAB_NETWORKS", "12"))
"""So many networks are tried; a seed is a network, so a disagreement comes again."""

COMPARED = {
    "eth_src": slot.ETH_SRC, "eth_dst": slot.ETH_DST, "eth_type": slot.ETH_TYPE, "nw_src": slot.NW_SRC, "nw_dst": slot.NW_DST,
    "ipv6_src": slot.IPV6_SRC, "ipv6_dst": slot.IPV6_DST, "nw_proto": slot.NW_PROTO, "nw_ttl": slot.NW_TTL, "tp_src": slot.TP_SRC,
    "tp_dst": slot.TP_DST, "arp_sha": slot.ARP_SHA, "arp_tha": slot.ARP_THA, "nd_target": slot.ND_TARGET,
}  # fmt: skip
"""What is compared of a packet that comes out."""

Fate: TypeAlias = Counter[tuple[str, tuple[int, ...]]]
"""Where a packet comes out and as what, with how often."""

NEIGHBOR_SOLICITATION, RESET = 135, 4
AGENT_S_OWN = (slot.IPV6_SRC, slot.NW_TTL)
UNREACHABLE = ((1, 3), (58, 1))
"""Protocol and type of the messages that something cannot be reached."""
TO = list(COMPARED).index("eth_dst")


def seen(flow: Flow) -> tuple[int, ...]:
    """What is compared of a packet."""
    solicits = flow[slot.ND_TARGET] and flow[slot.TP_SRC] == NEIGHBOR_SOLICITATION
    hidden = AGENT_S_OWN if solicits or flow[slot.TCP_FLAGS] & RESET else ()
    if (flow[slot.NW_PROTO], flow[slot.TP_SRC]) in UNREACHABLE:
        # Traces, the reference's too, do not say what a rejection calls unreachable: the host, or the port.
        hidden = (*hidden, slot.TP_DST)
    return tuple(0 if at in hidden else flow[at] for at in COMPARED.values())


def unaddressed(packet: tuple[int, ...]) -> tuple[int, ...]:
    """A packet as it was when its next hop was not known."""
    return (*packet[:TO], 0, *packet[TO + 1 :])


def told(network: Network, machine: Machine, frame: bytes, plugged: set[str]) -> tuple[Fate, Counter[tuple[int, ...]]]:
    """The fate that the interpreter foretells, and what waits for the MAC of its next hop; ports behind which nobody is are left out."""
    central = network.nodes[NODES[0]].central
    assert central is not None
    client = central.databases.connect("trace")
    found = fate(traced.Network(select_through(client)), machine.name, parse_flow(frame), lambda text: None)
    client.close()
    # What leaves without a MAC is what the agent keeps.
    left = Counter((port, seen(flow)) for port, flow in found.departures if port in plugged and flow[slot.ETH_DST])
    return left, Counter(unaddressed(seen(flow)) for flow in found.held)


def done(network: Network, machine: Machine, frame: bytes) -> Fate:
    """What becomes of the packet in the hosts' switches."""
    heard: Fate = Counter()

    def tap(device: str, arrived: bytes) -> None:
        heard[device, seen(parse_flow(arrived))] += 1

    for node in network.nodes.values():
        node.taps[:] = [tap]
    network.nodes[machine.node].inject(machine.name, frame)
    network.world.run(0.5)
    return heard


def released(surplus: Fate, held: Counter[tuple[int, ...]]) -> Fate:
    """Of what came out and was not foretold, that which had waited; it waits no longer."""
    late: Fate = Counter()
    for place in surplus:
        packet = unaddressed(place[1])
        late[place] = min(surplus[place], held[packet])
        held[packet] -= late[place]
    return late


def check(plan: Plan, packets: int = PACKETS) -> None:
    """Some packets have the same fate in both."""
    network = bring_up(plan)
    alone = {machine.name for machine in plan.machines if f"lsp-set-type {machine.name} localport" in plan.commands}
    held: Counter[tuple[int, ...]] = Counter()
    for _ in range(packets):
        machine = plan.random.choice(plan.machines)
        frame = frame_of(plan, machine)
        near = {other.name for other in plan.machines if other.node == machine.node or other.name not in alone}
        if machine.name in alone:
            continue
        expected, waiting = told(network, machine, frame, near)
        held += waiting
        heard = done(network, machine, frame)
        heard -= released(heard - expected, held)
        assert heard == expected, f"{machine}: {frame.hex()}\n{plan.commands}"


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_packets_have_the_fate_that_is_foretold(seed: int) -> None:
    check(plan_network(Random(seed)))


@pytest.mark.parametrize("seed", range(3))
def test_a_compiler_that_starts_anew_writes_nothing(seed: int) -> None:
    """What was reached change by change, after removals too, is what a new compiler wants."""
    plan = plan_network(Random(100 + seed))
    network = bring_up(plan)
    central = network.nodes[NODES[0]].central
    assert central is not None
    for machine in plan.machines[::2]:
        network.must(NODES[0], f"ovn-nbctl lsp-del {machine.name}")
    network.must(NODES[0], "ovn-nbctl --wait=hv sync")
    written: list[object] = []
    central.sb.listeners.append(written.append)
    again = Northd(central.databases.local(central.nb, lambda: None), central.databases.local(central.sb, lambda: None))
    again.tick(network.world.now)
    assert written == []
