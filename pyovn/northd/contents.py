"""Which generators speak for which kind of northbound row.

A generator is a function of the engine and the facts about one row; it yields flows for the row's datapath. Those that
speak for a whole switch or router are units of their own; a port's run together, because ports are many and small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyovn.northd import topology
from pyovn.northd.flow import Flow
from pyovn.northd.router import defaults as router_defaults
from pyovn.northd.switch import arp_responder, defaults, dhcp, l2_lookup, port_security, unknown
from pyovn.northd.topology import Router, RouterPort, Switch, SwitchPort
from pyovn.query import Engine, each
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalSwitch, LogicalSwitchPort

SWITCH: tuple[Callable[[Engine, Switch], Iterator[Flow]], ...] = (
    defaults.empty_stages,
    defaults.conntrack,
    defaults.service_monitor,
    port_security.switch_port_security,
    l2_lookup.multicast,
    unknown.unknown_destinations,
)
"""What holds for every packet in a switch."""

SWITCH_PORT: tuple[Callable[[Engine, SwitchPort], Iterator[Flow]], ...] = (
    port_security.port_admission,
    port_security.too_big_turned_around,
    defaults.router_and_localnet_bypass,
    unknown.learning,
    arp_responder.replies,
    dhcp.dhcpv4,
    dhcp.dhcpv6,
    l2_lookup.unicast,
    l2_lookup.router_addresses,
    unknown.disabled_port,
)
"""What each port adds to its switch."""

ROUTER: tuple[Callable[[Engine, Router], Iterator[Flow]], ...] = (router_defaults.empty_stages,)
"""What holds for every packet in a router."""

ROUTER_PORT: tuple[Callable[[Engine, RouterPort], Iterator[Flow]], ...] = ()
"""What each port adds to its router."""


class Placed(NamedTuple):
    """A flow and the datapath it belongs to, by the uuid of its switch or router."""

    datapath: str
    flow: Flow


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
    if port is not None:
        for generator in ROUTER_PORT:
            for flow in generator(db, port):
                yield Placed(port.router, flow)


FLOWS = each(
    *((LogicalSwitch, _of_switch(generator)) for generator in SWITCH),
    (LogicalSwitchPort, switch_port_flows),
    *((LogicalRouter, _of_router(generator)) for generator in ROUTER),
    (LogicalRouterPort, router_port_flows),
)
"""Every logical flow there is."""
