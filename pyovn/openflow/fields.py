"""The fields that OpenFlow matches on and acts upon: one table, under the names that Open vSwitch gives them.

Every spelling of a field (`eth_src`, `dl_src`) finds the same `Field` in `FIELDS`. Fields that share a `slot` are views of the
same bits: `xreg0` of `reg0` and `reg1`, `dl_vlan` of `vlan_tci`, `udp_src` of whatever holds the source port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from pyovn.packet import slot
from pyovn.packet.flow import Flow


class Format(Enum):
    """How a field's value is written."""

    DECIMAL = "decimal"
    HEX = "hexadecimal"
    MAC = "Ethernet"
    IPV4 = "IPv4"
    IPV6 = "IPv6"
    PORT = "OpenFlow port"
    CT_STATE = "ct state"
    FRAG = "frag"
    TUNNEL_FLAGS = "tunnel flags"
    TCP_FLAGS = "TCP flags"
    PACKET_TYPE = "packet type"


class Need(Enum):
    """What a packet must be for it to have a field at all."""

    NONE = "none"
    VLAN = "VLAN VID"
    ARP = "ARP"
    IPV4 = "IPv4"
    IPV6 = "IPv6"
    IP = "IPv4/IPv6"
    MPLS = "MPLS"
    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"
    ICMPV4 = "ICMPv4"
    ICMPV6 = "ICMPv6"
    CT = "CT"
    ND = "ND"
    ND_SOLICIT = "ND solicit"
    ND_ADVERT = "ND advert"


_CLASSES = (  # prefix of the name, class, experimenter; the longest prefix decides
    ("OXM_OF_PKT_REG", 0x8001, 0),
    ("ERICOXM_OF_", 0x1000, 0),
    ("ONFOXM_ET_", 0xFFFF, 0x4F4E4600),
    ("NXOXM_ET_", 0xFFFF, 0x00002320),
    ("NXM_OF_", 0x0000, 0),
    ("NXM_NX_", 0x0001, 0),
    ("OXM_OF_", 0x8000, 0),
)


class Header(NamedTuple):
    """A type of match entry: its NXM or OXM name and the bytes that announce it (OpenFlow 1.5.1, 7.2.3.2)."""

    name: str
    oxm_class: int
    number: int
    experimenter: int
    size: int
    exact: bytes
    masked: bytes

    @property
    def value(self) -> int:
        """The header as a number, without mask: 32 bits, or 64 with an experimenter."""
        return int.from_bytes(self.exact, "big")


def make_header(name: str, number: int, size: int) -> Header:
    """The header for a payload of `size` bytes; the class follows from the name's prefix."""
    oxm_class, experimenter = next((cls, exp) for prefix, cls, exp in _CLASSES if name.startswith(prefix))
    extra = experimenter.to_bytes(4, "big") if experimenter else b""

    def pack(has_mask: int) -> bytes:
        length = size * (1 + has_mask) + len(extra)
        return (oxm_class << 16 | number << 9 | has_mask << 8 | length).to_bytes(4, "big") + extra

    return Header(name, oxm_class, number, experimenter, size, pack(0), pack(1) if 2 * size + len(extra) < 256 else b"")


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: where it lives in a `Flow`, on the wire and in text. Compared by identity; there is one of each."""

    name: str
    bits: int
    slot: int
    """The `Flow` slot; for a wide register, that of its most significant part."""
    format: Format = Format.HEX
    need: Need = Need.NONE
    shift: int = 0
    """How far the field's lowest bit is from that of its slot."""
    parts: int = 1
    """How many consecutive slots of 32 bits the field spans."""
    maskable: bool = True
    writable: bool = True
    alias: str = ""
    nxm: Header | None = None
    oxm: Header | None = None
    headers: tuple[Header, ...] = ()
    """Every header that is understood for the field, `nxm` and `oxm` among them."""
    full: int = 0
    """The bits that the field can hold, as a mask."""
    size: int = field(default=0)
    """Bytes of the value on the wire."""

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def label(self) -> str:
        """The name used in bit ranges and moves: NXM's, or OXM's where there is none."""
        header = self.nxm or self.oxm
        return header.name if header else self.name


