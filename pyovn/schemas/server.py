"""OVSDB schema _Server: what a database server says about the databases it serves.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated, Any

from pyovn.ovsdb.declare import OneOf
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "_Server"
VERSION = "1.2.0"
CKSUM = "3009684573 744"


class Database(Table, table="Database", root=True):
    """TODO."""

    name: str
    model: Annotated[str, OneOf("clustered", "relay", "standalone")]
    connected: bool
    leader: bool
    schema: str | None
    cid: Ref[Any] | None
    sid: Ref[Any] | None
    index: int | None
