"""How far a TCP connection has come, as someone in its middle can see it (RFC 9293, 3.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

FIN, SYN, RST, PUSH, ACK, URG = 1, 2, 4, 8, 16, 32


class Phase(IntEnum):
    """What one end has done."""

    CLOSED = 0
    SYN_SENT = 1
    ESTABLISHED = 2
    FIN_SENT = 3
    FIN_ACKED = 4
    RESET = 5


@dataclass(slots=True)
class Peer:
    """One end: its phase, and the sequence number after its FIN once it has sent one."""

    phase: Phase = Phase.CLOSED


class Update(IntEnum):
    """What a packet means for its connection."""

    VALID = 0
    NEW = 1
    """Still part of the beginning: the other side has not answered."""
    INVALID = 2
    AGAIN = 3
    """The connection is over and this packet begins another with the same addresses."""


def valid_flags(flags: int) -> bool:
    """Could a sane host have sent these flags?"""
    if flags & SYN:
        return not flags & (RST | FIN)
    if flags & (ACK | RST):
        return not (flags & FIN and not flags & ACK) and not (flags & RST and flags & FIN and not flags & ACK)
    return False


def may_begin(flags: int) -> bool:
    """May tracking begin with this packet? A connection may be picked up in mid-stream, but not from an answer to a SYN or a RST."""
    return valid_flags(flags) and not (flags & SYN and flags & ACK) and not flags & RST


def begin(flags: int) -> tuple[Peer, Peer]:
    """Both ends after the first packet: the sender's, the receiver's."""
    if flags & SYN:
        return Peer(Phase.SYN_SENT), Peer()
    # Picked up in mid-stream: whoever answers with an acknowledgement takes part.
    return Peer(Phase.FIN_SENT if flags & FIN else Phase.ESTABLISHED), Peer()


def advance(sender: Peer, receiver: Peer, flags: int, *, answered: bool) -> Update:
    """Take in a packet from `sender`; `answered`: it is of the reply direction, or one of these came before."""
    if not valid_flags(flags):
        return Update.INVALID
    over = sender.phase >= Phase.FIN_ACKED and receiver.phase >= Phase.FIN_ACKED
    if flags & SYN and not flags & ACK and over:
        return Update.AGAIN
    if flags & RST:
        sender.phase = receiver.phase = Phase.RESET
        return Update.VALID if answered else Update.NEW
    if flags & SYN:
        sender.phase = max(sender.phase, Phase.SYN_SENT)
    if flags & ACK and receiver.phase == Phase.SYN_SENT:
        receiver.phase = Phase.ESTABLISHED
    if flags & ACK and not flags & SYN and sender.phase <= Phase.SYN_SENT:
        sender.phase = Phase.ESTABLISHED
    if flags & ACK and receiver.phase == Phase.FIN_SENT and not flags & SYN:
        receiver.phase = Phase.FIN_ACKED
    if flags & FIN:
        sender.phase = max(sender.phase, Phase.FIN_SENT)
    return Update.VALID if answered else Update.NEW


def timeout_s(sender: Peer, receiver: Peer) -> float:
    """How long the connection may now be silent."""
    low, high = sorted((sender.phase, receiver.phase))
    if high == Phase.RESET:
        return CLOSED_S
    if low >= Phase.FIN_ACKED:
        return TIME_WAIT_S
    if low >= Phase.FIN_SENT:
        return CLOSING_S
    if low < Phase.ESTABLISHED:
        return OPENING_S
    return CLOSING_S if high >= Phase.FIN_SENT else ESTABLISHED_S


OPENING_S, ESTABLISHED_S, CLOSING_S, TIME_WAIT_S, CLOSED_S = 30.0, 86400.0, 900.0, 45.0, 20.0
"""As the reference's manual has its defaults."""
