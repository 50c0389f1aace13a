"""OVSDB schema hardware_vtep: a hardware VTEP switch and the logical networks it takes part in.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated

from pyovn.ovsdb.declare import EPHEMERAL, IMMUTABLE, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "hardware_vtep"
VERSION = "1.7.0"
CKSUM = "353943336 11434"


class Global(Table, table="Global", root=True, max_rows=1):
    """What holds for the whole VTEP; it has one row."""

    managers: tuple[Ref[Manager], ...]
    """The remotes of its database server."""

    switches: tuple[Ref[PhysicalSwitch], ...]
    """The switches that the database describes."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""


class PhysicalSwitch(Table, table="Physical_Switch", indexes=(("name",),)):
    """A hardware switch that ends tunnels."""

    ports: tuple[Ref[PhysicalPort], ...]
    """Its ports."""

    name: str
    """Its name."""

    description: str
    """What people should know about it."""

    management_ips: tuple[str, ...]
    """The addresses by which it is managed."""

    tunnel_ips: tuple[str, ...]
    """The addresses by which tunnels reach it."""

    tunnels: tuple[Ref[Tunnel], ...]
    """Its tunnels."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    switch_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """What is wrong with it."""


class PhysicalPort(Table, table="Physical_Port"):
    """A port of a hardware switch."""

    name: str
    """Its name, unique within the switch."""

    description: str
    """What people should know about it."""

    vlan_bindings: dict[Annotated[int, Range(0, 4095)], Ref[LogicalSwitch]]
    """The logical switch behind each VLAN."""

    acl_bindings: dict[Annotated[int, Range(0, 4095)], Ref[ACL]]
    """The ACL that holds on each VLAN."""

    vlan_stats: dict[Annotated[int, Range(0, 4095)], Ref[LogicalBindingStats]]
    """Counters for each VLAN; a restart keeps them, as they hold their rows alive."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    port_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """What is wrong with it."""


class Tunnel(Table, table="Tunnel"):
    """A tunnel between two locators, watched by BFD."""

    local: Ref[PhysicalLocator]
    """This end."""

    remote: Ref[PhysicalLocator]
    """The other end."""

    bfd_config_local: dict[str, str]
    """What this end does: its BFD addresses."""

    bfd_config_remote: dict[str, str]
    """What the other end does: its BFD addresses."""

    bfd_params: dict[str, str]
    """Settings of the session, such as `enable` and `min_tx`."""

    bfd_status: Annotated[dict[str, str], EPHEMERAL]
    """The state of the session."""


class LogicalBindingStats(Table, table="Logical_Binding_Stats"):
    """Counters of one VLAN on one port."""

    bytes_from_local: Annotated[int, EPHEMERAL]
    """Bytes that came from the port."""

    packets_from_local: Annotated[int, EPHEMERAL]
    """Packets that came from the port."""

    bytes_to_local: Annotated[int, EPHEMERAL]
    """Bytes that were sent to the port."""

    packets_to_local: Annotated[int, EPHEMERAL]
    """Packets that were sent to the port."""


class LogicalSwitch(Table, table="Logical_Switch", indexes=(("name",),), root=True):
    """A virtual Ethernet switch that hardware takes part in."""

    name: str
    """Its name."""

    description: str
    """What people should know about it."""

    tunnel_key: int | None
    """The number that stands for it in VXLAN tunnels."""

    replication_mode: Annotated[str, OneOf("service_node", "source_node")] | None
    """Who copies broadcasts to the other members."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""


class UcastMacsLocal(Table, table="Ucast_Macs_Local", root=True):
    """Where a unicast address behind this switch is."""

    MAC: str
    """The Ethernet address."""

    logical_switch: Ref[LogicalSwitch]
    """The logical switch."""

    locator: Ref[PhysicalLocator]
    """How others reach it."""

    ipaddr: str
    """The IP address that belongs to it."""


class UcastMacsRemote(Table, table="Ucast_Macs_Remote", root=True):
    """Where a unicast address behind others is."""

    MAC: str
    """The Ethernet address."""

    logical_switch: Ref[LogicalSwitch]
    """The logical switch."""

    locator: Ref[PhysicalLocator]
    """How it is reached."""

    ipaddr: str
    """The IP address that belongs to it."""


class McastMacsLocal(Table, table="Mcast_Macs_Local", root=True):
    """Where this switch has members of a multicast address."""

    MAC: str
    """The Ethernet address, or `unknown-dst` for all others."""

    logical_switch: Ref[LogicalSwitch]
    """The logical switch."""

    locator_set: Ref[PhysicalLocatorSet]
    """How others reach them."""

    ipaddr: str
    """The IP address that belongs to it."""


