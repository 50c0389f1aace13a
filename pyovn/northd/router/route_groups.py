"""Routes over several next hops (ECMP): a hash picks one, and answers to who came by one may have to go back by it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import parse_network
from pyovn.northd.allotted import PortKey, RoutingNumber
from pyovn.northd.flow import DROP, NEXT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, ECMP_MEMBER, ECMP_SYMMETRIC, SOURCE_IPV4, SOURCE_IPV6
from pyovn.northd.router.connected import ROUTING
from pyovn.northd.router.routes import ROUTES_TO, family, is_group, rank, registers, routes_to, selects
from pyovn.northd.router.ways import Destination, Route
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.northd.topology import RouterPort, gateway_chassis
from pyovn.query import Engine, each

PORTS = ("tp_src", "tp_dst")
"""Selection fields that only some protocols have."""
WITH_PORTS = ("tcp", "udp", "sctp")

REPLY_PORT = "ct_mark.ecmp_reply_port"


def _group(db: Engine, destination: Destination) -> Iterator[KeyRequest]:
    if is_group(destination, routes_to(db, destination)):
        yield KeyRequest(f"{destination.router} routes", owner(destination), 0)


GROUPS = each((ROUTES_TO, _group))
"""The groups that need a number."""


def owner(destination: Destination) -> str:
    """A destination as one word."""
    return " ".join(map(str, destination))


def group_flows(db: Engine, destination: Destination) -> Iterator[Flow]:
    """How packets to (or from) a destination with several ways go on."""
    routes, allotted = routes_to(db, destination), db.get(RoutingNumber, owner(destination))
    if allotted is None or not is_group(destination, routes):
        return
    number, fields = allotted.key, _common_fields(routes)
    protocols: tuple[str, ...] = ("",)
    if not fields.isdisjoint(PORTS):
        protocols += WITH_PORTS
    for protocol in protocols:
        match = selects(db, destination)
        if protocol and len(routes) > 1:
            match += f" && {protocol}"
        yield Flow(ROUTING, rank(destination) + bool(protocol), match, _picks(number, len(routes), _hashed(fields, protocol)))
        if gateway_chassis(db, destination.router) and all(one.port for one in routes):
            yield from _replies(db, routes, match)
    yield from _members(number, routes)


def _common_fields(routes: tuple[Route, ...]) -> frozenset[str]:
    """The selection fields that all members name; ports are no ports without their protocol."""
    named = [{*one.selection_fields, *(["ip_proto"] if not set(PORTS).isdisjoint(one.selection_fields) else [])} for one in routes]
    return frozenset(set.intersection(*named))


def _hashed(fields: frozenset[str], protocol: str) -> str:
    """The fields that choose, as the action names them: a protocol's own ports, or none."""
    ports = {f"{protocol}_{name[3:]}" for name in fields if name in PORTS and protocol}
    return ",".join(sorted(ports | {name for name in fields if name not in PORTS}))


def _picks(number: int, members: int, fields: str) -> str:
    numbers = ", ".join(str(member) for member in range(1, members + 1))
    if members == 1:
        chosen = f"1; {NEXT}"
    elif fields:
        chosen = f'select(values=({numbers}); hash_fields="{fields}");'
    else:
        chosen = f"select({numbers});"
    return f"ip.ttl--; flags.loopback = 1; {ECMP_GROUP} = {number}; {ECMP_MEMBER} = {chosen}"


def _members(number: int, routes: tuple[Route, ...]) -> Iterator[Flow]:
    """The next stage turns the member into a next hop; a group that discards in one of its ways does so in all."""
    discards = any(one.port is None for one in routes)
    for member, one in enumerate(routes, start=1):
        symmetric = f"{ECMP_SYMMETRIC} = 1; " if one.symmetric else ""
        picked = f"{ECMP_GROUP} == {number} && {ECMP_MEMBER} == {member}"
        actions = DROP if discards else f"{registers(one)}{family(one)}{symmetric}{NEXT}"
        yield Flow(Stage.LR_IN_IP_ROUTING_ECMP, 100, picked, actions, hint=one.uuid)


def _replies(db: Engine, routes: tuple[Route, ...], match: str) -> Iterator[Flow]:
    """On a gateway router: who came by a member's port is answered by that port, whatever the hash says."""
    by_port = {one.port.name: one for one in reversed(routes) if one.port and one.symmetric}
    for name, one in sorted(by_port.items()):
        allotted = db.get(PortKey, name)
        if allotted is not None and one.port is not None and one.source is not None:
            yield from _reply(one, one.port, match, allotted.key)


def _reply(one: Route, port: RouterPort, match: str, key: int) -> Iterator[Flow]:
    destination = one.destination
    field = f"ip{6 if ':' in destination.network else 4}.{'dst' if destination.by_source else 'src'}"
    comes_in = f"inport == {port.json} && {field} == {_shortest(destination.network)}"
    # Conntrack sees both directions, and keeps neighbour and port of who began.
    yield Flow(Stage.LR_IN_DEFRAG, 100, comes_in, "ct_next;", hint=one.uuid)
    yield Flow(Stage.LR_IN_DEFRAG, 100, match, "ct_next;", hint=one.uuid)
    kept = f"ct_commit {{ ct_label.ecmp_reply_eth = eth.src; {REPLY_PORT} = {key};}}; {NEXT}"
    yield Flow(Stage.LR_IN_ECMP_STATEFUL, 100, f"{comes_in} && (ct.new || ct.est)", kept, hint=one.uuid)
    is_reply = f"{REPLY_PORT} == {key}"
    assert one.source is not None
    source = f"{SOURCE_IPV6 if one.source.is_ipv6 else SOURCE_IPV4} = {one.source.address}; "
    back = f"ip.ttl--; flags.loopback = 1; eth.src = {port.mac}; {source}outport = {port.json}; {NEXT}"
    yield Flow(ROUTING, 10300, f"{is_reply} && {match}", back, hint=one.uuid)
    # No policy sends it elsewhere, and the neighbour is known.
    yield Flow(Stage.LR_IN_POLICY, 65535, is_reply, NEXT, hint=one.uuid)
    neighbour = f"push(xxreg1); xxreg1 = ct_label; eth.dst = xxreg1[32..79]; pop(xxreg1); {NEXT}"
    yield Flow(Stage.LR_IN_ARP_RESOLVE, 200, is_reply, neighbour, hint=one.uuid)


def _shortest(cidr: str) -> str:
    """A network as matches may write it: of one address alone, the address."""
    network = parse_network(cidr)
    return network.address if network and network.is_host else cidr


def symmetric_replies(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """A connection that began behind such a route remembers the neighbour and the port it must come back by."""
    for name in (port.name, port.redirect):
        allotted = db.get(PortKey, name) if name else None
        if name and allotted is not None:
            match = f"{ECMP_SYMMETRIC} == 1 && ip && outport == {quoted(name)}"
            commit = f"ct_commit {{ ct_label.ecmp_reply_eth = eth.dst; {REPLY_PORT} = {allotted.key};}}; output;"
            yield Flow(Stage.LR_IN_ECMP_STATEFUL_EGR, 100, match, commit)
