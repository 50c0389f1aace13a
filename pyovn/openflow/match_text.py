"""Matches and flows as text, in the order and words of `ovs-ofctl dump-flows`: `udp,reg14=0x1,metadata=0x1,tp_src=68`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pyovn.openflow.fields import FIELDS
from pyovn.openflow.match import ETH_ARP, ETH_IPV4, ETH_IPV6, ETH_RARP, Match
from pyovn.openflow.ports import format_port
from pyovn.openflow.value_text import (
    CT_STATES,
    FRAGMENTS,
    TCP_FLAGS,
    TUNNEL_FLAGS,
    hexadecimal,
    masked_address,
    masked_decimal,
    masked_flags,
    masked_hex,
    masked_mac,
    parse_value,
)
from pyovn.packet import slot
from pyovn.packet.flow import Flow

Names = Mapping[int, str]
"""Interface names by port number."""

DEFAULT_PRIORITY = 0x8000

PROTOCOLS: dict[str, tuple[int, int | None]] = {
    "ip": (ETH_IPV4, None), "icmp": (ETH_IPV4, 1), "tcp": (ETH_IPV4, 6), "udp": (ETH_IPV4, 17), "sctp": (ETH_IPV4, 132),
    "ipv6": (ETH_IPV6, None), "ip6": (ETH_IPV6, None), "icmp6": (ETH_IPV6, 58), "tcp6": (ETH_IPV6, 6), "udp6": (ETH_IPV6, 17),
    "sctp6": (ETH_IPV6, 132), "arp": (ETH_ARP, None), "rarp": (ETH_RARP, None), "mpls": (0x8847, None), "mplsm": (0x8848, None),
}  # fmt: skip
"""Words that say what a packet is: Ethernet type and IP protocol."""

_WORDS = {kind: word for word, kind in reversed(PROTOCOLS.items())}


def format_match(match: Match, priority: int = DEFAULT_PRIORITY, names: Names | None = None) -> str:
    """The match as `ovs-ofctl` prints it, with the priority unless it is the default; empty for one that asks nothing."""
    asked = {at: (value, mask) for at, value, mask in match.terms}
    parts = [f"priority={priority}"] if priority != DEFAULT_PRIORITY else []
    parts.extend(_parts(asked, names))
    return ",".join(parts)


def format_flow(flow: Flow, names: Names | None = None) -> str:
    """A packet's fields, exactly: those that its type has, and of the others those that are not zero."""
    eth_type, protocol = flow[slot.ETH_TYPE], flow[slot.NW_PROTO]
    shown = {at: (value, _FULL[at]) for at, value in enumerate(flow) if value and at in _FULL}
    original = _ORIGINAL.get(eth_type, ())
    if _is_tracked(flow[slot.CT_STATE]) and flow[slot.CT_NW_PROTO]:
        shown.update((at, (flow[at], _FULL[at])) for at in original)
    else:
        for at in original:
            shown.pop(at, None)
    for at in (*_always(eth_type, protocol, flow[slot.NW_FRAG]), *_stacked(flow)):
        shown.setdefault(at, (flow[at], _FULL[at]))
    # What OpenFlow 1.5 sees besides in neighbour messages goes without saying.
    shown.pop(slot.ND_RESERVED, None)
    shown.pop(slot.ND_OPTIONS_TYPE, None)
    return ",".join(_parts(shown, names))


_FULL = dict.fromkeys(range(slot.SLOTS), 0)
for _field in FIELDS.values():
    if _field.parts == 1:
        _FULL[_field.slot] |= _field.full << _field.shift
_FULL[slot.TP_SRC] = _FULL[slot.TP_DST] = _FULL[slot.VLAN_TCI1] = 0xFFFF
_FULL[slot.MPLS_LSE1] = _FULL[slot.MPLS_LSE2] = 0xFFFFFFFF
_FULL[slot.CT_STATE] = 0xFF

_CT_PORTS = (slot.CT_NW_PROTO, slot.CT_TP_SRC, slot.CT_TP_DST)
_ORIGINAL = {ETH_IPV4: (slot.CT_NW_SRC, slot.CT_NW_DST, *_CT_PORTS), ETH_IPV6: (slot.CT_IPV6_SRC, slot.CT_IPV6_DST, *_CT_PORTS)}
"""Where the original direction of a packet's connection is, by its type."""
_CT_INVALID, _CT_TRACKED = 0x10, 0x20


