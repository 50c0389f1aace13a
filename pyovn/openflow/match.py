"""What a rule asks of a packet: an immutable set of (slot, value, mask), the same for every spelling of the same question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyovn.openflow.fields import FIELDS, Field, Need
from pyovn.packet import slot
from pyovn.packet.flow import Flow

ETH_ARP, ETH_RARP, ETH_IPV4, ETH_IPV6 = 0x0806, 0x8035, 0x0800, 0x86DD

Asked: TypeAlias = int | tuple[int, int]
"""A value to equal, or a value and the mask of the bits that count."""


@dataclass(frozen=True, slots=True)
class Match:
    """A question about a packet; two that ask the same are equal and hash alike, however they were spelled."""

    terms: tuple[tuple[int, int, int], ...] = ()
    """(slot, value, mask) by ascending slot, at most one a slot, `value & ~mask == 0`, no mask zero."""

    @staticmethod
    def of(asked: Mapping[Field, Asked] | Mapping[str, Asked]) -> Match:
        """The match of these fields; where two overlap the later wins. Prerequisites are the caller's to add."""
        slots: dict[int, tuple[int, int]] = {}
        for key, want in asked.items():
            field = FIELDS[key] if isinstance(key, str) else key
            value, mask = want if isinstance(want, tuple) else (want, field.full)
            _ask(slots, field, value, mask)
        return from_slots(slots)

    def with_fields(self, asked: Mapping[Field, Asked] | Mapping[str, Asked]) -> Match:
        """This match and more: fields asked here replace what was asked of the same bits."""
        slots = {at: (value, mask) for at, value, mask in self.terms}
        for at, value, mask in Match.of(asked).terms:
            old_value, old_mask = slots.get(at, (0, 0))
            slots[at] = (old_value & ~mask | value, old_mask | mask)
        return from_slots(slots)

    def items(self) -> Iterator[tuple[Field, tuple[int, int]]]:
        """The fields asked about with value and mask, under the names that fit the packet's type."""
        names = _names(self)
        for at, value, mask in self.terms:
            for field in names.get(at) or _SPLIT[at]:
                part = mask >> field.shift & field.full
                if part:
                    yield field, (value >> field.shift & part, part)

    def get(self, field: Field) -> tuple[int, int]:
        """Value and mask asked of `field`; the mask is 0 where nothing is."""
        value = mask = 0
        found = {at: (v, m) for at, v, m in self.terms if field.slot <= at < field.slot + field.parts}
        if field.parts == 1:
            value, mask = found.get(field.slot, (0, 0))
            mask = mask >> field.shift & field.full
            return value >> field.shift & mask, mask
        for at in range(field.slot, field.slot + field.parts):
            part_value, part_mask = found.get(at, (0, 0))
            value, mask = value << 32 | part_value, mask << 32 | part_mask
        return value, mask

    def at(self, slot_number: int) -> int:
        """The value asked of a slot, 0 where nothing is."""
        return next((value for at, value, _ in self.terms if at == slot_number), 0)

    def matches(self, flow: Flow) -> bool:
        """Does a packet with this flow fit?"""
        return all(flow[at] & mask == value for at, value, mask in self.terms)

    def __len__(self) -> int:
        return len(self.terms)


ANY = Match()
"""The match of every packet."""


def _ask(slots: dict[int, tuple[int, int]], field: Field, value: int, mask: int) -> None:
    """Add a question about `field` to what is asked of slots."""
    mask &= field.full
    value &= mask
    if field.slot == slot.VLAN_TCI and field.bits < 16 and mask:
        value, mask = value << field.shift | slot.VLAN_PRESENT, mask << field.shift | slot.VLAN_PRESENT
    elif field.slot in (slot.TP_SRC, slot.TP_DST):
        # ICMP's bytes live in slots of 16 bits; a whole byte is the whole slot.
        mask = 0xFFFF if mask == field.full else mask
    elif field.parts == 1:
        value, mask = value << field.shift, mask << field.shift
    for part in range(field.parts - 1, -1, -1):
        at, low = field.slot + part, 0xFFFFFFFF if field.parts > 1 else mask
        old_value, old_mask = slots.get(at, (0, 0))
        slots[at] = (old_value & ~(mask & low) | value & low, old_mask | mask & low)
        value, mask = value >> 32, mask >> 32


def from_slots(slots: Mapping[int, tuple[int, int]]) -> Match:
    """The match of values and masks by slot; values have no bits outside their masks."""
    return Match(tuple((at, *slots[at]) for at in sorted(slots) if slots[at][1]))


