"""Route tables: known by name in the northbound, by number in registers. A number stays, also when another compiler takes over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyovn.northd.allotted import RouteTable
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ROUTE_TABLE
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.northd.topology import router_port_named
from pyovn.query import Engine, each
from pyovn.schemas.nb import LogicalRouterPort, LogicalRouterStaticRoute
from pyovn.schemas.sb import LogicalFlow

MAX_TABLE = 65535


def _of_route(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(LogicalRouterStaticRoute, ref)
    if row is not None and row.route_table:
        yield KeyRequest("", row.route_table, 0)


def _of_port(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(LogicalRouterPort, ref)
    name = row.options.get("route_table", "") if row else ""
    if name:
        yield KeyRequest("", name, 0)


ROUTE_TABLES = each((LogicalRouterStaticRoute, _of_route), (LogicalRouterPort, _of_port))
"""The names that need a number."""


def table_number(db: Engine, name: str) -> int:
    """The number of a route table in registers: 0 for the main one, which has no name."""
    row = db.get(RouteTable, name) if name else None
    return row.key if row else 0


_ENTRY = re.compile(r'inport == "(.*)"')
_CHOSEN = re.compile(rf"{ROUTE_TABLE} = (\d+); ")
_ASKED = re.compile(rf"{ROUTE_TABLE} == ([1-9]\d*) && ")


def numbers_in_use(db: Engine, flows: Iterable[LogicalFlow]) -> Mapping[str, int]:
    """The numbers by which the flows of another compiler know tables: those of ports that choose one, and of routes in one."""
    found: dict[str, int] = {}
    routes = [(ref, row.route_table) for ref in db.every(LogicalRouterStaticRoute) if (row := db.get(LogicalRouterStaticRoute, ref))]
    tables = {ref[:8]: name for ref, name in routes if name}
    for flow in flows:
        if flow.pipeline != "ingress" or flow.table_id not in (Stage.LR_IN_IP_ROUTING_PRE.number, Stage.LR_IN_IP_ROUTING.number):
            continue
        entry, chosen, asked = _ENTRY.fullmatch(flow.match), _CHOSEN.match(flow.actions), _ASKED.match(flow.match)
        if entry and chosen:
            ref = router_port_named(db, entry[1])
            port = db.get(LogicalRouterPort, ref) if ref else None
            found[port.options.get("route_table", "") if port else ""] = int(chosen[1])
        elif asked:
            found[tables.get(flow.external_ids.get("stage-hint", ""), "")] = int(asked[1])
    return found
