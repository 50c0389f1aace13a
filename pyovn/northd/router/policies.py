"""Policies: rules that look at more than the destination and overrule the route that was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.allotted import RoutingNumber
from pyovn.northd.bfd import Session, answers, session
from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, ECMP_MEMBER, IS_IPV4_NEXT_HOP, POLICY_CHAIN
from pyovn.northd.router.connected import to_next_hop
from pyovn.northd.router.ways import way
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPolicy, LogicalRouterPort

POLICY = Stage.LR_IN_POLICY
MAX_MARK = (1 << 32) - 1


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


def hops(db: Engine, row: LogicalRouterPolicy, router: str) -> tuple[Hop, ...]:
    """The next hops of a policy that some port of the router leads to, whether they answer or not."""
    output = db.get(LogicalRouterPort, row.output_port) if row.output_port else None
    if output is not None and len(row.nexthops) != 1:
        return ()
    found = []
    for text in row.nexthops:
        address = parse_network(text)
        towards = way(db, router, output.name if output else None, address.address, address.is_ipv6) if address else None
        if address and towards:
            found.append(Hop(address.address, *towards))
    return tuple(found)


def watchers(db: Engine, row: LogicalRouterPolicy, towards: tuple[Hop, ...]) -> Iterator[tuple[Hop, Session]]:
    """The sessions that watch next hops of a policy."""
    sessions = [found for ref in row.bfd_sessions if (found := session(db, ref)) is not None]
    for hop in towards:
        watching = next((one for one in sessions if one == (hop.port.name, hop.address)), None)
        if watching is not None:
            yield hop, watching


def answering(db: Engine, row: LogicalRouterPolicy, router: str) -> tuple[Hop, ...]:
    """The next hops of a policy that can be used; none if they are of both families."""
    towards = hops(db, row, router)
    silent = [hop for hop, watching in watchers(db, row, towards) if not answers(db, watching)]
    good = tuple(hop for hop in towards if hop not in silent)
    return good if len({hop.source.is_ipv6 for hop in good}) == 1 else ()


def _chain(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is not None and row.chain and router:
        yield KeyRequest(f"{router} chains", chain_of(router, row.chain), 0)


CHAINS = each((LogicalRouterPolicy, _chain))
"""The chains that some policy is in: they need a number."""


def chain_of(router: str, name: str) -> str:
    """A chain of a router as one word."""
    return f"{router} {name}"


def _in_chain(db: Engine, request: KeyRequest) -> Iterator[tuple[str, bool]]:
    yield "", True


_CHAINED = index((CHAINS, _in_chain))


def chain_number(db: Engine, router: str, name: str | None) -> int | None:
    """The number of a chain in registers: 0 where routing begins; None if no policy is in it."""
    row = db.get(RoutingNumber, chain_of(router, name)) if name else None
    return row.key if row else None if name else 0


@query
def has_chains(db: Engine) -> bool:
    """Some policy is in a chain; else nobody has to ask which chain it is."""
    return bool(_CHAINED(db, ""))


def _is_group(row: LogicalRouterPolicy) -> bool:
    return row.action == "reroute" and len(row.nexthops) > 1


def _mark(row: LogicalRouterPolicy) -> str:
    """The action that marks packets for the host's own routing."""
    text = row.options.get("pkt_mark", "")
    mark = int(text) if text.isascii() and text.isdecimal() else 0
    return f"pkt.mark = {mark}; " if 0 < mark <= MAX_MARK else ""


def _group(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is not None and router and _is_group(row):
        yield KeyRequest(f"{router} policies", ref, 0)


GROUPS = each((LogicalRouterPolicy, _group))
"""The policies with several next hops: these are groups, which need a number."""


def policy_flows(db: Engine, ref: str) -> Iterator[Flow]:
    """What a policy does with the packets that match."""
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    # The column `nexthop` is one of older releases, whose policies said something else.
    if row is None or router is None or row.nexthop:
        return
    if _is_group(row):
        yield from _one_of_several(db, row, router)
        return
    actions = _actions(db, row, router)
    if actions:
        number = chain_number(db, router, row.chain)
        match = f"{POLICY_CHAIN} == {number} && ({row.match})" if has_chains(db) else row.match
        yield Flow(POLICY, row.priority, match, actions, hint=row.uuid)


def _actions(db: Engine, row: LogicalRouterPolicy, router: str) -> str | None:
    if row.action == "drop":
        return DROP
    if row.action == "jump":
        number = chain_number(db, router, row.jump_chain)
        return f"{POLICY_CHAIN}={number}; next(pipeline=ingress, table={POLICY.number});" if number else None
    if row.action == "reroute":
        towards = answering(db, row, router)
        return f"{_mark(row)}{towards[0].registers}{ECMP_GROUP} = 0; {towards[0].family}{NEXT}" if towards else None
    return f"{_mark(row)}{ECMP_GROUP} = 0; {NEXT}"


def _one_of_several(db: Engine, row: LogicalRouterPolicy, router: str) -> Iterator[Flow]:
    """The connection's hash picks a next hop; the next stage sends the packet there."""
    towards, allotted = answering(db, row, router), db.get(RoutingNumber, row.uuid)
    if not towards or allotted is None:
        return
    number = allotted.key
    members = range(1, len(towards) + 1)
    chosen = f"select({', '.join(map(str, members))});" if len(towards) > 1 else f"1; {NEXT}"
    yield Flow(POLICY, row.priority, row.match, f"{ECMP_GROUP} = {number}; {ECMP_MEMBER} = {chosen}", hint=row.uuid)
    for member, hop in zip(members, towards):
        match = f"{ECMP_GROUP} == {number} && {ECMP_MEMBER} == {member}"
        yield Flow(Stage.LR_IN_POLICY_ECMP, 100, match, f"{_mark(row)}{hop.registers}{hop.family}{NEXT}", hint=row.uuid)
