"""What conntrack would say and do, as far as a trace can assume it."""

from __future__ import annotations

from pyovn.logical.actions import balance, conntrack
from pyovn.logical.actions.learned import Endpoint
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
ETH_IPV4, ETH_IPV6 = 0x0800, 0x86DD


_ORIGINAL = {
    slot.CT_NW_PROTO: slot.NW_PROTO, slot.CT_NW_SRC: slot.NW_SRC, slot.CT_NW_DST: slot.NW_DST, slot.CT_IPV6_SRC: slot.IPV6_SRC,
    slot.CT_IPV6_DST: slot.IPV6_DST, slot.CT_TP_SRC: slot.TP_SRC, slot.CT_TP_DST: slot.TP_DST,
}  # fmt: skip
"""Where a tracked packet remembers what it was like: each slot's own."""


def _track(packet: Flow, state: int, before: Flow) -> None:
    """The packet, which came as `before`, has been through the connection tracker."""
    packet[slot.CT_STATE] = state
    for at, source in _ORIGINAL.items():
        packet[at] = before[source]


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
    _track(inner.flow, state, step.flow)
    inner.next()


def _through(step: Step, title: str, state: int) -> Step:
    """A packet with more in its state that goes on in the next table; one that was never tracked has an assumed state besides."""
    is_default = False
    if not state & CT_FLAGS["trk"]:
        assumed, is_default = step.trace.next_ct_state()
        state |= assumed
    inner = _continue(step, title + (DEFAULT_NOTE if is_default else ""))
    _track(inner.flow, state, step.flow)
    return inner


@simulates(conntrack.CtCommitToZone)
def ct_commit_to_zone(step: Step, action: conntrack.CtCommitToZone) -> None:
    """`ct_commit_to_zone(ZONE);`"""
    _through(step, f"ct_commit_to_zone({action.zone})", step.flow[slot.CT_STATE]).next()


@simulates(conntrack.CtCommitNat)
def ct_commit_nat(step: Step, action: conntrack.CtCommitNat) -> None:
    """`ct_commit_nat(ZONE);`"""
    _through(step, "ct_commit_nat /* assuming no un-nat entry, so no change */", step.flow[slot.CT_STATE]).next()


@simulates(conntrack.CtClear)
def ct_clear(step: Step, action: conntrack.CtClear) -> None:
    """`ct_clear;`"""
    for at in (slot.CT_STATE, slot.CT_ZONE, slot.CT_MARK, slot.CT_LABEL, *_ORIGINAL):
        step.flow[at] = 0


@simulates(conntrack.CtNat)
def ct_nat(step: Step, action: conntrack.CtNat) -> None:
    """`ct_dnat;`, `ct_snat(IP);` and the like."""
    is_snat = "snat" in action.keyword
    # The words are those that scripts look for.
    keyword = action.keyword.replace("nat_in", "natin")
    state = step.flow[slot.CT_STATE]
    if not action.address:
        # The reply of a gateway router's own translation is undone before the trace begins.
        if not is_snat or not _is_gateway(step):
            _through(step, f"{keyword} /* assuming no un-{'s' if is_snat else 'd'}nat entry, so no change */", state).next()
        return
    side = "src" if is_snat else "dst"
    version = 6 if ":" in action.address else 4
    inner = _through(step, f"{keyword}(ip{version}.{side}={action.address})", state | CT_FLAGS["snat" if is_snat else "dnat"])
    value = parse_ipv6(action.address) if version == 6 else parse_ipv4(action.address)
    assert value is not None
    write(inner.flow, FIELDS[f"ipv6_{side}" if version == 6 else f"ip_{side}"], value)
    inner.next()


def _destination(step: Step, action: balance.CtLb, ipv6: bool) -> Endpoint | None:
    """Where the balancer sends the packet: where the user says if it can, else to one of its backends."""
    trace = step.trace
    wanted = None if trace.lb_used else trace.assumptions.lb_destination
    if wanted is not None and wanted.ipv6 != ipv6:
        wanted = None
    if not action.backends:
        return wanted
    found = [backend for backend in map(_endpoint, action.backends) if backend.ipv6 == ipv6]
    chosen = next((backend for backend in found if wanted is not None and backend.address == wanted.address), None)
    trace.lb_used = trace.lb_used or chosen is not None
    if not found:
        step.say(Kind.REMARK, "*** no load balancing destination (use --lb-dst)")
        return None
    return chosen or found[trace.assumptions.choose(len(found))]


def _endpoint(backend: balance.Backend) -> Endpoint:
    address = parse_ipv6(backend.address) if ":" in backend.address else parse_ipv4(backend.address)
    assert address is not None
    return Endpoint(address, ":" in backend.address, backend.port)


@simulates(balance.CtLb)
def ct_lb(step: Step, action: balance.CtLb) -> None:
    """`ct_lb_mark;` or `ct_lb_mark(backends=…);`"""
    eth_type = step.flow[slot.ETH_TYPE]
    if eth_type not in (ETH_IPV4, ETH_IPV6):
        inner = _continue(step, action.keyword)
        _track(inner.flow, step.flow[slot.CT_STATE], step.flow)
        inner.next()
        return
    destination = _destination(step, action, eth_type == ETH_IPV6)
    state, is_default = step.trace.next_ct_state()
    inner = _continue(step, action.keyword + (DEFAULT_NOTE if is_default else ""))
    if destination is not None:
        write(inner.flow, FIELDS["ipv6_dst" if destination.ipv6 else "ip_dst"], destination.address)
        if destination.port:
            inner.flow[slot.TP_DST] = destination.port
        state |= CT_FLAGS["dnat"]
    # What an earlier pass reported stays: a new connection is still new behind its balancer.
    _track(inner.flow, state | step.flow[slot.CT_STATE], step.flow)
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