class Subfield(NamedTuple):
    """Some adjacent bits of a field, `offset` counted from the lowest."""

    field: Field
    offset: int
    bits: int

    def __str__(self) -> str:
        return self.field.label + self.range

    @property
    def range(self) -> str:
        """The bits in brackets: `[]` for all, `[3]` for one, `[0..15]` for several."""
        if self.bits == self.field.bits:
            return "[]"
        if self.bits == 1:
            return f"[{self.offset}]"
        return f"[{self.offset}..{self.offset + self.bits - 1}]"

    @property
    def mask(self) -> int:
        """The bits of the field that are meant."""
        return ((1 << self.bits) - 1) << self.offset


def whole(name: str) -> Subfield:
    """All bits of the field called `name`."""
    found = FIELDS[name]
    return Subfield(found, 0, found.bits)


def read(flow: Flow, source: Field) -> int:
    """The field's value in `flow`."""
    if source.parts == 1:
        return flow[source.slot] >> source.shift & source.full
    value = 0
    for part in flow[source.slot : source.slot + source.parts]:
        value = value << 32 | part
    return value


def write(flow: Flow, target: Field, value: int) -> None:
    """Set the field in `flow`; bits that it cannot hold are ignored."""
    if target.parts == 1:
        at = target.slot
        flow[at] = flow[at] & ~(target.full << target.shift) | (value & target.full) << target.shift
        if at == slot.VLAN_TCI and target.bits < 16:
            flow[at] |= slot.VLAN_PRESENT
        return
    for at in range(target.slot + target.parts - 1, target.slot - 1, -1):
        flow[at] = value & 0xFFFFFFFF
        value >>= 32


def read_bits(flow: Flow, source: Subfield) -> int:
    """The value of some bits of a field."""
    return read(flow, source.field) >> source.offset & ((1 << source.bits) - 1)


def write_bits(flow: Flow, target: Subfield, value: int) -> None:
    """Set some bits of a field and leave the others."""
    mask = target.mask
    write(flow, target.field, read(flow, target.field) & ~mask | value << target.offset & mask)


class Layout(NamedTuple):
    """Where a field lives: slot, shift within it, number of slots."""

    slot: int
    shift: int = 0
    parts: int = 1


def _field(
    names: str, bits: int, layout: Layout | int, headers: str = "", form: Format = Format.HEX,
    *, need: Need = Need.NONE, exact: bool = False, fixed: bool = False, full: int = 0,
) -> Field:  # fmt: skip
    """A row of the table. `headers` is like "NXM_OF_ETH_SRC:2 OXM_OF_ETH_SRC:4"; `exact`: not maskable; `fixed`: read-only."""
    name, _, alias = names.partition("/")
    place = layout if isinstance(layout, Layout) else Layout(layout)
    size = next(n for n in (1, 2, 4, 6, 8, 16, 124) if n * 8 >= bits)
    known = tuple(make_header(label, int(number), size) for label, _, number in (h.partition(":") for h in headers.split()))
    nxm = next((h for h in known if h.oxm_class < 2), None)
    # Standard classes first: an experimenter's spelling of the same field is only understood, never sent.
    oxm = next((h for h in sorted(known, key=lambda h: (h.oxm_class == 0xFFFF, h.experimenter != 0)) if h.oxm_class >= 2), None)
    return Field(
        name, bits, place.slot, form, need, place.shift, place.parts, not exact, not fixed, alias, nxm, oxm, known,
        full or (1 << bits) - 1, size,
    )  # fmt: skip


