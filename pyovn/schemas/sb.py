"""OVSDB schema OVN_Southbound: the southbound database: the compiled network, and what hosts report.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated, Any

from pyovn.ovsdb.declare import EPHEMERAL, WEAK, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "OVN_Southbound"
VERSION = "21.8.0"
CKSUM = "614397313 36713"


class SBGlobal(Table, table="SB_Global", root=True, max_rows=1):
    """TODO."""

    nb_cfg: int
    external_ids: dict[str, str]
    connections: tuple[Ref[Connection], ...]
    ssl: Ref[SSL] | None
    options: dict[str, str]
    ipsec: bool


class Chassis(Table, table="Chassis", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    hostname: str
    encaps: Annotated[tuple[Ref[Encap], ...], Size(1, None)]
    vtep_logical_switches: tuple[str, ...]
    nb_cfg: int
    external_ids: dict[str, str]
    other_config: dict[str, str]
    transport_zones: tuple[str, ...]


class ChassisPrivate(Table, table="Chassis_Private", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    chassis: Annotated[Ref[Chassis], WEAK] | None
    nb_cfg: int
    nb_cfg_timestamp: int
    external_ids: dict[str, str]


class Encap(Table, table="Encap", indexes=(("type", "ip"),)):
    """TODO."""

    type: Annotated[str, OneOf("geneve", "vxlan")]
    options: dict[str, str]
    ip: str
    chassis_name: str


class AddressSet(Table, table="Address_Set", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    addresses: tuple[str, ...]


class PortGroup(Table, table="Port_Group", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    ports: tuple[str, ...]


class LogicalFlow(Table, table="Logical_Flow", root=True):
    """TODO."""

    logical_datapath: Ref[DatapathBinding] | None
    logical_dp_group: Ref[LogicalDPGroup] | None
    pipeline: Annotated[str, OneOf("egress", "ingress")]
    table_id: Annotated[int, Range(0, 33)]
    priority: Annotated[int, Range(0, 65535)]
    match: str
    actions: str
    tags: dict[str, str]
    controller_meter: str | None
    external_ids: dict[str, str]
    flow_desc: str | None


class LogicalDPGroup(Table, table="Logical_DP_Group"):
    """TODO."""

    datapaths: tuple[Annotated[Ref[DatapathBinding], WEAK], ...]


class MulticastGroup(Table, table="Multicast_Group", indexes=(("datapath", "tunnel_key"), ("datapath", "name"),), root=True):
    """TODO."""

    datapath: Ref[DatapathBinding]
    name: str
    tunnel_key: Annotated[int, Range(32768, 65535)]
    ports: tuple[Annotated[Ref[PortBinding], WEAK], ...]


class Mirror(Table, table="Mirror", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    filter: Annotated[str, OneOf("both", "from-lport", "to-lport")]
    sink: str
    type: Annotated[str, OneOf("erspan", "gre", "local", "lport")]
    index: int
    external_ids: dict[str, str]


class Meter(Table, table="Meter", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    unit: Annotated[str, OneOf("kbps", "pktps")]
    bands: Annotated[tuple[Ref[MeterBand], ...], Size(1, None)]


class MeterBand(Table, table="Meter_Band"):
    """TODO."""

    action: Annotated[str, OneOf("drop")]
    rate: Annotated[int, Range(1, 4294967295)]
    burst_size: Annotated[int, Range(0, 4294967295)]


class DatapathBinding(Table, table="Datapath_Binding", indexes=(("tunnel_key",),), root=True):
    """TODO."""

    tunnel_key: Annotated[int, Range(1, 16777215)]
    load_balancers: tuple[Ref[Any], ...]
    type: Annotated[str, OneOf("logical-router", "logical-switch")] | None
    nb_uuid: Ref[Any] | None
    external_ids: dict[str, str]


class PortBinding(Table, table="Port_Binding", indexes=(("datapath", "tunnel_key"), ("logical_port",),), root=True):
    """TODO."""

    logical_port: str
    type: str
    gateway_chassis: tuple[Ref[GatewayChassis], ...]
    ha_chassis_group: Ref[HAChassisGroup] | None
    options: dict[str, str]
    datapath: Ref[DatapathBinding]
    tunnel_key: Annotated[int, Range(1, 32767)]
    parent_port: str | None
    mirror_port: str | None
    tag: Annotated[int, Range(1, 4095)] | None
    virtual_parent: str | None
    chassis: Annotated[Ref[Chassis], WEAK] | None
    additional_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]
    encap: Annotated[Ref[Encap], WEAK] | None
    additional_encap: tuple[Annotated[Ref[Encap], WEAK], ...]
    mirror_rules: tuple[Annotated[Ref[Mirror], WEAK], ...]
    mac: tuple[str, ...]
    port_security: tuple[str, ...]
    nat_addresses: tuple[str, ...]
    up: bool | None
    external_ids: dict[str, str]
    requested_chassis: Annotated[Ref[Chassis], WEAK] | None
    requested_additional_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]


class MACBinding(Table, table="MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """TODO."""

    logical_port: str
    ip: str
    mac: str
    timestamp: int
    datapath: Ref[DatapathBinding]


class DHCPOptions(Table, table="DHCP_Options", root=True):
    """TODO."""

    name: str
    code: Annotated[int, Range(0, 254)]
    type: Annotated[str, OneOf("bool", "domains", "host_id", "ipv4", "static_routes", "str", "uint16", "uint32", "uint8")]


class DHCPv6Options(Table, table="DHCPv6_Options", root=True):
    """TODO."""

    name: str
    code: Annotated[int, Range(0, 254)]
    type: Annotated[str, OneOf("domain", "ipv6", "mac", "str")]


class Connection(Table, table="Connection", indexes=(("target",),)):
    """TODO."""

    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    read_only: bool
    role: str
    other_config: dict[str, str]
    external_ids: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]


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


class DNS(Table, table="DNS", root=True):
    """TODO."""

    records: dict[str, str]
    datapaths: Annotated[tuple[Ref[DatapathBinding], ...], Size(1, None)]
    options: dict[str, str]
    external_ids: dict[str, str]


class RBACRole(Table, table="RBAC_Role", root=True):
    """TODO."""

    name: str
    permissions: dict[str, Annotated[Ref[RBACPermission], WEAK]]


class RBACPermission(Table, table="RBAC_Permission", root=True):
    """TODO."""

    table: str
    authorization: tuple[str, ...]
    insert_delete: bool
    update: tuple[str, ...]


class GatewayChassis(Table, table="Gateway_Chassis", indexes=(("name",),)):
    """TODO."""

    name: str
    chassis: Annotated[Ref[Chassis], WEAK] | None
    priority: Annotated[int, Range(0, 32767)]
    external_ids: dict[str, str]
    options: dict[str, str]


class HAChassis(Table, table="HA_Chassis"):
    """TODO."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    priority: Annotated[int, Range(0, 32767)]
    external_ids: dict[str, str]


