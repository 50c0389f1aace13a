"""The compiler as a machine: northbound rows in, southbound rows out, on any two stores.

What it knows is what the databases hold; one that starts in the place of another finds its rows wanted and writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pyovn.machine import NEVER
from pyovn.northd import ipam
from pyovn.northd.allotted import (
    AclNumber,
    ContainerTag,
    DatapathKey,
    DynamicAddresses,
    GroupKey,
    LeftOut,
    PortKey,
    Queue,
    RouteTable,
    RoutingNumber,
    SessionPort,
)
from pyovn.northd.contents import COLLECTIONS, MEMBERS
from pyovn.northd.diagnosis import PROBLEMS
from pyovn.northd.flow import Problem
from pyovn.northd.keys import Keys
from pyovn.northd.router import route_tables, routing_numbers
from pyovn.northd.router.route_tables import MAX_TABLE, ROUTE_TABLES
from pyovn.northd.router.routing_numbers import MAX_NUMBER, ROUTING_NUMBERS
from pyovn.northd.southbound.acl_ids import ACL_IDS, MAX_ID
from pyovn.northd.southbound.ageing import DEADLINES, Deadlines
from pyovn.northd.southbound.datapaths import DATAPATH_KEYS, KeyRequest
from pyovn.northd.southbound.flow_table import FlowTable
from pyovn.northd.southbound.global_rows import max_port_key, max_tunnel_id
from pyovn.northd.southbound.leftovers import LEFTOVERS
from pyovn.northd.southbound.multicast import BELOW_GROUPS, GROUP_KEYS, MAX_GROUPS
from pyovn.northd.southbound.port_kinds import changes_hands, port_kind
from pyovn.northd.southbound.ports import CHOSEN_TAGS, MAX_QUEUE, PORT_KEYS, QUEUES, TAGS, container_tag
from pyovn.northd.southbound.reconcile import Ledger
from pyovn.northd.southbound.rows import ROWS
from pyovn.northd.southbound.sessions import FIRST_PORT, LAST_PORT, SESSION_PORTS, session_of
from pyovn.northd.writebacks import WRITE_BACKS, WriteBack, reached_ms
from pyovn.ovsdb.bulk import BULK, collector_at_rest
from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.operation import Delete, Insert, Operation, Update, by_uuid
from pyovn.ovsdb.store import Pending, Store
from pyovn.query import Each, Engine
from pyovn.schemas import nb, sb

log = logging.getLogger("northd")

LOCK = "ovn_northd"
"""Who holds it in the southbound database is the active compiler."""

MAX_TAG = 4095

_Numbered = DatapathKey | PortKey | ContainerTag | AclNumber | Queue | SessionPort | GroupKey | RouteTable | RoutingNumber

READ_BY_QUERIES = {
    sb.Chassis, sb.ChassisPrivate, sb.Encap, sb.SBGlobal, sb.PortBinding, sb.MACBinding, sb.FDB, sb.DatapathBinding, sb.ServiceMonitor,
    sb.BFD, sb.IGMPGroup, sb.LearnedRoute,
}  # fmt: skip
"""The southbound tables that queries read; the others are only compared with what is wanted."""

RETRY_S = 1.0
"""How long after a refused transaction the next is tried."""

MAX_ROUNDS = 8
"""How often a tick starts over because its own writing has changed something; two or three are usual."""


class Northd:
    """Compiles `nb` into `sb`; `epoch_s` is the wall clock's time at `now` 0, for the time stamps in NB_Global."""

    def __init__(self, nb_store: Store, sb_store: Store, epoch_s: float = 0.0) -> None:
        self.nb = nb_store
        self.sb = sb_store
        self.epoch_s = epoch_s
        self.paused = False
        self.transactions = 0
        """How many were sent."""
        self.rounds = 0
        """How often there was something to compile."""
        self.db = Engine()
        self.ledger = Ledger()
        self.flows = FlowTable(self.ledger)
        self.datapath_keys = Keys(self._known_datapath_key, "datapath tunnel ids", lowest=True)
        self.port_keys = Keys(self._known_port_key, "port tunnel ids")
        self.tags = Keys(self._known_tag, lowest=True, reserved=lambda parent: CHOSEN_TAGS(self.db, parent))
        self.queues = Keys(self._known_queue, lowest=True)
        self.group_keys = Keys(self._known_group_key, lowest=True)
        self.acl_ids = Keys(self._known_acl_id, lowest=True)
        self.session_ports = Keys(self._known_session_port, lowest=True, patient=True)
        self.route_tables = Keys(self._known_route_table, "route tables", lowest=True)
        self._tables_in_use: Mapping[str, int] | None = None
        """The numbers of route tables that another compiler has left, once they are asked for."""
        self.routing_numbers = Keys(self._known_routing_number, "numbers of groups and chains", lowest=True)
        self._numbers_in_use: Mapping[str, int] | None = None
        """The same of groups of next hops and chains of policies."""
        self.dynamic = ipam.Allotter()
        self._fed: dict[tuple[type[Any], str], Any] = {}
        """Rows of what was allotted, as the engine has them."""
        self.deadlines = Deadlines()
        self._pending: list[Pending] = []
        self._retry_at = NEVER
        self._news = True
        """Something has happened since the last time everything was compared."""
        self._anew = True
        """Nothing is taken for granted in the next round."""
        self.on_round: Callable[[bool], None] | None = None
        """Told of every round, and whether nothing was taken for granted in it: for statistics."""

    # The four verbs

    def receive(self, port: Any, data: Any, now: float) -> None:
        """Nothing is received: the stores change by themselves."""

    def due(self) -> float:
        """Without a change only a transaction that failed is tried again, and what is too old goes."""
        expiry_ms = self.deadlines.due_ms() if not self.paused and self.is_active else None
        return min(self._retry_at, NEVER if expiry_ms is None else expiry_ms / 1000 - self.epoch_s)

    def take(self) -> list[Any]:
        """No effects: transactions go through the stores."""
        return []

    def tick(self, now: float) -> None:
        """Take what changed and write what differs; harmless when nothing does."""
        heard = self._hear()
        self._news = heard > 0 or self._news or now >= self.due()
        if not self._news or self.paused or not self.is_active or not self._is_settled(now):
            return
        self._news = False
        with collector_at_rest(heard >= BULK):
            self._follow(now)
        self.rounds += 1
        if self.on_round is not None:
            self.on_round(self._anew)
        self._anew = False

    def _follow(self, now: float) -> None:
        """Compile and write until nothing differs, or a transaction takes its time."""
        for _ in range(MAX_ROUNDS):
            self.compile()
            if not self._write(now):
                return
            self._news = self._hear() > 0 or self._news
            if not self._is_settled(now):
                return

    @property
    def is_active(self) -> bool:
        """Both databases are known and the lock is held."""
        return self.nb.synced and self.sb.synced and self.sb.has_lock

    @property
    def problems(self) -> list[Problem]:
        """What northbound rows ask for that cannot be had."""
        told = self.db.items(PROBLEMS)
        numbered = (self.datapath_keys, self.port_keys, self.tags, self.acl_ids, self.session_ports)
        return sorted([*told, *(problem for keys in numbered for problem in keys.problems.values()), *self.dynamic.problems.values()])

    # Hearing

    def _hear(self) -> int:
        """Take what happened in both databases; to how many rows."""
        northbound = self.nb.take_changes() if self.nb.synced else []
        southbound = self.sb.take_changes() if self.sb.synced else []
        self.db.feed(northbound)
        self.ledger.saw(southbound)
        self.flows.saw(southbound)
        self.db.feed(change for change in southbound if change.table in READ_BY_QUERIES)
        return len(northbound) + len(southbound)

    def _is_settled(self, now: float) -> bool:
        """No transaction is under way, and none has just failed."""
        if not all(pending.done for pending in self._pending):
            self._news = True
            return False
        failed = [pending.error for pending in self._pending if pending.error is not None]
        self._pending = []
        if failed:
            log.warning("transaction failed, to be tried again in %g s: %s", RETRY_S, "; ".join(map(str, failed)))
            self.compare_everything()
            self._retry_at = now + RETRY_S
        return now >= self._retry_at or self._retry_at == NEVER

    def compare_everything(self) -> None:
        """Take nothing for granted: the next tick compares every row that is wanted with what is there."""
        self.ledger.unsettle_all()
        self.flows.unsettle_all()
        self._news = self._anew = True

    # Compiling

    def compile(self) -> None:
        """Bring what is wanted up to date with the rows heard of."""
        self._allot_keys(DATAPATH_KEYS, self.datapath_keys, DatapathKey, max_tunnel_id(self.db))
        self._allot_keys(PORT_KEYS, self.port_keys, PortKey, max_port_key(self.db))
        self._allot_keys(TAGS, self.tags, ContainerTag, MAX_TAG)
        self._allot_keys(QUEUES, self.queues, Queue, MAX_QUEUE)
        self._allot_keys(GROUP_KEYS, self.group_keys, GroupKey, MAX_GROUPS)
        self._allot_keys(ACL_IDS, self.acl_ids, AclNumber, MAX_ID)
        self._allot_keys(SESSION_PORTS, self.session_ports, SessionPort, LAST_PORT - FIRST_PORT)
        self._allot_keys(ROUTE_TABLES, self.route_tables, RouteTable, MAX_TABLE)
        self._allot_keys(ROUTING_NUMBERS, self.routing_numbers, RoutingNumber, MAX_NUMBER)
        self._allot_addresses()
        self.ledger.want(self.db.take(ROWS))
        self.flows.move(self.db.take(MEMBERS))
        for collection in COLLECTIONS:
            self.flows.want(self.db.take(collection))
        self.deadlines.want(self.db.take(DEADLINES))

    def _allot_keys(self, requests: Each[KeyRequest], keys: Keys, row: type[_Numbered], highest: int) -> None:
        gained, lost = self.db.take(requests)
        for request in keys.release(lost):
            self._unallotted(row, request.owner)
            self._unallotted(LeftOut, request.owner)
        for request, key in keys.allot(gained, highest):
            if key is None:
                self._unallotted(row, request.owner)
                self._allotted(LeftOut(request.owner))
            else:
                self._unallotted(LeftOut, request.owner)
                self._allotted(row(request.owner, key))

    def _known_datapath_key(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.DatapathBinding, request.owner)
        return row.tunnel_key if row else None

    def _known_port_key(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.PortBinding, request.owner)
        if row is None or self.ledger.key_of(row.datapath) != request.scope:
            return None
        return None if changes_hands(port_kind(row.type, row.parent_port), request.kind) else row.tunnel_key

    def _known_acl_id(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.ACLID, request.owner)
        return row.id if row else None

    def _known_queue(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.PortBinding, request.owner)
        number = row.options.get("qdisc_queue_id", "") if row else ""
        return int(number) if number.isdecimal() else None

    def _known_route_table(self, request: KeyRequest) -> int | None:
        if self._tables_in_use is None:
            self._tables_in_use = route_tables.numbers_in_use(self.db, self._left_flows())
        return self._tables_in_use.get(request.owner)

    def _known_routing_number(self, request: KeyRequest) -> int | None:
        if self._numbers_in_use is None:
            self._numbers_in_use = routing_numbers.numbers_in_use(self.db, self._left_flows())
        return self._numbers_in_use.get(request.owner)

    def _left_flows(self) -> Iterable[sb.LogicalFlow]:
        """The flows of another compiler: as soon as there are own ones, their numbers are known."""
        return () if self.transactions else self.sb.rows(sb.LogicalFlow).values()

    def _known_session_port(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.BFD, tuple(session_of(request.owner)))
        return row.src_port - FIRST_PORT + 1 if row else None

    def _known_group_key(self, request: KeyRequest) -> int | None:
        row = self.ledger.there(sb.MulticastGroup, tuple(request.owner.split(" ", 1)))
        return row.tunnel_key - BELOW_GROUPS if row else None

    def _known_tag(self, request: KeyRequest) -> int | None:
        return container_tag(self.db, request.owner)

    def _allot_addresses(self) -> None:
        gained, lost = self.db.take(ipam.REQUESTS)
        for request in lost:
            self.dynamic.release(request)
            self._unallotted(DynamicAddresses, request.port)
        waiting = [*gained, *(self.dynamic.short.values() if lost else ())]
        static_macs = self.db.items(ipam.STATIC_MACS) if waiting else ()
        # Who insists on an address comes before who has one, and that before who takes any.
        for request in sorted(waiting, key=self._precedence):
            self.dynamic.release(request)
            self._allotted(DynamicAddresses(request.port, self.dynamic.allot(self.db, request, static_macs)))

    def _precedence(self, request: ipam.Request) -> tuple[bool, bool, str]:
        return not request.ipv4, ipam.had_before(self.db, request.port) is None, request.port

    def _allotted(self, row: _Numbered | DynamicAddresses | LeftOut) -> None:
        old = self._fed.get((type(row), row.uuid))
        self._fed[type(row), row.uuid] = row
        self.db.feed([_Fed(type(row), row.uuid, old, row)])

    def _unallotted(self, table: type[Any], uuid: str) -> None:
        old = self._fed.pop((table, uuid), None)
        if old is not None:
            self.db.feed([_Fed(table, uuid, old, None)])

    # Writing

    def _write(self, now: float) -> bool:
        """Send what differs; true if anything did."""
        self._retry_at = NEVER
        leftovers = (Delete(row.table, by_uuid(row.row)) for row in self.db.items(LEFTOVERS))
        aged = (Delete(row.table, by_uuid(row.row)) for row in self.deadlines.expired(self.db, self._wall_ms(now)))
        southbound = [*self.ledger.operations(), *self.flows.operations(), *leftovers, *aged]
        northbound = self._northbound_operations(now)
        self.transactions += bool(southbound) + bool(northbound)
        if southbound:
            self._pending.append(self.sb.transact(southbound))
        if northbound:
            self._pending.append(self.nb.transact(northbound))
        return bool(southbound or northbound)

    def _wall_ms(self, now: float) -> int:
        return int(1000 * (self.epoch_s + now))

    def _northbound_operations(self, now: float) -> Sequence[Operation]:
        if not self.nb.rows(nb.NBGlobal):
            return [Insert(nb.NBGlobal, {})]
        updates: dict[tuple[type[Any], str], dict[str, Any]] = {}
        for item in self.db.items(WRITE_BACKS):
            updates.setdefault((item.table, item.row), {})[item.column] = _plain(item)
        wall_ms = self._wall_ms(now)
        for columns in updates.values():
            if "sb_cfg" in columns:
                columns |= {"nb_cfg_timestamp": wall_ms, "sb_cfg_timestamp": wall_ms}
            if "hv_cfg" in columns:
                columns["hv_cfg_timestamp"] = reached_ms(self.db) or wall_ms
        return [Update(table, by_uuid(row), columns) for (table, row), columns in updates.items()]


class _Fed(NamedTuple):
    """A change of a row that is in no database."""

    table: type[Any]
    uuid: str
    old: Any
    new: Any


def _plain(item: WriteBack) -> Any:
    is_map = table_schema(item.table).columns[item.column].type.is_map
    return dict(item.value) if is_map else item.value  # type: ignore[call-overload]
