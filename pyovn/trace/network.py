"""The southbound rows that one packet's way needs, fetched as it gets there and kept.

Rule: nothing is read that the trace does not ask for; a row is a dict of columns with sets as lists and maps as dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from pyovn.logical.tables import Pipeline

Row: TypeAlias = dict[str, Any]
Select: TypeAlias = Callable[[str, Sequence[list[Any]], Sequence[str]], list[Row]]
"""(table, where, columns): the rows for which every [column, function, value] holds."""


class UnknownName(Exception):
    """A datapath or port that is not there; the text is the line to print."""


@dataclass(frozen=True, slots=True, eq=False)
class Datapath:
    """A logical switch or router."""

    uuid: str
    key: int
    northbound: str
    """The uuid of its row in the northbound database."""
    name: str
    friendly: str
    """The name that people gave, where the name proper is an orchestrator's."""


@dataclass(frozen=True, slots=True, eq=False)
class Port:
    """A logical port."""

    uuid: str
    name: str
    friendly: str
    kind: str
    key: int
    datapath: str
    options: Mapping[str, str]
    security: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A logical flow; match and actions are text until a packet gets here."""

    uuid: str
    table: int
    priority: int
    match: str
    actions: str
    stage: str
    source: str


def plain(value: Any) -> Any:
    """A value of the wire protocol: sets to lists, maps to dicts, references to strings."""
    if isinstance(value, list) and len(value) == 2:
        kind, inner = value
        if kind == "uuid":
            return inner
        if kind == "set":
            return [plain(element) for element in inner]
        if kind == "map":
            return {plain(key): plain(element) for key, element in inner}
    return value


def as_list(value: Any) -> list[Any]:
    """A set that may have come as its only element."""
    return value if isinstance(value, list) else [value]


def _make_datapath(row: Row) -> Datapath:
    ids = row["external_ids"]
    northbound = ids.get("logical-switch") or ids.get("logical-router") or row["_uuid"]
    return Datapath(row["_uuid"], row["tunnel_key"], northbound, ids.get("name", northbound), ids.get("name2", ""))


def _make_port(row: Row) -> Port:
    friendly = row["external_ids"].get("name", "")
    security = tuple(as_list(row["port_security"]))
    return Port(
        row["_uuid"], row["logical_port"], friendly, row["type"], row["tunnel_key"], row["datapath"], row["options"], security
    )


_PORT_COLUMNS = ("_uuid", "logical_port", "type", "tunnel_key", "datapath", "options", "external_ids", "port_security")
_FLOW_COLUMNS = ("_uuid", "pipeline", "table_id", "priority", "match", "actions", "external_ids")


class Network:
    """A southbound database as a trace sees it."""

    def __init__(self, select: Select) -> None:
        self._select = select
        self._ports: dict[str, Port | None] = {}
        self._of_datapath: dict[str, dict[int, Port]] = {}
        self._groups: dict[str, dict[int, tuple[str, tuple[str, ...]]]] = {}
        self._flows: dict[str, dict[tuple[Pipeline, int], list[Flow]]] = {}
        self._sets: dict[tuple[str, str], tuple[str, ...] | None] = {}
        self._macs: dict[str, dict[tuple[str, str], str]] = {}

    @cached_property
    def datapaths(self) -> dict[str, Datapath]:
        """Every datapath by uuid."""
        columns = ("_uuid", "tunnel_key", "external_ids")
        return {row["_uuid"]: _make_datapath(row) for row in self._select("Datapath_Binding", [], columns)}

    def find_datapath(self, name: str) -> Datapath:
        """The datapath of this name, or whose northbound or southbound row has this uuid.

        Raises UnknownName if there is none or more than one.
        """
        found = [d for d in self.datapaths.values() if name in (d.name, d.friendly, d.uuid, d.northbound)]
        if len(found) > 1:
            raise UnknownName(f'name "{name}" matches multiple datapaths')
        if not found:
            raise UnknownName(f'unknown datapath "{name}"')
        return found[0]

    def port(self, name: str) -> Port | None:
        """A port by name, whatever its datapath."""
        if name not in self._ports:
            rows = self._select("Port_Binding", [["logical_port", "==", name]], _PORT_COLUMNS)
            self._ports[name] = _make_port(rows[0]) if rows else None
        return self._ports[name]

    def ports(self, datapath: Datapath) -> dict[int, Port]:
        """The ports of a datapath by key."""
        if datapath.uuid not in self._of_datapath:
            rows = self._select("Port_Binding", [["datapath", "==", ["uuid", datapath.uuid]]], _PORT_COLUMNS)
            ports = [_make_port(row) for row in rows]
            self._of_datapath[datapath.uuid] = {port.key: port for port in ports}
            self._ports.update((port.name, port) for port in ports)
        return self._of_datapath[datapath.uuid]

    def multicast_groups(self, datapath: Datapath) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Name and ports' uuids of the multicast groups of a datapath, by key."""
        if datapath.uuid not in self._groups:
            rows = self._select("Multicast_Group", [["datapath", "==", ["uuid", datapath.uuid]]], ("name", "tunnel_key", "ports"))
            self._groups[datapath.uuid] = {row["tunnel_key"]: (row["name"], tuple(as_list(row["ports"]))) for row in rows}
        return self._groups[datapath.uuid]

    def port_key(self, datapath: Datapath, name: str) -> int | None:
        """What `inport` or `outport` is when it names this port or multicast group; None if the datapath has neither."""
        if name == "none":
            return 0
        port = self._ports.get(name)
        if port is None and datapath.uuid not in self._of_datapath:
            self.ports(datapath)
            port = self._ports.get(name)
        if port is not None and port.datapath == datapath.uuid:
            return port.key
        return next((key for key, (group, _) in self.multicast_groups(datapath).items() if group == name), None)

    def flows(self, datapath: Datapath, pipeline: Pipeline, table: int) -> list[Flow]:
        """The flows of one table, those of the highest priority first."""
        if datapath.uuid not in self._flows:
            self._flows[datapath.uuid] = self._read_flows(datapath)
        return self._flows[datapath.uuid].get((pipeline, table), [])

    def _read_flows(self, datapath: Datapath) -> dict[tuple[Pipeline, int], list[Flow]]:
        reference = ["uuid", datapath.uuid]
        rows = self._select("Logical_Flow", [["logical_datapath", "==", reference]], _FLOW_COLUMNS)
        for group in self._select("Logical_DP_Group", [["datapaths", "includes", reference]], ("_uuid",)):
            rows += self._select("Logical_Flow", [["logical_dp_group", "==", ["uuid", group["_uuid"]]]], _FLOW_COLUMNS)
        tables: dict[tuple[Pipeline, int], list[Flow]] = {}
        for row in rows:
            ids = row["external_ids"]
            said = ids.get("stage-name", ""), ids.get("source", "")
            flow = Flow(row["_uuid"], row["table_id"], row["priority"], row["match"], row["actions"], *said)
            tables.setdefault((Pipeline[row["pipeline"].upper()], row["table_id"]), []).append(flow)
        for flows in tables.values():
            # Where two match with the same priority anything may happen; the reference takes the lower uuid.
            flows.sort(key=lambda flow: (-flow.priority, flow.uuid))
        return tables

    def _members(self, table: str, column: str, name: str) -> tuple[str, ...] | None:
        key = (table, name)
        if key not in self._sets:
            rows = self._select(table, [["name", "==", name]], (column,))
            self._sets[key] = tuple(as_list(rows[0][column])) if rows else None
        return self._sets[key]

    def macs(self, port: Port) -> dict[tuple[str, str], str]:
        """The MACs of neighbours by (port, IP address)."""
        if port.datapath not in self._macs:
            found: dict[tuple[str, str], str] = {}
            for table in ("MAC_Binding", "Static_MAC_Binding"):
                rows = self._select(table, [["datapath", "==", ["uuid", port.datapath]]], ("logical_port", "ip", "mac"))
                found.update(((row["logical_port"], row["ip"]), row["mac"]) for row in rows)
            self._macs[port.datapath] = found
        return self._macs[port.datapath]

    def fdb(self, datapath: Datapath, mac: str) -> int | None:
        """The key of the port behind which a MAC was seen."""
        rows = self._select("FDB", [["dp_key", "==", datapath.key], ["mac", "==", mac]], ("port_key",))
        return rows[0]["port_key"] if rows else None

    @property
    def address_sets(self) -> Mapping[str, tuple[str, ...]]:
        """`$name`."""
        return _Members(lambda name: self._members("Address_Set", "addresses", name))

    def port_groups(self, datapath: Datapath) -> Mapping[str, tuple[str, ...]]:
        """`@name`: a group's ports on this datapath, which has a row of its own."""
        return _Members(lambda name: self._members("Port_Group", "ports", f"{datapath.key}_{name}"))


class _Members(Mapping[str, tuple[str, ...]]):
    """Sets that are looked up one by one."""

    def __init__(self, find: Callable[[str], tuple[str, ...] | None]) -> None:
        self._find = find

    def __getitem__(self, name: str) -> tuple[str, ...]:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterable[str]:  # type: ignore[override]
        raise NotImplementedError("sets are looked up by name")

    def __len__(self) -> int:
        raise NotImplementedError("sets are looked up by name")
