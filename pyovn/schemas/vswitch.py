"""OVSDB schema Open_vSwitch: a host's Open vSwitch configuration: bridges, ports, interfaces and what they report.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated

from pyovn.ovsdb.declare import EPHEMERAL, IMMUTABLE, WEAK, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "Open_vSwitch"
VERSION = "8.8.0"
CKSUM = "2823623553 27869"


class OpenvSwitch(Table, table="Open_vSwitch", root=True, max_rows=1):
    """What holds for the whole host; it has one row."""

    datapaths: dict[str, Ref[Datapath]]
    """The datapaths in use, by type."""

    bridges: tuple[Ref[Bridge], ...]
    """The bridges of the host."""

    manager_options: tuple[Ref[Manager], ...]
    """The remotes of the database server."""

    ssl: Ref[SSL] | None
    """The TLS files of the switch."""

    other_config: dict[str, str]
    """Settings of the switch by key, such as `flow-limit` and `hw-offload`."""

    external_ids: dict[str, str]
    """Who the host is, for OVN: `system-id`, `ovn-remote`, `ovn-encap-type`, `ovn-encap-ip`, `ovn-bridge-mappings` and more."""

    next_cfg: int
    """A number that a client raises to ask when everything before it has taken effect."""

    cur_cfg: int
    """The latest number that the switch has caught up with."""

    statistics: Annotated[dict[str, str], EPHEMERAL]
    """Load and memory of the host, where `other_config:enable-statistics` asks for them."""

    ovs_version: str | None
    """The version of the programs."""

    db_version: str | None
    """The version of the schema that the start script found."""

    system_type: str | None
    """The kind of host, such as its distribution's name."""

    system_version: str | None
    """The version of the host's system."""

    datapath_types: tuple[str, ...]
    """The datapath types that the switch knows."""

    iface_types: tuple[str, ...]
    """The interface types that the switch knows."""

    dpdk_initialized: bool
    """Whether DPDK is ready."""

    dpdk_version: str | None
    """The version of DPDK that is linked in."""


