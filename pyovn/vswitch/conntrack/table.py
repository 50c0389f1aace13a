"""The connection tracker: finds a packet's connection, says what it is to it, commits new ones, translates addresses.

Time is given; a connection that was silent for longer than its state allows is gone. ct_state bits are Open vSwitch's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pyovn.machine import NEVER
from pyovn.packet import slot
from pyovn.packet.flow import ICMP, ICMPV6, TCP, Flow
from pyovn.packet.packet import Packet
from pyovn.vswitch.conntrack import fragments, nat, tcp
from pyovn.vswitch.conntrack.fragments import Fragments, Waiting
from pyovn.vswitch.conntrack.key import Inner, Key, begins, key_of, quoted, reversed_key
from pyovn.vswitch.conntrack.tcp import Peer, Update
from pyovn.vswitch.ops import Track, Translation

NEW, ESTABLISHED, RELATED, REPLY, INVALID, TRACKED, SNAT, DNAT = (1 << bit for bit in range(8))

UNREPLIED_S, REPLIED_S = 60.0, 30.0
"""How long a connection of a protocol without states may be silent before and after the first answer."""

SWEEP_S = 5.0
MOST_CONNECTIONS = 3_000_000


@dataclass(slots=True, eq=False)
class Connection:
    """A committed connection."""

    key: Key
    """Of its first packet, as that arrived."""
    answer: Key
    """Of the answers, as they arrive: after translation, reversed."""
    expires: float = 0.0
    mark: int = 0
    label: int = 0
    replied: bool = False
    peers: tuple[Peer, Peer] | None = None
    """Of TCP: who began, and the other."""

    @property
    def translated(self) -> bool:
        """Are its addresses translated?"""
        return self.answer != reversed_key(self.key)


@dataclass(slots=True, eq=False)
class Conntrack:
    """All connections of all zones."""

    by_key: dict[Key, Connection] = field(default_factory=dict)
    """Each connection twice: under its key and its answer's."""
    zone_counts: dict[int, int] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)
    """Most connections of a zone; 0 for no limit."""
    default_limit: int = 0
    sweep_at: float = NEVER
    fragments: Fragments = field(default_factory=Fragments)


def overtakes(tracker: Conntrack, packet: Packet, how: Track, now: float) -> bool:
    """Is the packet a later fragment whose first one has not come, so that nobody knows its connection yet?"""
    if not packet.flow[slot.NW_FRAG] & slot.FRAG_LATER:
        return False
    datagram = fragments.datagram_of(packet.flow, packet.frame, packet.layers, how.zone)
    if datagram is None or fragments.recall(tracker.fragments, datagram, now) is not None:
        return False
    fragments.wait(tracker.fragments, datagram, packet, how, now)
    tracker.sweep_at = min(tracker.sweep_at, now + fragments.LIFE_S)
    return True


def overtakers(tracker: Conntrack, packet: Packet, how: Track, now: float) -> list[Waiting]:
    """The fragments that waited for this one, to be asked before its addresses are translated."""
    if not packet.flow[slot.NW_FRAG] or packet.flow[slot.NW_FRAG] & slot.FRAG_LATER or not tracker.fragments.waiting:
        return []
    datagram = fragments.datagram_of(packet.flow, packet.frame, packet.layers, how.zone)
    return [] if datagram is None else fragments.take(tracker.fragments, datagram, now)


def track(tracker: Conntrack, packet: Packet, how: Track, now: float) -> None:
    """Send a packet through the tracker: its ct fields are set, its addresses translated, its connection committed if asked."""
    if _stays_translated(tracker, packet, how, now):
        return
    frame, layers, flow = packet.frame, packet.layers, packet.flow
    forget(flow)
    flow[slot.CT_ZONE] = how.zone
    key = key_of(flow, frame, layers, how.zone)
    if flow[slot.NW_FRAG]:
        key = _key_of_fragment(tracker, packet, key, how.zone, now=now)
    if key is None:
        inner = quoted(flow, frame, layers, how.zone)
        if inner is None or not _track_error(tracker, packet, inner, how=how, now=now):
            flow[slot.CT_STATE] = TRACKED | INVALID
        return
    connection = _find(tracker, key, now)
    if connection is not None and how.force and how.commit and key != connection.key:
        _remove(tracker, connection)
        connection = None
    state = NEW
    if connection is not None:
        state, connection = _continue(tracker, connection, key, flow, now=now)
    elif not _may_begin(key, flow):
        state = INVALID
    if connection is None and state == NEW and how.commit:
        connection = _commit(tracker, key, flow, how.nat, now=now)
        state = NEW if connection is not None else INVALID
    flow[slot.CT_STATE] = state | TRACKED
    _describe(flow, key, connection)
    if connection is not None:
        if how.commit:
            _write_marks(connection, how, flow)
        if how.nat is not None and not state & INVALID:
            _translate(flow, key, connection)


