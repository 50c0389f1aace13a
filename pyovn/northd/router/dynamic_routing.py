"""Routers that exchange routes with others outside, by way of their chassis: who takes part, and what is told."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.settings import flag, number64
from pyovn.northd.topology import RouterPort, gateway_chassis, router, router_port
from pyovn.query import Engine, each, query, some
from pyovn.schemas.nb import LogicalRouter

CONNECTED, AS_HOST, STATIC, NAT, LB = "connected", "connected-as-host", "static", "nat", "lb"
KINDS = (CONNECTED, AS_HOST, STATIC, NAT, LB)
"""Kinds of routes that may be announced, as `dynamic-routing-redistribute` names them."""

REDISTRIBUTE = "dynamic-routing-redistribute"


ROUTERS = some(LogicalRouter, lambda row: flag(row.options, "dynamic-routing"))
"""The routers that take part: where none does, nothing here costs anything."""


def _ports(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(LogicalRouter, ref)
    yield from row.ports if row else ()


PORTS = each((ROUTERS, _ports))
"""Their ports, by uuid."""


@query
def is_dynamic(db: Engine, ref: str) -> bool:
    """The router takes part."""
    facts = router(db, ref)
    return facts is not None and flag(facts.options, "dynamic-routing")


@query
def redistributed(db: Engine, ref: str) -> frozenset[str]:
    """The kinds of routes that a router port announces, if a router that takes part has any there: its own wish, or its router's."""
    port = router_port(db, ref)
    holder = router(db, port.router) if port else None
    if port is None or holder is None:
        return frozenset()
    kinds = frozenset(port.options.get(REDISTRIBUTE, holder.options.get(REDISTRIBUTE, "")).split(",")).intersection(KINDS)
    return kinds | {CONNECTED} if AS_HOST in kinds else kinds


@query
def announced(db: Engine, ref: str) -> frozenset[str]:
    """The kinds of routes that a router port announces for its own router."""
    port = router_port(db, ref)
    return redistributed(db, ref) if port and is_dynamic(db, port.router) else frozenset()


def binding_options(db: Engine, port: RouterPort, *, is_redirect: bool) -> dict[str, str]:
    """What the chassis of a port, or of a gateway port's other half, has to know."""
    holder = router(db, port.router)
    if holder is None or not is_dynamic(db, port.router):
        return {}
    options = {}
    if is_redirect or gateway_chassis(db, port.router):
        options["dynamic-routing"] = "true"
        if flag(port.options, "dynamic-routing-maintain-vrf"):
            options["dynamic-routing-maintain-vrf"] = "true"
        for name, said in (("dynamic-routing-vrf-name", holder.options), ("dynamic-routing-port-name", port.options)):
            if name in said:
                options[name] = said[name]
    for name in ("dynamic-routing-redistribute-local-only", "dynamic-routing-no-learning"):
        if flag(port.options, name, flag(holder.options, name)):
            options[name] = "true"
    return options


def datapath_ids(options: dict[str, str]) -> dict[str, str]:
    """What chassis read of a router's settings."""
    table = number64(options, "dynamic-routing-vrf-id", 0)
    ids = {"dynamic-routing-vrf-id": str(table)} if table > 0 else {}
    for name in ("dynamic-routing-v4-prefix-nexthop", "dynamic-routing-v6-prefix-nexthop"):
        if options.get(name):
            ids[name] = options[name]
    return ids
