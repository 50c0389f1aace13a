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
    """What holds for the whole southbound database; it has one row."""

    nb_cfg: int
    """The latest number from the northbound database that has been compiled."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    connections: tuple[Ref[Connection], ...]
    """The remotes of the southbound server."""

    ssl: Ref[SSL] | None
    """The TLS files of the southbound server."""

    options: dict[str, str]
    """Settings of the compiler and of all controllers, copied from the northbound database."""

    ipsec: bool
    """Whether tunnels between chassis are encrypted."""


class Chassis(Table, table="Chassis", indexes=(("name",),), root=True):
    """A host or gateway whose controller is part of the network."""

    name: str
    """The host's system-id."""

    hostname: str
    """What the host calls itself."""

    encaps: Annotated[tuple[Ref[Encap], ...], Size(1, None)]
    """How other chassis send packets here."""

    vtep_logical_switches: tuple[str, ...]
    """The switches that a hardware gateway is part of."""

    nb_cfg: int
    """The latest number caught up with; kept in Chassis_Private since that table exists."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    other_config: dict[str, str]
    """What the host can do and how it is set up, such as `ovn-bridge-mappings` and `datapath-type`."""

    transport_zones: tuple[str, ...]
    """Chassis build tunnels only to those with which they share a zone; none counts as one of its own."""


class ChassisPrivate(Table, table="Chassis_Private", indexes=(("name",),), root=True):
    """What a chassis reports that concerns nobody but northd."""

    name: str
    """The chassis' name."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis, while it is there."""

    nb_cfg: int
    """The latest number that the chassis has caught up with."""

    nb_cfg_timestamp: int
    """When it did, in milliseconds since 1970."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Encap(Table, table="Encap", indexes=(("type", "ip"),)):
    """A tunnel endpoint of a chassis."""

    type: Annotated[str, OneOf("geneve", "vxlan")]
    """The kind of tunnel."""

    options: dict[str, str]
    """Settings of the tunnel, such as `csum`."""

    ip: str
    """The endpoint's address."""

    chassis_name: str
    """The chassis that the endpoint belongs to."""


class AddressSet(Table, table="Address_Set", indexes=(("name",),), root=True):
    """A named set of addresses, written `$NAME` in matches."""

    name: str
    """What matches call it."""

    addresses: tuple[str, ...]
    """IP or Ethernet addresses, or prefixes, all of one kind."""


class PortGroup(Table, table="Port_Group", indexes=(("name",),), root=True):
    """A named set of logical ports, written `@NAME` in matches."""

    name: str
    """What matches call it."""

    ports: tuple[str, ...]
    """The members' names."""


class LogicalFlow(Table, table="Logical_Flow", root=True):
    """One rule of a logical pipeline: what it matches and what is done then."""

    logical_datapath: Ref[DatapathBinding] | None
    """The datapath whose pipeline this is part of."""

    logical_dp_group: Ref[LogicalDPGroup] | None
    """The datapaths whose pipelines this is part of, where there are several."""

    pipeline: Annotated[str, OneOf("egress", "ingress")]
    """`ingress` for what enters a datapath, `egress` for what is about to leave it."""

    table_id: Annotated[int, Range(0, 33)]
    """The stage's number within the pipeline."""

    priority: Annotated[int, Range(0, 65535)]
    """Of flows of a stage that match, the one with the highest counts."""

    match: str
    """Which packets: an expression of the logical language."""

    actions: str
    """What is done with them: statements of the logical language."""

    tags: dict[str, str]
    """Hints for controllers, such as the in- or output port that every packet of this flow has."""

    controller_meter: str | None
    """The meter that limits what the flow sends to the controller."""

    external_ids: dict[str, str]
    """Where the flow comes from: `stage-name`, `stage-hint` and `source`."""

    flow_desc: str | None
    """A sentence for people, on some flows."""


class LogicalDPGroup(Table, table="Logical_DP_Group"):
    """Datapaths that share flows."""

    datapaths: tuple[Annotated[Ref[DatapathBinding], WEAK], ...]
    """The members."""


class MulticastGroup(Table, table="Multicast_Group", indexes=(("datapath", "tunnel_key"), ("datapath", "name"),), root=True):
    """Ports of a datapath that get a copy each."""

    datapath: Ref[DatapathBinding]
    """The datapath."""

    name: str
    """What `outport` is set to."""

    tunnel_key: Annotated[int, Range(32768, 65535)]
    """The number that stands for the group in tunnels."""

    ports: tuple[Annotated[Ref[PortBinding], WEAK], ...]
    """The members."""


