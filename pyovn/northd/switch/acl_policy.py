"""Which ACLs hold on which switch, and what the ACLs of a switch together ask of its pipeline.

A switch knows only the traits of its ACLs, not the ACLs: one more of a kind that is there changes nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.load_balancers import has_vips
from pyovn.northd.pipeline import Stage
from pyovn.northd.places import Member, Place, Somewhere
from pyovn.northd.port_groups import GROUPS_ON_SWITCHES
from pyovn.northd.settings import flag
from pyovn.northd.topology import switches_with
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import ACL, LogicalSwitch, PortGroup

EVAL = (Stage.LS_IN_ACL_EVAL, Stage.LS_IN_ACL_AFTER_LB_EVAL, Stage.LS_OUT_ACL_EVAL)
"""Where ACLs are asked: senders' before load balancing, senders' after it, receivers'."""


class Applied(NamedTuple):
    """An ACL, by uuid, on a switch, or in a place of switches whose traits are a `Policy`."""

    acl: str
    where: Somewhere


def place_of(row: ACL) -> int:
    """Where an ACL is asked: the position in `EVAL`."""
    if row.direction == "to-lport":
        return 2
    return 1 if flag(row.options, "apply-after-lb") else 0


STATEFUL, TIER = "stateful", "tier"

Trait = tuple[str, int, int]
"""What an ACL asks of its switch, where it is asked, and in which tier; a group of network functions by its uuid."""


def _traits(row: ACL) -> Iterator[Trait]:
    # The tier is there for every ACL, so that a switch with ACLs has at least this trait.
    yield TIER, place_of(row), row.tier
    if row.action == "allow-related":
        yield STATEFUL, 0, 0
    if row.network_function_group is not None:
        yield row.network_function_group, place_of(row), 0


def _traits_of_holders(db: Engine, ref: str) -> Iterator[tuple[str, Trait]]:
    row = db.get(ACL, ref)
    for holder in (*db.referrers(LogicalSwitch, "acls", ref), *db.referrers(PortGroup, "acls", ref)) if row else ():
        yield from ((holder, trait) for trait in _traits(row)) if row else ()


_TRAITS_OF_HOLDERS = index((ACL, _traits_of_holders))
"""The traits of the ACLs that a switch or a port group has itself."""


def _traits_of_switch(db: Engine, ref: str) -> Iterator[tuple[str, Trait]]:
    return ((ref, trait) for trait in _TRAITS_OF_HOLDERS(db, ref))


def _traits_by_group(db: Engine, pair: tuple[str, str]) -> Iterator[tuple[str, Trait]]:
    group, switch = pair
    return ((switch, trait) for trait in _TRAITS_OF_HOLDERS(db, group))


TRAITS = index((LogicalSwitch, _traits_of_switch), (GROUPS_ON_SWITCHES, _traits_by_group))
"""The traits of all ACLs that hold on a switch."""


def redirections(db: Engine, switch: str) -> Iterator[tuple[str, bool]]:
    """The groups of network functions that ACLs of a switch send packets to, and whether on the way in."""
    traits = TRAITS(db, switch)
    yield from dict.fromkeys((kind, EVAL[place].pipeline == "ingress") for kind, place, _ in traits if kind not in (STATEFUL, TIER))


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


def member_by_group(db: Engine, pair: tuple[str, str]) -> Iterator[Member]:
    """The place that a switch is in because ports of a port group are on it."""
    group, switch = pair
    if _TRAITS_OF_HOLDERS(db, group):
        yield Member(Place(group, policy(db, switch)), switch)


def _place_by_group(db: Engine, pair: tuple[str, str]) -> Iterator[tuple[str, Place]]:
    return ((pair[0], place) for place, _ in member_by_group(db, pair))


_PLACES = index((GROUPS_ON_SWITCHES, _place_by_group))


def _applied(db: Engine, ref: str) -> Iterator[Applied]:
    for switch in switches_with(db, "acls", ref):
        yield Applied(ref, switch)
    for group in db.referrers(PortGroup, "acls", ref):
        yield from (Applied(ref, place) for place in _PLACES(db, group))


APPLIED = each((ACL, _applied))
"""Every ACL wherever it holds."""


def policy_at(db: Engine, where: Somewhere) -> Policy:
    """What the ACLs and load balancers ask for there."""
    if not isinstance(where, Place):
        return policy(db, where)
    assert isinstance(where.traits, Policy)
    return where.traits
