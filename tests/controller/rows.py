"""Rows and engines for tests of queries."""

from __future__ import annotations

from typing import Any

from pyovn.controller.facts import ALLOCATORS, PROCESS, Allocators, Fact, Process
from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.row import Table, make
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch

OURS = "00000000-0000-4000-8000-00000000c0de"
BRIDGE = "00000000-0000-4000-8000-00000000b41d"


def uuid(number: int) -> str:
    """A uuid that tests can read."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def feed(db: Engine, table: type[Table], ref: str, **columns: Any) -> None:
    """Let a row be, with these columns; what was there before is replaced."""
    row = make(table, ref, {**defaults_of(table), **columns}.values())
    db.feed([Fact(table, ref, db.get(table, ref), row)])


def host(**settings: str) -> Engine:
    """The chassis hv1 with a bridge of no ports but its own, and these settings besides the usual ones."""
    db = Engine()
    db.feed([Fact(Process, PROCESS, None, Process("", "h", 7, "0e:00:00:00:00:01")), Fact(Allocators, ALLOCATORS, None, Allocators())])
    usual = {"system-id": "hv1", "ovn-encap-type": "geneve", "ovn-encap-ip": "192.0.2.1"}
    given = {key.replace("_", "-"): value for key, value in settings.items()}
    feed(db, vswitch.OpenvSwitch, uuid(0xA), external_ids={**usual, **given}, bridges=(BRIDGE,))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=())
    feed(db, sb.Chassis, OURS, name="hv1", hostname="h", encaps=())
    return db


def chassis(db: Engine, number: int, name: str, ip: str, *, type: str = "geneve", zones: tuple[str, ...] = ()) -> str:
    """Another host."""
    feed(db, sb.Encap, uuid(number + 1), type=type, ip=ip, options={"csum": "true"}, chassis_name=name)
    feed(db, sb.Chassis, uuid(number), name=name, encaps=(uuid(number + 1),), transport_zones=zones)
    return uuid(number)


def tunnel(db: Engine, number: int, name: str, ip: str, ofport: int, *, state: str = "down") -> None:
    """The tunnel port to another host, with what BFD says of it."""
    options = {"csum": "true", "key": "flow", "local_ip": "192.0.2.1", "remote_ip": ip}
    feed(db, vswitch.Interface, uuid(number + 1), name=f"ovn-{name}-0", type="geneve", ofport=ofport, options=options,
         bfd_status={"state": state})  # fmt: skip
    key = {"ovn-chassis-id": f"{name}@{ip}%192.0.2.1"}
    feed(db, vswitch.Port, uuid(number), name=f"ovn-{name}-0", interfaces=(uuid(number + 1),), external_ids=key)
    bridge = db.get(vswitch.Bridge, BRIDGE)
    assert bridge is not None
    ports = tuple(sorted({*bridge.ports, uuid(number)}))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=ports)
