"""VIPs: what clients see and who stands behind it, as load balancers write them, or with variables in them.

A variable, `^NAME`, is filled in by each chassis for itself.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

PREFIX = "^"
"""What a variable begins with."""


class Endpoint(NamedTuple):
    """An address with a port, or without."""

    address: str
    """In a template perhaps a variable."""
    port: int | str
    """0: none was given; a text in a template."""
    ipv6: bool = False
    """What a variable stands for is an IPv6 address."""

    @property
    def is_ipv6(self) -> bool:
        """True for IPv6."""
        return self.ipv6 or ":" in self.address

    def __str__(self) -> str:
        if not self.port:
            return self.address
        return f"[{self.address}]:{self.port}" if self.is_ipv6 else f"{self.address}:{self.port}"


class Vip(NamedTuple):
    """What clients see, and who stands behind it."""

    seen: Endpoint
    backends: tuple[Endpoint, ...]
    key: str
    """The VIP as it was written."""
    text: str
    """The backends as they were written."""

    @property
    def is_variable(self) -> bool:
        """Which address it has, only chassis know."""
        return PREFIX in self.seen.address

    @property
    def ip(self) -> str:
        """`ip4` or `ip6`, as matches write it."""
        return "ip6" if self.seen.is_ipv6 else "ip4"


def parse_vip(key: str, value: str) -> Vip | None:
    """`VIP[:PORT]` with its backends, separated by commas; None if the VIP is none, or a backend is: all have ports, or none has."""
    seen = parse_endpoint(key)
    backends = [parse_endpoint(text) for text in value.split(",") if text]
    good = tuple(backend for backend in backends if backend is not None and (not seen or _is_alike(backend, seen)))
    return Vip(seen, good, key, value) if seen is not None and len(good) == len(backends) else None


def parse_endpoint(text: str) -> Endpoint | None:
    """`IP`, `IPv4:PORT` or `[IPv6]:PORT`."""
    address, port = text, ""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdecimal() and int(port) < 65536):
        return None
    try:
        return Endpoint(str(ip_address(address)), int(port or 0))
    except ValueError:
        return None


def _is_alike(backend: Endpoint, seen: Endpoint) -> bool:
    return backend.is_ipv6 is seen.is_ipv6 and bool(backend.port) is bool(seen.port)


def parse_template(key: str, value: str, *, ipv6: bool) -> Vip | None:
    """`VIP[:PORT]` with its backends, each part perhaps a variable; None if one is neither that nor an address of the family."""
    seen = _parts(key, ipv6)
    backends = [_backend(text, ipv6) for text in value.split(",") if text]
    good = tuple(
        backend for backend in backends
        if backend is not None and (not seen or backend.address.startswith(PREFIX) or _is_alike(backend, seen))
    )  # fmt: skip
    return Vip(seen, good, key, value) if seen is not None and len(good) == len(backends) else None


def _parts(text: str, ipv6: bool) -> Endpoint | None:
    words = [word for word in text.split(":") if word]
    if not words or len(words) > 2:
        return None
    return Endpoint(words[0], words[1] if len(words) == 2 else 0, ipv6)


def _backend(text: str, ipv6: bool) -> Endpoint | None:
    if text.startswith(PREFIX):
        return _parts(text, ipv6)
    return parse_endpoint(text)
