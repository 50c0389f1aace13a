"""OVSDB schema OVN_IC_Southbound: the global southbound database of interconnected zones.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated, Any

from pyovn.ovsdb.declare import EPHEMERAL, WEAK, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "OVN_IC_Southbound"
VERSION = "2.4.0"
CKSUM = "859073048 9662"


class ICSBGlobal(Table, table="IC_SB_Global", root=True, max_rows=1):
    """TODO."""

    nb_ic_cfg: int
    external_ids: dict[str, str]
    connections: tuple[Ref[Connection], ...]
    ssl: Ref[SSL] | None
    options: dict[str, str]


class AvailabilityZone(Table, table="Availability_Zone", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    nb_ic_cfg: int


class Gateway(Table, table="Gateway", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    availability_zone: Ref[AvailabilityZone]
    hostname: str
    encaps: Annotated[tuple[Ref[Encap], ...], Size(1, None)]
    external_ids: dict[str, str]


class Encap(Table, table="Encap", indexes=(("type", "ip"),)):
    """TODO."""

    type: Annotated[str, OneOf("geneve", "vxlan")]
    options: dict[str, str]
    ip: str
    gateway_name: str


class DatapathBinding(Table, table="Datapath_Binding", indexes=(("nb_ic_uuid", "tunnel_key"),), root=True):
    """TODO."""

    transit_switch: str
    type: Annotated[str, OneOf("transit-router", "transit-switch")] | None
    nb_ic_uuid: Ref[Any] | None
    tunnel_key: Annotated[int, Range(1, 16777215)]
    external_ids: dict[str, str]


class PortBinding(Table, table="Port_Binding", indexes=(("transit_switch", "tunnel_key"), ("logical_port",),), root=True):
    """TODO."""

    logical_port: str
    transit_switch: str
    availability_zone: Ref[AvailabilityZone]
    tunnel_key: Annotated[int, Range(1, 32767)]
    gateway: str
    encap: Annotated[Ref[Encap], WEAK] | None
    address: str
    type: Annotated[str, OneOf("transit-router-port", "transit-switch-port")] | None
    nb_ic_uuid: Ref[Any] | None
    external_ids: dict[str, str]


class Route(Table, table="Route", indexes=(("transit_switch", "availability_zone", "route_table", "ip_prefix", "nexthop"),), root=True):
    """TODO."""

    transit_switch: str
    availability_zone: Ref[AvailabilityZone]
    route_table: str
    ip_prefix: str
    nexthop: str
    origin: Annotated[str, OneOf("connected", "loadbalancer", "static")]
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


class ServiceMonitor(Table, table="Service_Monitor", root=True):
    """TODO."""

    type: Annotated[str, OneOf("load-balancer")] | None
    ip: str
    protocol: Annotated[str, OneOf("tcp", "udp")] | None
    port: Annotated[int, Range(0, 65535)]
    logical_port: str
    src_ip: str
    src_mac: str
    status: Annotated[str, OneOf("error", "offline", "online")] | None
    target_availability_zone: str
    source_availability_zone: str
    options: dict[str, str]
    external_ids: dict[str, str]
