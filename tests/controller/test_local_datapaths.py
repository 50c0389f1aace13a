"""Which datapaths matter here."""

from __future__ import annotations

import pytest

from pyovn.controller.local_datapaths import is_local, local_datapaths
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, feed, host, uuid

LS1, R, LS2, ALONE = (uuid(0x40 + n) for n in range(4))


def network(kind: str = "patch", chassis: str = "hv1") -> Engine:
    """ls1, with a machine here, and ls2, joined by a router; and a switch of its own."""
    db = host()
    for key, ref in enumerate((LS1, R, LS2, ALONE), 1):
        feed(db, sb.DatapathBinding, ref, tunnel_key=key)
    ports = (("ls1-r", "r-ls1", LS1), ("r-ls1", "ls1-r", R), ("r-ls2", "ls2-r", R), ("ls2-r", "r-ls2", LS2))
    for number, (name, peer, datapath) in enumerate(ports, 0x50):
        options = {"peer": peer, "l3gateway-chassis": chassis} if kind == "l3gateway" else {"peer": peer}
        feed(db, sb.PortBinding, uuid(number), logical_port=name, type=kind, datapath=datapath, tunnel_key=number, options=options)
    feed(db, sb.PortBinding, uuid(0x58), logical_port="vm", datapath=LS1, tunnel_key=9)
    feed(db, sb.PortBinding, uuid(0x59), logical_port="other", datapath=ALONE, tunnel_key=9)
    feed(db, vswitch.Interface, uuid(0x61), name="tap", ofport=4, external_ids={"iface-id": "vm"})
    feed(db, vswitch.Port, uuid(0x60), name="tap", interfaces=(uuid(0x61),))
    return db


def plug(db: Engine, plugged: bool) -> None:
    """Plug the machine in, or out."""
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=(uuid(0x60),) if plugged else ())


@pytest.mark.parametrize(
    ("kind", "chassis", "plugged", "local"),
    [
        ("patch", "hv1", True, {LS1, R, LS2}),
        ("patch", "hv1", False, set()),
        ("l3gateway", "hv2", True, {LS1}),
        ("l3gateway", "hv1", True, {LS1, R, LS2}),
    ],
)
def test_what_can_be_reached_matters(kind: str, chassis: str, plugged: bool, local: set[str]) -> None:
    db = network(kind, chassis)
    plug(db, plugged)
    assert local_datapaths(db) == local


def test_what_begins_to_matter_is_no_news_to_others() -> None:
    db = network()
    plug(db, True)
    assert (is_local(db, LS2), is_local(db, ALONE)) == (True, False)
    plug(db, False)
    assert (is_local(db, LS2), is_local(db, ALONE)) == (False, False)
