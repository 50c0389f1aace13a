"""Which queries say what of it all, row by row."""

from __future__ import annotations

from pyovn.interconnect import (
    advertised,
    gateways,
    learned,
    monitors,
    router_ports,
    switch_ports,
    transit_routers,
    transit_switches,
    zone,
)
from pyovn.query import each
from pyovn.schemas import ic_nb, ic_sb, nb, sb

EDITS = each(
    (nb.NBGlobal, zone.registration),
    (nb.NBGlobal, zone.global_rows),
    (sb.Chassis, gateways.told),
    (ic_sb.Gateway, gateways.entered),
    (sb.Chassis, gateways.struck_out),
    (ic_nb.TransitSwitch, transit_switches.part),
    (ic_nb.TransitSwitch, transit_switches.binding),
    (nb.LogicalSwitch, transit_switches.leftover_part),
    (ic_sb.DatapathBinding, transit_switches.leftover_binding),
    (ic_nb.TransitRouter, transit_routers.part),
    (ic_nb.TransitRouter, transit_routers.binding),
    (nb.LogicalRouter, transit_routers.leftover_part),
    (ic_sb.DatapathBinding, transit_routers.leftover_binding),
    (nb.LogicalSwitchPort, switch_ports.port),
    (ic_sb.PortBinding, switch_ports.binding),
    (ic_nb.TransitRouterPort, router_ports.port),
    (nb.LogicalRouterPort, router_ports.leftover_part),
    (ic_sb.PortBinding, router_ports.leftover_binding),
    (advertised.OFFERS, advertised.route),
    (ic_sb.Route, advertised.leftover),
    (learned.LESSONS, learned.learn),
    (nb.LogicalRouterStaticRoute, learned.forget),
    (sb.ServiceMonitor, monitors.elsewhere),
    (ic_sb.ServiceMonitor, monitors.asked_for),
    (sb.ServiceMonitor, monitors.leftover),
)
"""Everything that is still to be done."""

PROGRESS = each((ic_nb.ICNBGlobal, zone.progress))
"""What is to be said once nothing is left to do."""

TABLES: dict[str, tuple[type, ...]] = {
    nb.__name__: (
        nb.NBGlobal, nb.LogicalSwitch, nb.LogicalSwitchPort, nb.LogicalRouter, nb.LogicalRouterPort, nb.LogicalRouterStaticRoute,
        nb.LoadBalancer, nb.LoadBalancerGroup,
    ),
    sb.__name__: (sb.SBGlobal, sb.Chassis, sb.Encap, sb.DatapathBinding, sb.PortBinding, sb.LearnedRoute, sb.ServiceMonitor),
    ic_nb.__name__: (ic_nb.ICNBGlobal, ic_nb.TransitSwitch, ic_nb.TransitRouter, ic_nb.TransitRouterPort),
    ic_sb.__name__: (
        ic_sb.ICSBGlobal, ic_sb.AvailabilityZone, ic_sb.Gateway, ic_sb.Encap, ic_sb.DatapathBinding, ic_sb.PortBinding, ic_sb.Route,
        ic_sb.ServiceMonitor,
    ),
}  # fmt: skip
"""Of each database, by its schema's module, the tables that the queries read."""