def _registers() -> Iterator[Field]:
    for n in range(16):
        yield _field(f"reg{n}", 32, slot.REG0 + n, f"NXM_NX_REG{n}:{n}")
    for n in range(16, 32):
        yield _field(f"reg{n}", 32, slot.REG0 + n, f"NXOXM_ET_REG{n}:{n + 1}")
    for n in range(16):
        yield _field(f"xreg{n}", 64, Layout(slot.REG0 + 2 * n, 0, 2), f"OXM_OF_PKT_REG{n}:{n}")
    for n in range(8):
        header = f"NXM_NX_XXREG{n}:{111 + n}" if n < 4 else f"NXOXM_ET_XXREG{n}:{29 + n}"
        yield _field(f"xxreg{n}", 128, Layout(slot.REG0 + 4 * n, 0, 4), header)


def _tunnel_options() -> Iterator[Field]:
    for n in range(slot.TUN_OPTIONS):
        yield _field(f"tun_metadata{n}", 992, slot.TUN_METADATA0 + n, f"NXM_NX_TUN_METADATA{n}:{40 + n}")


_F, _N, _L = Format, Need, Layout
_TABLE: tuple[Field, ...] = (
    _field("dp_hash", 32, slot.DP_HASH, "NXM_NX_DP_HASH:35 NXOXM_ET_DP_HASH:0", fixed=True),
    _field("recirc_id", 32, slot.RECIRC_ID, "NXM_NX_RECIRC_ID:36", _F.DECIMAL, exact=True, fixed=True),
    _field("packet_type", 32, slot.PACKET_TYPE, "OXM_OF_PACKET_TYPE:44", _F.PACKET_TYPE, exact=True, fixed=True),
    _field("conj_id", 32, slot.CONJ_ID, "NXM_NX_CONJ_ID:37", _F.DECIMAL, exact=True, fixed=True),
    _field("tun_id/tunnel_id", 64, slot.TUN_ID, "NXM_NX_TUN_ID:16 OXM_OF_TUNNEL_ID:38"),
    _field("tun_src", 32, slot.TUN_SRC, "NXM_NX_TUN_IPV4_SRC:31", _F.IPV4),
    _field("tun_dst", 32, slot.TUN_DST, "NXM_NX_TUN_IPV4_DST:32", _F.IPV4),
    _field("tun_ipv6_src", 128, slot.TUN_IPV6_SRC, "NXM_NX_TUN_IPV6_SRC:109", _F.IPV6),
    _field("tun_ipv6_dst", 128, slot.TUN_IPV6_DST, "NXM_NX_TUN_IPV6_DST:110", _F.IPV6),
    _field("tun_flags", 16, slot.TUN_FLAGS, "NXM_NX_TUN_FLAGS:104", _F.TUNNEL_FLAGS),
    _field("tun_ttl", 8, slot.TUN_TTL, "", _F.DECIMAL, exact=True, fixed=True),
    _field("tun_tos", 8, slot.TUN_TOS, "", _F.DECIMAL, exact=True, fixed=True),
    _field("tun_gbp_id", 16, slot.TUN_GBP_ID, "NXM_NX_TUN_GBP_ID:38", _F.DECIMAL),
    _field("tun_gbp_flags", 8, slot.TUN_GBP_FLAGS, "NXM_NX_TUN_GBP_FLAGS:39"),
    *_tunnel_options(),
    _field("metadata", 64, slot.METADATA, "OXM_OF_METADATA:2"),
    _field("in_port", 16, slot.IN_PORT, "NXM_OF_IN_PORT:0", _F.PORT, exact=True),
    _field("in_port_oxm", 32, slot.IN_PORT, "OXM_OF_IN_PORT:0", _F.PORT, exact=True),
    _field("actset_output", 32, slot.ACTSET_OUTPUT, "OXM_OF_ACTSET_OUTPUT:43 ONFOXM_ET_ACTSET_OUTPUT:43", _F.PORT, exact=True, fixed=True),
    _field("skb_priority", 32, slot.SKB_PRIORITY, exact=True, fixed=True),
    _field("pkt_mark", 32, slot.PKT_MARK, "NXM_NX_PKT_MARK:33"),
    _field("ct_state", 32, slot.CT_STATE, "NXM_NX_CT_STATE:105", _F.CT_STATE, fixed=True, full=0xFF),
    _field("ct_zone", 16, slot.CT_ZONE, "NXM_NX_CT_ZONE:106", exact=True, fixed=True),
    _field("ct_mark", 32, slot.CT_MARK, "NXM_NX_CT_MARK:107"),
    _field("ct_label", 128, slot.CT_LABEL, "NXM_NX_CT_LABEL:108"),
    _field("ct_nw_proto", 8, slot.CT_NW_PROTO, "NXM_NX_CT_NW_PROTO:119", _F.DECIMAL, need=_N.CT, exact=True, fixed=True),
    _field("ct_nw_src", 32, slot.CT_NW_SRC, "NXM_NX_CT_NW_SRC:120", _F.IPV4, need=_N.CT, fixed=True),
    _field("ct_nw_dst", 32, slot.CT_NW_DST, "NXM_NX_CT_NW_DST:121", _F.IPV4, need=_N.CT, fixed=True),
    _field("ct_ipv6_src", 128, slot.CT_IPV6_SRC, "NXM_NX_CT_IPV6_SRC:122", _F.IPV6, need=_N.CT, fixed=True),
    _field("ct_ipv6_dst", 128, slot.CT_IPV6_DST, "NXM_NX_CT_IPV6_DST:123", _F.IPV6, need=_N.CT, fixed=True),
    _field("ct_tp_src", 16, slot.CT_TP_SRC, "NXM_NX_CT_TP_SRC:124", _F.DECIMAL, need=_N.CT, fixed=True),
    _field("ct_tp_dst", 16, slot.CT_TP_DST, "NXM_NX_CT_TP_DST:125", _F.DECIMAL, need=_N.CT, fixed=True),
    *_registers(),
    _field("eth_src/dl_src", 48, slot.ETH_SRC, "NXM_OF_ETH_SRC:2 OXM_OF_ETH_SRC:4", _F.MAC),
    _field("eth_dst/dl_dst", 48, slot.ETH_DST, "NXM_OF_ETH_DST:1 OXM_OF_ETH_DST:3", _F.MAC),
    _field("eth_type/dl_type", 16, slot.ETH_TYPE, "NXM_OF_ETH_TYPE:3 OXM_OF_ETH_TYPE:5", exact=True, fixed=True),
    _field("vlan_tci", 16, slot.VLAN_TCI, "NXM_OF_VLAN_TCI:4"),
    _field("dl_vlan", 12, slot.VLAN_TCI, "", _F.DECIMAL, exact=True),
    _field("vlan_vid", 12, slot.VLAN_TCI, "OXM_OF_VLAN_VID:6", _F.DECIMAL),
    _field("dl_vlan_pcp", 3, _L(slot.VLAN_TCI, 13), "", _F.DECIMAL, exact=True),
    _field("vlan_pcp", 3, _L(slot.VLAN_TCI, 13), "OXM_OF_VLAN_PCP:7", _F.DECIMAL, need=_N.VLAN, exact=True),
    _field("mpls_label", 20, _L(slot.MPLS_LSE, 12), "OXM_OF_MPLS_LABEL:34", _F.DECIMAL, need=_N.MPLS, exact=True),
    _field("mpls_tc", 3, _L(slot.MPLS_LSE, 9), "OXM_OF_MPLS_TC:35", _F.DECIMAL, need=_N.MPLS, exact=True),
    _field("mpls_bos", 1, _L(slot.MPLS_LSE, 8), "OXM_OF_MPLS_BOS:36", _F.DECIMAL, need=_N.MPLS, exact=True, fixed=True),
    _field("mpls_ttl", 8, slot.MPLS_LSE, "NXM_NX_MPLS_TTL:30", _F.DECIMAL, need=_N.MPLS, exact=True),
    _field("ip_src/nw_src", 32, slot.NW_SRC, "NXM_OF_IP_SRC:7 OXM_OF_IPV4_SRC:11", _F.IPV4, need=_N.IPV4),
    _field("ip_dst/nw_dst", 32, slot.NW_DST, "NXM_OF_IP_DST:8 OXM_OF_IPV4_DST:12", _F.IPV4, need=_N.IPV4),
    _field("ipv6_src", 128, slot.IPV6_SRC, "NXM_NX_IPV6_SRC:19 OXM_OF_IPV6_SRC:26", _F.IPV6, need=_N.IPV6),
    _field("ipv6_dst", 128, slot.IPV6_DST, "NXM_NX_IPV6_DST:20 OXM_OF_IPV6_DST:27", _F.IPV6, need=_N.IPV6),
    _field("ipv6_label", 20, slot.IPV6_LABEL, "NXM_NX_IPV6_LABEL:27 OXM_OF_IPV6_FLABEL:28", _F.HEX, need=_N.IPV6),
    _field("nw_proto/ip_proto", 8, slot.NW_PROTO, "NXM_OF_IP_PROTO:6 OXM_OF_IP_PROTO:10", _F.DECIMAL, need=_N.IP, exact=True, fixed=True),
    _field("nw_tos", 8, slot.NW_TOS, "NXM_OF_IP_TOS:5", _F.DECIMAL, need=_N.IP, exact=True, full=0xFC),
    _field("ip_dscp", 6, _L(slot.NW_TOS, 2), "OXM_OF_IP_DSCP:8", _F.DECIMAL, need=_N.IP, exact=True),
    _field("nw_ecn/ip_ecn", 2, slot.NW_TOS, "NXM_NX_IP_ECN:28 OXM_OF_IP_ECN:9", _F.DECIMAL, need=_N.IP, exact=True),
    _field("nw_ttl", 8, slot.NW_TTL, "NXM_NX_IP_TTL:29", _F.DECIMAL, need=_N.IP, exact=True),
    _field("ip_frag/nw_frag", 2, slot.NW_FRAG, "NXM_NX_IP_FRAG:26", _F.FRAG, need=_N.IP, fixed=True),
    _field("arp_op", 16, slot.NW_PROTO, "NXM_OF_ARP_OP:15 OXM_OF_ARP_OP:21", _F.DECIMAL, need=_N.ARP, exact=True, full=0xFF),
    _field("arp_spa", 32, slot.NW_SRC, "NXM_OF_ARP_SPA:16 OXM_OF_ARP_SPA:22", _F.IPV4, need=_N.ARP),
    _field("arp_tpa", 32, slot.NW_DST, "NXM_OF_ARP_TPA:17 OXM_OF_ARP_TPA:23", _F.IPV4, need=_N.ARP),
    _field("arp_sha", 48, slot.ARP_SHA, "NXM_NX_ARP_SHA:17 OXM_OF_ARP_SHA:24", _F.MAC, need=_N.ARP),
    _field("arp_tha", 48, slot.ARP_THA, "NXM_NX_ARP_THA:18 OXM_OF_ARP_THA:25", _F.MAC, need=_N.ARP),
    _field("tcp_src/tp_src", 16, slot.TP_SRC, "NXM_OF_TCP_SRC:9 OXM_OF_TCP_SRC:13", _F.DECIMAL, need=_N.TCP),
    _field("tcp_dst/tp_dst", 16, slot.TP_DST, "NXM_OF_TCP_DST:10 OXM_OF_TCP_DST:14", _F.DECIMAL, need=_N.TCP),
    _field("tcp_flags", 12, slot.TCP_FLAGS, "NXM_NX_TCP_FLAGS:34 OXM_OF_TCP_FLAGS:42 ONFOXM_ET_TCP_FLAGS:42",
           _F.TCP_FLAGS, need=_N.TCP, fixed=True),
    _field("udp_src", 16, slot.TP_SRC, "NXM_OF_UDP_SRC:11 OXM_OF_UDP_SRC:15", _F.DECIMAL, need=_N.UDP),
    _field("udp_dst", 16, slot.TP_DST, "NXM_OF_UDP_DST:12 OXM_OF_UDP_DST:16", _F.DECIMAL, need=_N.UDP),
    _field("sctp_src", 16, slot.TP_SRC, "OXM_OF_SCTP_SRC:17", _F.DECIMAL, need=_N.SCTP),
    _field("sctp_dst", 16, slot.TP_DST, "OXM_OF_SCTP_DST:18", _F.DECIMAL, need=_N.SCTP),
    _field("icmp_type", 8, slot.TP_SRC, "NXM_OF_ICMP_TYPE:13 OXM_OF_ICMPV4_TYPE:19", _F.DECIMAL, need=_N.ICMPV4, exact=True),
    _field("icmp_code", 8, slot.TP_DST, "NXM_OF_ICMP_CODE:14 OXM_OF_ICMPV4_CODE:20", _F.DECIMAL, need=_N.ICMPV4, exact=True),
    _field("icmpv6_type", 8, slot.TP_SRC, "NXM_NX_ICMPV6_TYPE:21 OXM_OF_ICMPV6_TYPE:29", _F.DECIMAL, need=_N.ICMPV6, exact=True),
    _field("icmpv6_code", 8, slot.TP_DST, "NXM_NX_ICMPV6_CODE:22 OXM_OF_ICMPV6_CODE:30", _F.DECIMAL, need=_N.ICMPV6, exact=True),
    _field("nd_target", 128, slot.ND_TARGET, "NXM_NX_ND_TARGET:23 OXM_OF_IPV6_ND_TARGET:31", _F.IPV6, need=_N.ND),
    _field("nd_sll", 48, slot.ARP_SHA, "NXM_NX_ND_SLL:24 OXM_OF_IPV6_ND_SLL:32", _F.MAC, need=_N.ND_SOLICIT),
    _field("nd_tll", 48, slot.ARP_THA, "NXM_NX_ND_TLL:25 OXM_OF_IPV6_ND_TLL:33", _F.MAC, need=_N.ND_ADVERT),
    _field("nd_reserved", 32, slot.ND_RESERVED, "ERICOXM_OF_ICMPV6_ND_RESERVED:1", _F.DECIMAL, need=_N.ND, exact=True),
    _field("nd_options_type", 8, slot.ND_OPTIONS_TYPE, "ERICOXM_OF_ICMPV6_ND_OPTIONS_TYPE:2", _F.DECIMAL, need=_N.ND, exact=True),
)  # fmt: skip


