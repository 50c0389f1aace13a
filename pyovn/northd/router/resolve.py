"""The next hop's MAC: known from northbound rows, or learned, or asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.addresses import Network, any_of
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.places import Placed
from pyovn.northd.registers import IS_IPV4_NEXT_HOP, NEXT_HOP_IPV4, NEXT_HOP_IPV6, SOURCE_IPV4
from pyovn.northd.router.networks import in_network
from pyovn.northd.settings import flag
from pyovn.northd.topology import SIDES, Router, RouterPort, SwitchPort, router, router_port, switch_port
from pyovn.query import Engine, cross, index, some
from pyovn.schemas.nb import LogicalSwitchPort

RESOLVE = Stage.LR_IN_ARP_RESOLVE
REQUEST = Stage.LR_IN_ARP_REQUEST
SILENT_TYPES = ("router", "virtual")
"""Switch ports whose `addresses` are not those of a neighbour: a router's are its own, a virtual one's move."""

UNRESOLVED = "eth.dst == 00:00:00:00:00:00"


def resolution(db: Engine, router: Router) -> Iterator[Flow]:
    """What is not known from northbound rows is looked up, and asked for if nobody has learned it."""
    # The MAC of a group follows from its address.
    yield Flow(RESOLVE, 500, "ip4.mcast || ip6.mcast", NEXT)
    yield Flow(RESOLVE, 1, f"{IS_IPV4_NEXT_HOP} == 1", f"get_arp(outport, {NEXT_HOP_IPV4}); {NEXT}")
    yield Flow(RESOLVE, 1, f"{IS_IPV4_NEXT_HOP} == 0", f"get_nd(outport, {NEXT_HOP_IPV6}); {NEXT}")
    arp = f"arp {{ eth.dst = ff:ff:ff:ff:ff:ff; arp.spa = {SOURCE_IPV4}; arp.tpa = {NEXT_HOP_IPV4}; arp.op = 1; output; }}; {NEXT}"
    yield Flow(REQUEST, 100, f"{UNRESOLVED} && {IS_IPV4_NEXT_HOP} == 1", arp, meter=controller_meter(db, router.uuid, "arp-resolve"))
    solicitation, meter = f"nd_ns {{ nd.target = {NEXT_HOP_IPV6}; output; }}; {NEXT}", controller_meter(db, router.uuid, "nd-ns-resolve")
    yield Flow(REQUEST, 100, f"{UNRESOLVED} && {IS_IPV4_NEXT_HOP} == 0", solicitation, meter=meter)


def _attached(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = switch_port(db, ref)
    if port is not None and port.peer is not None:
        yield port.switch, port.peer


ATTACHED = index((SIDES, _attached))
"""The router ports that a switch connects to, by uuid."""


NEIGHBOURS = some(LogicalSwitchPort, lambda row: row.type not in SILENT_TYPES)
"""The switch ports where neighbours of routers may live."""


def machine_resolution(db: Engine, port: SwitchPort) -> Iterator[tuple[str, Flow]]:
    """Routers on a switch know the MACs of its machines; yields the router with each flow."""
    if not port.enabled:
        return
    for ref in ATTACHED(db, port.switch):
        towards = router_port(db, ref)
        if towards is None:
            continue
        for mac, network in _neighbours(port, towards):
            # Where packets go to the gateway's chassis by the wire, machines there are asked for.
            if towards.is_bridged and not network.is_ipv6:
                continue
            match = f"outport == {towards.json} && {_register(network)} == {network.address}"
            yield towards.router, Flow(RESOLVE, 100, match, f"eth.dst = {mac}; {NEXT}", hint=port.uuid)


def _neighbours(port: SwitchPort, towards: RouterPort) -> Iterator[tuple[str, Network]]:
    """Who lives at a switch port and is in a network of the router port, with the MAC."""
    networks = towards.ipv4 + towards.ipv6
    for lives in port.addresses:
        for network in lives.ipv4 + lives.ipv6:
            if any(in_network(network.address, own) for own in networks):
                yield lives.mac, network


class Learner(NamedTuple):
    """A router's port on a switch whose router is told of the others there."""

    router: str
    port: str
    """The port's uuid."""
    json: str
    hint: str


class Known(NamedTuple):
    """A router's port on a switch, as others know it."""

    port: str
    """The port's uuid."""
    asked: tuple[str, ...]
    """Matches on its addresses, one a family."""
    actions: str


def _learner(db: Engine, ref: str) -> Iterator[tuple[str, Learner]]:
    """Routers that want to learn their neighbours by themselves are not told."""
    side = switch_port(db, ref)
    port = router_port(db, side.peer) if side and side.peer else None
    if side is not None and port is not None and not learns_neighbours(db, port):
        yield side.switch, Learner(port.router, port.uuid, port.json, port.peer or "")


def _known(db: Engine, ref: str) -> Iterator[tuple[str, Known]]:
    side = switch_port(db, ref)
    port = router_port(db, side.peer) if side and side.peer else None
    if side is not None and port is not None:
        yield side.switch, Known(port.uuid, tuple(_asked(port, " ")), f"eth.dst = {port.mac}; {NEXT}")


def _acquainted(learner: Learner, known: Known) -> Iterator[Placed]:
    """Routers on one switch know each other's MACs."""
    if learner.port != known.port:
        for asked in known.asked:
            yield Placed(learner.router, Flow(RESOLVE, 100, f"outport == {learner.json} && {asked}", known.actions, learner.hint))


ACQUAINTANCES = cross(index((SIDES, _learner)), index((SIDES, _known)), _acquainted)
"""What the routers on a switch know of each other."""


def peer_resolution(db: Engine, port: RouterPort) -> Iterator[tuple[str, Flow]]:
    """Two routers that are connected directly know each other's MACs."""
    other = router_port(db, port.peer_router_port) if port.peer_router_port else None
    for asked in _asked(port, "") if other else ():
        if other is not None:
            match = f"outport == {other.json} && {asked}"
            yield other.router, Flow(RESOLVE, 100, match, f"eth.dst = {port.mac}; {NEXT}", hint=port.uuid)


def learns_neighbours(db: Engine, port: RouterPort) -> bool:
    """The port's router wants to learn other routers' MACs by itself."""
    holder = router(db, port.router)
    return holder is not None and flag(holder.options, "dynamic_neigh_routers")


def _asked(port: RouterPort, blank: str) -> Iterator[str]:
    """Matches on a port's addresses, one a family; `blank` follows the IPv4 register, as the reference writes it."""
    for networks, space in ((port.ipv4, blank), (port.ipv6, " ")):
        if networks:
            yield f"{_register(networks[0])}{space}== {any_of(networks)}"


def _register(network: Network) -> str:
    return NEXT_HOP_IPV6 if network.is_ipv6 else NEXT_HOP_IPV4
