"""The same northbound history through the reference and through ours: every southbound row, and every northbound write-back, compared.

A history is what the northbound (and what chassis say in the southbound) held after each command. With the reference at
hand it is made by running it; its rows then become fingerprints, which stand for the reference where it is missing.

    PYOVN_REFERENCE=/opt/reference python -m tests.northd.differential 'ovn-nbctl ls-add sw0' …    # print what differs
    PYOVN_REFERENCE=/opt/reference python -m tests.northd.differential --record [NETWORK…]         # keep the reference's outcomes
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from pyovn.northd.northd import Northd
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, table_schema, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.row import Table, replace, values_of
from pyovn.ovsdb.value import to_json
from pyovn.schemas import nb, sb
from tests.northd.leeway import Past, inexcusable
from tests.northd.networks import NETWORKS, commands
from tests.northd.reference import Dump, Fault, central
from tests.northd.rows import NB_TABLES, SB_TABLES, fingerprint, normal, row_from_json
from tests.northd.rows import UUID as UUID_TEXT

WRITE_BACKS: dict[str, tuple[str, ...]] = {
    "Logical_Switch_Port": ("up", "dynamic_addresses", "tag"),
    "Logical_Router_Port": ("status", "ipv6_prefix"),
    "Logical_Switch_Port_Health_Check": ("status",),
    "BFD": ("status",),
    "Network_Function_Group": ("network_function_active",),
    "NB_Global": ("sb_cfg", "hv_cfg", "nb_cfg_timestamp", "sb_cfg_timestamp", "hv_cfg_timestamp", "options"),
}
"""Northbound columns that the compiler writes."""

CHOSEN_AT_RANDOM = ("mac_prefix", "svc_monitor_mac", "svc_monitor_mac_dst")
"""Options that the reference draws when they are missing: given to ours."""

FOREIGN = ("Chassis", "Encap", "Chassis_Private", "MAC_Binding", "FDB")
"""Southbound tables that others write."""

FOREIGN_COLUMNS = ("chassis", "additional_chassis", "encap", "additional_encap", "up", "virtual_parent")
"""Columns of a port's binding that others write."""

NOTES = ("ipv6_ra_pd_list", "additional-chassis-activated", "vport-last-claim", "vport-backoff")
"""Options of a port's binding that others write."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the northbound, and others in the southbound, held after a command."""

    northbound: Dump
    southbound: Dump


@dataclass(frozen=True, slots=True)
class History:
    """The steps of a network, and what the reference's databases held in the end, as normal rows."""

    steps: tuple[Step, ...]
    rows: tuple[str, ...]
    fault: str = ""
    """Why the reference went no further."""


Command = str | list[dict[str, Any]]
"""A line of shell, or a northbound transaction."""


def reference_history(commands: Iterable[Command]) -> History:
    """Run the commands in the reference, one step each; those before the one that it does not survive, if there is such."""
    wanted, fault = list(commands), ""
    while True:
        done: list[Step] = []
        try:
            return dataclasses.replace(_history(wanted, done), fault=fault)
        except Fault as found:
            wanted = wanted[: min(len(done), len(wanted) - 1)]
            fault = f"{found}, after {len(wanted)} commands"


def _history(commands: Sequence[Command], done: list[Step]) -> History:
    with central() as node:
        node.settle()
        for command in commands:
            node.obey(command)
            node.settle()
            done.append(Step(node.dump("nb"), foreign(node.dump("sb"))))
        node.recompute()
        last = Step(node.dump("nb"), foreign(node.dump("sb")))
        return History((*done, last), tuple(sorted(outcome(node.dump("nb"), node.dump("sb")))))


def foreign(dump: Dump) -> Dump:
    """What others than the compiler have said."""
    names = {uuid: row["logical_port"] for uuid, row in dump["Port_Binding"].items()}
    bindings = {names[uuid]: {name: row[name] for name in FOREIGN_COLUMNS} | _notes(row) for uuid, row in dump["Port_Binding"].items()}
    datapaths = {uuid: dict(row["external_ids"][1]).get("logical-router", "") for uuid, row in dump["Datapath_Binding"].items()}
    learned = {uuid: {**row, "datapath": datapaths[row["datapath"][1]]} for uuid, row in dump["MAC_Binding"].items()}
    sessions = {f"{row['logical_port']} {row['dst_ip']}": {"status": row["status"]} for row in dump["BFD"].values()}
    return {
        **{table: dump[table] for table in FOREIGN}, "MAC_Binding": learned, "Port_Binding": bindings, "BFD": sessions,
        "IGMP_Group": _heard_groups(dump, names), "Service_Monitor": _found(dump), "Learned_Route": _learned_routes(dump, names),
    }  # fmt: skip


