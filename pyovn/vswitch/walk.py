"""One packet's way through the tables while a verdict is made: its fields, what was read of them, and what is to be done.

Every read of a packet's field goes through here and is recorded; bits that the pipeline wrote itself are constants and are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pyovn.openflow.action import Action, Actions
from pyovn.openflow.fields import Field, Subfield, read_bits
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.vswitch.changes import Dependency
from pyovn.vswitch.classifier import Masks
from pyovn.vswitch.datapath import Bridge, Datapath, Entrance, State, Todo, enter_here
from pyovn.vswitch.ops import PIPELINE_END, REGISTERS_END, Assign, Op, is_header, is_pipeline
from pyovn.vswitch.rule import Rule

MOST_DEPTH = 64
MOST_RESUBMITS = 4096
"""How deep look-ups may nest, and how many there may be for one packet; what exceeds them drops the packet."""


@dataclass(slots=True, eq=False)
class Frame:
    """A list of actions being carried out."""

    actions: Actions
    at: int = 0
    table: int = 0
    cookie: int = 0
    depth: int = 0
    explain_depth: int = 0


class Hit(NamedTuple):
    """A look-up, for explanations: how deep, where, and the rule found."""

    depth: int
    bridge: str
    table: int
    rule: Rule | None


class Did(NamedTuple):
    """An action carried out, for explanations."""

    depth: int
    action: Action


class Remark(NamedTuple):
    """A sentence about what became of an action, for explanations."""

    depth: int
    text: str


@dataclass(slots=True, eq=False)
class Walk:
    """The state of a packet's way."""

    datapath: Datapath
    bridge: Bridge
    flow: Flow
    known: Masks
    consulted: Masks
    frames: list[Frame] = field(default_factory=list)
    pending: dict[int, int] = field(default_factory=dict)
    """Bits of the packet that were written but not yet made an operation, by slot."""
    ops: list[Op] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dependencies: set[Dependency] = field(default_factory=set)
    stack: list[tuple[int, int]] = field(default_factory=list)
    """(value, bits) that `push` put there."""
    action_set: list[Action] = field(default_factory=list)
    tracked: bool = False
    tunnelled: bool = False
    mirrored: set[str] = field(default_factory=set)
    """The mirrors of this bridge that have had the packet."""
    resubmits: int = 0
    failed: bool = False
    """A limit was exceeded: nothing is done with the packet."""
    events: list[Hit | Did | Remark] | None = None
    explain_depth: int = 0


def begin(datapath: Datapath, state: State, packet_flow: Flow, *, explain: bool = False) -> Walk:
    """A walk from an entrance; `packet_flow` is copied."""
    flow = packet_flow.copy()
    place(flow, state)
    known = [0] * slot.SLOTS
    _know(known, range(PIPELINE_END))
    _know(known, range(slot.REG0, REGISTERS_END))
    if not state.tracked:
        _know(known, range(slot.CT_STATE, slot.CT_TP_DST + 1))
    if not state.tunnelled:
        _know(known, _TUNNEL_SLOTS)
    walk = Walk(datapath, datapath.bridges[state.bridge], flow, known, [0] * slot.SLOTS)
    # What the other slots mean depends on these.
    walk.consulted[slot.ETH_TYPE] = 0xFFFF
    walk.stack.extend(state.stack)
    walk.action_set.extend(state.action_set)
    walk.tracked, walk.tunnelled, walk.mirrored = state.tracked, state.tunnelled, set(state.mirrored)
    walk.frames.extend(Frame(todo.actions, 0, todo.table, todo.cookie, todo.depth) for todo in state.todo)
    walk.events = [] if explain else None
    return walk


def place(flow: Flow, state: State) -> None:
    """Give a flow what the pipeline knows at an entrance."""
    flow[:PIPELINE_END] = state.head
    flow[slot.REG0 : REGISTERS_END] = state.registers


def consult(walk: Walk, at: int, mask: int) -> None:
    """Note that these bits of a slot were read."""
    walk.consulted[at] |= mask & ~walk.known[at]


def consult_field(walk: Walk, entry: Field) -> None:
    """Note that a whole field was read."""
    for at, mask in slots_of(Subfield(entry, 0, entry.bits)):
        consult(walk, at, mask)


def peek(walk: Walk, at: int) -> int:
    """Read a whole slot."""
    consult(walk, at, -1)
    return walk.flow[at]


def read(walk: Walk, source: Subfield) -> int:
    """Read some bits of a field."""
    for at, mask in slots_of(source):
        consult(walk, at, mask)
    return read_bits(walk.flow, source)


def write(walk: Walk, target: Subfield, value: int) -> None:
    """Set some bits of a field to a constant."""
    put(walk, target.field, value << target.offset, target.mask)