class HAChassisGroup(Table, table="HA_Chassis_Group", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    ha_chassis: tuple[Ref[HAChassis], ...]
    ref_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]
    external_ids: dict[str, str]


class ControllerEvent(Table, table="Controller_Event", root=True):
    """TODO."""

    event_type: Annotated[str, OneOf("empty_lb_backends")]
    event_info: dict[str, str]
    chassis: Annotated[Ref[Chassis], WEAK] | None
    seq_num: int


class IPMulticast(Table, table="IP_Multicast", indexes=(("datapath",),), root=True):
    """TODO."""

    datapath: Annotated[Ref[DatapathBinding], WEAK]
    enabled: bool | None
    querier: bool | None
    eth_src: str
    ip4_src: str
    ip6_src: str
    table_size: int | None
    idle_timeout: int | None
    query_interval: int | None
    query_max_resp: int | None
    seq_no: int


class IGMPGroup(Table, table="IGMP_Group", indexes=(("address", "datapath", "chassis"),), root=True):
    """TODO."""

    address: str
    protocol: str
    datapath: Annotated[Ref[DatapathBinding], WEAK] | None
    chassis: Annotated[Ref[Chassis], WEAK] | None
    ports: tuple[Annotated[Ref[PortBinding], WEAK], ...]
    chassis_name: str


