"""Sending packets to a controller: NXAST_CONTROLLER, and NXAST_CONTROLLER2 where there is userdata, a pause or a meter."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow.action import Action, Controller
from pyovn.openflow.action_registry import decodes_nicira, encodes, nicira
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.properties import encode_property, encode_short, read_properties

CONTROLLER, CONTROLLER2 = 20, 37
MAX_LEN, CONTROLLER_ID, REASON, USERDATA, PAUSE, METER_ID = range(6)
"""Properties of NXAST_CONTROLLER2."""
ACTION = 1
"""The reason that a packet-in gives where none was said."""

_OLD = Struct(">HHBB")


@encodes(Controller)
def _encode(action: Controller, version: int) -> bytes:
    if not (action.userdata or action.pause or action.meter_id is not None or action.controller_id > 0xFFFF):
        return nicira(CONTROLLER, _OLD.pack(action.max_len, action.controller_id, action.reason, 0))
    return nicira(CONTROLLER2, bytes(6) + b"".join(_properties(action)))


def _properties(action: Controller) -> Iterator[bytes]:
    if action.max_len != 0xFFFF:
        yield encode_short(MAX_LEN, action.max_len)
    if action.controller_id:
        yield encode_short(CONTROLLER_ID, action.controller_id)
    if action.reason != ACTION:
        yield encode_property(REASON, bytes((action.reason,)))
    if action.userdata:
        yield encode_property(USERDATA, action.userdata)
    if action.pause:
        yield encode_property(PAUSE, b"")
    if action.meter_id is not None:
        yield encode_property(METER_ID, action.meter_id.to_bytes(4, "big"))


@decodes_nicira(CONTROLLER)
def _decode(data: bytes, version: int) -> Action:
    max_len, controller_id, reason, _ = _OLD.unpack_from(data, 10)
    return Controller(max_len, controller_id, reason)


_WIDTHS = {MAX_LEN: 4, CONTROLLER_ID: 4, REASON: 1, METER_ID: 4}
"""Bytes of the numbers; those of 16 bits have two more of padding."""


@decodes_nicira(CONTROLLER2)
def _decode2(data: bytes, version: int) -> Action:
    numbers: dict[int, int] = {}
    userdata, pause = b"", False
    for kind, payload in read_properties(data[16:]):
        if kind in _WIDTHS:
            if len(payload) != _WIDTHS[kind]:
                raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"property {kind} of {len(payload)} bytes")
            numbers[kind] = int.from_bytes(payload[:2] if kind in (MAX_LEN, CONTROLLER_ID) else payload, "big")
        elif kind == USERDATA:
            userdata = payload
        elif kind == PAUSE:
            pause = True
        else:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a controller action")
    return Controller(
        numbers.get(MAX_LEN, 0xFFFF), numbers.get(CONTROLLER_ID, 0), numbers.get(REASON, ACTION), userdata, pause, numbers.get(METER_ID),
    )  # fmt: skip
