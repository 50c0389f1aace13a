"""Actions that ask a table of the bridge one question and store the answer: `R = NAME();`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.neighbours import clear_flag, flag_bit
from pyovn.logical.actions.reader import Reader, format_ref, subfield_of
from pyovn.logical.actions.userdata import Opcode, controller, result_bit
from pyovn.logical.parser import FieldRef
from pyovn.logical.tables import Table
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield, whole


class Question(NamedTuple):
    """A table that answers in one bit of the flags."""

    table: Table
    bit: int


QUESTIONS = {
    "chk_lb_hairpin": Question(Table.CHECK_LB_HAIRPIN, 7),
    "chk_lb_hairpin_reply": Question(Table.CHECK_LB_HAIRPIN_REPLY, 7),
    "check_in_port_sec": Question(Table.CHECK_IN_PORT_SECURITY, 12),
    "check_out_port_sec": Question(Table.CHECK_OUT_PORT_SECURITY, 12),
    "chk_ecmp_nh_mac": Question(Table.ECMP_NEXT_HOP_MAC, 13),
    "chk_ecmp_nh": Question(Table.ECMP_NEXT_HOP, 13),
    "chk_lb_aff": Question(Table.CHECK_LB_AFFINITY, 14),
}


@dataclass(frozen=True, slots=True)
class Check:
    """`R = check_in_port_sec();` and its like."""

    keyword: str
    target: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {self.keyword}();"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup, and the flag that it may have set."""
        table, bit = QUESTIONS[self.keyword]
        return [clear_flag(bit), openflow.Resubmit(table=table), openflow.Move(flag_bit(bit), subfield_of(self.target))]


class Original(NamedTuple):
    """What a table says of a connection as its first packet was: in the lowest bits of a register."""

    table: Table
    bits: int
    register: str


ORIGINALS = {
    "ct_nw_dst": Original(Table.CT_ORIG_NW_DST_LOAD, 32, "xxreg1"),
    "ct_ip6_dst": Original(Table.CT_ORIG_IP6_DST_LOAD, 128, "xxreg1"),
    "ct_tp_dst": Original(Table.CT_ORIG_TP_DST_LOAD, 16, "xxreg1"),
    "ct_proto": Original(Table.CT_ORIG_PROTO_LOAD, 8, "xxreg1"),
    "ct_state_save": Original(Table.CT_STATE_SAVE, 8, "reg4"),
}


@dataclass(frozen=True, slots=True)
class CtOriginal:
    """`R = ct_nw_dst();` and its like."""

    keyword: str
    target: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {self.keyword}();"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup; the register is given back unless it is where the answer is to stay."""
        table, bits, register = ORIGINALS[self.keyword]
        answer = Subfield(whole(register).field, 0, bits)
        target = subfield_of(self.target)
        clear: OpenFlowActions = [
            openflow.SetField(answer.field, 0, mask) for mask in ((1 << 64) - 1, (1 << 128) - (1 << 64)) if bits == 128
        ] or [openflow.SetField(answer.field, 0, answer.mask)]
        lookup = [*clear, openflow.Resubmit(table=table), openflow.Move(answer, target)]
        if answer == target or self.keyword == "ct_state_save":
            return lookup
        return [openflow.Push(answer), *lookup, openflow.Pop(answer)]


@dataclass(frozen=True, slots=True)
class CheckPktLarger:
    """`R = check_pkt_larger(BYTES);`"""

    target: FieldRef
    length: int

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = check_pkt_larger({self.length});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`check_pkt_larger`."""
        return [openflow.CheckPktLarger(self.length, subfield_of(self.target))]


@dataclass(frozen=True, slots=True)
class DnsLookup:
    """`R = dns_lookup();`: make the query its answer, if the network knows it."""

    target: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = dns_lookup();"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in that waits for the controller."""
        return [controller(Opcode.DNS_LOOKUP, environment, result_bit(subfield_of(self.target)), pause=True)]


def read_check(reader: Reader, target: FieldRef) -> Check:
    """One of `QUESTIONS`."""
    keyword = reader.cursor.token.name
    reader.open_close(keyword)
    reader.result(target)
    return Check(keyword, target)


def read_ct_original(reader: Reader, target: FieldRef) -> CtOriginal:
    """One of `ORIGINALS`."""
    keyword = reader.cursor.token.name
    reader.open_close(keyword)
    reader.result(target, ORIGINALS[keyword].bits)
    return CtOriginal(keyword, target)


def read_check_pkt_larger(reader: Reader, target: FieldRef) -> CheckPktLarger:
    """`check_pkt_larger(BYTES)`."""
    reader.cursor.at += 1
    reader.result(target)
    reader.cursor.expect("(")
    length = reader.plain_number()
    if length is None:
        # The reference waits for the end of the action here.
        raise reader.cursor.error("expecting `;'")
    reader.cursor.expect(")")
    return CheckPktLarger(target, length)


def read_dns_lookup(reader: Reader, target: FieldRef) -> DnsLookup:
    """`dns_lookup()`."""
    reader.open_close("dns_lookup")
    reader.result(target)
    reader.need("udp")
    return DnsLookup(target)