class ServiceMonitor(Table, table="Service_Monitor", indexes=(("logical_port", "ip", "port", "protocol"),), root=True):
    """TODO."""

    type: Annotated[str, OneOf("load-balancer", "logical-switch-port", "network-function")] | None
    ip: str
    mac: str
    protocol: Annotated[str, OneOf("icmp", "tcp", "udp")] | None
    port: Annotated[int, Range(0, 65535)]
    logical_input_port: str
    logical_port: str
    src_mac: str
    src_ip: str
    chassis_name: str
    status: Annotated[str, OneOf("error", "offline", "online")] | None
    ic_learned: bool
    remote: bool
    options: dict[str, str]
    external_ids: dict[str, str]


class LoadBalancer(Table, table="Load_Balancer", root=True):
    """TODO."""

    name: str
    vips: dict[str, str]
    protocol: Annotated[str, OneOf("sctp", "tcp", "udp")] | None
    datapaths: tuple[Ref[DatapathBinding], ...]
    datapath_group: Ref[LogicalDPGroup] | None
    ls_datapath_group: Ref[LogicalDPGroup] | None
    lr_datapath_group: Ref[LogicalDPGroup] | None
    options: dict[str, str]
    external_ids: dict[str, str]


class BFD(Table, table="BFD", indexes=(("logical_port", "dst_ip", "src_port", "disc"),), root=True):
    """TODO."""

    src_port: Annotated[int, Range(49152, 65535)]
    disc: int
    logical_port: str
    dst_ip: str
    min_tx: int
    min_rx: int
    detect_mult: int
    status: Annotated[str, OneOf("admin_down", "down", "init", "up")]
    external_ids: dict[str, str]
    options: dict[str, str]
    chassis_name: str


class FDB(Table, table="FDB", indexes=(("mac", "dp_key"),), root=True):
    """TODO."""

    mac: str
    dp_key: Annotated[int, Range(1, 16777215)]
    port_key: Annotated[int, Range(1, 16777215)]
    timestamp: int


class StaticMACBinding(Table, table="Static_MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """TODO."""

    logical_port: str
    ip: str
    mac: str
    override_dynamic_mac: bool
    datapath: Ref[DatapathBinding]


class ECMPNexthop(Table, table="ECMP_Nexthop", indexes=(("nexthop", "port"),), root=True):
    """TODO."""

    nexthop: str
    port: Ref[PortBinding]
    datapath: Ref[DatapathBinding]
    mac: str
    external_ids: dict[str, str]


class ChassisTemplateVar(Table, table="Chassis_Template_Var", indexes=(("chassis",),), root=True):
    """TODO."""

    chassis: str
    variables: dict[str, str]


class AdvertisedRoute(Table, table="Advertised_Route", indexes=(("datapath", "logical_port", "ip_prefix", "tracked_port"),), root=True):
    """TODO."""

    datapath: Ref[DatapathBinding]
    logical_port: Ref[PortBinding]
    ip_prefix: str
    tracked_port: Ref[PortBinding] | None
    external_ids: dict[str, str]


class LearnedRoute(Table, table="Learned_Route", indexes=(("datapath", "logical_port", "ip_prefix", "nexthop"),), root=True):
    """TODO."""

    datapath: Ref[DatapathBinding]
    logical_port: Ref[PortBinding]
    ip_prefix: str
    nexthop: str
    external_ids: dict[str, str]


class ACLID(Table, table="ACL_ID", root=True):
    """TODO."""

    id: Annotated[int, Range(0, 32767)]


class AdvertisedMACBinding(Table, table="Advertised_MAC_Binding", indexes=(("datapath", "logical_port", "ip", "mac"),), root=True):
    """TODO."""

    datapath: Ref[DatapathBinding]
    logical_port: Ref[PortBinding]
    ip: str
    mac: str
    external_ids: dict[str, str]
