"""From wanted rows and rows that are there to the operations that make the one the other; rows that fit are kept, whoever made them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from pyovn.northd.southbound.corrections import corrections
from pyovn.northd.southbound.port_kinds import changes_hands, port_kind
from pyovn.northd.southbound.wanted import Key, Wanted
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.operation import Delete, Insert, Operation, by_uuid
from pyovn.ovsdb.row import Table, values_of
from pyovn.query import Difference
from pyovn.schemas import sb

KeyOf = Callable[["Ledger", Any], Hashable]

KEY_OF: dict[type[Table], KeyOf] = {
    sb.DatapathBinding: lambda ledger, row: row.nb_uuid or next(iter(row.external_ids.values()), None),
    sb.PortBinding: lambda ledger, row: row.logical_port,
    sb.MulticastGroup: lambda ledger, row: (ledger.key_of(row.datapath), row.name),
    sb.IPMulticast: lambda ledger, row: ledger.key_of(row.datapath),
    sb.AddressSet: lambda ledger, row: row.name,
    sb.PortGroup: lambda ledger, row: row.name,
    sb.DHCPOptions: lambda ledger, row: row.name,
    sb.DHCPv6Options: lambda ledger, row: row.name,
    sb.RBACPermission: lambda ledger, row: row.table,
    sb.HAChassisGroup: lambda ledger, row: row.name,
    sb.HAChassis: lambda ledger, row: (ledger.holder_of(row.uuid), row.external_ids.get("chassis-name", ""), row.priority),
    sb.RBACRole: lambda ledger, row: row.name,
    sb.Meter: lambda ledger, row: row.name,
    sb.MeterBand: lambda ledger, row: (ledger.holder_of(row.uuid), row.rate, row.burst_size, row.action),
    sb.LoadBalancer: lambda ledger, row: row.uuid,
    sb.ACLID: lambda ledger, row: row.uuid,
    sb.Mirror: lambda ledger, row: row.uuid,
    sb.DNS: lambda ledger, row: row.uuid,
    sb.ChassisTemplateVar: lambda ledger, row: row.uuid,
    sb.BFD: lambda ledger, row: (row.logical_port, row.dst_ip),
    sb.StaticMACBinding: lambda ledger, row: row.uuid,
    sb.ECMPNexthop: lambda ledger, row: (ledger.key_of(row.port), row.nexthop),
    sb.AdvertisedRoute: lambda ledger, row: (
        ledger.key_of(row.datapath), ledger.key_of(row.logical_port), row.ip_prefix,
        ledger.key_of(row.tracked_port) if row.tracked_port else "",
    ),
    sb.AdvertisedMACBinding: lambda ledger, row: (ledger.key_of(row.logical_port), row.ip, row.mac),
    sb.ServiceMonitor: lambda ledger, row: (row.logical_port, row.ip, row.port, row.protocol),
    sb.LogicalDPGroup: lambda ledger, row: (ledger.holder_of(row.uuid), tuple(sorted(map(str, map(ledger.key_of, row.datapaths))))),
    sb.SBGlobal: lambda ledger, row: "",
}
"""The tables whose rows are all the compiler's, in an order in which keys can be told, with their natural keys."""

SAME_UUID = {sb.LoadBalancer, sb.ACLID, sb.DNS, sb.ChassisTemplateVar, sb.StaticMACBinding, sb.Mirror}
"""Tables whose rows have the uuid of the northbound row, which is their key."""

SHARED = {sb.RBACRole, sb.RBACPermission}
"""Tables in which operators have rows of their own, which stay."""

AT_PORTS = (sb.ECMPNexthop, sb.AdvertisedRoute, sb.AdvertisedMACBinding)
"""Tables whose rows keep the binding that they refer to."""

ORDER = {table: number for number, table in enumerate(KEY_OF)}


