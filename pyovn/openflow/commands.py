"""Messages that change what the switch does, and those that carry packets: values, the same for every OpenFlow version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from pyovn.openflow import ports
from pyovn.openflow.action import Actions
from pyovn.openflow.match import ANY, Match
from pyovn.openflow.session import PortMod

NO_BUFFER = 0xFFFFFFFF
ALL_TABLES = 0xFF
ANY_GROUP = 0xFFFFFFFF
"""No restriction on the group, in a request; `ALL_GROUPS` is every group, in a command."""
ALL_GROUPS = 0xFFFFFFFC
DEFAULT_PRIORITY = 0x8000


# Packets between switch and controller.


class PacketInReason(IntEnum):
    """Why the switch sends a packet."""

    NO_MATCH = 0
    ACTION = 1
    INVALID_TTL = 2
    ACTION_SET = 3
    GROUP = 4
    PACKET_OUT = 5


@dataclass(frozen=True, slots=True)
class PacketIn:
    """A packet for the controller; `metadata` holds the fields that describe it, `in_port` among them.

    `userdata` is what the rule's `Controller` action carried; `continuation` is opaque, to be given back in `Resume`.
    """

    data: bytes
    reason: int = PacketInReason.ACTION
    table: int = 0
    cookie: int = 0
    metadata: Match = ANY
    total_len: int | None = None
    buffer_id: int | None = None
    userdata: bytes | None = None
    continuation: bytes = b""


@dataclass(frozen=True, slots=True)
class PacketOut:
    """Run `actions` on a packet as if it came from `in_port`; `metadata` are further fields it starts with (OpenFlow 1.5)."""

    data: bytes
    actions: Actions
    in_port: int = ports.CONTROLLER
    buffer_id: int | None = None
    metadata: Match = ANY


@dataclass(frozen=True, slots=True)
class Resume:
    """Let a paused packet go on, with whatever the controller made of its bytes and metadata."""

    packet: PacketIn


# Rules.


class FlowCommand(IntEnum):
    """What to do to the rules."""

    ADD = 0
    MODIFY = 1
    MODIFY_STRICT = 2
    DELETE = 3
    DELETE_STRICT = 4


class FlowFlag(IntFlag):
    """How a rule behaves."""

    SEND_FLOW_REM = 1 << 0
    CHECK_OVERLAP = 1 << 1
    RESET_COUNTS = 1 << 2
    NO_PKT_COUNTS = 1 << 3
    NO_BYT_COUNTS = 1 << 4


@dataclass(frozen=True, slots=True)
class FlowMod:
    """Add, change or delete rules; times in seconds."""

    match: Match = ANY
    actions: Actions = ()
    command: FlowCommand = FlowCommand.ADD
    table: int = 0
    priority: int = DEFAULT_PRIORITY
    cookie: int = 0
    cookie_mask: int = 0
    idle_timeout: int = 0
    hard_timeout: int = 0
    flags: int = 0
    importance: int = 0
    out_port: int = ports.NONE
    out_group: int = ANY_GROUP
    buffer_id: int | None = None


class RemovedReason(IntEnum):
    """Why a rule is gone."""

    IDLE_TIMEOUT = 0
    HARD_TIMEOUT = 1
    DELETE = 2
    GROUP_DELETE = 3
    METER_DELETE = 4
    EVICTION = 5


@dataclass(frozen=True, slots=True)
class FlowRemoved:
    """A rule that asked for it tells that it is gone."""

    match: Match
    priority: int
    reason: RemovedReason
    table: int = 0
    cookie: int = 0
    duration_s: int = 0
    duration_ns: int = 0
    idle_timeout: int = 0
    hard_timeout: int = 0
    packets: int = 0
    bytes: int = 0


# Groups and meters.


class GroupCommand(IntEnum):
    """What to do to a group."""

    ADD = 0
    MODIFY = 1
    DELETE = 2
    INSERT_BUCKET = 3
    REMOVE_BUCKET = 5
    ADD_OR_MODIFY = 0x8000


class GroupType(IntEnum):
    """Which buckets run."""

    ALL = 0
    SELECT = 1
    INDIRECT = 2
    FAST_FAILOVER = 3


@dataclass(frozen=True, slots=True)
class Bucket:
    """One way of a group; `bucket_id` None: numbered by its position."""

    actions: Actions = ()
    weight: int = 0
    bucket_id: int | None = None
    watch_port: int = ports.NONE
    watch_group: int = ANY_GROUP


@dataclass(frozen=True, slots=True)
class GroupMod:
    """Add, change or delete a group; selection method "", "hash" (of `fields`, masks by field) or "dp_hash"."""

    command: GroupCommand
    group_id: int
    type: GroupType = GroupType.ALL
    buckets: tuple[Bucket, ...] = ()
    command_bucket_id: int = 0xFFFFFFFF
    selection_method: str = ""
    selection_param: int = 0
    selection_fields: Match = ANY


class MeterCommand(IntEnum):
    """What to do to a meter."""

    ADD = 0
    MODIFY = 1
    DELETE = 2


class MeterFlag(IntFlag):
    """What a meter counts in."""

    KBPS = 1
    PKTPS = 2
    BURST = 4
    STATS = 8


@dataclass(frozen=True, slots=True)
class Band:
    """What happens above a rate: `kind` 1 drops, 2 lowers the drop precedence."""

    rate: int
    burst: int = 0
    kind: int = 1
    prec_level: int = 0


@dataclass(frozen=True, slots=True)
class MeterMod:
    """Add, change or delete a meter."""

    command: MeterCommand
    meter_id: int
    flags: int = MeterFlag.KBPS
    bands: tuple[Band, ...] = ()


# Bundles.


class BundleKind(IntEnum):
    """Steps of a bundle's life; a reply is its request plus one."""

    OPEN_REQUEST = 0
    OPEN_REPLY = 1
    CLOSE_REQUEST = 2
    CLOSE_REPLY = 3
    COMMIT_REQUEST = 4
    COMMIT_REPLY = 5
    DISCARD_REQUEST = 6
    DISCARD_REPLY = 7


class BundleFlag(IntFlag):
    """What a bundle promises."""

    ATOMIC = 1
    ORDERED = 2


@dataclass(frozen=True, slots=True)
class BundleControl:
    """Open, close, commit or discard a bundle."""

    bundle_id: int
    kind: BundleKind
    flags: int = BundleFlag.ATOMIC | BundleFlag.ORDERED


@dataclass(frozen=True, slots=True)
class BundleAdd:
    """A message to be carried out when the bundle is committed."""

    bundle_id: int
    message: FlowMod | GroupMod | PortMod | PacketOut
    flags: int = BundleFlag.ATOMIC | BundleFlag.ORDERED


# Connection tracking.


@dataclass(frozen=True, slots=True)
class CtFlushZone:
    """Forget every connection of a zone."""

    zone: int


@dataclass(frozen=True, slots=True)
class CtTuple:
    """One direction of the connections to forget; None: any."""

    src: int | None = None
    dst: int | None = None
    src_port: int | None = None
    dst_port: int | None = None
    icmp_id: int | None = None
    icmp_type: int | None = None
    icmp_code: int | None = None


@dataclass(frozen=True, slots=True)
class CtFlush:
    """Forget the connections that fit; family 4 or 6 (0: any), None: any zone; mark and labels as (value, mask)."""

    family: int = 0
    protocol: int = 0
    zone: int | None = None
    original: CtTuple = CtTuple()
    reply: CtTuple = CtTuple()
    mark: tuple[int, int] | None = None
    labels: tuple[int, int] | None = None
