"""Transit routers: a logical router for each in every zone, and the tunnel key that all zones use (ovn-ic-nb(5), Transit_Router)."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.interconnect.edits import Edit, Remove, differing_key, new
from pyovn.interconnect.keys import binding_of, datapath_key
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, query
from pyovn.schemas import ic_nb, ic_sb, nb

MARK = "interconn-tr"
"""The key of a logical router's and of its ports' `options` that says what they are this zone's part of."""


def logical_router(db: Engine, name: str) -> nb.LogicalRouter | None:
    """This zone's part of a transit router."""
    found = db.find(nb.LogicalRouter, "options", (MARK, name))
    return db.get(nb.LogicalRouter, found[0]) if found else None


@query
def router_named(db: Engine, name: str) -> str | None:
    """The transit router of this name."""
    found = db.find(ic_nb.TransitRouter, "name", name)
    return found[0] if found else None


def part(db: Engine, ref: str) -> Iterator[Edit]:
    """This zone has a part of each transit router, with the key that all zones use."""
    router = db.get(ic_nb.TransitRouter, ref)
    if router is None or my_zone(db) is None:
        return
    row, binding = logical_router(db, router.name), binding_of(db, ref)
    key = str(binding.tunnel_key) if binding is not None else None
    if row is None:
        yield new(nb.LogicalRouter, name=router.name, options={MARK: router.name, **({"requested-tnl-key": key} if key else {})})
    elif key is not None:
        yield from differing_key(row, "options", "requested-tnl-key", key)


def binding(db: Engine, ref: str) -> Iterator[Edit]:
    """Each transit router has a binding in the shared southbound."""
    key = datapath_key(db, ref)
    if key is not None and my_zone(db) is not None and binding_of(db, ref) is None:
        yield new(ic_sb.DatapathBinding, ("tunnel_key", "nb_ic_uuid"), tunnel_key=key, type="transit-router", nb_ic_uuid=ref)


def leftover_part(db: Engine, ref: str) -> Iterator[Edit]:
    """The part of a transit router that is no more goes, and so does a second part of one."""
    row = db.get(nb.LogicalRouter, ref)
    name = row.options.get(MARK) if row is not None else None
    if name is not None and my_zone(db) is not None:
        first = logical_router(db, name)
        if router_named(db, name) is None or (first is not None and first.uuid != ref):
            yield Remove(nb.LogicalRouter, ref)


def leftover_binding(db: Engine, ref: str) -> Iterator[Edit]:
    """The binding of a transit router that is no more goes."""
    row = db.get(ic_sb.DatapathBinding, ref)
    if row is not None and row.type == "transit-router" and my_zone(db) is not None:
        if row.nb_ic_uuid is None or db.get(ic_nb.TransitRouter, row.nb_ic_uuid) is None:
            yield Remove(ic_sb.DatapathBinding, ref)
