"""What a port contributes to the multicast groups that it is in."""

from __future__ import annotations

import pytest

from pyovn.controller.physical.multicast import Member, member_of
from pyovn.controller.rule import put, resubmit
from pyovn.controller.tables import OUTPORT, OFTable
from pyovn.openflow.action import Output
from pyovn.schemas import sb
from tests.controller.rows import OURS, chassis, feed, host, tunnel, uuid

DATAPATH, PORT, GATEWAY, ELSEWHERE = uuid(0x10), uuid(0x11), uuid(0x12), 0x20
TO_THE_PORT = (put(OUTPORT, 3), resubmit(OFTable.CHECK_LOOPBACK))


@pytest.mark.parametrize(("here", "expected"), [(True, Member(here=TO_THE_PORT)), (False, Member())])
def test_of_a_gateway_port_the_distributed_one_gets_a_copy_where_it_is(here: bool, expected: Member) -> None:
    db = host()
    other = chassis(db, ELSEWHERE, "hv2", "192.0.2.2")
    feed(db, sb.DatapathBinding, DATAPATH, tunnel_key=1)
    feed(db, sb.PortBinding, PORT, logical_port="up", type="patch", datapath=DATAPATH, tunnel_key=3)
    owner = OURS if here else other
    options = {"distributed-port": "up"}
    feed(
        db, sb.PortBinding, GATEWAY, logical_port="cr-up", type="chassisredirect", datapath=DATAPATH, tunnel_key=5, chassis=owner,
        options=options,
    )  # fmt: skip
    assert member_of(db, GATEWAY) == expected


@pytest.mark.parametrize(("shared", "expected"), [(True, Member(here=TO_THE_PORT)), (False, Member(patch=TO_THE_PORT))])
def test_a_router_on_a_transit_switch_gets_its_copy_where_it_is(shared: bool, expected: Member) -> None:
    db = host()
    feed(db, sb.DatapathBinding, DATAPATH, tunnel_key=1, external_ids={"interconn-ts": "ts"} if shared else {})
    feed(db, sb.PortBinding, PORT, logical_port="up", type="patch", datapath=DATAPATH, tunnel_key=3)
    assert member_of(db, PORT) == expected


def test_a_port_of_another_zone_gets_a_copy_through_the_tunnel_to_its_gateway() -> None:
    db = host()
    other = chassis(db, ELSEWHERE, "hv2", "192.0.2.2")
    tunnel(db, 0x30, "hv2", "192.0.2.2", 9)
    feed(db, sb.DatapathBinding, DATAPATH, tunnel_key=1, external_ids={"interconn-ts": "ts"})
    feed(db, sb.PortBinding, PORT, logical_port="there", type="remote", datapath=DATAPATH, tunnel_key=3, chassis=other)
    member = member_of(db, PORT)
    assert (member.local[0], member.local[-1]) == (put(OUTPORT, 3), Output(9))
    assert (member.here, member.patch, member.tunnel) == ((), (), None)
