"""Nicira's actions that steer the pipeline: resubmit, clone, conjunction and their like."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.action import (
    THIS_TABLE,
    Action,
    Clone,
    Conjunction,
    Exit,
    FinTimeout,
    Note,
    OutputTruncated,
    PopQueue,
    Resubmit,
    SetTunnel,
    WriteMetadata,
)
from pyovn.openflow.action_registry import decode_actions, decodes_nicira, encode_actions, encodes, nicira
from pyovn.openflow.error import Fault, OpenFlowError

RESUBMIT, SET_TUNNEL, POP_QUEUE, NOTE, SET_TUNNEL64, RESUBMIT_TABLE, EXIT, FIN_TIMEOUT, WRITE_METADATA = 1, 2, 5, 8, 9, 14, 17, 19, 22
CONJUNCTION, OUTPUT_TRUNC, CLONE, RESUBMIT_TABLE_CT = 34, 39, 42, 44

_RESUBMIT = Struct(">HHIHHB3x")
_CONJUNCTION = Struct(">BBI")
_SHORTS = Struct(">HH")
_TRUNC = Struct(">HI")


@encodes(Resubmit)
def _encode_resubmit(action: Resubmit, version: int) -> bytes:
    subtype = RESUBMIT_TABLE_CT if action.ct else RESUBMIT if action.table == THIS_TABLE else RESUBMIT_TABLE
    return _RESUBMIT.pack(0xFFFF, 16, 0x2320, subtype, action.port, 0 if subtype == RESUBMIT else action.table)


@decodes_nicira(RESUBMIT, RESUBMIT_TABLE, RESUBMIT_TABLE_CT)
def _decode_resubmit(data: bytes, version: int) -> Action:
    _, _, _, subtype, port, table = _RESUBMIT.unpack(data)
    return Resubmit(port, THIS_TABLE if subtype == RESUBMIT else table, subtype == RESUBMIT_TABLE_CT)


@encodes(Conjunction)
def _encode_conjunction(action: Conjunction, version: int) -> bytes:
    return nicira(CONJUNCTION, _CONJUNCTION.pack(action.clause - 1, action.clauses, action.conj_id))


@decodes_nicira(CONJUNCTION)
def _decode_conjunction(data: bytes, version: int) -> Action:
    clause, clauses, conj_id = _CONJUNCTION.unpack_from(data, 10)
    if not 2 <= clauses <= 64 or clause >= clauses:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"clause {clause + 1} of {clauses}")
    return Conjunction(conj_id, clause + 1, clauses)


@encodes(Clone)
def _encode_clone(action: Clone, version: int) -> bytes:
    return nicira(CLONE, bytes(6) + encode_actions(action.actions, version))


@decodes_nicira(CLONE)
def _decode_clone(data: bytes, version: int) -> Action:
    return Clone(decode_actions(data[16:], version))


@encodes(OutputTruncated)
def _encode_truncated(action: OutputTruncated, version: int) -> bytes:
    return nicira(OUTPUT_TRUNC, _TRUNC.pack(action.port, action.max_len))


@decodes_nicira(OUTPUT_TRUNC)
def _decode_truncated(data: bytes, version: int) -> Action:
    return OutputTruncated(*_TRUNC.unpack_from(data, 10))


@encodes(Note)
def _encode_note(action: Note, version: int) -> bytes:
    return nicira(NOTE, action.data.ljust(6, b"\0"))


@decodes_nicira(NOTE)
def _decode_note(data: bytes, version: int) -> Action:
    return Note(data[10:])


@encodes(Exit)
def _encode_exit(action: Exit, version: int) -> bytes:
    return nicira(EXIT, bytes(6))


@decodes_nicira(EXIT)
def _decode_exit(data: bytes, version: int) -> Action:
    return Exit()


@encodes(PopQueue)
def _encode_pop_queue(action: PopQueue, version: int) -> bytes:
    return nicira(POP_QUEUE, bytes(6))


@decodes_nicira(POP_QUEUE)
def _decode_pop_queue(data: bytes, version: int) -> Action:
    return PopQueue()


@encodes(SetTunnel)
def _encode_set_tunnel(action: SetTunnel, version: int) -> bytes:
    if action.tun_id <= 0xFFFFFFFF:
        return nicira(SET_TUNNEL, bytes(2) + action.tun_id.to_bytes(4, "big"))
    return nicira(SET_TUNNEL64, bytes(6) + action.tun_id.to_bytes(8, "big"))


@decodes_nicira(SET_TUNNEL)
def _decode_set_tunnel(data: bytes, version: int) -> Action:
    return SetTunnel(int.from_bytes(data[12:16], "big"))


@decodes_nicira(SET_TUNNEL64)
def _decode_set_tunnel64(data: bytes, version: int) -> Action:
    return SetTunnel(int.from_bytes(data[16:24], "big"))


@encodes(FinTimeout)
def _encode_fin_timeout(action: FinTimeout, version: int) -> bytes:
    return nicira(FIN_TIMEOUT, _SHORTS.pack(action.idle_timeout, action.hard_timeout))


@decodes_nicira(FIN_TIMEOUT)
def _decode_fin_timeout(data: bytes, version: int) -> Action:
    return FinTimeout(*_SHORTS.unpack_from(data, 10))


@encodes(WriteMetadata)
def _encode_write_metadata(action: WriteMetadata, version: int) -> bytes:
    return nicira(WRITE_METADATA, bytes(6) + action.value.to_bytes(8, "big") + action.mask.to_bytes(8, "big"))


@decodes_nicira(WRITE_METADATA)
def _decode_write_metadata(data: bytes, version: int) -> Action:
    return WriteMetadata(int.from_bytes(data[16:24], "big"), int.from_bytes(data[24:32], "big"))
