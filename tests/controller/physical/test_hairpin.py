"""Load balancers' hairpins; that the rules are the reference's is the agreement test's business."""

from __future__ import annotations

import pytest

from pyovn.controller.physical.hairpin import Address, balanced_datapaths, hairpin_rules, parse_address
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, feed, host, uuid

SWITCH, FAR, PORT, BALANCER, GROUP = (uuid(number) for number in (1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.1:80", Address(4, 0x0A000001, 80, "10.0.0.1")),
        ("10.0.0.1", Address(4, 0x0A000001, 0, "10.0.0.1")),
        ("[fd00::1]:80", Address(6, 0xFD00 << 112 | 1, 80, "fd00::1")),
        ("fd00::1", Address(6, 0xFD00 << 112 | 1, 0, "fd00::1")),
        ("^vip:80", None),
        ("10.0.0.1:http", None),
        ("10.0.0.1:70000", None),
        ("", None),
    ],
)
def test_addresses(text: str, address: Address | None) -> None:
    assert parse_address(text) == address


def network(**columns: object) -> Engine:
    """A balancer on two switches, of which one has a machine here."""
    db = host()
    for ref, key in ((SWITCH, 7), (FAR, 8)):
        feed(db, sb.DatapathBinding, ref, tunnel_key=key)
    feed(db, sb.PortBinding, PORT, logical_port="p", datapath=SWITCH, tunnel_key=1)
    feed(db, vswitch.Interface, uuid(0x11), name="tap", ofport=1, external_ids={"iface-id": "p"})
    feed(db, vswitch.Port, uuid(0x12), name="tap", interfaces=(uuid(0x11),))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=(uuid(0x12),))
    feed(db, sb.LogicalDPGroup, GROUP, datapaths=(SWITCH, FAR))
    feed(db, sb.LoadBalancer, BALANCER, ls_datapath_group=GROUP, **columns)
    return db


def check(db: Engine, expected: list[tuple[int, int]]) -> None:
    """Rules in these tables, of these priorities."""
    assert sorted((int(rule.table), rule.priority) for rule in hairpin_rules(db, BALANCER)) == expected


def test_each_backend_is_recognised_and_each_virtual_address_given() -> None:
    check(network(vips={"10.0.0.9:80": "10.0.0.1:80,10.0.0.2:80"}, protocol="tcp"), [(68, 100), (68, 100), (70, 100)])


def test_an_address_without_port_yields_to_one_with() -> None:
    check(network(vips={"10.0.0.9": "10.0.0.1"}), [(68, 100), (70, 90)])


def test_an_address_given_for_the_purpose_is_a_switch_s_own() -> None:
    db = network(vips={"10.0.0.9:80": "10.0.0.1:80"}, protocol="udp", options={"hairpin_snat_ip": "10.0.0.8 fd00::8"})
    check(db, [(68, 100), (70, 200)])


def test_only_datapaths_that_matter_here_count() -> None:
    db = network(vips={"10.0.0.9": "10.0.0.1"})
    assert balanced_datapaths(db, BALANCER) == (SWITCH,)
    feed(db, sb.LogicalDPGroup, GROUP, datapaths=(FAR,))
    check(db, [])


def test_what_cannot_be_read_is_left_out() -> None:
    check(network(vips={"^vip:80": "^backends", "10.0.0.9": "nobody,fd00::1"}), [(70, 90)])
