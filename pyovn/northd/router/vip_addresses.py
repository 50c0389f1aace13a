"""The addresses of VIPs: a router answers for those that somebody in its networks could ask for, or for all, or for none."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import DatapathKey
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import Flow
from pyovn.northd.load_balancers import balancer, holders, is_on
from pyovn.northd.registers import PORT_MAC
from pyovn.northd.router.gateway import on_gateway
from pyovn.northd.router.networks import EVERY_ROUTER, ports_towards
from pyovn.northd.router.own_addresses import INPUT, SEND_BACK, arp_reply
from pyovn.northd.router.sides import side_of
from pyovn.northd.switch.asking import who_asks
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine, index, query
from pyovn.schemas.nb import LoadBalancer, LogicalRouter


def _answered(db: Engine, ref: str) -> Iterator[tuple[tuple[str, bool], str]]:
    found = balancer(db, ref)
    mode = found.options.get("neighbor_responder", "reachable") if found else "none"
    if found is None or mode == "none" or (found.has("template") and mode != "all"):
        return
    for vip in found.vips:
        address = vip.seen.address
        beside = (port.router for port in _ports_towards(db, ref, address))
        for router in holders(db, ref, LogicalRouter) if mode == "all" else dict.fromkeys(beside):
            # Of a variable nobody knows the family, and what stands beside one is not looked at either; chassis sort it out.
            yield (router, vip.seen.is_ipv6 or found.has("template")), address


def _ports_towards(db: Engine, balancer: str, address: str) -> Iterator[RouterPort]:
    """The ports in whose networks an address is, of routers that have a load balancer."""
    for port in ports_towards(db, EVERY_ROUTER, address):
        if is_on(db, balancer, port.router):
            yield port


ANSWERED = index((LoadBalancer, _answered))
"""The VIPs that a router answers for, by (router, IPv6)."""


@query
def is_answering(db: Engine, router: str, ipv6: bool) -> bool:
    """Whether a router answers for any VIP of a family."""
    return bool(ANSWERED(db, (router, ipv6)))


def set_name(key: int, *, ipv6: bool) -> str:
    """The name of the address set that holds a router's VIPs."""
    return f"_rtr_lb_{key}_ip{6 if ipv6 else 4}"


def answers(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Who asks a port for a VIP is told the port's MAC; the addresses are a set, so that a VIP more is no flow more."""
    allotted = db.get(DatapathKey, port.router)
    if allotted is None:
        return
    if is_answering(db, port.router, False):
        match = f"inport == {port.json} && arp.op == 1 && arp.tpa == ${set_name(allotted.key, ipv6=False)}{on_gateway(port)}"
        yield Flow(INPUT, 90, match, arp_reply(PORT_MAC))
    if is_answering(db, port.router, True):
        match = f"inport == {port.json} && nd_ns && nd.target == ${set_name(allotted.key, ipv6=True)}{on_gateway(port)}"
        reply = f"nd_na {{ eth.src = {PORT_MAC}; ip6.src = nd.target; nd.tll = {PORT_MAC}; {SEND_BACK} }};"
        yield Flow(INPUT, 90, match, reply, meter=controller_meter(db, port.router, "nd-na"))


def on_switches(db: Engine, ref: str) -> Iterator[tuple[str, Flow]]:
    """Switches bring who asks for a VIP of a load balancer to the router; yields the switch with each flow."""
    found = balancer(db, ref)
    if found is None or found.has("template") or found.options.get("neighbor_responder") == "none":
        return
    for address in dict.fromkeys(vip.seen.address for vip in found.vips):
        asks = f"nd_ns && nd.target == {address}" if ":" in address else f"arp.op == 1 && arp.tpa == {address}"
        for port in _ports_towards(db, ref, address):
            side = side_of(db, port.uuid)
            if side is not None:
                yield from ((side.switch, flow) for flow in who_asks(side, asks))