class McastMacsRemote(Table, table="Mcast_Macs_Remote", root=True):
    """Where others have members of a multicast address."""

    MAC: str
    """The Ethernet address, or `unknown-dst` for all others."""

    logical_switch: Ref[LogicalSwitch]
    """The logical switch."""

    locator_set: Ref[PhysicalLocatorSet]
    """How they are reached."""

    ipaddr: str
    """The IP address that belongs to it."""


class LogicalRouter(Table, table="Logical_Router", indexes=(("name",),), root=True):
    """A virtual IP router that hardware takes part in."""

    name: str
    """Its name."""

    description: str
    """What people should know about it."""

    switch_binding: dict[str, Ref[LogicalSwitch]]
    """The logical switch behind each of its addresses."""

    static_routes: dict[str, str]
    """The next hop for each prefix."""

    acl_binding: dict[str, Ref[ACL]]
    """The ACL that holds on each of its addresses."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    LR_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """What is wrong with it."""


class ArpSourcesLocal(Table, table="Arp_Sources_Local", root=True):
    """The address that this switch's routers answer ARP from."""

    src_mac: str
    """The Ethernet address."""

    locator: Ref[PhysicalLocator]
    """Where it is."""


class ArpSourcesRemote(Table, table="Arp_Sources_Remote", root=True):
    """The address that another switch's routers answer ARP from."""

    src_mac: str
    """The Ethernet address."""

    locator: Ref[PhysicalLocator]
    """Where it is."""


class PhysicalLocatorSet(Table, table="Physical_Locator_Set"):
    """Places that get a copy each."""

    locators: Annotated[tuple[Ref[PhysicalLocator], ...], Size(1, None), IMMUTABLE]
    """The places."""


class PhysicalLocator(Table, table="Physical_Locator", indexes=(("encapsulation_type", "dst_ip", "tunnel_key"),)):
    """A place that tunnels lead to."""

    encapsulation_type: Annotated[str, OneOf("vxlan_over_ipv4"), IMMUTABLE]
    """The kind of tunnel."""

    dst_ip: Annotated[str, IMMUTABLE]
    """The tunnel endpoint's address."""

    tunnel_key: int | None
    """The number in the tunnel, where each logical switch has one for each locator."""


class ACLentry(Table, table="ACL_entry", root=True):
    """One rule of an ACL."""

    sequence: int
    """Rules are asked in this order."""

    source_mac: str | None
    """The Ethernet address that packets come from."""

    dest_mac: str | None
    """The Ethernet address that packets go to."""

    ethertype: str | None
    """The Ethernet type."""

    source_ip: str | None
    """The IP address that packets come from."""

    source_mask: str | None
    """Which bits of that address count."""

    dest_ip: str | None
    """The IP address that packets go to."""

    dest_mask: str | None
    """Which bits of that address count."""

    protocol: int | None
    """The IP protocol."""

    source_port_min: int | None
    """The lowest port that packets come from."""

    source_port_max: int | None
    """The highest port that packets come from."""

    dest_port_min: int | None
    """The lowest port that packets go to."""

    dest_port_max: int | None
    """The highest port that packets go to."""

    tcp_flags: int | None
    """The TCP flags."""

    tcp_flags_mask: int | None
    """Which of those flags count."""

    icmp_code: int | None
    """The ICMP code."""

    icmp_type: int | None
    """The ICMP type."""

    direction: Annotated[str, OneOf("egress", "ingress")]
    """Whether packets that come in or go out are looked at."""

    action: Annotated[str, OneOf("deny", "permit")]
    """Whether they pass."""

    acle_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """What is wrong with the rule."""


class ACL(Table, table="ACL", indexes=(("acl_name",),), root=True):
    """Rules for packets, asked in order."""

    acl_entries: Annotated[tuple[Ref[ACLentry], ...], Size(1, None)]
    """The rules."""

    acl_name: str
    """Its name."""

    acl_fault_status: Annotated[tuple[str, ...], EPHEMERAL]
    """What is wrong with it."""


class Manager(Table, table="Manager", indexes=(("target",),)):
    """A remote of the database server."""

    target: str
    """Where: `ptcp:PORT[:HOST]` to listen, `tcp:HOST:PORT` to connect."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent peer is left alone before it is probed, in milliseconds; 0 never probes."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    is_connected: Annotated[bool, EPHEMERAL]
    """Whether a client is connected now."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """What the server reports: state, seconds since, last error."""
