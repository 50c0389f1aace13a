"""A packet that somebody describes is sent as if it had come from a port of this host (ovn-controller(8), `inject-pkt`)."""

from __future__ import annotations

from pyovn.controller.interfaces import interface_of, ofport
from pyovn.controller.logical_flows import scope_of
from pyovn.controller.rule import resubmit
from pyovn.controller.tables import OFTable
from pyovn.logical.lexer import LogicalError
from pyovn.logical.microflow import parse_microflow
from pyovn.openflow.message import PacketOut
from pyovn.packet import slot
from pyovn.packet.compose import compose
from pyovn.query import Engine

INPORT = slot.REG0 + 14


def injected(db: Engine, microflow: str) -> PacketOut:
    """What is said to the switch; `LogicalError` if no packet fits, or the port is not on this host."""

    def number_of(port: str) -> int | None:
        interface = interface_of(db, port)
        return ofport(db, interface) if interface else None

    flow = parse_microflow(microflow, scope_of(db, microflow, ""), number_of)
    in_port, flow[INPORT] = flow[INPORT], 0
    if not in_port:
        raise LogicalError("ingress port not found on hypervisor.")
    return PacketOut(compose(flow), (resubmit(OFTable.PHYSICAL_TO_LOGICAL),), in_port)
