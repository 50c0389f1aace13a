"""What a port contributes to the multicast groups that it is in."""

from __future__ import annotations

import pytest

from pyovn.controller.physical.multicast import Member, member_of
from pyovn.controller.rule import put, resubmit
from pyovn.controller.tables import OUTPORT, OFTable
from pyovn.schemas import sb
from tests.controller.rows import OURS, chassis, feed, host, uuid

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
