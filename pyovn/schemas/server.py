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
    """A database that the server knows."""

    name: str
    """Its name."""

    model: Annotated[str, OneOf("clustered", "relay", "standalone")]
    """Whether it is one file, one member of a cluster, or a relay of another server's."""

    connected: bool
    """Whether it can be used: a relay has its source, a member its cluster."""

    leader: bool
    """Whether transactions are best sent here."""

    schema: str | None
    """Its schema as JSON, once it is known."""

    cid: Ref[Any] | None
    """The cluster's id."""

    sid: Ref[Any] | None
    """This member's id in the cluster."""

    index: int | None
    """How many entries of the cluster's log this member has taken over."""
