"""Whole traces, to the letter."""

from __future__ import annotations

import io

import pytest

from pyovn.cli.trace import run
from tests.trace.recorded import Case, Recorded, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_trace(case: Case) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(case.argv, {}, out=out, err=err, connect=Recorded().connect) == 0
    assert out.getvalue() == case.output


def test_only_what_lies_on_the_way_is_read() -> None:
    database = Recorded()
    argv = ["net0", 'inport=="port1" && eth.src==c0:ff:ee:00:00:11 && eth.dst==c0:ff:ee:00:00:12']
    run(argv, {}, out=io.StringIO(), err=io.StringIO(), connect=database.connect)
    assert database.asked.count("Logical_Flow") <= 1 + len(database.tables["Logical_DP_Group"])
    assert {"MAC_Binding", "Static_MAC_Binding", "Port_Group"}.isdisjoint(database.asked)
