"""Actions that look up and learn neighbours: IP address to MAC, MAC to port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.fields import encode_arguments
from pyovn.logical.actions.reader import OUTPORT, Reader, format_ref, subfield_of
from pyovn.logical.actions.userdata import Opcode, controller
from pyovn.logical.parser import FieldRef
from pyovn.logical.tables import Table
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import FIELDS, Subfield, whole

FLAGS = FIELDS["reg10"]
LOOKUP_MAC_BIT = 6
LOOKUP_FDB_BIT = 8


class Binding(NamedTuple):
    """How one address family's neighbours are looked up."""

    bits: int
    get_register: str
    learn_register: str
    opcode: Opcode


BINDINGS = {"arp": Binding(32, "reg0", "reg0", Opcode.PUT_ARP), "nd": Binding(128, "xxreg1", "xxreg0", Opcode.PUT_ND)}
"""By the second half of the actions' names. A table expects the address in one register, the controller in another."""


def _binding(keyword: str) -> Binding:
    return BINDINGS["nd" if "_nd" in keyword else "arp"]


def flag_bit(bit: int) -> Subfield:
    """A bit of the flags in which tables leave their answers."""
    return Subfield(FLAGS, bit, 1)


def clear_flag(bit: int) -> openflow.SetField:
    """Set such a bit to 0."""
    return openflow.SetField(FLAGS, 0, 1 << bit)


@dataclass(frozen=True, slots=True)
class GetMac:
    """`get_arp(PORT, IP);` or `get_nd(PORT, IP);`: the neighbour's MAC into eth.dst, zero if it is not known."""

    keyword: str
    port: FieldRef
    address: FieldRef

    def format(self) -> str:
        """The call."""
        return f"{self.keyword}({format_ref(self.port)}, {format_ref(self.address)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup in the table of neighbours."""
        register = _binding(self.keyword).get_register
        setup, restore = encode_arguments((subfield_of(self.port), "reg15"), (subfield_of(self.address), register))
        lookup: OpenFlowActions = [openflow.set_field("eth_dst", 0), openflow.Resubmit(table=Table.MAC_BINDING)]
        return setup + lookup + restore


@dataclass(frozen=True, slots=True)
class PutMac:
    """`put_arp(PORT, IP, MAC);` or `put_nd(…);`: learn a neighbour."""

    keyword: str
    port: FieldRef
    address: FieldRef
    mac: FieldRef

    def format(self) -> str:
        """The call."""
        return f"{self.keyword}({format_ref(self.port)}, {format_ref(self.address)}, {format_ref(self.mac)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in with the three values in their registers."""
        binding = _binding(self.keyword)
        setup, restore = encode_arguments(
            (subfield_of(self.port), "reg14"), (subfield_of(self.address), binding.learn_register), (subfield_of(self.mac), "eth_src")
        )
        return [*setup, controller(binding.opcode, environment), *restore]


@dataclass(frozen=True, slots=True)
class LookupMac:
    """`R = lookup_arp(PORT, IP, MAC);` or `lookup_nd`: is exactly this neighbour known?"""

    keyword: str
    target: FieldRef
    port: FieldRef
    address: FieldRef
    mac: FieldRef

    def format(self) -> str:
        """The assignment."""
        arguments = ", ".join(format_ref(ref) for ref in (self.port, self.address, self.mac))
        return f"{format_ref(self.target)} = {self.keyword}({arguments});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup that leaves its answer in the flags."""
        register = _binding(self.keyword).learn_register
        setup, restore = encode_arguments(
            (subfield_of(self.port), "reg14"), (subfield_of(self.address), register), (subfield_of(self.mac), "eth_src")
        )
        answer = openflow.Move(flag_bit(LOOKUP_MAC_BIT), subfield_of(self.target))
        return [*setup, clear_flag(LOOKUP_MAC_BIT), openflow.Resubmit(table=Table.MAC_LOOKUP), answer, *restore]


