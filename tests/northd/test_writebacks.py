"""What the northbound is told back."""

from __future__ import annotations

from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, switch
from tests.northd.stores import Pair


def progress(pair: Pair) -> tuple[int, int, int]:
    (row,) = pair.northbound(nb.NBGlobal)
    return row.nb_cfg, row.sb_cfg, row.hv_cfg


def test_a_port_is_up_when_its_chassis_says_so() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *switch(port("vm"), port("side", type="router"))])
    ups = {row.name: row.up for row in pair.northbound(nb.LogicalSwitchPort)}
    assert ups == {"vm": False, "side": True}
    (binding,) = (row for row in pair.southbound(sb.PortBinding) if row.logical_port == "vm")
    encap = Insert(sb.Encap, {"type": "geneve", "ip": "10.0.0.1", "chassis_name": "hv1"}, uuid_name="encap")
    pair.hear(encap, Insert(sb.Chassis, {"name": "hv1", "encaps": (Named("encap"),)}))
    (chassis,) = pair.southbound(sb.Chassis)
    pair.hear(Update(sb.PortBinding, by_uuid(binding.uuid), {"up": True, "chassis": chassis.uuid}))
    assert {row.up for row in pair.northbound(nb.LogicalSwitchPort)} == {True}


def test_the_southbound_has_reached_a_state_when_it_is_committed() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global")])
    pair.say(Update(nb.NBGlobal, by_uuid("global"), {"nb_cfg": 7}), Insert(nb.LogicalSwitch, {"name": "sw"}))
    assert progress(pair) == (7, 7, 7), "without chassis nobody is behind"
    assert pair.southbound(sb.SBGlobal)[0].nb_cfg == 7


def test_hypervisors_have_reached_what_the_slowest_has() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global")])
    pair.hear(*(Insert(sb.ChassisPrivate, {"name": name, "nb_cfg": 0}) for name in ("hv1", "hv2")))
    pair.say(Update(nb.NBGlobal, by_uuid("global"), {"nb_cfg": 3}))
    assert progress(pair) == (3, 3, 0)
    first, second = pair.southbound(sb.ChassisPrivate)
    pair.hear(Update(sb.ChassisPrivate, by_uuid(first.uuid), {"nb_cfg": 3, "nb_cfg_timestamp": 1000}))
    assert progress(pair) == (3, 3, 0)
    pair.hear(Update(sb.ChassisPrivate, by_uuid(second.uuid), {"nb_cfg": 3, "nb_cfg_timestamp": 2000}))
    assert progress(pair) == (3, 3, 3)
    assert pair.northbound(nb.NBGlobal)[0].hv_cfg_timestamp == 2000


def test_stamps_are_of_the_wall_clock() -> None:
    pair = Pair()
    pair.northd.epoch_s = 1_000_000.0
    pair.load([nb.NBGlobal("global")])
    pair.say(Update(nb.NBGlobal, by_uuid("global"), {"nb_cfg": 1}), now=2.5)
    assert pair.northbound(nb.NBGlobal)[0].sb_cfg_timestamp == 1_000_002_500


def test_options_that_the_owner_chose_stay() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global", options={"mac_prefix": "0a:00:00", "mine": "yes"})])
    options = pair.northbound(nb.NBGlobal)[0].options
    assert options["mac_prefix"] == "0a:00:00" and options["mine"] == "yes" and "svc_monitor_mac" in options
