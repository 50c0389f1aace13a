"""A packet's fate in words, in the form of `ofproto/trace`: each look-up with the rule it hit, each action, each going on.

Nothing happens: no counter moves, nothing is learned, no connection is tracked. A connection that the tracker would be asked about
is taken to be new, unless the caller says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyovn.openflow.action_text import format_action
from pyovn.openflow.match import Match
from pyovn.openflow.match_text import format_flow, format_match
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.vswitch.cache import WIDTHS
from pyovn.vswitch.conntrack import table as ct
from pyovn.vswitch.datapath import FROM_THE_START, Bridge, Datapath, State, fresh_state
from pyovn.vswitch.ops import (
    PIPELINE_END,
    Assign,
    ByLength,
    Copy,
    Count,
    Encapsulate,
    LearnAddress,
    LearnRule,
    Op,
    Police,
    Reshape,
    Send,
    Tell,
    Track,
    Untrack,
)
from pyovn.vswitch.translate import translate
from pyovn.vswitch.walk import Did, Hit, Remark, Walk, place

MOST_ROUNDS = 32
INDENT = "    "
RULE = "=" * 79


class Round(NamedTuple):
    """One stretch between look-ups in the cache: how it began, the flow then and at its end, what was read and done."""

    title: str
    start: str
    walk: Walk
    ops: tuple[Op, ...]


def explain(datapath: Datapath, bridge: Bridge, flow: Flow, ct_next: Sequence[int] = ()) -> str:
    """What would happen to a packet with this flow on a bridge, as text; `ct_next`: ct_state bits for each tracking in turn."""
    state = fresh_state(bridge, flow[slot.IN_PORT], FROM_THE_START, tunnelled=bool(flow[slot.TUN_ID] or flow[slot.TUN_DST]))
    return "\n".join(line for each in rounds(datapath, state, flow, ct_next) for line in _lines(each)) + "\n"


def rounds(datapath: Datapath, state: State, flow: Flow, ct_next: Sequence[int] = ()) -> Iterator[Round]:
    """The stretches of a packet's way, in order."""
    states = iter(ct_next)
    waiting: list[tuple[str, State, Flow]] = [("", state, flow)]
    for _ in range(MOST_ROUNDS):
        if not waiting:
            return
        title, here, packet = waiting.pop(0)
        if here.bridge not in datapath.bridges:
            continue
        start = packet.copy()
        place(start, here)
        verdict, walk = translate(datapath, here, packet, explain=True)
        yield Round(title, format_flow(start), walk, verdict.ops)
        waiting += _goes_on(verdict.ops, packet.copy(), states)


def _goes_on(ops: Sequence[Op], flow: Flow, states: Iterator[int]) -> Iterator[tuple[str, State, Flow]]:
    """The entrances that a verdict leads to, with the packets that get there."""
    for op in ops:
        if isinstance(op, Assign):
            for at, keep, value in op.slots:
                flow[at] = flow[at] & keep | value
        elif isinstance(op, Copy):
            yield from _goes_on(op.ops, flow.copy(), states)
        elif isinstance(op, Track) and op.then is not None:
            given = next(states, None)
            state = ct.TRACKED | (ct.NEW if given is None else given)
            tracked = flow.copy()
            tracked[slot.CT_STATE], tracked[slot.CT_ZONE] = state, op.zone
            usual = " default" if given is None else ""
            hint = " (use --ct-next to customize)" if given is None else ""
            title = f"recirc({op.then.number:#x}) - resume conntrack with{usual} ct_state={_ct_text(state)}{hint}"
            yield title, op.then.state, tracked
        elif isinstance(op, ByLength):
            yield f"recirc({op.other.number:#x}) - resume check_pkt_larger: not larger than {op.length} bytes", op.other.state, flow.copy()
            yield f"recirc({op.longer.number:#x}) - resume check_pkt_larger: larger than {op.length} bytes", op.longer.state, flow.copy()
        elif isinstance(op, Reshape):
            yield f"recirc({op.then.number:#x}) - resume after {op.shape.value}", op.then.state, flow.copy()


_CT_WORDS = ("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat")