def _is_tracked(state: int) -> bool:
    """Whether a packet belongs to a connection: some bit but these two says so, or that it was looked for and is not invalid."""
    return bool(state & ~(_CT_INVALID | _CT_TRACKED)) or state & (_CT_INVALID | _CT_TRACKED) == _CT_TRACKED


def _always(eth_type: int, protocol: int, fragment: int) -> tuple[int, ...]:
    """The slots that a packet of this type shows even where they are zero."""
    shown: tuple[int, ...] = (slot.VLAN_TCI, slot.ETH_SRC, slot.ETH_DST, slot.ETH_TYPE)
    if eth_type in (ETH_ARP, ETH_RARP):
        return (*shown, slot.NW_SRC, slot.NW_DST, slot.NW_PROTO, slot.ARP_SHA, slot.ARP_THA)
    if eth_type not in (ETH_IPV4, ETH_IPV6):
        return shown
    addresses = (slot.NW_SRC, slot.NW_DST) if eth_type == ETH_IPV4 else (slot.IPV6_SRC, slot.IPV6_DST, slot.IPV6_LABEL)
    shown += (*addresses, slot.NW_PROTO, slot.NW_TOS, slot.NW_TTL, slot.NW_FRAG)
    if fragment & slot.FRAG_LATER or protocol not in (1, 2, 6, 17, 58, 132):
        return shown
    shown += (slot.TP_SRC, slot.TP_DST)
    return (*shown, slot.TCP_FLAGS) if protocol == 6 else shown


def _stacked(flow: Flow) -> Iterator[int]:
    """A tag or label below another, and a neighbour's addresses, are shown even where they are zero."""
    if (flow[slot.ETH_TYPE], flow[slot.NW_PROTO], flow[slot.TP_DST]) == (ETH_IPV6, 58, 0) and flow[slot.TP_SRC] in (135, 136):
        yield from (slot.ND_TARGET, slot.ARP_SHA, slot.ARP_THA)
    if flow[slot.VLAN_TCI]:
        yield slot.VLAN_TCI1
    if flow[slot.ETH_TYPE] in (0x8847, 0x8848):
        for at in (slot.MPLS_LSE, slot.MPLS_LSE1, slot.MPLS_LSE2):
            yield at
            if flow[at] & 0x100:
                return


_Asked = Mapping[int, tuple[int, int]]


def _parts(asked: _Asked, names: Names | None) -> Iterator[str]:
    """The parts of a match's text, in order."""
    eth_type = asked.get(slot.ETH_TYPE, (0, 0))
    protocol = asked.get(slot.NW_PROTO, (0, 0))
    yield from _listed(asked, _BEFORE_TYPE)
    word, says_protocol = _word(eth_type, protocol)
    if word:
        yield word
    yield from _listed(asked, _REGISTERS_AND_TUNNEL)
    if slot.IN_PORT in asked:
        yield f"in_port={format_port(asked[slot.IN_PORT][0], names)}"
    yield from _vlans(asked)
    yield from _listed(asked, _ETHERNET)
    if eth_type[1] and not word:
        yield f"dl_type=0x{eth_type[0]:04x}"
    is_arp = eth_type[0] in (ETH_ARP, ETH_RARP)
    yield from _listed(asked, _ADDRESSES_V6 if eth_type[0] == ETH_IPV6 else _ADDRESSES_ARP if is_arp else _ADDRESSES_V4)
    if protocol[1] and not says_protocol:
        yield f"{'arp_op' if is_arp else 'nw_proto'}={protocol[0]}"
    if is_arp:
        yield from _listed(asked, _ARP_HARDWARE)
    yield from _rest_of_ip(asked)
    yield from _transport(asked, eth_type[0], protocol[0])


def _word(eth_type: tuple[int, int], protocol: tuple[int, int]) -> tuple[str, bool]:
    """The word for the packet's type, and whether it says the IP protocol too."""
    if not eth_type[1]:
        return "", False
    if protocol[1] and (eth_type[0], protocol[0]) in _WORDS:
        return _WORDS[eth_type[0], protocol[0]], True
    return _WORDS.get((eth_type[0], None), ""), False


def _listed(asked: _Asked, table: tuple[tuple[int, str, Callable[[int, int], str]], ...]) -> Iterator[str]:
    for at, name, form in table:
        if at in asked:
            yield f"{name}={form(*asked[at])}"


def _hex(bits: int) -> Callable[[int, int], str]:
    return lambda value, mask: masked_hex(value, mask, (1 << bits) - 1)


