"""Commands about groups and meters, undoable as those about rules are."""

from __future__ import annotations

from dataclasses import replace

from pyovn.openflow.action import Action, Group, Meter
from pyovn.openflow.commands import (
    ALL_GROUPS,
    Bucket,
    GroupCommand,
    GroupMod,
    GroupType,
    MeterCommand,
    MeterMod,
    RemovedReason,
)
from pyovn.vswitch import datapath as dp
from pyovn.vswitch import meters
from pyovn.vswitch.changes import touch
from pyovn.vswitch.datapath import Bridge, Datapath, every_rule, group_of, meter_of
from pyovn.vswitch.flow_mods import Refused, Removed, Undo, nested, take_out

GROUP_MOD_FAILED, GROUP_EXISTS, INVALID_GROUP, UNKNOWN_GROUP, BUCKET_EXISTS, UNKNOWN_BUCKET = 6, 0, 1, 8, 15, 16
METER_MOD_FAILED, METER_EXISTS, INVALID_METER, UNKNOWN_METER = 12, 1, 2, 3

BUCKET_FIRST, BUCKET_LAST, BUCKET_ALL = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
ALL_METERS = 0xFFFFFFFF
MOST_GROUPS = 0xFFFFFF00


def change_group(datapath: Datapath, bridge: Bridge, command: GroupMod, now: float, gone: list[Removed]) -> list[Undo]:
    """Carry a group command out; see `flow_mods.change_flows`. Deleting a group deletes the rules that lead to it."""
    kind = command.command
    if kind is GroupCommand.DELETE:
        return _delete(datapath, bridge, command.group_id, gone)
    if command.group_id >= MOST_GROUPS:
        raise Refused(GROUP_MOD_FAILED, INVALID_GROUP, f"group {command.group_id} is out of range")
    old = bridge.groups.get(command.group_id)
    if kind is GroupCommand.ADD and old is not None:
        raise Refused(GROUP_MOD_FAILED, GROUP_EXISTS, f"group {command.group_id} exists")
    if old is None and kind not in (GroupCommand.ADD, GroupCommand.ADD_OR_MODIFY):
        raise Refused(GROUP_MOD_FAILED, UNKNOWN_GROUP, f"group {command.group_id} does not exist")
    if kind in (GroupCommand.INSERT_BUCKET, GroupCommand.REMOVE_BUCKET):
        assert old is not None
        buckets = _with_buckets(old.config.buckets, command)
        config = replace(old.config, buckets=_numbered(buckets))
    else:
        if command.type is GroupType.INDIRECT and len(command.buckets) != 1:
            raise Refused(GROUP_MOD_FAILED, INVALID_GROUP, "an indirect group has one bucket")
        config = replace(command, command=GroupCommand.ADD, buckets=_numbered(command.buckets))
    new = dp.Group(config, now) if old is None else dp.Group(config, old.created, old.packets, old.bytes)
    return [_place_group(datapath, bridge, command.group_id, new)]


def _numbered(buckets: tuple[Bucket, ...]) -> tuple[Bucket, ...]:
    """Buckets without a number get their position's."""
    numbered = tuple(replace(b, bucket_id=at) if b.bucket_id is None else b for at, b in enumerate(buckets))
    if len({bucket.bucket_id for bucket in numbered}) != len(numbered):
        raise Refused(GROUP_MOD_FAILED, BUCKET_EXISTS, "two buckets have one number")
    return numbered


def _with_buckets(old: tuple[Bucket, ...], command: GroupMod) -> tuple[Bucket, ...]:
    """The buckets after some are inserted at, or removed from, the place that the command names."""
    at = command.command_bucket_id
    if command.command is GroupCommand.REMOVE_BUCKET:
        if at == BUCKET_ALL:
            return ()
        if at in (BUCKET_FIRST, BUCKET_LAST):
            return old[1:] if at == BUCKET_FIRST else old[:-1]
        _position(old, at)
        return tuple(bucket for bucket in old if bucket.bucket_id != at)
    if at == BUCKET_FIRST:
        return command.buckets + old
    if at in (BUCKET_LAST, BUCKET_ALL):
        return old + command.buckets
    place = _position(old, at) + 1
    return old[:place] + command.buckets + old[place:]


