"""The central node's part: northbound and southbound databases and the compiler between them."""

from __future__ import annotations

from pyovn.lab.databases import Databases
from pyovn.lab.world import World
from pyovn.northd.northd import LOCK, Northd
from pyovn.schemas import nb, sb


class Central:
    """Two databases on one server, and northd."""

    def __init__(self, world: World, name: str) -> None:
        self.databases = Databases(world, f"{name} central")
        self.nb = self.databases.add(nb)
        self.sb = self.databases.add(sb)
        nb_store = self.databases.local(self.nb, lambda: self.bell())
        sb_store = self.databases.local(self.sb, lambda: self.bell(), LOCK)
        self.northd = Northd(nb_store, sb_store)
        self.bell = world.join(self.northd, lambda effects: None)

    def listening(self, port: int) -> bool:
        """Whether a Connection row of either database asks for this TCP port."""
        rows = (*self.nb.tables["Connection"].rows.values(), *self.sb.tables["Connection"].rows.values())
        targets = (row.target.split(":") for row in rows)  # type: ignore[attr-defined]
        return any(words[0] == "ptcp" and words[1:2] == [str(port)] for words in targets)