class Mirror(Table, table="Mirror", indexes=(("name",),), root=True):
    """Where copies of packets go."""

    name: str
    """What port bindings call it."""

    filter: Annotated[str, OneOf("both", "from-lport", "to-lport")]
    """Which packets of a port: those it sends, those it receives, or both."""

    sink: str
    """Where copies go: an address for `gre` and `erspan`, a port's name for `local` and `lport`."""

    type: Annotated[str, OneOf("erspan", "gre", "local", "lport")]
    """How copies travel: a GRE or ERSPAN tunnel, a local interface, or a logical port."""

    index: int
    """The key of the tunnel: a GRE key or an ERSPAN id."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Meter(Table, table="Meter", indexes=(("name",),), root=True):
    """A limit on how much may pass."""

    name: str
    """What flows call it."""

    unit: Annotated[str, OneOf("kbps", "pktps")]
    """Whether bands count kilobits or packets a second."""

    bands: Annotated[tuple[Ref[MeterBand], ...], Size(1, None)]
    """What happens above which rate."""


class MeterBand(Table, table="Meter_Band"):
    """What a meter does above a rate."""

    action: Annotated[str, OneOf("drop")]
    """What happens to the surplus: it is dropped."""

    rate: Annotated[int, Range(1, 4294967295)]
    """The rate, in the meter's unit."""

    burst_size: Annotated[int, Range(0, 4294967295)]
    """How much may exceed the rate for a moment, in kilobits or packets."""


class DatapathBinding(Table, table="Datapath_Binding", indexes=(("tunnel_key",),), root=True):
    """A logical switch or router, as tunnels and flows know it."""

    tunnel_key: Annotated[int, Range(1, 16777215)]
    """The number that stands for it in tunnels and in the switch's registers."""

    load_balancers: tuple[Ref[Any], ...]
    """The load balancers on it; an older way to say Load_Balancer's datapath groups."""

    type: Annotated[str, OneOf("logical-router", "logical-switch")] | None
    """Whether it is a switch or a router."""

    nb_uuid: Ref[Any] | None
    """The northbound row that it comes from."""

    external_ids: dict[str, str]
    """The northbound row and name that it comes from, and settings that controllers need."""


class PortBinding(Table, table="Port_Binding", indexes=(("datapath", "tunnel_key"), ("logical_port",),), root=True):
    """A logical port, and where it is."""

    logical_port: str
    """The port's name."""

    type: str
    """What it is: nothing for a VM, else `patch`, `l3gateway`, `localnet`, `localport`, `chassisredirect`, `virtual`, `external` and
    others."""

    gateway_chassis: tuple[Ref[GatewayChassis], ...]
    """The chassis that may host it, by priority; an older way to say `ha_chassis_group`."""

    ha_chassis_group: Ref[HAChassisGroup] | None
    """The chassis of which one hosts it."""

    options: dict[str, str]
    """What the type needs, such as `peer`, and limits and wishes of the port."""

    datapath: Ref[DatapathBinding]
    """The switch or router that it is a port of."""

    tunnel_key: Annotated[int, Range(1, 32767)]
    """The number that stands for it in tunnels, unique within the datapath."""

    parent_port: str | None
    """The port of the VM inside which this one's container lives."""

    mirror_port: str | None
    """The port whose copied packets this one gets."""

    tag: Annotated[int, Range(1, 4095)] | None
    """The VLAN id of a container's traffic, or of a physical network."""

    virtual_parent: str | None
    """The port that has claimed a virtual port."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis that has it."""

    additional_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]
    """The chassis that have it too, while its VM moves."""

    encap: Annotated[Ref[Encap], WEAK] | None
    """The tunnel endpoint by which it is reached; any of the chassis' where absent."""

    additional_encap: tuple[Annotated[Ref[Encap], WEAK], ...]
    """The tunnel endpoints by which it is reached on the additional chassis."""

    mirror_rules: tuple[Annotated[Ref[Mirror], WEAK], ...]
    """Mirrors that get copies of its packets."""

    mac: tuple[str, ...]
    """Who lives there: "MAC [IP…]" or "unknown"."""

    port_security: tuple[str, ...]
    """The addresses that may send from there."""

    nat_addresses: tuple[str, ...]
    """Addresses that a gateway announces when it takes over."""

    up: bool | None
    """Whether its chassis has made it work."""

    external_ids: dict[str, str]
    """Copied from the northbound port."""

    requested_chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis that somebody wants it on."""

    requested_additional_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]
    """The chassis that somebody wants it on too, while its VM moves."""


class MACBinding(Table, table="MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """A neighbour's Ethernet address, learned from packets."""

    logical_port: str
    """The router port that learned it."""

    ip: str
    """The neighbour's address."""

    mac: str
    """The neighbour's Ethernet address."""

    timestamp: int
    """When it was last confirmed, in milliseconds since 1970."""

    datapath: Ref[DatapathBinding]
    """The router that learned it."""


