"""What is wrong with wishes for routes and MACs to be exchanged."""

from __future__ import annotations

import pytest

from pyovn.northd.diagnosis import PROBLEMS
from pyovn.ovsdb.row import Table
from tests.northd.compiled import engine, router, router_port, switch

MAC = "00:00:00:00:00:01"
ODD = {"dynamic-routing-redistribute": "nat,odd,,lb"}
COMPLETE = {
    "dynamic-routing-vni": "7", "dynamic-routing-bridge-ifname": "br", "dynamic-routing-vxlan-ifname": "vx4,vx6",
    "dynamic-routing-advertise-ifname": "lo",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "facts"),
    [
        (router(options=ODD), ["unknown dynamic-routing-redistribute option 'odd'"]),
        (router(router_port("out", MAC, options=ODD)), ["unknown dynamic-routing-redistribute option 'odd'"]),
        (router(options={"dynamic-routing-redistribute": "connected,static"}), []),
        (switch(other_config={"dynamic-routing-vni": "16777216"}), ['dynamic-routing-vni "16777216" is no VNI']),
        (
            switch(other_config={"dynamic-routing-vni": "7"}),
            [f"Missing dynamic-routing-{name}-ifname" for name in ("advertise", "bridge", "vxlan")],
        ),
        (
            switch(other_config={**COMPLETE, "dynamic-routing-vxlan-ifname": "v" * 17}),
            ["dynamic-routing-vxlan-ifname vvvvvvvvvvvvvvvvv is too long"],
        ),
        (switch(other_config=COMPLETE), []),
    ],
)
def test_a_problem_says_what_would_help(rows: list[Table], facts: list[str]) -> None:
    found = sorted(problem.fact for problem in engine(rows).items(PROBLEMS))
    assert [fact[: len(begin)] for fact, begin in zip(found, facts, strict=True)] == facts
