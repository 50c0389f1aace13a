"""ARP and ND proxies: a port towards a router answers for networks that are behind it, with a MAC of its own or the router's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyovn.northd.addresses import Addresses, parse_addresses, parse_mac
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import SKIP_ARP_REPLY
from pyovn.northd.router.own_addresses import SEND_BACK, arp_reply
from pyovn.northd.topology import RouterPort, SwitchPort, router_port, switch_port
from pyovn.query import Engine, index, query, some
from pyovn.schemas.nb import LogicalSwitchPort

NO_MAC = "00:00:00:00:00:00"


@lru_cache(maxsize=4096)
def parse_proxy(text: str) -> Addresses | None:
    """`[MAC] IP[/LEN]…`; None if nothing of it can be understood. Without a MAC it is zero."""
    words = text.split()
    if words and parse_mac(words[0]):
        return parse_addresses(text)
    found = parse_addresses(f"{NO_MAC} {text}")
    return found if found and (found.ipv4 or found.ipv6) else None


def proxied(port: SwitchPort) -> Addresses | None:
    """What a port answers for, besides its own addresses."""
    return parse_proxy(port.options["arp_proxy"]) if port.peer and "arp_proxy" in port.options else None


def own_mac(port: SwitchPort) -> str | None:
    """The MAC that a proxy has for itself."""
    found = proxied(port)
    return found.mac if found and found.mac != NO_MAC else None


def router_macs(db: Engine, peer: RouterPort) -> str:
    """The MACs that packets for a router's port are addressed to, as a match writes them: its own, and that of a proxy."""
    side = switch_port(db, peer.peer) if peer.peer else None
    proxy = own_mac(side) if side else None
    return f"{{ {proxy}, {peer.mac} }}" if proxy else peer.mac


def _by_switch(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    port = switch_port(db, ref)
    if port is not None and proxied(port) is not None:
        yield port.switch, True


_BY_SWITCH = index((some(LogicalSwitchPort, lambda row: "arp_proxy" in row.options), _by_switch))


@query
def has_proxy(db: Engine, switch: str) -> bool:
    """Whether a port of a switch answers for others."""
    return bool(_BY_SWITCH(db, switch))


def replies(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who asks for an address in the proxy's networks is answered, unless a router asks."""
    found, peer = proxied(port), router_port(db, port.peer) if port.peer else None
    if found is None or peer is None:
        return
    mac = own_mac(port) or peer.mac
    asked = f"{SKIP_ARP_REPLY} == 0 &&"
    if found.ipv4:
        networks = ",".join(f"{network.address}/{network.prefix}" for network in found.ipv4)
        yield Flow(Stage.LS_IN_ARP_RSP, 30, f"{asked} arp.op == 1 && arp.tpa == {{{networks}}}", arp_reply(mac), hint=port.uuid)
    if found.ipv6:
        targets = ", ".join(f"{network.address}/{network.prefix}" for network in found.ipv6)
        groups = ", ".join(
            f"{network.address}/{network.prefix}, {network.solicited_node}/{network.prefix}" for network in found.ipv6
        )
        match = f"{asked} nd_ns && ip6.dst == {{ {groups} }} && nd.target == {{ {targets} }}"
        advert = f"eth.src = {mac}; ip6.src = nd.target; nd.target = nd.target; nd.tll = {mac}; {SEND_BACK}"
        meter = controller_meter(db, port.switch, "nd-na")
        yield Flow(Stage.LS_IN_ARP_RSP, 30, match, f"nd_na_router {{ {advert} }};", hint=port.uuid, meter=meter)
