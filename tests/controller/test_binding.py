"""Which ports live here, and what their rows should say."""

from __future__ import annotations

import pytest

from pyovn.controller.binding import UNBOUND, UNMARKED, is_here, is_seed, ready
from pyovn.controller.facts import Fact, Ready
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, OURS, feed, host, uuid

SWITCH, PORT, PARENT, GROUP, TAP = (uuid(number) for number in (1, 2, 3, 4, 5))
OTHER = uuid(9)


def plugged(db: Engine, iface_id: str, **ids: str) -> None:
    """An interface of the bridge."""
    feed(db, vswitch.Interface, TAP, name="tap", ofport=1, external_ids={"iface-id": iface_id, **ids})
    feed(db, vswitch.Port, uuid(6), name="tap", interfaces=(TAP,))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=(uuid(6),))


def port(db: Engine, **columns: object) -> None:
    """A port of the switch."""
    ref = PARENT if columns.get("logical_port") == "parent" else PORT
    feed(db, sb.PortBinding, ref, **{"logical_port": "p", "datapath": SWITCH, "tunnel_key": 1, **columns})


@pytest.mark.parametrize(
    ("columns", "here"),
    [
        ({}, True),
        ({"options": {"requested-chassis": "hv1"}}, True),
        ({"options": {"requested-chassis": "h"}}, True),
        ({"options": {"requested-chassis": "hv2"}}, False),
        ({"type": "localport"}, False),
        ({"type": "patch"}, False),
        ({"type": "l3gateway", "options": {"l3gateway-chassis": "hv1"}}, True),
        ({"type": "l3gateway", "options": {"l3gateway-chassis": "hv2"}}, False),
        ({"type": "l2gateway", "options": {"l2gateway-chassis": "hv1"}}, True),
        ({"type": "chassisredirect", "ha_chassis_group": GROUP}, True),
        ({"type": "external", "ha_chassis_group": GROUP}, True),
        ({"type": "chassisredirect"}, False),
    ],
    ids=str,
)
def test_who_is_here(columns: dict[str, object], here: bool) -> None:
    db = host()
    plugged(db, "p")
    feed(db, sb.HAChassis, uuid(7), chassis=OURS, priority=1)
    feed(db, sb.HAChassisGroup, GROUP, name="g", ha_chassis=(uuid(7),))
    port(db, **columns)
    assert is_here(db, PORT) is here


def test_a_container_is_where_its_parent_is() -> None:
    db = host()
    plugged(db, "parent")
    port(db, logical_port="parent")
    port(db, parent_port="parent", tag=5)
    assert is_here(db, PORT)
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=())
    assert not is_here(db, PORT)


def test_a_localport_makes_its_switch_matter_only_where_it_is_plugged_in() -> None:
    db = host()
    port(db, type="localport")
    assert not is_seed(db, PORT)
    plugged(db, "p")
    assert is_seed(db, PORT)


def test_a_port_is_claimed_then_set_up_then_left_alone() -> None:
    db = host()
    plugged(db, "p")
    port(db)
    (wanted,) = db.items(UNBOUND)
    assert (wanted.chassis, wanted.up, wanted.taken) == (OURS, False, False)
    port(db, chassis=OURS, up=False)
    assert not db.items(UNBOUND)
    db.feed([Fact(Ready, TAP, None, Ready(5))])
    assert ready(db, PORT)
    assert [wanted.up for wanted in db.items(UNBOUND)] == [True]
    assert [marked.since_ms for marked in db.items(UNMARKED)] == [5]
    port(db, chassis=OURS, up=True)
    assert not db.items(UNBOUND)


def test_a_port_of_another_chassis_is_known_as_taken() -> None:
    db = host()
    plugged(db, "p")
    port(db, chassis=OTHER)
    assert [wanted.taken for wanted in db.items(UNBOUND)] == [True]


def test_what_is_no_longer_here_is_released() -> None:
    db = host()
    port(db, chassis=OURS, up=True)
    (wanted,) = db.items(UNBOUND)
    assert (wanted.chassis, wanted.up) == (None, False)


def test_the_encapsulation_that_an_interface_asks_for() -> None:
    db = host()
    feed(db, sb.Encap, uuid(0x21), type="geneve", ip="192.0.2.7", chassis_name="hv1")
    feed(db, sb.Chassis, OURS, name="hv1", hostname="h", encaps=(uuid(0x21),))
    plugged(db, "p", **{"encap-ip": "192.0.2.7"})
    port(db)
    assert [wanted.encap for wanted in db.items(UNBOUND)] == [uuid(0x21)]
