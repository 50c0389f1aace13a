"""OVSDB schema Local_Config: a database server's own remotes.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated

from pyovn.ovsdb.declare import EPHEMERAL, Range
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "Local_Config"
VERSION = "1.0.0"
CKSUM = "2048726482 1858"


class Config(Table, table="Config", root=True, max_rows=1):
    """What holds for the whole server; it has one row."""

    connections: tuple[Ref[Connection], ...]
    """The server's remotes."""


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
