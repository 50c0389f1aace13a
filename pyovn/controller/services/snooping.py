"""Multicast snooping (RFC 4541): who listens to which group behind which port of this chassis, told to the southbound.

Reports go on to the ports of routers, queries to the whole switch; a switch that is to ask by itself sends queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from pyovn.controller.addresses import ip_number, mac_number
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.host import chassis_name
from pyovn.controller.local_datapaths import datapath_key, is_local
from pyovn.controller.rule import put, resubmit
from pyovn.controller.services.learning import port_by_key
from pyovn.controller.services.membership import Member, Query, query4, query6, read
from pyovn.controller.services.request import INPORT, METADATA, Request, leave
from pyovn.controller.tables import FLAGS, LogicalFlag, OFTable
from pyovn.machine import NEVER
from pyovn.openflow.message import PacketOut
from pyovn.openflow.ports import CONTROLLER
from pyovn.ovsdb.operation import Delete, Insert, Operation, Update, by_uuid
from pyovn.query import Engine, each
from pyovn.schemas import sb

FLOOD, ROUTERS, FLOOD_L2 = 32768, 32770, 32772
"""Tunnel keys of the groups of ports that every switch has: all, those of multicast routers, all but routers."""
ROUTER_IDLE_S = 180.0
"""A port without a query for so long has no multicast router behind it any more."""
ROUTERS_ADDRESS = "mrouters"
"""The address of the row that lists the ports of routers."""


class Snooped(NamedTuple):
    """A switch that listens, and how."""

    row: str
    datapath: str
    key: int
    limit: int
    idle_s: float
    sequence: int


class Asking(NamedTuple):
    """A switch that asks, as whom and how often."""

    key: int
    mac: int
    src4: int | None
    src6: int | None
    interval_s: float
    response_s: int


def _local(db: Engine, ref: str) -> tuple[sb.IPMulticast, int] | None:
    row = db.get(sb.IPMulticast, ref)
    if row is None or not row.enabled or not is_local(db, row.datapath):
        return None
    key = datapath_key(db, row.datapath)
    return None if key is None else (row, key)


def _snooped(db: Engine, ref: str) -> Iterator[Snooped]:
    found = _local(db, ref)
    if found is not None:
        row, key = found
        yield Snooped(ref, row.datapath, key, row.table_size or 2048, float(row.idle_timeout or 300), row.seq_no)


def _asking(db: Engine, ref: str) -> Iterator[Asking]:
    found = _local(db, ref)
    if found is None or not found[0].querier:
        return
    row, key = found
    mac, src4, src6 = mac_number(row.eth_src), ip_number(row.ip4_src), ip_number(row.ip6_src)
    if mac is not None:
        interval = row.query_interval or max(1, (row.idle_timeout or 300) // 2)
        four, six = src4[1] if src4 and src4[0] == 4 else None, src6[1] if src6 and src6[0] == 6 else None
        yield Asking(key, mac, four, six, float(interval), row.query_max_resp or 1)


SNOOPED = each((sb.IPMulticast, _snooped))
ASKING = each((sb.IPMulticast, _asking))


@dataclass(slots=True)
class Group:
    """The ports that listen, each until when unless it says so again."""

    protocol: str = ""
    ports: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """What a switch has heard, the group heard last at the end; the routers' ports are a group by their own name."""

    of: Snooped
    groups: dict[str, Group] = field(default_factory=dict)
    routers: Group = field(default_factory=Group)


