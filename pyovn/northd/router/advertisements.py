"""IPv6 router advertisements (RFC 4861) and delegated prefixes (RFC 8415): who solicits a router is told, and it asks others itself."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network, link_local
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import RA_RESULT
from pyovn.northd.router.own_addresses import INPUT, SEND_BACK
from pyovn.northd.settings import clamped, flag, integer
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine, query
from pyovn.schemas import nb, sb

MODES = ("dhcpv6_stateful", "dhcpv6_stateless", "slaac")
"""How a machine gets its address."""
MIN_MTU = 1280
"""What every IPv6 network takes (RFC 8200 5)."""
MAX_INTERVAL_S = (4, 1800)
"""Bounds of the longest interval between advertisements (RFC 4861 6.2.1)."""
DEFAULT_INTERVAL_S = 600
MIN_INTERVAL_S = 3


@query
def settings(db: Engine, ref: str) -> dict[str, str]:
    """What a port's row says of advertisements; nothing if it says no good mode."""
    row = db.get(nb.LogicalRouterPort, ref)
    return row.ipv6_ra_configs if row and not row.peer and row.ipv6_ra_configs.get("address_mode") in MODES else {}


def _prefixes(port: RouterPort) -> tuple[Network, ...]:
    return tuple(network for network in port.ipv6 if not network.address.startswith("fe80:"))


def answers(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Who solicits routers is told the port's prefixes."""
    said, prefixes = settings(db, port.uuid), _prefixes(port)
    if not said or not prefixes or port.peer is None:
        return
    solicits = f"inport == {port.json} && ip6.dst == ff02::2"
    meter = controller_meter(db, port.router, "nd-ra-opts")
    advert = f"{RA_RESULT} = put_nd_ra_opts({', '.join(_parts(port, said, prefixes))}); {NEXT}"
    yield Flow(Stage.LR_IN_ND_RA_OPTIONS, 50, f"{solicits} && nd_rs", advert, hint=port.uuid, meter=meter)
    back = f"eth.dst = eth.src; eth.src = {port.mac}; ip6.dst = ip6.src; ip6.src = {link_local(port.mac)}; {SEND_BACK}"
    yield Flow(Stage.LR_IN_ND_RA_RESPONSE, 50, f"{solicits} && nd_ra && {RA_RESULT}", back, hint=port.uuid)


def _parts(port: RouterPort, said: dict[str, str], prefixes: tuple[Network, ...]) -> Iterator[str]:
    yield f'addr_mode = "{said["address_mode"]}"'
    yield f"slla = {port.mac}"
    mtu = integer(said, "mtu", 0)
    if mtu >= MIN_MTU:
        yield f"mtu = {mtu}"
    preference = said.get("router_preference", "MEDIUM")
    if preference != "MEDIUM":
        yield f'router_preference = "{preference}"'
    if "rdnss" in said:
        yield f"rdnss = {said['rdnss']}"
    for name in ("dnssl", "route_info"):
        if name in said:
            yield f'{name} = "{said[name]}"'
    yield from (f"prefix = {network.cidr}" for network in prefixes)


def binding_options(db: Engine, row: nb.LogicalRouterPort, port: RouterPort) -> dict[str, str]:
    """What a port's chassis has to know: whom to ask for prefixes, and what to advertise by itself from time to time."""
    options = {}
    delegated = delegated_prefixes(db, port.name)
    if delegated:
        options["ipv6_ra_pd_list"] = delegated
    if row.peer or port.peer is None:
        return options
    for option, wish in (("ipv6_prefix_delegation", "prefix_delegation"), ("ipv6_prefix", "prefix")):
        if port.enabled and flag(port.options, wish):
            options[option] = "true"
    said = settings(db, port.uuid)
    return options | (_periodic(said, row, port) if flag(said, "send_periodic") else {})


def _periodic(said: dict[str, str], row: nb.LogicalRouterPort, port: RouterPort) -> dict[str, str]:
    longest = clamped(integer(said, "max_interval", DEFAULT_INTERVAL_S), *MAX_INTERVAL_S)
    usual = longest // 3 if longest >= 9 else longest * 3 // 4
    shortest = max(min(integer(said, "min_interval", usual), longest * 3 // 4), MIN_INTERVAL_S)
    mtu, preference = integer(said, "mtu", 0), said.get("router_preference")
    own = next(network.address for network in port.ipv6 if network.address.startswith("fe80:"))
    told = {
        "send_periodic": "true", "address_mode": said["address_mode"], "max_interval": str(longest), "min_interval": str(shortest),
        "src_addr": own, "src_eth": port.mac, "prf": preference if preference in ("HIGH", "LOW") else "MEDIUM",
        "prefixes": " ".join([*(network.cidr for network in _prefixes(port)), *row.ipv6_prefix]),
    }  # fmt: skip
    if mtu >= MIN_MTU:
        told["mtu"] = str(mtu)
    told |= {name: said[name] for name in ("rdnss", "dnssl", "route_info") if name in said}
    return {f"ipv6_ra_{name}": str(value) for name, value in told.items()}


@query
def delegated_prefixes(db: Engine, name: str) -> str:
    """What a port's chassis says of the prefixes that it was given: `NUMBER:PREFIX…`."""
    found = (db.get(sb.PortBinding, ref) for ref in db.find(sb.PortBinding, "logical_port", name))
    return next((row.options.get("ipv6_ra_pd_list", "") for row in found if row is not None), "")


def requests(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What other routers say to the port's requests for prefixes is the chassis' concern."""
    if flag(port.options, "prefix_delegation"):
        for network in port.ipv6:
            match = f"ip6.dst == {network.address} && udp.src == 547 && udp.dst == 546"
            yield Flow(INPUT, 100, match, "reg0 = 0; handle_dhcpv6_reply;")
