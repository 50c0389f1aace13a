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
    """TODO."""

    datapaths: dict[str, Ref[Datapath]]
    bridges: tuple[Ref[Bridge], ...]
    manager_options: tuple[Ref[Manager], ...]
    ssl: Ref[SSL] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]
    next_cfg: int
    cur_cfg: int
    statistics: Annotated[dict[str, str], EPHEMERAL]
    ovs_version: str | None
    db_version: str | None
    system_type: str | None
    system_version: str | None
    datapath_types: tuple[str, ...]
    iface_types: tuple[str, ...]
    dpdk_initialized: bool
    dpdk_version: str | None


class Bridge(Table, table="Bridge", indexes=(("name",),)):
    """TODO."""

    name: Annotated[str, IMMUTABLE]
    datapath_type: str
    datapath_version: str
    datapath_id: Annotated[str | None, EPHEMERAL]
    stp_enable: bool
    rstp_enable: bool
    mcast_snooping_enable: bool
    ports: tuple[Ref[Port], ...]
    mirrors: tuple[Ref[Mirror], ...]
    netflow: Ref[NetFlow] | None
    sflow: Ref[sFlow] | None
    ipfix: Ref[IPFIX] | None
    controller: tuple[Ref[Controller], ...]
    protocols: tuple[Annotated[str, OneOf("OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14", "OpenFlow15")], ...]
    fail_mode: Annotated[str, OneOf("secure", "standalone")] | None
    status: Annotated[dict[str, str], EPHEMERAL]
    rstp_status: Annotated[dict[str, str], EPHEMERAL]
    other_config: dict[str, str]
    external_ids: dict[str, str]
    flood_vlans: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    flow_tables: dict[Annotated[int, Range(0, 254)], Ref[FlowTable]]
    auto_attach: Ref[AutoAttach] | None


class Port(Table, table="Port", indexes=(("name",),)):
    """TODO."""

    name: Annotated[str, IMMUTABLE]
    interfaces: Annotated[tuple[Ref[Interface], ...], Size(1, None)]
    trunks: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    cvlans: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    tag: Annotated[int, Range(0, 4095)] | None
    vlan_mode: Annotated[str, OneOf("access", "dot1q-tunnel", "native-tagged", "native-untagged", "trunk")] | None
    qos: Ref[QoS] | None
    mac: str | None
    bond_mode: Annotated[str, OneOf("active-backup", "balance-slb", "balance-tcp")] | None
    lacp: Annotated[str, OneOf("active", "off", "passive")] | None
    bond_updelay: int
    bond_downdelay: int
    bond_active_slave: str | None
    bond_fake_iface: bool
    fake_bridge: bool
    status: Annotated[dict[str, str], EPHEMERAL]
    rstp_status: Annotated[dict[str, str], EPHEMERAL]
    rstp_statistics: Annotated[dict[str, int], EPHEMERAL]
    statistics: Annotated[dict[str, int], EPHEMERAL]
    protected: bool
    other_config: dict[str, str]
    external_ids: dict[str, str]


class Interface(Table, table="Interface", indexes=(("name",),)):
    """TODO."""

    name: Annotated[str, IMMUTABLE]
    type: str
    options: dict[str, str]
    ingress_policing_rate: Annotated[int, Range(0, None)]
    ingress_policing_burst: Annotated[int, Range(0, None)]
    ingress_policing_kpkts_rate: Annotated[int, Range(0, None)]
    ingress_policing_kpkts_burst: Annotated[int, Range(0, None)]
    mac_in_use: Annotated[str | None, EPHEMERAL]
    mac: str | None
    ifindex: Annotated[Annotated[int, Range(0, 4294967295)] | None, EPHEMERAL]
    external_ids: dict[str, str]
    ofport: int | None
    ofport_request: Annotated[int, Range(1, 65279)] | None
    bfd: dict[str, str]
    bfd_status: Annotated[dict[str, str], EPHEMERAL]
    cfm_mpid: int | None
    cfm_remote_mpids: Annotated[tuple[int, ...], EPHEMERAL]
    cfm_flap_count: int | None
    cfm_fault: Annotated[bool | None, EPHEMERAL]
    cfm_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    cfm_remote_opstate: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    cfm_health: Annotated[Annotated[int, Range(0, 100)] | None, EPHEMERAL]
    lacp_current: Annotated[bool | None, EPHEMERAL]
    lldp: dict[str, str]
    other_config: dict[str, str]
    statistics: Annotated[dict[str, int], EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]
    admin_state: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    link_state: Annotated[Annotated[str, OneOf("down", "up")] | None, EPHEMERAL]
    link_resets: Annotated[int | None, EPHEMERAL]
    link_speed: Annotated[int | None, EPHEMERAL]
    duplex: Annotated[Annotated[str, OneOf("full", "half")] | None, EPHEMERAL]
    mtu: Annotated[int | None, EPHEMERAL]
    mtu_request: Annotated[int, Range(1, None)] | None
    error: str | None


class FlowTable(Table, table="Flow_Table"):
    """TODO."""

    name: str | None
    flow_limit: Annotated[int, Range(0, None)] | None
    overflow_policy: Annotated[str, OneOf("evict", "refuse")] | None
    groups: tuple[str, ...]
    prefixes: Annotated[tuple[str, ...], Size(0, 4)]
    external_ids: dict[str, str]


