"""Which queries speak for which southbound rows, flows apart."""

from __future__ import annotations

from pyovn.northd.multicast import GROUPS
from pyovn.northd.port_groups import GROUPS_ON_SWITCHES
from pyovn.northd.southbound import (
    acl_ids,
    advertised_macs,
    advertised_routes,
    balancers,
    constants,
    datapaths,
    global_rows,
    groups,
    ha_groups,
    meters,
    mirrors,
    monitors,
    multicast,
    names,
    neighbours,
    ports,
    sessions,
)
from pyovn.northd.topology import SIDES
from pyovn.query import each
from pyovn.schemas import nb

ROWS = each(
    (nb.NBGlobal, constants.constant_rows),
    (nb.NBGlobal, global_rows.sb_global),
    (nb.NBGlobal, groups.service_monitor_set),
    (nb.LogicalSwitch, datapaths.switch_binding),
    (nb.LogicalRouter, datapaths.router_binding),
    (nb.LogicalSwitchPort, ports.switch_port_binding),
    (SIDES, ports.switch_redirect_binding),
    (nb.LogicalRouterPort, ports.router_port_binding),
    (nb.LogicalRouterPort, ports.redirect_binding),
    (ha_groups.EXTERNAL_PORTS, ha_groups.group_of_external_port),
    (nb.LogicalRouterPort, ha_groups.group_of_gateway_port),
    (nb.LogicalSwitch, multicast.fixed_groups),
    (nb.LogicalRouter, multicast.fixed_groups),
    (GROUPS, multicast.asked_group),
    (nb.LogicalSwitch, multicast.ip_multicast),
    (nb.AddressSet, groups.address_set),
    (nb.LoadBalancer, balancers.load_balancer),
    (balancers.WAYS, balancers.group),
    (nb.LoadBalancer, monitors.service_monitors),
    (monitors.CHECKED_PORTS, monitors.port_monitors),
    (nb.NetworkFunction, monitors.function_monitor),
    (nb.LogicalRouter, balancers.vip_sets),
    (nb.Mirror, mirrors.mirror),
    (mirrors.MIRRORED, mirrors.exits),
    (nb.DNS, names.dns),
    (nb.ChassisTemplateVar, names.template_variables),
    (advertised_routes.CLAIMS, advertised_routes.advertised_route),
    (advertised_macs.ANNOUNCED, advertised_macs.advertised_mac_binding),
    (nb.StaticMACBinding, neighbours.static_mac_binding),
    (nb.LogicalRouterStaticRoute, neighbours.next_hop),
    (nb.BFD, sessions.session_row),
    (nb.Meter, meters.meter),
    (nb.ACL, meters.acl_meter),
    (nb.ACL, acl_ids.acl_id),
    (nb.PortGroup, groups.port_group_sets),
    (GROUPS_ON_SWITCHES, groups.port_group_on_switch),
)
"""Every southbound row that is the compiler's own."""
