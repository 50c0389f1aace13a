"""A switch or router for which there is no tunnel key: the rest of the network is compiled without it."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.allotted import LeftOut
from pyovn.northd.contents import COLLECTIONS, MEMBERS
from pyovn.northd.southbound.global_rows import MAX_VXLAN_TUNNEL_ID_OF_ZONE
from pyovn.northd.southbound.rows import ROWS
from pyovn.ovsdb.operation import Delete, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import engine, port, router, router_port, switch, towards
from tests.northd.stores import Pair

NETWORK: list[Table] = [
    *switch(
        port("vm", "00:00:00:00:00:01 10.0.0.2"), towards("side", "end"), acls=("acl",), qos_rules=("qos",), dns_records=("dns",),
        load_balancer=("lb",), forwarding_groups=("fg",), other_config={"ic-vxlan_mode": "true"},
    ),
    *router(router_port("end", "00:00:00:00:00:09", "10.0.0.1/24"), load_balancer=("lb",), nat=("nat",), policies=("policy",)),
    nb.ACL("acl", priority=1, direction="to-lport", match="ip4", action="allow-related"),
    nb.QoS("qos", priority=1, direction="to-lport", match="ip4", action={"dscp": 1}),
    nb.DNS("dns", records={"vm": "10.0.0.2"}),
    nb.LoadBalancer("lb", name="lb", vips={"10.0.0.10:80": "10.0.0.2:80"}),
    nb.ForwardingGroup("fg", name="fg", vip="10.0.0.9", vmac="00:00:00:00:00:03", child_port=("vm",)),
    nb.NAT("nat", type="snat", logical_ip="10.0.0.0/24", external_ip="10.0.0.1"),
    nb.LogicalRouterPolicy("policy", priority=1, match="ip4", action="drop"),
    nb.PortGroup("group", name="group", ports=("vm",), acls=("acl",)),
]  # fmt: skip


@pytest.mark.parametrize("name", ["sw", "lr"])
def test_nothing_is_made_of_it(name: str) -> None:
    rows: list[Any] = [*NETWORK, LeftOut(name)]
    db = engine(rows)
    assert not [placed for collection in COLLECTIONS for placed in db.items(collection) if placed.where == name]
    assert not [member for member in db.items(MEMBERS) if member.datapath == name]
    assert not [row for row in db.items(ROWS) if f"'{name}'" in repr(row)]


def test_it_is_there_as_soon_as_there_is_a_key() -> None:
    pair = Pair()
    config = {"ic-vxlan_mode": "true"}
    names = [f"{number:08}-0000-0000-0000-000000000000" for number in range(MAX_VXLAN_TUNNEL_ID_OF_ZONE + 1)]
    pair.load([nb.NBGlobal("global"), *(nb.LogicalSwitch(name, name=name, other_config=config) for name in names)])
    bindings = pair.southbound(sb.DatapathBinding)
    left_out = set(names) - {row.nb_uuid for row in bindings}
    assert (len(left_out), len(pair.southbound(sb.IPMulticast))) == (1, len(bindings))
    (problem,) = pair.northd.problems
    assert "all datapath tunnel ids exhausted" in problem.fact
    pair.say(Delete(nb.LogicalSwitch, by_uuid(names[7])))
    assert left_out <= {row.nb_uuid for row in pair.southbound(sb.DatapathBinding)}
    assert not pair.northd.problems
