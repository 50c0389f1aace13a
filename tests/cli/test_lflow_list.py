"""The rules of a switch beside the rows they come from (lflow-list --ovs)."""

from __future__ import annotations

import pytest

from pyovn.cli.ctl.rows import Row, Rows
from pyovn.cli.ctl.schema import Schema
from pyovn.cli.sbctl.rules import Rules, rules_of
from pyovn.openflow.action import Resubmit
from pyovn.openflow.match import Match
from pyovn.openflow.statistics import FlowStats
from tests.cli.beside import Bench

COOKIE = 0x12345678


class Switch:
    """One that has a rule for one row."""

    def flows(self, cookie: int) -> list[FlowStats]:
        """The rules with this cookie."""
        rule = FlowStats(table=8, cookie=COOKIE, priority=50, match=Match.of({"reg0": 1}), actions=(Resubmit(0xFFF8, 9),), duration_s=3)
        return [rule] if cookie == COOKIE else []


@pytest.mark.parametrize(
    ("uuid", "stats", "text"),
    [
        ("12345678-0000-4000-8000-000000000000", False, "    table=8 reg0=0x1 actions=resubmit(,9)\n"),
        (
            "12345678-0000-4000-8000-000000000000",
            True,
            "    cookie=0x12345678, duration=3s, table=8, n_packets=0, n_bytes=0, priority=50,reg0=0x1 actions=resubmit(,9)\n",
        ),
        ("87654321-0000-4000-8000-000000000000", False, ""),
    ],
)
def test_the_rules_of_a_row(uuid: str, stats: bool, text: str) -> None:
    bench = Bench()
    schema = Schema(bench.client.call("get_schema", ["OVN_Southbound"]))
    row = Row(Rows(bench.client, schema, {}), schema.tables["Logical_Flow"], uuid)
    assert Rules(Switch(), stats=stats).of(row) == text  # type: ignore[arg-type]


def test_without_a_switch_the_flows_are_listed_all_the_same() -> None:
    bench = Bench()
    sb = Rows(bench.client, Schema(bench.client.call("get_schema", ["OVN_Southbound"])), {})
    sb.env = {"OVS_RUNDIR": "/nosuch"}
    assert rules_of(sb, True, False).switch is None
    assert sb.warnings == [("sbctl", "unix:/nosuch/br-int.mgmt: connection failed (No such file or directory)")]
