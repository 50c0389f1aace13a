"""Advertisements that nobody asked for: who says them, what they say, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pyovn.controller.services.advertiser import ADVERTISED, Advertiser
from pyovn.controller.services.frame import parse_ip
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import feed, host, uuid

ROUTER, SWITCH, PORT, PEER = (uuid(number) for number in (0x50, 0x51, 0x52, 0x53))
SAID = {
    "ipv6_ra_send_periodic": "true", "ipv6_ra_address_mode": "slaac", "ipv6_ra_src_eth": "02:00:00:00:00:fe",
    "ipv6_ra_src_addr": "fe80::fe", "ipv6_ra_prefixes": "fd00::/64", "ipv6_ra_min_interval": "20", "ipv6_ra_max_interval": "30",
    "ipv6_ra_mtu": "1400", "ipv6_ra_rdnss": "fd00::53", "ipv6_ra_prf": "HIGH", "peer": "s-r", "l3gateway-chassis": "hv1",
}  # fmt: skip


def network(**changes: str | None) -> Engine:
    """A gateway router of this chassis whose port advertises, with some options otherwise."""
    db = host()
    feed(db, sb.DatapathBinding, ROUTER, tunnel_key=1)
    feed(db, sb.DatapathBinding, SWITCH, tunnel_key=2)
    options = {key: value for key, value in (SAID | changes).items() if value is not None}
    feed(db, sb.PortBinding, PORT, logical_port="r-s", type="l3gateway", datapath=ROUTER, tunnel_key=3, options=options)
    back = {"peer": "r-s", "l3gateway-chassis": "hv1"}
    feed(db, sb.PortBinding, PEER, logical_port="s-r", type="l3gateway", datapath=SWITCH, tunnel_key=4, options=back)
    return db


def test_an_advertisement_and_its_options() -> None:
    (packet,) = Advertiser(network()).tick(0.0)
    ip = parse_ip(packet.data)
    assert ip is not None and (packet.data[:6].hex(), packet.data[21]) == ("333300000001", 255)
    message = packet.data[ip.data : ip.end]
    assert message[:1] + message[4:8] == bytes((134, 255, 0x08, 0xFF, 0xFF))
    kinds, at = [], 16
    while at < len(message):
        kinds.append(message[at])
        at += 8 * message[at + 1]
    assert kinds == [1, 5, 25, 3]


SILENT = [
    {"ipv6_ra_send_periodic": None}, {"peer": "nobody"},
    {"ipv6_ra_src_eth": "x"}, {"ipv6_ra_src_addr": None}, {"ipv6_ra_src_addr": "10.0.0.1"},
]  # fmt: skip


@pytest.mark.parametrize("changes", SILENT)
def test_who_says_nothing(changes: dict[str, str | None]) -> None:
    assert not network(**changes).items(ADVERTISED)


BAD = [{"ipv6_ra_address_mode": "magic"}, {"ipv6_ra_prefixes": "10.0.0.0/8"}, {"ipv6_ra_rdnss": ") ; drop"}, {"ipv6_ra_mtu": "wide"}]


@pytest.mark.parametrize("changes", BAD)
def test_options_that_make_no_message_are_not_said(changes: dict[str, str | None]) -> None:
    assert not list(Advertiser(network(**changes)).tick(0.0))


def test_the_first_come_soon_and_the_others_at_their_pace() -> None:
    advertiser = Advertiser(network())
    times: list[float] = []
    for _ in range(8):
        times.append(max(advertiser.due(), 0.0) if times else 0.0)
        assert len(list(advertiser.tick(times[-1]))) == 1
    waits = [after - before for before, after in pairwise(times)]
    assert all(wait <= 16 for wait in waits[:2])
    assert all(20 <= wait <= 30 for wait in waits[2:])
    assert len(set(waits[2:])) > 2
