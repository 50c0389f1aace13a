"""What a rule does with a packet: one frozen dataclass an action or instruction.

An action list is a tuple of these, in the order in which they run; the empty tuple is `drop`. Bytes are made by
`action_codec`, text by `action_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pyovn.openflow import ports
from pyovn.openflow.fields import FIELDS, Field, Subfield

THIS_TABLE = 0xFF
"""In `Resubmit` and `Ct`: no table given."""


# Where the packet goes.


@dataclass(frozen=True, slots=True)
class Output:
    """Send the packet out of a port (16-bit number, see `ports`); to a controller at most `max_len` bytes of it."""

    port: int
    max_len: int = 0


@dataclass(frozen=True, slots=True)
class OutputTruncated:
    """Send at most the packet's first `max_len` bytes out of a port."""

    port: int
    max_len: int


@dataclass(frozen=True, slots=True)
class OutputField:
    """Send the packet out of the port whose number the field holds."""

    source: Subfield
    max_len: int = 0


@dataclass(frozen=True, slots=True)
class Controller:
    """Send the packet to a controller as a packet-in; `pause` freezes it until the controller resumes it."""

    max_len: int = 0xFFFF
    controller_id: int = 0
    reason: int = 1
    userdata: bytes = b""
    pause: bool = False
    meter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Run a group's buckets."""

    group_id: int


@dataclass(frozen=True, slots=True)
class Resubmit:
    """Look the packet up again in `table`, as if it came from `port`; `ct`: with the addresses that conntrack saw first."""

    port: int = ports.IN_PORT
    table: int = THIS_TABLE
    ct: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """Send to the live member that a hash of the packet picks, or write its port to `target`."""

    fields: str
    basis: int
    algorithm: str
    members: tuple[int, ...]
    target: Subfield | None = None


# What becomes of its fields.


@dataclass(frozen=True, slots=True)
class SetField:
    """Write `value` under `mask` (both as wide as the field). `load`: written as `load:`, sent as NXAST_REG_LOAD before 1.5."""

    field: Field
    value: int
    mask: int
    load: bool = False


def set_field(name: str, value: int, mask: int | None = None) -> SetField:
    """Set a whole field, or its bits under `mask`."""
    field = FIELDS[name]
    return SetField(field, value, field.full if mask is None else mask)


def load(target: Subfield, value: int) -> SetField:
    """Set some bits of a field: `load:value->target`."""
    return SetField(target.field, value << target.offset & target.mask, target.mask, load=True)


@dataclass(frozen=True, slots=True)
class Move:
    """Copy bits of one field to as many of another."""

    source: Subfield
    target: Subfield


@dataclass(frozen=True, slots=True)
class DeleteField:
    """Make a tunnel option absent."""

    field: Field


@dataclass(frozen=True, slots=True)
class Push:
    """Put a field's bits on the stack."""

    source: Subfield


@dataclass(frozen=True, slots=True)
class Pop:
    """Take a field's bits from the stack."""

    target: Subfield


@dataclass(frozen=True, slots=True)
class DecTtl:
    """Take one from the IP TTL; a packet that it would kill goes to `controllers` instead."""

    controllers: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class SetTunnel:
    """Set the tunnel key (NXAST_SET_TUNNEL, and SET_TUNNEL64 where it is longer than 32 bits)."""

    tun_id: int


@dataclass(frozen=True, slots=True)
class SetQueue:
    """Send through this queue of the port."""

    queue_id: int


@dataclass(frozen=True, slots=True)
class PopQueue:
    """Forget `SetQueue`."""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Send through a queue of a port."""

    port: int
    queue_id: int


@dataclass(frozen=True, slots=True)
class SetVlanVid:
    """Set the VLAN's number, and add the tag where there is none (`mod_vlan_vid`)."""

    vid: int


@dataclass(frozen=True, slots=True)
class SetVlanPcp:
    """Set the VLAN's priority, and add the tag where there is none (`mod_vlan_pcp`)."""

    pcp: int


@dataclass(frozen=True, slots=True)
class PushVlan:
    """Add a VLAN tag of zeros."""

    eth_type: int = 0x8100


@dataclass(frozen=True, slots=True)
class PopVlan:
    """Take the outermost VLAN tag off, if any (`strip_vlan`, `pop_vlan`)."""


@dataclass(frozen=True, slots=True)
class PushMpls:
    """Add an MPLS label."""

    eth_type: int = 0x8847


@dataclass(frozen=True, slots=True)
class PopMpls:
    """Take the outermost MPLS label off; what is below has this Ethernet type."""

    eth_type: int


@dataclass(frozen=True, slots=True)
class DecMplsTtl:
    """Take one from the MPLS TTL."""


# Connection tracking.


@dataclass(frozen=True, slots=True)
class Nat:
    """Inside `Ct`: translate addresses. `kind` is "" (as the connection has it), "src" or "dst"; zero ends a range that has none."""

    kind: str = ""
    address: str = ""
    last_address: str = ""
    port: int = 0
    last_port: int = 0
    persistent: bool = False
    hash: bool = False
    random: bool = False


