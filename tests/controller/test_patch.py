"""Patches to physical networks."""

from __future__ import annotations

from pyovn.controller.patch import MISSING, patch_operations
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, feed, host, uuid

LOCALNET, DATAPATH, OUTER = uuid(0x41), uuid(0x40), uuid(0x50)


def network(**settings: str) -> Engine:
    """A switch with a localnet port, and a machine of it here."""
    db = host(**settings)
    feed(db, vswitch.Bridge, OUTER, name="br-ex")
    feed(db, sb.DatapathBinding, DATAPATH, tunnel_key=1)
    options = {"network_name": "phys"}
    feed(db, sb.PortBinding, LOCALNET, logical_port="ln", type="localnet", datapath=DATAPATH, tunnel_key=1, options=options)
    feed(db, sb.PortBinding, uuid(0x42), logical_port="vm", datapath=DATAPATH, tunnel_key=2)
    return db


def plug(db: Engine) -> None:
    """The machine's interface."""
    feed(db, vswitch.Interface, uuid(0x61), name="tap", ofport=4, external_ids={"iface-id": "vm"})
    feed(db, vswitch.Port, uuid(0x60), name="tap", interfaces=(uuid(0x61),))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=(uuid(0x60),))


def test_a_patch_has_two_halves() -> None:
    db = network(ovn_bridge_mappings="phys:br-ex")
    plug(db)
    assert {(half.name, half.peer, half.bridge) for half in db.items(MISSING)} == {
        ("patch-br-int-to-ln", "patch-ln-to-br-int", BRIDGE),
        ("patch-ln-to-br-int", "patch-br-int-to-ln", OUTER),
    }


def test_none_where_the_network_does_not_matter_or_is_not_known() -> None:
    assert patch_operations(network(ovn_bridge_mappings="phys:br-ex")) == []
    db = network(ovn_bridge_mappings="other:br-ex")
    plug(db)
    assert patch_operations(db) == []


def test_a_patch_that_nobody_wants_goes() -> None:
    db = network()
    feed(db, vswitch.Port, uuid(0x70), name="patch-ln-to-br-int", external_ids={"ovn-localnet-port": "ln"})
    feed(db, vswitch.Bridge, OUTER, name="br-ex", ports=(uuid(0x70),))
    assert len(patch_operations(db)) == 1
