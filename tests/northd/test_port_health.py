"""Switch ports whose health is checked."""

from __future__ import annotations

from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, switch
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"


def rows(address: str = "10.0.0.2") -> list[Table]:
    check = nb.LogicalSwitchPortHealthCheck("hc", protocol="tcp", src_ip="10.0.0.9", port=80, address=address, options={"interval": "5"})
    return [nb.NBGlobal("global"), check, *switch(port("vm", f"{MAC} 10.0.0.2 fd00::2", health_checks=("hc",)))]


def test_what_lives_there_is_probed_and_the_northbound_told() -> None:
    pair = Pair()
    pair.load(rows())
    (monitor,) = pair.southbound(sb.ServiceMonitor)
    assert (monitor.type, monitor.logical_port, monitor.ip, monitor.port, monitor.src_ip, monitor.options) == (
        "logical-switch-port", "vm", "10.0.0.2", 80, "10.0.0.9", {"interval": "5"},
    )  # fmt: skip
    assert any(flow.match == "arp.tpa == 10.0.0.9 && arp.op == 1" for flow in pair.southbound(sb.LogicalFlow))
    pair.hear(Update(sb.ServiceMonitor, by_uuid(monitor.uuid), {"status": "error"}))
    assert [check.status for check in pair.northbound(nb.LogicalSwitchPortHealthCheck)] == ["error"]


def test_who_does_not_live_there_is_not_probed() -> None:
    for address in ("10.0.0.3", "", "junk"):
        pair = Pair()
        pair.load(rows(address))
        assert not pair.southbound(sb.ServiceMonitor)
