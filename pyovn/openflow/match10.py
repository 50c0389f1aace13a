"""OpenFlow 1.0's match: a fixed structure of twelve fields, with a bit for each that is not asked about."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.match import ETH_ARP, ETH_IPV4, ETH_RARP, Match, from_slots
from pyovn.packet import slot

SIZE = 40
_MATCH = Struct(">IH6s6sHBxHBB2xIIHH")

_IN_PORT, _VLAN, _ETH_SRC, _ETH_DST, _ETH_TYPE, _PROTO, _TP_SRC, _TP_DST = (1 << n for n in range(8))
_SRC_SHIFT, _DST_SHIFT = 8, 14
_PCP, _TOS = 1 << 20, 1 << 21
_NO_VLAN = 0xFFFF

_SIMPLE = (  # wildcard bit, slot, mask
    (_IN_PORT, slot.IN_PORT, 0xFFFF), (_ETH_SRC, slot.ETH_SRC, 0xFFFFFFFFFFFF), (_ETH_DST, slot.ETH_DST, 0xFFFFFFFFFFFF),
    (_ETH_TYPE, slot.ETH_TYPE, 0xFFFF), (_TOS, slot.NW_TOS, 0xFC), (_PROTO, slot.NW_PROTO, 0xFF),
    (_TP_SRC, slot.TP_SRC, 0xFFFF), (_TP_DST, slot.TP_DST, 0xFFFF),
)  # fmt: skip


def can_encode(match: Match) -> bool:
    """Can OpenFlow 1.0 ask this without extensions?"""
    masks = {at: mask for at, _, mask in match.terms}
    whole = all(masks.pop(at, mask) == mask for _, at, mask in _SIMPLE)
    prefixes = all(_is_prefix(masks.pop(at, 0)) for at in (slot.NW_SRC, slot.NW_DST))
    vlan = masks.pop(slot.VLAN_TCI, 0) in (0, 0x1FFF, 0xFFFF, 0xF000)
    no_ipv6 = match.at(slot.ETH_TYPE) in (ETH_IPV4, ETH_ARP, ETH_RARP) or not {t[0] for t in match.terms} & _OVER_IP
    return whole and prefixes and vlan and not masks and no_ipv6


_OVER_IP = {slot.NW_PROTO, slot.NW_TOS, slot.NW_SRC, slot.NW_DST, slot.TP_SRC, slot.TP_DST}


def _is_prefix(mask: int) -> bool:
    rest = ~mask & 0xFFFFFFFF
    return rest & (rest + 1) == 0


def encode(match: Match) -> bytes:
    """The structure of 40 bytes; call it only where `can_encode`."""
    asked = {at: (value, mask) for at, value, mask in match.terms}
    wildcards = sum(bit for bit, at, _ in _SIMPLE if at not in asked)
    vlan, vlan_mask = asked.get(slot.VLAN_TCI, (0, 0))
    wildcards |= 0 if vlan_mask & 0xFFF else _VLAN
    wildcards |= 0 if vlan_mask & 0xE000 else _PCP
    vid = vlan & 0xFFF if vlan & slot.VLAN_PRESENT else _NO_VLAN if vlan_mask & 0xFFF else 0
    addresses = []
    for at, shift in ((slot.NW_SRC, _SRC_SHIFT), (slot.NW_DST, _DST_SHIFT)):
        value, mask = asked.get(at, (0, 0))
        addresses.append(value)
        wildcards |= (~mask & 0xFFFFFFFF).bit_length() << shift
    values = {at: asked.get(at, (0, 0))[0] for _, at, _ in _SIMPLE}
    return _MATCH.pack(
        wildcards, values[slot.IN_PORT], values[slot.ETH_SRC].to_bytes(6, "big"), values[slot.ETH_DST].to_bytes(6, "big"), vid,
        vlan >> 13, values[slot.ETH_TYPE], values[slot.NW_TOS], values[slot.NW_PROTO], *addresses,
        values[slot.TP_SRC], values[slot.TP_DST],
    )  # fmt: skip


def decode(data: bytes, at: int = 0) -> Match:
    """Read the structure; fields whose prerequisites are not asked for are ignored, as the specification says."""
    if len(data) < at + SIZE:
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"match of {len(data) - at} bytes")
    wildcards, in_port, src, dst, vid, pcp, eth_type, tos, protocol, nw_src, nw_dst, tp_src, tp_dst = _MATCH.unpack_from(data, at)
    values = {
        slot.IN_PORT: in_port, slot.ETH_SRC: int.from_bytes(src, "big"), slot.ETH_DST: int.from_bytes(dst, "big"),
        slot.ETH_TYPE: eth_type, slot.NW_TOS: tos & 0xFC, slot.NW_PROTO: protocol, slot.TP_SRC: tp_src, slot.TP_DST: tp_dst,
    }  # fmt: skip
    slots = {place: (values[place], mask) for bit, place, mask in _SIMPLE if not wildcards & bit}
    for place, value, shift in ((slot.NW_SRC, nw_src, _SRC_SHIFT), (slot.NW_DST, nw_dst, _DST_SHIFT)):
        mask = 0xFFFFFFFF << min(wildcards >> shift & 63, 32) & 0xFFFFFFFF
        slots[place] = (value & mask, mask)
    _decode_vlan(slots, wildcards, vid, pcp)
    _drop_unfounded(slots)
    return from_slots(slots)


def _decode_vlan(slots: dict[int, tuple[int, int]], wildcards: int, vid: int, pcp: int) -> None:
    if not wildcards & _VLAN and vid == _NO_VLAN:
        slots[slot.VLAN_TCI] = (0, 0xFFFF)
        return
    mask = (0 if wildcards & _VLAN else 0xFFF) | (0 if wildcards & _PCP else 0xE000)
    if mask:
        mask |= slot.VLAN_PRESENT
        slots[slot.VLAN_TCI] = ((pcp & 7) << 13 & mask | vid & 0xFFF & mask | slot.VLAN_PRESENT, mask)


def _drop_unfounded(slots: dict[int, tuple[int, int]]) -> None:
    """Forget what is asked of headers that the match does not ask for."""
    eth_type = slots.get(slot.ETH_TYPE, (0, 0))[0]
    protocol = slots.get(slot.NW_PROTO, (0, 0))[0]
    if eth_type not in (ETH_IPV4, ETH_ARP, ETH_RARP):
        for place in (slot.NW_SRC, slot.NW_DST, slot.NW_PROTO):
            slots.pop(place, None)
    if eth_type != ETH_IPV4:
        slots.pop(slot.NW_TOS, None)
    if eth_type != ETH_IPV4 or protocol not in (1, 6, 17, 132):
        slots.pop(slot.TP_SRC, None)
        slots.pop(slot.TP_DST, None)
