"""Random northbound transactions over every table: rows that come, change and go, with values that mostly make sense together.

Names, addresses and networks are drawn from few, so that rows find each other, and now and then clash.
"""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import BaseType, Column, TableSchema
from pyovn.ovsdb.wire import transact_json
from tests.northd.random_chassis import Chassis
from tests.northd.random_options import MAPS
from tests.northd.random_values import KEPT_OUT, OFTEN, RARELY, SAID_BACK, SETS, WORDS, Drawn

Row = dict[str, Any]
Transaction = list[Row]
Command = str | Transaction
"""A line of shell, or a northbound transaction."""

PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "Logical_Switch_Port": (("Logical_Switch", "ports"),),
    "Logical_Router_Port": (("Logical_Router", "ports"),),
    "ACL": (("Logical_Switch", "acls"), ("Port_Group", "acls")),
    "QoS": (("Logical_Switch", "qos_rules"),),
    "Forwarding_Group": (("Logical_Switch", "forwarding_groups"),),
    "Logical_Router_Static_Route": (("Logical_Router", "static_routes"),),
    "Logical_Router_Policy": (("Logical_Router", "policies"),),
    "NAT": (("Logical_Router", "nat"),),
    "Gateway_Chassis": (("Logical_Router_Port", "gateway_chassis"),),
    "HA_Chassis": (("HA_Chassis_Group", "ha_chassis"),),
    "Load_Balancer_Health_Check": (("Load_Balancer", "health_check"),),
    "Logical_Switch_Port_Health_Check": (("Logical_Switch_Port", "health_checks"),),
    "Network_Function_Health_Check": (("Network_Function", "health_check"),),
    "Mirror_Rule": (("Mirror", "mirror_rules"),),
    "Meter_Band": (("Meter", "bands"),),
    "Sample": (("ACL", "sample_new"), ("ACL", "sample_est")),
}
"""Where rows that do not stand by themselves are held."""


STEADY = {"BFD": {"logical_port"}, "HA_Chassis": {"chassis_name"}, "Gateway_Chassis": {"chassis_name"}}
"""Columns that stay as they are drawn first, where the reference has to bear it."""

MANY = 2000
"""No number is greater, unless it has to be."""

FEW = 4
"""So many keys of a map are there at once, about."""

SAID = 0.15
"""How often chassis say something, where there are any."""

INSERTED, UPDATED = 0.65, 0.9
"""How often a transaction inserts, and how often it inserts or updates; the others delete."""


