"""Logical_Flow and Logical_DP_Group: flows of several datapaths that are alike are one row, with the group of their datapaths.

Rows that are there keep their uuids, whoever made them; only what differs is written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from pyovn.northd.contents import Placed
from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.reconcile import Ledger, made_uuid
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.operation import Delete, Insert, Operation, Update, by_uuid
from pyovn.query import Difference
from pyovn.schemas.sb import LogicalDPGroup, LogicalFlow

SOURCE = "pyovn"
"""What external_ids:source says of our flows."""


class Content(NamedTuple):
    """What makes two flows one row: all but the datapath and the hint."""

    pipeline: str
    table_id: int
    priority: int
    match: str
    actions: str
    meter: str | None
    port: str | None
    desc: str | None


_STAGES = {stage: (stage.pipeline, stage.number, stage.stage_name) for stage in Stage}


Identity = tuple[Content, str]
"""The content, and the name of the stage: switches and routers number their stages alike."""


def identity_of(flow: Flow) -> Identity:
    """What tells a flow from others on the same datapath."""
    pipeline, number, name = _STAGES[flow.stage]
    return Content(pipeline, number, flow.priority, flow.match, flow.actions, flow.meter, flow.port, flow.desc), name


def identity_of_row(row: LogicalFlow) -> Identity:
    """The same of a southbound row."""
    port = row.tags.get("in_out_port")
    content = Content(row.pipeline, row.table_id, row.priority, row.match, row.actions, row.controller_meter, port, row.flow_desc)
    return content, row.external_ids.get("stage-name", "")


class Placement:
    """On which datapaths a flow is wanted."""

    __slots__ = ("hints", "signature")

    def __init__(self) -> None:
        self.hints: dict[str, tuple[str, ...]] = {}
        """Datapath (by the uuid of its switch or router) → the hints of those who want it there, seldom more than one."""
        self.signature = 0
        """The same for the same datapaths, whatever the order: large sets are compared by it."""


class FlowTable:
    """Which flows are wanted on which datapaths, which rows are there, and where the two may differ."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._wanted: dict[Identity, Placement] = {}
        self._there: dict[Identity, LogicalFlow] = {}
        self._identities: dict[str, Identity] = {}
        self._spare: dict[str, None] = {}
        self._group_of: dict[tuple[str, ...], str] = {}
        """Datapaths (southbound uuids, sorted) → uuid of the group's row."""
        self._members_of: dict[str, tuple[str, ...]] = {}
        self._users: dict[str, int] = {}
        """How many flows are in a group."""
        self._unsettled: dict[Identity, None] = {}

    def want(self, difference: Difference[Placed]) -> None:
        """Take the flows that are wanted from now on, and those no longer."""
        for datapath_uuid, flow in difference.lost:
            identity = identity_of(flow)
            placement = self._wanted[identity]
            left = tuple(hint for hint in placement.hints[datapath_uuid] if hint != flow.hint)
            if left:
                placement.hints[datapath_uuid] = left
            else:
                del placement.hints[datapath_uuid]
                placement.signature ^= _bits(datapath_uuid)
            if not placement.hints:
                del self._wanted[identity]
            self._unsettled[identity] = None
        for datapath_uuid, flow in difference.gained:
            identity = identity_of(flow)
            gaining = self._wanted.get(identity)
            if gaining is None:
                gaining = self._wanted[identity] = Placement()
            if datapath_uuid not in gaining.hints:
                gaining.signature ^= _bits(datapath_uuid)
            gaining.hints[datapath_uuid] = (*gaining.hints.get(datapath_uuid, ()), flow.hint)
            self._unsettled[identity] = None

    def saw(self, changes: Iterable[Change]) -> None:
        """Take what happened to flows and groups."""
        for change in changes:
            if change.table is LogicalDPGroup:
                self._saw_group(change.uuid, change.new)
            elif change.table is LogicalFlow:
                self._saw_flow(change.uuid, change.old, change.new)

    def _saw_group(self, uuid: str, row: Any) -> None:
        members = self._members_of.pop(uuid, None)
        if members is not None and self._group_of.get(members) == uuid:
            del self._group_of[members]
        if row is not None:
            self._members_of[uuid] = row.datapaths
            self._group_of.setdefault(row.datapaths, uuid)

    def _saw_flow(self, uuid: str, old: Any, row: Any) -> None:
        self._spare.pop(uuid, None)
        if old is not None and old.logical_dp_group is not None:
            self._users[old.logical_dp_group] -= 1
        if row is not None and row.logical_dp_group is not None:
            self._users[row.logical_dp_group] = self._users.get(row.logical_dp_group, 0) + 1
        identity = self._identities.pop(uuid, None)
        if identity is not None:
            del self._there[identity]
            self._unsettled[identity] = None
        if row is None:
            return
        identity = identity_of_row(row)
        if identity in self._there:
            self._spare[uuid] = None
            return
        self._there[identity] = row
        self._identities[uuid] = identity
        self._unsettled[identity] = None

    def unsettle_all(self) -> None:
        """Everything may differ: a transaction has failed."""
        self._unsettled.update(dict.fromkeys((*self._wanted, *self._there)))

    def operations(self) -> Iterator[Operation]:
        """What makes the rows that are there those that are wanted."""
        unsettled, self._unsettled = self._unsettled, {}
        for uuid in self._spare:
            yield Delete(LogicalFlow, by_uuid(uuid))
        places = Places(self._ledger, self._group_of, self._members_of)
        misplaced: list[tuple[Identity, LogicalFlow | None, tuple[str, ...]]] = []
        for identity in unsettled:
            placement, row = self._wanted.get(identity), self._there.get(identity)
            if placement is None:
                if row is not None:
                    yield Delete(LogicalFlow, by_uuid(row.uuid))
                continue
            members = places.members(placement)
            if row is None or not self._fits(row, members, placement.hints):
                misplaced.append((identity, row, members))
        yield from self._grow_groups(places, misplaced)
        for identity, row, members in misplaced:
            yield from self._place(identity, row, places, members)

    def _fits(self, row: LogicalFlow, members: tuple[str, ...], hints: dict[str, tuple[str, ...]]) -> bool:
        hint = row.external_ids.get("stage-hint", "")
        if not any(hint == wanted[:8] for several in hints.values() for wanted in several):
            return False
        if row.logical_dp_group is None:
            return members == (row.logical_datapath,)
        return row.logical_datapath is None and self._members_of.get(row.logical_dp_group) == members

    def _grow_groups(
        self, places: Places, misplaced: list[tuple[Identity, LogicalFlow | None, tuple[str, ...]]]
    ) -> Iterator[Operation]:
        """A group all of whose flows go to the same other datapaths changes itself: one row, not one a flow."""
        moves = Counter((row.logical_dp_group, members) for _, row, members in misplaced if row is not None and row.logical_dp_group)
        for (group, members), flows in moves.items():
            if group is not None and len(members) > 1 and flows == self._users.get(group) and members not in places.groups:
                places.groups[members] = group
                yield Update(LogicalDPGroup, by_uuid(group), {"datapaths": members})

    def _place(self, identity: Identity, row: LogicalFlow | None, places: Places, members: tuple[str, ...]) -> Iterator[Operation]:
        columns: dict[str, Any] = {"logical_datapath": members[0], "logical_dp_group": None}
        if len(members) > 1:
            group, missing = places.group(members)
            if missing:
                yield Insert(LogicalDPGroup, {"datapaths": members}, uuid=group)
            columns = {"logical_datapath": None, "logical_dp_group": group}
        content, stage = identity
        hints = {hint[:8] for several in self._wanted[identity].hints.values() for hint in several}
        if row is None or row.external_ids.get("stage-hint", "") not in hints:
            hint = min(hints)
            columns["external_ids"] = {"source": SOURCE, **({"stage-hint": hint} if hint else {}), "stage-name": stage}
        if row is None:
            yield Insert(LogicalFlow, {**columns, **_said(content)}, uuid=made_uuid("Logical_Flow", (*content, stage)))
            return
        differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if differing:
            yield Update(LogicalFlow, by_uuid(row.uuid), differing)