def _stays_translated(tracker: Conntrack, packet: Packet, how: Track, now: float) -> bool:
    """A packet that this zone translated is its connection's still, though neither direction's key looks like it any more."""
    flow = packet.flow
    known = flow[slot.CT_STATE] & (SNAT | DNAT) and flow[slot.CT_ZONE] == how.zone
    if not known or how.force or (how.nat is not None and how.nat.kind):
        return False
    # It looks like the other direction's packets turned round; so what an error quotes looks like its own direction's.
    key = key_of(flow, packet.frame, packet.layers, how.zone)
    inner = quoted(flow, packet.frame, packet.layers, how.zone) if key is None else None
    wanted = reversed_key(key) if key is not None else inner.key if inner is not None else None
    connection = _find(tracker, wanted, now) if wanted is not None else None
    if connection is None:
        return False
    flow[slot.CT_MARK], flow[slot.CT_LABEL] = connection.mark, connection.label
    if how.commit:
        _write_marks(connection, how, flow)
    return True


def _key_of_fragment(tracker: Conntrack, packet: Packet, key: Key | None, zone: int, *, now: float) -> Key | None:
    """A fragment's key: the first one's own, which those that follow share."""
    datagram = fragments.datagram_of(packet.flow, packet.frame, packet.layers, zone)
    if datagram is None:
        return None
    if key is not None:
        fragments.remember(tracker.fragments, datagram, key, now)
        return key
    return fragments.recall(tracker.fragments, datagram, now)


def _find(tracker: Conntrack, key: Key, now: float) -> Connection | None:
    connection = tracker.by_key.get(key)
    if connection is not None and connection.expires <= now:
        _remove(tracker, connection)
        return None
    return connection


def _may_begin(key: Key, flow: Flow) -> bool:
    return begins(key) if key.protocol != TCP else tcp.may_begin(flow[slot.TCP_FLAGS])


def _continue(
    tracker: Conntrack, connection: Connection, key: Key, flow: Flow, *, now: float
) -> tuple[int, Connection | None]:
    """What a packet is to a connection that exists; the connection is gone where the packet begins another."""
    reply = key == connection.answer and key != connection.key
    if connection.peers is not None and not flow[slot.NW_FRAG] & slot.FRAG_LATER:
        sender, receiver = connection.peers[::-1] if reply else connection.peers
        update = tcp.advance(sender, receiver, flow[slot.TCP_FLAGS], answered=reply or connection.replied)
        if update is Update.AGAIN:
            _remove(tracker, connection)
            return NEW, None
        if update is Update.INVALID:
            return INVALID, connection
        connection.expires = now + tcp.timeout_s(sender, receiver)
    else:
        usual = REPLIED_S if reply or connection.replied else UNREPLIED_S
        connection.expires = max(connection.expires, now + usual) if connection.peers else now + usual
    if reply:
        connection.replied = True
        return ESTABLISHED | REPLY, connection
    return (ESTABLISHED if connection.replied else NEW), connection


def _commit(tracker: Conntrack, key: Key, flow: Flow, want: Translation | None, *, now: float) -> Connection | None:
    """Begin a connection; None where there is no room or no address for it."""
    count = tracker.zone_counts.get(key.zone, 0)
    limit = tracker.limits.get(key.zone, tracker.default_limit)
    if (limit and count >= limit) or len(tracker.by_key) >= 2 * MOST_CONNECTIONS:
        return None
    wire = key
    if want is not None and want.kind:
        chosen = nat.choose(key, want, lambda taken: _find(tracker, taken, now) is not None)
        if chosen is None:
            return None
        wire = chosen
    peers = tcp.begin(flow[slot.TCP_FLAGS]) if key.protocol == TCP else None
    timeout_s = tcp.timeout_s(*peers) if peers else UNREPLIED_S
    connection = Connection(key, reversed_key(wire), now + timeout_s, peers=peers)
    tracker.by_key[key] = tracker.by_key[connection.answer] = connection
    tracker.zone_counts[key.zone] = count + 1
    tracker.sweep_at = min(tracker.sweep_at, now + SWEEP_S)
    return connection


