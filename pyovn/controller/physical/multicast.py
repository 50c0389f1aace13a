"""Multicast groups: a copy to each member that is here, one through a tunnel to each host that has members."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.binding import is_here
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.local_datapaths import datapath_key, is_local
from pyovn.controller.physical.ports import L3GATEWAY, LOCALNET, LOCALPORT, PATCH, localnet_of, plug_of, port_zone
from pyovn.controller.physical.tunnels import label, outputs, tunnel_to
from pyovn.controller.rule import Rule, cookie_of, put, resubmit
from pyovn.controller.tables import FLAGS, OUTPORT, PORT_ZONE, LogicalFlag, OFTable
from pyovn.openflow.action import Action
from pyovn.openflow.match import Match
from pyovn.query import Engine
from pyovn.schemas import sb


def multicast_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one group, on a host where its datapath matters."""
    group = db.get(sb.MulticastGroup, ref)
    key = datapath_key(db, group.datapath) if group and is_local(db, group.datapath) else None
    if group is None or key is None:
        return
    members = [row for row in (db.get(sb.PortBinding, port) for port in group.ports) if row]
    match, cookie = Match.of({"metadata": key, OUTPORT: group.tunnel_key}), cookie_of(ref)
    restore = put(OUTPORT, group.tunnel_key)
    here = [action for row in members if _is_plugged(db, row) for action in _copy(db, row)]
    if here:
        yield Rule(OFTable.LOCAL_OUTPUT, 100, match, (*here, restore), cookie)
    # Every host has its own patch ports and local ports: their copy is made where the packet is sent, not where it arrives.
    patches = [action for row in members if row.type == PATCH for action in _to(row)]
    everywhere = [action for row in members if row.type in (PATCH, LOCALPORT) for action in _to(row)]
    tunnels = _tunnels(db, group.datapath, members)
    last = resubmit(OFTable.REMOTE_VTEP_OUTPUT)
    if everywhere or tunnels:
        away = (*((*everywhere, restore) if everywhere else ()), *((*label(key, group.tunnel_key), *outputs(tunnels)) if tunnels else ()))
        not_ramp = match.with_fields({FLAGS: (0, LogicalFlag.FROM_RAMP_SWITCH)})
        yield Rule(OFTable.REMOTE_OUTPUT, 100, not_ramp, (*away, last), cookie)
    if patches:
        flags = int(LogicalFlag.FROM_RAMP_SWITCH | LogicalFlag.ALLOW_LOOPBACK)
        yield Rule(OFTable.REMOTE_OUTPUT, 120, match.with_fields({FLAGS: (flags, flags)}), (*patches, restore, last), cookie)


def _is_plugged(db: Engine, row: sb.PortBinding) -> bool:
    if row.type == L3GATEWAY:
        return is_here(db, row.uuid)
    return row.type != LOCALPORT and plug_of(db, row.uuid) is not None


def _to(row: sb.PortBinding) -> tuple[Action, ...]:
    return (put(OUTPORT, row.tunnel_key), resubmit(OFTable.CHECK_LOOPBACK))


def _copy(db: Engine, row: sb.PortBinding) -> tuple[Action, ...]:
    zone = port_zone(db, row.uuid)
    return (*((put(PORT_ZONE, zone, 0xFFFF),) if zone else ()), *_to(row))


def _tunnels(db: Engine, datapath: str, members: list[sb.PortBinding]) -> tuple[int, ...]:
    """The tunnels to hosts with members; none where a localnet port carries the copy."""
    if localnet_of(db, datapath) is not None:
        return ()
    chassis = {row.chassis for row in members if row.chassis and row.chassis != chassis_ref(db) and row.type != LOCALNET}
    return tuple(sorted(tunnel for tunnel in (tunnel_to(db, ref, None) for ref in chassis) if tunnel is not None))
