"""Shaping: the traffic of a port with limits goes through a queue of its own, on its machine's side and on the wire."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import Queue
from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import PORT_SEC_DROP
from pyovn.northd.topology import SwitchPort, is_shaped, switch_port, wires
from pyovn.query import Engine


def queue(db: Engine, port: SwitchPort) -> str:
    """The action that puts a packet into the port's queue, allotted or of its owner's choice; nothing for a port without one."""
    allotted = db.get(Queue, port.name) if is_shaped(port.options) else None
    number = str(allotted.key) if allotted else port.options.get("qdisc_queue_id", "")
    return f"set_queue({number}); " if number and not port.is_router else ""


def queued(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """What a port sends is put into its queue where it enters the switch, and where it leaves for the wire."""
    into = queue(db, port)
    if not into or not port.enabled or port.type in ("vtep", "external"):
        return
    check = f"{into}{PORT_SEC_DROP} = check_in_port_sec(); next;"
    yield Flow(Stage.LS_IN_CHECK_PORT_SEC, 70, f"inport == {port.json}", check, hint=port.uuid, port=port.name)
    leaving = Stage.LS_OUT_APPLY_PORT_SEC
    if port.is_localnet:
        yield Flow(leaving, 100, f"outport == {port.json}", f"{into}output;", hint=port.uuid, port=port.name)
        return
    found = wires(db, port.switch)
    wire = switch_port(db, found[0]) if found else None
    if wire is not None:
        match = f"outport == {wire.json} && inport == {port.json}"
        yield Flow(leaving, 110, match, f"{into}output;", hint=wire.uuid, port=wire.name)
