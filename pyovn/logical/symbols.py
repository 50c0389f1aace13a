"""The names that a match or an action may use: fields of packets, views of registers, and predicates. One table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from pyovn.openflow.fields import FIELDS, Field, Subfield


class Level(Enum):
    """What comparisons a symbol allows (ovn-sb(5), Logical_Flow match, Type Annotations)."""

    NOMINAL = "nominal"
    """Only for equality with a whole value: no order, no bits, no negation."""
    ORDINAL = "ordinal"
    BOOLEAN = "Boolean"
    """A predicate that may be negated."""


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """One name. There is one object of each, compared by identity."""

    name: str
    bits: int
    """Width; 0 for a string, which is the name of a port."""
    level: Level = Level.ORDINAL
    source: Field | None = None
    """The OpenFlow field that `base` stands for; None for predicates and for fields that OpenFlow lacks."""
    parent: Symbol | None = None
    """The symbol that this one is some bits of."""
    offset: int = 0
    """The lowest bit of `base` that belongs to the symbol."""
    predicate: str = ""
    """The expression that the symbol stands for."""
    needs: str = ""
    """An expression that must hold for the field to exist: added to each match that uses it."""
    crossed: bool = False
    """Each value makes matches of its own: the field decides which others a packet has, so it cannot be a conjunction's dimension."""
    modifiable: bool = True
    full: int = field(default=0)
    """All bits, as a mask."""

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def base(self) -> Symbol:
        """The widest symbol that holds these bits."""
        return self.parent.base if self.parent else self

    def subfield(self) -> Subfield:
        """The same bits as OpenFlow names them: of `base`'s field."""
        assert self.source is not None, f"{self.name} is no OpenFlow field"
        return Subfield(self.source, self.offset, self.bits or self.source.bits)


def _field(name: str, source: str, needs: str = "", *, nominal: bool = False, crossed: bool = False, fixed: bool = False) -> Symbol:
    """A field of a packet, or of its metadata."""
    found = FIELDS[source]
    level = Level.NOMINAL if nominal else Level.ORDINAL
    full = (1 << found.bits) - 1
    return Symbol(name, found.bits, level, found, needs=needs, crossed=crossed, modifiable=not fixed, full=full)


def _string(name: str, source: str) -> Symbol:
    """A field that holds the key of a logical port and is written as the port's name."""
    return Symbol(name, 0, Level.NOMINAL, FIELDS[source])


def _bits(name: str, parent: Symbol, first: int, last: int | None = None, needs: str = "") -> Symbol:
    """Some bits of another symbol."""
    bits = (first if last is None else last) - first + 1
    return Symbol(
        name, bits, Level.ORDINAL, parent.source, parent, parent.offset + first, needs=needs or parent.needs,
        modifiable=parent.modifiable, full=(1 << bits) - 1,
    )  # fmt: skip


def _predicate(name: str, text: str, *, nominal: bool = False) -> Symbol:
    """A name for an expression; nominal if the expression compares a nominal field, for then it cannot be negated."""
    return Symbol(name, 1, Level.NOMINAL if nominal else Level.BOOLEAN, predicate=text, modifiable=False, full=1)


def _views(parent: Symbol, name: str, numbers: range) -> Iterator[Symbol]:
    """The registers that a wide one consists of, most significant first."""
    bits = parent.bits // len(numbers)
    for place, number in enumerate(numbers):
        low = parent.bits - (place + 1) * bits
        yield _bits(f"{name}{number}", parent, low, low + bits - 1)


def _registers() -> Iterator[Symbol]:
    for n in range(2):
        wide = _field(f"xxreg{n}", f"xxreg{n}")
        yield wide
        yield from _views(wide, "xreg", range(2 * n, 2 * n + 2))
        yield from _views(wide, "reg", range(4 * n, 4 * n + 4))
    last = _field("xreg4", "xreg4")
    yield last
    yield from _views(last, "reg", range(8, 10))


