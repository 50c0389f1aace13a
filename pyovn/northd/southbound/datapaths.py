"""Datapath_Binding: one row for each switch and router, with the tunnel key that tells it in a tunnel's header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd import topology
from pyovn.northd.ageing import least_threshold
from pyovn.northd.allotted import DatapathKey
from pyovn.northd.router import dynamic_routing
from pyovn.northd.settings import flag, integer
from pyovn.northd.southbound.global_rows import MAX_VXLAN_TUNNEL_ID, shares_tunnel_ids
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.switch import evpn
from pyovn.query import Engine, each, projection
from pyovn.schemas import nb, sb

ROUTER = "router"


class KeyRequest(NamedTuple):
    """Something that must have a tunnel key of its own among those of its `scope`."""

    scope: str
    """Empty for datapaths; for ports the uuid of their switch or router."""
    owner: str
    """For datapaths the uuid of the switch or router, for ports the name."""
    requested: int
    """The key that the owner asks for, or 0."""
    fleeting: bool = False
    """Once its owner is gone the key is free at once: nobody sends to it by itself."""
    kind: str = ""
    """For switch ports, how they are claimed; for routers `router`."""


def _requested(options: dict[str, str]) -> int:
    text = options.get("requested-tnl-key", "")
    return int(text) if text.isdecimal() else 0


def _switch_key(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(nb.LogicalSwitch, ref)
    if row is not None:
        requested = _requested(row.other_config)
        fits = requested <= MAX_VXLAN_TUNNEL_ID or "interconn-ts" in row.other_config or not shares_tunnel_ids(db)
        yield KeyRequest("", ref, requested if fits else 0)


def _router_key(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(nb.LogicalRouter, ref)
    if row is not None and row.enabled is not False:
        yield KeyRequest("", ref, _requested(row.options), kind=ROUTER)


DATAPATH_KEYS = each((nb.LogicalSwitch, _switch_key), (nb.LogicalRouter, _router_key))
"""Who needs a tunnel key."""


def datapath(uuid: str) -> Key:
    """The binding of a switch or router, to refer to."""
    return Key(sb.DatapathBinding, uuid)


@projection
def is_numbered(db: Engine, ref: str) -> bool:
    """Whether a switch or router has a tunnel key, whichever it is."""
    return db.get(DatapathKey, ref) is not None


def switch_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The datapath of a switch."""
    switch, allotted, row = topology.switch(db, ref), db.get(DatapathKey, ref), db.get(nb.LogicalSwitch, ref)
    if switch is not None and allotted is not None and row is not None:
        ids = {"logical-switch": ref, "name": switch.name, **_second_name(row.external_ids), **_of_switch(switch.other_config)}
        yield wanted(
            sb.DatapathBinding, ref, external_ids=ids, tunnel_key=allotted.key, type="logical-switch", nb_uuid=ref, load_balancers=()
        )


def _of_switch(config: dict[str, str]) -> dict[str, str]:
    """What chassis read of a switch's settings."""
    ids = {"interconn-ts": config["interconn-ts"]} if "interconn-ts" in config else {}
    for name in ("ct-zone-limit", "fdb_age_threshold"):
        if config.get(name, "").isdecimal() and int(config[name]):
            ids[name] = str(int(config[name]))
    return ids | evpn.datapath_ids(config)


def router_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The datapath of a router."""
    router, allotted, row = topology.router(db, ref), db.get(DatapathKey, ref), db.get(nb.LogicalRouter, ref)
    if router is not None and router.enabled and allotted is not None and row is not None:
        ids = {"logical-router": ref, "name": router.name, **_second_name(row.external_ids), **_of_router(router.options)}
        yield wanted(
            sb.DatapathBinding, ref, external_ids=ids, tunnel_key=allotted.key, type="logical-router", nb_uuid=ref, load_balancers=()
        )


def _of_router(options: dict[str, str]) -> dict[str, str]:
    """What chassis read of a router's settings."""
    ids = {"disable_garp_rarp": "true" if flag(options, "disable_garp_rarp") else "false"}
    if not flag(options, "always_learn_from_arp_request", True):
        ids["always_learn_from_arp_request"] = "false"
    age_s = least_threshold(options.get("mac_binding_age_threshold", ""))
    if age_s:
        # Whoever is still in use is seen again within the shortest.
        ids["mac_binding_age_threshold"] = str(age_s)
    for name, lowest in (("ct-zone-limit", 1), ("snat-ct-zone", 0)):
        number = integer(options, name, -1)
        if number >= lowest:
            ids[name] = str(number)
    return ids | dynamic_routing.datapath_ids(options)


def _second_name(ids: dict[str, str]) -> dict[str, str]:
    """A name for people, as clouds give it."""
    for key in ("neutron:network_name", "neutron:router_name"):
        if key in ids:
            return {"name2": ids[key]}
    return {}