class DHCPOptions(Table, table="DHCP_Options", root=True):
    """A DHCPv4 option that may be offered."""

    name: str
    """What northbound rows call it."""

    code: Annotated[int, Range(0, 254)]
    """Its number on the wire."""

    type: Annotated[str, OneOf("bool", "domains", "host_id", "ipv4", "static_routes", "str", "uint16", "uint32", "uint8")]
    """How its value is written and sent."""


class DHCPv6Options(Table, table="DHCPv6_Options", root=True):
    """A DHCPv6 option that may be offered."""

    name: str
    """What northbound rows call it."""

    code: Annotated[int, Range(0, 254)]
    """Its number on the wire."""

    type: Annotated[str, OneOf("domain", "ipv6", "mac", "str")]
    """How its value is written and sent."""


class Connection(Table, table="Connection", indexes=(("target",),)):
    """A remote that the database server listens on or connects to."""

    target: str
    """Where: `ptcp:PORT[:HOST]` or `pssl:…` to listen, `tcp:HOST:PORT` or `ssl:…` to connect."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent peer is left alone before it is probed, in milliseconds; 0 never probes."""

    read_only: bool
    """Whether clients of this remote may only read."""

    role: str
    """The role (RBAC_Role) that clients of this remote act in; empty for no restriction."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    is_connected: Annotated[bool, EPHEMERAL]
    """Whether a client is connected now."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """What the server reports: state, seconds since, last error, bound port, locks held."""


class SSL(Table, table="SSL", max_rows=1):
    """The server's TLS files."""

    private_key: str
    """The file of the server's private key."""

    certificate: str
    """The file of the certificate that vouches for the private key."""

    ca_cert: str
    """The file of the authority that peers' certificates are checked against."""

    bootstrap_ca_cert: bool
    """Whether to trust, and store in `ca_cert`, the first authority that a peer shows."""

    ssl_protocols: str
    """The TLS versions that may be used, in one string."""

    ssl_ciphers: str
    """The ciphers that may be used up to TLS 1.2, in OpenSSL's notation."""

    ssl_ciphersuites: str
    """The cipher suites that may be used from TLS 1.3 on, in OpenSSL's notation."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class DNS(Table, table="DNS", root=True):
    """Names that are answered for by the network itself."""

    records: dict[str, str]
    """For each name the addresses, separated by spaces."""

    datapaths: Annotated[tuple[Ref[DatapathBinding], ...], Size(1, None)]
    """The switches that answer."""

    options: dict[str, str]
    """Settings by key, such as `ovn-owned`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class RBACRole(Table, table="RBAC_Role", root=True):
    """What clients in one role may do."""

    name: str
    """What connections call it."""

    permissions: dict[str, Annotated[Ref[RBACPermission], WEAK]]
    """For each table by name, what is allowed there."""


class RBACPermission(Table, table="RBAC_Permission", root=True):
    """What a role may do with one table."""

    table: str
    """The table's name."""

    authorization: tuple[str, ...]
    """Columns of which one must equal the client's name for it to touch a row; an empty one allows all."""

    insert_delete: bool
    """Whether it may insert and delete such rows."""

    update: tuple[str, ...]
    """The columns of such rows that it may change."""