def parse_ct_state(text: str) -> int:
    """The bits of a list such as `trk,est`; ValueError for a word that is none."""
    bits = 0
    for word in text.replace("|", ",").split(","):
        if word not in _CT_WORDS:
            raise ValueError(f"{word}: unknown connection tracking state")
        bits |= 1 << _CT_WORDS.index(word)
    return bits


def _ct_text(state: int) -> str:
    words = [word for number, word in enumerate(_CT_WORDS) if state >> number & 1]
    return "|".join([*(["trk"] if "trk" in words else []), *(word for word in words if word != "trk")])


def _lines(each: Round) -> Iterator[str]:
    if each.title:
        yield from ("", RULE, each.title, RULE, "")
    yield f"Flow: {each.start}"
    yield from _course(each.walk)
    yield ""
    final = format_flow(each.walk.flow)
    yield f"Final flow: {'unchanged' if final == each.start else final}"
    yield f"Megaflow: {_megaflow(each.walk)}"
    yield f"Datapath actions: {datapath_actions(each.ops)}"


def _course(walk: Walk) -> Iterator[str]:
    """Look-ups and actions, indented by how deep they are; the bridge's name whenever it changes."""
    bridge = ""
    for event in walk.events or ():
        if isinstance(event, Hit):
            if event.bridge != bridge:
                bridge = event.bridge
                heading = f'bridge("{bridge}")'
                yield from ("", heading, "-" * len(heading))
            yield f"{event.table:2d}. {_rule(event)}"
            if event.rule is None or not event.rule.actions:
                yield f"{INDENT}drop"
        elif isinstance(event, Did) and event.depth:
            yield f"{INDENT}{format_action(event.action)}"
        elif isinstance(event, Remark):
            yield f"{INDENT} -> {event.text}" if not event.text.startswith("skipping") else f"{INDENT} >> {event.text}"


def _rule(hit: Hit) -> str:
    rule = hit.rule
    if rule is None:
        return "No match."
    match = format_match(rule.match)
    parts = [*([match] if match else []), f"priority {rule.priority}", *([f"cookie {rule.cookie:#x}"] if rule.cookie else [])]
    return ", ".join(parts)


def _megaflow(walk: Walk) -> str:
    """What was read of the packet."""
    terms = tuple((at, walk.flow[at] & mask & WIDTHS[at], mask & WIDTHS[at]) for at, mask in enumerate(walk.consulted) if mask & WIDTHS[at])
    own = tuple(term for term in terms if term[0] >= PIPELINE_END)
    in_port = (slot.IN_PORT, walk.flow[slot.IN_PORT], WIDTHS[slot.IN_PORT])
    return format_match(Match((in_port, *own)))


def datapath_actions(ops: Sequence[Op]) -> str:
    """The operations of a verdict in short; `drop` for none."""
    return ",".join(_op(op) for op in ops if not isinstance(op, LearnAddress)) or "drop"


def _op(op: Op) -> str:
    match op:
        case Send():
            return op.port.name
        case Count():
            return "mirror"
        case Encapsulate():
            return f"tnl_push({op.port.name},tun_id={op.key:#x})"
        case Assign(slots):
            return f"set({','.join(_assigned(at, keep, value) for at, keep, value in slots)})"
        case Copy(inner):
            return f"clone({datapath_actions(inner)})"
        case Track():
            inside = [*(["commit"] if op.commit else []), f"zone={op.zone}", *([f"nat({op.nat.kind})"] if op.nat else [])]
            return f"ct({','.join(inside)})" + (f",recirc({op.then.number:#x})" if op.then else "")
        case Untrack():
            return "ct_clear"
        case ByLength():
            return f"check_pkt_len(size={op.length},gt(recirc({op.longer.number:#x})),le(recirc({op.other.number:#x})))"
        case Reshape():
            return f"{op.shape.value},recirc({op.then.number:#x})"
        case Police(meter):
            return f"meter({meter.meter_id})"
        case Tell():
            return f"userspace(controller(reason={op.reason},id={op.controller_id}))"
        case LearnRule():
            return f"learn(table={op.rule.table})"
    raise AssertionError(f"{op!r} is no operation")


def _assigned(at: int, keep: int, value: int) -> str:
    return format_match(Match(((at, value, ~keep & WIDTHS[at]),)))