def _decimal(bits: int) -> Callable[[int, int], str]:
    return lambda value, mask: masked_decimal(value, mask, (1 << bits) - 1)


def _plain(value: int, mask: int) -> str:
    return str(value)


def _ip(value: int, mask: int) -> str:
    return masked_address(value, mask, 32)


def _ip6(value: int, mask: int) -> str:
    return masked_address(value, mask, 128)


def _label(value: int, mask: int) -> str:
    return f"0x{value:05x}" if mask == 0xFFFFF else f"0x{value:05x}/0x{mask:05x}"


def _ct_state(value: int, mask: int) -> str:
    return masked_flags(value, mask, CT_STATES, 0xFF)


def _tunnel_flags(value: int, mask: int) -> str:
    return masked_flags(value, mask, TUNNEL_FLAGS, 0)


_BEFORE_TYPE = (
    (slot.PKT_MARK, "pkt_mark", _hex(32)),
    (slot.RECIRC_ID, "recirc_id", _hex(32)),
    (slot.DP_HASH, "dp_hash", _hex(32)),
    (slot.CONJ_ID, "conj_id", _plain),
    (slot.SKB_PRIORITY, "skb_priority", _hex(32)),
    (slot.ACTSET_OUTPUT, "actset_output", lambda value, mask: format_port(value)),
    (slot.CT_STATE, "ct_state", _ct_state),
    (slot.CT_ZONE, "ct_zone", _plain),
    (slot.CT_MARK, "ct_mark", _hex(32)),
    (slot.CT_LABEL, "ct_label", _hex(128)),
    (slot.CT_NW_SRC, "ct_nw_src", _ip),
    (slot.CT_IPV6_SRC, "ct_ipv6_src", _ip6),
    (slot.CT_NW_DST, "ct_nw_dst", _ip),
    (slot.CT_IPV6_DST, "ct_ipv6_dst", _ip6),
    (slot.CT_NW_PROTO, "ct_nw_proto", _plain),
    (slot.CT_TP_SRC, "ct_tp_src", _decimal(16)),
    (slot.CT_TP_DST, "ct_tp_dst", _decimal(16)),
)
_REGISTERS_AND_TUNNEL = (
    *((slot.REG0 + n, f"reg{n}", _hex(32)) for n in range(slot.REGISTERS)),
    (slot.TUN_ID, "tun_id", _hex(64)),
    (slot.TUN_SRC, "tun_src", _ip),
    (slot.TUN_DST, "tun_dst", _ip),
    (slot.TUN_IPV6_SRC, "tun_ipv6_src", _ip6),
    (slot.TUN_IPV6_DST, "tun_ipv6_dst", _ip6),
    (slot.TUN_GBP_ID, "tun_gbp_id", _hex(16)),
    (slot.TUN_GBP_FLAGS, "tun_gbp_flags", lambda value, mask: hexadecimal(value)),
    (slot.TUN_TOS, "tun_tos", lambda value, mask: f"{value:x}"),
    (slot.TUN_TTL, "tun_ttl", _plain),
    (slot.TUN_FLAGS, "tun_flags", _tunnel_flags),
    *((slot.TUN_METADATA0 + n, f"tun_metadata{n}", _hex(992)) for n in range(slot.TUN_OPTIONS)),
    (slot.METADATA, "metadata", _hex(64)),
)
_ETHERNET = ((slot.ETH_SRC, "dl_src", masked_mac), (slot.ETH_DST, "dl_dst", masked_mac))
_ADDRESSES_V4 = ((slot.NW_SRC, "nw_src", _ip), (slot.NW_DST, "nw_dst", _ip))
_ADDRESSES_V6 = ((slot.IPV6_SRC, "ipv6_src", _ip6), (slot.IPV6_DST, "ipv6_dst", _ip6), (slot.IPV6_LABEL, "ipv6_label", _label))
_ADDRESSES_ARP = ((slot.NW_SRC, "arp_spa", _ip), (slot.NW_DST, "arp_tpa", _ip))
_ARP_HARDWARE = ((slot.ARP_SHA, "arp_sha", masked_mac), (slot.ARP_THA, "arp_tha", masked_mac))
_NEIGHBOUR_TEXT = (
    (slot.ND_TARGET, "nd_target", _ip6),
    (slot.ARP_SHA, "nd_sll", masked_mac),
    (slot.ARP_THA, "nd_tll", masked_mac),
    (slot.ND_RESERVED, "nd_reserved", _decimal(32)),
    (slot.ND_OPTIONS_TYPE, "nd_options_type", _plain),
)


