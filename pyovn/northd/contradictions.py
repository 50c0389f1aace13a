"""Rows that contradict each other: two ports with one address, a loop of switches."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.flow import Problem
from pyovn.query import Engine, index
from pyovn.schemas.nb import LogicalSwitchPort


def _addresses(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = topology.switch_port(db, ref)
    for lives in port.addresses if port else ():
        for network in (*lives.ipv4, *lives.ipv6):
            yield (port.switch if port else "", network.address), port.name if port else ""


_BY_ADDRESS = index((LogicalSwitchPort, _addresses))
"""The ports that have an address in a switch, by name."""


def shared_address(db: Engine, ref: str) -> Iterator[Problem]:
    """An address that another port of the switch has too: who is asked for it is answered by either."""
    port = topology.switch_port(db, ref)
    for (switch, address), name in dict.fromkeys(_addresses(db, ref)) if port else ():
        others = [other for other in _BY_ADDRESS(db, (switch, address)) if other != name]
        if others and name > min(others):
            fact = f"addresses: {address} is {others[0]}'s already; set another one with lsp-set-addresses"
            yield Problem("Logical_Switch_Port", name, fact)


def _joints(db: Engine, ref: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """A switch, and the one that a port of it leads to, with that port's name."""
    port, other = topology.switch_port(db, ref), topology.joined(db, ref)
    for found in db.find(LogicalSwitchPort, "name", other) if port and other else ():
        there = topology.switch_port(db, found)
        if port and there:
            yield port.switch, (there.switch, port.name)


_JOINTS = index((LogicalSwitchPort, _joints))


def loop(db: Engine, ref: str) -> Iterator[Problem]:
    """A port to another switch that is reached by another way already: packets for everybody would go round for ever."""
    for here, (there, name) in _joints(db, ref):
        joint = {name, topology.joined(db, ref)}
        seen, waiting = {here}, [here]
        while waiting:
            fresh = {far for far, port in _JOINTS(db, waiting.pop()) if port not in joint} - seen
            seen |= fresh
            waiting += fresh
        if there in seen:
            fact = "peer: the other switch is reached by another way too, so packets go round; remove one of them"
            yield Problem("Logical_Switch_Port", name, fact)
