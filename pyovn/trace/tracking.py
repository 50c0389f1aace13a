"""What conntrack would say and do, as far as a trace can assume it."""

from __future__ import annotations

from pyovn.logical.actions import balance, conntrack
from pyovn.logical.actions.reader import format_ref, subfield_of
from pyovn.logical.constants import parse_ipv4, parse_ipv6
from pyovn.openflow.fields import FIELDS, write, write_bits
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.trace.engine import Step, simulates
from pyovn.trace.tree import Kind

CT_FLAGS = {"new": 0x01, "est": 0x02, "rel": 0x04, "rpl": 0x08, "inv": 0x10, "trk": 0x20, "snat": 0x40, "dnat": 0x80}
"""Bits of ct_state by name."""
DEFAULT_NOTE = " /* default (use --ct to customize) */"
ETH_IPV6 = 0x86DD


_ORIGINAL = {
    slot.CT_NW_PROTO: slot.NW_PROTO, slot.CT_NW_SRC: slot.NW_SRC, slot.CT_NW_DST: slot.NW_DST, slot.CT_IPV6_SRC: slot.IPV6_SRC,
    slot.CT_IPV6_DST: slot.IPV6_DST, slot.CT_TP_SRC: slot.TP_SRC, slot.CT_TP_DST: slot.TP_DST,
}  # fmt: skip
"""Where a tracked packet remembers what it was like: each slot's own."""


def _track(packet: Flow, state: int) -> None:
    """The packet has been through the connection tracker."""
    packet[slot.CT_STATE] = state
    for at, source in _ORIGINAL.items():
        packet[at] = packet[source]


def _continue(step: Step, title: str) -> Step:
    """A packet of its own that goes on in the next table under a title."""
    return step.branch(step.say(Kind.TRANSFORMATION, title))


def _is_gateway(step: Step) -> bool:
    """Whether all of the router is on one chassis."""
    return any(port.kind == "l3gateway" for port in step.trace.network.ports(step.datapath).values())


@simulates(conntrack.CtNext)
def ct_next(step: Step, action: conntrack.CtNext) -> None:
    """`ct_next(ZONE);`"""
    state, is_default = step.trace.next_ct_state()
    words = "|".join(name for name, bit in CT_FLAGS.items() if state & bit)
    inner = _continue(step, f"ct_next(ct_state={words}{DEFAULT_NOTE if is_default else ''})")
    _track(inner.flow, state)
    inner.next()


@simulates(conntrack.CtCommitToZone)
def ct_commit_to_zone(step: Step, action: conntrack.CtCommitToZone) -> None:
    """`ct_commit_to_zone(ZONE);`"""
    _continue(step, f"ct_commit_to_zone({action.zone})").next()


@simulates(conntrack.CtCommitNat)
def ct_commit_nat(step: Step, action: conntrack.CtCommitNat) -> None:
    """`ct_commit_nat(ZONE);`"""
    _continue(step, "ct_commit_nat /* assuming no un-nat entry, so no change */").next()


@simulates(conntrack.CtClear)
def ct_clear(step: Step, action: conntrack.CtClear) -> None:
    """`ct_clear;`"""
    for at in (slot.CT_STATE, slot.CT_ZONE, slot.CT_MARK, slot.CT_LABEL, *_ORIGINAL):
        step.flow[at] = 0


@simulates(conntrack.CtNat)
def ct_nat(step: Step, action: conntrack.CtNat) -> None:
    """`ct_dnat;`, `ct_snat(IP);` and the like."""
    is_snat = "snat" in action.keyword
    if not action.address:
        if is_snat and _is_gateway(step):
            # The reply of a gateway router's own translation is undone before the trace begins.
            return
        state, is_default = step.trace.next_ct_state()
        note = f" /* assuming no un-{'s' if is_snat else 'd'}nat entry, so no change */"
        inner = _continue(step, f"{action.keyword}{note}{DEFAULT_NOTE if is_default else ''}")
        _track(inner.flow, state)
        inner.next()
        return
    side = "src" if is_snat else "dst"
    version = 6 if ":" in action.address else 4
    tracked = step.flow[slot.CT_STATE]
    state, is_default = (tracked, False) if tracked & CT_FLAGS["trk"] else step.trace.next_ct_state()
    inner = _continue(step, f"{action.keyword}(ip{version}.{side}={action.address}){DEFAULT_NOTE if is_default else ''}")
    value = parse_ipv6(action.address) if version == 6 else parse_ipv4(action.address)
    assert value is not None
    write(inner.flow, FIELDS[f"ipv6_{side}" if version == 6 else f"ip_{side}"], value)
    _track(inner.flow, state | CT_FLAGS["snat" if is_snat else "dnat"])
    inner.next()


def _destination(step: Step, action: balance.CtLb) -> tuple[int, int] | None:
    """Where the balancer sends the packet: where the user says if it can, else to one of its backends."""
    wanted = step.trace.assumptions.lb_destination
    if not action.backends:
        return wanted
    found = [(parse_ipv6(b.address) if ":" in b.address else parse_ipv4(b.address), b.port) for b in action.backends]
    places = [(address, port) for address, port in found if address is not None]
    return wanted if wanted in places else places[step.trace.assumptions.choose(len(places))]


@simulates(balance.CtLb)
def ct_lb(step: Step, action: balance.CtLb) -> None:
    """`ct_lb_mark;` or `ct_lb_mark(backends=…);`"""
    state, is_default = step.trace.next_ct_state()
    inner = _continue(step, action.keyword + (DEFAULT_NOTE if is_default else ""))
    destination = _destination(step, action)
    if destination is not None:
        address, port = destination
        ipv6 = step.flow[slot.ETH_TYPE] == ETH_IPV6
        write(inner.flow, FIELDS["ipv6_dst" if ipv6 else "ip_dst"], address)
        if port:
            inner.flow[slot.TP_DST] = port
        state |= CT_FLAGS["dnat"]
    # What an earlier pass reported stays: a new connection is still new behind its balancer.
    _track(inner.flow, state | step.flow[slot.CT_STATE])
    inner.next()


@simulates(balance.Select)
def select(step: Step, action: balance.Select) -> None:
    """`R = select(…);`"""
    values = [value for value, _ in action.choices]
    wanted = step.trace.assumptions.select_id
    note = ""
    if wanted in values:
        assert wanted is not None
        value = wanted
    else:
        value = values[step.trace.assumptions.choose(len(values))]
        note = " /* Randomly selected. Use --select-id to specify. */"
    inner = _continue(step, f"select: {format_ref(action.target)} = {value}{note}")
    write_bits(inner.flow, subfield_of(action.target), value)
    inner.next()


