"""QoS: marks and meters at the edges of a switch."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import QoS
from tests.northd.compiled import check, switch


@pytest.mark.parametrize(
    ("columns", "actions"),
    [
        ({"action": {"dscp": 10}}, "ip.dscp = 10; next;"),
        ({"action": {"dscp": 64, "mark": 3}}, "pkt.mark = 3; next;"),
        ({"bandwidth": {"rate": 5}}, "set_meter(5); next;"),
        ({"bandwidth": {"burst": 7, "rate": 5}, "action": {"dscp": 1}}, "set_meter(5, 7); ip.dscp = 1; next;"),
        ({}, "next;"),
    ],
)
def test_actions(columns: dict[str, object], actions: str) -> None:
    rule = QoS("q", priority=5, direction="to-lport", match="ip4", **columns)
    check([*switch(qos_rules=("q",)), rule], Stage.LS_OUT_QOS, f"5 ip4 -> {actions}")
