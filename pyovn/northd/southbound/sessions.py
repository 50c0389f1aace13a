"""BFD: a row for each session of a router port; chassis run it and say what became of it, which the northbound is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pyovn.northd import bfd
from pyovn.northd.allotted import PortKey, SessionPort
from pyovn.northd.bfd import Session
from pyovn.northd.router.policies import hops, router_of_policy, watchers
from pyovn.northd.router.static_routes import stated
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.northd.topology import router_port, router_port_named
from pyovn.query import Engine, each, index
from pyovn.schemas import nb, sb

FIRST_PORT, LAST_PORT = 49152, 65535
"""The UDP ports that sessions' packets may come from (RFC 5881 4)."""
DEFAULT_INTERVAL_MS = 1000
DEFAULT_DETECT_MULT = 5


def _of_routes(db: Engine, ref: str) -> Iterator[tuple[Session, str]]:
    found = stated(db, ref)
    if found is not None and found.session is not None:
        yield found.session, ref


def _of_policies(db: Engine, ref: str) -> Iterator[tuple[Session, str]]:
    row, router = db.get(nb.LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is not None and router is not None and row.action == "reroute" and not row.nexthop:
        for _, watching in watchers(db, row, hops(db, row, router)):
            yield watching, ref


USERS = index((nb.LogicalRouterStaticRoute, _of_routes), (nb.LogicalRouterPolicy, _of_policies))
"""The routes and policies that count on a session; one that nobody counts on is kept down by hand."""


def _is_placed(db: Engine, session: Session) -> bool:
    ref = router_port_named(db, session.logical_port)
    return ref is not None and router_port(db, ref) is not None and db.get(PortKey, session.logical_port) is not None


def _request(db: Engine, ref: str) -> Iterator[KeyRequest]:
    session = bfd.session(db, ref)
    if session is not None and _is_placed(db, session):
        yield KeyRequest("", owner(session), 0)


SESSION_PORTS = each((nb.BFD, _request))
"""Which sessions need a UDP port."""


def owner(session: Session) -> str:
    """A session by one word."""
    return f"{session.logical_port} {session.dst_ip}"


def session_of(word: str) -> Session:
    """The same backwards."""
    port, _, address = word.rpartition(" ")
    return Session(port, address)


def northbound_state(db: Engine, session: Session) -> str | None:
    """What the northbound is told of a session; None if no router port has it."""
    if not _is_placed(db, session):
        return None
    if not USERS(db, session):
        return "admin_down"
    found = bfd.state(db, session)
    return "down" if found == "admin_down" else found


def session_row(db: Engine, ref: str) -> Iterator[Wanted]:
    """The row of a session."""
    row, session = db.get(nb.BFD, ref), bfd.session(db, ref)
    allotted = db.get(SessionPort, owner(session)) if session else None
    if row is None or session is None or allotted is None:
        return
    # The chassis says the rest, unless the session is off, or is to be on from now.
    said = northbound_state(db, session)
    state = {"status": said} if said == "admin_down" or bfd.state(db, session) == "admin_down" else {}
    first = {"disc": discriminator(session), "src_port": FIRST_PORT - 1 + allotted.key, "chassis_name": _chassis_name(db, session)}
    yield wanted(
        sb.BFD, tuple(session), first, logical_port=session.logical_port, dst_ip=session.dst_ip,
        min_tx=row.min_tx or DEFAULT_INTERVAL_MS, min_rx=DEFAULT_INTERVAL_MS if row.min_rx is None else row.min_rx,
        detect_mult=row.detect_mult or DEFAULT_DETECT_MULT, **state,
    )  # fmt: skip


def discriminator(session: Session) -> int:
    """The number that tells a session from others at its chassis: the same whoever makes the row, and never 0 (RFC 5880 6.8.1)."""
    return 1 + int.from_bytes(hashlib.blake2b(owner(session).encode(), digest_size=4).digest()) % ((1 << 31) - 1)


def _chassis_name(db: Engine, session: Session) -> str:
    for ref in db.find(sb.PortBinding, "logical_port", session.logical_port):
        row = db.get(sb.PortBinding, ref)
        chassis = db.get(sb.Chassis, row.chassis) if row and row.chassis else None
        if chassis is not None:
            return chassis.name
    return ""