class Ledger:
    """What is wanted, what is there, and where the two may differ."""

    def __init__(self) -> None:
        self._wanted: dict[Key, Wanted] = {}
        self._rivals: dict[Key, frozenset[Wanted]] = {}
        """Where northbound rows contradict each other: every row that is wanted under a key."""
        self._there: dict[Key, Table] = {}
        self._keys: dict[str, Key] = {}
        """Which key a row stands for, by uuid."""
        self._holders: dict[str, str] = {}
        """Which row holds a row without a key of its own, by the uuid of the one that is held."""
        self._spare: dict[str, Table] = {}
        """Rows with the key of another row, by uuid."""
        self._datapaths: dict[Hashable, str] = {}
        """The uuids of datapaths that are there, by those of their switches and routers."""
        self._stands_for: dict[str, Key] = {}
        """Which key a group of datapaths stands for whatever is in it, by uuid; one that nobody wants yet goes by its members."""
        self._unsettled: dict[Key, None] = {}
        self._sent: dict[str, tuple[Wanted, dict[str, Any]]] = {}
        """What was wanted of a row that was sent, and the columns that were, by its uuid: little has to be compared when it comes."""
        self._made: dict[Key, str] = {}
        """The uuids of rows that are not there yet, until something happens."""

    def key_of(self, uuid: str) -> Hashable:
        """The natural key of the row with this uuid; the uuid itself if it is no row of ours."""
        key = self._keys.get(uuid)
        return key.key if key else uuid

    def holder_of(self, uuid: str) -> str:
        """The name of the group that has a member: members have no key of their own."""
        return self._holders.get(uuid, "")

    def uuid_of(self, key: Key) -> str:
        """The uuid of the row that stands, or will stand, for a key."""
        row = self._there.get(key)
        if row is not None:
            return row.uuid
        if key.table in SAME_UUID:
            return str(key.key)
        uuid = self._made.get(key)
        if uuid is None:
            uuid = self._made[key] = made_uuid(key.table.__table__, key.key)
        # A group of datapaths may go by another key than the one that its uuid was made from.
        return uuid if self._keys.get(uuid, key) == key else made_uuid(key.table.__table__, (uuid, key.key))

    def datapath(self, switch_or_router: str) -> str:
        """The uuid of the datapath of a switch or router; asked for by the hundred."""
        return self._datapaths.get(switch_or_router) or self.uuid_of(Key(sb.DatapathBinding, switch_or_router))

    def there(self, table: type[Table], key: Hashable) -> Any:
        """The row that is there for a key, or None."""
        return self._there.get(Key(table, key))

    def want(self, difference: Difference[Wanted]) -> None:
        """Take what is wanted from now on, and what no longer."""
        for row in difference.lost:
            key = Key(row.table, row.key)
            self._unsettled[key] = None
            if key in self._rivals:
                self._choose(key, self._rivals[key] - {row})
            else:
                del self._wanted[key]
        for row in difference.gained:
            key = Key(row.table, row.key)
            self._unsettled[key] = None
            if key in self._wanted:
                self._choose(key, self._rivals.get(key, frozenset((self._wanted[key],))) | {row})
            else:
                self._wanted[key] = row
            if row.table is sb.LogicalDPGroup and key not in self._there:
                self._adopt(key, row)

    def _adopt(self, key: Key, group: Wanted) -> None:
        """A group that is there with these members, made by another compiler, is the one that is wanted."""
        column, *_ = cast("tuple[str, ...]", group.key)
        datapaths = cast("dict[str, tuple[Key, ...]]", group.columns)["datapaths"]
        alike = Key(sb.LogicalDPGroup, (column, tuple(member.key for member in datapaths)))
        row = self._there.pop(alike, None)
        if row is not None:
            self._stands_for[row.uuid] = self._keys[row.uuid] = key
            self._there[key] = row

    def _choose(self, key: Key, rivals: frozenset[Wanted]) -> None:
        """Of rows that are wanted under one key the same one is taken, whichever was asked for first."""
        self._wanted[key] = min(rivals, key=repr)
        self._rivals[key] = rivals
        if len(rivals) == 1:
            del self._rivals[key]

    def saw(self, changes: Iterable[Change]) -> None:
        """Take what happened to rows of these tables."""
        self._made.clear()
        mine = [change for change in changes if change.table in ORDER]
        for change in sorted(mine, key=lambda change: ORDER[change.table]):
            if change.old is not None and not self._is_same(change):
                self._forget(change.uuid)
            if change.new is not None:
                self._learn(change.new)

    def _is_same(self, change: Change) -> bool:
        """The row stands for what it stood for before."""
        return change.new is not None and change.uuid in self._keys and self._keys[change.uuid] == self._key_of(change.new)

    def _key_of(self, row: Table) -> Key:
        return self._stands_for.get(row.uuid) or Key(type(row), KEY_OF[type(row)](self, row))

    def _learn(self, row: Table) -> None:
        if isinstance(row, sb.LogicalDPGroup) and not self.holder_of(row.uuid):
            return
        key = self._key_of(row)
        before = self._there.get(key)
        if before is not None and before.uuid != row.uuid:
            self._spare[row.uuid] = row
            return
        sent = self._sent.pop(row.uuid, None)
        if sent is None and row.uuid != self.uuid_of(key):
            self.unsettle_all()
        self._holders.update(_members(row))
        self._there[key] = row
        self._keys[row.uuid] = key
        if sent is None or self._wanted.get(key) is not sent[0] or any(getattr(row, name) != value for name, value in sent[1].items()):
            self._unsettled[key] = None
        if isinstance(row, sb.DatapathBinding):
            self._datapaths[key.key] = row.uuid

    def _forget(self, uuid: str) -> None:
        self._spare.pop(uuid, None)
        self._stands_for.pop(uuid, None)
        key = self._keys.pop(uuid, None)
        if key is None:
            return
        del self._there[key]
        self._unsettled[key] = None
        if key.table is sb.DatapathBinding:
            del self._datapaths[key.key]
        if uuid != self.uuid_of(key):
            self.unsettle_all()

    def unsettle_all(self) -> None:
        """Everything may differ: a key has got another uuid, or a transaction has failed."""
        self._unsettled.update(dict.fromkeys((*self._wanted, *self._there)))
        self._sent.clear()

    def operations(self) -> Iterator[Operation]:
        """What makes the rows that are there those that are wanted; asked again, nothing, until something happens."""
        unsettled, self._unsettled = self._unsettled, {}
        yield from self._spare_rows()
        leaving = self._leaving(unsettled)
        if leaving:
            # Chassis that had the port give it up; its rows are made in the next round, which looks at what refers to them again.
            self._unsettled |= unsettled | leaving
        for key in unsettled | leaving:
            want, have = self._wanted.get(key), self._there.get(key)
            if key in leaving:
                if have is not None:
                    yield Delete(key.table, by_uuid(have.uuid))
            elif want is None and have is not None and not is_others(have):
                yield Delete(key.table, by_uuid(have.uuid))
            elif want is not None and have is None:
                columns, uuid = dict(want.initial) | self._plain(key.table, want.names, want.values), self.uuid_of(key)
                self._sent[uuid] = want, columns
                if key.table is sb.LogicalDPGroup:
                    self._stands_for[uuid] = key
                yield Insert(key.table, columns, uuid=uuid)
            elif want is not None and have is not None:
                columns = self._plain(key.table, want.names, want.values)
                differing = {name: value for name, value in columns.items() if getattr(have, name) != value}
                yield from corrections(key.table, have.uuid, {name: getattr(have, name) for name in differing}, differing)

    def _spare_rows(self) -> Iterator[Operation]:
        for row in self._spare.values():
            if type(row) in SHARED and Key(sb.RBACRole, getattr(row, "name", "")) not in self._wanted:
                continue
            yield Delete(type(row), by_uuid(row.uuid))

    def _leaving(self, unsettled: Iterable[Key]) -> dict[Key, None]:
        """Bindings that give way to those of other ports by the same name, and the rows that would keep them."""
        bindings = {key: have for key in unsettled if key.table is sb.PortBinding and (have := self._replaced(key))}
        if not bindings:
            return {}
        uuids = {row.uuid for row in bindings.values()}
        at_ports = (key for key in {**self._wanted, **self._there} if key.table in AT_PORTS)
        return dict.fromkeys((*bindings, *(key for key in at_ports if not uuids.isdisjoint(self._references(key)))))

    def _replaced(self, key: Key) -> Table | None:
        want, have = self._wanted.get(key), self._there.get(key)
        if want is None or not isinstance(have, sb.PortBinding):
            return None
        columns = want.columns
        telling = [name for name in TELLING if name in columns]
        told = self._plain(key.table, telling, [columns[name] for name in telling])
        return have if is_another(have, told) else None

    def _references(self, key: Key) -> Iterator[str]:
        """The bindings that a row refers to, or will refer to, by uuid."""
        want, have = self._wanted.get(key), self._there.get(key)
        yield from (self.uuid_of(value) for value in (want.values if want else ()) if isinstance(value, Key))
        yield from (value for value in (values_of(have).values() if have else ()) if isinstance(value, str))

    def _plain(self, table: type[Table], names: Iterable[str], values: Iterable[Hashable]) -> dict[str, Any]:
        maps = _maps_of(table)
        return {name: value if type(value) in ATOMS else self._thawed(value, name in maps) for name, value in zip(names, values)}

    def _thawed(self, value: Any, is_map: bool) -> Any:
        if isinstance(value, Key):
            return self.uuid_of(value)
        if is_map:
            return {name: item if type(item) in ATOMS else self._thawed(item, False) for name, item in value}
        if isinstance(value, tuple):
            are_references = bool(value) and isinstance(value[0], Key)
            return tuple(sorted(set(map(self.uuid_of, value) if are_references else value)))
        return value