def _fields(*names: str) -> tuple[Field, ...]:
    return tuple(FIELDS[name] for name in names)


def _split() -> dict[int, tuple[Field, ...]]:
    """For each slot, the fields that together cover it when nothing is known of the packet's type."""
    first: dict[int, tuple[Field, ...]] = {}
    for field in FIELDS.values():
        if field.parts == 1:
            first.setdefault(field.slot, (field,))
    first[slot.NW_TOS] = _fields("ip_dscp", "nw_ecn")
    first[slot.MPLS_LSE] = _fields("mpls_label", "mpls_tc", "mpls_bos", "mpls_ttl")
    return first


_SPLIT = _split()
_ARP = {
    slot.NW_PROTO: _fields("arp_op"), slot.NW_SRC: _fields("arp_spa"), slot.NW_DST: _fields("arp_tpa"),
    slot.ARP_SHA: _fields("arp_sha"), slot.ARP_THA: _fields("arp_tha"),
}  # fmt: skip
_NONE: dict[int, tuple[Field, ...]] = {}
_BY_PROTOCOL: dict[tuple[int, int], dict[int, tuple[Field, ...]]] = {
    (ETH_IPV4, 1): {slot.TP_SRC: _fields("icmp_type"), slot.TP_DST: _fields("icmp_code")},
    (ETH_IPV6, 58): {
        slot.TP_SRC: _fields("icmpv6_type"), slot.TP_DST: _fields("icmpv6_code"),
        slot.ARP_SHA: _fields("nd_sll"), slot.ARP_THA: _fields("nd_tll"),
    },
    **{(eth, 17): {slot.TP_SRC: _fields("udp_src"), slot.TP_DST: _fields("udp_dst")} for eth in (ETH_IPV4, ETH_IPV6)},
    **{(eth, 132): {slot.TP_SRC: _fields("sctp_src"), slot.TP_DST: _fields("sctp_dst")} for eth in (ETH_IPV4, ETH_IPV6)},
}  # fmt: skip


def _names(match: Match) -> Mapping[int, tuple[Field, ...]]:
    """How the packet's type names the slots that several protocols share."""
    eth_type = match.at(slot.ETH_TYPE)
    if eth_type in (ETH_ARP, ETH_RARP):
        return _ARP
    return _BY_PROTOCOL.get((eth_type, match.at(slot.NW_PROTO)), _NONE)


_IS = {
    Need.ARP: ((slot.ETH_TYPE, ETH_ARP),),
    Need.IPV4: ((slot.ETH_TYPE, ETH_IPV4),),
    Need.IPV6: ((slot.ETH_TYPE, ETH_IPV6),),
    Need.ICMPV4: ((slot.ETH_TYPE, ETH_IPV4), (slot.NW_PROTO, 1)),
    Need.ICMPV6: ((slot.ETH_TYPE, ETH_IPV6), (slot.NW_PROTO, 58)),
    Need.TCP: ((slot.NW_PROTO, 6),),
    Need.UDP: ((slot.NW_PROTO, 17),),
    Need.SCTP: ((slot.NW_PROTO, 132),),
}


def meets(match: Match, need: Need) -> bool:
    """Does the match say enough about the packet for a field with this prerequisite to exist?"""
    asked = {at: value for at, value, _ in match.terms}
    eth_type = asked.get(slot.ETH_TYPE)
    if need in (Need.NONE, Need.VLAN, Need.CT):
        return need is not Need.VLAN or bool(asked.get(slot.VLAN_TCI, 0) & slot.VLAN_PRESENT)
    if need is Need.ARP:
        return eth_type in (ETH_ARP, ETH_RARP)
    if need is Need.MPLS:
        return eth_type in (0x8847, 0x8848)
    if need in (Need.ND, Need.ND_SOLICIT, Need.ND_ADVERT):
        kinds = {Need.ND: (135, 136), Need.ND_SOLICIT: (135,), Need.ND_ADVERT: (136,)}[need]
        return meets(match, Need.ICMPV6) and asked.get(slot.TP_SRC) in kinds and asked.get(slot.TP_DST) == 0
    if need in (Need.IP, Need.TCP, Need.UDP, Need.SCTP) and eth_type not in (ETH_IPV4, ETH_IPV6):
        return False
    return all(asked.get(at) == value for at, value in _IS.get(need, ()))
