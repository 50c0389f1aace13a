"""A host for tests: both databases in memory, and a switch's end that carries out nothing but remembers what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from pyovn.controller.controller import Controller
from pyovn.controller.facts import Process
from pyovn.openflow.connection import LocalChannel, channel_pair
from pyovn.openflow.message import (
    BarrierReply,
    BarrierRequest,
    BundleAdd,
    FlowCommand,
    FlowMod,
    GroupMod,
    Message,
    TlvTableReply,
    TlvTableRequest,
)
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Named, Operation, by_uuid
from pyovn.ovsdb.store import Pending
from pyovn.schemas import sb, vswitch

STARTUP_MS = 1_700_000_000_000


def uuids(prefix: int) -> Iterator[str]:
    """Uuids that tests can tell apart."""
    return (f"{number:08x}-0000-4000-8000-{prefix:012x}" for number in count(1))


def database(module: object, prefix: int) -> Database:
    """An empty database."""
    draw = uuids(prefix)
    return Database(schema_of(module), tables_of(module), lambda: next(draw))  # type: ignore[arg-type]


@dataclass
class FakeSwitch:
    """The switch's end: answers what has to be answered, keeps rules by place, counts bundles."""

    channel: LocalChannel
    rules: dict[tuple[int, int, object], FlowMod] = field(default_factory=dict)
    groups: dict[int, GroupMod] = field(default_factory=dict)
    heard: list[Message] = field(default_factory=list)
    bundled: int = 0
    answers: bool = True

    def run(self) -> None:
        """Hear and answer."""
        for xid, message in self.channel.take():
            self.heard.append(message)
            if isinstance(message, TlvTableRequest):
                self.channel.send(TlvTableReply(), xid)
            elif isinstance(message, BarrierRequest) and self.answers:
                self.channel.send(BarrierReply(), xid)
            elif isinstance(message, BundleAdd):
                self.bundled += 1
                self._apply(message.message)

    def _apply(self, message: object) -> None:
        if isinstance(message, FlowMod):
            place = (message.table, message.priority, message.match)
            if message.command is FlowCommand.DELETE:
                self.rules.clear()
            elif message.command is FlowCommand.DELETE_STRICT:
                del self.rules[place]
            else:
                self.rules[place] = message
        elif isinstance(message, GroupMod):
            self.groups[message.group_id] = message


class Host:
    """One host with its agent."""

    def __init__(self, name: str = "hv1", southbound: Database | None = None, ip: str = "192.0.2.1") -> None:
        self.southbound = southbound or database(sb, 1)
        self.switchdb = database(vswitch, 2)
        self.sb, self.ovs = Local(self.southbound), Local(self.switchdb)
        self.now = 0.0
        ours, theirs = channel_pair()
        self.channel = ours
        self.switch = FakeSwitch(theirs)
        settings = {"system-id": name, "ovn-encap-type": "geneve", "ovn-encap-ip": ip}
        self.configure(Insert(vswitch.OpenvSwitch, {"external_ids": settings}))
        self.start()

    def start(self) -> None:
        """A new agent, as after a restart."""
        process = Process("", "host.example", STARTUP_MS, "0e:00:00:00:00:01")
        self.agent = Controller(Local(self.southbound), Local(self.switchdb), self.channel, process, self.wall_ms)

    def wall_ms(self) -> int:
        """The time of day."""
        return STARTUP_MS + int(self.now * 1000)

    def run(self, seconds: float = 0.0) -> None:
        """Let everything happen that happens within `seconds`."""
        end = self.now + seconds
        for _ in range(1000):
            for _ in range(6):
                self.agent.tick(self.now)
                self.switch.run()
            if self.agent.due() > end:
                break
            self.now = max(self.now, self.agent.due())
        self.now = end

    def configure(self, *operations: Operation) -> Pending:
        """Write to the host's own database."""
        pending = self.ovs.transact(operations)
        assert pending.error is None, pending.error
        return pending

    def network(self, *operations: Operation) -> Pending:
        """Write to the southbound database, as northd would."""
        pending = self.sb.transact(operations)
        assert pending.error is None, pending.error
        return pending

    def plug(self, name: str, iface_id: str, ofport: int) -> str:
        """Add an interface to the integration bridge, as the switch does: it gives the number."""
        bridge = next(iter(self.ovs.find(vswitch.Bridge, "name", "br-int")))
        columns = {"name": name, "external_ids": {"iface-id": iface_id}, "ofport": ofport}
        done = self.configure(
            Insert(vswitch.Interface, columns, uuid_name="i"),
            Insert(vswitch.Port, {"name": name, "interfaces": (Named("i"),)}, uuid_name="p"),
            Mutate(vswitch.Bridge, by_uuid(bridge.uuid), [Mutation("ports", "insert", (Named("p"),))]),
        )
        uuid = done.results[0].uuid
        assert uuid is not None
        return uuid
