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
    """TODO."""

    nb_ic_cfg: int
    sb_ic_cfg: int
    external_ids: dict[str, str]
    connections: tuple[Ref[Connection], ...]
    ssl: Ref[SSL] | None
    options: dict[str, str]


class TransitSwitch(Table, table="Transit_Switch", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    other_config: dict[str, str]
    external_ids: dict[str, str]


class TransitRouter(Table, table="Transit_Router", indexes=(("name",),), root=True):
    """TODO."""

    name: str
    ports: tuple[Ref[TransitRouterPort], ...]
    other_config: dict[str, str]
    external_ids: dict[str, str]


class TransitRouterPort(Table, table="Transit_Router_Port", indexes=(("name",),)):
    """TODO."""

    name: str
    other_config: dict[str, str]
    mac: str
    chassis: str
    networks: tuple[str, ...]
    tr_uuid: Ref[Any]


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
