"""UDP sockets for tunnels: one port, every local address, the address of either end known for each datagram."""

from __future__ import annotations

import os
import socket
import struct
from ipaddress import ip_address
from typing import NamedTuple

BATCH = 64
LONGEST_DATAGRAM = 65535
BUFFER_SIZE = 4 * 1024 * 1024

_IP_PKTINFO, _IP_TOS, _IP_TTL, _IP_MTU_DISCOVER, _IP_PMTUDISC_DONT = 8, 1, 2, 10, 0
_IPV6_RECVPKTINFO, _IPV6_PKTINFO, _IPV6_TCLASS, _IPV6_V6ONLY = 49, 50, 67, 26


class UdpError(Exception):
    """The port cannot be had; the text is the operating system's reason."""


class Datagram(NamedTuple):
    """What came, from where, to which of our addresses."""

    payload: bytes
    source: str
    source_port: int
    destination: str


class UdpPort:
    """A bound UDP port of IPv4, or of IPv6."""

    def __init__(self, sock: socket.socket, version: int) -> None:
        self._sock = sock
        self._version = version

    def fileno(self) -> int:
        """What to watch for datagrams."""
        return self._sock.fileno()

    @property
    def port(self) -> int:
        """The port bound."""
        return int(self._sock.getsockname()[1])

    def read(self) -> list[Datagram]:
        """The datagrams that have come, some at a time."""
        datagrams: list[Datagram] = []
        try:
            while len(datagrams) < BATCH:
                payload, extra, _, address = self._sock.recvmsg(LONGEST_DATAGRAM, 128)
                datagrams.append(Datagram(payload, address[0], address[1], _destination(extra)))
        except OSError:
            pass
        return datagrams

    def send(self, payload: bytes, destination: str, port: int, *, source: str = "", tos: int = 0) -> bool:
        """Send a datagram, from `source` if given; False if the kernel did not take it."""
        try:
            self._sock.sendmsg([payload], _ancillary(self._version, source, tos), 0, (destination, port))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Give the port back."""
        self._sock.close()


def open_udp(port: int, *, version: int = 4) -> UdpPort:
    """Bind `port` on every address of IP `version`; `UdpError` if it is taken."""
    sock = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        if version == 6:
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_V6ONLY, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVPKTINFO, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
            sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_DONT)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_SIZE)
        sock.bind(("", port))
    except OSError as error:
        sock.close()
        raise UdpError(os.strerror(error.errno or 0)) from None
    return UdpPort(sock, version)


def _ancillary(version: int, source: str, tos: int) -> list[tuple[int, int, bytes]]:
    extra: list[tuple[int, int, bytes]] = []
    if version == 6:
        if source:
            extra.append((socket.IPPROTO_IPV6, _IPV6_PKTINFO, ip_address(source).packed + struct.pack("I", 0)))
        if tos:
            extra.append((socket.IPPROTO_IPV6, _IPV6_TCLASS, struct.pack("i", tos)))
        return extra
    if source:
        extra.append((socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("I4s4s", 0, ip_address(source).packed, b"")))
    if tos:
        extra.append((socket.IPPROTO_IP, _IP_TOS, struct.pack("i", tos)))
    return extra


def _destination(extra: list[tuple[int, int, bytes]]) -> str:
    for level, kind, data in extra:
        if level == socket.IPPROTO_IP and kind == _IP_PKTINFO:
            return socket.inet_ntoa(data[8:12])
        if level == socket.IPPROTO_IPV6 and kind == _IPV6_PKTINFO:
            return socket.inet_ntop(socket.AF_INET6, data[:16])
    return ""
