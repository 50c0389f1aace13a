"""Routers with ports in other zones."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, router_port
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"


def asking_for(wanted_on: str, **options: str) -> Pair:
    """A router whose port wants to be on a chassis; `far` is one of another zone, `near` is not."""
    pair = Pair()
    for name in ("far", "near"):
        encap = Insert(sb.Encap, {"type": "geneve", "ip": name, "chassis_name": name}, uuid_name="encap")
        config = {"is-remote": "true"} if name == "far" else {}
        pair.hear(encap, Insert(sb.Chassis, {"name": name, "other_config": config, "encaps": (Named("encap"),)}))
    port = router_port("tr-az2", MAC, "192.168.100.3/31", options={"requested-chassis": wanted_on})
    pair.load([nb.NBGlobal("global"), *router(port, options=options)])
    return pair


def chassis(pair: Pair, name: str) -> sb.Chassis:
    return next(row for row in pair.southbound(sb.Chassis) if row.name == name)


@pytest.mark.parametrize(
    ("wanted_on", "options", "kind"),
    [("far", {}, "remote"), ("near", {}, "patch"), ("nowhere", {}, "patch"), ("far", {"chassis": "near"}, "l3gateway")],
)
def test_a_port_of_another_zone_is_put_there(wanted_on: str, options: dict[str, str], kind: str) -> None:
    pair = asking_for(wanted_on, **options)
    (row,) = pair.southbound(sb.PortBinding)
    there = chassis(pair, "far").uuid if kind == "remote" else None
    assert (row.type, row.chassis, row.requested_chassis) == (kind, there, there)


def test_a_chassis_that_joins_or_leaves_another_zone_takes_its_ports_along() -> None:
    pair = asking_for("near")
    for config, kind in (({"is-remote": "true"}, "remote"), ({}, "patch")):
        pair.hear(Update(sb.Chassis, by_uuid(chassis(pair, "near").uuid), {"other_config": config}))
        assert [row.type for row in pair.southbound(sb.PortBinding)] == [kind]


@pytest.mark.parametrize(("wanted_on", "told"), [("far", "flood_remote; "), ("near", "")])
def test_other_zones_hear_what_neighbours_say(wanted_on: str, told: str) -> None:
    rows = asking_for(wanted_on).southbound(sb.LogicalFlow)
    lookups = {row.match: row.actions for row in rows if row.external_ids["stage-name"] == Stage.LR_IN_LOOKUP_NEIGHBOR.stage_name}
    assert lookups["arp.op == 2"] == f"reg9[2] = lookup_arp(inport, arp.spa, arp.sha); {told}next;"
    assert lookups["nd_na"] == f"reg9[2] = lookup_nd(inport, nd.target, nd.tll); {told}next;"
    assert "flood_remote" not in lookups["nd_ns"]