ATOMS = {str, int, float, bool, type(None)}


@cache
def _maps_of(table: type[Table]) -> frozenset[str]:
    """The columns of a table that are maps."""
    return frozenset(name for name, column in table_schema(table).columns.items() if column.type.is_map)


TELLING = ("datapath", "type", "parent_port")
"""The columns that tell whose a binding is."""


def is_others(row: Table) -> bool:
    """Whether a row stays though nobody here wants it: it is an operator's, or monitors what another zone asked for."""
    return type(row) in SHARED or (isinstance(row, sb.ServiceMonitor) and row.ic_learned)


def is_another(row: sb.PortBinding, columns: Mapping[str, Any]) -> bool:
    """Whether a binding stands for another port by the same name: on another datapath, or of a kind that chassis claim otherwise."""
    if row.datapath != columns.get("datapath", row.datapath):
        return True
    before, after = port_kind(row.type, row.parent_port), port_kind(columns["type"], columns.get("parent_port"))
    return changes_hands(before, after)


def _members(row: Table) -> dict[str, str]:
    """The rows that a row holds and that have no key of their own, with what says whose they are."""
    if isinstance(row, sb.HAChassisGroup):
        return dict.fromkeys(row.ha_chassis, row.name)
    if isinstance(row, sb.Meter):
        return dict.fromkeys(row.bands, row.name)
    if isinstance(row, sb.LoadBalancer):
        columns = ("datapath_group", "ls_datapath_group", "lr_datapath_group")
        return {group: column for column in columns if (group := getattr(row, column))}
    return {}


def made_uuid(table: str, key: Hashable) -> str:
    """The uuid (RFC 9562, version 4 in form) of a row that the compiler makes: the same for the same key, so that two compilers agree."""
    return uuid_of_text(f"{table} {key}")


def uuid_of_text(text: str) -> str:
    """A uuid that is as good as the text for telling rows apart."""
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:]}"