@dataclass(frozen=True, slots=True)
class Ct:
    """Send through the connection tracker; `table` receives the tracked copy. `actions` are `exec` and `nat`."""

    commit: bool = False
    force: bool = False
    zone: int | Subfield = 0
    table: int = THIS_TABLE
    alg: int = 0
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class CtClear:
    """Forget what connection tracking said."""


# Everything else.


@dataclass(frozen=True, slots=True)
class Note:
    """Bytes that mean nothing to the switch; padded with zeros to 6 and then 8 a step."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Clone:
    """Run the actions on a copy."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class LearnMatch:
    """Part of `Learn`: the new rule asks that `target` equals the packet's bits, or a constant."""

    source: Subfield | int
    target: Subfield


@dataclass(frozen=True, slots=True)
class LearnLoad:
    """Part of `Learn`: the new rule loads the packet's bits, or a constant, into `target`."""

    source: Subfield | int
    target: Subfield


@dataclass(frozen=True, slots=True)
class LearnOutput:
    """Part of `Learn`: the new rule outputs to the port that the packet's bits name."""

    source: Subfield


@dataclass(frozen=True, slots=True)
class Learn:
    """Add or refresh a rule made from the packet. Times in seconds, `flags` bits: 1 send flow removed, 2 delete learned, 4 write result."""

    table: int
    specs: tuple[LearnMatch | LearnLoad | LearnOutput, ...]
    priority: int = 0x8000
    idle_timeout: int = 0
    hard_timeout: int = 0
    fin_idle_timeout: int = 0
    fin_hard_timeout: int = 0
    cookie: int = 0
    flags: int = 0
    limit: int = 0
    result: Subfield | None = None


@dataclass(frozen=True, slots=True)
class Conjunction:
    """This rule is clause `clause` (from 1) of `clauses` of conjunctive match `conj_id`."""

    conj_id: int
    clause: int
    clauses: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Export one in 65536 / `probability` packets to a collector set."""

    probability: int
    collector_set_id: int
    obs_domain_id: int | Subfield = 0
    obs_point_id: int | Subfield = 0
    sampling_port: int = ports.NONE
    direction: int = 0


@dataclass(frozen=True, slots=True)
class CheckPktLarger:
    """Write one bit: is the packet longer than `length` bytes?"""

    length: int
    target: Subfield


@dataclass(frozen=True, slots=True)
class Multipath:
    """Write the number of the link that a hash of the packet picks."""

    fields: str
    basis: int
    algorithm: str
    links: int
    arg: int
    target: Subfield


@dataclass(frozen=True, slots=True)
class FinTimeout:
    """Shorten the rule's time to live after a TCP FIN or RST, in seconds."""

    idle_timeout: int
    hard_timeout: int


@dataclass(frozen=True, slots=True)
class Exit:
    """Do nothing further with the packet."""


# Instructions: what OpenFlow 1.1 and later put around an action list.


@dataclass(frozen=True, slots=True)
class Meter:
    """Drop or mark what exceeds a meter."""

    meter_id: int


@dataclass(frozen=True, slots=True)
class ClearActions:
    """Empty the action set."""


@dataclass(frozen=True, slots=True)
class WriteActions:
    """Add to the action set."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class WriteMetadata:
    """Write the metadata under a mask."""

    value: int
    mask: int = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class GotoTable:
    """Go on in a later table."""

    table: int


Action: TypeAlias = (
    Output | OutputTruncated | OutputField | Controller | Group | Resubmit | Bundle | SetField | Move | DeleteField | Push | Pop
    | DecTtl | SetTunnel | SetQueue | PopQueue | Enqueue | SetVlanVid | SetVlanPcp | PushVlan | PopVlan | PushMpls | PopMpls | DecMplsTtl
    | Nat | Ct | CtClear | Note | Clone | Learn | Conjunction | Sample | CheckPktLarger | Multipath | FinTimeout | Exit | Meter
    | ClearActions | WriteActions | WriteMetadata | GotoTable
)  # fmt: skip
Actions: TypeAlias = tuple[Action, ...]

__all__ = [
    "THIS_TABLE", "Action", "Actions", "Bundle", "CheckPktLarger", "ClearActions", "Clone", "Conjunction", "Controller", "Ct",
    "CtClear", "DecMplsTtl", "DecTtl", "DeleteField", "Enqueue", "Exit", "FinTimeout", "GotoTable", "Group", "Learn", "LearnLoad",
    "LearnMatch", "LearnOutput", "Meter", "Move", "Multipath", "Nat", "Note", "Output", "OutputField", "OutputTruncated", "Pop",
    "PopMpls", "PopQueue", "PopVlan", "Push", "PushMpls", "PushVlan", "Resubmit", "Sample", "SetField", "SetQueue", "SetTunnel",
    "SetVlanPcp", "SetVlanVid", "Subfield", "WriteActions", "WriteMetadata", "load", "set_field",
]  # fmt: skip
