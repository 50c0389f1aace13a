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
    """What holds for all interconnected zones; it has one row."""

    nb_ic_cfg: int
    """The latest number from the global northbound database that has been worked on."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    connections: tuple[Ref[Connection], ...]
    """The remotes of this server."""

    ssl: Ref[SSL] | None
    """The TLS files of this server."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""


class AvailabilityZone(Table, table="Availability_Zone", indexes=(("name",),), root=True):
    """A deployment that takes part."""

    name: str
    """The name that its northbound database gives it."""

    nb_ic_cfg: int
    """The latest number that the zone has caught up with."""


class Gateway(Table, table="Gateway", indexes=(("name",),), root=True):
    """A chassis through which a zone is reached."""

    name: str
    """The chassis' name."""

    availability_zone: Ref[AvailabilityZone]
    """The zone."""

    hostname: str
    """What the host calls itself."""

    encaps: Annotated[tuple[Ref[Encap], ...], Size(1, None)]
    """How other zones send packets there."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Encap(Table, table="Encap", indexes=(("type", "ip"),)):
    """A tunnel endpoint of a gateway."""

    type: Annotated[str, OneOf("geneve", "vxlan")]
    """The kind of tunnel."""

    options: dict[str, str]
    """Settings of the tunnel, such as `csum`."""

    ip: str
    """The endpoint's address."""

    gateway_name: str
    """The gateway that the endpoint belongs to."""


class DatapathBinding(Table, table="Datapath_Binding", indexes=(("nb_ic_uuid", "tunnel_key"),), root=True):
    """A transit switch or router, as tunnels between zones know it."""

    transit_switch: str
    """Its name."""

    type: Annotated[str, OneOf("transit-router", "transit-switch")] | None
    """Whether it is a switch or a router."""

    nb_ic_uuid: Ref[Any] | None
    """The global northbound row that it comes from."""

    tunnel_key: Annotated[int, Range(1, 16777215)]
    """The number that stands for it in tunnels."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class PortBinding(Table, table="Port_Binding", indexes=(("transit_switch", "tunnel_key"), ("logical_port",),), root=True):
    """A port on a transit switch or router, as other zones need to know it."""

    logical_port: str
    """The port's name."""

    transit_switch: str
    """The transit switch or router."""

    availability_zone: Ref[AvailabilityZone]
    """The zone that the port is in."""

    tunnel_key: Annotated[int, Range(1, 32767)]
    """The number that stands for it in tunnels."""

    gateway: str
    """The gateway through which it is reached."""

    encap: Annotated[Ref[Encap], WEAK] | None
    """The tunnel endpoint by which it is reached."""

    address: str
    """Its Ethernet and IP addresses."""

    type: Annotated[str, OneOf("transit-router-port", "transit-switch-port")] | None
    """Whether it is a port of a transit switch or of a transit router."""

    nb_ic_uuid: Ref[Any] | None
    """The global northbound row that it comes from."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Route(Table, table="Route", indexes=(("transit_switch", "availability_zone", "route_table", "ip_prefix", "nexthop"),), root=True):
    """A route that a zone offers to the others."""

    transit_switch: str
    """The switch by which it is offered."""

    availability_zone: Ref[AvailabilityZone]
    """The zone that offers it."""

    route_table: str
    """The table that it comes from, and is meant for."""

    ip_prefix: str
    """The destinations."""

    nexthop: str
    """The address of the zone's router on the switch."""

    origin: Annotated[str, OneOf("connected", "loadbalancer", "static")]
    """Why the zone knows it: a connected network, a static route, or a load balancer."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Connection(Table, table="Connection", indexes=(("target",),)):
    """A remote that the database server listens on or connects to."""

    target: str
    """Where: `ptcp:PORT[:HOST]` or `pssl:…` to listen, `tcp:HOST:PORT` or `ssl:…` to connect."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent peer is left alone before it is probed, in milliseconds; 0 never probes."""

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


class ServiceMonitor(Table, table="Service_Monitor", root=True):
    """A probe that one zone wants another to send."""

    type: Annotated[str, OneOf("load-balancer")] | None
    """What is probed: a load balancer's backend."""

    ip: str
    """The address that is probed."""

    protocol: Annotated[str, OneOf("tcp", "udp")] | None
    """How it is probed."""

    port: Annotated[int, Range(0, 65535)]
    """The port that is probed."""

    logical_port: str
    """The port behind which the probed one lives."""

    src_ip: str
    """The IP address that probes come from."""

    src_mac: str
    """The Ethernet address that probes come from."""

    status: Annotated[str, OneOf("error", "offline", "online")] | None
    """What the latest probes found."""

    target_availability_zone: str
    """The zone that probes."""

    source_availability_zone: str
    """The zone that wants to know."""

    options: dict[str, str]
    """Interval, time-out and counts of the probes."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""
