"""OVSDB schema OVN_IC_Northbound: the global northbound database of interconnected zones.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated, Any

from pyovn.ovsdb.declare import EPHEMERAL, Range
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "OVN_IC_Northbound"
VERSION = "1.3.0"
CKSUM = "1918565391 5082"


class ICNBGlobal(Table, table="IC_NB_Global", root=True, max_rows=1):
    """What holds for all interconnected zones; it has one row."""

    nb_ic_cfg: int
    """A number that a client raises to ask when everything before it has taken effect."""

    sb_ic_cfg: int
    """The latest number that every zone has caught up with."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    connections: tuple[Ref[Connection], ...]
    """The remotes of this server."""

    ssl: Ref[SSL] | None
    """The TLS files of this server."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""


class TransitSwitch(Table, table="Transit_Switch", indexes=(("name",),), root=True):
    """A switch that spans zones."""

    name: str
    """What each zone calls its part of the switch."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class TransitRouter(Table, table="Transit_Router", indexes=(("name",),), root=True):
    """A router that spans zones."""

    name: str
    """What each zone calls its part of the router."""

    ports: tuple[Ref[TransitRouterPort], ...]
    """Its ports."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class TransitRouterPort(Table, table="Transit_Router_Port", indexes=(("name",),)):
    """Where a zone attaches to a transit router."""

    name: str
    """What each zone calls it."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    mac: str
    """Its Ethernet address."""

    chassis: str
    """The gateway that hosts it."""

    networks: tuple[str, ...]
    """Its addresses with their prefix lengths."""

    tr_uuid: Ref[Any]
    """The transit router that it belongs to."""


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
