"""What the host's administrator said: keys of Open_vSwitch.external_ids (ovn-controller(8)), each read on its own.

A key with `-` and the chassis name appended speaks for that chassis alone and wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.facts import process
from pyovn.query import Engine, index, query
from pyovn.schemas import vswitch

TUNNEL_TYPES = ("geneve", "vxlan")
"""What a host may use to reach others, preferred first."""


@query
def open_vswitch(db: Engine) -> str | None:
    """The one row of Open_vSwitch."""
    return next(iter(db.every(vswitch.OpenvSwitch)), None)


def _settings(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(vswitch.OpenvSwitch, ref)
    if row:
        yield from row.external_ids.items()


SETTINGS = index((vswitch.OpenvSwitch, _settings))
"""Every key by itself: the row changes with each command on the host, and that must not make everything be asked again."""


def raw_setting(db: Engine, key: str) -> str | None:
    """`external_ids:key` as it stands."""
    return next(iter(SETTINGS(db, key)), None)


@query
def chassis_name(db: Engine) -> str | None:
    """Who we are: the command line, else `system-id`; None while nobody has said."""
    return process(db).chassis_name or raw_setting(db, "system-id") or None


@query
def setting(db: Engine, key: str) -> str | None:
    """The setting, the chassis's own first."""
    name = chassis_name(db)
    own = raw_setting(db, f"{key}-{name}") if name else None
    return own if own is not None else raw_setting(db, key)


def is_true(text: str | None, default: bool = False) -> bool:
    """A Boolean setting: only "true" in any case is true."""
    return default if text is None else text.lower() == "true"


def listed(text: str | None) -> tuple[str, ...]:
    """The elements of a comma-separated setting, each once, in order."""
    return tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))


@query
def bridge_name(db: Engine) -> str:
    """The integration bridge's name."""
    return setting(db, "ovn-bridge") or "br-int"


class Encapsulation(NamedTuple):
    """How, and where, others may reach this host."""

    type: str
    ip: str
    options: tuple[tuple[str, str], ...]


@query
def encapsulations(db: Engine) -> tuple[Encapsulation, ...]:
    """Every listed type at every listed address; none unless both are said."""
    ips, types = listed(setting(db, "ovn-encap-ip")), listed(setting(db, "ovn-encap-type"))
    options = {"csum": (setting(db, "ovn-encap-csum") or "true")}
    default = setting(db, "ovn-encap-ip-default")
    found = []
    for kind in types:
        for ip in ips:
            own = {**options, **({"is_default": "true"} if ip == default else {})}
            found.append(Encapsulation(kind, ip, tuple(sorted(own.items()))))
    return tuple(encap for encap in found if encap.type in TUNNEL_TYPES)


@query
def bridge_mappings(db: Engine) -> tuple[tuple[str, str], ...]:
    """(physical network, bridge) pairs."""
    pairs = (part.partition(":") for part in listed(setting(db, "ovn-bridge-mappings")))
    return tuple((network, bridge) for network, colon, bridge in pairs if colon and network and bridge)


@query
def transport_zones(db: Engine) -> tuple[str, ...]:
    """The zones of which this host is a member, sorted."""
    return tuple(sorted(listed(setting(db, "ovn-transport-zones"))))


def _datapath_types(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(vswitch.Bridge, ref)
    if row:
        yield ref, row.datapath_type


DATAPATH_TYPES = index((vswitch.Bridge, _datapath_types))
"""By bridge, its type; for those to whom nothing else of the bridge matters."""


def _datapaths(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(vswitch.OpenvSwitch, ref)
    if row:
        yield from row.datapaths.items()


DATAPATHS = index((vswitch.OpenvSwitch, _datapaths))
"""The switch's data planes by type."""


@query
def has_capability(db: Engine, name: str) -> bool:
    """Whether the integration bridge's data plane can do something, as the switch itself says."""
    bridge = integration_bridge(db)
    for kind in DATAPATH_TYPES(db, bridge) if bridge else ():
        for ref in DATAPATHS(db, kind):
            row = db.get(vswitch.Datapath, ref)
            if row and row.capabilities.get(name) == "true":
                return True
    return False


@query
def integration_bridge(db: Engine) -> str | None:
    """The integration bridge's row."""
    return next(iter(db.find(vswitch.Bridge, "name", bridge_name(db))), None)
