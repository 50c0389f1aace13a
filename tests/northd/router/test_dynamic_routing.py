"""Routers that exchange routes with others outside."""

from __future__ import annotations

import pytest

from pyovn.northd.router.dynamic_routing import announced, binding_options, datapath_ids
from pyovn.northd.topology import router_port as facts
from tests.northd.compiled import engine, router, router_port

MAC = "00:00:00:00:00:01"
ON = {"dynamic-routing": "true"}


@pytest.mark.parametrize(
    ("router_says", "port_says", "expected"),
    [
        ("", None, ""),
        ("connected,static", None, "connected static"),
        ("connected,static", "nat,lb", "lb nat"),
        ("connected,static", "", ""),
        ("connected-as-host,odd", None, "connected connected-as-host"),
    ],
)
def test_a_port_announces_what_it_or_its_router_says(router_says: str, port_says: str | None, expected: str) -> None:
    said = {} if port_says is None else {"dynamic-routing-redistribute": port_says}
    options = {"dynamic-routing-redistribute": router_says}
    port = router_port("lrp", MAC, "10.0.0.1/24", options=said)
    assert " ".join(sorted(announced(engine(router(port, options={**ON, **options})), "lrp"))) == expected
    assert not announced(engine(router(port, options=options)), "lrp")


PLACED = {**ON, "chassis": "hv", "dynamic-routing-vrf-name": "vrf"}
MAINTAINED = {"dynamic-routing-maintain-vrf": "true", "dynamic-routing-port-name": "eth"}
NO_LEARNING = {"dynamic-routing-no-learning": "true"}


@pytest.mark.parametrize(
    ("options", "said", "is_redirect", "expected"),
    [
        ({"chassis": "hv", **NO_LEARNING}, MAINTAINED, True, {}),
        (ON, MAINTAINED, False, {}),
        (ON, MAINTAINED, True, {**ON, **MAINTAINED}),
        (PLACED, {}, False, {**ON, "dynamic-routing-vrf-name": "vrf"}),
        ({**ON, **NO_LEARNING}, {}, False, NO_LEARNING),
        ({**ON, **NO_LEARNING}, {"dynamic-routing-no-learning": "false"}, False, {}),
        (ON, {"dynamic-routing-redistribute-local-only": "true"}, False, {"dynamic-routing-redistribute-local-only": "true"}),
    ],
)
def test_a_ports_chassis_is_told(options: dict[str, str], said: dict[str, str], is_redirect: bool, expected: dict[str, str]) -> None:
    db = engine(router(router_port("lrp", MAC, "10.0.0.1/24", options=said), options=options))
    port = facts(db, "lrp")
    assert port is not None
    assert binding_options(db, port, is_redirect=is_redirect) == expected


@pytest.mark.parametrize(("table", "told"), [("7", True), ("4294967295", True), ("0", False), ("-1", False), ("odd", False), ("", False)])
def test_chassis_are_told_the_routing_table(table: str, told: bool) -> None:
    assert datapath_ids({"dynamic-routing-vrf-id": table}) == ({"dynamic-routing-vrf-id": table} if told else {})


def test_chassis_are_told_the_next_hops_of_what_they_announce() -> None:
    options = {"dynamic-routing-v4-prefix-nexthop": "10.0.0.1", "dynamic-routing-v6-prefix-nexthop": ""}
    assert datapath_ids(options) == {"dynamic-routing-v4-prefix-nexthop": "10.0.0.1"}
