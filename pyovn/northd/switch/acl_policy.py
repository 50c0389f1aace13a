"""Which ACLs hold on which switch, and what the ACLs of a switch together ask of its pipeline.

A switch knows only the traits of its ACLs, not the ACLs: one more of a kind that is there changes nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.load_balancers import has_vips
from pyovn.northd.pipeline import Stage
from pyovn.northd.port_groups import GROUPS_ON_SWITCHES
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import ACL, LogicalSwitch, PortGroup

EVAL = (Stage.LS_IN_ACL_EVAL, Stage.LS_IN_ACL_AFTER_LB_EVAL, Stage.LS_OUT_ACL_EVAL)
"""Where ACLs are asked: senders' before load balancing, senders' after it, receivers'."""


class Applied(NamedTuple):
    """An ACL on a switch, both by uuid."""

    acl: str
    switch: str


def place_of(row: ACL) -> int:
    """Where an ACL is asked: the position in `EVAL`."""
    if row.direction == "to-lport":
        return 2
    return 1 if row.options.get("apply-after-lb") == "true" else 0


def _of_switch(db: Engine, ref: str) -> Iterator[Applied]:
    for switch in db.referrers(LogicalSwitch, "acls", ref):
        yield Applied(ref, switch)


def _of_group(db: Engine, pair: tuple[str, str]) -> Iterator[Applied]:
    group = db.get(PortGroup, pair[0])
    for ref in group.acls if group else ():
        yield Applied(ref, pair[1])


APPLIED = each((ACL, _of_switch), (GROUPS_ON_SWITCHES, _of_group))
"""Every ACL on every switch that it touches."""

STATEFUL, TIER = "stateful", "tier"


def _traits(db: Engine, applied: Applied) -> Iterator[tuple[str, tuple[str, int, int]]]:
    row = db.get(ACL, applied.acl)
    if row is not None:
        # The tier is there for every ACL, so that a switch with ACLs has at least this trait.
        yield applied.switch, (TIER, place_of(row), row.tier)
        if row.action == "allow-related":
            yield applied.switch, (STATEFUL, 0, 0)


TRAITS = index((APPLIED, _traits))


class Policy(NamedTuple):
    """What a switch's ACLs and load balancers ask of its pipeline."""

    has_acls: bool
    stateful_acls: bool
    """Some ACL allows what is related to a connection, so connections must be tracked."""
    has_vips: bool
    tiers: tuple[int, int, int]
    """The last tier in use, at each of the places where ACLs are asked."""

    @property
    def is_stateful(self) -> bool:
        """Connections are tracked, for ACLs or load balancers."""
        return self.stateful_acls or self.has_vips


@query
def policy(db: Engine, switch: str) -> Policy:
    """What the ACLs and load balancers of a switch ask for."""
    traits = TRAITS(db, switch)
    tiers = [0, 0, 0]
    for kind, place, tier in traits:
        if kind == TIER:
            tiers[place] = max(tiers[place], tier)
    return Policy(bool(traits), (STATEFUL, 0, 0) in traits, has_vips(db, switch), (tiers[0], tiers[1], tiers[2]))
