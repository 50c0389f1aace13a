"""Frames inside UDP: Geneve (RFC 8926) with its options, and VXLAN (RFC 7348)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyovn.openflow.session import TlvMapping
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.vswitch.datapath import Kind, Port

GENEVE_PORT, VXLAN_PORT = 6081, 4789
_TRANSPARENT_ETHERNET = 0x6558
_OAM, _CRITICAL = 0x80, 0x40


class TunnelError(ValueError):
    """A datagram that is not what its port promises."""


class Decapsulated(NamedTuple):
    """What a tunnel datagram held; options as (class, type, data)."""

    key: int
    frame: bytes
    options: tuple[tuple[int, int, bytes], ...] = ()
    oam: bool = False


def encode_geneve(key: int, options: Iterable[tuple[int, int, bytes]], frame: bytes, *, oam: bool = False) -> bytes:
    """A Geneve datagram's payload; options are padded to multiples of four bytes."""
    encoded = b"".join(
        kind_class.to_bytes(2, "big") + bytes((kind, (len(data) + 3) // 4)) + data + bytes(-len(data) % 4)
        for kind_class, kind, data in options
    )
    flags = _OAM if oam else 0
    if any(kind & 0x80 for _, kind, _ in options):
        flags |= _CRITICAL
    head = bytes((len(encoded) // 4, flags)) + _TRANSPARENT_ETHERNET.to_bytes(2, "big") + (key << 8).to_bytes(4, "big")
    return head + encoded + frame


def decode_geneve(payload: bytes) -> Decapsulated:
    """Read a Geneve datagram's payload; TunnelError if it is cut short, of another version, or not Ethernet."""
    if len(payload) < 8:
        raise TunnelError(f"Geneve: {len(payload)} bytes are no header")
    if payload[0] >> 6:
        raise TunnelError(f"Geneve: version {payload[0] >> 6} is unknown")
    end = 8 + (payload[0] & 0x3F) * 4
    if int.from_bytes(payload[2:4], "big") != _TRANSPARENT_ETHERNET:
        raise TunnelError(f"Geneve: protocol 0x{payload[2:4].hex()} is not Ethernet")
    if len(payload) < end:
        raise TunnelError("Geneve: options are cut short")
    options, at = [], 8
    while at < end:
        size = (payload[at + 3] & 0x1F) * 4
        if at + 4 + size > end:
            raise TunnelError("Geneve: an option is longer than all of them")
        options.append((int.from_bytes(payload[at : at + 2], "big"), payload[at + 2], payload[at + 4 : at + 4 + size]))
        at += 4 + size
    return Decapsulated(int.from_bytes(payload[4:7], "big"), payload[end:], tuple(options), bool(payload[1] & _OAM))


def encode_vxlan(key: int, frame: bytes) -> bytes:
    """A VXLAN datagram's payload."""
    return b"\x08\0\0\0" + (key << 8).to_bytes(4, "big") + frame


def decode_vxlan(payload: bytes) -> Decapsulated:
    """Read a VXLAN datagram's payload; TunnelError if it is cut short or has no VNI."""
    if len(payload) < 8 or not payload[0] & 0x08:
        raise TunnelError("VXLAN: no header with a VNI")
    return Decapsulated(int.from_bytes(payload[4:7], "big"), payload[8:])


def decode(kind: Kind, payload: bytes) -> Decapsulated:
    """Read a datagram for a tunnel of this kind."""
    return decode_geneve(payload) if kind is Kind.GENEVE else decode_vxlan(payload)


def accepts(port: Port, udp_port: int, remote: int, local: int, key: int) -> int | None:
    """How well a tunnel port fits a datagram, None if not at all: the more of it is fixed, the better."""
    config = port.tunnel
    if config is None or config.port != udp_port or (config.in_key is not None and config.in_key != key):
        return None
    if config.remote and config.remote != remote:
        return None
    if config.local and config.local != local:
        return None
    return 4 * (config.in_key is not None) + 2 * bool(config.remote) + bool(config.local)


def write_fields(flow: Flow, got: Decapsulated, *, family: int, remote: int, local: int) -> None:
    """Tell a packet's flow the tunnel that it came through."""
    flow[slot.TUN_ID] = got.key
    if family == 4:
        flow[slot.TUN_SRC], flow[slot.TUN_DST] = remote, local
    else:
        flow[slot.TUN_IPV6_SRC], flow[slot.TUN_IPV6_DST] = remote, local
    flow[slot.TUN_FLAGS] = 1 if got.oam else 0


def write_options(flow: Flow, got: Decapsulated, mappings: Iterable[TlvMapping]) -> bool:
    """Tell the flow the options that have a field; False if one that may not be ignored (RFC 8926, 3.5) has none."""
    by_kind = {(mapping.option_class, mapping.option_type): mapping for mapping in mappings}
    for option_class, option_type, data in got.options:
        mapping = by_kind.get((option_class, option_type))
        if mapping is not None and mapping.length == len(data):
            flow[slot.TUN_METADATA0 + mapping.index] = int.from_bytes(data, "big")
        elif option_type & 0x80 and mapping is None:
            return False
    return True
