"""Does a match hold for a packet?"""

from __future__ import annotations

import pytest

from pyovn.logical.annotate import annotate
from pyovn.logical.evaluate import evaluate
from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import NO_SCOPE, parse

PACKET = 'inport == "p1" && ip4.src == 10.0.0.5 && tcp.dst == 80 && ip.ttl == 64 && vlan.vid == 5 && ct.new && reg0 == 9'
PORTS = {"p1": 1, "p2": 2}
CASES = [
    ("ip4", True), ("ip6", False), ("tcp.dst == 80", True), ("tcp.dst != 80", False), ("udp.dst == 80", False), ("60 < ip.ttl", None),
    ("tcp.dst > 79 && tcp.dst <= 80", True), ("ip4.src == 10.0.0.0/29", True), ("ip4.src == {1.1.1.1, 10.0.0.5}", True),
    ('inport == "p1"', True), ('inport == "p2"', False), ('inport == "nosuch"', False), ("vlan.present", True), ("vlan.vid == 5", True),
    ("vlan.pcp == 0", True), ("ct.new && !ct.est", True), ("ct.inv", False), ("reg0[0] && !reg0[1]", True), ("xreg0[32..40] == 9", True),
    ('is_chassis_resident("p1")', True), ('!is_chassis_resident("p1")', False), ('is_chassis_resident("p2")', False), ("1", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case for case in CASES if case[1] is not None])
def test_evaluate(text: str, expected: bool) -> None:
    packet = parse_microflow(PACKET, NO_SCOPE, PORTS.get)
    assert evaluate(annotate(parse(text)), packet, PORTS.get, lambda port: port == "p1") == expected
