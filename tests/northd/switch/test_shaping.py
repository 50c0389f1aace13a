"""Ports with queues."""

from __future__ import annotations

from typing import Any

from pyovn.northd.allotted import Queue
from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check_among, flows, port, shown, switch

QUEUE: list[Any] = [Queue("vm", 7)]
SHAPED = {"qos_max_rate": "1000"}


def test_what_it_sends_goes_through_its_queue_here_and_on_the_wire() -> None:
    rows = [*QUEUE, *switch(port("vm", options=SHAPED), port("wire", type="localnet"))]
    check_among(rows, Stage.LS_IN_CHECK_PORT_SEC, '70 inport == "vm" -> set_queue(7); reg0[15] = check_in_port_sec(); next;')
    check_among(rows, Stage.LS_OUT_APPLY_PORT_SEC, '110 outport == "wire" && inport == "vm" -> set_queue(7); output;')


def test_without_a_wire_it_leaves_by_none() -> None:
    assert not [flow for flow in flows([*QUEUE, *switch(port("vm", options=SHAPED))]) if "110 outport" in shown(flow)]
