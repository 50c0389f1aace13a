"""What a host asks of the southbound: who lives where is copied whole, what is particular to a datapath only where that matters here.

`ovn-monitor-all` (ovn-controller(8)) asks for everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyovn.controller.host import setting
from pyovn.controller.local_datapaths import is_local
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.store import Store
from pyovn.query import Engine, each
from pyovn.schemas import sb

PARTICULAR: tuple[type[Table], ...] = (
    sb.LogicalFlow, sb.MACBinding, sb.StaticMACBinding, sb.MulticastGroup, sb.DNS, sb.IPMulticast, sb.IGMPGroup,
)  # fmt: skip
"""The tables of which only some rows are asked for."""


def _datapath(db: Engine, ref: str) -> Iterator[str]:
    if is_local(db, ref):
        yield ref


def _group(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(sb.LogicalDPGroup, ref)
    if row is not None and any(is_local(db, datapath) for datapath in row.datapaths):
        yield ref


DATAPATHS = each((sb.DatapathBinding, _datapath))
GROUPS = each((sb.LogicalDPGroup, _group))
"""What matters here, and the groups of datapaths in which some of it is."""


def conditions(table: type[Table], datapaths: Sequence[str], groups: Sequence[str]) -> list[Condition]:
    """Which rows of a table are about any of these datapaths or groups of them."""
    if table is sb.LogicalFlow:
        own = [Condition("logical_datapath", "==", datapath) for datapath in datapaths]
        return own + [Condition("logical_dp_group", "==", group) for group in groups]
    if table is sb.DNS:
        return [Condition("datapaths", "includes", (datapath,)) for datapath in datapaths]
    return [Condition("datapath", "==", datapath) for datapath in datapaths]


class Interest:
    """Tells the store what is asked for, whenever that is something else."""

    def __init__(self, db: Engine, store: Store) -> None:
        self._db = db
        self._store = store
        self._everything: bool | None = None
        for table in PARTICULAR:
            store.set_conditions(table, ())

    def follow(self) -> None:
        """Ask for what matters now."""
        changed = any(difference for collection in (DATAPATHS, GROUPS) for difference in self._db.take(collection))
        everything = setting(self._db, "ovn-monitor-all") == "true"
        if everything and not self._everything:
            for table in PARTICULAR:
                self._store.set_conditions(table, None)
        elif not everything and (changed or everything is not self._everything):
            datapaths, groups = sorted(self._db.items(DATAPATHS)), sorted(self._db.items(GROUPS))
            for table in PARTICULAR:
                self._store.set_conditions(table, conditions(table, datapaths, groups))
        self._everything = everything

    @property
    def met(self) -> bool:
        """Whether all that is asked for is here, as far as anybody can tell while the server is away."""
        return self._store.conditions_applied
