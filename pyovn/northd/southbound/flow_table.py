"""Logical_Flow and Logical_DP_Group: flows of several datapaths that are alike are one row, with the group of their datapaths.

Rows that are there keep their uuids, whoever made them; only what differs is written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.places import Member, Place, Placed, Somewhere
from pyovn.northd.southbound.corrections import corrections
from pyovn.northd.southbound.reconcile import Ledger, made_uuid, uuid_of_text
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.operation import Delete, Insert, InsertRows, Operation, Update, by_uuid
from pyovn.query import Difference
from pyovn.schemas.sb import LogicalDPGroup, LogicalFlow

NO_TAGS: dict[str, str] = {}

SOURCE = "pyovn"
"""What external_ids:source says of our flows."""


Identity = tuple[Any, ...]
"""What makes two flows one row: all of a `Flow` but the hint. A plain tuple, for there are hundreds of thousands."""


def identity_of(flow: Flow) -> Identity:
    """What tells a flow from others on the same datapath."""
    return flow[:HINT] + flow[HINT + 1 :]


HINT = Flow._fields.index("hint")

_STAGES = {(stage.pipeline, stage.number, stage.stage_name): stage for stage in Stage}
"""Switches and routers number their stages alike: the name is needed too."""


_STAGE_COLUMNS = {stage: (stage.pipeline, stage.number, stage.stage_name) for stage in Stage}


def identity_of_row(row: LogicalFlow) -> Identity:
    """The same of a southbound row; one that no stage of ours has made is like no flow of ours."""
    where = row.pipeline, row.table_id, row.external_ids.get("stage-name", "")
    tracked = row.tags.get("acl_ct_translation") == "true"
    port = row.tags.get("in_out_port")
    return _STAGES.get(where, where), row.priority, row.match, row.actions, row.controller_meter, port, row.flow_desc, tracked


class Entry:
    """A flow: where it is wanted, and the row that is there. Most are wanted in one place, for which no dict is kept."""

    __slots__ = ("hint", "hints", "identity", "row", "signature", "where")

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.where: Somewhere | None = None
        """The one place where it is wanted, by one; None if there are none or several."""
        self.hint = ""
        """That one's hint."""
        self.hints: dict[Somewhere, tuple[str, ...]] | None = None
        """If there are several: where → the hints of those who want it there, seldom more than one."""
        self.signature = 0
        """The same for the same places, whatever the order: large sets are compared by it."""
        self.row: LogicalFlow | None = None

    def add(self, where: Somewhere, hint: str) -> None:
        """One more wants the flow there."""
        if self.hints is None:
            if self.where is None:
                self.where, self.hint, self.signature = where, hint, _bits(where)
                return
            self.hints, self.where = {self.where: (self.hint,)}, None
        others = self.hints.get(where)
        if others is None:
            self.signature ^= _bits(where)
            others = ()
        self.hints[where] = (*others, hint)

    def remove(self, where: Somewhere, hint: str) -> None:
        """One who wanted it there wants it no more."""
        if self.hints is None:
            assert self.where == where, "nobody wanted it there"
            self.where, self.signature = None, 0
            return
        left = list(self.hints[where])
        left.remove(hint)
        if left:
            self.hints[where] = tuple(left)
            return
        del self.hints[where]
        self.signature ^= _bits(where)
        if not self.hints:
            self.hints = None

    def places(self) -> Collection[Somewhere]:
        """Where the flow is wanted."""
        if self.hints is not None:
            return self.hints
        return () if self.where is None else (self.where,)

    def is_hinted(self, row: LogicalFlow) -> bool:
        """The row's hint is that of somebody who wants the flow."""
        hint = row.external_ids.get("stage-hint", "")
        if self.hints is None:
            return hint == self.hint[:8]
        return any(hint == wanted[:8] for wanted in self._wanted())

    def new_hint(self) -> str:
        """The hint for a new row: the same whoever came first."""
        return (self.hint if self.hints is None else min(self._wanted()))[:8]

    def _wanted(self) -> Iterable[str]:
        if self.hints is None:
            return (self.hint,)
        return (hint for several in self.hints.values() for hint in several)


