"""Gateways of one zone are chassis of the others."""

from __future__ import annotations

import pytest

from pyovn.schemas import ic_sb, sb
from tests.interconnect.zones import Zones, chassis

HERE = chassis("gw1", "az1", "192.0.2.1")
ONE = ("gw1", "", {"is-remote": "true"})

CASES = [
    ("a gateway", (*HERE,), [ONE], [("192.0.2.1", "gw1", "geneve")]),
    ("a chassis that is none", chassis("hv1", "az1", "192.0.2.1", gateway=False), [], []),
    ("a gateway that is none any more", (*HERE, "az1: ovn-sbctl set Chassis gw1 other_config:is-interconn=false"), [], []),
    ("a gateway that is gone", (*HERE, "az1: ovn-sbctl chassis-del gw1"), [], []),
    (
        "a gateway with another name for its host",
        (*HERE, "az1: ovn-sbctl set Chassis gw1 hostname=host1"),
        [("gw1", "host1", {"is-remote": "true"})],
        [("192.0.2.1", "gw1", "geneve")],
    ),
    (
        "a gateway that moves",
        (*HERE, "az1: ovn-sbctl set Encap . ip=192.0.2.9"),
        [ONE],
        [("192.0.2.9", "gw1", "geneve")],
    ),
    (
        "a gateway with one more tunnel",
        (*HERE, "az1: ovn-sbctl --id=@e create Encap type=vxlan ip=192.0.2.1 chassis_name=gw1 -- add Chassis gw1 encaps @e"),
        [ONE],
        [("192.0.2.1", "gw1", "geneve"), ("192.0.2.1", "gw1", "vxlan")],
    ),
    ("somebody strikes it out", (*HERE, "az2: ovn-sbctl chassis-del gw1"), [ONE], [("192.0.2.1", "gw1", "geneve")]),
    (
        "a chassis of a zone that is none",
        (*chassis("x", "az2", "192.0.2.7"), "az2: ovn-sbctl set Chassis x other_config=is-remote=true"),
        [],
        [],
    ),
]


@pytest.mark.parametrize(("lines", "expected", "encaps"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_other_zone_has(lines: tuple[str, ...], expected: list[object], encaps: list[object]) -> None:
    zones = Zones("az1", "az2")
    zones.run(*lines)
    assert zones.said("az2", sb.Chassis, "name", "hostname", "other_config") == expected
    assert zones.said("az2", sb.Encap, "ip", "chassis_name", "type") == encaps


def test_two_gateways_of_one_name_are_that_of_the_first() -> None:
    zones = Zones("az1", "az2")
    zones.run(*HERE)
    zones.zones["az2"].ic.paused = True
    zones.run("az2: ovn-sbctl set Chassis gw1 other_config:is-interconn=true")
    zones.zones["az2"].ic.paused = False
    zones.settle()
    assert zones.said("az1", ic_sb.Gateway, "name") == [("gw1",)]
