"""Logical_Flow and Logical_DP_Group: flows of several datapaths that are alike are one row, with the group of their datapaths.

Rows that are there keep their uuids, whoever made them; only what differs is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def content_of(flow: Flow) -> Content:
    """The part of a flow by which it is found."""
    pipeline, number, _ = _STAGES[flow.stage]
    return Content(pipeline, number, flow.priority, flow.match, flow.actions, flow.meter, flow.port, flow.desc)


def content_of_row(row: LogicalFlow) -> Content:
    """The same of a southbound row."""
    port = row.tags.get("in_out_port")
    return Content(row.pipeline, row.table_id, row.priority, row.match, row.actions, row.controller_meter, port, row.flow_desc)


def _identity(content: Content, stage: str) -> tuple[Content, str]:
    """Switches and routers number their stages alike: the name tells which is meant."""
    return content, stage


Identity = tuple[Content, str]


class FlowTable:
    """Which flows are wanted on which datapaths, which rows are there, and where the two may differ."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._wanted: dict[Identity, dict[str, str]] = {}
        """Datapath (by the uuid of its switch or router) → hint."""
        self._there: dict[Identity, LogicalFlow] = {}
        self._identities: dict[str, Identity] = {}
        self._spare: dict[str, None] = {}
        self._groups: dict[tuple[str, ...], str] = {}
        """Datapaths (southbound uuids, sorted) → uuid of the group's row."""
        self._group_members: dict[str, tuple[str, ...]] = {}
        self._unsettled: dict[Identity, None] = {}

    def want(self, difference: Difference[Placed]) -> None:
        """Take the flows that are wanted from now on, and those no longer."""
        for datapath_uuid, flow in difference.lost:
            identity = content_of(flow), _STAGES[flow.stage][2]
            hints = self._wanted[identity]
            if hints.get(datapath_uuid) == flow.hint:
                del hints[datapath_uuid]
                if not hints:
                    del self._wanted[identity]
            self._unsettled[identity] = None
        for datapath_uuid, flow in difference.gained:
            identity = content_of(flow), _STAGES[flow.stage][2]
            self._wanted.setdefault(identity, {})[datapath_uuid] = flow.hint
            self._unsettled[identity] = None

    def saw(self, changes: Iterable[Change]) -> None:
        """Take what happened to flows and groups."""
        for change in changes:
            if change.table is LogicalDPGroup:
                self._saw_group(change.uuid, change.new)
            elif change.table is LogicalFlow:
                self._saw_flow(change.uuid, change.new)

    def _saw_group(self, uuid: str, row: Any) -> None:
        members = self._group_members.pop(uuid, None)
        if members is not None and self._groups.get(members) == uuid:
            del self._groups[members]
        if row is not None:
            self._group_members[uuid] = row.datapaths
            self._groups.setdefault(row.datapaths, uuid)

    def _saw_flow(self, uuid: str, row: Any) -> None:
        self._spare.pop(uuid, None)
        identity = self._identities.pop(uuid, None)
        if identity is not None:
            del self._there[identity]
            self._unsettled[identity] = None
        if row is None:
            return
        identity = content_of_row(row), row.external_ids.get("stage-name", "")
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
        made: dict[tuple[str, ...], str] = {}
        for uuid in self._spare:
            yield Delete(LogicalFlow, by_uuid(uuid))
        for identity in unsettled:
            hints, row = self._wanted.get(identity), self._there.get(identity)
            if hints is None:
                if row is not None:
                    yield Delete(LogicalFlow, by_uuid(row.uuid))
                continue
            members = tuple(sorted(self._ledger.uuid_of(datapath(uuid)) for uuid in hints))
            if row is None or not self._fits(row, members, hints):
                yield from self._place(identity, row, members, made)

    def _fits(self, row: LogicalFlow, members: tuple[str, ...], hints: dict[str, str]) -> bool:
        if row.external_ids.get("stage-hint", "") not in {hint[:8] for hint in hints.values()}:
            return False
        if row.logical_dp_group is None:
            return members == (row.logical_datapath,)
        return row.logical_datapath is None and self._group_members.get(row.logical_dp_group) == members

    def _place(
        self, identity: Identity, row: LogicalFlow | None, members: tuple[str, ...], made: dict[tuple[str, ...], str]
    ) -> Iterator[Operation]:
        columns: dict[str, Any] = {"logical_datapath": members[0], "logical_dp_group": None}
        if len(members) > 1:
            group = self._groups.get(members) or made.get(members)
            if group is None:
                group = made[members] = made_uuid("Logical_DP_Group", members)
                yield Insert(LogicalDPGroup, {"datapaths": members}, uuid=group)
            columns = {"logical_datapath": None, "logical_dp_group": group}
        content, stage = identity
        hint = min(self._wanted[identity].values())[:8]
        columns["external_ids"] = {"source": SOURCE, **({"stage-hint": hint} if hint else {}), "stage-name": stage}
        if row is not None:
            kept = {name: value for name, value in columns.items() if getattr(row, name) != value}
            if row.external_ids.get("stage-hint", "") == hint:
                kept.pop("external_ids", None)
            yield Update(LogicalFlow, by_uuid(row.uuid), kept)
            return
        columns |= {
            "pipeline": content.pipeline, "table_id": content.table_id, "priority": content.priority, "match": content.match,
            "actions": content.actions, "controller_meter": content.meter, "flow_desc": content.desc,
            "tags": {"in_out_port": content.port} if content.port else {},
        }  # fmt: skip
        columns["external_ids"] = dict(sorted(columns["external_ids"].items()))
        yield Insert(LogicalFlow, columns, uuid=made_uuid("Logical_Flow", (*content, stage)))
