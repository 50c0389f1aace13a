"""Groups that packets are sent to."""

from __future__ import annotations

from typing import Any

from pyovn.ovsdb.operation import Delete, Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch, towards
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"
SNOOPING = {"mcast_snoop": "true"}


def groups(pair: Pair) -> dict[tuple[str, str], tuple[str, ...]]:
    """Members by datapath and group."""
    datapaths = {row.uuid: row.external_ids["name"] for row in pair.southbound(sb.DatapathBinding)}
    ports = {row.uuid: row.logical_port for row in pair.southbound(sb.PortBinding)}
    rows = pair.southbound(sb.MulticastGroup)
    return {(datapaths[row.datapath], row.name): tuple(sorted(ports[member] for member in row.ports)) for row in rows}


def heard(pair: Pair, address: str, *names: str) -> None:
    """A chassis has heard that somebody behind these ports asks for a group."""
    (datapath,) = (row for row in pair.southbound(sb.DatapathBinding) if row.external_ids["name"] == "sw")
    ports = tuple(sorted(row.uuid for row in pair.southbound(sb.PortBinding) if row.logical_port in names))
    encap = Insert(sb.Encap, {"type": "geneve", "ip": "10.0.0.1", "chassis_name": "hv1"}, uuid_name="encap")
    chassis = Insert(sb.Chassis, {"name": "hv1", "encaps": (Named("encap"),)}, uuid_name="chassis")
    row = {"address": address, "datapath": datapath.uuid, "chassis": Named("chassis"), "chassis_name": "hv1", "ports": ports}
    pair.hear(encap, chassis, Insert(sb.IGMPGroup, row))


def relayed(**options: Any) -> Pair:
    """A switch that snoops, beside a router that relays."""
    pair = Pair()
    pair.load([
        nb.NBGlobal("global"), *switch(port("vm"), port("other", **options), towards("side", "end"), other_config=SNOOPING),
        *router(router_port("end", MAC, "10.0.0.1/24"), options={"mcast_relay": "true"}),
    ])  # fmt: skip
    return pair


def test_numbers_of_snooping_are_kept_within_bounds() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *switch(other_config={"mcast_idle_timeout": "5", "mcast_query_interval": "9999"})])
    (row,) = pair.southbound(sb.IPMulticast)
    assert (row.enabled, row.querier, row.idle_timeout, row.query_interval) == (False, True, 15, 3600)
    pair.load(switch(other_config={"mcast_idle_timeout": "-1", "mcast_query_interval": "none", "mcast_table_size": "4294967297"}))
    (row,) = pair.southbound(sb.IPMulticast)
    assert (row.idle_timeout, row.query_interval, row.table_size) == (3600, 1800, 1)


def test_who_asked_gets_it_and_routers_that_relay() -> None:
    pair = relayed()
    heard(pair, "239.0.0.1", "vm")
    found = groups(pair)
    assert found["sw", "239.0.0.1"] == ("vm",)
    assert found["lr", "239.0.0.1"] == ("end",)
    assert found["sw", "_MC_mrouter_flood"] == ("side",)
    assert {row.tunnel_key for row in pair.southbound(sb.MulticastGroup) if row.name == "239.0.0.1"} == {32773}


def test_groups_of_the_link_are_not_relayed() -> None:
    pair = relayed()
    heard(pair, "ff02::7", "vm")
    assert ("sw", "ff02::7") in groups(pair) and ("lr", "ff02::7") not in groups(pair)


def test_who_gets_everything_needs_no_group() -> None:
    pair = relayed(options={"mcast_flood": "true"})
    heard(pair, "239.0.0.1", "other")
    assert groups(pair)["sw", "_MC_static"] == ("other",)
    assert not any(name == "239.0.0.1" for _, name in groups(pair))


def test_routers_that_were_heard_get_what_routers_get() -> None:
    pair = relayed()
    heard(pair, "mrouters", "vm")
    assert groups(pair)["sw", "_MC_mrouter_flood"] == ("side", "vm")


def test_the_deaf_are_in_no_group() -> None:
    pair = relayed(options={"receive_multicast": "false"})
    assert "other" not in groups(pair)["sw", "_MC_flood"]


def test_what_was_heard_on_a_switch_goes_with_it() -> None:
    pair = relayed()
    heard(pair, "239.0.0.1", "vm")
    pair.say(Delete(nb.LogicalSwitch, by_uuid("sw")))
    assert not pair.southbound(sb.IGMPGroup) and not groups(pair)


def test_a_port_that_changes_hands_comes_into_its_new_groups() -> None:
    pair = relayed()
    for type_, members in (("virtual", ("other", "side", "vm")), ("router", ("other", "vm"))):
        pair.say(Update(nb.LogicalSwitchPort, by_uuid("side"), {"type": type_}))
        assert groups(pair)["sw", "_MC_flood_l2"] == members