@dataclass(frozen=True, slots=True)
class LookupMacIp:
    """`R = lookup_arp_ip(PORT, IP);` or `lookup_nd_ip`: is any neighbour known by this address?"""

    keyword: str
    target: FieldRef
    port: FieldRef
    address: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {self.keyword}({format_ref(self.port)}, {format_ref(self.address)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """The lookup of `GetMac`, with eth.dst as it was afterwards."""
        register = _binding(self.keyword).get_register
        setup, restore = encode_arguments((subfield_of(self.port), "reg15"), (subfield_of(self.address), register))
        return [
            *setup,
            openflow.Push(whole("eth_dst")),
            clear_flag(LOOKUP_MAC_BIT),
            openflow.Resubmit(table=Table.MAC_BINDING),
            openflow.Move(flag_bit(LOOKUP_MAC_BIT), subfield_of(self.target)),
            openflow.Pop(whole("eth_dst")),
            *restore,
        ]


class FdbTable(NamedTuple):
    """Where a forwarding table answers."""

    table: Table
    register: Subfield


FDB_TABLES = {
    "get_fdb": FdbTable(Table.GET_FDB, OUTPORT),
    "get_remote_fdb": FdbTable(Table.GET_REMOTE_FDB, whole("reg1")),
}


@dataclass(frozen=True, slots=True)
class GetFdb:
    """`PORT = get_fdb(MAC);`: the port behind which a MAC was seen, 0 if none."""

    keyword: str
    target: FieldRef
    mac: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {self.keyword}({format_ref(self.mac)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup that leaves its answer in a register."""
        table, register = FDB_TABLES[self.keyword]
        setup, restore = encode_arguments((subfield_of(self.mac), "eth_dst"))
        lookup: OpenFlowActions = [openflow.SetField(register.field, 0, register.mask), openflow.Resubmit(table=table)]
        target = subfield_of(self.target)
        return setup + lookup + restore + ([] if target == register else [openflow.Move(register, target)])


@dataclass(frozen=True, slots=True)
class PutFdb:
    """`put_fdb(PORT, MAC);`: learn behind which port a MAC is."""

    port: FieldRef
    mac: FieldRef

    def format(self) -> str:
        """The call."""
        return f"put_fdb({format_ref(self.port)}, {format_ref(self.mac)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in with both values in their registers."""
        setup, restore = encode_arguments((subfield_of(self.port), "reg14"), (subfield_of(self.mac), "eth_src"))
        return [*setup, controller(Opcode.PUT_FDB, environment), *restore]


@dataclass(frozen=True, slots=True)
class LookupFdb:
    """`R = lookup_fdb(PORT, MAC);`: is the MAC known to be behind this port?"""

    target: FieldRef
    port: FieldRef
    mac: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = lookup_fdb({format_ref(self.port)}, {format_ref(self.mac)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A lookup that leaves its answer in the flags."""
        setup, restore = encode_arguments((subfield_of(self.port), "reg14"), (subfield_of(self.mac), "eth_src"))
        answer = openflow.Move(flag_bit(LOOKUP_FDB_BIT), subfield_of(self.target))
        return [*setup, clear_flag(LOOKUP_FDB_BIT), openflow.Resubmit(table=Table.LOOKUP_FDB), *restore, answer]


def _arguments(reader: Reader, *widths: int) -> list[FieldRef]:
    """`(FIELD, FIELD…)`, each of its width in bits."""
    cursor = reader.cursor
    cursor.expect("(")
    found: list[FieldRef] = []
    for bits in widths:
        if found:
            cursor.expect(",")
        found.append(reader.sized_field(bits))
    cursor.expect(")")
    return found


def read_get_mac(reader: Reader) -> GetMac:
    """`get_arp` or `get_nd`."""
    keyword = reader.cursor.take().name
    return GetMac(keyword, *_arguments(reader, 0, _binding(keyword).bits))


def read_put_mac(reader: Reader) -> PutMac:
    """`put_arp` or `put_nd`."""
    keyword = reader.cursor.take().name
    return PutMac(keyword, *_arguments(reader, 0, _binding(keyword).bits, 48))


def read_lookup_mac(reader: Reader, target: FieldRef) -> LookupMac:
    """`lookup_arp` or `lookup_nd`."""
    reader.result(target)
    keyword = reader.cursor.take().name
    return LookupMac(keyword, target, *_arguments(reader, 0, _binding(keyword).bits, 48))


def read_lookup_mac_ip(reader: Reader, target: FieldRef) -> LookupMacIp:
    """`lookup_arp_ip` or `lookup_nd_ip`."""
    reader.result(target)
    keyword = reader.cursor.take().name
    return LookupMacIp(keyword, target, *_arguments(reader, 0, _binding(keyword).bits))


def read_get_fdb(reader: Reader, target: FieldRef) -> GetFdb:
    """`get_fdb` or `get_remote_fdb`; the answer is a port or a number of 32 bits."""
    reader.result(target, 32 if target.bits else 0)
    keyword = reader.cursor.take().name
    return GetFdb(keyword, target, *_arguments(reader, 48))


def read_put_fdb(reader: Reader) -> PutFdb:
    """`put_fdb`."""
    reader.cursor.at += 1
    return PutFdb(*_arguments(reader, 0, 48))


def read_lookup_fdb(reader: Reader, target: FieldRef) -> LookupFdb:
    """`lookup_fdb`."""
    reader.result(target)
    reader.cursor.at += 1
    return LookupFdb(target, *_arguments(reader, 0, 48))
