"""Connection tracking: NXAST_CT with NXAST_NAT and the actions of `exec` inside, and NXAST_CT_CLEAR."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow.action import Action, Ct, CtClear, Nat
from pyovn.openflow.action_registry import decode_actions, decodes_nicira, encode_actions, encodes, nicira
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import Subfield
from pyovn.openflow.subfield_wire import header_of_32_bits, pack_range, subfield_of
from pyovn.openflow.value_text import format_ipv4, format_ipv6, parse_ipv4, parse_ipv6

CT, NAT, CT_CLEAR = 35, 36, 43
_COMMIT, _FORCE = 1, 2
_SRC, _DST, _PERSISTENT, _HASH, _RANDOM = 1, 2, 4, 8, 16
_PRESENT = ((1, 4), (2, 4), (4, 16), (8, 16), (16, 2), (32, 2))
"""What a translation may carry, in order: the bit that says so, and its bytes."""

_CT = Struct(">HIHB3xH")
_NAT = Struct(">2xHH")


@encodes(Ct)
def _encode_ct(action: Ct, version: int) -> bytes:
    flags = (_COMMIT if action.commit else 0) | (_FORCE if action.force else 0)
    if isinstance(action.zone, Subfield):
        header, zone = int.from_bytes(header_of_32_bits(action.zone.field), "big"), pack_range(action.zone)
    else:
        header, zone = 0, action.zone
    return nicira(CT, _CT.pack(flags, header, zone, action.table, action.alg) + encode_actions(action.actions, version))


@decodes_nicira(CT)
def _decode_ct(data: bytes, version: int) -> Action:
    flags, header, zone, table, alg = _CT.unpack_from(data, 10)
    if flags & _FORCE and not flags & _COMMIT:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, "ct(force) without commit")
    source = subfield_of(header, zone) if header else zone
    actions = decode_actions(data[24:], version)
    return Ct(bool(flags & _COMMIT), bool(flags & _FORCE), source, table, alg, actions)


@encodes(CtClear)
def _encode_ct_clear(action: CtClear, version: int) -> bytes:
    return nicira(CT_CLEAR, bytes(6))


@decodes_nicira(CT_CLEAR)
def _decode_ct_clear(data: bytes, version: int) -> Action:
    return CtClear()


@encodes(Nat)
def _encode_nat(action: Nat, version: int) -> bytes:
    flags = {"": 0, "src": _SRC, "dst": _DST}[action.kind]
    flags |= (_PERSISTENT if action.persistent else 0) | (_HASH if action.hash else 0) | (_RANDOM if action.random else 0)
    present, body = 0, b""
    for bit, payload in _range(action):
        present |= bit
        body += payload
    return nicira(NAT, _NAT.pack(flags, present) + body)


def _range(action: Nat) -> Iterator[tuple[int, bytes]]:
    """What of a range there is: the bit that says so, and the bytes."""
    for place, address in enumerate((action.address, action.last_address)):
        if ":" in address:
            yield 4 << place, parse_ipv6(address).to_bytes(16, "big")
        elif address:
            yield 1 << place, parse_ipv4(address).to_bytes(4, "big")
    if action.address:
        for place, port in enumerate((action.port, action.last_port)):
            if port:
                yield 16 << place, port.to_bytes(2, "big")


@decodes_nicira(NAT)
def _decode_nat(data: bytes, version: int) -> Action:
    flags, present = _NAT.unpack_from(data, 10)
    if (flags & _SRC and flags & _DST) or flags > 31:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"nat with flags {flags:#x}")
    at, found = 16, {}
    for bit, size in _PRESENT:
        if present & bit:
            found[bit] = int.from_bytes(data[at : at + size], "big")
            at += size
    if at > len(data) or (present & 3 and present & 12):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"nat with range {present:#x} in {len(data)} bytes")
    first, last = (
        format_ipv4(found[v4]) if v4 in found else format_ipv6(found[v6]) if v6 in found else "" for v4, v6 in ((1, 4), (2, 8))
    )
    kind = "src" if flags & _SRC else "dst" if flags & _DST else ""
    return Nat(
        kind, first, last, found.get(16, 0), found.get(32, 0), bool(flags & _PERSISTENT), bool(flags & _HASH), bool(flags & _RANDOM)
    )
