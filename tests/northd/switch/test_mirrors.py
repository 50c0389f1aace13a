"""Copies of packets for other ports."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import check, check_among, port, switch
from tests.northd.stores import Pair


def rows(sink: str = "tap", filter_: str = "both") -> list[Table]:
    return [
        nb.MirrorRule("rule", priority=7, match="ip4", action="skip"),
        nb.Mirror("mirror", name="m", type="lport", filter=filter_, sink=sink, mirror_rules=("rule",)),
        *switch(port("vm", mirror_rules=("mirror",)), port("tap")),
    ]


def test_what_a_port_sends_and_receives_is_copied_unless_a_rule_says_not() -> None:
    copy = 'mirror("mp-sw-tap"); next;'
    for stage, field in ((Stage.LS_IN_MIRROR, "inport"), (Stage.LS_OUT_MIRROR, "outport")):
        check(rows(), stage, f'100 {field} == "vm" -> {copy}', f'107 {field} == "vm" && (ip4) -> next;')
    leave = f"next(pipeline=egress, table={Stage.LS_OUT_APPLY_PORT_SEC.number});"
    check_among(rows(), Stage.LS_OUT_PRE_ACL, f'65535 outport == "mp-sw-tap" -> {leave}')


def test_only_one_way() -> None:
    check(rows(filter_="to-lport"), Stage.LS_IN_MIRROR)


def test_a_port_that_is_not_there_gets_nothing() -> None:
    check(rows(sink="missing"), Stage.LS_IN_MIRROR)


def test_copies_leave_by_a_port_of_their_own() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *rows()])
    bindings = {row.logical_port: row for row in pair.southbound(sb.PortBinding)}
    assert (bindings["mp-sw-tap"].type, bindings["mp-sw-tap"].mirror_port) == ("mirror", "tap")
    assert [row.name for row in pair.southbound(sb.Mirror)] == ["m"]
    assert len(bindings["vm"].mirror_rules) == 1


def test_of_two_switches_of_one_name_the_first_has_the_port_for_copies() -> None:
    twin = nb.LogicalSwitch("sw2", name="sw", ports=("other",))
    other = port("other", mirror_rules=("mirror",))
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *rows(), twin, other])
    first, second = (row.uuid for name in ("sw", "sw2") for row in pair.southbound(sb.DatapathBinding) if row.nb_uuid == name)
    copies = [row for row in pair.southbound(sb.PortBinding) if row.type == "mirror"]
    assert [row.datapath for row in copies] == [first] and first != second
