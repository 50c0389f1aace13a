"""A switch with in-memory ports on a table: rules go in as text, frames go in and come out by port name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from struct import pack

from pyovn.openflow.action_parse import parse_actions
from pyovn.openflow.channel import LocalChannel
from pyovn.openflow.match_text import parse_match
from pyovn.openflow.message import BarrierReply, BarrierRequest, FlowMod, Message
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import EVERY, Insert, Mutate, Mutation, Named, Operation
from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.schemas import vswitch as db
from pyovn.vswitch.effects import DeviceOpened, Effect, OpenDevice, Transmit, Udp
from pyovn.vswitch.switch import Switch

PortSpec = tuple[str, str, dict[str, str]]
"""Name, type, options."""


def new_database() -> Local:
    """An empty Open_vSwitch database with its one row."""
    numbers = iter(range(1, 1 << 30))
    database = Database(schema_of(db), tables_of(db), lambda: f"{next(numbers) * 0x10001:08x}-0000-4000-8000-000000000000")
    store = Local(database)
    assert store.transact([Insert(db.OpenvSwitch, {})]).error is None
    return store


def bridge_operations(name: str, ports: Iterable[PortSpec], **columns: object) -> list[Operation]:
    """The operations that add a bridge with these ports."""
    operations: list[Operation] = []
    names = []
    for port, kind, options in ports:
        operations.append(Insert(db.Interface, {"name": port, "type": kind, "options": options}, f"interface_{port}"))
        operations.append(Insert(db.Port, {"name": port, "interfaces": (Named(f"interface_{port}"),)}, f"port_{port}"))
        names.append(Named(f"port_{port}"))
    operations.append(Insert(db.Bridge, {"name": name, "ports": tuple(names), **columns}, f"bridge_{name}"))
    mutations = [Mutation("bridges", "insert", (Named(f"bridge_{name}"),)), Mutation("next_cfg", "+=", 1)]
    return [*operations, Mutate(db.OpenvSwitch, EVERY, mutations)]


@dataclass
class Board:
    """A switch, its database, a session to its first bridge, and the time."""

    store: Local
    switch: Switch
    now: float = 0.0
    channels: dict[str, LocalChannel] = field(default_factory=dict)
    other_effects: list[Effect] = field(default_factory=list)

    def settle(self) -> list[Effect]:
        """Let the switch do everything it has to; devices open at once, by MAC 02:00:00:00:00:NN. What else it wanted."""
        wanted: list[Effect] = []
        for _ in range(10):
            self.switch.tick(self.now)
            effects = self.switch.take()
            if not effects:
                break
            for effect in effects:
                if isinstance(effect, OpenDevice):
                    mac = effect.mac or 0x020000000000 | sum(effect.interface.encode())
                    self.switch.receive(effect.interface, DeviceOpened(mac, 1500, 7), self.now)
                else:
                    wanted.append(effect)
        return wanted

    def transact(self, *operations: Operation) -> None:
        """Change the database and let the switch follow."""
        pending = self.store.transact(operations)
        assert pending.error is None, pending.error
        self.other_effects += self.settle()

    def channel(self, bridge: str = "br0") -> LocalChannel:
        """The session to a bridge."""
        if bridge not in self.channels:
            self.channels[bridge] = self.switch.open_channel(bridge)
        return self.channels[bridge]

    def ask(self, *messages: Message, bridge: str = "br0") -> list[Message]:
        """Send messages and a barrier; the answers before the barrier's."""
        channel = self.channel(bridge)
        for message in (*messages, BarrierRequest()):
            channel.send(message)
        self.other_effects += self.settle()
        return [message for _, message in channel.take() if not isinstance(message, BarrierReply)]

    def send(self, port: str, frame: bytes) -> list[tuple[str, bytes]]:
        """Let a frame arrive; what leaves, by port."""
        self.switch.receive(port, frame, self.now)
        return [(effect.interface, effect.frame) for effect in self.switch.take() if isinstance(effect, Transmit)]

    def send_for_udp(self, port: str, frame: bytes) -> list[Udp]:
        """Let a frame arrive; the datagrams that leave."""
        self.switch.receive(port, frame, self.now)
        return [effect for effect in self.switch.take() if isinstance(effect, Udp)]

    def numbers(self) -> dict[str, int | None]:
        """OpenFlow port numbers by name."""
        return {row.name: row.ofport for row in self.store.rows(db.Interface).values()}


def make_board(*ports: str | PortSpec, fail_mode: str | None = "secure") -> Board:
    """A board with one bridge br0; ports given by name are in-memory ones, numbered from 1 in this order."""
    store = new_database()
    board = Board(store, Switch(Local(store.database)))
    specs: Sequence[PortSpec] = [(port, "dummy", {}) if isinstance(port, str) else port for port in ports]
    board.transact(*bridge_operations("br0", specs, fail_mode=fail_mode))
    return board


def parse_rule(text: str) -> FlowMod:
    """A rule as `ovs-ofctl add-flow` takes it: `table=N,priority=P,MATCH actions=ACTIONS`."""
    head, _, actions = text.partition("actions=")
    numbers = {"table": 0, "priority": 0x8000, "cookie": 0, "idle_timeout": 0, "hard_timeout": 0}
    asked = []
    for word in filter(None, head.strip().rstrip(",").replace(" ", "").split(",")):
        name, _, value = word.partition("=")
        if name in numbers:
            numbers[name] = int(value, 0)
        else:
            asked.append(word)
    return FlowMod(parse_match(",".join(asked)), parse_actions(actions), **numbers)  # type: ignore[arg-type]


# Frames.


def ethernet(src: int, dst: int, eth_type: int, payload: bytes) -> bytes:
    """An Ethernet frame."""
    return dst.to_bytes(6, "big") + src.to_bytes(6, "big") + eth_type.to_bytes(2, "big") + payload


def ipv4(src: str, dst: str, protocol: int, payload: bytes, *, ttl: int = 64, macs: tuple[int, int] = (2, 4)) -> bytes:
    """An IPv4 packet in a frame."""
    header = bytearray(pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0, ttl, protocol, 0) + address(src) + address(dst))
    header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    return ethernet(macs[0], macs[1], 0x0800, bytes(header) + payload)


def address(text: str) -> bytes:
    """An IPv4 address as bytes."""
    return bytes(int(part) for part in text.split("."))


def udp(src: str, dst: str, sport: int, dport: int, payload: bytes = b"hello", *, ttl: int = 64) -> bytes:
    """A UDP datagram."""
    body = pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload
    return ipv4(src, dst, 17, _with_checksum(body, 6, src, dst, 17), ttl=ttl)


def tcp(src: str, dst: str, sport: int, dport: int, flags: int) -> bytes:
    """A TCP segment."""
    body = pack(">HHIIBBHHH", sport, dport, 1, 1, 0x50, flags, 1000, 0, 0)
    return ipv4(src, dst, 6, _with_checksum(body, 16, src, dst, 6))


def icmp(src: str, dst: str, kind: int, code: int = 0, rest: bytes = b"\0\1\0\1ping") -> bytes:
    """An ICMP message."""
    body = bytearray(bytes((kind, code, 0, 0)) + rest)
    body[2:4] = checksum(bytes(body)).to_bytes(2, "big")
    return ipv4(src, dst, 1, bytes(body))


def _with_checksum(body: bytes, at: int, src: str, dst: str, protocol: int) -> bytes:
    partial = pseudo_header(int.from_bytes(address(src), "big"), int.from_bytes(address(dst), "big"), protocol, len(body))
    return body[:at] + (checksum(body, partial) or 0xFFFF).to_bytes(2, "big") + body[at + 2 :]
