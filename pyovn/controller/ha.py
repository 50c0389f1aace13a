"""Gateways that stand in for each other: BFD on the tunnels between those that must know who is alive, and who leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.chassis import chassis_ref
from pyovn.controller.interfaces import TUNNELS_TO, parse_tunnel_id
from pyovn.ovsdb.operation import Operation, Update, by_uuid
from pyovn.query import Engine, each, index, query
from pyovn.schemas import sb, vswitch

BFD = {"check_tnl_key": "true", "enable": "true"}


def _sessions(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    """The chassis with which a group makes us keep a session: every other of it, and those that send to it if we are of it."""
    group, ours = db.get(sb.HAChassisGroup, ref), chassis_ref(db)
    if group is None or ours is None:
        return
    members = [member.chassis for member in (db.get(sb.HAChassis, member) for member in group.ha_chassis) if member and member.chassis]
    if len(members) < 2 or ours not in (*members, *group.ref_chassis):
        return
    for chassis in dict.fromkeys((*members, *(group.ref_chassis if ours in members else ()))):
        if chassis != ours:
            yield chassis, ref


SESSIONS = index((sb.HAChassisGroup, _sessions))
"""By chassis, the groups because of which we keep a BFD session with it."""


class Session(NamedTuple):
    """What the interface of a tunnel should say of BFD and does not."""

    interface: str
    wanted: bool


def _wrong(db: Engine, ref: str) -> Iterator[Session]:
    port = db.get(vswitch.Port, ref)
    found = parse_tunnel_id(port.external_ids.get("ovn-chassis-id", "")) if port else None
    if port is None or found is None:
        return
    chassis = next(iter(db.find(sb.Chassis, "name", found[0])), None)
    wanted = chassis is not None and bool(SESSIONS(db, chassis))
    for interface in port.interfaces:
        row = db.get(vswitch.Interface, interface)
        if row and (row.bfd.get("enable") == "true") is not wanted:
            yield Session(interface, wanted)


WRONG = each((vswitch.Port, _wrong))


def bfd_operations(db: Engine) -> list[Operation]:
    """What turns BFD on where it is needed, and off where it is not."""
    return [
        Update(vswitch.Interface, by_uuid(interface), {"bfd": dict(BFD) if wanted else {}}) for interface, wanted in db.items(WRONG)
    ]


@query
def is_alive(db: Engine, chassis: str) -> bool:
    """Whether a BFD session with the chassis is up, through any of its tunnels."""
    row = db.get(sb.Chassis, chassis)
    for tunnel in TUNNELS_TO(db, row.name) if row else ():
        for interface in db.find(vswitch.Interface, "ofport", tunnel.ofport):
            state = db.get(vswitch.Interface, interface)
            if state and state.type == tunnel.type and state.bfd_status.get("state") == "up":
                return True
    return False


class Member(NamedTuple):
    """A chassis of a group; of two with one priority, the one whose name comes last goes first."""

    priority: int
    name: str
    chassis: str


@query
def members_of(db: Engine, group: str) -> tuple[Member, ...]:
    """The chassis of a group that exist, in the order in which they lead."""
    row = db.get(sb.HAChassisGroup, group)
    found = []
    for member in (db.get(sb.HAChassis, ref) for ref in row.ha_chassis) if row else ():
        chassis = db.get(sb.Chassis, member.chassis) if member and member.chassis else None
        if member and chassis:
            found.append(Member(member.priority, chassis.name, chassis.uuid))
    return tuple(sorted(found, reverse=True))


@query
def leads(db: Engine, group: str) -> bool:
    """Whether we lead the group: nobody of higher priority is alive; in company, only if anybody is, for else it is we who are cut off."""
    row, ours = db.get(sb.HAChassisGroup, group), chassis_ref(db)
    members = members_of(db, group)
    ranks = [rank for rank, member in enumerate(members) if member.chassis == ours]
    if row is None or not ranks:
        return False
    if len(members) == 1:
        return True
    peers = {member.chassis for member in members} | set(row.ref_chassis)
    if not any(is_alive(db, chassis) for chassis in peers if chassis != ours):
        return False
    return not any(is_alive(db, member.chassis) for member in members[: ranks[0]])
