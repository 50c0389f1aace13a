"""Network devices of the current network namespace: TAP and AF_PACKET ports that carry frames as bytes, link state, link changes.

A TAP device lives as long as its descriptor, wherever `ip link set … netns` moves it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from dataclasses import dataclass
from typing import Protocol

from pyovn.runtime.offload import VNET_HEADER, whole_frames

LONGEST_FRAME = 65536 + 64
BATCH = 64
ETH_P_ALL = 3

_TUNSETIFF, _TUNSETOFFLOAD = 0x400454CA, 0x400454D0
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_SIOCGIFFLAGS, _SIOCSIFFLAGS = 0x8913, 0x8914
_SIOCGIFMTU, _SIOCSIFMTU = 0x8921, 0x8922
_SIOCSIFHWADDR, _SIOCGIFHWADDR = 0x8924, 0x8927
_SIOCGIFINDEX = 0x8933
_IFF_UP, _IFF_RUNNING = 0x1, 0x40
_ARPHRD_ETHER = 1
_SOL_PACKET, _PACKET_VNET_HDR, _PACKET_IGNORE_OUTGOING = 263, 15, 23
_PACKET_ADD_MEMBERSHIP, _PACKET_MR_PROMISC = 1, 1
_RTMGRP_LINK = 1


class NetdevError(Exception):
    """A device cannot be had or set; the text is the operating system's reason, as Interface.error holds it."""


class Device(Protocol):
    """Something that frames go into and come out of, without blocking."""

    name: str

    def fileno(self) -> int:
        """What to watch for frames."""

    def read(self) -> list[bytes]:
        """The frames that have come, some at a time; empty when there are none (or the device is gone)."""

    def write(self, frame: bytes) -> bool:
        """Send a frame; False if the kernel did not take it."""

    def close(self) -> None:
        """Let go of the device."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the kernel says about a device: `up` as set by the administrator, `running` with a carrier."""

    name: str
    ifindex: int
    mac: str
    mtu: int
    up: bool
    running: bool


class Tap:
    """A TAP device; the kernel completes checksums and cuts segments before a frame comes here."""

    def __init__(self, name: str, fd: int) -> None:
        self.name = name
        self._fd = fd

    def fileno(self) -> int:
        """See `Device`."""
        return self._fd

    def read(self) -> list[bytes]:
        """See `Device`."""
        frames: list[bytes] = []
        try:
            while len(frames) < BATCH:
                frames.append(os.read(self._fd, LONGEST_FRAME))
        except OSError:
            pass
        return frames

    def write(self, frame: bytes) -> bool:
        """See `Device`."""
        try:
            os.write(self._fd, frame)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """See `Device`; the kernel removes the device."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class PacketPort:
    """An existing device by AF_PACKET, promiscuous; what offloads left undone is done here (see `offload`)."""

    def __init__(self, name: str, sock: socket.socket) -> None:
        self.name = name
        self._sock = sock

    def fileno(self) -> int:
        """See `Device`."""
        return self._sock.fileno()

    def read(self) -> list[bytes]:
        """See `Device`."""
        frames: list[bytes] = []
        try:
            while len(frames) < BATCH:
                frames += whole_frames(self._sock.recv(LONGEST_FRAME))
        except OSError:
            pass
        return frames

    def write(self, frame: bytes) -> bool:
        """See `Device`."""
        try:
            self._sock.send(VNET_HEADER + frame)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """See `Device`."""
        self._sock.close()


def open_tap(name: str) -> Tap:
    """Make a TAP device called `name`, or take over one that nobody holds; `NetdevError` if that cannot be."""
    try:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _refusal(error) from None
    try:
        fcntl.ioctl(fd, _TUNSETIFF, struct.pack("16sH22x", _name(name), _IFF_TAP | _IFF_NO_PI))
    except OSError as error:
        os.close(fd)
        raise _refusal(error) from None
    return Tap(name, fd)


def open_packet(name: str) -> PacketPort:
    """Attach to the device `name`; `NetdevError` if there is none."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
    try:
        index = socket.if_nametoindex(name)
        sock.setsockopt(_SOL_PACKET, _PACKET_VNET_HDR, 1)
        sock.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
        sock.bind((name, ETH_P_ALL))
        sock.setsockopt(_SOL_PACKET, _PACKET_ADD_MEMBERSHIP, struct.pack("iHH8s", index, _PACKET_MR_PROMISC, 0, b""))
    except OSError as error:
        sock.close()
        raise NetdevError(os.strerror(errno.ENODEV) if isinstance(error.errno, type(None)) else os.strerror(error.errno)) from None
    return PacketPort(name, sock)


def read_link(name: str) -> LinkState | None:
    """The state of the device `name`, None if this namespace has none."""
    try:
        (ifindex,) = struct.unpack_from("i", _ioctl(_SIOCGIFINDEX, name), 16)
        (flags,) = struct.unpack_from("H", _ioctl(_SIOCGIFFLAGS, name), 16)
        (mtu,) = struct.unpack_from("i", _ioctl(_SIOCGIFMTU, name), 16)
        mac = _ioctl(_SIOCGIFHWADDR, name)[18:24]
    except OSError:
        return None
    return LinkState(name, ifindex, mac.hex(":"), mtu, bool(flags & _IFF_UP), bool(flags & _IFF_RUNNING))


def set_up(name: str, up: bool = True) -> None:
    """Switch the device on or off; `NetdevError` if there is none."""
    try:
        (flags,) = struct.unpack_from("H", _ioctl(_SIOCGIFFLAGS, name), 16)
        _ioctl(_SIOCSIFFLAGS, name, struct.pack("H", flags | _IFF_UP if up else flags & ~_IFF_UP))
    except OSError as error:
        raise _refusal(error) from None


def set_mac(name: str, mac: str) -> None:
    """Give the device an Ethernet address (`aa:bb:cc:dd:ee:ff`)."""
    try:
        _ioctl(_SIOCSIFHWADDR, name, struct.pack("H6s", _ARPHRD_ETHER, bytes.fromhex(mac.replace(":", ""))))
    except OSError as error:
        raise _refusal(error) from None


def set_mtu(name: str, mtu: int) -> None:
    """Set the longest packet, in bytes without the Ethernet header."""
    try:
        _ioctl(_SIOCSIFMTU, name, struct.pack("i", mtu))
    except OSError as error:
        raise _refusal(error) from None


class LinkWatch:
    """Tells that some device of this namespace has changed, came or went."""

    def __init__(self) -> None:
        self._sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
        self._sock.bind((0, _RTMGRP_LINK))

    def fileno(self) -> int:
        """What to watch."""
        return self._sock.fileno()

    def changed(self) -> bool:
        """Whether anything happened since last asked."""
        news = False
        try:
            while self._sock.recv(65536):
                news = True
        except BlockingIOError:
            pass
        except OSError as error:
            news = news or error.errno == errno.ENOBUFS
        return news

    def close(self) -> None:
        """Stop watching."""
        self._sock.close()


def _ioctl(request: int, name: str, argument: bytes = b"") -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return bytes(fcntl.ioctl(sock.fileno(), request, struct.pack("16s24s", _name(name), argument)))


def _name(name: str) -> bytes:
    encoded = os.fsencode(name)
    if not 0 < len(encoded) < 16:
        raise NetdevError(os.strerror(errno.EINVAL))
    return encoded


def _refusal(error: OSError) -> NetdevError:
    return NetdevError(os.strerror(error.errno) if error.errno else str(error))
