"""Messages that set a session up, keep it, and describe the switch: values, the same for every OpenFlow version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

OF10, OF13, OF14, OF15 = 1, 4, 5, 6
"""Versions as the header's first byte has them."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The versions that the sender speaks."""

    versions: tuple[int, ...] = (OF10, OF13, OF14, OF15)


@dataclass(frozen=True, slots=True)
class Error:
    """Why a request, which starts with `data`, failed: type and code as in OpenFlow 1.3 and later."""

    type: int
    code: int
    data: bytes = b""
    experimenter: int = 0


@dataclass(frozen=True, slots=True)
class EchoRequest:
    """Are you there?"""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class EchoReply:
    """Yes, with the request's data."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Experimenter:
    """An experimenter's message that this codec has no class for."""

    experimenter: int
    kind: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class BarrierRequest:
    """Finish everything before this first."""


@dataclass(frozen=True, slots=True)
class BarrierReply:
    """Everything before the request is done."""


class Role(IntEnum):
    """What a controller may do."""

    NOCHANGE = 0
    EQUAL = 1
    MASTER = 2
    SLAVE = 3


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """Ask for, or about, the controller's role."""

    role: Role
    generation_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoleReply:
    """The controller's role."""

    role: Role
    generation_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """The role changed by no doing of this controller (OpenFlow 1.4)."""

    role: Role
    reason: int
    generation_id: int | None = None


# The switch.


class PortConfig(IntFlag):
    """What an administrator set on a port."""

    DOWN = 1 << 0
    NO_STP = 1 << 1
    NO_RECV = 1 << 2
    NO_FLOOD = 1 << 4
    NO_FWD = 1 << 5
    NO_PACKET_IN = 1 << 6


class PortState(IntFlag):
    """What a port is."""

    LINK_DOWN = 1 << 0
    BLOCKED = 1 << 1
    LIVE = 1 << 2


@dataclass(frozen=True, slots=True)
class Port:
    """A switch's port; speeds in kbit/s, features as OpenFlow 1.1's bits."""

    number: int
    name: str
    hw_addr: int = 0
    config: int = 0
    state: int = 0
    current: int = 0
    advertised: int = 0
    supported: int = 0
    peer: int = 0
    current_speed_kbps: int = 0
    max_speed_kbps: int = 0


@dataclass(frozen=True, slots=True)
class FeaturesRequest:
    """Who are you?"""


@dataclass(frozen=True, slots=True)
class FeaturesReply:
    """The switch; `actions` and `ports` are said in OpenFlow 1.0 only."""

    datapath_id: int
    tables: int = 254
    buffers: int = 0
    auxiliary_id: int = 0
    capabilities: int = 0x4F
    actions: int = 0xFFF
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True, slots=True)
class GetConfigRequest:
    """Ask for the configuration."""


@dataclass(frozen=True, slots=True)
class GetConfigReply:
    """How fragments are treated, and how much of a packet a miss sends."""

    flags: int = 0
    miss_send_len: int = 128


@dataclass(frozen=True, slots=True)
class SetConfig:
    """Set what `GetConfigReply` tells."""

    flags: int = 0
    miss_send_len: int = 128


class PortReason(IntEnum):
    """What happened to a port."""

    ADD = 0
    DELETE = 1
    MODIFY = 2


@dataclass(frozen=True, slots=True)
class PortStatus:
    """A port came, went or changed."""

    reason: PortReason
    port: Port


@dataclass(frozen=True, slots=True)
class PortMod:
    """Set the bits `mask` of a port's configuration."""

    number: int
    hw_addr: int
    config: int
    mask: int
    advertise: int = 0


# Nicira's settings of a session.


class PacketInFormat(IntEnum):
    """How packet-ins are said."""

    STANDARD = 0
    NXT_PACKET_IN = 1
    NXT_PACKET_IN2 = 2


@dataclass(frozen=True, slots=True)
class SetPacketInFormat:
    """Choose how packet-ins are said."""

    format: PacketInFormat


@dataclass(frozen=True, slots=True)
class SetFlowFormat:
    """Choose OpenFlow 1.0's match (0) or NXM (2)."""

    format: int


@dataclass(frozen=True, slots=True)
class FlowModTableId:
    """In OpenFlow 1.0: let the command's upper byte be the table."""

    enabled: bool


@dataclass(frozen=True, slots=True)
class SetControllerId:
    """The number that this controller's `Controller` actions name."""

    controller_id: int


@dataclass(frozen=True, slots=True)
class AsyncConfig:
    """Which unasked messages a controller wants: bits by reason, as (master and equal, slave)."""

    packet_in: tuple[int, int] = (0, 0)
    port_status: tuple[int, int] = (0, 0)
    flow_removed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class SetAsync:
    """Choose the unasked messages."""

    config: AsyncConfig


@dataclass(frozen=True, slots=True)
class GetAsyncRequest:
    """Which unasked messages come?"""


@dataclass(frozen=True, slots=True)
class GetAsyncReply:
    """These."""

    config: AsyncConfig


class TlvCommand(IntEnum):
    """What to do to the table of tunnel options."""

    ADD = 0
    DELETE = 1
    CLEAR = 2


@dataclass(frozen=True, slots=True)
class TlvMapping:
    """A Geneve option, `length` bytes long, is seen as `tun_metadata<index>`."""

    option_class: int
    option_type: int
    length: int
    index: int


@dataclass(frozen=True, slots=True)
class TlvTableMod:
    """Add or delete tunnel options."""

    command: TlvCommand
    mappings: tuple[TlvMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class TlvTableRequest:
    """Which tunnel options are known?"""


@dataclass(frozen=True, slots=True)
class TlvTableReply:
    """These, of at most `max_space` bytes and `max_fields` options."""

    mappings: tuple[TlvMapping, ...] = ()
    max_space: int = 256
    max_fields: int = 64
