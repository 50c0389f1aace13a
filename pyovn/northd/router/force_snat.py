"""Forced translation of sources: whoever reached a machine by a translated destination appears to be the router, for replies."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.router.connected import MAX_NETWORK_ID
from pyovn.northd.topology import Router, RouterPort, gateway_chassis, router
from pyovn.query import Engine, query

UNSNAT, SNAT = Stage.LR_IN_UNSNAT, Stage.LR_OUT_SNAT
REASONS = ("dnat", "lb")
"""Whose destination was translated: by NAT, or by a load balancer."""


@query
def named_addresses(db: Engine, ref: str, reason: str) -> tuple[Network, ...]:
    """The addresses that a router's option names, at most one a family."""
    facts = router(db, ref)
    text = facts.options.get(f"{reason}_force_snat_ip", "") if facts else ""
    return tuple(network for word in text.split() if (network := parse_network(word)) is not None)


def forced_addresses(db: Engine, ref: str, reason: str) -> tuple[Network, ...]:
    """Those of a gateway router: others do not force anything."""
    return named_addresses(db, ref, reason) if gateway_chassis(db, ref) else ()


@query
def uses_port_addresses(db: Engine, ref: str) -> bool:
    """A load balancer's clients appear to be the port by which their packets leave."""
    facts = router(db, ref)
    return facts is not None and facts.options.get("lb_force_snat_ip") == "router_ip" and gateway_chassis(db, ref) is not None


def forced(db: Engine, router: Router) -> Iterator[Flow]:
    """Addresses that the owner has named."""
    for priority, reason in zip((100, 100), REASONS):
        for network in forced_addresses(db, router.uuid, reason):
            ip = "ip6" if network.is_ipv6 else "ip4"
            # Replies to it may be for somebody inside.
            yield Flow(UNSNAT, 110, f"{ip} && {ip}.dst == {network.address}", "ct_snat;")
            yield Flow(SNAT, priority, f"flags.force_snat_for_{reason} == 1 && {ip}", f"ct_snat({network.address});")


def port_forced(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """The address of the port, in the network that the next hop is in."""
    if not uses_port_addresses(db, port.router) or (port.peer is None and port.peer_router_port is None):
        return
    for ip, networks in (("ip4", port.ipv4), ("ip6", port.given_ipv6)):
        leaves = f"{ip} && outport == {port.json}"
        for network in networks:
            yield Flow(UNSNAT, 110, f"inport == {port.json} && {ip}.dst == {network.address}", "ct_snat;")
        for number, network in enumerate(networks[: MAX_NETWORK_ID + 1]):
            match = f"flags.force_snat_for_lb == 1 && flags.network_id == {number} && {leaves}"
            yield Flow(SNAT, 110, match, f"ct_snat({network.address});")
        if networks:
            yield Flow(SNAT, 105, f"flags.force_snat_for_lb == 1 && {leaves}", f"ct_snat({networks[0].address});")