def put(walk: Walk, entry: Field, value: int, mask: int) -> None:
    """Set the bits of a field under `mask` to a constant."""
    low = 0xFFFFFFFF if entry.parts > 1 else -1
    for part in range(entry.parts):
        shift = 32 * (entry.parts - 1 - part)
        bits = (mask & entry.full) >> shift & low
        if bits:
            store(walk, entry.slot + part, (value >> shift & bits) << entry.shift, bits << entry.shift)
    if entry.slot == slot.VLAN_TCI and entry.bits < 16:
        store(walk, slot.VLAN_TCI, slot.VLAN_PRESENT, slot.VLAN_PRESENT)


def store(walk: Walk, at: int, value: int, mask: int) -> None:
    """Set the bits of a slot under `mask` to a constant."""
    walk.flow[at] = walk.flow[at] & ~mask | value & mask
    walk.known[at] |= mask
    if not is_pipeline(at):
        walk.pending[at] = walk.pending.get(at, 0) | mask
        if at in _TUNNEL_SLOTS:
            walk.tunnelled = True


def slots_of(bits: Subfield) -> Iterable[tuple[int, int]]:
    """The slots, with masks, that some bits of a field are in."""
    entry = bits.field
    mask = bits.mask & entry.full
    if entry.parts == 1:
        return ((entry.slot, mask << entry.shift),)
    parts = ((entry.slot + part, mask >> 32 * (entry.parts - 1 - part) & 0xFFFFFFFF) for part in range(entry.parts))
    return tuple((at, part) for at, part in parts if part)


def commit(walk: Walk) -> None:
    """Make an operation of what was written so far."""
    if not walk.pending:
        return
    slots = tuple((at, ~mask, walk.flow[at] & mask) for at, mask in sorted(walk.pending.items()))
    walk.ops.append(Assign(slots, any(is_header(at) for at in walk.pending)))
    walk.pending.clear()


def depend(walk: Walk, what: Dependency) -> None:
    """Note that the verdict holds only while `what` does not change."""
    walk.dependencies.add(what)


def freeze(walk: Walk, frames: Iterable[Frame | Todo], *, tracked: bool | None = None) -> Entrance:
    """An entrance at which a packet can go on from here with these actions, in a look-up of its own."""
    commit(walk)
    todo = tuple(entry if isinstance(entry, Todo) else _rest(entry) for entry in frames)
    state = State(
        walk.bridge.name,
        tuple(walk.flow[:PIPELINE_END]),
        tuple(walk.flow[slot.REG0 : REGISTERS_END]),
        tuple(entry for entry in todo if entry.actions),
        tuple(walk.stack),
        tuple(walk.action_set),
        walk.tracked if tracked is None else tracked,
        walk.tunnelled,
        frozenset(walk.mirrored),
    )
    return enter_here(walk.datapath, state)


def pipeline_fields(walk: Walk) -> tuple[tuple[int, int], ...]:
    """What a controller is told of the pipeline: the registers, the metadata and where the packet came from."""
    flow = walk.flow
    told = (slot.IN_PORT, slot.METADATA, slot.PKT_MARK, *range(slot.REG0, REGISTERS_END))
    return tuple((at, flow[at]) for at in told if flow[at])


def remark(walk: Walk, text: str) -> None:
    """Explain what became of an action."""
    if walk.events is not None:
        walk.events.append(Remark(walk.explain_depth, text))


def forget_connection(walk: Walk) -> None:
    """From here on the packet is one that the connection tracker never saw."""
    walk.flow[slot.CT_STATE : slot.CT_TP_DST + 1] = [0] * (slot.CT_TP_DST + 1 - slot.CT_STATE)
    _know(walk.known, range(slot.CT_STATE, slot.CT_TP_DST + 1))
    walk.tracked = False


def cross_to(walk: Walk, bridge: Bridge, in_port: int) -> None:
    """Arrive at another bridge, which knows nothing but what the frame says."""
    if walk.tunnelled:
        for at in (*range(slot.TUN_ID, slot.CT_STATE), *(slot.TUN_METADATA0 + index for index in walk.bridge.tlv)):
            store(walk, at, 0, -1)
    walk.tunnelled = False
    walk.bridge = bridge
    walk.flow[:PIPELINE_END] = (in_port, *[0] * (PIPELINE_END - 1))
    walk.flow[slot.REG0 : REGISTERS_END] = [0] * (REGISTERS_END - slot.REG0)
    walk.stack.clear()
    walk.mirrored = set()


def _rest(frame: Frame) -> Todo:
    return Todo(frame.actions[frame.at :], frame.table, frame.cookie, frame.depth)


def _know(known: Masks, slots: Iterable[int]) -> None:
    for at in slots:
        known[at] = -1


_TUNNEL_SLOTS = frozenset((*range(slot.TUN_ID, slot.CT_STATE), *range(slot.TUN_METADATA0, slot.TUN_METADATA0 + slot.TUN_OPTIONS)))
