"""Rows as JSON, with uuids replaced by names so that two databases can be compared, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Container, Iterator
from typing import Any

from pyovn.ovsdb.declare import table_schema, tables_of
from pyovn.ovsdb.row import Table, make
from pyovn.ovsdb.value import from_json
from pyovn.schemas import nb, sb
from tests.northd.reference import Dump

NUMBERS = re.compile(r"\b(reg7|reg8\[0\.\.15\]|reg8\[16\.\.31\]|reg9\[16\.\.31\])( ?==? ?)[1-9]\d*\b(?!\.)")
"""Numbers of route tables, groups, their members and chains of policies: the reference's depend on what was there before."""
NUMBERED = {
    "lr_in_ip_routing_pre", "lr_in_ip_routing", "lr_in_ip_routing_ecmp", "lr_in_policy", "lr_in_policy_ecmp", "lr_in_defrag",
}  # fmt: skip
"""The stages that name them."""

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

NB_TABLES = tables_of(nb)
SB_TABLES = tables_of(sb)

NATURAL: dict[str, Callable[[dict[str, Any]], str]] = {
    "Datapath_Binding": lambda row: dict(row["external_ids"][1]).get("name", "?"),
    "Port_Binding": lambda row: str(row["logical_port"]),
    "Chassis": lambda row: str(row["name"]),
    "RBAC_Permission": lambda row: str(row["table"]),
    "HA_Chassis_Group": lambda row: str(row["name"]),
    "Gateway_Chassis": lambda row: str(row["name"]),
    "Meter_Band": lambda row: f"{row['action']} {row['rate']} {row['burst_size']}",
    "Mirror": lambda row: str(row["name"]),
}
"""What a row is called where others refer to it."""


LEFT_OUT = {"timestamp", "nb_cfg_timestamp", "sb_cfg_timestamp", "hv_cfg_timestamp", "disc"}
"""Columns that are never equal: times, and the numbers of BFD sessions, which are drawn at random."""


def row_from_json(table: type[Table], uuid: str, columns: dict[str, Any]) -> Table:
    """A row of the class from its JSON columns."""
    schema = table_schema(table)
    return make(table, uuid, [from_json(schema.columns[name].type, columns[name]) for name in table.__columns__])


def names_of(dump: Dump) -> dict[str, str]:
    """The name of every row that others refer to, by uuid."""
    names = {uuid: f"{table}:{name(row)}" for table, name in NATURAL.items() for uuid, row in dump.get(table, {}).items()}
    for uuid, row in dump.get("Logical_DP_Group", {}).items():
        names[uuid] = "group:" + ",".join(sorted(names[member] for member in UUID.findall(json.dumps(row["datapaths"]))))
    for uuid, row in dump.get("HA_Chassis", {}).items():
        names[uuid] = f"HA_Chassis:{row['priority']}"
    return names


def normal(dump: Dump, only: Container[str] | None = None) -> Iterator[str]:
    """Every row (or those of some uuids) as one line of JSON, uuids as names, without what cannot be equal: a flow's source, and times."""
    names = names_of(dump)
    for table, rows in sorted(dump.items()):
        lines = []
        for row in (row for uuid, row in rows.items() if only is None or uuid in only):
            columns = {name: _sorted(name, value, names) for name, value in row.items() if name not in LEFT_OUT}
            if table == "Logical_Flow":
                columns |= _without_history(columns)
            lines.append(f"{table} {json.dumps(columns, sort_keys=True)}")
        # Which flows share a group is history: the reference may have two of the same datapaths.
        yield from dict.fromkeys(lines) if table == "Logical_DP_Group" else lines


def _without_history(columns: dict[str, Any]) -> dict[str, Any]:
    """What a flow says without what the reference has chosen by the past: numbers, and which of several rows asked first."""
    ids, text = dict(map(tuple, columns["external_ids"])), columns["match"] + columns["actions"]
    said: dict[str, Any] = {}
    if ids.get("stage-name") in NUMBERED:
        said = {name: NUMBERS.sub(r"\1\2N", columns[name]) for name in ("match", "actions")}
    if "ecmp_reply" in text or columns["actions"] == "ct_next;" or ids.get("stage-name", "").endswith("_ecmp"):
        said["external_ids"] = [pair for pair in columns["external_ids"] if pair[0] != "stage-hint"]
    return said


def _sorted(name: str, value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list) and value and value[0] == "uuid":
        return names.get(value[1], value[1])
    if isinstance(value, list) and value and value[0] == "set":
        members = [_sorted(name, member, names) for member in value[1]]
        return sorted(members, key=str) if len(members) != 1 else members[0]
    if isinstance(value, list) and value and value[0] == "map":
        pairs = [[key, _sorted(name, item, names)] for key, item in value[1]]
        return sorted(pair for pair in pairs if name != "external_ids" or pair[0] != "source")
    return value


def fingerprint(line: str) -> str:
    """Twelve hexadecimal digits that stand for a normal row."""
    return hashlib.blake2b(line.encode(), digest_size=6).hexdigest()
