"""Several zones in one process: each with its two databases, a compiler and what joins it to the others, and the two that all share."""

from __future__ import annotations

import shlex
from io import StringIO
from itertools import count
from types import ModuleType
from typing import TypeVar

from pyovn.cli import icnbctl, icsbctl, nbctl, sbctl
from pyovn.interconnect.interconnect import Interconnect
from pyovn.northd.northd import Northd
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.row import Table
from pyovn.schemas import ic_nb, ic_sb, nb, sb
from tests.cli.beside import Direct

T = TypeVar("T", bound=Table)

PROGRAMS: dict[str, ModuleType] = {"ovn-nbctl": nbctl, "ovn-sbctl": sbctl, "ovn-ic-nbctl": icnbctl, "ovn-ic-sbctl": icsbctl}

MOST_TURNS = 50
"""After so many turns of everybody there must be nothing left to do."""


class Zone:
    """One zone."""

    def __init__(self, zones: Zones, name: str) -> None:
        self.nb, self.sb = zones.new_database(nb), zones.new_database(sb)
        self.northd = Northd(Local(self.nb), Local(self.sb))
        self.ic = self.another(zones)
        self.client = Direct({database.schema.name: database for database in (self.nb, self.sb, zones.ic_nb, zones.ic_sb)})

    def another(self, zones: Zones) -> Interconnect:
        """One more daemon for the zone."""
        return Interconnect(Local(self.nb), Local(self.sb), Local(zones.ic_nb), Local(zones.ic_sb))


class Zones:
    """The world: `az1` and so on; a command line is `ZONE: PROGRAM …`, and after each everybody follows."""

    def __init__(self, *names: str) -> None:
        numbers = count(1)
        self._new_uuid = lambda: f"{next(numbers):08x}-0000-4000-8000-000000000000"
        self.ic_nb, self.ic_sb = self.new_database(ic_nb), self.new_database(ic_sb)
        self.zones: dict[str, Zone] = {}
        for name in names:
            self.zones[name] = Zone(self, name)
            self.run(f"{name}: ovn-nbctl set NB_Global . name={name}")

    def new_database(self, schema: ModuleType) -> Database:
        """An empty database."""
        return Database(schema_of(schema), tables_of(schema), self._new_uuid)

    def run(self, *lines: str) -> str:
        """Run command lines, each followed by everybody; what the last printed."""
        printed = ""
        for line in lines:
            status, printed, wrong = self.attempt(line)
            assert (status, wrong) == (0, ""), f"{line}: {wrong}"
        return printed

    def attempt(self, line: str) -> tuple[int, str, str]:
        """Run a command line, which may be refused; its status, and what it printed on either side."""
        name, _, words = line.partition(": ")
        program, *argv = shlex.split(words)
        out, err = StringIO(), StringIO()
        client = self.zones[name].client
        status = PROGRAMS[program].run(argv, {}, out=out, err=err, connect=lambda target: client)
        self.settle()
        return status, out.getvalue(), err.getvalue()

    def settle(self) -> None:
        """Let everybody follow until nobody has anything to do."""
        machines = [machine for zone in self.zones.values() for machine in (zone.northd, zone.ic)]
        for _ in range(MOST_TURNS):
            before = [machine.transactions for machine in machines]
            for machine in machines:
                machine.tick(0.0)
            if before == [machine.transactions for machine in machines]:
                return
        raise AssertionError("somebody always finds something to do")

    def rows(self, name: str, table: type[T]) -> list[T]:
        """The rows of a table that a zone sees, in the order of their uuids."""
        zone = self.zones[name]
        places = ((nb, zone.nb), (sb, zone.sb), (ic_nb, self.ic_nb), (ic_sb, self.ic_sb))
        databases = {module.__name__: database for module, database in places}
        return list(Local(databases[table.__module__]).rows(table).values())

    def said(self, name: str, table: type[Table], *columns: str) -> list[tuple[object, ...]]:
        """Some columns of every row of a table, sorted."""
        return sorted((tuple(getattr(row, column) for column in columns) for row in self.rows(name, table)), key=repr)


def chassis(name: str, zone: str, ip: str, *, gateway: bool = True) -> tuple[str, str]:
    """Command lines that enter a chassis of a zone, as its agent would."""
    flag = "true" if gateway else "false"
    return f"{zone}: ovn-sbctl chassis-add {name} geneve {ip}", f"{zone}: ovn-sbctl set Chassis {name} other_config:is-interconn={flag}"
