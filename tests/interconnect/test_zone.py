"""Zones are known to each other by name, and say how far they have followed."""

from __future__ import annotations

from pyovn.interconnect.zone import probe_interval
from pyovn.schemas import ic_nb, ic_sb, nb
from tests.interconnect.zones import Zones, chassis


def names(zones: Zones) -> list[tuple[object, ...]]:
    return zones.said("az1", ic_sb.AvailabilityZone, "name")


def test_every_zone_with_a_name_is_known() -> None:
    zones = Zones("az1", "az2")
    assert names(zones) == [("az1",), ("az2",)]


def test_a_zone_that_gets_another_name_stays_the_same() -> None:
    zones = Zones("az1", "az2")
    zones.run(*chassis("gw1", "az1", "192.0.2.1"))
    before = {row.uuid for row in zones.rows("az1", ic_sb.AvailabilityZone)}
    zones.run("az1: ovn-nbctl set NB_Global . name=az3")
    assert names(zones) == [("az2",), ("az3",)]
    assert {row.uuid for row in zones.rows("az1", ic_sb.AvailabilityZone)} == before
    assert zones.said("az2", ic_sb.Gateway, "name") == [("gw1",)]


def test_a_zone_without_a_name_takes_no_part_and_takes_along_what_it_told() -> None:
    zones = Zones("az1", "az2")
    zones.run(*chassis("gw2", "az2", "192.0.2.2"), "az2: ovn-nbctl set NB_Global . 'name=\"\"'")
    assert names(zones) == [("az1",)]
    assert zones.said("az1", ic_sb.Gateway, "name") == []
    zones.run("az2: ovn-nbctl set NB_Global . name=az2")
    assert names(zones) == [("az1",), ("az2",)] and zones.said("az1", ic_sb.Gateway, "name") == [("gw2",)]


def test_the_name_of_another_zone_is_not_taken() -> None:
    zones = Zones("az1", "az2")
    zones.run("az1: ovn-nbctl set NB_Global . name=az2")
    assert names(zones) == [("az1",), ("az2",)]


def test_who_asked_hears_when_all_have_followed() -> None:
    zones = Zones("az1", "az2")
    zones.zones["az2"].ic.paused = True
    zones.run("az1: ovn-ic-nbctl set IC_NB_Global . nb_ic_cfg=7")
    assert zones.said("az1", ic_nb.ICNBGlobal, "nb_ic_cfg", "sb_ic_cfg") == [(7, 0)]
    assert zones.said("az1", ic_sb.AvailabilityZone, "name", "nb_ic_cfg") == [("az1", 7), ("az2", 0)]
    zones.zones["az2"].ic.paused = False
    zones.settle()
    assert zones.said("az1", ic_nb.ICNBGlobal, "nb_ic_cfg", "sb_ic_cfg") == [(7, 7)]
    assert zones.said("az1", ic_sb.ICSBGlobal, "nb_ic_cfg") == [(7,)]


def test_how_long_silent_servers_are_left_alone() -> None:
    zones = Zones("az1")
    zones.run("az1: ovn-ic-nbctl set IC_NB_Global . options:ic_probe_interval=7000")
    assert probe_interval(zones.zones["az1"].ic.db, ic_nb.ICNBGlobal) == "7000"
    assert probe_interval(zones.zones["az1"].ic.db, nb.NBGlobal) == ""


def test_a_daemon_that_starts_finds_nothing_to_do() -> None:
    zones = Zones("az1", "az2")
    zones.run(*chassis("gw1", "az1", "192.0.2.1"), "az1: ovn-ic-nbctl ts-add ts1 -- tr-add tr1")
    another = zones.zones["az1"].another(zones)
    another.tick(0.0)
    assert another.transactions == 0
    assert zones.said("az1", nb.LogicalSwitch, "name") == [("ts1",)]
