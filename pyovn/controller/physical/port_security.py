"""The rules of port security: the conditions that hold for a port, in the tables where actions ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.physical.ports import VIF, plug_of, spot_of
from pyovn.controller.rule import Rule, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, OUTPORT, LogicalFlag, OFTable
from pyovn.logical.port_security import Outcome, Table, conditions
from pyovn.openflow.action import Actions
from pyovn.query import Engine
from pyovn.schemas import sb

_CHECK = int(LogicalFlag.CHECK_PORT_SECURITY)
PLACES = {
    Table.SEND: (OFTable.CHECK_IN_PORT_SECURITY, INPORT),
    Table.CLAIM: (OFTable.CHECK_IN_PORT_SECURITY_ND, INPORT),
    Table.RECEIVE: (OFTable.CHECK_OUT_PORT_SECURITY, OUTPORT),
}
ACTIONS: dict[Outcome, Actions] = {
    Outcome.PASS: (put(FLAGS, 0, _CHECK),),
    Outcome.FAIL: (put(FLAGS, _CHECK, _CHECK),),
    Outcome.NEXT: (resubmit(OFTable.CHECK_IN_PORT_SECURITY_ND),),
}


def port_security_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one port that is plugged in here; none if its owner asked for none."""
    row, spot = db.get(sb.PortBinding, ref), spot_of(db, ref)
    if row is None or spot is None or row.type != VIF or plug_of(db, ref) is None:
        return
    for condition in conditions(row.port_security):
        table, register = PLACES[condition.table]
        yield Rule(table, condition.priority, spot.match(register, **condition.asked), ACTIONS[condition.outcome], spot.cookie)
