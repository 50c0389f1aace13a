"""Policies: rules that look at more than the destination and overrule the route that was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, ECMP_MEMBER, IS_IPV4_NEXT_HOP, POLICY_CHAIN
from pyovn.northd.router.connected import to_next_hop
from pyovn.northd.router.static_routes import way
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine, index, query
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPolicy, LogicalRouterPort

POLICY = Stage.LR_IN_POLICY


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a policy sends packets."""

    address: str
    port: RouterPort
    source: Network

    @property
    def registers(self) -> str:
        """The actions that choose it as the next hop."""
        chosen = to_next_hop(self.address, self.source, self.port, ipv6=self.source.is_ipv6)
        return f"{chosen}flags.loopback = 1; "

    @property
    def family(self) -> str:
        """The action that says which register it is in."""
        return f"{IS_IPV4_NEXT_HOP} = {int(not self.source.is_ipv6)}; "


@query
def router_of_policy(db: Engine, ref: str) -> str | None:
    """The router that has a policy."""
    holders = db.referrers(LogicalRouter, "policies", ref)
    return holders[0] if holders else None


def _next_hops(row: LogicalRouterPolicy) -> tuple[str, ...]:
    return row.nexthops or ((row.nexthop,) if row.nexthop else ())


def hops(db: Engine, row: LogicalRouterPolicy, router: str) -> tuple[Hop, ...]:
    """The next hops of a policy that some port of the router leads to."""
    output = db.get(LogicalRouterPort, row.output_port) if row.output_port else None
    found = []
    for text in _next_hops(row):
        address = parse_network(text)
        towards = way(db, router, output.name if output else None, address.address, address.is_ipv6) if address else None
        if address and towards:
            found.append(Hop(address.address, *towards))
    return tuple(found)


def _chain_names(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(LogicalRouterPolicy, ref)
    for name in (row.chain, row.jump_chain) if row else ():
        if name:
            yield router_of_policy(db, ref) or "", name


_CHAINS = index((LogicalRouterPolicy, _chain_names))


@query
def chain_number(db: Engine, router: str, name: str | None) -> int:
    """The number of a chain in registers: 0 where routing begins."""
    return 1 + _CHAINS(db, router).index(name) if name else 0


def _is_group(row: LogicalRouterPolicy) -> bool:
    return row.action == "reroute" and len(_next_hops(row)) > 1


def _groups(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is not None and router and _is_group(row):
        yield router, ref


_GROUPS = index((LogicalRouterPolicy, _groups))


@query
def group_number(db: Engine, router: str, ref: str) -> int:
    """The number of a policy with several next hops among those of its router, from 1."""
    return 1 + _GROUPS(db, router).index(ref)


def policy_flows(db: Engine, ref: str) -> Iterator[Flow]:
    """What a policy does with the packets that match."""
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is None or router is None:
        return
    mark = row.options.get("pkt_mark", "")
    marked = f"pkt.mark = {mark}; " if mark else ""
    if row.action == "reroute" and _is_group(row):
        yield from _one_of_several(db, row, router, marked)
        return
    actions = _actions(db, row, router, marked)
    if actions:
        match = f"{POLICY_CHAIN} == {chain_number(db, router, row.chain)} && ({row.match})"
        yield Flow(POLICY, row.priority, match, actions, hint=row.uuid)


def _actions(db: Engine, row: LogicalRouterPolicy, router: str, marked: str) -> str | None:
    if row.action == "drop":
        return DROP
    if row.action == "jump":
        number = chain_number(db, router, row.jump_chain)
        return f"{marked}{POLICY_CHAIN}={number}; next(pipeline=ingress, table={POLICY.number});" if number else None
    if row.action == "reroute":
        towards = hops(db, row, router)
        return f"{marked}{towards[0].registers}{ECMP_GROUP} = 0; {towards[0].family}{NEXT}" if towards else None
    return f"{marked}{ECMP_GROUP} = 0; {NEXT}"


def _one_of_several(db: Engine, row: LogicalRouterPolicy, router: str, marked: str) -> Iterator[Flow]:
    """The connection's hash picks a next hop; the next stage sends the packet there."""
    towards = hops(db, row, router)
    if not towards:
        return
    number = group_number(db, router, row.uuid)
    members = range(1, len(towards) + 1)
    chosen = f"select({', '.join(map(str, members))});" if len(towards) > 1 else f"1; {NEXT}"
    yield Flow(POLICY, row.priority, row.match, f"{ECMP_GROUP} = {number}; {ECMP_MEMBER} = {chosen}", hint=row.uuid)
    for member, hop in zip(members, towards):
        match = f"{ECMP_GROUP} == {number} && {ECMP_MEMBER} == {member}"
        yield Flow(Stage.LR_IN_POLICY_ECMP, 100, match, f"{marked}{hop.registers}{hop.family}{NEXT}", hint=row.uuid)
