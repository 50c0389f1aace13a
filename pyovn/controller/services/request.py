"""A packet that the switch sent up for a service: its bytes, what the pipeline knew of it, and what is asked."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.controller.rule import put, resubmit
from pyovn.controller.tables import FLAGS, LogicalFlag, OFTable
from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.action import Action, Actions
from pyovn.openflow.action_codec import decode_actions
from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.fields import BY_HEADER, FIELDS, Field
from pyovn.openflow.message import OF13, PacketIn, PacketOut
from pyovn.openflow.ports import CONTROLLER

METADATA = FIELDS["metadata"]
REGISTERS = tuple(FIELDS[f"reg{n}"] for n in range(16))
INPORT, OUTPORT = FIELDS["reg14"], FIELDS["reg15"]
HEADER = 8
"""Bytes of userdata before what is particular to the service: 32 bits of opcode, 32 of padding."""


class Request(NamedTuple):
    """What a packet-in asks for."""

    opcode: Opcode
    frame: bytes
    payload: bytes
    packet: PacketIn

    def read(self, field: Field) -> int:
        """What the pipeline had in a field."""
        return self.packet.metadata.get(field)[0]


def parse_request(packet: PacketIn) -> Request | None:
    """The request in a packet-in; None for one without userdata, or for a service that is not known."""
    userdata = packet.userdata or b""
    if len(userdata) < HEADER:
        return None
    number = int.from_bytes(userdata[:4], "big")
    if number not in Opcode.__members__.values():
        return None
    return Request(Opcode(number), packet.data, userdata[HEADER:], packet)


def nested_actions(request: Request) -> Actions | None:
    """The actions that the flow wants done with the packet made; None if they cannot be read."""
    try:
        return decode_actions(request.payload, OF13)
    except OpenFlowError:
        return None


def enter(frame: bytes, datapath: int, port: int, flags: int = 0) -> PacketOut:
    """Let a frame made here enter a datapath as if it had come in at a port, with these flags set."""
    flagged = (put(FLAGS, flags, flags),) if flags else ()
    actions = (put("metadata", datapath), put("reg14", port), *flagged, resubmit(OFTable.INGRESS))
    return PacketOut(frame, actions, CONTROLLER)


def leave(frame: bytes, datapath: int, port: int) -> PacketOut:
    """Let a frame made here leave a datapath by a port of this chassis, as if a machine of the datapath had sent it there."""
    local = int(LogicalFlag.LOCAL_ONLY)
    actions = (put("metadata", datapath), put("reg15", port), put(FLAGS, local, local), resubmit(OFTable.LOCAL_OUTPUT))
    return PacketOut(frame, actions, CONTROLLER)


def send_as(request: Request, frame: bytes) -> PacketOut | None:
    """Send a frame made for the request through the nested actions, with the registers that the request's packet had."""
    actions = nested_actions(request)
    if actions is None:
        return None
    restore: list[Action] = []
    for field in (METADATA, *REGISTERS):
        value, mask = request.packet.metadata.get(field)
        if mask and value:
            restore.append(put(field.name, value))
    return PacketOut(frame, (*restore, *actions), CONTROLLER)


class Answer(NamedTuple):
    """Where a paused packet's pipeline looks for the service's answer: a bit of a field."""

    field: Field
    bit: int


def read_answer(payload: bytes) -> tuple[Answer, bytes] | None:
    """The answer's place and the rest of a payload that begins with it: a field's header, and 32 bits of offset."""
    if len(payload) < 8:
        return None
    header, bit = int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:8], "big")
    field = BY_HEADER.get((header >> 16, header >> 9 & 0x7F, 0))
    if field is None or bit >= field.bits:
        return None
    return Answer(field, bit), payload[8:]


def answered(packet: PacketIn, answer: Answer, yes: bool, frame: bytes) -> PacketIn:
    """The packet as it goes on: with the answer in its place, and `frame` instead of its bytes."""
    value, _ = packet.metadata.get(answer.field)
    value = value & ~(1 << answer.bit) | yes << answer.bit
    metadata = packet.metadata.with_fields({answer.field: value})
    return PacketIn(
        frame, packet.reason, packet.table, packet.cookie, metadata, len(frame), None, packet.userdata, packet.continuation
    )  # fmt: skip
