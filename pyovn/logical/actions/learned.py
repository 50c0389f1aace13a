"""Actions that make the switch itself remember: symmetric ECMP replies, sticky load-balancer sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.reader import Reader
from pyovn.logical.constants import format_ipv4, format_ipv6, parse_ipv4, parse_ipv6
from pyovn.logical.lexer import Token
from pyovn.logical.tables import Table
from pyovn.openflow import action as openflow
from pyovn.openflow.action import Learn, LearnLoad, LearnMatch
from pyovn.openflow.fields import Subfield, whole

PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
ECMP_BIT = 13
AFFINITY_BIT = 14
ECMP_IDLE_S = 20
ECMP_HARD_S = 30
DELETE_LEARNED = 2
"""Flag of `learn`: what was learned goes with the rule that learned it."""

Spec: TypeAlias = LearnMatch | LearnLoad


def _equal(name: str, other: str = "") -> LearnMatch:
    """The new rule asks that a field is what this packet's (or its other field) is."""
    return LearnMatch(whole(other or name), whole(name))


def _constant(name: str, value: int) -> LearnMatch:
    return LearnMatch(value, whole(name))


def _flag(bit: int) -> LearnLoad:
    return LearnLoad(1, Subfield(whole("reg10").field, bit, 1))


def _ip(ipv6: bool) -> tuple[LearnMatch, str, str]:
    """The Ethernet type, and the names of both addresses."""
    names = ("ipv6_src", "ipv6_dst") if ipv6 else ("ip_src", "ip_dst")
    return _constant("eth_type", 0x86DD if ipv6 else 0x0800), *names


@dataclass(frozen=True, slots=True)
class CommitEcmpNextHop:
    """`commit_ecmp_nh(ipv6 = BOOL, proto = PROTO);`: replies of this connection go back the way it came."""

    ipv6: bool
    protocol: str

    def format(self) -> str:
        """The call."""
        return f"commit_ecmp_nh(ipv6 = {str(self.ipv6).lower()}, proto = {self.protocol});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """Two `learn`: packets of the connection from the same MAC, and replies to it."""
        eth_type, src, dst = _ip(self.ipv6)
        protocol = _constant("nw_proto", PROTOCOLS[self.protocol])
        tp_src, tp_dst = f"{self.protocol}_src", f"{self.protocol}_dst"
        forward: tuple[Spec, ...] = (
            _equal("metadata"), _equal("eth_src"), eth_type, _equal(src), _equal(dst), protocol, _equal(tp_src), _equal(tp_dst),
            _flag(ECMP_BIT),
        )  # fmt: skip
        back: tuple[Spec, ...] = (
            _equal("metadata"), eth_type, _equal(src, dst), _equal(dst, src), protocol, _equal(tp_src, tp_dst), _equal(tp_dst, tp_src),
            _flag(ECMP_BIT),
        )  # fmt: skip
        return [
            Learn(table, specs, idle_timeout=ECMP_IDLE_S, hard_timeout=ECMP_HARD_S, flags=DELETE_LEARNED)
            for table, specs in ((Table.ECMP_NEXT_HOP_MAC, forward), (Table.ECMP_NEXT_HOP, back))
        ]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address with or without a port."""

    address: int
    ipv6: bool
    port: int = 0

    def format(self) -> str:
        """`IP`, `IP:PORT` or `[IP]:PORT`."""
        text = format_ipv6(self.address) if self.ipv6 else format_ipv4(self.address)
        if not self.port:
            return text
        return f"[{text}]:{self.port}" if self.ipv6 else f"{text}:{self.port}"


@dataclass(frozen=True, slots=True)
class CommitLbAffinity:
    """`commit_lb_aff(vip = "…", backend = "…", proto = PROTO, timeout = SECONDS);`: this client stays with this backend."""

    vip: Endpoint
    backend: Endpoint
    protocol: str
    timeout_s: int

    def format(self) -> str:
        """The call."""
        protocol = f"proto = {self.protocol}, " if self.protocol else ""
        return (
            f'commit_lb_aff(vip = "{self.vip.format()}", backend = "{self.backend.format()}", {protocol}timeout = {self.timeout_s});'
        )

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`learn` a rule that puts the backend into registers for the client's next connections."""
        eth_type, src, dst = _ip(self.vip.ipv6)
        specs: list[Spec] = [_equal("metadata"), eth_type, _equal(src), _constant(dst, self.vip.address)]
        if self.protocol:
            specs.append(_constant("nw_proto", PROTOCOLS[self.protocol]))
            specs.append(_constant(f"{self.protocol}_dst", self.vip.port))
        specs.append(_flag(AFFINITY_BIT))
        specs.append(LearnLoad(self.backend.address, whole("xxreg1" if self.vip.ipv6 else "reg4")))
        if self.backend.port:
            specs.append(LearnLoad(self.backend.port, Subfield(whole("reg2").field, 0, 16)))
        learn = openflow.Learn(
            Table.CHECK_LB_AFFINITY, tuple(specs), idle_timeout=self.timeout_s, cookie=environment.cookie, flags=DELETE_LEARNED
        )
        return [learn]


def _read_protocol(reader: Reader) -> str:
    token = reader.cursor.token
    if token.name not in PROTOCOLS:
        raise reader.cursor.error("invalid protocol")
    reader.cursor.at += 1
    return token.name


def _read_key(reader: Reader, name: str) -> None:
    """`NAME =`."""
    if not reader.cursor.match_id(name):
        raise reader.cursor.error("invalid parameter")
    reader.cursor.expect("=")


def read_commit_ecmp(reader: Reader) -> CommitEcmpNextHop:
    """`commit_ecmp_nh(ipv6 = BOOL, proto = PROTO)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    _read_key(reader, "ipv6")
    token = cursor.token
    if token.name not in ("true", "false"):
        raise cursor.error("expecting true or false")
    cursor.at += 1
    cursor.expect(",")
    _read_key(reader, "proto")
    protocol = _read_protocol(reader)
    cursor.expect(")")
    return CommitEcmpNextHop(token.name == "true", protocol)


def parse_endpoint(text: str) -> Endpoint | None:
    """`IP`, `IP:PORT` or `[IP]:PORT`, or None."""
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if port and not (port.isdigit() and int(port) <= 0xFFFF):
        return None
    v4, v6 = parse_ipv4(host), parse_ipv6(host)
    if v4 is not None:
        return Endpoint(v4, False, int(port or 0))
    return Endpoint(v6, True, int(port or 0)) if v6 is not None else None


def _read_endpoint(reader: Reader, name: str) -> Endpoint:
    _read_key(reader, name)
    token: Token = reader.cursor.token
    endpoint = parse_endpoint(token.name) if token.kind == "string" else None
    if endpoint is None:
        raise reader.cursor.error("invalid parameter")
    reader.cursor.at += 1
    reader.cursor.expect(",")
    return endpoint


def read_commit_lb_affinity(reader: Reader) -> CommitLbAffinity:
    """`commit_lb_aff(vip = "…", backend = "…", proto = PROTO, timeout = SECONDS)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    vip = _read_endpoint(reader, "vip")
    backend = _read_endpoint(reader, "backend")
    protocol = ""
    if cursor.match_id("proto"):
        cursor.expect("=")
        protocol = _read_protocol(reader)
        cursor.expect(",")
    _read_key(reader, "timeout")
    timeout = reader.number()
    cursor.expect(")")
    return CommitLbAffinity(vip, backend, protocol, timeout)
