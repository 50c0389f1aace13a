"""The same command lines through the reference's zones and through ours: what zones tell each other, and what comes of it, compared.

`PYOVN_REFERENCE=DIR python -m tests.interconnect.differential SEED [COUNT]` plays random lines and prints where they differ.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.interconnect.random_lines import START, ZONES, random_line
from tests.interconnect.zones import Zones
from tests.northd.differential import dump_of
from tests.northd.reference import Central, Dump, program, schema

COMPARED: dict[str, dict[str, tuple[str, ...]]] = {
    "ic_sb": {
        "Availability_Zone": ("name",),
        "Gateway": ("name", "availability_zone", "hostname", "encaps"),
        "Datapath_Binding": ("transit_switch", "type", "nb_ic_uuid", "tunnel_key"),
        "Port_Binding": ("logical_port", "transit_switch", "availability_zone", "gateway", "address", "type", "nb_ic_uuid", "external_ids"),
        "Route": ("transit_switch", "availability_zone", "route_table", "ip_prefix", "nexthop", "origin", "external_ids"),
        "Service_Monitor": ("logical_port", "ip", "port", "source_availability_zone", "target_availability_zone", "options", "status"),
    },
    "nb": {
        "Logical_Switch": ("name", "other_config", "ports"),
        "Logical_Switch_Port": ("name", "type", "addresses", "options"),
        "Logical_Router": ("name", "options", "ports"),
        "Logical_Router_Port": ("name", "mac", "networks", "options"),
        "Logical_Router_Static_Route": ("router", "ip_prefix", "nexthop", "route_table", "options", "external_ids"),
    },
    "sb": {
        "Chassis": ("name", "hostname", "other_config", "encaps"),
        "Port_Binding": ("logical_port", "chassis"),
        "Service_Monitor": ("logical_port", "ip", "port", "remote", "ic_learned", "options", "status"),
    },
}
"""What is compared of each database: tables, and their columns."""

NAMES: dict[str, tuple[str, ...]] = {
    "Encap": ("type", "ip", "options"), "Route": ("transit_switch", "route_table", "ip_prefix", "nexthop"),
    "Logical_Router_Static_Route": ("route_table", "ip_prefix", "nexthop"), "Port_Binding": ("logical_port",),
}  # fmt: skip
"""By what rows without a name are known."""

MOVED = "set Transit_Router_Port"
"""A transit router's port that gets a chassis in another zone moves there; in the reference it stays with neither."""
LEARNED = "ic-learned-route"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PORT_KEY = re.compile(r'(?<="requested-tnl-key",")\d+')
Dumps = dict[str, Dump]
"""What a world holds: `ic_nb`, `ic_sb`, and `ZONE nb` and `ZONE sb` for each zone."""


def names_of(dumps: Dumps) -> dict[str, str]:
    """What each row is called, by uuid."""
    found = {}
    for dump in dumps.values():
        for table, rows in dump.items():
            for uuid, row in rows.items():
                columns = NAMES.get(table, ("name",) if "name" in row else ())
                found[uuid] = f"{table}:" + "|".join(json.dumps(row[column]) for column in columns)
    return found


def normal(value: Any, names: dict[str, str]) -> Any:
    """A value with names in the place of uuids, in which the order of sets and maps is of no account."""
    if isinstance(value, str):
        return UUID.sub(lambda found: names.get(found[0], "nobody"), value)
    if isinstance(value, list) and len(value) == 2 and value[0] in ("set", "map"):
        return [value[0], sorted((normal(item, names) for item in value[1]), key=json.dumps)]
    if isinstance(value, list) and len(value) == 2 and value[0] == "uuid":
        return ["set", [normal(value[1], names)]]
    return [normal(item, names) for item in value] if isinstance(value, list) else value


def routers_on(dumps: Dumps, transit: str | None = None) -> set[str]:
    """The routers, by uuid, that zones say are on a transit switch (None: on any)."""
    bindings = [row for row in dumps["ic_sb"]["Port_Binding"].values() if row["address"] != "unknown"]
    return {dict(row["external_ids"][1]).get("router-id", "") for row in bindings if transit in (None, row["transit_switch"])}


def is_stale(row: dict[str, Any], dumps: Dumps) -> bool:
    """Whether the reference has left it: a transit router's port that is gone, a route of a router on no transit switch any more."""
    if row.get("type") == "transit-router-port":
        return all(row["logical_port"] != port["name"] for port in dumps["ic_nb"]["Transit_Router_Port"].values())
    ids = dict(row.get("external_ids", ["map", []])[1])
    if "nexthop" not in row or not ids.keys() & {LEARNED, "lr-id"}:
        return False
    if LEARNED not in ids:
        return ids["lr-id"] not in routers_on(dumps, row["transit_switch"])
    source = dumps["ic_sb"]["Route"].get(ids[LEARNED])
    return source is None or is_stale(source, dumps) or row["holder"] not in routers_on(dumps)


def with_routers(dump: Dump) -> Dump:
    """A northbound in which each static route says whose it is."""
    routes = dump.get("Logical_Router_Static_Route", {})
    for holder, router in dump.get("Logical_Router", {}).items():
        for uuid in UUID.findall(json.dumps(router["static_routes"])):
            routes[uuid] = {**routes[uuid], "router": router["name"], "holder": holder}
    return dump


