"""Mirror, and the ports by which copies for other ports leave a switch."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import PortKey
from pyovn.northd.southbound.datapaths import KeyRequest, datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.switch.mirrors import targets
from pyovn.northd.topology import SwitchPort
from pyovn.query import Engine, some
from pyovn.schemas import nb, sb


def mirror(db: Engine, ref: str) -> Iterator[Wanted]:
    """A mirror, as chassis read it."""
    row = db.get(nb.Mirror, ref)
    if row is not None:
        yield wanted(sb.Mirror, ref, name=row.name, filter=row.filter, index=row.index, sink=row.sink, type=row.type)


MIRRORED = some(nb.LogicalSwitchPort, lambda row: bool(row.mirror_rules))
"""The switch ports that have mirrors."""


def mirrors_of_port(db: Engine, port: SwitchPort) -> tuple[Key, ...]:
    """The mirrors of a switch port that exist, to refer to."""
    return tuple(Key(sb.Mirror, ref) for ref in port.mirrors if db.get(nb.Mirror, ref))


def exit_key(db: Engine, ref: str) -> Iterator[KeyRequest]:
    """The ports by which copies leave need tunnel keys."""
    port = topology.switch_port(db, ref)
    for target in targets(db, port) if port else ():
        yield KeyRequest(port.switch if port else "", target.exit, 0, fleeting=True)


def exits(db: Engine, ref: str) -> Iterator[Wanted]:
    """The bindings of the ports by which copies of a port's packets leave."""
    port = topology.switch_port(db, ref)
    for target in targets(db, port) if port else ():
        allotted = db.get(PortKey, target.exit)
        if port is not None and allotted is not None:
            yield wanted(
                sb.PortBinding, target.exit, {"up": False}, logical_port=target.exit, type="mirror", mirror_port=target.sink,
                datapath=datapath(port.switch), tunnel_key=allotted.key,
            )  # fmt: skip