class Places:
    """While operations are made: southbound uuids of sets of datapaths, worked out once a set, and the groups there will be."""

    def __init__(self, ledger: Ledger, groups: dict[tuple[str, ...], str], taken: Iterable[str]) -> None:
        self._ledger = ledger
        self._by_signature: dict[int, tuple[str, ...]] = {}
        self.groups = dict(groups)
        self._taken = set(taken)

    def members(self, placement: Placement) -> tuple[str, ...]:
        """The datapaths of a flow as southbound uuids, sorted."""
        found = self._by_signature.get(placement.signature)
        if found is None:
            found = tuple(sorted(self._ledger.uuid_of(datapath(uuid)) for uuid in placement.hints))
            self._by_signature[placement.signature] = found
        return found

    def group(self, members: tuple[str, ...]) -> tuple[str, bool]:
        """The group of these datapaths, and whether it has yet to be made."""
        group = self.groups.get(members)
        if group is not None:
            return group, False
        group = made_uuid("Logical_DP_Group", members)
        while group in self._taken:
            # The group that these datapaths once had has grown since.
            group = made_uuid("Logical_DP_Group", group)
        self.groups[members] = group
        self._taken.add(group)
        return group, True


def _said(content: Content) -> dict[str, Any]:
    return {
        "pipeline": content.pipeline, "table_id": content.table_id, "priority": content.priority, "match": content.match,
        "actions": content.actions, "controller_meter": content.meter, "flow_desc": content.desc,
        "tags": {"in_out_port": content.port} if content.port else {},
    }  # fmt: skip


@cache
def _bits(uuid: str) -> int:
    return int.from_bytes(hashlib.blake2b(uuid.encode(), digest_size=16).digest())