class FlowTable:
    """Which flows are wanted on which datapaths, which rows are there, and where the two may differ."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._entries: dict[Identity, Entry] = {}
        self._spare: dict[str, None] = {}
        self._group_of: dict[tuple[str, ...], str] = {}
        """Datapaths (southbound uuids, sorted) → uuid of the group's row."""
        self._members_of: dict[str, tuple[str, ...]] = {}
        self._users: dict[str, dict[str, LogicalFlow]] = {}
        """The flows that are in a group, by uuid."""
        self._unsettled: dict[Entry, None] = {}
        self._inhabitants: dict[Place, dict[str, None]] = {}
        """Who is in a place."""
        self._said_of: dict[Place, dict[Entry, None]] = {}
        """The flows that are wanted in a place."""
        self._sent: dict[str, Entry] = {}
        """Flows for which a row was sent, by its uuid: when it comes, nothing has to be compared."""

    def move(self, difference: Difference[Member]) -> None:
        """Take who is in a place from now on, and who no longer: all flows there are to be compared."""
        for place, datapath_uuid in difference.lost:
            del self._inhabitants[place][datapath_uuid]
        for place, datapath_uuid in difference.gained:
            self._inhabitants.setdefault(place, {})[datapath_uuid] = None
        for place in {place: None for some in difference for place, _ in some}:
            self._unsettled.update(self._said_of.get(place, {}))
            if not self._inhabitants[place]:
                del self._inhabitants[place]

    def want(self, difference: Difference[Placed]) -> None:
        """Take the flows that are wanted from now on, and those no longer."""
        for where, flow in difference.lost:
            entry = self._unsettled_entry(identity_of(flow))
            entry.remove(where, flow.hint)
            if type(where) is Place and where not in entry.places():
                self._no_longer_said(where, entry)
        for where, flow in difference.gained:
            entry = self._unsettled_entry(identity_of(flow))
            entry.add(where, flow.hint)
            if type(where) is Place:
                self._said_of.setdefault(where, {})[entry] = None

    def _no_longer_said(self, place: Place, entry: Entry) -> None:
        said = self._said_of[place]
        del said[entry]
        if not said:
            del self._said_of[place]

    def _unsettled_entry(self, identity: Identity) -> Entry:
        entry = self._entries.get(identity)
        if entry is None:
            entry = self._entries[identity] = Entry(identity)
        self._unsettled[entry] = None
        return entry

    def saw(self, changes: Iterable[Change]) -> None:
        """Take what happened to flows and groups."""
        for change in changes:
            if change.table is LogicalDPGroup and not self._ledger.holder_of(change.uuid):
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
            users = self._users[old.logical_dp_group]
            del users[uuid]
            if not users:
                del self._users[old.logical_dp_group]
        if row is not None and row.logical_dp_group is not None:
            self._users.setdefault(row.logical_dp_group, {})[uuid] = row
        if old is not None:
            entry = self._unsettled_entry(identity_of_row(old))
            if entry.row is not None and entry.row.uuid == uuid:
                entry.row = None
        if row is not None:
            self._learn(uuid, row, self._sent.pop(uuid, None))

    def _learn(self, uuid: str, row: LogicalFlow, sent: Entry | None) -> None:
        """A row is there; `sent` is the flow that it was made for, if we have made it."""
        if sent is not None and sent.signature and sent.row is None:
            sent.row = row
            return
        entry = self._unsettled_entry(identity_of_row(row))
        if entry.row is None:
            entry.row = row
        else:
            self._spare[uuid] = None

    def unsettle_all(self) -> None:
        """Everything may differ: a transaction has failed."""
        self._unsettled.update(dict.fromkeys(self._entries.values()))
        self._sent.clear()

    def operations(self) -> Iterator[Operation]:
        """What makes the rows that are there those that are wanted."""
        unsettled, self._unsettled = self._unsettled, {}
        if not unsettled and not self._spare:
            return
        for uuid in self._spare:
            yield Delete(LogicalFlow, by_uuid(uuid))
        homes = Homes(self._ledger, self._group_of, self._members_of, self._inhabitants)
        new: list[Misplaced] = []
        misplaced: list[Misplaced] = []
        for entry in unsettled:
            home, row = homes.of(entry), entry.row
            if not home.datapaths:
                if row is not None:
                    yield Delete(LogicalFlow, by_uuid(row.uuid))
                elif not entry.signature:
                    self._entries.pop(entry.identity, None)
            elif row is None:
                new.append((entry, home))
            elif not self._fits(row, home, entry):
                misplaced.append((entry, home))
        grown = self._grown_groups(homes, misplaced)
        for group, home in grown:
            yield from corrections(LogicalDPGroup, group, {"datapaths": self._members_of[group]}, {"datapaths": home.datapaths})
        for entry, home in misplaced:
            row = entry.row
            if row is not None and ((row.logical_dp_group, home) not in grown or not entry.is_hinted(row)):
                yield from self._move(row, entry, homes, home)
        if new:
            yield from self._make(new, homes)

    def _fits(self, row: LogicalFlow, home: Home, entry: Entry) -> bool:
        group = row.logical_dp_group
        if group is None:
            at_home = home.datapaths == (row.logical_datapath,)
        else:
            at_home = row.logical_datapath is None and (group == home.group or self._members_of.get(group) == home.datapaths)
        return at_home and entry.is_hinted(row)

    def _grown_groups(self, homes: Homes, misplaced: list[Misplaced]) -> dict[tuple[str, Home], None]:
        """A group most of whose flows go to the same other datapaths changes itself: one row, not one a flow; the others leave it."""
        moves = Counter((entry.row.logical_dp_group, home) for entry, home in misplaced if entry.row is not None)
        grown: dict[tuple[str, Home], None] = {}
        for (group, home), flows in moves.items():
            may_grow = group in self._members_of and home.alone is None and home.group is None
            if group and may_grow and 2 * flows > len(self._users[group]):
                homes.outgrow(group, home)
                grown[group, home] = None
                if flows < len(self._users[group]):
                    misplaced += self._left_behind(homes, group, {entry for entry, _ in misplaced})
        return grown

    def _left_behind(self, homes: Homes, group: str, moving: Container[Entry]) -> Iterator[Misplaced]:
        """The flows that are still wanted where a group was."""
        for row in self._users[group].values():
            entry = self._entries.get(identity_of_row(row))
            if entry is not None and entry not in moving:
                yield entry, homes.of(entry)

    def _make(self, new: list[Misplaced], homes: Homes) -> Iterator[Operation]:
        """What makes the rows of flows that have none."""
        made = []
        for entry, home in new:
            if homes.must_make_group(home):
                yield Insert(LogicalDPGroup, {"datapaths": home.datapaths}, uuid=home.group)
            uuid = _uuid_of(entry.identity)
            self._sent[uuid] = entry
            made.append((uuid, homes.columns(home, entry)))
        yield InsertRows(LogicalFlow, made)

    def _move(self, row: LogicalFlow, entry: Entry, homes: Homes, home: Home) -> Iterator[Operation]:
        """What makes a row that of a flow on these datapaths."""
        if homes.must_make_group(home):
            yield Insert(LogicalDPGroup, {"datapaths": home.datapaths}, uuid=home.group)
        columns: dict[str, Any] = {"logical_datapath": home.alone, "logical_dp_group": home.group}
        if not entry.is_hinted(row):
            columns["external_ids"] = homes.external_ids(entry.identity[0].stage_name, entry.new_hint())
        differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if differing:
            yield Update(LogicalFlow, by_uuid(row.uuid), differing)


