"""Which generators speak for which kind of northbound row.

A generator is a function of the engine and the facts about one row; it yields flows for the row's datapath. Those that
speak for a whole switch or router are units of their own; a port's run together, because ports are many and small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import chain
from typing import Any, TypeVar

from pyovn.northd import dhcp_relay, load_balancers, topology
from pyovn.northd.drops import sampled
from pyovn.northd.flow import DROP, Flow
from pyovn.northd.multicast import GROUPS, Group
from pyovn.northd.places import Placed
from pyovn.northd.port_groups import GROUPS_ON_SWITCHES
from pyovn.northd.router import (
    admission,
    advertisements,
    committing,
    connected,
    external_addresses,
    force_snat,
    gateway,
    liveness,
    nat,
    neighbors,
    own_addresses,
    path_mtu,
    policies,
    relay,
    resolve,
    routable,
    route_groups,
    routes,
    routing_daemon,
    static_routes,
    translation,
    vip_addresses,
)
from pyovn.northd.router import defaults as router_defaults
from pyovn.northd.router import load_balancing as router_balancing
from pyovn.northd.router.nat import Nat
from pyovn.northd.router.ways import Destination
from pyovn.northd.switch import (
    acl,
    acl_stages,
    arp_proxy,
    arp_responder,
    backend_probes,
    defaults,
    dhcp,
    dns,
    evpn,
    external,
    forwarding_groups,
    l2_lookup,
    load_balancing,
    mirrors,
    network_functions,
    port_security,
    qos,
    shaping,
    snooping,
    unknown,
    virtual,
    vtep,
)
from pyovn.northd.switch.acl_policy import APPLIED, Applied, member_by_group
from pyovn.northd.topology import Router, RouterPort, Switch, SwitchPort
from pyovn.query import Engine, bag, each
from pyovn.schemas.nb import (
    NAT,
    ForwardingGroup,
    LoadBalancer,
    LogicalRouter,
    LogicalRouterPolicy,
    LogicalRouterPort,
    LogicalSwitch,
    LogicalSwitchPort,
    QoS,
)
from pyovn.schemas.sb import ServiceMonitor

SWITCH: tuple[Callable[[Engine, Switch], Iterator[Flow]], ...] = (
    defaults.empty_stages,
    defaults.conntrack,
    defaults.service_monitor,
    acl_stages.tracked,
    acl_stages.hints,
    acl_stages.evaluation,
    acl_stages.established,
    acl_stages.verdicts,
    load_balancing.connections,
    load_balancing.hairpins,
    port_security.switch_port_security,
    dns.answers,
    network_functions.redirected,
    l2_lookup.multicast,
    snooping.reports,
    snooping.unasked,
    unknown.unknown_destinations,
    vtep.forwarding,
)
"""What holds for every packet in a switch."""

SWITCH_PORT: tuple[Callable[[Engine, SwitchPort], Iterator[Flow]], ...] = (
    port_security.port_admission,
    port_security.too_big_turned_around,
    shaping.queued,
    mirrors.copies,
    snooping.reports_from_afar,
    defaults.router_and_localnet_bypass,
    acl_stages.untracked_port,
    unknown.learning,
    virtual.bindings,
    arp_responder.replies,
    arp_responder.addressed_to_owner,
    arp_proxy.replies,
    backend_probes.of_port,
    dhcp.dhcpv4,
    dhcp.dhcpv6,
    dhcp_relay.from_clients,
    external.admission,
    vtep.admission,
    external.only_its_chassis,
    l2_lookup.unicast,
    l2_lookup.router_addresses,
    unknown.disabled_port,
)
"""What each port adds to its switch."""

ROUTER: tuple[Callable[[Engine, Router], Iterator[Flow]], ...] = (
    router_defaults.empty_stages,
    admission.admission,
    translation.tracking,
    translation.translated_before,
    committing.everything,
    router_balancing.connections,
    force_snat.forced,
    neighbors.lookup,
    neighbors.learn,
    own_addresses.sanity,
    relay.forwarding,
    connected.routing,
    resolve.resolution,
)
"""What holds for every packet in a router."""

ROUTER_PORT: tuple[Callable[[Engine, RouterPort], Iterator[Flow]], ...] = (
    admission.port_admission,
    neighbors.port_lookup,
    own_addresses.spoofed,
    own_addresses.answers,
    vip_addresses.answers,
    own_addresses.unreachable,
    own_addresses.too_old,
    connected.connected,
    connected.network_numbers,
    static_routes.port_route_table,
    route_groups.symmetric_replies,
    advertisements.answers,
    advertisements.requests,
    liveness.messages,
    dhcp_relay.by_router,
    admission.delivery,
    relay.port_forwarding,
    gateway.redirection,
    gateway.one_chassis_listens,
    gateway.bridged,
    path_mtu.leaving,
    path_mtu.refusals,
    force_snat.port_forced,
)
"""What each port adds to its router."""

ADDRESSING: tuple[Callable[[Engine, Nat], Iterator[Flow]], ...] = (
    external_addresses.answers,
    external_addresses.resolution,
    external_addresses.own_mac,
    external_addresses.not_bridged,
    router_balancing.not_replies,
    path_mtu.refusal_by_translation,
)
"""How each translation's outside address is found."""

