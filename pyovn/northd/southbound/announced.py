"""Addresses that a router's chassis tells a network about unasked, so that switches there learn where they are (nat_addresses).

Each is "MAC IP…", at a distributed gateway port with the port whose chassis does so.
"""

from __future__ import annotations

from pyovn.northd import topology
from pyovn.northd.addresses import parse_addresses
from pyovn.northd.load_balancers import vips
from pyovn.northd.router.gateway import on_gateway, resident
from pyovn.northd.router.nat import NATS, OWN, belongs, nat
from pyovn.northd.settings import flag
from pyovn.northd.topology import GATEWAY_PORTS, RouterPort, SwitchPort, router_port
from pyovn.query import Engine


def announced(db: Engine, side: SwitchPort) -> tuple[str, ...]:
    """What is announced on a switch by its port towards a router."""
    port = router_port(db, side.peer) if side.is_router and side.peer else None
    if port is None:
        return ()
    is_central = topology.has_gateway_port(db, port.router)
    if not is_central and not topology.gateway_chassis(db, port.router):
        return ()
    wish = side.options.get("nat-addresses", "")
    speaker = port if port.redirect or not is_central else router_port(db, GATEWAY_PORTS(db, port.router)[0])
    where = on_gateway(speaker).removeprefix(" &&") if speaker else ""
    found = []
    if wish == "router":
        found += _translated(db, side, port)
    elif parse_addresses(wish):
        found.append(wish + where)
    if _announces_itself(db, side, port):
        found.append(" ".join((port.mac, *(network.address for network in port.ipv4))) + where)
    return tuple(sorted(found))


def _announces_itself(db: Engine, side: SwitchPort, port: RouterPort) -> bool:
    """The port's own addresses: at a gateway port, or one that leaves it to the only one, or on a gateway router's physical network."""
    if flag(side.options, "exclude-router-ips-from-garp"):
        return False
    if not topology.has_gateway_port(db, port.router):
        return bool(topology.ports_of_type(db, side.switch, "localnet"))
    if port.redirect:
        return True
    return flag(port.options, "reside-on-redirect-chassis") and topology.only_gateway_port(db, port.router) is not None


def _translated(db: Engine, side: SwitchPort, port: RouterPort) -> list[str]:
    """VIPs, and the outside addresses of translations that are no port's own: those in one place together, the others each by itself."""
    central, alone = [], []
    for rule in (nat(db, ref) for ref in NATS(db, port.router)):
        if rule is None or rule.external.is_ipv6 or not belongs(db, rule, port):
            continue
        address = rule.external.address
        if rule.mac:
            alone.append(f"{rule.mac} {address} {resident(rule.place)}")
        elif port.uuid not in OWN(db, (rule.router, address)):
            central.append(address)
    if not flag(side.options, "exclude-lb-vips-from-garp"):
        central += vips(db, port.router)
    together = [" ".join((port.mac, *central)) + on_gateway(port).removeprefix(" &&")] if central else []
    return alone + together

