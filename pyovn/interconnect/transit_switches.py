"""Transit switches: a logical switch for each in every zone, and the tunnel key that all zones use (ovn-ic-nb(5), Transit_Switch)."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.interconnect.edits import Edit, Remove, differing, differing_key, new
from pyovn.interconnect.keys import datapath_key, fits, in_vxlan, switch_binding
from pyovn.interconnect.settings import is_set
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, projection, query
from pyovn.schemas import ic_nb, ic_sb, nb

MARK = "interconn-ts"
"""The key of a logical switch's `other_config` that says which transit switch it is this zone's part of."""


def logical_switch(db: Engine, name: str) -> nb.LogicalSwitch | None:
    """This zone's part of a transit switch."""
    found = db.find(nb.LogicalSwitch, "other_config", (MARK, name))
    return db.get(nb.LogicalSwitch, found[0]) if found else None


@query
def switch_named(db: Engine, name: str) -> str | None:
    """The transit switch of this name."""
    found = db.find(ic_nb.TransitSwitch, "name", name)
    return found[0] if found else None


@projection
def transit_name(db: Engine, switch: str) -> str:
    """The transit switch that a logical switch is a part of; empty if it is none."""
    row = db.get(nb.LogicalSwitch, switch)
    return row.name if row is not None and row.other_config.get(MARK) == row.name else ""


@query
def transit_of(db: Engine, port: str) -> tuple[str, str]:
    """The transit switch that a switch port is on, by name, and the logical switch; empty if it is on none."""
    for switch in db.referrers(nb.LogicalSwitch, "ports", port):
        name = transit_name(db, switch)
        if name and switch_named(db, name):
            return name, switch
    return "", ""


def part(db: Engine, ref: str) -> Iterator[Edit]:
    """This zone has a part of each transit switch, with the key that all zones use."""
    switch = db.get(ic_nb.TransitSwitch, ref)
    if switch is None or my_zone(db) is None:
        return
    row, binding = logical_switch(db, switch.name), switch_binding(db, switch)
    vxlan = in_vxlan(db)
    mode = "true" if vxlan else "false"
    key = str(binding.tunnel_key) if binding is not None and fits(binding.tunnel_key, vxlan) else None
    if row is None:
        config = {MARK: switch.name, "ic-vxlan_mode": mode, **({"requested-tnl-key": key} if key else {})}
        yield new(nb.LogicalSwitch, name=switch.name, other_config=config)
        return
    if is_set(row.other_config, "ic-vxlan_mode") != vxlan:
        yield from differing_key(row, "other_config", "ic-vxlan_mode", mode)
    if key is not None:
        yield from differing_key(row, "other_config", "requested-tnl-key", key)


def binding(db: Engine, ref: str) -> Iterator[Edit]:
    """Each transit switch has a binding in the shared southbound, with a key that tunnels can carry."""
    switch = db.get(ic_nb.TransitSwitch, ref)
    if switch is None or my_zone(db) is None:
        return
    row, key = switch_binding(db, switch), datapath_key(db, ref)
    if row is None and key is not None:
        yield new(
            ic_sb.DatapathBinding, ("tunnel_key", "nb_ic_uuid"),
            transit_switch=switch.name, tunnel_key=key, type="transit-switch", nb_ic_uuid=ref,
        )  # fmt: skip
    elif row is not None:
        if key is not None:
            yield from differing(row, tunnel_key=key)
        if row.type is None:
            yield from differing(row, type="transit-switch")
        if row.nb_ic_uuid is None:
            yield from differing(row, nb_ic_uuid=ref)


def leftover_part(db: Engine, ref: str) -> Iterator[Edit]:
    """The part of a transit switch that is no more goes, and so does a second part of one."""
    row = db.get(nb.LogicalSwitch, ref)
    name = row.other_config.get(MARK) if row is not None else None
    if name is not None and my_zone(db) is not None:
        first = logical_switch(db, name)
        if switch_named(db, name) is None or (first is not None and first.uuid != ref):
            yield Remove(nb.LogicalSwitch, ref)


def leftover_binding(db: Engine, ref: str) -> Iterator[Edit]:
    """The binding of a transit switch that is no more goes."""
    row = db.get(ic_sb.DatapathBinding, ref)
    if row is not None and row.type != "transit-router" and my_zone(db) is not None and switch_named(db, row.transit_switch) is None:
        yield Remove(ic_sb.DatapathBinding, ref)