class GatewayChassis(Table, table="Gateway_Chassis", indexes=(("name",),)):
    """A chassis that may host a router port's gateway."""

    name: str
    """What the northbound row is called."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis, while it is there."""

    priority: Annotated[int, Range(0, 32767)]
    """Of chassis that are alive, the one with the highest hosts the gateway."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""


class HAChassis(Table, table="HA_Chassis"):
    """A chassis of a group of which one is active."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis, while it is there."""

    priority: Annotated[int, Range(0, 32767)]
    """Of chassis that are alive, the one with the highest is active."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class HAChassisGroup(Table, table="HA_Chassis_Group", indexes=(("name",),), root=True):
    """Chassis of which one is active."""

    name: str
    """What the northbound row is called."""

    ha_chassis: tuple[Ref[HAChassis], ...]
    """The members."""

    ref_chassis: tuple[Annotated[Ref[Chassis], WEAK], ...]
    """The chassis that must watch, by BFD, which member is active."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class ControllerEvent(Table, table="Controller_Event", root=True):
    """Something that a controller saw and a management system may act on."""

    event_type: Annotated[str, OneOf("empty_lb_backends")]
    """What happened: a load balancer without backends was asked for."""

    event_info: dict[str, str]
    """The details: virtual address, protocol, load balancer."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis whose controller saw it."""

    seq_num: int
    """Its number among the chassis' events."""


class IPMulticast(Table, table="IP_Multicast", indexes=(("datapath",),), root=True):
    """How one switch snoops multicast."""

    datapath: Annotated[Ref[DatapathBinding], WEAK]
    """The switch."""

    enabled: bool | None
    """Whether it snoops."""

    querier: bool | None
    """Whether it asks for members itself."""

    eth_src: str
    """The Ethernet address that its queries come from."""

    ip4_src: str
    """The IPv4 address that its queries come from."""

    ip6_src: str
    """The IPv6 address that its queries come from."""

    table_size: int | None
    """How many groups it learns at most."""

    idle_timeout: int | None
    """How long a silent group is kept, in seconds."""

    query_interval: int | None
    """How often it asks, in seconds."""

    query_max_resp: int | None
    """How long members may take to answer, in seconds."""

    seq_no: int
    """A number that is raised to make controllers forget what they learned."""


class IGMPGroup(Table, table="IGMP_Group", indexes=(("address", "datapath", "chassis"),), root=True):
    """Members of a multicast group, as one chassis learned them."""

    address: str
    """The group's address, or `mrouters` for ports with multicast routers."""

    protocol: str
    """The protocol by which it was learned."""

    datapath: Annotated[Ref[DatapathBinding], WEAK] | None
    """The switch."""

    chassis: Annotated[Ref[Chassis], WEAK] | None
    """The chassis that learned it, while it is there."""

    ports: tuple[Annotated[Ref[PortBinding], WEAK], ...]
    """The ports with members."""

    chassis_name: str
    """The chassis' name."""


