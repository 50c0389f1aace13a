"""Addresses that a router's chassis tells a network about unasked, so that switches there learn where they are (nat_addresses).

Each is "MAC IP…", at a distributed gateway port with the port whose chassis does so.
"""

from __future__ import annotations

from pyovn.northd import topology
from pyovn.northd.addresses import parse_addresses
from pyovn.northd.load_balancers import vips
from pyovn.northd.router.gateway import on_gateway, resident, spokesman
from pyovn.northd.router.nat import NATS, Nat, is_port_source, nat
from pyovn.northd.topology import RouterPort, SwitchPort
from pyovn.query import Engine


def announced(db: Engine, side: SwitchPort) -> tuple[str, ...]:
    """What is announced on a switch by its port towards a router."""
    port = topology.router_port(db, side.peer) if side.is_router and side.peer else None
    if port is None:
        return ()
    wish = side.options.get("nat-addresses", "")
    gateway = on_gateway(port) or spokesman(db, port)
    if not gateway and not topology.gateway_chassis(db, port.router):
        return ()
    where = gateway.removeprefix(" &&")
    found = []
    if wish == "router":
        found += _translated(db, side, port, where)
    elif parse_addresses(wish):
        found.append(wish + where)
    if gateway or (not parse_addresses(wish) and topology.ports_of_type(db, side.switch, "localnet")):
        found.append(" ".join((port.mac, *(network.address for network in port.ipv4))) + where)
    return tuple(sorted(found))


def _translated(db: Engine, side: SwitchPort, port: RouterPort, where: str) -> list[str]:
    """VIPs, and the outside addresses of translations that are no port's own: those in one place together, the others each by itself."""
    central: dict[str, None] = {}
    alone = []
    for rule in (nat(db, ref) for ref in NATS(db, port.router)):
        if rule is None or rule.external.is_ipv6 or not _belongs(rule, port):
            continue
        address = rule.external.address
        if rule.mac:
            alone.append(f"{rule.mac} {address} {resident(rule.place)}")
        elif not is_port_source(db, rule):
            central[address] = None
    if side.options.get("exclude-lb-vips-from-garp") != "true":
        central |= dict.fromkeys(vips(db, port.router))
    together = [" ".join((port.mac, *central)) + where] if central else []
    return alone + together


def _belongs(rule: Nat, port: RouterPort) -> bool:
    return rule.port is None or rule.port.uuid == port.uuid