TRANSLATION: tuple[Callable[[Engine, Nat], Iterator[Flow]], ...] = (
    translation.restored_destinations,
    translation.destinations,
    translation.restored_sources,
    translation.sources,
    translation.tracked,
    translation.local_destinations,
    translation.hairpin,
    translation.without_detour,
)
"""How each translation is carried out, if a chassis does."""


I = TypeVar("I")  # noqa: E741 - item


def _of_switch(generator: Callable[[Engine, Switch], Iterator[Flow]]) -> Callable[[Engine, str], Iterator[Placed]]:
    def flows(db: Engine, ref: str) -> Iterator[Placed]:
        switch = topology.switch(db, ref)
        if switch is not None:
            for flow in generator(db, switch):
                yield Placed(ref, flow)

    flows.__name__ = generator.__name__
    return flows


def _of_router(generator: Callable[[Engine, Router], Iterator[Flow]]) -> Callable[[Engine, str], Iterator[Placed]]:
    def flows(db: Engine, ref: str) -> Iterator[Placed]:
        router = topology.router(db, ref)
        if router is not None and router.enabled:
            for flow in generator(db, router):
                yield Placed(ref, flow)

    flows.__name__ = generator.__name__
    return flows


def switch_port_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """All that a switch port's generators yield."""
    port = topology.switch_port(db, ref)
    if port is not None:
        for generator in SWITCH_PORT:
            for flow in generator(db, port):
                yield Placed(port.switch, flow)


def router_port_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """All that a router port's generators yield."""
    port = topology.router_port(db, ref)
    if port is not None and _enabled(db, port.router):
        for generator in ROUTER_PORT:
            for flow in generator(db, port):
                yield Placed(port.router, flow)


def neighbor_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a switch port with machines teaches the routers on its switch."""
    port = topology.switch_port(db, ref)
    if port is not None:
        yield from (Placed(router, flow) for router, flow in resolve.machine_resolution(db, port) if _enabled(db, router))


def peer_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a router port teaches the router at its other end, and those on its switch."""
    port = topology.router_port(db, ref)
    if port is not None:
        for router, flow in chain(resolve.peer_resolution(db, port), routable.routes(db, port)):
            if _enabled(db, router):
                yield Placed(router, flow)


def daemon_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a routing daemon beside a router port asks of their switch."""
    port = topology.router_port(db, ref)
    if port is not None:
        yield from (Placed(switch, flow) for switch, flow in routing_daemon.redirection(db, port))


def destination_flows(db: Engine, destination: Destination) -> Iterator[Placed]:
    """How packets to a destination of routes go on."""
    if _enabled(db, destination.router):
        yield from routes.destination_flows(db, destination)
        for flow in route_groups.group_flows(db, destination):
            yield Placed(destination.router, flow)


def policy_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a policy of a router asks."""
    router = policies.router_of_policy(db, ref)
    if router is not None and _enabled(db, router):
        for flow in policies.policy_flows(db, ref):
            yield Placed(router, flow)


def nat_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a translation of addresses asks of its router."""
    rule = nat.nat(db, ref)
    if rule is not None and _enabled(db, rule.router):
        for generator in (*ADDRESSING, *(TRANSLATION if rule.is_placed else ())):
            for flow in generator(db, rule):
                yield Placed(rule.router, flow)


def nat_switch_flows(db: Engine, beside: external_addresses.Beside) -> Iterator[Placed]:
    """What a switch beside a router learns of a translation."""
    if _enabled(db, beside.router):
        for flow in external_addresses.on_switch(db, beside):
            yield Placed(beside.side.switch, flow)


def next_hop_flows(db: Engine, hop: static_routes.NextHop) -> Iterator[Placed]:
    """How the next hop of static routes is asked for."""
    if _enabled(db, hop.router):
        for flow in static_routes.solicitation(db, hop):
            yield Placed(hop.router, flow)


def acl_flows(db: Engine, applied: Applied) -> Iterator[Placed]:
    """What an ACL adds where it holds."""
    for flow in acl.acl_flows(db, applied):
        yield Placed(applied.where, flow)


def qos_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a rule of QoS asks of its switches."""
    yield from (Placed(switch, flow) for switch, flow in qos.rule(db, ref))