def _position(buckets: tuple[Bucket, ...], bucket_id: int) -> int:
    for at, bucket in enumerate(buckets):
        if bucket.bucket_id == bucket_id:
            return at
    raise Refused(GROUP_MOD_FAILED, UNKNOWN_BUCKET, f"bucket {bucket_id} does not exist")


def _delete(datapath: Datapath, bridge: Bridge, group_id: int, gone: list[Removed]) -> list[Undo]:
    doomed = list(bridge.groups) if group_id == ALL_GROUPS else [group_id] if group_id in bridge.groups else []
    undo: list[Undo] = []
    for number in doomed:
        undo.append(_place_group(datapath, bridge, number, None))
        for rule in [rule for rule in every_rule(bridge) if _asks(rule.actions, number)]:
            undo.append(take_out(datapath, bridge, rule))
            gone.append(Removed(bridge, rule, RemovedReason.GROUP_DELETE))
    return undo[::-1]


def _asks(actions: tuple[Action, ...], group_id: int) -> bool:
    return any(isinstance(action, Group) and action.group_id == group_id for action in nested(actions))


def _place_group(datapath: Datapath, bridge: Bridge, group_id: int, group: dp.Group | None) -> Undo:
    old = bridge.groups.get(group_id)
    if group is None:
        del bridge.groups[group_id]
    else:
        bridge.groups[group_id] = group
    touch(datapath.changes, group_of(bridge, group_id))

    def undo() -> None:
        _place_group(datapath, bridge, group_id, old)

    return undo


def change_meter(datapath: Datapath, bridge: Bridge, command: MeterMod, now: float, gone: list[Removed]) -> list[Undo]:
    """Carry a meter command out. Deleting a meter deletes the rules that ask it."""
    known = command.meter_id in bridge.meters
    if command.command is MeterCommand.DELETE:
        doomed = list(bridge.meters) if command.meter_id == ALL_METERS else [command.meter_id] if known else []
        return [undo for number in doomed for undo in _delete_meter(datapath, bridge, number, gone)][::-1]
    if command.meter_id == 0 or command.meter_id > 0xFFFF0000:
        raise Refused(METER_MOD_FAILED, INVALID_METER, f"meter {command.meter_id} is out of range")
    if command.command is MeterCommand.ADD and known:
        raise Refused(METER_MOD_FAILED, METER_EXISTS, f"meter {command.meter_id} exists")
    if command.command is MeterCommand.MODIFY and not known:
        raise Refused(METER_MOD_FAILED, UNKNOWN_METER, f"meter {command.meter_id} does not exist")
    made = meters.make(command.meter_id, command.flags, command.bands, now)
    return [_place_meter(datapath, bridge, command.meter_id, made)]


def _delete_meter(datapath: Datapath, bridge: Bridge, meter_id: int, gone: list[Removed]) -> list[Undo]:
    undo = [_place_meter(datapath, bridge, meter_id, None)]
    for rule in [r for r in every_rule(bridge) if any(isinstance(a, Meter) and a.meter_id == meter_id for a in r.actions)]:
        undo.append(take_out(datapath, bridge, rule))
        gone.append(Removed(bridge, rule, RemovedReason.METER_DELETE))
    return undo


def _place_meter(datapath: Datapath, bridge: Bridge, meter_id: int, meter: meters.Meter | None) -> Undo:
    old = bridge.meters.get(meter_id)
    if meter is None:
        del bridge.meters[meter_id]
    else:
        bridge.meters[meter_id] = meter
    touch(datapath.changes, meter_of(bridge, meter_id))

    def undo() -> None:
        _place_meter(datapath, bridge, meter_id, old)

    return undo