class RandomRows:
    """A northbound database that is being changed at random."""

    def __init__(self, seed: int, database: Database, without: frozenset[str] = KEPT_OUT, strays: bool = True) -> None:
        self.random = Random(seed)
        self.strays = strays
        """Sessions may name router ports that are not there: the reference does not survive them."""
        self.database = database
        self.drawn = Drawn(self.random)
        tables = database.schema.tables
        self.tables = [name for name in tables if name not in without and (tables[name].is_root or name in PARENTS)]
        self._weights = [OFTEN.get(name, 1) for name in self.tables]

    def next(self) -> Transaction:
        """A transaction that the database has accepted."""
        while True:
            operations = self._draw()
            results = transact_json(self.database, operations, elapsed_ms=0) if operations else None
            if results is not None and not any(result and "error" in result for result in results):
                return operations

    def _draw(self) -> Transaction:
        way = self.random.random()
        if way < 0.02:
            return self._global()
        table = self.random.choices(self.tables, self._weights)[0]
        if way < INSERTED or not self._rows(table):
            return self._insert(table)
        return self._update(table) if way < UPDATED else self._delete(table)

    def _rows(self, table: str) -> list[Table]:
        return list(self.database.tables[table].rows.values())

    def _global(self) -> Transaction:
        """Another option of the whole network."""
        columns = self._columns("NB_Global", 1.0)
        row = {name: columns[name] for name in ("options", "ipsec", "name")}
        return [{"op": "update", "table": "NB_Global", "where": [], "row": row}]

    def _insert(self, table: str) -> Transaction:
        """A row, and its place in another if it needs one."""
        uuid = str(UUID(int=self.random.getrandbits(128), version=4))
        made: Row = {"op": "insert", "table": table, "uuid": uuid, "row": self._columns(table, 0.4)}
        if table == "Meter":
            band = str(UUID(int=self.random.getrandbits(128), version=4))
            made["row"]["bands"] = ["uuid", band]
            return [{"op": "insert", "table": "Meter_Band", "uuid": band, "row": self._columns("Meter_Band", 1.0)}, made]
        if table == "BFD" and not self.strays:
            ports = self._names("Logical_Router_Port")
            made["row"]["logical_port"] = self.random.choice(ports) if ports else ""
            return [made] if ports else []
        if table not in PARENTS:
            return [made]
        parent, column = self.random.choice(PARENTS[table])
        holders = self._rows(parent)
        if not holders:
            return []
        holder = self.random.choice(holders)
        self._insist(made["row"], holder)
        if not self.strays and self._is_there_twice(made["row"], getattr(holder, column), table):
            return []
        one = self.database.schema.tables[parent].columns[column].type.max == 1
        if one:
            return [made, {"op": "update", "table": parent, "where": _by(holder), "row": {column: ["uuid", uuid]}}]
        return [made, {"op": "mutate", "table": parent, "where": _by(holder), "mutations": [[column, "insert", ["uuid", uuid]]]}]

    def _update(self, table: str) -> Transaction:
        """A row with some columns drawn anew."""
        row = self.random.choice(self._rows(table))
        immutable = {name for name, column in self.database.schema.tables[table].columns.items() if not column.mutable}
        immutable |= set() if self.strays else STEADY.get(table, set())
        columns = {name: value for name, value in self._columns(table, 0.3).items() if name not in immutable and name != "name"}
        for holder in self._rows("Logical_Switch") if table == "Logical_Switch_Port" else ():
            if row.uuid in holder.ports:  # type: ignore[attr-defined]
                self._insist(columns, holder)
        return [{"op": "update", "table": table, "where": _by(row), "row": columns}] if columns else []

    def _is_there_twice(self, columns: Row, held: Any, table: str) -> bool:
        """A chassis that a group has already: the reference makes such a group anew again and again."""
        rows = self.database.tables[table].rows
        return "chassis_name" in columns and any(columns["chassis_name"] == rows[ref].chassis_name for ref in held)  # type: ignore[attr-defined]

    def _insist(self, columns: Row, holder: Table) -> None:
        """Have a port ask for an address of its switch: another the reference gives until it works out everything anew."""
        addresses = columns.get("addresses")
        if self.strays or not isinstance(addresses, list) or not hasattr(holder, "other_config"):
            return
        subnet = holder.other_config.get("subnet", "")
        insisted = f"dynamic {subnet.rpartition('.')[0]}.{self.random.randint(2, 30)}" if subnet else "dynamic"
        columns["addresses"] = ["set", sorted({insisted if text.startswith("dynamic ") else text for text in addresses[1]})]

    def _names(self, table: str) -> list[str]:
        return [row.name for row in self._rows(table)]  # type: ignore[attr-defined]

    def _delete(self, table: str) -> Transaction:
        """A row gone from where it stands, and everything that only it held."""
        row = self.random.choice(self._rows(table))
        if table in ("Logical_Router", "Logical_Router_Port") and not self.strays and self._rows("BFD"):
            return []
        if self.database.schema.tables[table].is_root:
            return [{"op": "delete", "table": table, "where": _by(row)}]
        operations: Transaction = []
        for parent, column in PARENTS[table]:
            held = [holder for holder in self._rows(parent) if row.uuid in (getattr(holder, column) or ())]
            mutations = [[column, "delete", ["uuid", row.uuid]]]
            operations += [{"op": "mutate", "table": parent, "where": _by(holder), "mutations": mutations} for holder in held]
        return operations

    # Values

    def _columns(self, table: str, chance: float) -> Row:
        """Values for the columns that matter always, and for each other one by chance."""
        schema = self.database.schema.tables[table]
        row: Row = {}
        for name, column in schema.columns.items():
            if f"{table}.{name}" in SAID_BACK:
                continue
            always = f"{table}.{name}" in WORDS or (column.type.min > 0 and column.type.is_scalar)
            likely = 0.06 if f"{table}.{name}" in RARELY else chance
            if always or self.random.random() < likely:
                value = self._value(schema, column)
                if value is not None:
                    row[name] = value
        if row.get("type") == "router" and table == "Logical_Switch_Port":
            # Without these a port of this kind is of no use.
            row |= {"options": ["map", [["router-port", self._end()]]], "addresses": "router"}
        return row

    def _end(self) -> str:
        """The name of a router's port: of two switch ports that name one, the reference takes the one that its hash table holds last."""
        named = {port.options.get("router-port") for port in self._rows("Logical_Switch_Port")}  # type: ignore[attr-defined]
        name = self.drawn.name("rp", 8)
        return name if self.strays or name not in named else self.drawn.name("none", 99)

    def _value(self, table: TableSchema, column: Column) -> Any:
        key, type_ = f"{table.name}.{column.name}", column.type
        if key in MAPS:
            chance = min(0.3, FEW / len(MAPS[key]))
            chosen = {name: draw(self.drawn) for name, draw in MAPS[key].items() if self.random.random() < chance}
            return ["map", [[name, value] for name, value in chosen.items()]]
        if key in WORDS:
            return WORDS[key](self.drawn)
        if key in SETS:
            return ["set", sorted({SETS[key](self.drawn) for _ in range(self.random.randint(0, 3 if type_.max is None else 1))})]
        if type_.value is not None:
            return None
        if type_.key.kind == "uuid":
            return self._references(table.name, column)
        if type_.key.kind == "boolean" or type_.key.enum:
            atom = self.random.choice(type_.key.enum) if type_.key.enum else self.random.random() < 0.5
            return atom if type_.is_scalar else ["set", [atom] if self.random.random() < 0.8 else []]
        return self._number(type_.key) if type_.key.kind == "integer" and type_.is_scalar else None

    def _number(self, base: BaseType) -> int:
        low, high = int(base.low or 0), int(base.high if base.high is not None else MANY)
        return self.random.randint(low, max(low, min(high, MANY)))

    def _references(self, table: str, column: Column) -> Any:
        """Rows that are there already, or none; those that only nonsense would hold twice are held when they are made."""
        target = column.type.key.ref_table or ""
        if (table, column.name) in PARENTS.get(target, ()):
            return None
        rows = [row.uuid for row in self._rows(target)]
        wanted = min(len(rows), self.random.randint(0, 2 if column.type.max is None else 1))
        if column.type.min > wanted:
            return None
        return ["set", [["uuid", uuid] for uuid in sorted(self.random.sample(rows, wanted))]]


def random_history(seed: int, count: int, database: Database) -> list[Command]:
    """What makes a northbound with nothing but its global row a random one, with what chassis say meanwhile; the same for the same seed."""
    transact_json(database, [{"op": "insert", "table": "NB_Global", "row": {}}], elapsed_ms=0)
    rows = RandomRows(seed, database, strays=False)
    said = Chassis(rows.random)
    commands: list[Command] = list(said.arrive()) if seed % 3 else []
    for _ in range(count):
        commands.append(said.next() if commands and seed % 3 and rows.random.random() < SAID else rows.next())
    return commands


def _by(row: Table) -> list[list[Any]]:
    return [["_uuid", "==", ["uuid", row.uuid]]]
