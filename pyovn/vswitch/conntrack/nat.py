"""Translating addresses: choosing what a new connection looks like from the other side, and rewriting its packets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zlib import crc32

from pyovn.packet import slot
from pyovn.packet.checksum import adjust, checksum
from pyovn.packet.flow import ETH_IPV4, ICMP, ICMPV6, TCP, UDP, Flow, Layers
from pyovn.vswitch.conntrack.key import Inner, Key, reversed_key
from pyovn.vswitch.ops import Translation

MOST_TRIES = 128
"""Ports tried before a translation counts as exhausted."""

_EPHEMERAL = ((512, 1, 511), (1024, 600, 1023), (65536, 1024, 65535))
"""A source port below the first may be replaced by one from second to third, so that privileged ports stay privileged."""


def choose(key: Key, want: Translation, taken: Callable[[Key], bool]) -> Key | None:
    """The key that packets of a new connection have after translation, whose answers nobody else gets; None if all are taken."""
    address = _address(key, want)
    for port in _ports(key, want):
        candidate = _translated(key, want, address, port)
        if not taken(reversed_key(candidate)):
            return candidate
    if want.kind == "dst" and not want.first_port:
        # The server's port must stay, so the client's gives way.
        moved = _translated(key, want, address, key.dport)
        for port in _around(key.sport, key):
            candidate = moved._replace(sport=port)
            if not taken(reversed_key(candidate)):
                return candidate
    return None


def _address(key: Key, want: Translation) -> int:
    """One of the range, the same for the same two hosts; 0.0.0.0 and :: leave the address alone."""
    if not want.first and not want.last:
        return key.src if want.kind == "src" else key.dst
    last = want.last or want.first
    if last == want.first:
        return want.first
    hosts = key.src.to_bytes(16, "big") + key.dst.to_bytes(16, "big")
    return want.first + crc32(hosts) % (last - want.first + 1)


def _ports(key: Key, want: Translation) -> Iterator[int]:
    """Ports to try, best first."""
    if key.protocol in (ICMP, ICMPV6):
        yield key.sport if want.kind == "src" else key.dport
        return
    if want.first_port:
        count = (want.last_port or want.first_port) - want.first_port + 1
        own = key.sport if want.kind == "src" else key.dport
        if want.first_port <= own < want.first_port + count and not want.random:
            yield own
        start = crc32(repr(key).encode()) % count if want.random or want.hashed else 0
        yield from (want.first_port + (start + step) % count for step in range(min(count, MOST_TRIES)))
    elif want.kind == "dst":
        yield key.dport
    else:
        yield key.sport
        yield from _around(key.sport, key)


def _around(port: int, key: Key) -> Iterator[int]:
    low, high = next((low, high) for limit, low, high in _EPHEMERAL if port < limit)
    count = high - low + 1
    start = crc32(repr(key).encode()) % count
    yield from (low + (start + step) % count for step in range(min(count, MOST_TRIES)))


def _translated(key: Key, want: Translation, address: int, port: int) -> Key:
    if want.kind == "src":
        return key._replace(src=address, sport=port)
    return key._replace(dst=address, dport=port)


def rewrite_flow(flow: Flow, old: Key, new: Key) -> None:
    """Give a packet of key `old` the addresses and ports of `new`."""
    if flow[slot.ETH_TYPE] == ETH_IPV4:
        flow[slot.NW_SRC], flow[slot.NW_DST] = new.src, new.dst
    else:
        flow[slot.IPV6_SRC], flow[slot.IPV6_DST] = new.src, new.dst
    if old.protocol not in (ICMP, ICMPV6):
        flow[slot.TP_SRC], flow[slot.TP_DST] = new.sport, new.dport


def rewrite_quote(frame: bytes, layers: Layers, inner: Inner, new: Key) -> bytes:
    """An ICMP error whose quoted packet has the addresses and ports of `new`, checksums right."""
    out = bytearray(frame)
    size, at = (4, inner.l3 + 12) if new.family == 4 else (16, inner.l3 + 8)
    was = int.from_bytes(out[at : at + 2 * size], "big"), int.from_bytes(out[inner.l4 : inner.l4 + 4], "big")
    out[at : at + 2 * size] = new.src.to_bytes(size, "big") + new.dst.to_bytes(size, "big")
    if new.family == 4:
        _adjust(out, inner.l3 + 10, was[0], int.from_bytes(out[at : at + 2 * size], "big"))
    if new.protocol not in (ICMP, ICMPV6):
        out[inner.l4 : inner.l4 + 4] = new.sport.to_bytes(2, "big") + new.dport.to_bytes(2, "big")
    place = inner.l4 + _CHECKSUMS.get(new.protocol, len(out))
    # A quote may end before its checksum, and UDP may have none.
    if place + 2 <= layers.end and (new.protocol != UDP or any(out[place : place + 2])):
        _adjust(out, place, was[0], int.from_bytes(out[at : at + 2 * size], "big"))
        if new.protocol != ICMPV6:
            _adjust(out, place, was[1], int.from_bytes(out[inner.l4 : inner.l4 + 4], "big"))
    l4 = layers.l4
    out[l4 + 2 : l4 + 4] = bytes(2)
    partial = 0
    if new.family == 6:
        partial = int.from_bytes(out[layers.l3 + 8 : layers.l3 + 40], "big") + ICMPV6 + layers.end - l4
    out[l4 + 2 : l4 + 4] = checksum(bytes(out[l4 : layers.end]), partial).to_bytes(2, "big")
    return bytes(out)


_CHECKSUMS = {TCP: 16, UDP: 6, ICMPV6: 2}
"""Where a transport header has a checksum that covers addresses."""


def _adjust(out: bytearray, at: int, before: int, after: int) -> None:
    out[at : at + 2] = adjust(int.from_bytes(out[at : at + 2], "big"), before, after).to_bytes(2, "big")