def _vlans(asked: _Asked) -> Iterator[str]:
    """VLAN tags: `dl_vlan` and `dl_vlan_pcp` where a tag is asked for and its parts wholly, else `vlan_tci`."""
    for place, suffix in ((slot.VLAN_TCI, ""), (slot.VLAN_TCI1, "1")):
        if place not in asked:
            return
        value, mask = asked[place]
        vid, pcp = mask & 0xFFF, mask & 0xE000
        if value & mask & slot.VLAN_PRESENT and vid in (0, 0xFFF) and pcp in (0, 0xE000) and vid | pcp:
            if vid:
                yield f"dl_vlan{suffix}={value & 0xFFF}"
            if pcp:
                yield f"dl_vlan_pcp{suffix}={value >> 13}"
        elif mask == 0xFFFF:
            yield f"vlan_tci{suffix}=0x{value:04x}"
        else:
            yield f"vlan_tci{suffix}=0x{value:04x}/0x{mask:04x}"


def _rest_of_ip(asked: _Asked) -> Iterator[str]:
    tos, tos_mask = asked.get(slot.NW_TOS, (0, 0))
    if tos_mask & 0xFC:
        yield f"nw_tos={tos & 0xFC}"
    if tos_mask & 3:
        yield f"nw_ecn={tos & 3}"
    if slot.NW_TTL in asked:
        yield f"nw_ttl={asked[slot.NW_TTL][0]}"
    entry, entry_mask = asked.get(slot.MPLS_LSE, (0, 0))
    for name, shift, full in (("label", 12, 0xFFFFF), ("tc", 9, 7), ("ttl", 0, 0xFF), ("bos", 8, 1)):
        if entry_mask >> shift & full:
            yield f"mpls_{name}={entry >> shift & full}"
    for place, number in ((slot.MPLS_LSE1, 1), (slot.MPLS_LSE2, 2)):
        if place in asked:
            yield f"mpls_lse{number}={masked_decimal(*asked[place], 0xFFFFFFFF)}"
    if slot.NW_FRAG in asked:
        fragment = asked[slot.NW_FRAG]
        yield "nw_frag=" + next((name for name, found in FRAGMENTS.items() if found == fragment), "<error>")


def _transport(asked: _Asked, eth_type: int, protocol: int) -> Iterator[str]:
    is_icmp = (eth_type, protocol) in ((ETH_IPV4, 1), (ETH_IPV6, 58))
    for place, name in ((slot.TP_SRC, "icmp_type" if is_icmp else "tp_src"), (slot.TP_DST, "icmp_code" if is_icmp else "tp_dst")):
        if place in asked:
            yield f"{name}={masked_decimal(*asked[place], 0xFFFF)}"
    if (eth_type, protocol) == (ETH_IPV6, 58):
        yield from _listed(asked, _NEIGHBOUR_TEXT)
    if slot.TCP_FLAGS in asked and protocol == 6 and eth_type in (ETH_IPV4, ETH_IPV6):
        yield f"tcp_flags={masked_flags(*asked[slot.TCP_FLAGS], TCP_FLAGS, 0xFFF)}"


_TCI_FIELDS = {"vlan_tci1": slot.VLAN_TCI1}


def parse_match(text: str, names: Names | None = None) -> Match:
    """Read a match: words and `field=value[/mask]`, apart by commas or spaces. ValueError names the part that is wrong."""
    match = Match()
    for part in text.replace(",", " ").split():
        name, equals, value = part.partition("=")
        if not equals and name in PROTOCOLS:
            eth_type, protocol = PROTOCOLS[name]
            match = match.with_fields({"eth_type": eth_type} if protocol is None else {"eth_type": eth_type, "nw_proto": protocol})
        elif name == "eth" and not equals:
            continue
        elif name not in FIELDS:
            raise ValueError(f"{part}: unknown field {name}")
        elif not equals:
            raise ValueError(f"field {name} missing value")
        elif value not in ("*", "ANY"):
            match = match.with_fields({FIELDS[name]: _asked(match, name, value, names)})
    return match


def _asked(match: Match, name: str, text: str, names: Names | None) -> tuple[int, int]:
    field = FIELDS[name]
    is_icmp = field.slot in (slot.TP_SRC, slot.TP_DST) and match.at(slot.NW_PROTO) in (1, 58)
    value, mask = parse_value(field, text, names)
    return value, (0xFFFF if is_icmp and mask == 0xFF else mask)
