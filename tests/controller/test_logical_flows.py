"""What the words of logical flows mean on a host."""

from __future__ import annotations

import pytest

from pyovn.controller.logical_flows import scope_of
from pyovn.schemas import sb, vswitch
from tests.controller.rows import BRIDGE, OURS, feed, host, uuid

GROUPS = [
    ({}, None),
    ({"7_web": ("vm",)}, ("vm",)),
    ({"7_web": ("vm", "elsewhere")}, ("vm",)),
    ({"7_web": ("elsewhere",)}, ()),
    ({"7_web": ("elsewhere",), "web": ("vm",)}, ()),
    ({"web": ("vm",)}, ("vm",)),
]


@pytest.mark.parametrize(("groups", "members"), GROUPS)
def test_a_port_group_is_what_this_host_has_of_it(groups: dict[str, tuple[str, ...]], members: tuple[str, ...] | None) -> None:
    db = host()
    feed(db, sb.DatapathBinding, uuid(0x50), tunnel_key=7)
    feed(db, sb.PortBinding, uuid(0x51), logical_port="vm", datapath=uuid(0x50), tunnel_key=1, chassis=OURS)
    feed(db, sb.PortBinding, uuid(0x52), logical_port="elsewhere", datapath=uuid(0x50), tunnel_key=2)
    feed(db, vswitch.Interface, uuid(0x60), name="tap", ofport=8, external_ids={"iface-id": "vm"})
    feed(db, vswitch.Port, uuid(0x61), name="tap", interfaces=(uuid(0x60),))
    feed(db, vswitch.Bridge, BRIDGE, name="br-int", datapath_type="system", ports=(uuid(0x61),))
    for number, (name, ports) in enumerate(groups.items()):
        feed(db, sb.PortGroup, uuid(0x70 + number), name=name, ports=ports)
    assert scope_of(db, "outport == @web && ip4", uuid(0x50)).port_groups.get("web") == members
