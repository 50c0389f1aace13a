"""Packets that are dropped, sampled."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import ACL, NBGlobal, SamplingApp
from tests.northd.compiled import check_among, flows, port, switch

ASKED = {"debug_drop_collector_set": "7", "debug_drop_domain_id": "9"}


def rows(options: dict[str, str], *more: Table) -> list[Table]:
    acl = ACL("acl", priority=1, direction="to-lport", match="ip4", action="drop")
    return [NBGlobal("global", options=options), acl, *more, *switch(port("vm"), acls=("acl",))]


def sample(domain: int) -> str:
    return f"sample(probability=65535,collector_set=7,obs_domain={domain},obs_point=$cookie); /* drop */"


def test_every_flow_that_drops_samples() -> None:
    check_among(rows(ASKED), Stage.LS_IN_L2_UNKNOWN, f'50 outport == "none" -> {sample(9)}')
    forget = "reg8[16] = 0; reg8[17] = 0; reg8[18] = 0; "
    check_among(rows(ASKED), Stage.LS_OUT_ACL_ACTION, f"1000 reg8[17] == 1 -> {forget}{sample(9)}")
    assert not [flow for flow in flows(rows(ASKED)) if flow.actions == "drop;"]


def test_an_application_has_its_own_domain() -> None:
    check_among(rows(ASKED, SamplingApp("app", type="drop", id=42)), Stage.LS_IN_L2_UNKNOWN, f'50 outport == "none" -> {sample(42)}')


@pytest.mark.parametrize(
    "options", [{}, {"debug_drop_collector_set": "0"}, {"debug_drop_collector_set": "x"}, {**ASKED, "debug_drop_domain_id": "255"}]
)
def test_nobody_asked(options: dict[str, str]) -> None:
    check_among(rows(options), Stage.LS_IN_L2_UNKNOWN, '50 outport == "none" -> drop;')
