"""Distributed gateway ports: the port routes on every chassis, but one speaks for its addresses and sends what must pass one place."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import NEXT, Flow, quoted
from pyovn.northd.load_balancers import is_distributing
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import NEIGHBOR_KNOWN
from pyovn.northd.settings import flag
from pyovn.northd.topology import RouterPort, only_gateway_port, ports_of_type, router_port, switch_port
from pyovn.query import Engine

PATH_MTU_ERROR = "((ip4 && icmp4.type == 3 && icmp4.code == 4) || (ip6 && icmp6.type == 2 && icmp6.code == 0))"


def resident(port: str) -> str:
    """Matches on the chassis that has a port."""
    return f"is_chassis_resident({quoted(port)})"


def on_gateway(port: RouterPort) -> str:
    """The end of a match that holds on a gateway port's chassis only; nothing for other ports."""
    return f" && {resident(port.redirect)}" if port.redirect else ""


def where_central(db: Engine, port: RouterPort) -> str:
    """The same, unless every chassis speaks for the router."""
    return on_gateway(port) if port.redirect and not is_distributing(db, port.router) else ""


def spokesman(db: Engine, port: RouterPort) -> str:
    """The end of a match that holds where the port's addresses are answered for.

    On a physical network that is one chassis: a gateway port's own, or for a port that leaves it to that the router's only
    gateway port's, for the wire should see a MAC in one place.
    """
    side = switch_port(db, port.peer) if port.peer else None
    if side is None or not ports_of_type(db, side.switch, "localnet") or is_distributing(db, port.router):
        return ""
    if port.redirect or not flag(port.options, "reside-on-redirect-chassis"):
        return on_gateway(port)
    only = only_gateway_port(db, port.router)
    found = router_port(db, only) if only else None
    return on_gateway(found) if found else ""


def serves_vtep(db: Engine, port: RouterPort) -> bool:
    """The port's switch has a VTEP gateway: what is sent there goes straight, only what comes back passes one chassis."""
    side = switch_port(db, port.peer) if port.peer else None
    return side is not None and bool(ports_of_type(db, side.switch, "vtep"))


def redirection(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What leaves by a gateway port, and was not translated where it is, goes to the port's chassis."""
    if port.redirect and not serves_vtep(db, port):
        yield Flow(Stage.LR_IN_GW_REDIRECT, 50, f"outport == {port.json}", f"outport = {quoted(port.redirect)}; {NEXT}", hint=port.uuid)


def bridged(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """With redirect-type `bridged`, packets reach the gateway's chassis by the physical network, addressed to the port itself."""
    if port.redirect and port.is_bridged:
        match = f"outport == {port.json} && !{resident(port.redirect)}"
        yield Flow(Stage.LR_IN_ARP_RESOLVE, 50, match, f"eth.dst = {port.mac}; {NEXT}", hint=port.uuid)


def one_chassis_listens(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What other chassis hear of a gateway port's network does not concern them."""
    if not port.redirect:
        return
    elsewhere = f"!{resident(port.redirect)}"
    # An error of the underlay comes back from the tunnel to the gateway: it goes to who sent the packet that was too big.
    match = f"{PATH_MTU_ERROR} && eth.dst == {port.mac} && {elsewhere} && flags.tunnel_rx == 1"
    yield Flow(Stage.LR_IN_ADMISSION, 120, match, f"outport <-> inport; inport = {port.json}; {NEXT}")
    # Neighbours that talk to everybody are learned on the gateway's chassis.
    match = f"inport == {port.json} && (nd_na || nd_ns) && eth.mcast && {elsewhere}"
    yield Flow(Stage.LR_IN_LOOKUP_NEIGHBOR, 120, match, f"{NEIGHBOR_KNOWN} = 1; {NEXT}", hint=port.uuid)
