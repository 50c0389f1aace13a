"""OVSDB schema OVN_Northbound: the northbound database: the network as its owner wants it.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated

from pyovn.ovsdb.declare import EPHEMERAL, WEAK, Length, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "OVN_Northbound"
VERSION = "7.18.0"
CKSUM = "1537030958 45190"


class NBGlobal(Table, table="NB_Global", root=True, max_rows=1):
    """TODO."""

    name: str
    nb_cfg: int
    nb_cfg_timestamp: int
    sb_cfg: int
    sb_cfg_timestamp: int
    hv_cfg: int
    hv_cfg_timestamp: int
    external_ids: dict[str, str]
    connections: tuple[Ref[Connection], ...]
    ssl: Ref[SSL] | None
    options: dict[str, str]
    ipsec: bool


class SampleCollector(Table, table="Sample_Collector", indexes=(("id",),), root=True):
    """TODO."""

    id: Annotated[int, Range(1, 255)]
    name: str
    probability: Annotated[int, Range(0, 65535)]
    set_id: Annotated[int, Range(1, 4294967295)]
    external_ids: dict[str, str]


class Sample(Table, table="Sample", indexes=(("metadata",),)):
    """TODO."""

    collectors: tuple[Ref[SampleCollector], ...]
    metadata: Annotated[int, Range(1, 4294967295)]


class Copp(Table, table="Copp", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    meters: dict[str, str]
    external_ids: dict[str, str]


class LogicalSwitch(Table, table="Logical_Switch", root=True):
    """TODO."""

    name: str
    ports: tuple[Ref[LogicalSwitchPort], ...]
    acls: tuple[Ref[ACL], ...]
    qos_rules: tuple[Ref[QoS], ...]
    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]
    load_balancer_group: tuple[Ref[LoadBalancerGroup], ...]
    dns_records: tuple[Annotated[Ref[DNS], WEAK], ...]
    copp: Annotated[Ref[Copp], WEAK] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]
    forwarding_groups: tuple[Ref[ForwardingGroup], ...]


class LogicalSwitchPort(Table, table="Logical_Switch_Port", indexes=(("name",),)):
    """TODO."""

    name: str
    type: str
    options: dict[str, str]
    parent_name: str | None
    tag_request: Annotated[int, Range(0, 4095)] | None
    tag: Annotated[int, Range(1, 4095)] | None
    addresses: tuple[str, ...]
    dynamic_addresses: str | None
    port_security: tuple[str, ...]
    peer: str | None
    up: bool | None
    enabled: bool | None
    dhcpv4_options: Annotated[Ref[DHCPOptions], WEAK] | None
    dhcpv6_options: Annotated[Ref[DHCPOptions], WEAK] | None
    mirror_rules: tuple[Annotated[Ref[Mirror], WEAK], ...]
    ha_chassis_group: Ref[HAChassisGroup] | None
    health_checks: tuple[Ref[LogicalSwitchPortHealthCheck], ...]
    external_ids: dict[str, str]


class NetworkFunctionHealthCheck(Table, table="Network_Function_Health_Check", indexes=(("name",),)):
    """TODO."""

    name: str
    options: dict[str, str]
    external_ids: dict[str, str]


class NetworkFunction(Table, table="Network_Function", indexes=(("name",), ("id",),), root=True):
    """TODO."""

    name: str
    outport: Ref[LogicalSwitchPort]
    inport: Ref[LogicalSwitchPort]
    health_check: Ref[NetworkFunctionHealthCheck] | None
    id: Annotated[int, Range(1, 255)]
    external_ids: dict[str, str]


class NetworkFunctionGroup(Table, table="Network_Function_Group", indexes=(("name",), ("id",),), root=True):
    """TODO."""

    name: str
    fallback: Annotated[str, OneOf("fail-close", "fail-open")] | None
    network_function: tuple[Ref[NetworkFunction], ...]
    network_function_active: Ref[NetworkFunction] | None
    mode: Annotated[str, OneOf("inline")]
    id: Annotated[int, Range(1, 255)]
    external_ids: dict[str, str]


class LogicalSwitchPortHealthCheck(Table, table="Logical_Switch_Port_Health_Check"):
    """TODO."""

    protocol: Annotated[str, OneOf("icmp", "tcp", "udp")]
    src_ip: str
    port: Annotated[int, Range(0, 65535)]
    address: str
    status: Annotated[str, OneOf("error", "offline", "online")] | None
    options: dict[str, str]


class ForwardingGroup(Table, table="Forwarding_Group"):
    """TODO."""

    name: str
    vip: str
    vmac: str
    liveness: bool
    external_ids: dict[str, str]
    child_port: Annotated[tuple[str, ...], Size(1, None)]


class AddressSet(Table, table="Address_Set", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    addresses: tuple[str, ...]
    external_ids: dict[str, str]


class PortGroup(Table, table="Port_Group", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    ports: tuple[Annotated[Ref[LogicalSwitchPort], WEAK], ...]
    acls: tuple[Ref[ACL], ...]
    external_ids: dict[str, str]


class LoadBalancer(Table, table="Load_Balancer", root=True):
    """TODO."""

    name: str
    vips: dict[str, str]
    protocol: Annotated[str, OneOf("sctp", "tcp", "udp")] | None
    health_check: tuple[Ref[LoadBalancerHealthCheck], ...]
    ip_port_mappings: dict[str, str]
    selection_fields: tuple[Annotated[str, OneOf(
        "eth_dst", "eth_src", "ip_dst", "ip_src", "ipv6_dst", "ipv6_src", "tp_dst", "tp_src",
    )], ...]
    options: dict[str, str]
    external_ids: dict[str, str]


class LoadBalancerGroup(Table, table="Load_Balancer_Group", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]


class LoadBalancerHealthCheck(Table, table="Load_Balancer_Health_Check"):
    """TODO."""

    vip: str
    options: dict[str, str]
    external_ids: dict[str, str]


class ACL(Table, table="ACL"):
    """TODO."""

    name: Annotated[str, Length(None, 63)] | None
    priority: Annotated[int, Range(0, 32767)]
    direction: Annotated[str, OneOf("from-lport", "to-lport")]
    match: str
    action: Annotated[str, OneOf("allow", "allow-related", "allow-stateless", "drop", "pass", "reject")]
    network_function_group: Ref[NetworkFunctionGroup] | None
    log: bool
    severity: Annotated[str, OneOf("alert", "debug", "info", "notice", "warning")] | None
    meter: str | None
    label: Annotated[int, Range(0, 4294967295)]
    tier: Annotated[int, Range(0, 3)]
    sample_new: Ref[Sample] | None
    sample_est: Ref[Sample] | None
    options: dict[str, str]
    external_ids: dict[str, str]


class QoS(Table, table="QoS"):
    """TODO."""

    priority: Annotated[int, Range(0, 32767)]
    direction: Annotated[str, OneOf("from-lport", "to-lport")]
    match: str
    action: dict[Annotated[str, OneOf("dscp", "mark")], Annotated[int, Range(0, 4294967295)]]
    bandwidth: dict[Annotated[str, OneOf("burst", "rate")], Annotated[int, Range(1, 4294967295)]]
    external_ids: dict[str, str]


class Mirror(Table, table="Mirror", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    filter: Annotated[str, OneOf("both", "from-lport", "to-lport")]
    sink: str
    type: Annotated[str, OneOf("erspan", "gre", "local", "lport")]
    index: int
    mirror_rules: tuple[Ref[MirrorRule], ...]
    external_ids: dict[str, str]


class MirrorRule(Table, table="Mirror_Rule"):
    """TODO."""

    match: str
    action: Annotated[str, OneOf("mirror", "skip")]
    priority: Annotated[int, Range(0, 32767)]


class Meter(Table, table="Meter", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    unit: Annotated[str, OneOf("kbps", "pktps")]
    bands: Annotated[tuple[Ref[MeterBand], ...], Size(1, None)]
    fair: bool | None
    external_ids: dict[str, str]


class MeterBand(Table, table="Meter_Band"):
    """TODO."""

    action: Annotated[str, OneOf("drop")]
    rate: Annotated[int, Range(1, 4294967295)]
    burst_size: Annotated[int, Range(0, 4294967295)]
    external_ids: dict[str, str]


class LogicalRouter(Table, table="Logical_Router", root=True):
    """TODO."""

    name: str
    ports: tuple[Ref[LogicalRouterPort], ...]
    static_routes: tuple[Ref[LogicalRouterStaticRoute], ...]
    policies: tuple[Ref[LogicalRouterPolicy], ...]
    enabled: bool | None
    nat: tuple[Ref[NAT], ...]
    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]
    load_balancer_group: tuple[Ref[LoadBalancerGroup], ...]
    copp: Annotated[Ref[Copp], WEAK] | None
    options: dict[str, str]
    external_ids: dict[str, str]


class LogicalRouterPort(Table, table="Logical_Router_Port", indexes=(("name",),)):
    """TODO."""

    name: str
    gateway_chassis: tuple[Ref[GatewayChassis], ...]
    ha_chassis_group: Ref[HAChassisGroup] | None
    options: dict[str, str]
    networks: tuple[str, ...]
    mac: str
    peer: str | None
    enabled: bool | None
    ipv6_ra_configs: dict[str, str]
    ipv6_prefix: tuple[str, ...]
    dhcp_relay: Ref[DHCPRelay] | None
    external_ids: dict[str, str]
    status: dict[str, str]


class LogicalRouterStaticRoute(Table, table="Logical_Router_Static_Route"):
    """TODO."""

    route_table: str
    ip_prefix: str
    policy: Annotated[str, OneOf("dst-ip", "src-ip")] | None
    nexthop: str
    output_port: str | None
    bfd: Annotated[Ref[BFD], WEAK] | None
    selection_fields: tuple[Annotated[str, OneOf(
        "eth_dst", "eth_src", "ip_dst", "ip_proto", "ip_src", "ipv6_dst", "ipv6_src", "tp_dst", "tp_src",
    )], ...]
    options: dict[str, str]
    external_ids: dict[str, str]


class LogicalRouterPolicy(Table, table="Logical_Router_Policy"):
    """TODO."""

    priority: Annotated[int, Range(0, 32767)]
    chain: str | None
    match: str
    action: Annotated[str, OneOf("allow", "drop", "jump", "reroute")]
    jump_chain: str | None
    nexthop: str | None
    nexthops: tuple[str, ...]
    output_port: Annotated[Ref[LogicalRouterPort], WEAK] | None
    bfd_sessions: tuple[Annotated[Ref[BFD], WEAK], ...]
    options: dict[str, str]
    external_ids: dict[str, str]


class NAT(Table, table="NAT"):
    """TODO."""

    external_ip: str
    external_mac: str | None
    external_port_range: str
    logical_ip: str
    logical_port: str | None
    type: Annotated[str, OneOf("dnat", "dnat_and_snat", "snat")]
    allowed_ext_ips: Ref[AddressSet] | None
    exempted_ext_ips: Ref[AddressSet] | None
    gateway_port: Annotated[Ref[LogicalRouterPort], WEAK] | None
    priority: Annotated[int, Range(0, 32767)]
    match: str
    options: dict[str, str]
    external_ids: dict[str, str]


class DHCPOptions(Table, table="DHCP_Options", root=True):
    """TODO."""

    cidr: str
    options: dict[str, str]
    external_ids: dict[str, str]


class DHCPRelay(Table, table="DHCP_Relay", root=True):
    """TODO."""

    name: str
    servers: str | None
    options: dict[str, str]
    external_ids: dict[str, str]


class Connection(Table, table="Connection", indexes=(("target",),)):
    """TODO."""

    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    other_config: dict[str, str]
    external_ids: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]


class DNS(Table, table="DNS", root=True):
    """TODO."""

    records: dict[str, str]
    options: dict[str, str]
    external_ids: dict[str, str]


class SSL(Table, table="SSL", max_rows=1):
    """TODO."""

    private_key: str
    certificate: str
    ca_cert: str
    bootstrap_ca_cert: bool
    ssl_protocols: str
    ssl_ciphers: str
    ssl_ciphersuites: str
    external_ids: dict[str, str]


class GatewayChassis(Table, table="Gateway_Chassis", indexes=(("name",),)):
    """TODO."""

    name: str
    chassis_name: str
    priority: Annotated[int, Range(0, 32767)]
    external_ids: dict[str, str]
    options: dict[str, str]


class HAChassis(Table, table="HA_Chassis"):
    """TODO."""

    chassis_name: str
    priority: Annotated[int, Range(0, 32767)]
    external_ids: dict[str, str]


class HAChassisGroup(Table, table="HA_Chassis_Group", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    ha_chassis: tuple[Ref[HAChassis], ...]
    external_ids: dict[str, str]


class BFD(Table, table="BFD", indexes=(("logical_port", "dst_ip"),), root=True):
    """TODO."""

    logical_port: str
    dst_ip: str
    min_tx: Annotated[int, Range(1, None)] | None
    min_rx: int | None
    detect_mult: Annotated[int, Range(1, None)] | None
    status: Annotated[str, OneOf("admin_down", "down", "init", "up")] | None
    external_ids: dict[str, str]
    options: dict[str, str]


class StaticMACBinding(Table, table="Static_MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """TODO."""

    logical_port: str
    ip: str
    mac: str
    override_dynamic_mac: bool


class ChassisTemplateVar(Table, table="Chassis_Template_Var", indexes=(("chassis",),), root=True):
    """TODO."""

    chassis: str
    variables: dict[str, str]
    external_ids: dict[str, str]


class SamplingApp(Table, table="Sampling_App", indexes=(("type",),), root=True):
    """TODO."""

    type: Annotated[str, OneOf("acl-est", "acl-new", "drop")]
    id: Annotated[int, Range(1, 255)]
    external_ids: dict[str, str]
