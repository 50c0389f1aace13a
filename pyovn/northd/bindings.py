"""What southbound rows that others refer to stand for: a datapath for a switch or router, a binding for a port."""

from __future__ import annotations

from pyovn.query import Engine, projection, query
from pyovn.schemas import sb

OWNERS = ("logical-switch", "logical-router")
"""Where a datapath that an older compiler has made names its switch or router."""


@projection
def owner(db: Engine, datapath: str) -> str:
    """The switch or router of a datapath, by uuid; empty if there is none."""
    row = db.get(sb.DatapathBinding, datapath)
    return row.nb_uuid or next((uuid for name, uuid in row.external_ids.items() if name in OWNERS), "") if row else ""


@projection
def port_name(db: Engine, binding: str) -> str:
    """The port of a binding, by name; empty if there is none."""
    row = db.get(sb.PortBinding, binding)
    return row.logical_port if row else ""


@query
def virtual_parent(db: Engine, name: str) -> str | None:
    """The port whose machine has taken the address of a virtual port, by name."""
    found = (db.get(sb.PortBinding, ref) for ref in db.find(sb.PortBinding, "logical_port", name))
    return next((row.virtual_parent for row in found if row is not None), None)


@query
def is_claimed(db: Engine, name: str) -> bool:
    """Some chassis has the port of that name."""
    found = (db.get(sb.PortBinding, ref) for ref in db.find(sb.PortBinding, "logical_port", name))
    return any(row is not None and row.chassis is not None for row in found)
