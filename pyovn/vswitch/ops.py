"""What a verdict does with a packet, prepared: each operation holds only constants, decided when the verdict was made."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pyovn.openflow.commands import FlowMod
from pyovn.packet import slot

if TYPE_CHECKING:
    from pyovn.vswitch.datapath import Bridge, Entrance, Mirror, Port
    from pyovn.vswitch.meters import Meter


class Assign(NamedTuple):
    """Write fields: (slot, the bits to keep, the value of the others) each."""

    slots: tuple[tuple[int, int, int], ...]
    on_wire: bool
    """Some slot is a header's, so that the frame changes."""


class Send(NamedTuple):
    """Send the frame, or at most its first `max_len` bytes where that is not 0, out of a port."""

    port: Port
    max_len: int = 0


class Encapsulate(NamedTuple):
    """Send the frame through a tunnel; addresses as numbers, `local` 0 for whatever the host's routing chooses."""

    port: Port
    remote: int
    local: int
    family: int
    key: int
    options: tuple[tuple[int, int, bytes], ...]
    """Geneve options as (class, type, data)."""
    tos: int = 0
    ttl: int = 64
    oam: bool = False
    max_len: int = 0


class Count(NamedTuple):
    """A mirror has the packet."""

    mirror: Mirror


class Copy(NamedTuple):
    """Carry the operations out on a copy of the packet."""

    ops: tuple[Op, ...]


class Translation(NamedTuple):
    """What `Track` does to addresses: first and last address and port, zero where any; `kind` src, dst, or "" for the connection's own."""

    kind: str
    first: int = 0
    last: int = 0
    first_port: int = 0
    last_port: int = 0
    hashed: bool = False
    random: bool = False


class Track(NamedTuple):
    """Send the packet through the connection tracker; mark and label as (value, mask) where they are set."""

    zone: int
    commit: bool = False
    force: bool = False
    mark: tuple[int, int] | None = None
    label: tuple[int, int] | None = None
    nat: Translation | None = None
    then: Entrance | None = None
    """Where a copy goes that knows what the tracker said."""
    last: bool = False
    """Nothing follows, so that the packet itself may go there."""


class Untrack(NamedTuple):
    """Forget what the tracker said."""


class ByLength(NamedTuple):
    """Go on in one of two ways: is the packet longer than `length` bytes?"""

    length: int
    longer: Entrance
    other: Entrance


class Shape(Enum):
    """What can be put in front of a packet's headers, or taken from there."""

    PUSH_VLAN = "push_vlan"
    POP_VLAN = "pop_vlan"
    PUSH_MPLS = "push_mpls"
    POP_MPLS = "pop_mpls"


class Reshape(NamedTuple):
    """Add or take off a tag or label, with the Ethernet type of the tag or of what then follows; read the packet anew and go on."""

    shape: Shape
    eth_type: int
    then: Entrance


class Police(NamedTuple):
    """Drop what exceeds a meter."""

    meter: Meter


class Tell(NamedTuple):
    """Send the packet to controllers; `state` are the pipeline's fields as (slot, value)."""

    bridge: Bridge
    controller_id: int
    reason: int
    max_len: int
    table: int
    cookie: int
    state: tuple[tuple[int, int], ...]
    userdata: bytes = b""
    resume: Entrance | None = None
    meter: Meter | None = None


class LearnRule(NamedTuple):
    """Add or refresh the rule that a `learn` action made."""

    bridge: Bridge
    rule: FlowMod
    limit: int = 0


class LearnAddress(NamedTuple):
    """Remember which port an Ethernet address is behind."""

    bridge: Bridge
    vlan: int
    address: int
    port: int


Op: TypeAlias = Assign | Send | Encapsulate | Count | Copy | Track | Untrack | ByLength | Reshape | Police | Tell | LearnRule | LearnAddress

PIPELINE_END = slot.TUN_ID
"""Slots below this one, and the registers, belong to the pipeline and never travel with a packet between look-ups."""
REGISTERS_END = slot.REG0 + slot.REGISTERS


def is_pipeline(at: int) -> bool:
    """Does the slot belong to the pipeline, not to the packet?"""
    return at < PIPELINE_END or slot.REG0 <= at < REGISTERS_END


def is_header(at: int) -> bool:
    """Is the slot part of the frame?"""
    return slot.ETH_SRC <= at < slot.REG0
