"""Router advertisements, and what chassis and northbound are told of prefixes."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import check, check_among, router, router_port, switch, towards
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"
OWN = "fe80::200:ff:fe00:ff01"


def rows(said: dict[str, str], *networks: str, **columns: Any) -> list[Table]:
    """A router port on a switch that says this of advertisements."""
    port = router_port("lrp", MAC, *(networks or ("fd00::1/64",)), ipv6_ra_configs=said, **columns)
    return [*router(port), *switch(towards("side", "lrp"))]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ({"address_mode": "slaac"}, 'addr_mode = "slaac", slla = MAC'),
        ({"address_mode": "slaac", "mtu": "1280"}, 'addr_mode = "slaac", slla = MAC, mtu = 1280'),
        ({"address_mode": "slaac", "mtu": "1279"}, 'addr_mode = "slaac", slla = MAC'),
        ({"address_mode": "slaac", "router_preference": "MEDIUM"}, 'addr_mode = "slaac", slla = MAC'),
        ({"address_mode": "slaac", "router_preference": "LOW"}, 'addr_mode = "slaac", slla = MAC, router_preference = "LOW"'),
        (
            {"address_mode": "dhcpv6_stateless", "rdnss": "fd00::9", "dnssl": "a.b", "route_info": "HIGH-fd07::/48"},
            'addr_mode = "dhcpv6_stateless", slla = MAC, rdnss = fd00::9, dnssl = "a.b", route_info = "HIGH-fd07::/48"',
        ),
    ],
)  # fmt: skip
def test_a_solicitation_becomes_an_advertisement(said: dict[str, str], parts: str) -> None:
    advert = f"reg0[5] = put_nd_ra_opts({parts.replace('MAC', MAC)}, prefix = fd00::/64); next;"
    check(rows(said), Stage.LR_IN_ND_RA_OPTIONS, f'50 inport == "lrp" && ip6.dst == ff02::2 && nd_rs -> {advert}')
    back = f"eth.dst = eth.src; eth.src = {MAC}; ip6.dst = ip6.src; ip6.src = {OWN}; outport = inport; flags.loopback = 1; output;"
    check(rows(said), Stage.LR_IN_ND_RA_RESPONSE, f'50 inport == "lrp" && ip6.dst == ff02::2 && nd_ra && reg0[5] -> {back}')


@pytest.mark.parametrize(
    "quiet",
    [rows({}), rows({"address_mode": "none"}), rows({"address_mode": "slaac"}, "10.0.0.1/24"), rows({"address_mode": "slaac"}, peer="x")],
)
def test_who_has_nothing_to_say_says_nothing(quiet: list[Table]) -> None:
    check(quiet, Stage.LR_IN_ND_RA_OPTIONS)


def test_answers_to_requests_for_prefixes_are_handled() -> None:
    found = rows({}, options={"prefix_delegation": "true"})
    for address in ("fd00::1", OWN):
        match = f"ip6.dst == {address} && udp.src == 547 && udp.dst == 546"
        check_among(found, Stage.LR_IN_IP_INPUT, f"100 {match} -> reg0 = 0; handle_dhcpv6_reply;")


def told(said: dict[str, str], **options: str) -> dict[str, str]:
    """The options of the port's binding."""
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *rows(said, options=options)])
    return next(row.options for row in pair.southbound(sb.PortBinding) if row.logical_port == "lrp")


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ({}, ("600", "200")),
        ({"max_interval": "4000"}, ("1800", "600")),
        ({"max_interval": "8"}, ("8", "6")),
        ({"max_interval": "1", "min_interval": "1"}, ("4", "3")),
        ({"max_interval": "100", "min_interval": "99"}, ("100", "75")),
        ({"max_interval": "nonsense"}, ("600", "200")),
    ],
)
def test_chassis_advertise_by_themselves(intervals: dict[str, str], expected: tuple[str, str]) -> None:
    options = told({"address_mode": "slaac", "send_periodic": "true", **intervals})
    assert (options["ipv6_ra_max_interval"], options["ipv6_ra_min_interval"]) == expected
    assert options["ipv6_ra_prefixes"] == "fd00::/64"
    assert (options["ipv6_ra_src_addr"], options["ipv6_ra_prf"]) == (OWN, "MEDIUM")


def test_the_northbound_is_told_which_prefix_was_delegated() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *rows({}, options={"prefix": "true"})])
    binding = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == "lrp")
    assert binding.options["ipv6_prefix"] == "true"
    pair.hear(Update(sb.PortBinding, by_uuid(binding.uuid), {"options": {**binding.options, "ipv6_ra_pd_list": "1:aef0::/64"}}), now=1.0)
    assert pair.northbound(nb.LogicalRouterPort)[0].ipv6_prefix == ("aef0::/64",)
    after = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == "lrp")
    assert after.options["ipv6_ra_pd_list"] == "1:aef0::/64"
