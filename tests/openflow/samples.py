"""Random fields, matches, actions and messages, and what `ovs-ofctl` has sent and printed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from pyovn.openflow import action as a
from pyovn.openflow import message as m
from pyovn.openflow.fields import ALL_FIELDS, FIELDS, Field, Subfield
from pyovn.openflow.match import Match

VERSIONS = (m.OF10, m.OF13, m.OF14, m.OF15)


class Recorded(NamedTuple):
    """A flow_mod that `ovs-ofctl add-flow` sent, and what `ovs-ofctl ofp-print` says of it."""

    version: int
    data: bytes
    match: str
    actions: str


def _recorded(line: str) -> Recorded:
    version, data, text = line.split(" ", 2)
    match, _, actions = text.removeprefix("ADD ").partition("actions=")
    words = [word for word in match.split() if not word.startswith(("table:", "cookie:", "idle:", "hard:", "importance:", "send_flow"))]
    number = {"10": m.OF10, "13": m.OF13, "14": m.OF14, "15": m.OF15}[version]
    return Recorded(number, bytes.fromhex(data), " ".join(words), actions)


RECORDED = [_recorded(line) for line in (Path(__file__).parent / "flow_mods.txt").read_text().splitlines()]

PLAIN = [field for field in ALL_FIELDS if field.nxm or field.oxm if not field.name.startswith("tun_metadata")]
WRITABLE = [field for field in PLAIN if field.writable and not (field.nxm or field.oxm or field.headers[0]).experimenter]
"""Fields that actions may write and whose headers have 32 bits."""


def integers(bits: int) -> st.SearchStrategy[int]:
    """Numbers of so many bits."""
    return st.integers(0, (1 << bits) - 1)


@st.composite
def matches(draw: st.DrawFn) -> Match:
    """Matches with their prerequisites."""
    eth_type = draw(st.sampled_from((0x0800, 0x86DD, 0x0806, 0x1234)))
    names = ["reg0", "reg14", "metadata", "tun_id", "ct_mark", "ct_label", "eth_src", "eth_dst", "pkt_mark", "reg20", "ct_state"]
    asked: dict[str, tuple[int, int]] = {"eth_type": (eth_type, 0xFFFF)}
    if eth_type == 0x0806:
        names += ["arp_spa", "arp_tpa", "arp_sha", "arp_tha"]
    elif eth_type == 0x0800:
        names += ["ip_src", "ip_dst"]
    elif eth_type == 0x86DD:
        names += ["ipv6_src", "ipv6_dst", "ipv6_label"]
    if eth_type in (0x0800, 0x86DD):
        protocol = draw(st.sampled_from((6, 17, 132)))
        asked["nw_proto"] = (protocol, 0xFF)
        names += {6: ["tcp_src", "tcp_dst", "tcp_flags"], 17: ["udp_src", "udp_dst"], 132: ["sctp_src", "sctp_dst"]}[protocol]
    for name in draw(st.sets(st.sampled_from(names))):
        field = FIELDS[name]
        mask = draw(st.sampled_from((field.full, field.full & ~1, 1)))
        asked[name] = (draw(integers(field.bits)) & mask, mask)
    if draw(st.booleans()):
        asked["in_port"] = (draw(st.sampled_from((1, 77, 0xFFFE))), 0xFFFF)
    if draw(st.booleans()):
        asked["dl_vlan"] = (draw(integers(12)), 0xFFF)
    return Match.of(asked)


@st.composite
def subfields(draw: st.DrawFn, fields: list[Field] = WRITABLE, limit: int = 64) -> Subfield:
    """Bit ranges of at most `limit` bits."""
    field = draw(st.sampled_from(fields))
    width = draw(st.integers(1, min(field.bits, limit)))
    return Subfield(field, draw(st.integers(0, field.bits - width)), width)


@st.composite
def moves(draw: st.DrawFn) -> a.Move:
    """Copies between ranges of one width."""
    source = draw(subfields(limit=16))
    target = draw(st.sampled_from([field for field in WRITABLE if field.bits >= source.bits]))
    return a.Move(source, Subfield(target, 0, source.bits))


@st.composite
def set_fields(draw: st.DrawFn) -> a.SetField:
    """Whole fields set."""
    field = draw(st.sampled_from([field for field in WRITABLE if "port" not in field.name and field.full == (1 << field.bits) - 1]))
    return a.SetField(field, draw(integers(field.bits)), field.full)


PORTS = st.sampled_from((1, 2, 500, 0xFFFE, 0xFFF8))
SIMPLE = st.one_of(
    st.builds(a.Output, PORTS),
    st.builds(a.OutputField, subfields(limit=32)),
    st.builds(a.Group, integers(32)),
    st.builds(a.Resubmit, PORTS, st.integers(0, 254), st.booleans()),
    moves(),
    set_fields(),
    st.builds(a.Push, subfields()),
    st.builds(a.Pop, subfields()),
    st.just(a.DecTtl()),
    st.just(a.DecTtl((1, 2, 3))),
    st.builds(a.SetQueue, integers(32)),
    st.just(a.PopVlan()),
    st.just(a.CtClear()),
    st.just(a.Exit()),
    st.builds(a.Note, st.sampled_from((b"abcdef", b"x" * 14))),
    st.builds(a.SetTunnel, integers(64)),
    st.builds(a.Conjunction, integers(32), st.just(1), st.integers(2, 64)),
    st.builds(a.CheckPktLarger, integers(16), subfields(limit=1)),
    st.builds(a.Controller, integers(16), integers(16), st.integers(0, 5), st.binary(max_size=20), st.booleans(), st.none() | integers(32)),
    st.builds(a.OutputTruncated, PORTS, integers(32)),
    st.builds(a.FinTimeout, integers(16), integers(16)),
    st.builds(a.Sample, st.integers(1, 0xFFFF), integers(32), integers(32) | subfields(limit=32), integers(32), PORTS, st.integers(0, 2)),
    st.builds(a.DeleteField, st.just(FIELDS["tun_metadata3"])),
    st.builds(a.Multipath, st.just("symmetric_l4"), integers(16), st.just("hrw"), st.integers(1, 100), integers(32), subfields()),
    st.builds(a.Bundle, st.just("nw_src"), integers(16), st.just("active_backup"), st.tuples(PORTS, PORTS), st.none() | subfields()),
)
NATS = st.one_of(
    st.builds(a.Nat, st.sampled_from(("", "src", "dst"))),
    st.builds(a.Nat, st.just("src"), st.just("10.0.0.1"), st.sampled_from(("", "10.0.0.9")), integers(16), st.just(0), st.booleans()),
    st.builds(a.Nat, st.just("dst"), st.just("fd00::1"), st.just(""), st.just(0), st.just(0), st.just(False), st.booleans()),
)
LEARNS = st.builds(
    a.Learn,
    st.integers(0, 254),
    st.lists(
        st.one_of(
            st.builds(a.LearnMatch, subfields(limit=8).map(lambda s: s._replace(bits=1)), subfields(limit=1)),
            st.builds(a.LearnLoad, st.just(1), subfields(limit=1)),
            st.builds(a.LearnOutput, subfields(limit=16)),
        ),
        max_size=4,
    ).map(tuple),
    integers(16),
    integers(16),
    integers(16),
    integers(16),
    integers(16),
    integers(64),
    st.integers(0, 3),
    integers(32),
    st.none() | subfields(limit=1),
)
NESTED = st.lists(SIMPLE, max_size=3).map(tuple)
ACTIONS = st.lists(
    st.one_of(
        SIMPLE,
        LEARNS,
        st.builds(a.Clone, NESTED),
        st.builds(
            a.Ct,
            st.just(True),
            st.booleans(),
            integers(16) | subfields(limit=16),
            integers(8),
            st.sampled_from((0, 21)),
            st.lists(st.one_of(NATS, set_fields()), max_size=3).map(tuple),
        ),
    ),
    max_size=5,
).map(tuple)
