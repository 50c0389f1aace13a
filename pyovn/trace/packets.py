"""Packets that the controller makes from others: what fields they start with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyovn.logical.actions.nested import Nested
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.trace.engine import Step, run, simulates
from pyovn.trace.tree import Kind

ETH_ARP, ETH_IPV4, ETH_IPV6 = 0x0806, 0x0800, 0x86DD
ICMP, TCP, ICMPV6, SCTP = 1, 6, 58, 132
SOLICITED_NODE = 0xFF0200000000000000000001FF000000
RST_ACK = 0x14
ASKING = ("arp", "nd_ns")
"""What asks for the MAC of a next hop."""


def _clear_transport(packet: Flow) -> None:
    for at in (slot.TP_SRC, slot.TP_DST, slot.TCP_FLAGS, slot.NW_FRAG):
        packet[at] = 0


def _arp(packet: Flow) -> None:
    packet[slot.ARP_SHA] = packet[slot.ETH_SRC]
    packet[slot.ARP_THA] = 0
    _clear_transport(packet)
    for at in (slot.NW_TOS, slot.NW_TTL, slot.IPV6_SRC, slot.IPV6_DST, slot.IPV6_LABEL):
        packet[at] = 0
    packet[slot.ETH_TYPE], packet[slot.NW_PROTO] = ETH_ARP, 1


def _icmp6_message(packet: Flow, kind: int) -> None:
    _clear_transport(packet)
    packet[slot.NW_PROTO], packet[slot.NW_TTL], packet[slot.TP_SRC] = ICMPV6, 255, kind


def _nd_ns(packet: Flow) -> None:
    target, ttl = packet[slot.IPV6_DST], packet[slot.NW_TTL]
    _icmp6_message(packet, 135)
    packet[slot.NW_TTL] = ttl
    packet[slot.ND_TARGET] = target
    packet[slot.IPV6_DST] = SOLICITED_NODE | target & 0xFFFFFF
    packet[slot.ETH_DST] = 0x333300000000 | packet[slot.IPV6_DST] & 0xFFFFFFFF
    packet[slot.ARP_SHA], packet[slot.ARP_THA] = packet[slot.ETH_SRC], 0


def _nd_na(packet: Flow) -> None:
    packet[slot.ETH_DST], packet[slot.ETH_SRC] = packet[slot.ETH_SRC], packet[slot.ETH_DST]
    packet[slot.IPV6_DST], packet[slot.IPV6_SRC] = packet[slot.IPV6_SRC], packet[slot.ND_TARGET]
    _icmp6_message(packet, 136)
    packet[slot.ARP_SHA], packet[slot.ARP_THA] = 0, packet[slot.ETH_SRC]


def _icmp4(packet: Flow) -> None:
    """Destination unreachable, host unreachable."""
    _clear_transport(packet)
    packet[slot.NW_PROTO], packet[slot.NW_TTL], packet[slot.TP_SRC], packet[slot.TP_DST] = ICMP, 255, 3, 1


def _icmp6(packet: Flow) -> None:
    """Destination unreachable, administratively prohibited."""
    _icmp6_message(packet, 1)
    packet[slot.TP_DST] = 1


def _tcp_reset(packet: Flow) -> None:
    packet[slot.TP_SRC], packet[slot.TP_DST] = packet[slot.TP_DST], packet[slot.TP_SRC]
    packet[slot.TCP_FLAGS], packet[slot.NW_TTL] = RST_ACK, 255


def _sctp_abort(packet: Flow) -> None:
    packet[slot.TP_SRC], packet[slot.TP_DST] = packet[slot.TP_DST], packet[slot.TP_SRC]
    packet[slot.NW_TTL] = 255


_MAKERS: Mapping[str, Callable[[Flow], None]] = {
    "arp": _arp, "nd_ns": _nd_ns, "nd_na": _nd_na, "nd_na_router": _nd_na, "icmp4": _icmp4, "icmp4_error": _icmp4, "icmp6": _icmp6,
    "icmp6_error": _icmp6, "tcp_reset": _tcp_reset, "sctp_abort": _sctp_abort,
}  # fmt: skip


def _refusal(packet: Flow) -> str:
    """How a packet is rejected."""
    if packet[slot.NW_PROTO] == TCP:
        return "tcp_reset"
    if packet[slot.NW_PROTO] == SCTP:
        return "sctp_abort"
    return "icmp4" if packet[slot.ETH_TYPE] == ETH_IPV4 else "icmp6"


@simulates(Nested)
def replace(step: Step, action: Nested) -> None:
    """A block on another packet."""
    keyword = _refusal(step.flow) if action.keyword == "reject" else action.keyword
    inner = step.branch(step.say(Kind.TRANSFORMATION, keyword))
    if keyword in ASKING:
        step.trace.held.append(list(step.flow))
    if action.keyword == "reject":
        for left, right in ((slot.ETH_SRC, slot.ETH_DST), (slot.NW_SRC, slot.NW_DST), (slot.IPV6_SRC, slot.IPV6_DST)):
            inner.flow[left], inner.flow[right] = inner.flow[right], inner.flow[left]
    _MAKERS[keyword](inner.flow)
    run(inner, action.actions)
