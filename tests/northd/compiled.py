"""A small northbound in an engine, and the flows that come of it: what tests of generators start from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pyovn.northd.allotted import RoutingNumber
from pyovn.northd.contents import COLLECTIONS
from pyovn.northd.flow import Flow
from pyovn.northd.keys import Keys
from pyovn.northd.pipeline import Stage
from pyovn.northd.router.routing_numbers import MAX_NUMBER, ROUTING_NUMBERS
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.row import Table
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalSwitch, LogicalSwitchPort


class Fed(NamedTuple):
    """A row that is in no database appears."""

    table: type[Any]
    uuid: str
    old: Any
    new: Any


def engine(rows: Iterable[Table]) -> Engine:
    """An engine that holds these rows, and the numbers of groups and chains."""
    db = Engine()
    db.feed(Change(type(row), row.uuid, None, row) for row in rows)
    requests = db.take(ROUTING_NUMBERS).gained
    numbered = Keys(lambda request: None, lowest=True).allot(requests, MAX_NUMBER)
    db.feed(Fed(RoutingNumber, owner, None, RoutingNumber(owner, key or 0)) for (_, owner, *_), key in numbered)
    return db


def switch(*ports: LogicalSwitchPort, **columns: object) -> list[Table]:
    """A switch called `sw` with these ports."""
    holder = LogicalSwitch("sw", **{"name": "sw", "ports": tuple(sorted(port.uuid for port in ports)), **columns})
    return [holder, *ports]


def router(*ports: LogicalRouterPort, **columns: object) -> list[Table]:
    """A router called `lr` with these ports."""
    holder = LogicalRouter("lr", **{"name": "lr", "ports": tuple(sorted(port.uuid for port in ports)), **columns})
    return [holder, *ports]


def port(name: str, *addresses: str, **columns: object) -> LogicalSwitchPort:
    """A switch port; its uuid is its name."""
    return LogicalSwitchPort(name, name=name, addresses=tuple(sorted(addresses)), **columns)


def router_port(name: str, mac: str, *networks: str, **columns: object) -> LogicalRouterPort:
    """A router port; its uuid is its name."""
    return LogicalRouterPort(name, name=name, mac=mac, networks=tuple(sorted(networks)), **columns)


def towards(name: str, router_port: str, *addresses: str) -> LogicalSwitchPort:
    """A switch port that connects to a router port."""
    return port(name, *(addresses or ("router",)), type="router", options={"router-port": router_port})


def flows(rows: Iterable[Table]) -> list[Flow]:
    """Every flow of the network."""
    db = engine(rows)
    return [flow for collection in COLLECTIONS for _, flow in db.items(collection)]


def shown(flow: Flow) -> str:
    """A flow as `priority match -> actions`."""
    return f"{flow.priority} {flow.match} -> {flow.actions}"


def check(rows: Iterable[Table], stage: Stage, *expected: str, default: bool = False) -> None:
    """The flows of a stage, those of priority 0 apart unless `default`, are these."""
    found = sorted(shown(flow) for flow in flows(rows) if flow.stage is stage and (default or flow.priority))
    assert found == sorted(expected)


def check_among(rows: Iterable[Table], stage: Stage, *expected: str) -> None:
    """These flows are among those of a stage."""
    found = {shown(flow) for flow in flows(rows) if flow.stage is stage}
    assert set(expected) <= found, f"only {sorted(found)}"
