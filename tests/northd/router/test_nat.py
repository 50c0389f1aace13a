"""What a row of NAT means on its router."""

from __future__ import annotations

import pytest

from pyovn.northd.router.nat import Nat, is_source, nat
from pyovn.schemas.nb import NAT, GatewayChassis
from tests.northd.compiled import engine, router, router_port
from tests.northd.router.gateways import MAC, at_a_gateway_port, at_a_gateway_router, distributed, floating, snat


def facts(rule: NAT, *, at_port: bool = True) -> Nat | None:
    """What the compiler knows of a translation."""
    return nat(engine(at_a_gateway_port(rule) if at_port else at_a_gateway_router(rule)), rule.uuid)


@pytest.mark.parametrize(
    ("rule", "at_port", "mac", "place"),
    [
        (floating(), True, None, "cr-out"),
        (distributed(), True, "00:00:00:00:00:99", "vm"),
        (distributed(external_mac=None), True, None, "cr-out"),
        (distributed(type="dnat"), True, None, "cr-out"),
        (distributed(), False, None, None),
    ],
)
def test_where_it_is_carried_out(rule: NAT, at_port: bool, mac: str | None, place: str | None) -> None:
    found = facts(rule, at_port=at_port)
    assert found is not None and found.is_placed and found.mac == mac
    assert place is None or found.place == place


def test_among_several_gateway_ports_the_address_or_the_row_decides() -> None:
    ports = [
        router_port("a", MAC, "172.16.0.1/24", gateway_chassis=("gc",)),
        router_port("b", "00:00:00:00:ff:02", "172.17.0.1/24", gateway_chassis=("gc",)),
    ]
    chassis = GatewayChassis("gc", name="gc", chassis_name="hv1", priority=1)
    cases: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "a"), ({"external_ip": "172.17.0.9"}, "b"), ({"gateway_port": "b"}, "b"),
    )  # fmt: skip
    for columns, expected in cases:
        rule = snat(**columns)
        found = nat(engine([*router(*ports, nat=("snat",)), chassis, rule]), "snat")
        assert found is not None and found.port is not None and found.port.name == expected
    lost = snat(external_ip="9.9.9.9")
    assert nat(engine([*router(*ports, nat=("snat",)), chassis, lost]), "snat") is None


@pytest.mark.parametrize(
    "rule",
    [
        distributed(external_mac="nonsense"), snat(allowed_ext_ips="a", exempted_ext_ips="b"), floating(logical_ip="10.0.0.0/24"),
        snat(gateway_port="elsewhere"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_means_nothing(rule: NAT) -> None:
    assert facts(rule) is None


def test_addresses_of_sources() -> None:
    db = engine(at_a_gateway_router(snat(), floating(), options={"dnat_force_snat_ip": "172.16.0.7"}))
    assert [is_source(db, "lr", f"172.16.0.{host}") for host in (2, 3, 7, 8)] == [True, False, True, False]