@dataclass(slots=True, eq=False)
class Snooper:
    """The machine that listens for all switches of this chassis."""

    db: Engine
    tables: dict[int, Table] = field(default_factory=dict)
    """By the switch's key."""
    asking: dict[Asking, float] = field(default_factory=dict)
    """When each is next asked."""
    changed: bool = True
    _forwarded: list[PacketOut] = field(default_factory=list)

    def hear(self, request: Request, now: float) -> bool:
        """Take a packet of IGMP or MLD; False if it says nothing, or nobody listens on its switch."""
        table, said = self.tables.get(request.read(METADATA)), read(request.frame)
        if table is None or said is None:
            return False
        port = request.read(INPORT)
        if isinstance(said, Query):
            self.changed |= port not in table.routers.ports
            table.routers.ports[port] = now + ROUTER_IDLE_S
            self._forward(request, FLOOD_L2)
            return True
        for member in said:
            self._note(table, port, member, now)
        self._forward(request, ROUTERS)
        return True

    def _note(self, table: Table, port: int, member: Member, now: float) -> None:
        name = str(IPv4Address(member.group) if member.version == 4 else IPv6Address(member.group))
        group = table.groups.pop(name, None)
        if group is None:
            if not member.joins or len(table.groups) >= table.of.limit:
                return
            group = Group()
        table.groups[name] = group
        self.changed |= (port in group.ports) is not member.joins or group.protocol != member.protocol
        if member.joins:
            group.protocol = member.protocol
            group.ports[port] = now + table.of.idle_s
        else:
            group.ports.pop(port, None)

    def _forward(self, request: Request, group: int) -> None:
        flag = int(LogicalFlag.SNOOPED)
        place = (put("metadata", request.read(METADATA)), put("reg14", request.read(INPORT)), put("reg15", group))
        actions = (*place, put(FLAGS, flag, flag), resubmit(OFTable.OUTPUT_LARGE_PACKET_DETECT))
        self._forwarded.append(PacketOut(request.frame, actions, CONTROLLER))

    def tick(self, now: float) -> Iterator[PacketOut]:
        """What goes on to others, and the queries that are due; who was silent for too long is forgotten."""
        self._follow(now)
        yield from self._forwarded
        self._forwarded.clear()
        for table in self.tables.values():
            for group in (*table.groups.values(), table.routers):
                for port in [port for port, until in group.ports.items() if until <= now]:
                    del group.ports[port]
                    self.changed = True
        for of, at in self.asking.items():
            if at <= now:
                self.asking[of] = now + of.interval_s
                yield from _queries(of)

    def _follow(self, now: float) -> None:
        gained, lost = self.db.take(SNOOPED)
        kept = {of.key: of for of in gained}
        for gone in lost:
            old = self.tables.get(gone.key)
            if old is not None and old.of == gone and (gone.key not in kept or kept[gone.key].sequence != gone.sequence):
                del self.tables[gone.key]
        for of in gained:
            self.tables.setdefault(of.key, Table(of)).of = of
        self.changed |= bool(gained or lost)
        asked, silent = self.db.take(ASKING)
        for quiet in silent:
            self.asking.pop(quiet, None)
        self.asking.update(dict.fromkeys(asked, now))

    def due(self) -> float:
        """When somebody may be forgotten, or is asked."""
        if self._forwarded:
            return 0.0
        groups = (group for table in self.tables.values() for group in (*table.groups.values(), table.routers))
        return min((*(until for group in groups for until in group.ports.values()), *self.asking.values()), default=NEVER)

    def operations(self) -> Iterator[Operation]:
        """The rows that say it, made, changed and deleted."""
        ours = chassis_ref(self.db)
        if not self.changed or ours is None:
            return
        self.changed = False
        wanted = dict(self._wanted())
        for ref in self.db.find(sb.IGMPGroup, "chassis", ours):
            row = self.db.get(sb.IGMPGroup, ref)
            columns = wanted.pop((row.datapath or "", row.address), None) if row is not None else None
            if row is not None and columns is None:
                yield Delete(sb.IGMPGroup, by_uuid(ref))
            elif row is not None and columns is not None and any(getattr(row, name) != value for name, value in columns.items()):
                yield Update(sb.IGMPGroup, by_uuid(ref), columns)
        for (datapath, address), columns in wanted.items():
            place = {"datapath": datapath, "address": address, "chassis": ours, "chassis_name": chassis_name(self.db) or ""}
            yield Insert(sb.IGMPGroup, {**place, **columns})

    def _wanted(self) -> Iterator[tuple[tuple[str, str], dict[str, object]]]:
        for table in self.tables.values():
            for name, group in [*table.groups.items(), (ROUTERS_ADDRESS, table.routers)]:
                found = (port_by_key(self.db, table.of.key, port) for port in group.ports)
                ports = tuple(sorted(port.uuid for port in found if port is not None))
                if ports or name == ROUTERS_ADDRESS:
                    yield (table.of.datapath, name), {"ports": ports, "protocol": group.protocol}


def _queries(of: Asking) -> Iterator[PacketOut]:
    mac = of.mac.to_bytes(6, "big")
    if of.src4 is not None:
        yield leave(query4(mac, of.src4, of.response_s), of.key, FLOOD)
    if of.src6 is not None:
        yield leave(query6(mac, of.src6, of.response_s), of.key, FLOOD)
