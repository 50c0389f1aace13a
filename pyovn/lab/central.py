"""The central node's part: northbound and southbound databases and the compiler between them; perhaps those that zones share, too."""

from __future__ import annotations

from pyovn.interconnect.interconnect import LOCK as ZONE_LOCK
from pyovn.interconnect.interconnect import Interconnect
from pyovn.lab.databases import Databases
from pyovn.lab.world import World
from pyovn.northd.northd import LOCK, Northd
from pyovn.ovsdb.database import Database
from pyovn.schemas import ic_nb, ic_sb, nb, sb


class Central:
    """Two databases on one server, and northd; with `shared`, those of all zones beside them."""

    def __init__(self, world: World, name: str, *, shared: bool = False) -> None:
        self.world = world
        self.databases = Databases(world, f"{name} central")
        self.nb = self.databases.add(nb)
        self.sb = self.databases.add(sb)
        self.shared = (self.databases.add(ic_nb), self.databases.add(ic_sb)) if shared else ()
        nb_store = self.databases.local(self.nb, lambda: self.bell())
        sb_store = self.databases.local(self.sb, lambda: self.bell(), LOCK)
        self.northd = Northd(nb_store, sb_store)
        self.bell = world.join(self.northd, lambda effects: None)

    @property
    def served(self) -> tuple[Database, ...]:
        """Every database here."""
        return self.nb, self.sb, *self.shared

    def join_zones(self, northbound: Databases, southbound: Databases) -> None:
        """Start what joins this zone to those that share the databases of these servers."""
        shared = ((northbound, ic_nb), (southbound, ic_sb))
        stores = [server.local(server.server.databases[schema.SCHEMA].database, lambda: bell()) for server, schema in shared]
        mine = self.databases.local(self.nb, lambda: bell()), self.databases.local(self.sb, lambda: bell(), ZONE_LOCK)
        bell = self.world.join(Interconnect(*mine, *stores), lambda effects: None)

    def listening(self, port: int) -> bool:
        """Whether a Connection row of any database asks for this TCP port."""
        rows = [row for database in self.served for row in database.tables["Connection"].rows.values()]
        targets = (row.target.split(":") for row in rows)  # type: ignore[attr-defined]
        return any(words[0] == "ptcp" and words[1:2] == [str(port)] for words in targets)