def _track_error(tracker: Conntrack, packet: Packet, inner: Inner, *, how: Track, now: float) -> bool:
    """An ICMP error belongs to the connection of the packet that it quotes; False if there is none."""
    # The quoted packet has left the tracker, so it looks like the other direction's packets turned round.
    connection = _find(tracker, reversed_key(inner.key), now)
    target = packet.flow[slot.NW_DST if inner.key.family == 4 else slot.IPV6_DST]
    # An error goes to whoever sent the packet that it quotes; anything else is made up.
    if connection is None or target != inner.key.src:
        return False
    came_back = reversed_key(inner.key)
    reply = came_back == connection.answer
    packet.flow[slot.CT_STATE] = TRACKED | RELATED | (REPLY if reply else 0)
    _describe(packet.flow, connection.key, connection)
    if how.nat is not None and connection.translated:
        original = connection.key if reply else connection.answer
        flow = packet.flow
        source_at, target_at = (slot.NW_SRC, slot.NW_DST) if inner.key.family == 4 else (slot.IPV6_SRC, slot.IPV6_DST)
        if inner.key.dst != original.dst:
            # Whoever sent it knows the translated address, and must not be told apart from it.
            flow[source_at] = original.dst
        flow[target_at] = original.src
        frame = packet.frame
        packet.frame = nat.rewrite_quote(frame, packet.layers, inner, original)
        flow[slot.CT_STATE] |= _nat_bits(connection, reply=reply)
    return True


def _describe(flow: Flow, key: Key, connection: Connection | None) -> None:
    """Tell the packet its connection's mark and label, and the addresses that the connection began with."""
    original = key
    if connection is not None:
        original = connection.key
        flow[slot.CT_MARK], flow[slot.CT_LABEL] = connection.mark, connection.label
    flow[slot.CT_NW_PROTO] = original.protocol
    if original.family == 4:
        flow[slot.CT_NW_SRC], flow[slot.CT_NW_DST] = original.src, original.dst
    else:
        flow[slot.CT_IPV6_SRC], flow[slot.CT_IPV6_DST] = original.src, original.dst
    if original.protocol in (ICMP, ICMPV6):
        flow[slot.CT_TP_SRC], flow[slot.CT_TP_DST] = original.dport, 0
    else:
        flow[slot.CT_TP_SRC], flow[slot.CT_TP_DST] = original.sport, original.dport


def _write_marks(connection: Connection, how: Track, flow: Flow) -> None:
    if how.mark is not None:
        value, mask = how.mark
        flow[slot.CT_MARK] = connection.mark = connection.mark & ~mask | value & mask
    if how.label is not None:
        value, mask = how.label
        flow[slot.CT_LABEL] = connection.label = connection.label & ~mask | value & mask


def _translate(flow: Flow, key: Key, connection: Connection) -> None:
    if not connection.translated:
        return
    reply = key == connection.answer
    target = reversed_key(connection.key if reply else connection.answer)
    nat.rewrite_flow(flow, key, target)
    flow[slot.CT_STATE] |= _nat_bits(connection, reply=reply)


def _nat_bits(connection: Connection, *, reply: bool) -> int:
    """Which end's address the packet has had translated."""
    key, wire = connection.key, reversed_key(connection.answer)
    source = (key.src, key.sport) != (wire.src, wire.sport)
    return SNAT if source != reply else DNAT


def forget(flow: Flow) -> None:
    """Make a packet one that the tracker never saw."""
    flow[slot.CT_STATE : slot.CT_TP_DST + 1] = _UNTRACKED


_UNTRACKED = [0] * (slot.CT_TP_DST + 1 - slot.CT_STATE)


def _remove(tracker: Conntrack, connection: Connection) -> None:
    for key in (connection.key, connection.answer):
        if tracker.by_key.get(key) is connection:
            del tracker.by_key[key]
    zone = connection.key.zone
    tracker.zone_counts[zone] -= 1
    if not tracker.zone_counts[zone]:
        del tracker.zone_counts[zone]


def connections(tracker: Conntrack) -> Iterator[Connection]:
    """Every connection once."""
    return (connection for key, connection in tracker.by_key.items() if key is connection.key)


def flush(tracker: Conntrack, meant: Callable[[Connection], bool]) -> int:
    """Forget the connections that are meant; how many they were."""
    doomed = [connection for connection in connections(tracker) if meant(connection)]
    for connection in doomed:
        _remove(tracker, connection)
    return len(doomed)


def tick(tracker: Conntrack, now: float) -> None:
    """Forget the connections that were silent for too long."""
    if now >= tracker.sweep_at:
        flush(tracker, lambda connection: connection.expires <= now)
        waiting = fragments.expire(tracker.fragments, now)
        tracker.sweep_at = min(now + SWEEP_S if tracker.by_key else NEVER, waiting)
