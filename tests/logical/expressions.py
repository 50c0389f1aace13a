"""Random expressions, packets that may fit them, and the ports that both speak of."""

from __future__ import annotations

from hypothesis import strategies as st

from pyovn.logical.parser import Scope
from pyovn.openflow.fields import FIELDS, Field, write
from pyovn.packet.flow import Flow, empty_flow

PORTS = {"p1": 1, "p2": 2, "p3": 0x103}
NETWORK = Scope({"few": ["10.0.0.1", "10.0.0.6", "10.0.1.0/24"]}, {"some": ["p1", "p3", "gone"]})

_NUMERIC = {
    "ip4.src": ["10.0.0.1", "10.0.0.0/30", "10.0.1.0/24", "0.0.0.5/0.0.0.7", "$few"],
    "ip4.dst": ["10.0.0.6", "10.0.0.0/8"],
    "tcp.dst": ["0", "5", "6", "80", "65535"],
    "udp.src": ["5", "53"],
    "reg0": ["0", "1", "3"],
    "reg1[2..4]": ["0", "5"],
    "xxreg0[70..90]": ["0", "1"],
    "eth.dst": ["ff:ff:ff:ff:ff:ff", "00:00:00:00:00:01", "01:00:00:00:00:00/01:00:00:00:00:00"],
    "ct_mark[16..31]": ["7"],
    "vlan.vid": ["0", "5"],
    "ip.frag": ["0", "1", "3"],
}
_NOMINAL = {"ip.proto": ["6", "17"], "ip.ttl": ["0", "64"], "eth.type": ["0x800", "0x86dd"], "arp.op": ["1", "2"], "icmp6.type": ["135"]}
_BARE = [
    "vlan.present", "ct.new", "!ct.est", "flags.loopback", "eth.mcast", "!eth.bcast", "ip.is_frag", "!ip.first_frag", "reg0[3]", "1", "0",
]  # fmt: skip
_POSITIVE = ["ip", "ip4", "ip6", "tcp", "udp", "arp", "icmp4", "nd_ns"]
_STRINGS = ['"p1"', '"p2"', '"gone"', '{"p1", "p3"}', "@some"]


def _numeric() -> st.SearchStrategy[str]:
    def compare(name: str) -> st.SearchStrategy[str]:
        values = st.sampled_from(_NUMERIC[name])
        plain = values.filter(lambda value: "/" not in value and "$" not in value)
        ordered = st.builds(f"{name} {{}} {{}}".format, st.sampled_from(["<", "<=", ">", ">="]), plain)
        orders = st.nothing() if name.startswith("eth") else ordered
        sets = st.lists(values, min_size=1, max_size=3).map(lambda chosen: "{" + ", ".join(chosen) + "}")
        return st.one_of(st.builds(f"{name} {{}} {{}}".format, st.sampled_from(["==", "!="]), values | sets), orders)

    return st.sampled_from(sorted(_NUMERIC)).flatmap(compare)


def _nominal() -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(_NOMINAL)).flatmap(
        lambda name: st.lists(st.sampled_from(_NOMINAL[name]), min_size=1, max_size=2, unique=True).map(
            lambda chosen: f"{name} == {{{', '.join(chosen)}}}"
        )
    )


def _ports() -> st.SearchStrategy[str]:
    return st.builds("{} == {}".format, st.sampled_from(["inport", "outport"]), st.sampled_from(_STRINGS))


def expressions() -> st.SearchStrategy[str]:
    """Text that parses."""
    negatable = _numeric() | st.sampled_from(_BARE)
    terms = negatable | _nominal() | _ports() | st.sampled_from(_POSITIVE)

    def nest(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(children, min_size=2, max_size=4)
        return st.builds(lambda joint, parts: "(" + joint.join(parts) + ")", st.sampled_from([" && ", " || "]), several)

    negated = st.recursive(negatable, nest, max_leaves=3).map(lambda text: f"!({text})")
    return st.recursive(terms | negated, nest, max_leaves=6)


_VALUES: dict[str, list[int]] = {
    "ip_src": [0, 0x0A000001, 0x0A000003, 0x0A000006, 0x0A000105, 0x0B000005], "ip_dst": [0x0A000006, 0x0A0000FF, 1],
    "nw_proto": [0, 1, 6, 17, 58], "tcp_dst": [0, 5, 6, 7, 80, 65535], "tcp_src": [0, 5, 53, 135], "eth_type": [0x800, 0x86DD, 0x806],
    "nw_ttl": [0, 64, 255], "ip_frag": [0, 1, 3], "vlan_tci": [0, 0x1000, 0x1005, 5], "reg0": [0, 1, 3, 8, 9], "reg1": [0, 0x14, 0xFF],
    "reg10": [0, 1], "reg14": [0, 1, 2, 0x103], "reg15": [0, 1, 2], "ct_state": [0, 0x21, 0x22, 0x20], "ct_mark": [0, 0x70000],
    "eth_dst": [0, 1, 0xFFFFFFFFFFFF, 0x010000000000],
}  # fmt: skip


def packets() -> st.SearchStrategy[Flow]:
    """Packets whose fields are those that the expressions ask about."""

    def build(values: dict[str, int]) -> Flow:
        flow = empty_flow()
        for name, value in values.items():
            field: Field = FIELDS[name]
            write(flow, field, value)
        return flow

    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in _VALUES.items()}).map(build)
