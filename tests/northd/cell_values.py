"""What the rows of a network's first cell may hold instead: for every column of every northbound table another value, often several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pyovn.ovsdb.declare import table_schema, tables_of
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import Type
from pyovn.schemas import nb
from tests.northd.stores import Pair

ROWS: dict[type[Table], tuple[str, ...]] = {
    nb.SampleCollector: ("collector-0",), nb.Sample: ("sample-0",), nb.Copp: ("copp-0",), nb.LogicalSwitch: ("ls-0", "fabric-0"),
    nb.LogicalSwitchPort: ("vm-0", "side-0", "gw-side-0", "afar-0"), nb.LogicalSwitchPortHealthCheck: ("hc-0",),
    nb.ForwardingGroup: ("fg-0",), nb.AddressSet: ("set-0",), nb.PortGroup: ("pg-0", "everybody"), nb.LoadBalancer: ("lb-0", "service-0"),
    nb.LoadBalancerGroup: ("lbg-0",), nb.LoadBalancerHealthCheck: ("lb-check-0",), nb.ACL: ("acl-0", "group-acl-0", "acl"),
    nb.QoS: ("qos-0",), nb.Mirror: ("mirror-0",), nb.MirrorRule: ("mirror-rule-0",), nb.Meter: ("meter-1",), nb.MeterBand: ("band-1",),
    nb.LogicalRouter: ("gw-0", "edge-0"), nb.LogicalRouterPort: ("lrp-0", "gw-end-0", "edge-end-0"),
    nb.LogicalRouterStaticRoute: ("route-0", "watched-0", "left-0"), nb.LogicalRouterPolicy: ("policy-0", "ways-0"),
    nb.NAT: ("nat-0", "snat-0", "inner-nat-0"), nb.DHCPOptions: ("dhcp-0",), nb.DHCPRelay: ("relay-0",),
    nb.DNS: ("dns-0",), nb.GatewayChassis: ("gwc-0",), nb.HAChassis: ("member-0",), nb.HAChassisGroup: ("hag-0",), nb.BFD: ("bfd-0",),
    nb.StaticMACBinding: ("smb-0",), nb.ChassisTemplateVar: ("var-0",), nb.NetworkFunction: ("nf-0",),
    nb.NetworkFunctionGroup: ("nfg-0",), nb.NetworkFunctionHealthCheck: ("nf-check-0",),
}  # fmt: skip
"""By table: rows of the first cell, or that all cells have in common without being changed by each."""

OTHERWISE: set[type[Table]] = {nb.NBGlobal, nb.SamplingApp, nb.Connection, nb.SSL}
"""Tables whose rows speak for the whole network, so that a change there is a change of all of it, or for none of it."""

VALUES: dict[str, tuple[Any, ...]] = {
    "Copp.meters": ({}, {"arp": "meter-1"}),
    "Logical_Switch.ports": (("vm-0",), ()),
    "Logical_Switch.load_balancer": (("lb-0",), ("lb-0", "service-1")),
    "Logical_Switch.load_balancer_group": ((), ("services",), ("lbg-0", "lbg-1", "services")),
    "Logical_Switch.acls": ((), ("acl-0", "acl-1")),
    "Logical_Switch_Port.type": ("localnet", "localport", "virtual", "vtep", "l2gateway", "remote", "external", "switch"),
    "Logical_Switch_Port.addresses": ((), ("unknown",), ("00:00:00:00:00:22 10.0.0.22",), ("dynamic",)),
    "Logical_Switch_Port.port_security": ((), ("00:00:00:00:00:02 10.0.0.2",)),
    "Logical_Switch_Port.tag_request": (0, 5),
    "Logical_Switch_Port.dynamic_addresses": ("00:00:00:00:00:05 10.0.0.5",),
    "Forwarding_Group.vip": ("10.0.0.91",),
    "Forwarding_Group.vmac": ("00:00:00:02:00:77",),
    "Forwarding_Group.child_port": (("afar-0",),),
    "Address_Set.addresses": ((), ("10.0.0.7", "10.0.0.8")),
    "Port_Group.ports": (("afar-0", "vm-0"), ("vm-1",)),
    "Load_Balancer.vips": ({}, {"172.16.0.1:80": ""}, {"172.16.0.1:80": "10.0.0.2:8081", "[fd00::1]:80": "[fd00::2]:80"}),
    "Load_Balancer.ip_port_mappings": ({}, {"10.0.0.2": "afar-0:10.0.0.8"}),
    "Load_Balancer_Group.load_balancer": ((), ("lb-0", "lb-1", "service-0")),
    "Load_Balancer_Health_Check.vip": ("172.16.0.1:81",),
    "Logical_Switch_Port_Health_Check.src_ip": ("10.0.0.9",),
    "Logical_Switch_Port_Health_Check.address": ("10.0.0.9",),
    "ACL.match": ("ip6", "ip4.dst == 10.0.0.7"),
    "ACL.action": ("drop", "allow-stateless", "reject", "pass"),
    "Meter.bands": (("band-1", "band-2"),),
    "QoS.match": ("ip6",),
    "QoS.action": ({"dscp": 12}, {"mark": 3}, {}),
    "QoS.bandwidth": ({}, {"rate": 5, "burst": 7}),
    "Mirror.sink": ("vm-0",),
    "Mirror_Rule.match": ("ip6",),
    "Logical_Router.ports": ((),),
    "Logical_Router.load_balancer": (("service-0",), ("lb-0",)),
    "Logical_Router.load_balancer_group": ((), ("lbg-0", "services")),
    "Logical_Router_Port.mac": ("00:00:00:05:00:01",),
    "Logical_Router_Port.networks": (("10.0.0.1/24", "10.99.0.1/24"), ("fd00::1/64",), ("100.64.77.1/16",)),
    "Logical_Router_Port.ipv6_prefix": (("fd77::/64",),),
    "Logical_Router_Port.peer": ("gw-end-0", "lrp-1"),
    "Logical_Router_Static_Route.ip_prefix": ("10.101.0.0/24", "10.77.0.0/24", "fd77::/64"),
    "Logical_Router_Static_Route.nexthop": ("10.0.0.3", "discard", "10.1.0.2"),
    "Logical_Router_Static_Route.output_port": ("lrp-0", "lrp-1"),
    "Logical_Router_Policy.match": ("ip4.src == 10.0.0.10",),
    "Logical_Router_Policy.action": ("allow", "reroute"),
    "Logical_Router_Policy.nexthops": (("10.0.0.2",), ("10.0.0.2", "10.0.0.3")),
    "Logical_Router_Policy.output_port": ("lrp-0",),
    "NAT.type": ("dnat", "snat", "dnat_and_snat"),
    "NAT.external_ip": ("172.17.1.1", "172.16.0.1"),
    "NAT.logical_ip": ("10.0.0.22",),
    "NAT.external_mac": ("00:00:00:06:00:01",),
    "NAT.logical_port": ("vm-0",),
    "NAT.match": ("tcp",),
    "NAT.gateway_port": ("lrp-1",),
    "NAT.allowed_ext_ips": ("set-0",),
    "NAT.exempted_ext_ips": ("set-0",),
    "DHCP_Options.cidr": ("fd00::/64",),
    "DHCP_Relay.servers": ("172.18.1.1",),
    "DNS.records": ({}, {"other": "10.0.0.22"}),
    "BFD.logical_port": ("lrp-1",),
    "BFD.dst_ip": ("10.0.0.3",),
    "Static_MAC_Binding.ip": ("10.0.0.78",),
    "Static_MAC_Binding.mac": ("00:00:00:00:00:78",),
    "Static_MAC_Binding.logical_port": ("lrp-1",),
    "Chassis_Template_Var.chassis": ("hv77",),
    "Network_Function.inport": ("nf-out-0",),
    "Network_Function.outport": ("nf-in-0",),
}
"""By table and column; for columns that are not here any value that may stand there."""

OPTIONS: dict[str, dict[str, str]] = {
    "Logical_Switch.other_config": {
        "subnet": "10.0.0.0/24", "exclude_ips": "10.0.0.1..10.0.0.9", "ipv6_prefix": "fd00::", "mac_only": "true", "vlan-passthru": "true",
        "mcast_snoop": "true", "mcast_querier": "false", "mcast_flood_unregistered": "true", "mcast_table_size": "9",
        "mcast_idle_timeout": "30", "mcast_query_interval": "5", "mcast_query_max_response": "3", "mcast_eth_src": "00:00:00:00:00:01",
        "requested-tnl-key": "77", "dhcp_relay_port": "side-0", "broadcast-arps-to-all-routers": "false",
        "enable-stateless-acl-with-lb": "true", "ct-zone-limit": "9", "fdb_age_threshold": "9", "interconn-ts": "ts",
        "dynamic-routing-vni": "8", "dynamic-routing-redistribute": "fdb", "dynamic-routing-fdb-prefer-local": "true",
    },
    "Logical_Switch_Port.options": {
        "router-port": "gw-end-0", "network_name": "physnet", "requested-chassis": "hv0", "requested-tnl-key": "77",
        "nat-addresses": "router", "exclude-lb-vips-from-garp": "true", "exclude-router-ips-from-garp": "true",
        "arp_proxy": "10.0.0.99", "virtual-ip": "10.0.0.50", "virtual-parents": "vm-0", "mcast_flood": "true", "receive_multicast": "false",
        "mcast_flood_reports": "true", "qos_max_rate": "1000", "qdisc_queue_id": "7", "hostname": "h", "disable_arp_nd_rsp": "true",
        "localnet_learn_fdb": "true", "lsp_learn_fdb": "false", "force_fdb_lookup": "true", "pkt_clone_type": "mc_unknown",
        "enable_router_port_acl": "true",
    },
    "Logical_Router.options": {
        "chassis": "hv7", "dynamic_neigh_routers": "true", "always_learn_from_arp_request": "false", "lb_force_snat_ip": "router_ip",
        "dnat_force_snat_ip": "100.64.0.9", "mcast_relay": "true", "requested-tnl-key": "77", "mac_binding_age_threshold": "9",
        "disable_garp_rarp": "true", "ct-zone-limit": "9", "snat-ct-zone": "9", "ct-commit-all": "true",
        "dynamic-routing": "false", "dynamic-routing-redistribute": "connected,nat", "dynamic-routing-vrf-id": "7",
    },
    "Logical_Router_Port.options": {
        "gateway_mtu": "1400", "gateway_mtu_bypass": "tcp", "reside-on-redirect-chassis": "true", "mcast_flood": "true",
        "redirect-type": "bridged", "route_table": "t-9", "requested-tnl-key": "77", "prefix": "true", "prefix_delegation": "true",
        "routing-protocol-redirect": "vm-0", "routing-protocols": "BGP",
        "dynamic-routing-redistribute": "connected,lb", "dynamic-routing-no-learning": "true",
    },
    "Logical_Router_Port.ipv6_ra_configs": {"address_mode": "slaac", "mtu": "1400", "send_periodic": "true", "prefix": "fd00::/64"},
    "Logical_Router_Static_Route.options": {"ecmp_symmetric_reply": "true", "origin": "connected"},
    "Logical_Router_Policy.options": {"pkt_mark": "7"},
    "Load_Balancer.options": {
        "reject": "true", "event": "true", "skip_snat": "true", "hairpin_snat_ip": "10.0.0.7", "affinity_timeout": "60",
        "use_stateless_nat": "true", "distributed": "true", "neighbor_responder": "all", "template": "true", "address-family": "ipv6",
    },
    "NAT.options": {"stateless": "true", "add_route": "true"},
    "ACL.options": {"apply-after-lb": "true", "log-related": "true", "persist-established": "true"},
    "DNS.options": {"ovn-owned": "true"},
    "DHCP_Options.options": {"server_id": "10.0.0.9", "server_mac": "00:00:00:00:00:aa", "lease_time": "60"},
    "Load_Balancer_Health_Check.options": {"interval": "7"},
    "Logical_Switch_Port_Health_Check.options": {"interval": "7"},
    "Chassis_Template_Var.variables": {"vip": "10.0.0.92"},
}
"""By table and column of a map: values that make a difference, by key."""


class Case(NamedTuple):
    """Another value of a column of a row."""

    table: type[Table]
    row: str
    column: str
    value: Any
    label: str


def cases(pair: Pair, table: type[Table]) -> Iterator[Case]:
    """Every case of a table in the first cell of a network."""
    for row in pair.northbound(table):
        for column, described in table_schema(table).columns.items() if row.uuid in ROWS[table] else ():
            yield from _of_column(row, column, described.type)


def _of_column(there: Table, column: str, type_: Type) -> Iterator[Case]:
    table, held = type(there), getattr(there, column)
    key = f"{table.__table__}.{column}"
    for name, value in OPTIONS.get(key, {}).items():
        yield Case(table, there.uuid, column, {**held, name: value}, f"{key}:{name} of {there.uuid}")
    if key in OPTIONS:
        return
    several = VALUES.get(key) or tuple(_any(held, type_))
    for number, value in enumerate(value for value in several if value != held):
        yield Case(table, there.uuid, column, value, f"{key} of {there.uuid} {number}")


def _any(held: Any, type_: Type) -> Iterator[Any]:
    if type_.value is not None:
        yield {"a": "b"}
    elif type_.key.kind == "boolean":
        yield from (True, False)
    elif type_.key.enum:
        yield from type_.key.enum if type_.max == 1 else ((word,) for word in type_.key.enum)
    elif type_.key.kind == "integer":
        yield int(min(77, type_.key.high if type_.key.high is not None else 77))
    elif type_.key.kind == "string" and type_.max == 1:
        yield "other"
    elif type_.key.ref_table:
        # That of the next cell.
        other = ROWS[tables_of(nb)[type_.key.ref_table]][0].replace("-0", "-1")
        yield other if type_.max == 1 else (other,)
    if type_.min == 0 and type_.value is None:
        yield None if type_.max == 1 else ()
