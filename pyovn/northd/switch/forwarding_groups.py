"""Forwarding groups: a virtual address that several ports serve, each connection by one of them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.switch.arp_responder import arp_reply
from pyovn.northd.topology import switches_with
from pyovn.query import Engine
from pyovn.schemas.nb import ForwardingGroup


def group(db: Engine, ref: str) -> Iterator[tuple[str, Flow]]:
    """What a group asks of its switches; yields the switch with each flow."""
    row = db.get(ForwardingGroup, ref)
    for switch in switches_with(db, "forwarding_groups", ref) if row and row.child_port else ():
        assert row is not None
        asked = f"arp.tpa == {row.vip} && arp.op == 1"
        yield switch, Flow(Stage.LS_IN_ARP_RSP, 50, asked, arp_reply(row.vmac, row.vip), hint=ref)
        alive = 'liveness="true",' if row.liveness else ""
        chosen = f"fwd_group({alive}childports={','.join(map(quoted, row.child_port))});"
        yield switch, Flow(Stage.LS_IN_L2_LKUP, 50, f"eth.dst == {row.vmac}", chosen, hint=ref)
