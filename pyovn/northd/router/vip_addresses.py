"""The addresses of VIPs: a router answers for those that somebody in its networks could ask for, or for all, or for none."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import DatapathKey
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import OUTPUT, Flow
from pyovn.northd.load_balancers import ON_ROUTERS, Placed, balancer
from pyovn.northd.registers import PORT_MAC
from pyovn.northd.router.gateway import on_gateway
from pyovn.northd.router.own_addresses import INPUT, SEND_BACK, arp_reply
from pyovn.northd.router.static_routes import in_network, router_ports
from pyovn.northd.switch.l2_lookup import FLOOD_L2, LOOKUP
from pyovn.northd.topology import RouterPort, has_other_than_routers, switch_port
from pyovn.query import Engine, index, query


def _in_networks(address: str, port: RouterPort) -> bool:
    return any(in_network(address, network) for network in port.ipv4 + port.ipv6)


def _answered(db: Engine, placed: Placed) -> Iterator[tuple[tuple[str, bool], str]]:
    found = balancer(db, placed.balancer)
    mode = found.options.get("neighbor_responder", "reachable") if found else "none"
    for vip in found.vips if found and mode != "none" else ():
        address = vip.seen.address
        if mode == "all" or any(_in_networks(address, port) for port in router_ports(db, placed.datapath)):
            yield (placed.datapath, vip.seen.is_ipv6), address


ANSWERED = index((ON_ROUTERS, _answered))
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


def on_switches(db: Engine, placed: Placed) -> Iterator[tuple[str, Flow]]:
    """Switches bring who asks for a VIP to the router; yields the switch with each flow."""
    found = balancer(db, placed.balancer)
    if found is None or found.options.get("neighbor_responder") == "none":
        return
    addresses = dict.fromkeys(vip.seen for vip in found.vips)
    for port in router_ports(db, placed.datapath):
        side = switch_port(db, port.peer) if port.peer else None
        if side is None or not port.enabled:
            continue
        machines = has_other_than_routers(db, side.switch)
        reach = f"clone {{outport = {side.json}; output; }}; {FLOOD_L2}" if machines else f"outport = {side.json}; {OUTPUT}"
        for seen in addresses:
            if _in_networks(seen.address, port):
                asks = f"nd_ns && nd.target == {seen.address}" if seen.is_ipv6 else f"arp.op == 1 && arp.tpa == {seen.address}"
                yield side.switch, Flow(LOOKUP, 80, f"flags[1] == 0 && {asks}", reach, hint=side.uuid)
