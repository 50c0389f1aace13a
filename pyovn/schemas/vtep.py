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
    """TODO."""

    managers: tuple[Ref[Manager], ...]
    switches: tuple[Ref[PhysicalSwitch], ...]
    other_config: dict[str, str]


class PhysicalSwitch(Table, table="Physical_Switch", indexes=(("name",),)):
    """TODO."""

    ports: tuple[Ref[PhysicalPort], ...]
    name: str
    description: str
    management_ips: tuple[str, ...]
    tunnel_ips: tuple[str, ...]
    tunnels: tuple[Ref[Tunnel], ...]
    other_config: dict[str, str]
    switch_fault_status: Annotated[tuple[str, ...], EPHEMERAL]


class PhysicalPort(Table, table="Physical_Port"):
    """TODO."""

    name: str
    description: str
    vlan_bindings: dict[Annotated[int, Range(0, 4095)], Ref[LogicalSwitch]]
    acl_bindings: dict[Annotated[int, Range(0, 4095)], Ref[ACL]]
    vlan_stats: dict[Annotated[int, Range(0, 4095)], Ref[LogicalBindingStats]]
    other_config: dict[str, str]
    port_fault_status: Annotated[tuple[str, ...], EPHEMERAL]


class Tunnel(Table, table="Tunnel"):
    """TODO."""

    local: Ref[PhysicalLocator]
    remote: Ref[PhysicalLocator]
    bfd_config_local: dict[str, str]
    bfd_config_remote: dict[str, str]
    bfd_params: dict[str, str]
    bfd_status: Annotated[dict[str, str], EPHEMERAL]


class LogicalBindingStats(Table, table="Logical_Binding_Stats"):
    """TODO."""

    bytes_from_local: Annotated[int, EPHEMERAL]
    packets_from_local: Annotated[int, EPHEMERAL]
    bytes_to_local: Annotated[int, EPHEMERAL]
    packets_to_local: Annotated[int, EPHEMERAL]


class LogicalSwitch(Table, table="Logical_Switch", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    description: str
    tunnel_key: int | None
    replication_mode: Annotated[str, OneOf("service_node", "source_node")] | None
    other_config: dict[str, str]


class UcastMacsLocal(Table, table="Ucast_Macs_Local", root=True):
    """TODO."""

    MAC: str
    logical_switch: Ref[LogicalSwitch]
    locator: Ref[PhysicalLocator]
    ipaddr: str


class UcastMacsRemote(Table, table="Ucast_Macs_Remote", root=True):
    """TODO."""

    MAC: str
    logical_switch: Ref[LogicalSwitch]
    locator: Ref[PhysicalLocator]
    ipaddr: str


class McastMacsLocal(Table, table="Mcast_Macs_Local", root=True):
    """TODO."""

    MAC: str
    logical_switch: Ref[LogicalSwitch]
    locator_set: Ref[PhysicalLocatorSet]
    ipaddr: str


class McastMacsRemote(Table, table="Mcast_Macs_Remote", root=True):
    """TODO."""

    MAC: str
    logical_switch: Ref[LogicalSwitch]
    locator_set: Ref[PhysicalLocatorSet]
    ipaddr: str


class LogicalRouter(Table, table="Logical_Router", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    description: str
    switch_binding: dict[str, Ref[LogicalSwitch]]
    static_routes: dict[str, str]
    acl_binding: dict[str, Ref[ACL]]
    other_config: dict[str, str]
    LR_fault_status: Annotated[tuple[str, ...], EPHEMERAL]


class ArpSourcesLocal(Table, table="Arp_Sources_Local", root=True):
    """TODO."""

    src_mac: str
    locator: Ref[PhysicalLocator]


class ArpSourcesRemote(Table, table="Arp_Sources_Remote", root=True):
    """TODO."""

    src_mac: str
    locator: Ref[PhysicalLocator]


class PhysicalLocatorSet(Table, table="Physical_Locator_Set"):
    """TODO."""

    locators: Annotated[tuple[Ref[PhysicalLocator], ...], Size(1, None), IMMUTABLE]


class PhysicalLocator(Table, table="Physical_Locator", indexes=(("encapsulation_type", "dst_ip", "tunnel_key"),)):
    """TODO."""

    encapsulation_type: Annotated[str, OneOf("vxlan_over_ipv4"), IMMUTABLE]
    dst_ip: Annotated[str, IMMUTABLE]
    tunnel_key: int | None


class ACLentry(Table, table="ACL_entry", root=True):
    """TODO."""

    sequence: int
    source_mac: str | None
    dest_mac: str | None
    ethertype: str | None
    source_ip: str | None
    source_mask: str | None
    dest_ip: str | None
    dest_mask: str | None
    protocol: int | None
    source_port_min: int | None
    source_port_max: int | None
    dest_port_min: int | None
    dest_port_max: int | None
    tcp_flags: int | None
    tcp_flags_mask: int | None
    icmp_code: int | None
    icmp_type: int | None
    direction: Annotated[str, OneOf("egress", "ingress")]
    action: Annotated[str, OneOf("deny", "permit")]
    acle_fault_status: Annotated[tuple[str, ...], EPHEMERAL]


class ACL(Table, table="ACL", indexes=(("acl_name",),), root=True):
    """TODO."""

    acl_entries: Annotated[tuple[Ref[ACLentry], ...], Size(1, None)]
    acl_name: str
    acl_fault_status: Annotated[tuple[str, ...], EPHEMERAL]


class Manager(Table, table="Manager", indexes=(("target",),)):
    """TODO."""

    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    other_config: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]