def group_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a forwarding group asks of its switches."""
    yield from (Placed(switch, flow) for switch, flow in forwarding_groups.group(db, ref))


def multicast_flows(db: Engine, group: Group) -> Iterator[Placed]:
    """How packets to a group that somebody asked for go on."""
    asked_for = snooping.asked_for if topology.switch(db, group.datapath) else relay.asked_for
    for flow in asked_for(db, group):
        yield Placed(group.datapath, flow)


def probe_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What the probes of a load balancer's backends ask of the backends' switches."""
    yield from (Placed(switch, flow) for switch, flow in backend_probes.flows(db, ref))


def foreign_probe_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What a probe for another zone's load balancer asks of the backend's switch."""
    yield from (Placed(switch, flow) for switch, flow in backend_probes.asked_for_elsewhere(db, ref))


def switch_balancer_flows(db: Engine, placed: load_balancers.Placed) -> Iterator[Placed]:
    """What a load balancer adds to switches of its."""
    for flow in load_balancing.balancer_flows(db, placed):
        yield Placed(placed.place, flow)


def router_balancer_flows(db: Engine, placed: load_balancers.Placed) -> Iterator[Placed]:
    """What a load balancer adds to routers of its."""
    for flow in router_balancing.balancer_flows(db, placed):
        yield Placed(placed.place, flow)


def vip_flows(db: Engine, ref: str) -> Iterator[Placed]:
    """What switches around the routers of a load balancer learn of its VIPs."""
    yield from (Placed(switch, flow) for switch, flow in vip_addresses.on_switches(db, ref))


def _enabled(db: Engine, ref: str) -> bool:
    router = topology.router(db, ref)
    return router is not None and router.enabled


def _sampled(unit: Callable[[Engine, I], Iterator[Placed]]) -> Callable[[Engine, I], Iterator[Placed]]:
    """What a unit yields, with samples of what is dropped."""

    @wraps(unit)
    def flows(db: Engine, item: I) -> Iterator[Placed]:
        for placed in unit(db, item):
            yield Placed(placed.where, sampled(db, placed.flow)) if placed.flow.actions == DROP else placed

    return flows


_UNITS: tuple[tuple[Any, Callable[[Engine, Any], Iterator[Placed]]], ...] = (
    *((LogicalSwitch, _of_switch(generator)) for generator in SWITCH),
    (evpn.SWITCHES, _of_switch(evpn.other_vteps)),
    (LogicalSwitchPort, switch_port_flows),
    *((LogicalRouter, _of_router(generator)) for generator in ROUTER),
    (LogicalRouterPort, router_port_flows),
    (LogicalRouterPort, peer_flows),
    (LogicalRouterPort, daemon_flows),
    (resolve.NEIGHBOURS, neighbor_flows),
    (routes.ROUTES_TO, destination_flows),
    (static_routes.NEXT_HOPS, next_hop_flows),
    (APPLIED, acl_flows),
    (QoS, qos_flows),
    (ForwardingGroup, group_flows),
    (GROUPS, multicast_flows),
    (LoadBalancer, probe_flows),
    (ServiceMonitor, foreign_probe_flows),
    (load_balancers.ON_SWITCHES, switch_balancer_flows),
    (load_balancers.ON_ROUTERS, router_balancer_flows),
    (LoadBalancer, vip_flows),
    (LogicalRouterPolicy, policy_flows),
    (NAT, nat_flows),
    (external_addresses.BESIDE, nat_switch_flows),
)

FLOWS = bag(*((source, _sampled(unit)) for source, unit in _UNITS))
"""Every logical flow there is but those that pairs of ports of a router or switch ask for: these are many."""

COLLECTIONS = (FLOWS, resolve.ACQUAINTANCES, path_mtu.REFUSALS)
"""All that holds flows."""

MEMBERS = each(
    (LogicalSwitch, load_balancers.members_of_switch),
    (LogicalRouter, load_balancers.members_of_router),
    (GROUPS_ON_SWITCHES, member_by_group),
)
"""Who is in the places that flows name."""