class Bridge(Table, table="Bridge", indexes=(("name",),)):
    """A switch on this host: its ports, its flow tables, who controls it."""

    name: Annotated[str, IMMUTABLE]
    """The bridge's name, and that of its local interface."""

    datapath_type: str
    """The datapath: `system` for the kernel's, `netdev` for one in user space."""

    datapath_version: str
    """The version of the datapath in use."""

    datapath_id: Annotated[str | None, EPHEMERAL]
    """The id by which controllers know the bridge, 16 hexadecimal digits."""

    stp_enable: bool
    """Whether it speaks the spanning tree protocol."""

    rstp_enable: bool
    """Whether it speaks the rapid spanning tree protocol."""

    mcast_snooping_enable: bool
    """Whether it snoops multicast."""

    ports: tuple[Ref[Port], ...]
    """Its ports."""

    mirrors: tuple[Ref[Mirror], ...]
    """Its mirrors."""

    netflow: Ref[NetFlow] | None
    """Where its NetFlow records go."""

    sflow: Ref[sFlow] | None
    """Where its sFlow samples go."""

    ipfix: Ref[IPFIX] | None
    """Where its IPFIX records go."""

    controller: tuple[Ref[Controller], ...]
    """Its OpenFlow controllers."""

    protocols: tuple[Annotated[str, OneOf("OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14", "OpenFlow15")], ...]
    """The OpenFlow versions that it may speak; the common ones where empty."""

    fail_mode: Annotated[str, OneOf("secure", "standalone")] | None
    """Without a controller: `standalone` switches by learned addresses, `secure` does only what flows say."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """Spanning tree state."""

    rstp_status: Annotated[dict[str, str], EPHEMERAL]
    """Rapid spanning tree state."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    flood_vlans: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    """VLANs that are flooded, without learning addresses."""

    flow_tables: dict[Annotated[int, Range(0, 254)], Ref[FlowTable]]
    """Settings of flow tables by number."""

    auto_attach: Ref[AutoAttach] | None
    """How it takes part in automatic attachment (IEEE 802.1Qcj)."""


class Port(Table, table="Port", indexes=(("name",),)):
    """What a bridge forwards to: one interface, or several bonded."""

    name: Annotated[str, IMMUTABLE]
    """The port's name, that of its interface where there is only one."""

    interfaces: Annotated[tuple[Ref[Interface], ...], Size(1, None)]
    """Its interfaces; more than one make a bond."""

    trunks: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    """The VLANs that a trunk port carries; all where empty."""

    cvlans: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    """The customer VLANs that a dot1q-tunnel port takes; all where empty."""

    tag: Annotated[int, Range(0, 4095)] | None
    """The VLAN of an access port, or the native one of a trunk."""

    vlan_mode: Annotated[str, OneOf("access", "dot1q-tunnel", "native-tagged", "native-untagged", "trunk")] | None
    """How VLAN tags are treated; by `tag` and `trunks` where absent."""

    qos: Ref[QoS] | None
    """How what is sent is shaped."""

    mac: str | None
    """The Ethernet address of a bond or fake bridge."""

    bond_mode: Annotated[str, OneOf("active-backup", "balance-slb", "balance-tcp")] | None
    """How a bond spreads its traffic."""

    lacp: Annotated[str, OneOf("active", "off", "passive")] | None
    """Whether a bond speaks LACP, and whether it begins."""

    bond_updelay: int
    """How long a link must be up before the bond uses it, in milliseconds."""

    bond_downdelay: int
    """How long a link must be down before the bond leaves it, in milliseconds."""

    bond_active_slave: str | None
    """The Ethernet address of the bond's interface in use."""

    bond_fake_iface: bool
    """Whether old programs are shown an interface for the bond."""

    fake_bridge: bool
    """Whether the port stands for a bridge of one VLAN."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """Spanning tree state."""

    rstp_status: Annotated[dict[str, str], EPHEMERAL]
    """Rapid spanning tree state."""

    rstp_statistics: Annotated[dict[str, int], EPHEMERAL]
    """Rapid spanning tree counters."""

    statistics: Annotated[dict[str, int], EPHEMERAL]
    """Spanning tree counters."""

    protected: bool
    """Whether it forwards nothing to other protected ports."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Interface(Table, table="Interface", indexes=(("name",),)):
    """A network device, real or virtual, behind a port."""

    name: Annotated[str, IMMUTABLE]
    """The device's name."""

    type: str
    """The kind of device: `system` (or nothing), `internal`, `tap`, `geneve`, `patch` and others."""

    options: dict[str, str]
    """What the type needs, such as `remote_ip`, `key` or `peer`."""

    ingress_policing_rate: Annotated[int, Range(0, None)]
    """The most that is taken in, in kbit/s; 0 for no limit."""

    ingress_policing_burst: Annotated[int, Range(0, None)]
    """How much may exceed that for a moment, in kbit."""

    ingress_policing_kpkts_rate: Annotated[int, Range(0, None)]
    """The most that is taken in, in thousands of packets a second; 0 for no limit."""

    ingress_policing_kpkts_burst: Annotated[int, Range(0, None)]
    """How many packets may exceed that for a moment, in thousands."""

    mac_in_use: Annotated[str | None, EPHEMERAL]
    """The device's Ethernet address."""

    mac: str | None
    """The Ethernet address wished for; the device's own where absent."""

    ifindex: Annotated[Annotated[int, Range(0, 4294967295)] | None, EPHEMERAL]
    """The device's number in the kernel."""

    external_ids: dict[str, str]
    """Who is behind the device: OVN binds the logical port named by `iface-id`."""

    ofport: int | None
    """The device's OpenFlow port number; -1 where it could not be had."""

    ofport_request: Annotated[int, Range(1, 65279)] | None
    """The OpenFlow port number wished for."""

    bfd: dict[str, str]
    """Settings of a BFD session on the device."""

    bfd_status: Annotated[dict[str, str], EPHEMERAL]
    """The state of that session."""

    cfm_mpid: int | None
    """The device's number as a maintenance point (IEEE 802.1ag); none without connectivity checks."""

    cfm_remote_mpids: Annotated[tuple[int, ...], EPHEMERAL]
    """The maintenance points that are heard."""

    cfm_flap_count: int | None
    """How often connectivity was lost or found."""

    cfm_fault: Annotated[bool | None, EPHEMERAL]
    """Whether connectivity is lost."""

    cfm_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """Why it is lost."""

    cfm_remote_opstate: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    """Whether the other end says that it works."""

    cfm_health: Annotated[Annotated[int, Range(0, 100)] | None, EPHEMERAL]
    """How many of the expected checks came, in percent."""

    lacp_current: Annotated[bool | None, EPHEMERAL]
    """Whether the other end's LACP information is fresh."""

    lldp: dict[str, str]
    """Settings of LLDP on the device."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    statistics: Annotated[dict[str, int], EPHEMERAL]
    """Counters of packets, bytes, errors and drops."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """What the driver or tunnel says about itself."""

    admin_state: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    """Whether the device is switched on."""

    link_state: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    """Whether its link works."""

    link_resets: Annotated[int | None, EPHEMERAL]
    """How often its link came or went."""

    link_speed: Annotated[int | None, EPHEMERAL]
    """The speed of its link, in bit/s."""

    duplex: Annotated[Annotated[str, OneOf("full", "half")] | None, EPHEMERAL]
    """Whether its link can send and receive at once."""

    mtu: Annotated[int | None, EPHEMERAL]
    """The largest packet it takes, in bytes."""

    mtu_request: Annotated[int, Range(1, None)] | None
    """The largest packet wished for, in bytes."""

    error: str | None
    """Why the device could not be set up."""


class FlowTable(Table, table="Flow_Table"):
    """Settings of one flow table."""

    name: str | None
    """What controllers are told that it is called."""

    flow_limit: Annotated[int, Range(0, None)] | None
    """How many flows it holds at most."""

    overflow_policy: Annotated[str, OneOf("evict", "refuse")] | None
    """What happens to a flow too many: it is refused, or another makes room."""

    groups: tuple[str, ...]
    """Fields by which flows are grouped when one must make room."""

    prefixes: Annotated[tuple[str, ...], Size(0, 4)]
    """Fields whose prefixes are looked up by tries."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class QoS(Table, table="QoS", root=True):
    """How a port's traffic is shaped."""

    type: str
    """The way of shaping, such as `linux-htb`."""

    queues: dict[Annotated[int, Range(0, 4294967295)], Ref[Queue]]
    """The queues by number."""

    other_config: dict[str, str]
    """Settings of the way of shaping, such as `max-rate`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Queue(Table, table="Queue", root=True):
    """One queue of a shaped port."""

    dscp: Annotated[int, Range(0, 63)] | None
    """The mark that packets of the queue get."""

    other_config: dict[str, str]
    """Settings of the queue, such as `min-rate` and `max-rate`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Mirror(Table, table="Mirror"):
    """Where copies of a bridge's packets go."""

    name: str
    """What commands call it."""

    select_all: bool
    """Whether every packet is copied."""

    select_src_port: tuple[Annotated[Ref[Port], WEAK], ...]
    """Ports whose incoming packets are copied."""

    select_dst_port: tuple[Annotated[Ref[Port], WEAK], ...]
    """Ports whose outgoing packets are copied."""

    select_vlan: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    """VLANs whose packets are copied; all where empty."""

    output_port: Annotated[Ref[Port], WEAK] | None
    """The port that copies leave by."""

    output_vlan: Annotated[int, Range(1, 4095)] | None
    """The VLAN that copies are sent on instead."""

    snaplen: Annotated[int, Range(14, 65535)] | None
    """How much of each packet is copied, in bytes; all where absent."""

    statistics: Annotated[dict[str, int], EPHEMERAL]
    """Counters of copied packets and bytes."""

    filter: str | None
    """A flow match that packets must meet to be copied."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class NetFlow(Table, table="NetFlow"):
    """Where NetFlow records go."""

    targets: Annotated[tuple[str, ...], Size(1, None)]
    """The collectors, `IP:PORT`."""

    engine_type: Annotated[int, Range(0, 255)] | None
    """The engine type in the records."""

    engine_id: Annotated[int, Range(0, 255)] | None
    """The engine id in the records."""

    add_id_to_interface: bool
    """Whether the engine id goes into interface numbers, to tell bridges apart."""

    active_timeout: Annotated[int, Range(-1, None)]
    """How often a long flow is reported, in seconds; 0 for the default, -1 for never."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class sFlow(Table, table="sFlow"):  # noqa: N801 (the table's own name)
    """Where sFlow samples go."""

    targets: Annotated[tuple[str, ...], Size(1, None)]
    """The collectors, `IP[:PORT]`."""

    sampling: int | None
    """One of how many packets is sampled."""

    polling: int | None
    """How often counters are sent, in seconds."""

    header: int | None
    """How much of each sampled packet is sent, in bytes."""

    agent: str | None
    """The interface or address that the samples come from."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class IPFIX(Table, table="IPFIX"):
    """Where IPFIX records go."""

    targets: tuple[str, ...]
    """The collectors, `IP:PORT`."""

    sampling: Annotated[int, Range(1, 4294967295)] | None
    """One of how many packets is sampled."""

    obs_domain_id: Annotated[int, Range(0, 4294967295)] | None
    """The observation domain in the records."""

    obs_point_id: Annotated[int, Range(0, 4294967295)] | None
    """The observation point in the records."""

    cache_active_timeout: Annotated[int, Range(0, 4200)] | None
    """How long records are gathered before they are sent, in seconds."""

    cache_max_flows: Annotated[int, Range(0, 4294967295)] | None
    """How many records are gathered at most."""

    stats_interval: Annotated[int, Range(1, 3600)] | None
    """How often statistics are sent, in seconds."""

    template_interval: Annotated[int, Range(1, 3600)] | None
    """How often templates are sent, in seconds."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class FlowSampleCollectorSet(Table, table="Flow_Sample_Collector_Set", indexes=(("id", "bridge"),), root=True):
    """Who gets the samples that flows of a bridge take."""

    id: Annotated[int, Range(0, 4294967295)]
    """The number by which flows name it."""

    bridge: Ref[Bridge]
    """The bridge."""

    ipfix: Ref[IPFIX] | None
    """The collectors that get IPFIX records."""

    local_group_id: Annotated[int, Range(0, 4294967295)] | None
    """The multicast group of the kernel's psample that local programs listen on."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Controller(Table, table="Controller"):
    """An OpenFlow controller of a bridge."""

    type: Annotated[str, OneOf("primary", "service")] | None
    """Whether it decides (`primary`) or only helps (`service`)."""

    target: str
    """Where: `tcp:HOST[:PORT]`, `unix:FILE`, or `ptcp:…` and `punix:…` to listen."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent controller is left alone before it is probed, in milliseconds; 0 never probes."""

    connection_mode: Annotated[str, OneOf("in-band", "out-of-band")] | None
    """Whether it is reached through the bridge's own ports."""

    local_ip: str | None
    """The address of the bridge's local interface for a controller in band."""

    local_netmask: str | None
    """The netmask of that address."""

    local_gateway: str | None
    """The router of that address."""

    enable_async_messages: bool | None
    """Whether it gets messages that it did not ask for."""

    controller_queue_size: Annotated[int, Range(1, 512)] | None
    """How many packets for it are kept at most while it is slow."""

    controller_rate_limit: Annotated[int, Range(100, None)] | None
    """How many packets it gets at most, a second."""

    controller_burst_limit: Annotated[int, Range(25, None)] | None
    """How many packets may exceed that for a moment."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    is_connected: Annotated[bool, EPHEMERAL]
    """Whether it is connected now."""

    role: Annotated[Annotated[str, OneOf("master", "other", "slave")] | None, EPHEMERAL]
    """The role that the controller has taken."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """State, seconds since, last error."""


class Manager(Table, table="Manager", indexes=(("target",),)):
    """A remote of the host's database server."""

    target: str
    """Where: `ptcp:PORT[:HOST]` or `punix:FILE` to listen, `tcp:HOST:PORT` to connect."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent peer is left alone before it is probed, in milliseconds; 0 never probes."""

    connection_mode: Annotated[str, OneOf("in-band", "out-of-band")] | None
    """Whether it is reached through a bridge's own ports."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    is_connected: Annotated[bool, EPHEMERAL]
    """Whether a client is connected now."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """What the server reports: state, seconds since, last error, bound port, locks held."""


class Datapath(Table, table="Datapath"):
    """A datapath of the host, and its connection tracking."""

    datapath_version: str
    """The datapath's version."""

    ct_zones: dict[Annotated[int, Range(0, 65535)], Ref[CTZone]]
    """Settings of connection tracking zones by number."""

    capabilities: dict[str, str]
    """What the datapath can do."""

    ct_zone_default_limit: Annotated[int, Range(0, 4294967295)] | None
    """How many connections a zone without a limit of its own holds at most."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class CTZone(Table, table="CT_Zone"):
    """Settings of one connection tracking zone."""

    timeout_policy: Ref[CTTimeoutPolicy] | None
    """How long its idle connections are kept."""

    limit: Annotated[int, Range(0, 4294967295)] | None
    """How many connections it holds at most."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class CTTimeoutPolicy(Table, table="CT_Timeout_Policy"):
    """How long idle connections are kept."""

    timeouts: dict[
        Annotated[str, OneOf(
            "icmp_first", "icmp_reply", "tcp_close", "tcp_close_wait", "tcp_established", "tcp_fin_wait", "tcp_last_ack", "tcp_retransmit",
            "tcp_syn_recv", "tcp_syn_sent", "tcp_syn_sent2", "tcp_time_wait", "tcp_unack", "udp_first", "udp_multiple", "udp_single",
        )],
        Annotated[int, Range(0, 4294967295)],
    ]  # fmt: skip
    """Seconds by kind of connection; the system's own where a kind is absent."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


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

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class AutoAttach(Table, table="AutoAttach"):
    """How a bridge takes part in automatic attachment (IEEE 802.1Qcj)."""

    system_name: str
    """What the bridge calls itself."""

    system_description: str
    """How the bridge describes itself."""

    mappings: dict[Annotated[int, Range(0, 16777215)], Annotated[int, Range(0, 4095)]]
    """For each network's service id the VLAN that stands for it."""
