"""BFD sessions (RFC 5880) as routes and policies see them: a next hop that a session watches is used while it answers."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.query import Engine, query
from pyovn.schemas import nb, sb

PORT = 3784
"""The UDP port that sessions' packets go to."""

SILENT = ("admin_down", "down")
"""States in which nobody may count on the next hop."""


class Session(NamedTuple):
    """Who watches whom."""

    logical_port: str
    dst_ip: str


@query
def state(db: Engine, session: Session) -> str:
    """What the chassis that runs a session says of it; `admin_down` as long as none could."""
    for ref in db.find(sb.BFD, "logical_port", session.logical_port):
        row = db.get(sb.BFD, ref)
        if row is not None and row.dst_ip == session.dst_ip:
            return row.status
    return "admin_down"


def answers(db: Engine, session: Session) -> bool:
    """Whether the next hop may be used."""
    return state(db, session) not in SILENT


@query
def session(db: Engine, ref: str) -> Session | None:
    """The session that a row asks for."""
    row = db.get(nb.BFD, ref)
    return Session(row.logical_port, row.dst_ip) if row else None


@query
def is_run(db: Engine, logical_port: str) -> bool:
    """Whether a router port runs any session."""
    return bool(db.find(nb.BFD, "logical_port", logical_port))