def _by_name(table: Iterable[Field]) -> dict[str, Field]:
    names = {}
    for entry in table:
        for name in (entry.name, entry.alias, *(header.name for header in entry.headers)):
            if name:
                names[name] = entry
    return names


FIELDS: dict[str, Field] = _by_name(_TABLE)
"""Every field under each of its names: Open vSwitch's, the older spelling, and those of its NXM and OXM headers."""

ALL_FIELDS: tuple[Field, ...] = _TABLE
"""Every field once."""

BY_HEADER: dict[tuple[int, int, int], Field] = {
    (header.oxm_class, header.number, header.experimenter): entry for entry in _TABLE for header in entry.headers
}
"""Which field a header on the wire means: by class, number and experimenter."""


def parse_subfield(text: str) -> Subfield:
    """Read `NXM_NX_REG0[0..3]`, `reg0[4]`, `reg0[]` or `reg0`.

    Raises ValueError, naming the part that is wrong.
    """
    name, bracket, rest = text.partition("[")
    found = FIELDS.get(name)
    if found is None:
        raise ValueError(f"{text}: unknown field `{name}'")
    if not bracket or rest == "]":
        return Subfield(found, 0, found.bits)
    first, _, last = rest.removesuffix("]").partition("..")
    if not rest.endswith("]") or not first.isdigit() or (last and not last.isdigit()):
        raise ValueError(f"{text}: syntax error expecting [] or [<bit>] or [<start>..<end>]")
    start, end = int(first), int(last or first)
    if start > end:
        raise ValueError(f"{text}: starting bit {start} is after ending bit {end}")
    if end >= found.bits:
        raise ValueError(f"{text}: bit {end} is out of range, {name} has {found.bits} bits")
    return Subfield(found, start, end - start + 1)
