"""An OpenFlow session over a byte stream: the machine that negotiates the version, frames, probes, and dials again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyovn.machine import NEVER, Close, Closed, Open, Opened
from pyovn.openflow.channel import Channel, LocalChannel, channel_pair
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message import (
    EchoReply,
    EchoRequest,
    Error,
    FlowStatsReply,
    GroupDescReply,
    GroupStatsReply,
    Hello,
    Message,
    MeterConfigReply,
    MeterStatsReply,
    PacketIn,
    PacketInFormat,
    PortDescReply,
    PortStatsReply,
    SetPacketInFormat,
    TableFeaturesReply,
    TableStatsReply,
)
from pyovn.openflow.message_codec import VERSIONS, decode, encode
from pyovn.openflow.packet_codec import encode_packet_in
from pyovn.ovsdb.reconnect import Action, Reconnect

__all__ = ["Channel", "Connection", "LocalChannel", "channel_pair"]

HEADER_SIZE = 8
QUOTED = 64
"""How much of a request an error gives back, in bytes."""
_REMEMBERED = 256
"""How many requests are remembered, to be quoted."""

_PARTS: dict[type, str] = {
    FlowStatsReply: "flows", TableStatsReply: "tables", TableFeaturesReply: "tables", PortStatsReply: "ports", PortDescReply: "ports",
    GroupDescReply: "groups", GroupStatsReply: "groups", MeterConfigReply: "meters", MeterStatsReply: "meters",
}  # fmt: skip
"""Replies that may come in parts, and what they are made of."""


class Connection:
    """A machine on one stream; `channel` is what the session looks like to those who talk through it.

    `receive` takes bytes, `Opened` and `Closed`; the effects are bytes, `Open` and `Close`.
    """

    def __init__(self, life: Reconnect, versions: Sequence[int] = VERSIONS) -> None:
        self.channel = StreamChannel(self)
        self.version = 0
        """The version agreed on; 0 before that."""
        self.peer = ""
        self._life = life
        self._versions = tuple(versions)
        self._effects: list[bytes | Open | Close] = []
        self._buffer = bytearray()
        self._listening = False
        """False once we have hung up: what still arrives is not heard."""
        self._format = PacketInFormat.STANDARD
        self._recent: dict[int, bytes] = {}

    @staticmethod
    def accepted(versions: Sequence[int] = VERSIONS) -> Connection:
        """The session of a peer that came to us; it ends with its stream."""
        return Connection(Reconnect((), 0.0), versions)

    @staticmethod
    def dialling(target: str, probe_interval_s: float = 5.0, versions: Sequence[int] = VERSIONS) -> Connection:
        """A session that is opened by us, and again whenever it ends. A probe interval of 0 s trusts silence."""
        return Connection(Reconnect((target,), probe_interval_s), versions)

    # The machine.

    def receive(self, port: object, data: object, now: float) -> None:
        """See `Machine`."""
        match data:
            case Opened(peer):
                self.peer = peer
                self._open(now)
            case Closed():
                self._close(now)
            case bytes() if self._listening:
                self._life.activity(now)
                self._buffer += data
                self._read()

    def tick(self, now: float) -> None:
        """See `Machine`."""
        match self._life.run(now):
            case Action.CONNECT:
                self._effects.append(Open(self._life.remote))
            case Action.PROBE:
                if self.version:
                    self.say(EchoRequest(), 0)
            case Action.DISCONNECT:
                self._hang_up("no answer")

    def due(self) -> float:
        """See `Machine`."""
        return self._life.due() if self._life.remotes else NEVER

    def take(self) -> list[bytes | Open | Close]:
        """See `Machine`."""
        effects, self._effects = self._effects, []
        return effects

    # The session.

    def say(self, message: Message, xid: int) -> None:
        """Send a message, in as many parts as it takes. OpenFlowError for one that the version does not have."""
        if isinstance(message, Error) and not message.data:
            message = replace(message, data=self._recent.get(xid, b""))
        if isinstance(message, PacketIn) and self._format is not PacketInFormat.STANDARD:
            self._effects.append(encode_packet_in(message, self.version, xid, self._format))
            return
        self._effects.extend(encode_parts(message, self.version, xid))

    def _open(self, now: float) -> None:
        self._life.opened(now)
        self._listening = True
        self.version = 0
        self._format = PacketInFormat.STANDARD
        self._buffer.clear()
        self._effects.append(encode(Hello(self._versions), max(self._versions), 1))

    def _close(self, now: float) -> None:
        self._listening = False
        if self._life.remotes:
            self._life.closed(now)
        self.version = 0
        self.channel.connected = False
        self._recent.clear()

    def _hang_up(self, reason: str) -> None:
        self._listening = False
        self.version = 0
        self.channel.connected = False
        self._buffer.clear()
        self._effects.append(Close(reason))

    def _read(self) -> None:
        """Take whole messages out of the buffer."""
        buffer, at = self._buffer, 0
        while len(buffer) - at >= HEADER_SIZE:
            size = buffer[at + 2] << 8 | buffer[at + 3]
            if size < HEADER_SIZE:
                self._hang_up(f"message of {size} bytes")
                return
            if len(buffer) - at < size:
                break
            self._hear(bytes(buffer[at : at + size]))
            if not self._listening:
                return
            at += size
        del buffer[:at]

    def _hear(self, data: bytes) -> None:
        """Take one message."""
        xid = int.from_bytes(data[4:8], "big")
        try:
            version, xid, message = decode(data)
        except OpenFlowError as problem:
            if self.version and data[1] != 1:
                kind, code, experimenter = problem.fault.value
                self.say(Error(kind, code, data[:QUOTED], experimenter), xid)
            elif not self.version:
                self._hang_up(str(problem))
            return
        if not self.version:
            self._agree(message)
        elif version != self.version and not isinstance(message, Hello | Error | EchoRequest | EchoReply):
            kind, code, _ = Fault.BAD_VERSION.value
            self.say(Error(kind, code, data[:QUOTED]), xid)
        else:
            self._deliver(xid, message, data)

    def _agree(self, message: Message) -> None:
        """Before anything else: the highest version that both speak (OpenFlow 1.5.1, 6.3.1)."""
        common = set(message.versions) & set(self._versions) if isinstance(message, Hello) else set()
        if common:
            self.version = max(common)
            self.channel.begin()
            return
        text = f"version negotiation failed, we support versions {', '.join(map(str, self._versions))}".encode()
        kind, code, _ = Fault.HELLO_INCOMPATIBLE.value
        self._effects.append(encode(Error(kind, code, text), max(self._versions), 0))
        self._hang_up("version negotiation failed")

    def _deliver(self, xid: int, message: Message, data: bytes) -> None:
        match message:
            case EchoRequest(payload):
                self.say(EchoReply(payload), xid)
            case EchoReply() | Hello():
                pass
            case SetPacketInFormat(form):
                self._format = form
            case _:
                if len(self._recent) >= _REMEMBERED:
                    self._recent.clear()
                self._recent[xid] = data[:QUOTED]
                self.channel.inbox.append((xid, message))


class StreamChannel:
    """The `Channel` of a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connected = False
        self.epoch = 0
        self.inbox: list[tuple[int, Message]] = []
        self._connection = connection
        self._next_xid = 1

    def send(self, message: Message, xid: int | None = None) -> int:
        """See `Channel`."""
        if xid is None:
            self._next_xid = xid = self._next_xid % 0xFFFFFFFF + 1
        if self.connected:
            self._connection.say(message, xid)
        return xid

    def take(self) -> list[tuple[int, Message]]:
        """See `Channel`."""
        said, self.inbox = self.inbox, []
        return said

    def begin(self) -> None:
        """A new session: what was said in an old one and not taken is forgotten."""
        self.connected = True
        self.epoch += 1
        self.inbox = []


def encode_parts(message: Message, version: int, xid: int) -> list[bytes]:
    """A message's bytes; a reply that is too long for one message comes in several."""
    try:
        return [encode(message, version, xid)]
    except OpenFlowError:
        entries = getattr(message, _PARTS.get(type(message), ""), ())
        if len(entries) < 2:
            raise
    name, half = _PARTS[type(message)], len(entries) // 2
    first = replace(message, **{name: entries[:half], "more": True})  # type: ignore[arg-type]
    rest = replace(message, **{name: entries[half:]})  # type: ignore[arg-type]
    return encode_parts(first, version, xid) + encode_parts(rest, version, xid)