_FLAG_BITS = {
    "loopback": 0, "force_snat_for_dnat": 2, "force_snat_for_lb": 3, "skip_snat_for_lb": 9, "use_snat_zone": 11, "localnet": 15,
    "tunnel_rx": 16, "icmp_snat": 17, "from_ctrl": 19, "unsnat_new": 20, "unsnat_not_tracked": 21, "igmp_loopback": 22, "pkt_sampled": 23,
}  # fmt: skip
_CT_STATE_BITS = {"new": 0, "est": 1, "rel": 2, "rpl": 3, "inv": 4, "trk": 5, "snat": 6, "dnat": 7}
_CT_MARK_BITS = {
    "blocked": (0, 0), "natted": (1, 1), "skip_snat": (2, 2), "force_snat": (3, 3), "obs_stage": (4, 5), "allow_established": (6, 6),
    "ecmp_reply_port": (16, 31), "obs_collector_id": (16, 23),
}  # fmt: skip
_CT_LABEL_BITS = {
    "ecmp_reply_eth": (32, 79), "label": (96, 127), "obs_point_id": (96, 127), "obs_unused": (0, 95), "acl_id": (80, 95), "nf": (7, 7),
    "nf_id": (17, 24), "tun_if": (8, 8), "tun_if_id": (80, 95),
}  # fmt: skip


def _metadata() -> Iterator[Symbol]:
    """What travels with a packet and is not in it."""
    yield _string("inport", "reg14")
    yield _string("outport", "reg15")
    yield _string("remote_outport", "reg1")
    yield _field("__inport", "reg14")
    yield _field("__outport", "reg15")
    yield _predicate("from_evpn_vtep", "__inport[31]")
    yield _predicate("to_evpn_vtep", "__outport[31]")
    flags = _field("flags", "reg10")
    yield flags
    yield from (_bits(f"flags.{name}", flags, bit) for name, bit in _FLAG_BITS.items())
    yield _bits("flags.network_id", flags, 28, 31)
    state, mark, label = (_field(name, name, fixed=True) for name in ("ct_state", "ct_mark", "ct_label"))
    yield from (state, mark, label)
    for name, bit in _CT_STATE_BITS.items():
        yield _bits(f"ct.{name}", state, bit, needs="" if name == "trk" else "ct.trk")
    yield from (_bits(f"ct_mark.{name}", mark, first, last) for name, (first, last) in _CT_MARK_BITS.items())
    yield from (_bits(f"ct_label.{name}", label, first, last) for name, (first, last) in _CT_LABEL_BITS.items())
    yield _field("pkt.mark", "pkt_mark")


def _ethernet() -> Iterator[Symbol]:
    destination = _field("eth.dst", "eth_dst")
    yield from (destination, _field("eth.src", "eth_src"), _field("eth.type", "eth_type", nominal=True, crossed=True, fixed=True))
    yield _predicate("eth.bcast", "eth.dst == ff:ff:ff:ff:ff:ff")
    yield _bits("eth.mcast", destination, 40)
    yield _predicate("eth.mcastv6", "eth.dst[32..47] == 0x3333")
    tci = _field("vlan.tci", "vlan_tci")
    yield tci
    yield _predicate("vlan.present", "vlan.tci[12]")
    yield _bits("vlan.pcp", tci, 13, 15, "vlan.present")
    yield _bits("vlan.vid", tci, 0, 11, "vlan.present")
    for protocol, number in (("arp", "0x806"), ("rarp", "0x8035")):
        yield _predicate(protocol, f"eth.type == {number}", nominal=True)
        yield _field(f"{protocol}.op", "arp_op", protocol, nominal=True)
        yield from (_field(f"{protocol}.{part}", f"arp_{part}", protocol) for part in ("spa", "sha", "tpa", "tha"))


def _ip() -> Iterator[Symbol]:
    yield _predicate("ip4", "eth.type == 0x800", nominal=True)
    yield _predicate("ip6", "eth.type == 0x86dd", nominal=True)
    yield _predicate("ip", "ip4 || ip6", nominal=True)
    yield _field("ip.proto", "nw_proto", "ip", nominal=True, crossed=True, fixed=True)
    for part, source in (("dscp", "ip_dscp"), ("ecn", "nw_ecn"), ("ttl", "nw_ttl")):
        yield _field(f"ip.{part}", source, "ip", nominal=True)
    yield _field("ip.frag", "ip_frag", "ip", fixed=True)
    yield _predicate("ip.is_frag", "ip.frag[0]")
    yield _predicate("ip.later_frag", "ip.frag[1]")
    yield _predicate("ip.first_frag", "ip.is_frag && !ip.later_frag")
    yield from (_field("ip4.src", "ip_src", "ip4"), _field("ip4.dst", "ip_dst", "ip4"))
    yield _predicate("ip4.src_mcast", "ip4.src[28..31] == 0xe")
    yield _predicate("ip4.mcast", "eth.mcast && ip4.dst[28..31] == 0xe")
    yield from (_field(f"ip6.{part}", f"ipv6_{part}", "ip6") for part in ("src", "dst", "label"))
    yield _predicate("ip6.mcast_rsvd", "ip6.dst == {" + ", ".join(f"ff{n:02x}::0" for n in range(16)) + "}")
    yield _predicate("ip6.mcast_all_nodes", "ip6.dst == ff01::1 || ip6.dst == ff02::1")
    yield _predicate("ip6.mcast_all_rtrs", "ip6.dst == ff01::2 || ip6.dst == ff02::2 || ip6.dst == ff05::2")
    yield _predicate("ip6.mcast_sol_node", "ip6.dst == ff02::1:ff00:0000/104")
    flooded = "ip6.mcast_rsvd || ip6.mcast_all_nodes || ip6.mcast_all_rtrs || ip6.mcast_sol_node"
    yield _predicate("ip6.mcast_flood", f"eth.mcastv6 && ({flooded})")
    yield _predicate("ip6.mcast", "eth.mcastv6 && ip6.dst[120..127] == 0xff")


