"""Packets for controllers, and packets that controllers give back."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.openflow.commands import PacketIn
from pyovn.openflow.match import Match
from pyovn.packet import slot
from pyovn.packet.packet import Packet
from pyovn.vswitch.datapath import Datapath, State
from pyovn.vswitch.ops import PIPELINE_END, REGISTERS_END, Tell, is_pipeline


class Punt(NamedTuple):
    """A packet on its way to the controllers of a bridge."""

    tell: Tell
    frame: bytes
    metadata: Match


def packet_in(punt: Punt) -> PacketIn:
    """The message for a punted packet."""
    tell = punt.tell
    continuation = b"" if tell.resume is None else tell.resume.number.to_bytes(8, "big")
    return PacketIn(
        punt.frame[: tell.max_len] if tell.max_len < len(punt.frame) else punt.frame, tell.reason, tell.table, tell.cookie,
        punt.metadata, len(punt.frame), userdata=tell.userdata or None, continuation=continuation,
    )  # fmt: skip


def resumed(datapath: Datapath, message: PacketIn) -> tuple[State, Packet] | None:
    """Where a packet goes on, and with what, after a controller gave it back; None if its pause is no longer known."""
    entrance = datapath.by_number.get(int.from_bytes(message.continuation, "big")) if len(message.continuation) == 8 else None
    if entrance is None:
        return None
    state = entrance.state
    packet = Packet(message.data)
    return state_with(state, message.metadata, packet), packet


def state_with(state: State, metadata: Match, packet: Packet) -> State:
    """A state in which the fields that a controller named are as it wants them; those the packet carries are written to it."""
    flow = packet.flow.copy()
    flow[:PIPELINE_END] = state.head
    flow[slot.REG0 : REGISTERS_END] = [0] * (REGISTERS_END - slot.REG0)
    flow[slot.METADATA] = flow[slot.PKT_MARK] = 0
    tracked, tunnelled = False, False
    for at, value, _ in metadata.terms:
        flow[at] = value
        if not is_pipeline(at):
            packet.flow[at] = value
            tracked |= slot.CT_STATE <= at <= slot.CT_TP_DST
            tunnelled |= slot.TUN_ID <= at < slot.CT_STATE or at >= slot.TUN_METADATA0
    head, registers = tuple(flow[:PIPELINE_END]), tuple(flow[slot.REG0 : REGISTERS_END])
    return state._replace(head=head, registers=registers, tracked=tracked, tunnelled=tunnelled)
