"""Actions on connections: track, commit, translate addresses. A switch has a zone per port, a router one for each direction."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import DNAT_ZONE, SNAT_ZONE, Action, EncodeEnvironment, OpenFlowActions, encode_all, format_actions
from pyovn.logical.actions.reader import Reader
from pyovn.logical.constants import Format, format_ipv4, format_ipv6
from pyovn.logical.lexer import LogicalError
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield

MAX_PORT = 0xFFFF


def _router_zone(zone: str) -> Subfield:
    return SNAT_ZONE if zone == "snat" else DNAT_ZONE


@dataclass(frozen=True, slots=True)
class CtNext:
    """`ct_next(ZONE);`: what is known of the packet's connection, and on to the next table."""

    zone: str

    def format(self) -> str:
        """The call."""
        return f"ct_next({self.zone});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct` without commit."""
        return [openflow.Ct(zone=environment.zone(_router_zone(self.zone)), table=environment.next_table)]


@dataclass(frozen=True, slots=True)
class CtCommit:
    """`ct_commit;` or `ct_commit { ct_mark = …; ct_label = …; };`"""

    actions: tuple[Action, ...] = ()

    def format(self) -> str:
        """The word, or the block."""
        return f"ct_commit {{ {format_actions(self.actions)} }};" if self.actions else "ct_commit;"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct(commit)` with what is to be written in `exec`."""
        nat = (openflow.Nat("src"),) if environment.zero_snat else ()
        inner = (*nat, *encode_all(self.actions, environment))
        return [openflow.Ct(commit=True, zone=environment.zone(DNAT_ZONE), actions=inner)]


@dataclass(frozen=True, slots=True)
class CtCommitToZone:
    """`ct_commit_to_zone(ZONE);`: commit there, and on to the next table."""

    zone: str

    def format(self) -> str:
        """The call."""
        return f"ct_commit_to_zone({self.zone});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct(commit,table)`."""
        return [openflow.Ct(commit=True, zone=environment.zone(_router_zone(self.zone)), table=environment.next_table)]


@dataclass(frozen=True, slots=True)
class CtCommitNat:
    """`ct_commit_nat(ZONE);`: commit with the translation of the connection that the packet is related to."""

    zone: str

    def format(self) -> str:
        """The call."""
        return f"ct_commit_nat({self.zone});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct(commit,nat,table)`."""
        zone = environment.zone(_router_zone(self.zone))
        return [openflow.Ct(commit=True, zone=zone, table=environment.next_table, actions=(openflow.Nat(),))]


NAT_WORDS = {
    "ct_dnat": ("dst", DNAT_ZONE),
    "ct_snat": ("src", SNAT_ZONE),
    "ct_dnat_in_czone": ("dst", DNAT_ZONE),
    "ct_snat_in_czone": ("src", DNAT_ZONE),
}
"""The words that translate addresses: which address, and the zone that remembers."""


@dataclass(frozen=True, slots=True)
class CtNat:
    """`ct_dnat;`, `ct_snat(IP);`, `ct_snat(IP,PORT-PORT);` and so on: translate, and on to the next table."""

    keyword: str
    address: str = ""
    """Empty: undo the translation of the packet's connection, if it has one."""
    ports: tuple[int, int] = (0, 0)
    """First and last; the last is 0 for a single port, both are 0 for any."""

    def format(self) -> str:
        """The call."""
        if not self.address:
            return f"{self.keyword};"
        first, last = self.ports
        ports = f",{first}-{last}" if last else f",{first}" if first else ""
        return f"{self.keyword}({self.address}{ports});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct(nat)`, committed if the address is given."""
        kind, zone = NAT_WORDS[self.keyword]
        first, last = self.ports
        nat = openflow.Nat(kind, self.address, "", first, last, random=bool(last)) if self.address else openflow.Nat()
        return [openflow.Ct(commit=bool(self.address), zone=zone, table=environment.next_table, actions=(nat,))]


@dataclass(frozen=True, slots=True)
class CtClear:
    """`ct_clear;`: forget the packet's connection."""

    def format(self) -> str:
        """The word."""
        return "ct_clear;"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`ct_clear`."""
        return [openflow.CtClear()]


def _read_zone(reader: Reader, keyword: str) -> str:
    """`dnat)` or `snat)`."""
    zone = next((word for word in ("dnat", "snat") if reader.cursor.match_id(word)), "")
    if not zone:
        raise LogicalError(f'"{keyword}" action accepts only "dnat" or "snat" parameter.')
    reader.cursor.expect(")")
    return zone


def read_ct_next(reader: Reader) -> CtNext:
    """`ct_next`, in the DNAT zone unless it says otherwise."""
    reader.continues("ct_next")
    reader.cursor.at += 1
    reader.need("ip")
    return CtNext(_read_zone(reader, "ct_next") if reader.cursor.match("(") else "dnat")


def read_ct_commit_nat(reader: Reader) -> CtCommitNat:
    """`ct_commit_nat`, in the DNAT zone unless it says otherwise."""
    reader.continues("ct_commit_nat")
    reader.cursor.at += 1
    reader.need("ip")
    return CtCommitNat(_read_zone(reader, "ct_commit_nat") if reader.cursor.match("(") else "dnat")


def read_ct_commit_to_zone(reader: Reader) -> CtCommitToZone:
    """`ct_commit_to_zone(ZONE)`."""
    reader.continues("ct_commit_to_zone")
    reader.cursor.at += 1
    reader.need("ip")
    reader.cursor.expect("(")
    return CtCommitToZone(_read_zone(reader, "ct_commit_to_zone"))


def _read_ports(reader: Reader) -> tuple[int, int]:
    """`PORT` or `PORT-PORT`."""
    cursor = reader.cursor
    first = reader.plain_number()
    if first is None or first > MAX_PORT:
        raise cursor.error("expecting Integer for port range")
    if not cursor.match("-"):
        return first, 0
    token = cursor.token
    last = reader.plain_number()
    if last is None or last > MAX_PORT:
        raise cursor.error("expecting Integer for port range")
    if last <= first:
        raise LogicalError(f"Syntax error at {token} range high should be greater than range low.")
    return first, last


def read_nat(reader: Reader) -> CtNat:
    """One of `NAT_WORDS`, with or without an address."""
    cursor = reader.cursor
    keyword = cursor.take().name
    reader.continues(keyword)
    reader.need("ip")
    if not cursor.match("("):
        return CtNat(keyword)
    address = reader.address(Format.IPV4, Format.IPV6)
    if address is None:
        raise cursor.error("expecting IPv4 or IPv6 address")
    ports = _read_ports(reader) if cursor.match(",") else (0, 0)
    cursor.expect(")")
    text = format_ipv4(address.value) if address.format is Format.IPV4 else format_ipv6(address.value)
    return CtNat(keyword, text, ports)


def read_ct_clear(reader: Reader) -> CtClear:
    """`ct_clear`."""
    reader.cursor.at += 1
    return CtClear()
