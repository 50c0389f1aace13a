"""Multicast groups: a copy to each member that is here, one through a tunnel to each host that has members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.binding import is_here
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.local_datapaths import datapath_key, is_local, port_ref
from pyovn.controller.physical.ports import L3GATEWAY, LOCALNET, LOCALPORT, PATCH, REDIRECT, localnet_of, plug_of, port_zone
from pyovn.controller.physical.tunnels import Way, label, send, tunnel_to
from pyovn.controller.rule import Rule, cookie_of, put, resubmit
from pyovn.controller.tables import FLAGS, OUTPORT, PORT_ZONE, LogicalFlag, OFTable
from pyovn.openflow.action import Actions, Output
from pyovn.openflow.match import Match
from pyovn.query import Engine, query
from pyovn.schemas import sb

REMOTE = "remote"


class Member(NamedTuple):
    """What a port contributes to the groups that it is in."""

    here: Actions = ()
    """A copy into its interface, where it is plugged in."""
    patch: Actions = ()
    """A copy into another datapath, which every host makes for itself."""
    local: Actions = ()
    """A copy into a port that every host has."""
    tunnel: Way | None = None
    """To where it is plugged in, if that is elsewhere."""


@query
def member_of(db: Engine, ref: str) -> Member:
    """What one port contributes: asked by itself, so that a change to one member costs nothing for the others."""
    row = db.get(sb.PortBinding, ref)
    if row is None:
        return Member()
    to: Actions = (put(OUTPORT, row.tunnel_key), resubmit(OFTable.CHECK_LOOPBACK))
    if row.type == PATCH:
        # Where zones share a switch, whoever sends does not know what is behind the ports of others.
        return Member(here=zoned(db, ref, to)) if is_shared(db, row.datapath) else Member(patch=to)
    if row.type == REMOTE:
        return Member(local=sent_to(db, row))
    if row.type == LOCALPORT:
        return Member(local=to)
    if row.type == REDIRECT and row.chassis == chassis_ref(db):
        # Of a gateway's port the distributed one is meant.
        distributed = port_ref(db, row.options.get("distributed-port", ""))
        other = db.get(sb.PortBinding, distributed) if distributed else None
        return Member(here=(put(OUTPORT, other.tunnel_key), resubmit(OFTable.CHECK_LOOPBACK)) if other else ())
    elsewhere = row.chassis if row.chassis != chassis_ref(db) and row.type != LOCALNET else None
    tunnel = tunnel_to(db, elsewhere, None) if elsewhere else None
    if is_here(db, ref) if row.type == L3GATEWAY else plug_of(db, ref) is not None:
        return Member(here=zoned(db, ref, to), tunnel=tunnel)
    return Member(tunnel=tunnel)


def zoned(db: Engine, ref: str, to: Actions) -> Actions:
    """A copy into a port, with the zone of its connections."""
    zone = port_zone(db, ref)
    return (*((put(PORT_ZONE, zone, 0xFFFF),) if zone else ()), *to)


@query
def is_shared(db: Engine, datapath: str) -> bool:
    """Whether a datapath is this zone's part of a transit switch."""
    row = db.get(sb.DatapathBinding, datapath)
    return row is not None and "interconn-ts" in row.external_ids


def sent_to(db: Engine, row: sb.PortBinding) -> Actions:
    """A copy for a port of another zone, through the tunnel to its gateway: that zone's groups are its own."""
    way, datapath = tunnel_to(db, row.chassis, None) if row.chassis else None, db.get(sb.DatapathBinding, row.datapath)
    if way is None or datapath is None:
        return ()
    return (put(OUTPORT, row.tunnel_key), *label(way.type, datapath.tunnel_key, row.tunnel_key), Output(way.ofport))


def multicast_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one group, on a host where its datapath matters."""
    group = db.get(sb.MulticastGroup, ref)
    key = datapath_key(db, group.datapath) if group and is_local(db, group.datapath) else None
    if group is None or key is None:
        return
    members = [member_of(db, port) for port in group.ports]
    match, cookie = Match.of({"metadata": key, OUTPORT: group.tunnel_key}), cookie_of(ref)
    restore, last = put(OUTPORT, group.tunnel_key), resubmit(OFTable.REMOTE_VTEP_OUTPUT)
    here = [action for member in members for action in member.here]
    if here:
        yield Rule(OFTable.LOCAL_OUTPUT, 100, match, (*here, restore), cookie)
    patches = [action for member in members for action in member.patch]
    everywhere = [action for member in members for action in (*member.patch, *member.local)]
    # Where a physical network carries the copy, no tunnel does.
    tunnels = () if localnet_of(db, group.datapath) else ({member.tunnel for member in members if member.tunnel is not None})
    if everywhere or tunnels:
        kept = (*everywhere, restore) if everywhere else ()
        sent = send(tunnels, key, group.tunnel_key)
        not_ramp = match.with_fields({FLAGS: (0, LogicalFlag.FROM_RAMP_SWITCH)})
        yield Rule(OFTable.REMOTE_OUTPUT, 100, not_ramp, (*kept, *sent, last), cookie)
    if patches:
        flags = int(LogicalFlag.FROM_RAMP_SWITCH | LogicalFlag.ALLOW_LOOPBACK)
        yield Rule(OFTable.REMOTE_OUTPUT, 120, match.with_fields({FLAGS: (flags, flags)}), (*patches, restore, last), cookie)
