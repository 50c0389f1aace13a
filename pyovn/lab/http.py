"""The part of HTTP (RFC 9112) and curl(1) that shows which server answered: one request, one file, and the connection ends."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import NamedTuple

from pyovn.lab.tcp import Connection, State

END = b"\r\n\r\n"


class Url(NamedTuple):
    """Where a page is."""

    host: str
    port: int
    path: str


class UrlError(ValueError):
    """An address that the simulated curl cannot read."""


def parse_url(text: str) -> Url:
    """`[http://]ADDRESS[:PORT][/PATH]`, or UrlError."""
    host, slash, path = text.removeprefix("http://").partition("/")
    address, _, port = host.partition(":")
    try:
        return Url(str(IPv4Address(address)), int(port or 80), slash + path or "/")
    except ValueError:
        raise UrlError(f"curl: (6) Could not resolve host: {address}") from None


def request(url: Url) -> bytes:
    """What a client sends."""
    return f"GET {url.path} HTTP/1.0\r\nHost: {url.host}:{url.port}\r\n\r\n".encode()


def answer(files: Mapping[str, str], folder: str, said: bytes) -> bytes | None:
    """What a server of a folder's files answers; None while the request is not whole."""
    if END not in said:
        return None
    words = said.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    path = words[1] if len(words) > 1 else "/"
    text = files.get(f"{folder}{path}index.html" if path.endswith("/") else folder + path)
    status, body = ("200 OK", text) if text is not None else ("404 File not found", "Error response\n")
    data = body.encode()
    return f"HTTP/1.0 {status}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


def outcome(connection: Connection, url: Url, seconds: float) -> tuple[str, str, int]:
    """What curl prints to its two outputs, and its exit status."""
    if connection.state is State.REFUSED:
        return "", f"curl: (7) Failed to connect to {url.host} port {url.port}: Connection refused\n", 7
    _, found, body = bytes(connection.received).partition(END)
    if not found:
        return "", f"curl: (28) Failed to connect to {url.host} port {url.port} after {seconds * 1000:.0f} ms: Timeout was reached\n", 28
    return body.decode(errors="replace"), "", 0
