"""Routers that commit every connection."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table, replace
from pyovn.schemas.nb import LogicalRouter
from pyovn.schemas.sb import Chassis
from tests.northd.compiled import check, check_among
from tests.northd.router.gateways import HERE, at_a_gateway_port, at_a_gateway_router, floating, snat

ALL = {"ct-commit-all": "true"}


def at_a_port() -> list[Table]:
    """A router with a gateway port that commits all."""
    return [replace(row, options=ALL) if isinstance(row, LogicalRouter) else row for row in at_a_gateway_port(snat())]


def test_on_a_gateway_router_both_zones_have_all() -> None:
    rows = at_a_gateway_router(snat(), options=ALL)
    check_among(rows, Stage.LR_IN_DEFRAG, "10 ip && (!ct.trk || !ct.rpl) -> ct_next(dnat);")
    check_among(rows, Stage.LR_IN_DNAT, "10 ip && ct.new -> ct_commit_to_zone(dnat);")
    check_among(rows, Stage.LR_OUT_SNAT, "10 ip && ct.new -> ct_commit_to_zone(snat);")
    zones = ("10 ip && (!ct.trk || !ct.rpl) && flags.unsnat_not_tracked == 1 -> ct_next(snat);", "10 ip && flags.unsnat_new == 1 -> next;")
    check(rows, Stage.LR_OUT_POST_UNDNAT, *zones)


def test_at_a_gateway_port_its_chassis_does_so() -> None:
    check_among(at_a_port(), Stage.LR_IN_DNAT, f'10 ip && ct.new && inport == "out" && {HERE} -> ct_commit_to_zone(dnat);')
    check_among(at_a_port(), Stage.LR_OUT_SNAT, f'10 ip && ct.new && outport == "out" && {HERE} -> ct_commit_to_zone(snat);')


@pytest.mark.parametrize(
    "rows",
    [
        at_a_gateway_router(options=ALL),
        at_a_gateway_router(floating(options={"stateless": "true"}), options=ALL),
        [*at_a_port(), Chassis("old", name="old", encaps=("e",))],
    ],
)
def test_who_tracks_nothing_or_cannot_name_zones_commits_nothing(rows: list[Table]) -> None:
    check(rows, Stage.LR_IN_POST_UNSNAT)
