"""Actions on fields: assign, copy, exchange, the stack, the TTL, and the fields that OpenFlow cannot set."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.reader import Reader, check_readable, format_ref, subfield_of
from pyovn.logical.constants import Constant, format_constant
from pyovn.logical.lexer import LogicalError, quote
from pyovn.logical.parser import ConstantSet, FieldRef, check_type, parse_constants
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield, whole


@dataclass(frozen=True, slots=True)
class Load:
    """`FIELD = CONSTANT;`"""

    target: FieldRef
    value: Constant | str

    def format(self) -> str:
        """The assignment."""
        value = quote(self.value) if isinstance(self.value, str) else format_constant(self.value)
        return f"{format_ref(self.target)} = {value};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`set_field`; a port that does not exist has key 0."""
        target = subfield_of(self.target)
        if isinstance(self.value, str):
            return [openflow.SetField(target.field, environment.port_key(self.value) or 0, target.mask)]
        mask = target.mask if self.value.mask is None else self.value.mask << target.offset & target.mask
        mask &= target.field.full
        return [openflow.SetField(target.field, self.value.value << target.offset & mask, mask)]


@dataclass(frozen=True, slots=True)
class Move:
    """`FIELD = FIELD;`"""

    target: FieldRef
    source: FieldRef

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {format_ref(self.source)};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`move`."""
        return [openflow.Move(subfield_of(self.source), subfield_of(self.target))]


@dataclass(frozen=True, slots=True)
class Exchange:
    """`FIELD <-> FIELD;`"""

    left: FieldRef
    right: FieldRef

    def format(self) -> str:
        """The exchange."""
        return f"{format_ref(self.left)} <-> {format_ref(self.right)};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """Both on the stack and back the other way round."""
        left, right = subfield_of(self.left), subfield_of(self.right)
        return [openflow.Push(right), openflow.Push(left), openflow.Pop(right), openflow.Pop(left)]


@dataclass(frozen=True, slots=True)
class Push:
    """`push(FIELD);`"""

    source: FieldRef

    def format(self) -> str:
        """The call."""
        return f"push({format_ref(self.source)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`push`."""
        return [openflow.Push(subfield_of(self.source))]


@dataclass(frozen=True, slots=True)
class Pop:
    """`pop(FIELD);`"""

    target: FieldRef

    def format(self) -> str:
        """The call."""
        return f"pop({format_ref(self.target)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`pop`."""
        return [openflow.Pop(subfield_of(self.target))]


@dataclass(frozen=True, slots=True)
class DecTtl:
    """`ip.ttl--;`"""

    def format(self) -> str:
        """The decrement."""
        return "ip.ttl--;"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`dec_ttl` that tells no controller: the pipeline has dealt with a TTL that runs out."""
        return [openflow.DecTtl(controllers=())]


NOTE_KINDS = {"icmp4.frag_mtu": 0, "icmp6.frag_mtu": 1}
"""The fields that reach the controller as notes, with their numbers there."""


@dataclass(frozen=True, slots=True)
class OvnFieldLoad:
    """`icmp4.frag_mtu = N;` and its like: a value for the packet that the controller is about to make."""

    target: FieldRef
    value: Constant

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {format_constant(self.value)};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A note: "ovn", the field's number, its value."""
        size = self.target.bits // 8
        kind = NOTE_KINDS[self.target.symbol.name]
        return [openflow.Note(b"ovn\0" + kind.to_bytes(2, "big") + bytes(2) + self.value.value.to_bytes(size, "big"))]


def encode_arguments(*arguments: tuple[Subfield, str]) -> tuple[OpenFlowActions, OpenFlowActions]:
    """Actions that put fields into the registers where a table expects them, and actions that give the registers back.

    Registers and fields may overlap, so everything passes through the stack.
    """
    moves = [(source, whole(register)) for source, register in arguments if source != whole(register)]
    setup: OpenFlowActions = [openflow.Push(register) for _, register in moves]
    setup += [openflow.Push(source) for source, _ in reversed(moves)]
    setup += [openflow.Pop(register) for _, register in moves]
    return setup, [openflow.Pop(register) for _, register in reversed(moves)]


def _same_kind(reader: Reader, target: FieldRef, source: FieldRef, exchange: bool) -> None:
    """Two fields of which one can take the other's value."""
    verb = "exchange" if exchange else "assign"
    if bool(target.bits) != bool(source.bits):
        kinds = [f"{'integer' if ref.bits else 'string'} field ({ref.symbol.name})" for ref in (target, source)]
        detail = f"{kinds[0]} with {kinds[1]}" if exchange else f"{kinds[1]} to {kinds[0]}"
        raise LogicalError(f"Can't {verb} {detail}.")
    if not target.bits:
        if subfield_of(target).bits != subfield_of(source).bits:
            noun = "exchange" if exchange else "assignment"
            raise LogicalError(f"String fields {target.symbol.name} and {source.symbol.name} are incompatible for {noun}.")
    elif target.bits != source.bits:
        if exchange:
            raise LogicalError(f"Can't exchange {target.bits}-bit field with {source.bits}-bit field.")
        raise LogicalError(f"Can't assign {source.bits}-bit value to {target.bits}-bit destination.")


def read_move(reader: Reader, target: FieldRef) -> Move:
    """`FIELD`, after `FIELD =`."""
    source = reader.field()
    reader.check_modifiable(target)
    check_readable(source)
    _same_kind(reader, target, source, exchange=False)
    reader.use(target)
    reader.use(source)
    return Move(target, source)


def read_exchange(reader: Reader, left: FieldRef) -> Exchange:
    """`FIELD`, after `FIELD <->`."""
    right = reader.field()
    reader.check_modifiable(left)
    reader.check_modifiable(right)
    _same_kind(reader, left, right, exchange=True)
    reader.use(left)
    reader.use(right)
    return Exchange(left, right)


def read_load(reader: Reader, target: FieldRef) -> Load | OvnFieldLoad:
    """`CONSTANT`, after `FIELD =`."""
    if reader.cursor.kind == "{":
        raise reader.cursor.error("expecting constant")
    constants = parse_constants(reader.cursor, reader.place.scope)
    reader.check_modifiable(target)
    check_type(target.symbol, ConstantSet(constants.values, constants.is_string, False))
    reader.use(target)
    value = constants.values[0]
    if target.symbol.name in NOTE_KINDS:
        assert isinstance(value, Constant)
        return OvnFieldLoad(target, value)
    return Load(target, value)


def read_push(reader: Reader) -> Push:
    """`push(FIELD)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    ref = reader.field()
    check_readable(ref)
    reader.use(ref)
    reader.cursor.expect(")")
    return Push(ref)


def read_pop(reader: Reader) -> Pop:
    """`pop(FIELD)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    ref = reader.field()
    reader.check_modifiable(ref)
    reader.use(ref)
    reader.cursor.expect(")")
    return Pop(ref)
