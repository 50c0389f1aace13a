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
    """TODO."""

    connections: tuple[Ref[Connection], ...]


class Connection(Table, table="Connection", indexes=(("target",),)):
    """TODO."""

    target: str
    max_backoff: Annotated[int, Range(1000, None)] | None
    inactivity_probe: int | None
    read_only: bool
    role: str
    other_config: dict[str, str]
    external_ids: dict[str, str]
    is_connected: Annotated[bool, EPHEMERAL]
    status: Annotated[dict[str, str], EPHEMERAL]
