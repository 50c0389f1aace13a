"""The `ct` and `ct_clear` actions: how a packet comes to the connection tracker, and where it goes on."""

from __future__ import annotations

from ipaddress import ip_address

from pyovn.openflow import ports
from pyovn.openflow.action import THIS_TABLE, Ct, Nat, Resubmit, SetField
from pyovn.openflow.fields import Subfield
from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV4
from pyovn.vswitch.datapath import Todo
from pyovn.vswitch.ops import Track, Translation, Untrack
from pyovn.vswitch.pipeline import look_up
from pyovn.vswitch.walk import Frame, Walk, commit, consult, forget_connection, freeze, peek, read

_SHARED = ((slot.NW_SRC, slot.CT_NW_SRC), (slot.NW_DST, slot.CT_NW_DST), (slot.NW_PROTO, slot.CT_NW_PROTO),
           (slot.TP_SRC, slot.CT_TP_SRC), (slot.TP_DST, slot.CT_TP_DST),
           (slot.IPV6_SRC, slot.CT_IPV6_SRC), (slot.IPV6_DST, slot.CT_IPV6_DST))  # fmt: skip
"""Where a packet and its connection keep the same thing."""


def through_tracker(walk: Walk, action: Ct) -> None:
    """Send the packet through the tracker; a copy that knows the answer goes on in the table named."""
    zone = read(walk, action.zone) if isinstance(action.zone, Subfield) else action.zone
    mark, label = _marks(walk, action)
    commit(walk)
    then = None
    if action.table != THIS_TABLE:
        then = freeze(walk, (Todo((Resubmit(ports.IN_PORT, action.table),)),), tracked=True)
    nat = next((translation_of(part) for part in action.actions if isinstance(part, Nat)), None)
    walk.ops.append(Track(zone & 0xFFFF, action.commit, action.force, mark, label, nat, then))
    forget_connection(walk)


def clear(walk: Walk) -> None:
    """Make the packet one that the tracker never saw."""
    if walk.tracked:
        walk.ops.append(Untrack())
    forget_connection(walk)


def _marks(walk: Walk, action: Ct) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """What `exec` writes to the connection's mark and label, as (value, mask)."""
    found: dict[int, tuple[int, int]] = {}
    for part in action.actions:
        if isinstance(part, SetField):
            at, value, mask = part.field.slot, part.value, part.mask
        elif not isinstance(part, Nat):
            target = getattr(part, "target", None)
            source = getattr(part, "source", None)
            if target is None or source is None:
                continue
            at, value, mask = target.field.slot, read(walk, source) << target.offset, target.mask
        else:
            continue
        old_value, old_mask = found.get(at, (0, 0))
        found[at] = (old_value & ~mask | value & mask, old_mask | mask)
    return found.get(slot.CT_MARK), found.get(slot.CT_LABEL)


def translation_of(action: Nat) -> Translation:
    """A `nat` action with its addresses as numbers."""
    first = int(ip_address(action.address)) if action.address else 0
    last = int(ip_address(action.last_address)) if action.last_address else first
    return Translation(action.kind, first, last, action.port, action.last_port, action.hash, action.random)


def look_up_original(walk: Walk, table: int, in_port: int, frame: Frame) -> None:
    """A look-up with the addresses and ports that the connection's first packet had (`resubmit(,N,ct)`)."""
    if not peek(walk, slot.CT_STATE):
        return
    peek(walk, slot.CT_NW_PROTO)
    swapped = _SHARED[:5] if walk.flow[slot.ETH_TYPE] == ETH_IPV4 else _SHARED[2:]
    kept = [(own, walk.flow[own], walk.known[own]) for own, _ in swapped]
    for own, original in swapped:
        consult(walk, original, -1)
        walk.flow[own], walk.known[own] = walk.flow[original], -1
    look_up(walk, table, in_port, frame)
    for own, value, known in kept:
        walk.flow[own], walk.known[own] = value, known
