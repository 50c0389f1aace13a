"""What actions on fields do to a packet."""

from __future__ import annotations

from pyovn.logical.actions import fields
from pyovn.logical.actions.reader import format_ref, subfield_of
from pyovn.logical.constants import format_constant
from pyovn.logical.parser import FieldRef
from pyovn.openflow.fields import Format, Subfield, read_bits, write_bits
from pyovn.openflow.value_text import format_value
from pyovn.packet import slot
from pyovn.trace.engine import Step, simulates
from pyovn.trace.tree import Kind


def is_metadata(ref: FieldRef) -> bool:
    """Whether the field travels with the packet and is not in it."""
    source = ref.symbol.base.source
    return source is not None and slot.REG0 <= source.slot < slot.REG0 + 32


def _value(source: Subfield, value: int) -> str:
    """A value as its field is written; bits of a field, and registers, in hexadecimal."""
    if source.bits == source.field.bits and source.field.format is not Format.HEX:
        return format_value(source.field, value)
    return hex(value) if value else "0"


def assign(step: Step, target: FieldRef, value: int, shown: str) -> None:
    """Set a field, and show it if it is in the packet."""
    write_bits(step.flow, subfield_of(target), value)
    if not is_metadata(target):
        step.say(Kind.CHANGE, f"{format_ref(target)} = {shown}")


def assign_result(step: Step, target: FieldRef, value: int) -> None:
    """Set a field to what a lookup found, and show it wherever it is."""
    write_bits(step.flow, subfield_of(target), value)
    step.say(Kind.CHANGE, f"{format_ref(target)} = {value}")


@simulates(fields.Load)
def load(step: Step, action: fields.Load) -> None:
    """`FIELD = CONSTANT;`"""
    target = subfield_of(action.target)
    if isinstance(action.value, str):
        assign(step, action.target, step.port_key(action.value) or 0, f'"{action.value}"')
        return
    value, mask, _ = action.value
    if mask is not None:
        value |= read_bits(step.flow, target) & ~mask
    assign(step, action.target, value, format_constant(action.value))


@simulates(fields.Move)
def move(step: Step, action: fields.Move) -> None:
    """`FIELD = FIELD;`"""
    source = subfield_of(action.source)
    value = read_bits(step.flow, source)
    assign(step, action.target, value, _value(source, value))


@simulates(fields.Exchange)
def exchange(step: Step, action: fields.Exchange) -> None:
    """`FIELD <-> FIELD;`"""
    left, right = subfield_of(action.left), subfield_of(action.right)
    left_value, right_value = read_bits(step.flow, left), read_bits(step.flow, right)
    assign(step, action.left, right_value, _value(right, right_value))
    assign(step, action.right, left_value, _value(left, left_value))


@simulates(fields.Push)
def push(step: Step, action: fields.Push) -> None:
    """`push(FIELD);`"""
    step.stack.append(read_bits(step.flow, subfield_of(action.source)))


@simulates(fields.Pop)
def pop(step: Step, action: fields.Pop) -> None:
    """`pop(FIELD);`"""
    if not step.stack:
        step.say(Kind.REMARK, "/* empty stack */")
        return
    source = subfield_of(action.target)
    value = step.stack.pop()
    assign(step, action.target, value, _value(source, value))


@simulates(fields.DecTtl)
def dec_ttl(step: Step, action: fields.DecTtl) -> None:
    """`ip.ttl--;`"""
    if step.flow[slot.NW_TTL]:
        step.flow[slot.NW_TTL] -= 1
    step.say(Kind.CHANGE, "ip.ttl--")


@simulates(fields.OvnFieldLoad)
def load_note(step: Step, action: fields.OvnFieldLoad) -> None:
    """`icmp4.frag_mtu = N;`"""
    step.say(Kind.CHANGE, f"{format_ref(action.target)} = {action.value.value}")