def shown(dumps: Dumps) -> list[str]:
    """Every row that is compared, as a line."""
    names = names_of(dumps)
    return sorted(line for place, dump in dumps.items() for line in lines_of(place, with_routers(dump), dumps, names))


def lines_of(place: str, dump: Dump, dumps: Dumps, names: dict[str, str]) -> Iterator[str]:
    """The rows of one database."""
    for table, columns in COMPARED.get(place.split()[-1], {}).items():
        rows = [row for row in dump.get(table, {}).values() if not is_stale(row, dumps)]
        for row in rows:
            text = json.dumps([normal(row[column], names) for column in columns], separators=(",", ":"))
            yield f"{place} {table} {PORT_KEY.sub('KEY', text) if 'Port' in table else text}"


class World:
    """The reference's zones, joined by its own `ovn-ic` or by another."""

    def __init__(self, folder: Path, names: Sequence[str], joined_by: str | None = None) -> None:
        self.joined_by = joined_by or str(program("ovn-ic"))
        self.shared = Central(folder)
        self.zones = {name: Central(folder / name) for name in names}

    def start(self) -> None:
        """Start the servers and daemons of all zones."""
        for database in ("ic-nb", "ic-sb"):
            file = f"{self.shared.folder}/{database}.db"
            self.shared.run("ovsdb-tool", "create", file, str(schema(f"ovn-{database}.ovsschema")))
            self.shared.daemon(database, "ovsdb-server", f"--remote=p{self.shared.remote(database)}", file)
        for name, zone in self.zones.items():
            zone.folder.mkdir()
            zone.start()
            remotes = [f"--ovn{which}-db={zone.remote(which)}" for which in ("nb", "sb")]
            remotes += [f"--ic-{which}-db={self.shared.remote(f'ic-{which}')}" for which in ("nb", "sb")]
            zone.daemon("ic", self.joined_by, *remotes)
            self.attempt(f"{name}: ovn-nbctl set NB_Global . name={name}")
        while len(self.shared.dump("ic-sb")["Availability_Zone"]) < len(self.zones):
            os.sched_yield()

    def attempt(self, line: str) -> int:
        """Run a command line; its status, after everybody has followed."""
        name, _, words = line.partition(": ")
        remotes = {
            "OVN_NB_DB": self.zones[name].remote("nb"), "OVN_SB_DB": self.zones[name].remote("sb"),
            "OVN_IC_NB_DB": self.shared.remote("ic-nb"), "OVN_IC_SB_DB": self.shared.remote("ic-sb"),
        }  # fmt: skip
        command = f"{Path(str(program('ovn-nbctl'))).parent}/{words}"
        done = subprocess.run(["sh", "-c", command], env=self.shared.environment | remotes, capture_output=True, check=False, timeout=30)
        return done.returncode

    def dumps(self) -> Dumps:
        """What all databases hold."""
        zones = {f"{name} {which}": zone.dump(which) for name, zone in self.zones.items() for which in ("nb", "sb")}
        return {"ic_nb": self.shared.dump("ic-nb"), "ic_sb": self.shared.dump("ic-sb"), **zones}

    def settled(self) -> list[str]:
        """What they hold when nothing happens any more."""
        before: list[str] = []
        while True:
            for zone in self.zones.values():
                zone.settle()
            now = shown(self.dumps())
            if now == before:
                return now
            before = now

    def stop(self) -> None:
        """End everything."""
        for zone in (*self.zones.values(), self.shared):
            zone.stop()


@contextmanager
def reference(*names: str, joined_by: str | None = None) -> Iterator[World]:
    """The reference's zones for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="zones") as folder:
        world = World(Path(folder), names, joined_by)
        try:
            world.start()
            yield world
        finally:
            world.stop()


def ours(zones: Zones) -> list[str]:
    """What our zones hold."""
    dumps = {f"{name} {which}": dump_of(getattr(zone, which)) for name, zone in zones.zones.items() for which in ("nb", "sb")}
    return shown({"ic_nb": dump_of(zones.ic_nb), "ic_sb": dump_of(zones.ic_sb), **dumps})


def differences(lines: Sequence[str]) -> Iterator[str]:
    """What differs after each line, as far as the first line after which something does."""
    zones = Zones(*ZONES)
    with reference(*ZONES) as world:
        for line in lines:
            if MOVED in line:
                continue
            statuses = zones.attempt(line)[0], world.attempt(line)
            mine, theirs = set(ours(zones)), set(world.settled())
            if mine != theirs or statuses[0] != statuses[1]:
                yield f"after {line}: {statuses}"
                yield from (f"  reference only: {row}" for row in sorted(theirs - mine))
                yield from (f"  ours only: {row}" for row in sorted(mine - theirs))
                return


def is_there() -> bool:
    """Whether all that is needed of the reference is at hand."""
    programs = ("ovsdb-tool", "ovsdb-server", "ovsdb-client", "ovn-northd", "ovn-ic", "ovn-nbctl", "ovn-sbctl", "ovn-ic-nbctl")
    return all(map(program, programs)) and all(map(schema, ("ovn-nb.ovsschema", "ovn-ic-nb.ovsschema", "ovn-ic-sb.ovsschema")))


if __name__ == "__main__":
    draw = Random(int(sys.argv[1]))
    played = [*START, *(random_line(draw) for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 30))]
    for told in differences(played):
        print(told)
