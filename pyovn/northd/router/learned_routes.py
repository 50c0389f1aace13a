"""Routes that chassis learned from routers outside (`Learned_Route`): they give way to those that somebody wrote."""

from __future__ import annotations

from pyovn.northd.addresses import parse_network
from pyovn.northd.bindings import is_claimed, owner, port_name
from pyovn.northd.router.connected import LEARNED
from pyovn.northd.router.dynamic_routing import is_dynamic
from pyovn.northd.router.ways import Destination, Route, source_towards
from pyovn.northd.topology import RouterPort, router_port, router_port_named
from pyovn.query import Engine, query
from pyovn.schemas.sb import LearnedRoute


@query
def learner(db: Engine, binding: str, datapath: str) -> RouterPort | None:
    """The port that learns, if it is still one of this router, the router takes part, and some chassis speaks for the port."""
    name = port_name(db, binding)
    named = router_port_named(db, name) if name else None
    port = router_port(db, named) if named else None
    if port is None or port.router != owner(db, datapath) or not is_dynamic(db, port.router):
        return None
    return port if port.redirect is None or is_claimed(db, port.redirect) else None


@query
def learned(db: Engine, ref: str) -> Route | None:
    """The facts about a route that was learned; None if the port may not, or an address of the route is none."""
    row = db.get(LearnedRoute, ref)
    port = learner(db, row.logical_port, row.datapath) if row else None
    if row is None or port is None:
        return None
    prefix, next_hop = parse_network(row.ip_prefix), parse_network(row.nexthop)
    if prefix is None or next_hop is None or not next_hop.is_host:
        return None
    source = source_towards(port, next_hop.address, ipv6=next_hop.is_ipv6)
    return Route(ref, Destination(port.router, "", prefix.cidr, False, LEARNED), next_hop.address, port, source)
