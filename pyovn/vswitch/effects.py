"""What a switch wants done in the world."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Transmit(NamedTuple):
    """Send a frame out of a network device."""

    interface: str
    frame: bytes


class Udp(NamedTuple):
    """Send a datagram: addresses as numbers, `local` 0 for whatever routing chooses; `port` is the destination's, `source` the sender's."""

    local: int
    remote: int
    family: int
    port: int
    payload: bytes
    source: int = 0
    tos: int = 0
    ttl: int = 64


class OpenDevice(NamedTuple):
    """Make (internal, tap) or attach to (system) a network device, answered by `DeviceOpened` or `DeviceFailed`."""

    interface: str
    kind: str
    mac: int
    mtu: int = 0
    up: bool = False


class CloseDevice(NamedTuple):
    """Let a network device go; one that was made disappears."""

    interface: str


class OpenUdp(NamedTuple):
    """Receive datagrams on a port."""

    port: int


class CloseUdp(NamedTuple):
    """Receive them no longer."""

    port: int


class OpenBridge(NamedTuple):
    """Offer a bridge's management socket, `BRIDGE.mgmt` in the run folder."""

    bridge: str


class CloseBridge(NamedTuple):
    """Offer it no longer."""

    bridge: str


class Connect(NamedTuple):
    """Keep an OpenFlow session to a controller."""

    bridge: str
    target: str
    inactivity_probe_ms: int


class Disconnect(NamedTuple):
    """Keep it no longer."""

    bridge: str
    target: str


Effect: TypeAlias = Transmit | Udp | OpenDevice | CloseDevice | OpenUdp | CloseUdp | OpenBridge | CloseBridge | Connect | Disconnect


# What the world tells a switch, as the data of `receive`.


class DeviceOpened(NamedTuple):
    """A device is there; `mac` as it is in use."""

    mac: int
    mtu: int
    ifindex: int
    up: bool = True


class DeviceFailed(NamedTuple):
    """A device could not be had; `reason` is the system's."""

    reason: str


class DeviceChanged(NamedTuple):
    """A device's link or administrative state, address or MTU is now this."""

    mac: int
    mtu: int
    ifindex: int
    admin_up: bool
    link_up: bool


class DevicesChanged(NamedTuple):
    """Some device came, so one that could not be had before may be there now."""


class Datagram(NamedTuple):
    """A datagram that arrived on an open UDP port; addresses as numbers."""

    remote: int
    local: int
    family: int
    port: int
    payload: bytes
    tos: int = 0
    ttl: int = 0
