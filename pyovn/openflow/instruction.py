"""Instructions: what OpenFlow 1.1 and later put around an action list (OpenFlow 1.5.1, 7.2.5).

A rule's instructions are written here as one tuple: the actions to apply at once, and the instruction classes. OpenFlow 1.5
has made the meter an action.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

from pyovn.openflow.action import Action, Actions, ClearActions, GotoTable, Meter, WriteActions, WriteMetadata
from pyovn.openflow.action_registry import decode_actions, encode_actions
from pyovn.openflow.error import Fault, OpenFlowError

_HEAD = Struct(">HH")
_LIST = Struct(">HH4x")
_GOTO = Struct(">HHB3x")
_METADATA = Struct(">HH4xQQ")
_METER = Struct(">HHI")
_GOTO_TABLE, _WRITE_METADATA, _WRITE, _APPLY, _CLEAR, _METER_KIND = 1, 2, 3, 4, 5, 6
OF15 = 6

_ORDER: dict[type, int] = {Meter: 0, ClearActions: 2, WriteActions: 3, WriteMetadata: 4, GotoTable: 5}
"""The order in which instructions run; the actions to apply are in place 1."""


@lru_cache(maxsize=1 << 14)
def encode_instructions(actions: Actions, version: int) -> bytes:
    """The instructions that `actions` make, in the order in which they run. Kept, because rules do the same as others."""
    around: list[Action] | None = None
    for action in actions:
        if type(action) in _ORDER and not (type(action) is Meter and version >= OF15):
            around = around or []
            around.append(action)
    if around is None:
        return _apply(actions, version) if actions else b""
    plain = tuple(action for action in actions if action not in around)
    parts = {_ORDER[type(action)]: _encode_one(action, version) for action in around}
    if len(parts) < len(around):
        raise OpenFlowError(Fault.INSTRUCTION_DUP, "the same instruction twice")
    if plain:
        parts[1] = _apply(plain, version)
    return b"".join(parts[place] for place in sorted(parts))


def _apply(actions: Actions, version: int) -> bytes:
    encoded = encode_actions(actions, version)
    return _LIST.pack(_APPLY, 8 + len(encoded)) + encoded


def _encode_one(action: Action, version: int) -> bytes:
    match action:
        case GotoTable(table):
            return _GOTO.pack(_GOTO_TABLE, 8, table)
        case WriteMetadata(value, mask):
            return _METADATA.pack(_WRITE_METADATA, 24, value, mask)
        case WriteActions(actions):
            encoded = encode_actions(actions, version)
            return _LIST.pack(_WRITE, 8 + len(encoded)) + encoded
        case ClearActions():
            return _LIST.pack(_CLEAR, 8)
        case Meter(meter_id):
            return _METER.pack(_METER_KIND, 8, meter_id)
        case _:
            raise OpenFlowError(Fault.INSTRUCTION_UNKNOWN, f"{type(action).__name__} is not an instruction")


def decode_instructions(data: bytes, version: int) -> Actions:
    """Read instructions into one tuple, in the order in which they run."""
    parts: dict[int, Actions] = {}
    at = 0
    while at < len(data):
        if len(data) < at + 8:
            raise OpenFlowError(Fault.INSTRUCTION_BAD_LEN, f"{len(data) - at} bytes where an instruction has 8")
        kind, size = _HEAD.unpack_from(data, at)
        if size < 8 or size % 8 or at + size > len(data):
            raise OpenFlowError(Fault.INSTRUCTION_BAD_LEN, f"instruction of {size} bytes in {len(data) - at}")
        place, actions = _decode_one(data[at : at + size], kind, version)
        if place in parts:
            raise OpenFlowError(Fault.INSTRUCTION_DUP, "the same instruction twice")
        parts[place] = actions
        at += size
    return tuple(action for place in sorted(parts) for action in parts[place])


_SIZES = {_GOTO_TABLE: 8, _WRITE_METADATA: 24, _CLEAR: 8, _METER_KIND: 8}


def _decode_one(data: bytes, kind: int, version: int) -> tuple[int, Actions]:
    """One instruction: its place in the order, and the actions it stands for."""
    if kind in _SIZES and len(data) != _SIZES[kind]:
        raise OpenFlowError(Fault.INSTRUCTION_BAD_LEN, f"instruction {kind} of {len(data)} bytes")
    if kind == _APPLY:
        return 1, decode_actions(data[8:], version)
    if kind == _WRITE:
        return 3, (WriteActions(decode_actions(data[8:], version)),)
    if kind == _CLEAR:
        return 2, (ClearActions(),)
    if kind == _GOTO_TABLE:
        return 5, (GotoTable(data[4]),)
    if kind == _WRITE_METADATA:
        _, _, value, mask = _METADATA.unpack(data)
        return 4, (WriteMetadata(value, mask),)
    if kind == _METER_KIND and version < OF15:
        return 0, (Meter(_METER.unpack(data)[2]),)
    raise OpenFlowError(Fault.INSTRUCTION_UNKNOWN, f"instruction of type {kind}")