class QoS(Table, table="QoS", root=True):
    """TODO."""

    type: str
    queues: dict[Annotated[int, Range(0, 4294967295)], Ref[Queue]]
    other_config: dict[str, str]
    external_ids: dict[str, str]


class Queue(Table, table="Queue", root=True):
    """TODO."""

    dscp: Annotated[int, Range(0, 63)] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]


class Mirror(Table, table="Mirror"):
    """TODO."""

    name: str
    select_all: bool
    select_src_port: tuple[Annotated[Ref[Port], WEAK], ...]
    select_dst_port: tuple[Annotated[Ref[Port], WEAK], ...]
    select_vlan: Annotated[tuple[Annotated[int, Range(0, 4095)], ...], Size(0, 4096)]
    output_port: Annotated[Ref[Port], WEAK] | None
    output_vlan: Annotated[int, Range(1, 4095)] | None
    snaplen: Annotated[int, Range(14, 65535)] | None
    statistics: Annotated[dict[str, int], EPHEMERAL]
    filter: str | None
    external_ids: dict[str, str]


class NetFlow(Table, table="NetFlow"):
    """TODO."""

    targets: Annotated[tuple[str, ...], Size(1, None)]
    engine_type: Annotated[int, Range(0, 255)] | None
    engine_id: Annotated[int, Range(0, 255)] | None
    add_id_to_interface: bool
    active_timeout: Annotated[int, Range(-1, None)]
    external_ids: dict[str, str]


class sFlow(Table, table="sFlow"):  # noqa: N801 (the table's own name)
    """TODO."""

    targets: Annotated[tuple[str, ...], Size(1, None)]
    sampling: int | None
    polling: int | None
    header: int | None
    agent: str | None
    external_ids: dict[str, str]


class IPFIX(Table, table="IPFIX"):
    """TODO."""

    targets: tuple[str, ...]
    sampling: Annotated[int, Range(1, 4294967295)] | None
    obs_domain_id: Annotated[int, Range(0, 4294967295)] | None
    obs_point_id: Annotated[int, Range(0, 4294967295)] | None
    cache_active_timeout: Annotated[int, Range(0, 4200)] | None
    cache_max_flows: Annotated[int, Range(0, 4294967295)] | None
    stats_interval: Annotated[int, Range(1, 3600)] | None
    template_interval: Annotated[int, Range(1, 3600)] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]


class FlowSampleCollectorSet(Table, table="Flow_Sample_Collector_Set", indexes=(("id", "bridge"),), root=True):
    """TODO."""

    id: Annotated[int, Range(0, 4294967295)]
    bridge: Ref[Bridge]
    ipfix: Ref[IPFIX] | None
    local_group_id: Annotated[int, Range(0, 4294967295)] | None
    external_ids: dict[str, str]


class Controller(Table, table="Controller"):
    """TODO."""

    type: Annotated[str, OneOf("primary", "service")] | None
    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    connection_mode: Annotated[str, OneOf("in-band", "out-of-band")] | None
    local_ip: str | None
    local_netmask: str | None
    local_gateway: str | None
    enable_async_messages: bool | None
    controller_queue_size: Annotated[int, Range(1, 512)] | None
    controller_rate_limit: Annotated[int, Range(100, None)] | None
    controller_burst_limit: Annotated[int, Range(25, None)] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    role: Annotated[Annotated[str, OneOf("master", "other", "slave")] | None, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]


class Manager(Table, table="Manager", indexes=(("target",),)):
    """TODO."""

    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    connection_mode: Annotated[str, OneOf("in-band", "out-of-band")] | None
    other_config: dict[str, str]
    external_ids: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]


class Datapath(Table, table="Datapath"):
    """TODO."""

    datapath_version: str
    ct_zones: dict[Annotated[int, Range(0, 65535)], Ref[CTZone]]
    capabilities: dict[str, str]
    ct_zone_default_limit: Annotated[int, Range(0, 4294967295)] | None
    external_ids: dict[str, str]


class CTZone(Table, table="CT_Zone"):
    """TODO."""

    timeout_policy: Ref[CTTimeoutPolicy] | None
    limit: Annotated[int, Range(0, 4294967295)] | None
    external_ids: dict[str, str]


class CTTimeoutPolicy(Table, table="CT_Timeout_Policy"):
    """TODO."""

    timeouts: dict[
        Annotated[str, OneOf(
            "icmp_first", "icmp_reply", "tcp_close", "tcp_close_wait", "tcp_established", "tcp_fin_wait", "tcp_last_ack", "tcp_retransmit",
            "tcp_syn_recv", "tcp_syn_sent", "tcp_syn_sent2", "tcp_time_wait", "tcp_unack", "udp_first", "udp_multiple", "udp_single",
        )],
        Annotated[int, Range(0, 4294967295)],
    ]  # fmt: skip
    external_ids: dict[str, str]


class SSL(Table, table="SSL", max_rows=1):
    """TODO."""

    private_key: str
    certificate: str
    ca_cert: str
    bootstrap_ca_cert: bool
    external_ids: dict[str, str]


class AutoAttach(Table, table="AutoAttach"):
    """TODO."""

    system_name: str
    system_description: str
    mappings: dict[Annotated[int, Range(0, 16777215)], Annotated[int, Range(0, 4095)]]