def _found(dump: Dump) -> dict[str, dict[str, Any]]:
    """What chassis found of what they probe."""
    return {_probed(row): {"status": row["status"]} for row in dump["Service_Monitor"].values()}


def _probed(row: dict[str, Any]) -> str:
    return f"{row['logical_port']} {row['ip']} {row['port']} {row['protocol']}"


def _heard_groups(dump: Dump, names: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What chassis heard of multicast groups, with the switch by its northbound uuid and ports by name."""
    found = {}
    for uuid, row in dump["IGMP_Group"].items():
        binding = dump["Datapath_Binding"].get(row["datapath"][1], {}) if row["datapath"][1] else {}
        ports = [names[port] for port in UUID_TEXT.findall(json.dumps(row["ports"])) if port in names]
        found[uuid] = {**row, "datapath": binding.get("nb_uuid", ["set", []])[1], "ports": ports}
    return found


def _learned_routes(dump: Dump, names: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What chassis learned of routes, with the router by its northbound uuid and the port by name."""
    datapaths = {uuid: row["nb_uuid"] for uuid, row in dump["Datapath_Binding"].items()}
    return {
        uuid: {**row, "datapath": datapaths[row["datapath"][1]], "logical_port": names[row["logical_port"][1]]}
        for uuid, row in dump["Learned_Route"].items()
    }


def _notes(binding: dict[str, Any]) -> dict[str, Any]:
    notes = [pair for pair in binding["options"][1] if pair[0] in NOTES]
    return {"notes": notes} if notes else {}


def outcome(northbound: Dump, southbound: Dump) -> Iterator[str]:
    """All that a compiler is answerable for, as normal rows."""
    yield from normal(southbound)
    for table, columns in WRITE_BACKS.items():
        told = ("name", "dst_ip", "address", *columns)
        rows = {uuid: {name: row[name] for name in told if name in row} for uuid, row in northbound.get(table, {}).items()}
        yield from normal({table: rows})


def new_database(module: ModuleType) -> Database:
    """An empty database that draws its uuids from a counter."""
    numbers = count(1)
    return Database(schema_of(module), tables_of(module), lambda: str(UUID(int=next(numbers) << 64 | 0x8000 << 48)))


class Ours:
    """Our compiler on two databases in this process."""

    def __init__(self) -> None:
        self.nb = new_database(nb)
        self.sb = new_database(sb)
        self.northd = Northd(Local(self.nb), Local(self.sb))
        self.past = Past(self.northd.db)

    def follow(self, step: Step) -> None:
        """Make the northbound, and what others say, as the step has it."""
        put(self.nb, {table: self._northbound_rows(table, rows) for table, rows in step.northbound.items()})
        self.northd.tick(0.0)
        said = {**step.southbound, "MAC_Binding": self._learned(step.southbound["MAC_Binding"])}
        put(self.sb, {name: [row_from_json(SB_TABLES[name], *item) for item in said[name].items()] for name in FOREIGN})
        bindings = []
        for row in self.sb.tables["Port_Binding"].rows.values():
            said = step.southbound["Port_Binding"].get(row.logical_port, {})  # type: ignore[attr-defined]
            full = {**row_to_json(row), **said}
            full["options"] = ["map", [[name, value] for name, value in (dict(full["options"][1]) | dict(full.pop("notes", []))).items()]]
            bindings.append(row_from_json(SB_TABLES["Port_Binding"], row.uuid, full))
        sessions = self._sessions(step.southbound.get("BFD", {}))
        monitors = self._monitors(step.southbound.get("Service_Monitor", {}))
        put(self.sb, {"Port_Binding": bindings, "BFD": sessions, "IGMP_Group": self._heard_groups(step), "Service_Monitor": monitors})
        put(self.sb, {"Learned_Route": self._learned_routes(step.southbound.get("Learned_Route", {}))})
        self.northd.tick(0.0)
        self.past.note()

    def _learned(self, said: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Neighbours that chassis have learned, with our datapaths."""
        ours = {row.nb_uuid: uuid for uuid, row in self.sb.tables["Datapath_Binding"].rows.items()}  # type: ignore[attr-defined]
        return {uuid: {**row, "datapath": ["uuid", ours[row["datapath"]]]} for uuid, row in said.items() if row["datapath"] in ours}

    def _learned_routes(self, said: dict[str, dict[str, Any]]) -> list[Table]:
        """Routes that chassis have learned, with our routers and ports."""
        datapaths = {row.nb_uuid: uuid for uuid, row in self.sb.tables["Datapath_Binding"].rows.items()}  # type: ignore[attr-defined]
        ports = {row.logical_port: uuid for uuid, row in self.sb.tables["Port_Binding"].rows.items()}  # type: ignore[attr-defined]
        rows = []
        for uuid, row in said.items():
            datapath, port = datapaths.get(row["datapath"][1]), ports.get(row["logical_port"])
            if datapath and port:
                full = {**row, "datapath": ["uuid", datapath], "logical_port": ["uuid", port]}
                rows.append(row_from_json(SB_TABLES["Learned_Route"], uuid, full))
        return rows

    def _sessions(self, said: dict[str, dict[str, Any]]) -> list[Table]:
        """Our sessions with what chassis say of them: only they bring one up, or down again."""
        sessions = []
        for row in self.sb.tables["BFD"].rows.values():
            own = row_to_json(row)
            status = said.get(f"{own['logical_port']} {own['dst_ip']}", own)["status"]
            if status in ("up", "init") or (status == "down" and own["status"] in ("up", "init")):
                own["status"] = status
            sessions.append(row_from_json(SB_TABLES["BFD"], row.uuid, own))
        return sessions

    def _monitors(self, said: dict[str, dict[str, Any]]) -> list[Table]:
        """Our monitors with what chassis found."""
        own = [(row.uuid, row_to_json(row)) for row in self.sb.tables["Service_Monitor"].rows.values()]
        return [row_from_json(SB_TABLES["Service_Monitor"], uuid, {**row, **said.get(_probed(row), {})}) for uuid, row in own]

    def _heard_groups(self, step: Step) -> list[Table]:
        datapaths = {row.nb_uuid: row.uuid for row in self.sb.tables["Datapath_Binding"].rows.values()}  # type: ignore[attr-defined]
        ports = {row.logical_port: row.uuid for row in self.sb.tables["Port_Binding"].rows.values()}  # type: ignore[attr-defined]
        rows = []
        for uuid, columns in step.southbound.get("IGMP_Group", {}).items():
            datapath = datapaths.get(columns["datapath"]) if columns["datapath"] else None
            members = ["set", [["uuid", ports[name]] for name in columns["ports"] if name in ports]]
            full = {**columns, "datapath": ["uuid", datapath] if datapath else ["set", []], "ports": members}
            rows.append(row_from_json(SB_TABLES["IGMP_Group"], uuid, full))
        return rows

    def _northbound_rows(self, table: str, rows: dict[str, dict[str, Any]]) -> list[Table]:
        made = []
        for uuid, columns in rows.items():
            row = row_from_json(NB_TABLES[table], uuid, columns)
            ours = self.nb.tables[table].rows.get(uuid)
            kept = {name: getattr(ours, name) if ours else None for name in WRITE_BACKS.get(table, ())}
            if table == "NB_Global":
                kept = {name: value if ours else 0 for name, value in kept.items()}
                kept["options"] = {name: value for name, value in columns["options"][1] if name in CHOSEN_AT_RANDOM or name not in MADE}
            if table == "Logical_Router_Port" and ours is None:
                kept = {"status": {}, "ipv6_prefix": ()}
            made.append(replace(row, **kept) if kept else row)
        return made

    def outcome(self) -> list[str]:
        """All that a compiler is answerable for, as normal rows."""
        return sorted(outcome(dump_of(self.nb), dump_of(self.sb)))


MADE = ("max_tunid", "northd_internal_version")


def put(database: Database, tables: dict[str, list[Table]]) -> None:
    """Make the tables hold these rows, no others."""
    changes: list[tuple[Any, str, Table | None]] = []
    for name, rows in tables.items():
        data = database.tables[name]
        wanted = {row.uuid for row in rows}
        changes += [(data, uuid, None) for uuid in data.rows if uuid not in wanted]
        for row in rows:
            old = data.rows.get(row.uuid)
            if old is None or values_of(old) != values_of(row):
                changes.append((data, row.uuid, row))
    database.apply(changes)


def row_to_json(row: Table) -> dict[str, Any]:
    """A row's columns as JSON."""
    columns = table_schema(type(row)).columns
    return {name: to_json(columns[name].type, value) for name, value in values_of(row).items()}


def dump_of(database: Database) -> Dump:
    """Every row of a database, as JSON."""
    return {name: {uuid: row_to_json(row) for uuid, row in data.rows.items()} for name, data in database.tables.items()}


def our_outcome(steps: Iterable[Step]) -> list[str]:
    """What ours makes of a history."""
    return followed(steps).outcome()


def followed(steps: Iterable[Step]) -> Ours:
    """Our compiler after a history."""
    ours = Ours()
    for step in steps:
        ours.follow(step)
    return ours


def essential_differences(history: History) -> list[str]:
    """What ours makes otherwise of a history, and should not."""
    ours = followed(history.steps)
    return inexcusable(differences(history.rows, ours.outcome()), ours.past)


def differences(theirs: Iterable[str], ours: Iterable[str]) -> list[str]:
    """The rows that only one has: `-` theirs, `+` ours."""
    missing, extra = Counter(theirs) - Counter(ours), Counter(ours) - Counter(theirs)
    return sorted([f"- {line}" for line in missing.elements()] + [f"+ {line}" for line in extra.elements()], key=lambda line: line[2:])


def fingerprints(rows: Iterable[str]) -> list[str]:
    """What is kept of the reference's rows."""
    return sorted(map(fingerprint, rows))


def recorded_path(name: str) -> Path:
    """Where the reference's outcome of a network is kept."""
    return Path(__file__).parent / "recorded" / f"{name.replace(' ', '_')}.json"


def record(name: str, history: History) -> None:
    """Keep a history: what each step changed, and fingerprints of what the reference made of it."""
    steps, before = [], Step({}, {})
    for step in history.steps:
        steps.append([_changed(before.northbound, step.northbound), _changed(before.southbound, step.southbound)])
        before = step
    text = json.dumps({"steps": steps, "rows": fingerprints(history.rows)}, separators=(",", ":"), sort_keys=True)
    recorded_path(name).write_text(text + "\n")


def recorded(name: str) -> tuple[list[Step], list[str]]:
    """A kept history: its steps, and the fingerprints."""
    kept = json.loads(recorded_path(name).read_text())
    steps, before = [], Step({}, {})
    for northbound, southbound in kept["steps"]:
        before = Step(_applied(before.northbound, northbound), _applied(before.southbound, southbound))
        steps.append(before)
    return steps, kept["rows"]


def _changed(before: Dump, after: Dump) -> dict[str, dict[str, Any]]:
    """Rows that differ, as they are now; None for those gone."""
    changes: dict[str, dict[str, Any]] = {}
    for table in after:
        old, new = before.get(table, {}), after[table]
        rows: dict[str, Any] = {uuid: row for uuid, row in new.items() if old.get(uuid) != row}
        rows |= dict.fromkeys(old.keys() - new.keys())
        if rows or table not in before:
            changes[table] = rows
    return changes


def _applied(before: Dump, changes: dict[str, dict[str, Any]]) -> Dump:
    after = {table: dict(rows) for table, rows in before.items()}
    for table, rows in changes.items():
        held = after.setdefault(table, {})
        for uuid, row in rows.items():
            if row is None:
                del held[uuid]
            else:
                held[uuid] = row
    return after


def main(arguments: list[str]) -> int:
    """Print what differs for a network of commands, 1 if anything does; or, after --record, keep the named networks' histories."""
    if arguments[:1] == ["--record"]:
        for name in arguments[1:] or NETWORKS:
            record(name, reference_history(commands(name)))
        return 0
    history = reference_history(arguments)
    found = differences(history.rows, our_outcome(history.steps))
    print(*found, f"{len(history.rows)} rows, {len(found)} differences", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
