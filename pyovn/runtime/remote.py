"""The names of connection methods (ovsdb(7)).

`unix:FILE tcp:HOST:PORT ssl:HOST:PORT` to connect; `punix:FILE ptcp:PORT[:IP] pssl:PORT[:IP]` to listen.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, cast

Scheme = Literal["unix", "tcp", "ssl", "punix", "ptcp", "pssl"]

OVSDB_PORT = 6640
OPENFLOW_PORT = 6653
WORD_OF_UNKNOWN = os.strerror(errno.EAFNOSUPPORT)


class RemoteError(Exception):
    """A connection method cannot be read or reached; the text is the reason alone, as in the parentheses of the reference's messages."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A connection method; `file` for the unix ones, `host` and `port` for the others (`host` is "" to listen on every address)."""

    scheme: Scheme
    file: str = ""
    host: str = ""
    port: int = 0

    @property
    def passive(self) -> bool:
        """Whether it listens."""
        return self.scheme.startswith("p")


def parse_remote(text: str, *, default_port: int = OVSDB_PORT) -> Remote:
    """Read a connection method; `RemoteError` with the reference's reason otherwise."""
    scheme, colon, rest = text.partition(":")
    if not colon or scheme not in ("unix", "tcp", "ssl", "punix", "ptcp", "pssl"):
        raise RemoteError(WORD_OF_UNKNOWN)
    if scheme.endswith("unix"):
        if not rest:
            raise RemoteError(os.strerror(errno.EINVAL))
        return Remote(cast(Scheme, scheme), file=rest)
    first, second = _split_brackets(rest)
    if scheme.startswith("p"):
        port = _port(first, default_port)
        return Remote(cast(Scheme, scheme), host=_address(second), port=port)
    if not first:
        raise RemoteError(WORD_OF_UNKNOWN)
    return Remote(cast(Scheme, scheme), host=first, port=_port(second, default_port))


def format_address(host: str, port: int) -> str:
    """`HOST:PORT` with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_passive(text: str) -> bool:
    """Whether `text` names something to listen on."""
    return text.startswith(("punix:", "ptcp:", "pssl:"))


def _split_brackets(text: str) -> tuple[str, str]:
    """The two parts around a colon, either of which may be an IPv6 address in brackets."""
    if text.startswith("["):
        inside, closing, rest = text[1:].partition("]")
        if not closing or (rest and not rest.startswith(":")):
            raise RemoteError(WORD_OF_UNKNOWN)
        return inside, rest[1:]
    first, _, second = text.partition(":")
    return first, second.removeprefix("[").removesuffix("]")


def _port(text: str, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise RemoteError(WORD_OF_UNKNOWN)
    return int(text)


def _address(text: str) -> str:
    if text:
        try:
            ip_address(text.partition("%")[0])
        except ValueError:
            raise RemoteError(WORD_OF_UNKNOWN) from None
    return text