class Home:
    """Datapaths that flows belong on, as southbound uuids, sorted; of one set there is one object, for hundreds are slow to compare."""

    __slots__ = ("alone", "datapaths", "group")

    def __init__(self, datapaths: tuple[str, ...], group: str | None) -> None:
        self.datapaths = datapaths
        self.alone = datapaths[0] if len(datapaths) == 1 else None
        """The only one."""
        self.group = group
        """The group that several are, as soon as there is one."""


Misplaced = tuple[Entry, Home]
"""A flow whose row is missing or not what is wanted, and the datapaths it belongs on."""


class Homes:
    """While operations are made: sets of datapaths, worked out once a set, and the groups there will be."""

    def __init__(
        self, ledger: Ledger, groups: Mapping[tuple[str, ...], str], members_of: Mapping[str, tuple[str, ...]],
        inhabitants: Mapping[Place, Iterable[str]],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._groups = groups
        self._members_of = members_of
        self._inhabitants = inhabitants
        self._by_signature: dict[int, Home] = {}
        self._homes: dict[tuple[str, ...], Home] = {}
        self._made: set[str] = set()
        """The groups that are made now."""
        self._external_ids: dict[tuple[str, str], dict[str, str]] = {}
        self._tags: dict[tuple[str | None, bool], dict[str, str]] = {}

    def of(self, entry: Entry) -> Home:
        """Where a flow belongs."""
        found = self._by_signature.get(entry.signature)
        if found is None:
            everywhere = self._everywhere(entry.places())
            found = self._by_signature[entry.signature] = self._at(tuple(sorted(map(self._ledger.datapath, everywhere))))
        return found

    def _everywhere(self, wanted: Collection[Somewhere]) -> set[str]:
        """The datapaths where something is wanted, by the uuids of their switches and routers."""
        alone = {where for where in wanted if type(where) is str}
        return alone.union(*(self._inhabitants.get(where, ()) for where in wanted if type(where) is Place))

    def _at(self, datapaths: tuple[str, ...]) -> Home:
        found = self._homes.get(datapaths)
        if found is None:
            found = self._homes[datapaths] = Home(datapaths, self._groups.get(datapaths) if len(datapaths) > 1 else None)
        return found

    def outgrow(self, group: str, home: Home) -> None:
        """A group will have other members than it has."""
        before = self._at(self._members_of[group])
        if before.group == group:
            before.group = None
        home.group = group

    def must_make_group(self, home: Home) -> bool:
        """See that several datapaths have a group; whether that is one that has yet to be made."""
        if home.alone is not None or home.group is not None:
            return False
        group = made_uuid("Logical_DP_Group", home.datapaths)
        while group in self._members_of or group in self._made:
            # The group that these datapaths once had has grown since.
            group = made_uuid("Logical_DP_Group", group)
        home.group = group
        self._made.add(group)
        return True

    def columns(self, home: Home, entry: Entry) -> tuple[Any, ...]:
        """What a new row holds."""
        stage, priority, match, actions, meter, port, desc, tracked = entry.identity
        pipeline, number, name = _STAGE_COLUMNS[stage]
        tags = self.tags(port, tracked) if port or tracked else NO_TAGS
        ids = self.external_ids(name, entry.new_hint())
        return home.alone, home.group, pipeline, number, priority, match, actions, tags, meter, ids, desc

    def external_ids(self, stage: str, hint: str) -> dict[str, str]:
        """What a new row says of its origin: one object for all rows that say the same."""
        found = self._external_ids.get((stage, hint))
        if found is None:
            found = {"source": SOURCE, "stage-hint": hint, "stage-name": stage} if hint else {"source": SOURCE, "stage-name": stage}
            self._external_ids[stage, hint] = found
        return found

    def tags(self, port: str | None, tracked: bool) -> dict[str, str]:
        """What a new row tells chassis beside the flow; one object as well."""
        found = self._tags.get((port, tracked))
        if found is None:
            found = ({"acl_ct_translation": "true"} if tracked else {}) | ({"in_out_port": port} if port else {})
            self._tags[port, tracked] = found
        return found


def _uuid_of(identity: Identity) -> str:
    stage, priority, match, actions, meter, port, desc, tracked = identity
    return uuid_of_text(f"Logical_Flow {stage.stage_name} {priority} {match} {actions} {meter} {port} {desc} {tracked}")


@cache
def _bits(where: Somewhere) -> int:
    return int.from_bytes(hashlib.blake2b(str(where).encode(), digest_size=16).digest())
