"""What is announced, by whom and when."""

from __future__ import annotations

import pytest

from pyovn.controller.services.announce import ANNOUNCED, Announcement, Announcer, announcement, longest_wait, parse_addresses
from pyovn.machine import NEVER
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, OURS, feed, host, uuid

SWITCH, PATCH, MACHINE, GATEWAY, WIRE = (uuid(number) for number in (0x51, 0x52, 0x53, 0x54, 0x55))
MAC, IP = 0x000020201213, 0xAC180401


def physical(**settings: str) -> Engine:
    """A switch with a wire, a router's port whose gateway we are, and a machine that is not plugged in yet."""
    db = host(**settings)
    feed(db, sb.DatapathBinding, SWITCH, tunnel_key=1)
    feed(db, sb.PortBinding, WIRE, logical_port="ln", type="localnet", datapath=SWITCH, tunnel_key=9)
    nat = ('00:00:20:20:12:13 172.24.4.1 is_chassis_resident("cr")',)
    feed(db, sb.PortBinding, PATCH, logical_port="sw-r", type="patch", datapath=SWITCH, tunnel_key=2, nat_addresses=nat)
    feed(db, sb.HAChassis, uuid(0x61), chassis=OURS, priority=1)
    feed(db, sb.HAChassisGroup, uuid(0x60), name="cr", ha_chassis=(uuid(0x61),))
    feed(db, sb.PortBinding, GATEWAY, logical_port="cr", type="chassisredirect", datapath=SWITCH, tunnel_key=3, ha_chassis_group=uuid(0x60))
    plug(db, 0x70, "patch-ln", 7, type="patch", port={"ovn-localnet-port": "ln"})
    return db


def plug(db: Engine, number: int, name: str, ofport: int, *, type: str = "", port: dict[str, str] | None = None, iface: str = "") -> None:
    """A port of the bridge."""
    ids = {"iface-id": iface} if iface else {}
    feed(db, vswitch.Interface, uuid(number), name=name, type=type, ofport=ofport, external_ids=ids)
    feed(db, vswitch.Port, uuid(number + 1), name=name, interfaces=(uuid(number),), external_ids=port or {})
    bridge = db.get(vswitch.Bridge, BRIDGE)
    assert bridge is not None
    ports = tuple(sorted({*bridge.ports, uuid(number + 1)}))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=ports)


def machine(db: Engine, *mac: str, **options: str) -> None:
    """A machine on the switch, plugged in here."""
    feed(db, sb.PortBinding, MACHINE, logical_port="vm", datapath=SWITCH, tunnel_key=4, mac=mac, options=options)
    plug(db, 0x80, "tap", 8, iface="vm")


def check(db: Engine, expected: set[tuple[int, int, int | None]]) -> None:
    """These (port, MAC, IP) are announced."""
    assert {tuple(of[1:]) for of in db.items(ANNOUNCED)} == expected


def test_a_gateway_announces_its_router_s_addresses() -> None:
    check(physical(), {(2, MAC, IP)})


def test_nobody_announces_what_lives_elsewhere() -> None:
    db = physical()
    feed(db, sb.HAChassis, uuid(0x61), chassis=uuid(0x99), priority=1)
    check(db, set())


def test_without_a_wire_nobody_would_hear() -> None:
    db = physical()
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=())
    check(db, set())


@pytest.mark.parametrize(
    ("mac", "options", "announced"),
    [
        (("00:00:00:00:00:0a 10.0.0.1 10.0.0.2 fd00::1",), {}, {(4, 0xA, 0x0A000001)}),
        (("unknown", "00:00:00:00:00:0b"), {}, {(4, 0xB, None)}),
        (("unknown",), {}, set()),
        (("00:00:00:00:00:0a 10.0.0.1",), {"disable_garp_rarp": "true"}, set()),
    ],
    ids=["its first address", "an address without IP", "nobody", "told not to"],
)
def test_machines(mac: tuple[str, ...], options: dict[str, str], announced: set[tuple[int, int, int | None]]) -> None:
    db = physical()
    machine(db, *mac, **options)
    check(db, {(2, MAC, IP), *announced})


def moments(db: Engine, until: float) -> list[float]:
    """When something is announced."""
    announcer, now, found = Announcer(db), 0.0, []
    while now <= until:
        found += [now for _ in announcer.tick(now)]
        now = announcer.due()
    return found


def test_five_times() -> None:
    assert moments(physical(), 1000) == [0, 1, 3, 7, 15]


def test_for_ever_where_the_host_says_so() -> None:
    assert moments(physical(garp_max_timeout_sec="2"), 8) == [0, 1, 3, 5, 7]
    assert longest_wait(physical(garp_max_timeout_sec="soon")) == (16.0, False)


def test_what_went_and_came_back_is_announced_anew() -> None:
    db = physical()
    announcer = Announcer(db)
    assert len(list(announcer.tick(0))) == 1
    feed(db, sb.HAChassis, uuid(0x61), chassis=uuid(0x99), priority=1)
    assert list(announcer.tick(1)) == []
    assert announcer.due() == NEVER
    feed(db, sb.HAChassis, uuid(0x61), chassis=OURS, priority=1)
    assert len(list(announcer.tick(5))) == 1


def test_frames() -> None:
    arp = announcement(Announcement(1, 2, MAC, IP))
    assert arp.data.hex() == "ffffffffffff000020201213080600010800060400010000202012 13ac180401000000000000ac180401".replace(" ", "")
    rarp = announcement(Announcement(1, 2, 0xB, None))
    assert rarp.data.hex() == "ffffffffffff00000000000b80350001080006040003" + "00000000000b00000000" * 2


@pytest.mark.parametrize(
    ("text", "parsed"),
    [("00:00:00:00:00:01", (1, ())), ("0:0:0:0:0:2 1.2.3.4 x", (2, (0x01020304,))), ("router", None), ("", None)],
)
def test_addresses(text: str, parsed: tuple[int, tuple[int, ...]] | None) -> None:
    assert parse_addresses(text) == parsed