def _icmp() -> Iterator[Symbol]:
    yield _predicate("icmp4", "ip4 && ip.proto == 1", nominal=True)
    yield _predicate("icmp6", "ip6 && ip.proto == 58", nominal=True)
    yield _predicate("icmp", "icmp4 || icmp6", nominal=True)
    yield from (_field(f"icmp4.{part}", f"icmp_{part}", "icmp4", nominal=True) for part in ("type", "code"))
    yield from (_field(f"icmp6.{part}", f"icmpv6_{part}", "icmp6", nominal=True, crossed=True) for part in ("type", "code"))
    # OpenFlow cannot set these: they reach the controller as notes (see actions/notes).
    yield Symbol("icmp4.frag_mtu", 16, Level.NOMINAL, full=0xFFFF)
    yield Symbol("icmp6.frag_mtu", 32, Level.NOMINAL, full=0xFFFFFFFF)
    yield _predicate("igmp", "ip4.mcast && ip.proto == 2", nominal=True)
    yield _predicate("mldv1", "eth.mcastv6 && ip6.src == fe80::/10 && icmp6.type == {130, 131, 132}", nominal=True)
    yield _predicate("mldv2", "eth.mcastv6 && ip6.dst == ff02::16 && icmp6.type == 143", nominal=True)
    yield _predicate("nd", "icmp6.type == {135, 136} && icmp6.code == 0 && ip.ttl == 255", nominal=True)
    for name, number in (("nd_rs", 133), ("nd_ra", 134), ("nd_ns", 135), ("nd_na", 136)):
        yield _predicate(name, f"icmp6.type == {number} && icmp6.code == 0 && ip.ttl == 255", nominal=True)
    yield _predicate("nd_ns_mcast", "ip6.mcast && icmp6.type == 135 && icmp6.code == 0 && ip.ttl == 255", nominal=True)
    yield _field("nd.target", "nd_target", "nd")
    yield _field("nd.sll", "nd_sll", "nd_ns")
    yield _field("nd.tll", "nd_tll", "nd_na")


def _transport() -> Iterator[Symbol]:
    for protocol, number in (("tcp", 6), ("udp", 17), ("sctp", 132)):
        yield _predicate(protocol, f"ip.proto == {number}", nominal=True)
        yield from (_field(f"{protocol}.{part}", f"{protocol}_{part}", protocol) for part in ("src", "dst"))
    yield _field("tcp.flags", "tcp_flags", "tcp", fixed=True)


def _index(*groups: Iterator[Symbol]) -> dict[str, Symbol]:
    return {symbol.name: symbol for group in groups for symbol in group}


SYMBOLS: dict[str, Symbol] = _index(_registers(), _metadata(), _ethernet(), _ip(), _icmp(), _transport())
"""Every symbol by name."""


def symbol_definition(symbol: Symbol) -> str:
    """What the symbol stands for: an expression, bits of another symbol, or the OXM name of its field."""
    if symbol.predicate:
        return symbol.predicate
    if symbol.parent is not None:
        last = symbol.offset + symbol.bits - 1
        return f"{symbol.base.name}[{symbol.offset}]" if symbol.bits == 1 else f"{symbol.base.name}[{symbol.offset}..{last}]"
    header = symbol.source and (symbol.source.oxm or symbol.source.nxm)
    return header.name if header else symbol.name
