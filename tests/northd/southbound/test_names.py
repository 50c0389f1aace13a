"""Names and variables in the southbound."""

from __future__ import annotations

from pyovn.schemas import nb, sb
from tests.northd.compiled import switch
from tests.northd.stores import Pair


def test_a_name_keeps_its_uuid_and_its_values_are_in_lower_case() -> None:
    pair = Pair()
    row = nb.DNS("0dd5d0d5-0000-4000-8000-000000000001", records={"VM": "FD00::2"}, options={"ovn-owned": "true", "note": "x"})
    pair.load([nb.NBGlobal("global"), row, *switch(dns_records=(row.uuid,))])
    (found,) = pair.southbound(sb.DNS)
    assert (str(found.uuid), found.records, found.options) == (str(row.uuid), {"VM": "fd00::2"}, {"ovn-owned": "true"})
    assert len(found.datapaths) == 1


def test_names_of_no_switch_are_nobodys() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), nb.DNS("dns", records={"vm": "10.0.0.2"})])
    assert not pair.southbound(sb.DNS)


def test_variables_are_the_northbounds() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), nb.ChassisTemplateVar("tv", chassis="hv1", variables={"vip": "10.0.0.1"})])
    (found,) = pair.southbound(sb.ChassisTemplateVar)
    assert (found.chassis, found.variables) == ("hv1", {"vip": "10.0.0.1"})