class ServiceMonitor(Table, table="Service_Monitor", indexes=(("logical_port", "ip", "port", "protocol"),), root=True):
    """A probe that a controller sends, and what came of it."""

    type: Annotated[str, OneOf("load-balancer", "logical-switch-port", "network-function")] | None
    """What is probed: a load balancer's backend, a network function or a switch port."""

    ip: str
    """The address that is probed."""

    mac: str
    """The Ethernet address that is probed."""

    protocol: Annotated[str, OneOf("icmp", "tcp", "udp")] | None
    """How it is probed."""

    port: Annotated[int, Range(0, 65535)]
    """The port that is probed."""

    logical_input_port: str
    """For a network function: the port that probes enter by."""

    logical_port: str
    """The port behind which the probed one lives."""

    src_mac: str
    """The Ethernet address that probes come from."""

    src_ip: str
    """The IP address that probes come from."""

    chassis_name: str
    """The chassis whose controller probes."""

    status: Annotated[str, OneOf("error", "offline", "online")] | None
    """What the latest probes found."""

    ic_learned: bool
    """Whether the row was made for another availability zone's load balancer."""

    remote: bool
    """Whether another availability zone probes."""

    options: dict[str, str]
    """Interval, time-out and counts of the probes."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LoadBalancer(Table, table="Load_Balancer", root=True):
    """Virtual addresses whose traffic is spread over backends."""

    name: str
    """What the northbound row is called."""

    vips: dict[str, str]
    """For each virtual `IP[:PORT]` the backends, separated by commas."""

    protocol: Annotated[str, OneOf("sctp", "tcp", "udp")] | None
    """The protocol of virtual addresses with a port."""

    datapaths: tuple[Ref[DatapathBinding], ...]
    """The datapaths that it runs on; an older way to say the groups."""

    datapath_group: Ref[LogicalDPGroup] | None
    """The datapaths that it runs on."""

    ls_datapath_group: Ref[LogicalDPGroup] | None
    """The switches that it runs on."""

    lr_datapath_group: Ref[LogicalDPGroup] | None
    """The routers that it runs on."""

    options: dict[str, str]
    """Settings by key, such as `hairpin_orig_tuple`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class BFD(Table, table="BFD", indexes=(("logical_port", "dst_ip", "src_port", "disc"),), root=True):
    """A session that watches whether the way to a next hop works (RFC 5880)."""

    src_port: Annotated[int, Range(49152, 65535)]
    """The UDP port that its packets come from."""

    disc: int
    """The number that tells our sessions apart."""

    logical_port: str
    """The router port that runs the session."""

    dst_ip: str
    """The address that is watched."""

    min_tx: int
    """The shortest interval between packets that we send, in milliseconds."""

    min_rx: int
    """The shortest interval between packets that we can take, in milliseconds."""

    detect_mult: int
    """How many packets may be missed before the way counts as broken."""

    status: Annotated[str, OneOf("admin_down", "down", "init", "up")]
    """The session's state."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""

    chassis_name: str
    """The chassis that runs the session."""


class FDB(Table, table="FDB", indexes=(("mac", "dp_key"),), root=True):
    """Behind which port of a switch an Ethernet address was seen."""

    mac: str
    """The Ethernet address."""

    dp_key: Annotated[int, Range(1, 16777215)]
    """The tunnel key of the switch."""

    port_key: Annotated[int, Range(1, 16777215)]
    """The tunnel key of the port."""

    timestamp: int
    """When it was last seen, in milliseconds since 1970."""


class StaticMACBinding(Table, table="Static_MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """An Ethernet address that a router need not ask for."""

    logical_port: str
    """The router port."""

    ip: str
    """The address of the neighbour."""

    mac: str
    """The Ethernet address of the neighbour."""

    override_dynamic_mac: bool
    """Whether this counts even if the neighbour says otherwise."""

    datapath: Ref[DatapathBinding]
    """The router."""


class ECMPNexthop(Table, table="ECMP_Nexthop", indexes=(("nexthop", "port"),), root=True):
    """A next hop whose replies go back the way they came."""

    nexthop: str
    """The next hop's address."""

    port: Ref[PortBinding]
    """The router port towards it."""

    datapath: Ref[DatapathBinding]
    """The router."""

    mac: str
    """The next hop's Ethernet address, as last seen."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class ChassisTemplateVar(Table, table="Chassis_Template_Var", indexes=(("chassis",),), root=True):
    """What variables in templates of load balancers stand for on one chassis."""

    chassis: str
    """The chassis' name."""

    variables: dict[str, str]
    """The value of each variable."""


class AdvertisedRoute(Table, table="Advertised_Route", indexes=(("datapath", "logical_port", "ip_prefix", "tracked_port"),), root=True):
    """A route that controllers announce to routers outside."""

    datapath: Ref[DatapathBinding]
    """The router that it leads to."""

    logical_port: Ref[PortBinding]
    """The router port by which it is announced."""

    ip_prefix: str
    """The destinations."""

    tracked_port: Ref[PortBinding] | None
    """The port whose chassis announces it with the better metric."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LearnedRoute(Table, table="Learned_Route", indexes=(("datapath", "logical_port", "ip_prefix", "nexthop"),), root=True):
    """A route that a controller learned from routers outside."""

    datapath: Ref[DatapathBinding]
    """The router that it is for."""

    logical_port: Ref[PortBinding]
    """The router port that it was learned by."""

    ip_prefix: str
    """The destinations."""

    nexthop: str
    """The next hop's address."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class ACLID(Table, table="ACL_ID", root=True):
    """A number for an ACL whose connections must be found again when it changes."""

    id: Annotated[int, Range(0, 32767)]
    """The number."""


class AdvertisedMACBinding(Table, table="Advertised_MAC_Binding", indexes=(("datapath", "logical_port", "ip", "mac"),), root=True):
    """An address that controllers announce to an Ethernet VPN."""

    datapath: Ref[DatapathBinding]
    """The switch."""

    logical_port: Ref[PortBinding]
    """The port that has the address."""

    ip: str
    """The IP address."""

    mac: str
    """The Ethernet address."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""
