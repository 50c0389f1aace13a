"""Packets that somebody describes."""

from __future__ import annotations

import pytest

from pyovn.controller.injection import injected
from pyovn.logical.lexer import LogicalError
from pyovn.packet import slot
from pyovn.packet.flow import parse_flow
from tests.controller.test_commands import running

TO = "eth.src == 02:00:00:00:00:01 && eth.dst == 02:00:00:00:00:02 && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64"


def test_it_enters_by_the_ports_interface() -> None:
    message = injected(running().agent.db, f'inport == "p1" && {TO} && udp.dst == 53')
    flow = parse_flow(message.data)
    assert (message.in_port, flow[slot.NW_DST], flow[slot.TP_DST], flow[slot.NW_TTL]) == (5, 0x0A000002, 53, 64)


@pytest.mark.parametrize(
    ("microflow", "reason"),
    [
        (f'inport == "nobody" && {TO}', "ingress port not found"),
        (TO, "ingress port not found"),
        ("ip4 && ip6", "contradictory"),
        ("nonsense", "nonsense"),
    ],
)
def test_what_cannot_be_sent(microflow: str, reason: str) -> None:
    with pytest.raises(LogicalError, match=reason):
        injected(running().agent.db, microflow)
