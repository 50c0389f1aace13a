"""Numbers of groups of next hops and of chains of policies: one that is given stays, also when another compiler takes over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, POLICY_CHAIN
from pyovn.northd.router import policies, route_groups
from pyovn.northd.router.routes import ROUTES_TO
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.query import Engine, each
from pyovn.schemas.nb import LogicalRouterPolicy
from pyovn.schemas.sb import LogicalFlow

MAX_NUMBER = 65535


def _itself(db: Engine, request: KeyRequest) -> Iterator[KeyRequest]:
    yield request


ROUTING_NUMBERS = each((route_groups.GROUPS, _itself), (policies.GROUPS, _itself), (policies.CHAINS, _itself))
"""What needs a number."""

_OF_GROUP = re.compile(rf"{re.escape(ECMP_GROUP)} == (\d+) && ")
_IN_CHAIN = re.compile(rf"{re.escape(POLICY_CHAIN)} == ([1-9]\d*) && ")


def numbers_in_use(db: Engine, flows: Iterable[LogicalFlow]) -> Mapping[str, int]:
    """The numbers by which the flows of another compiler know groups and chains, by owner: hints tell whose they are."""
    routes = {ref[:8]: route_groups.owner(destination) for destination, ref in db.items(ROUTES_TO)}
    hinted = {ref[:8]: ref for ref in db.every(LogicalRouterPolicy)}
    chains = {hint: chain for hint, ref in hinted.items() if (chain := _chain(db, ref))}
    said = {
        Stage.LR_IN_IP_ROUTING_ECMP.stage_name: (_OF_GROUP, routes),
        Stage.LR_IN_POLICY_ECMP.stage_name: (_OF_GROUP, hinted),
        Stage.LR_IN_POLICY.stage_name: (_IN_CHAIN, chains),
    }
    found: dict[str, int] = {}
    for flow in flows:
        pattern, owners = said.get(flow.external_ids.get("stage-name", ""), (_OF_GROUP, {}))
        number, owner = pattern.match(flow.match), owners.get(flow.external_ids.get("stage-hint", ""))
        if number and owner:
            found[owner] = int(number[1])
    return found


def _chain(db: Engine, ref: str) -> str | None:
    row, router = db.get(LogicalRouterPolicy, ref), policies.router_of_policy(db, ref)
    return policies.chain_of(router, row.chain) if row and row.chain and router else None
