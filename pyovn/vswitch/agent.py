"""A bridge's side of OpenFlow sessions: carries requests out, answers them, and tells sessions what happens by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyovn.openflow import session as of
from pyovn.openflow.channel import Channel
from pyovn.openflow.commands import (
    BundleAdd,
    BundleControl,
    CtFlush,
    CtFlushZone,
    FlowFlag,
    FlowMod,
    FlowRemoved,
    GroupMod,
    MeterMod,
    PacketInReason,
    PacketOut,
    Resume,
)
from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.message import Message
from pyovn.packet.packet import Packet
from pyovn.vswitch import forward, statistics
from pyovn.vswitch.changes import touch_all
from pyovn.vswitch.conntrack import table as conntrack
from pyovn.vswitch.conntrack.selection import meant_by
from pyovn.vswitch.datapath import Bridge, Datapath, Port, Todo, fresh_state, settle
from pyovn.vswitch.flow_mods import Refused, Removed, Undo, change_flows
from pyovn.vswitch.group_mods import change_group, change_meter
from pyovn.vswitch.packet_ins import Punt, packet_in, resumed, state_with


@dataclass(slots=True, eq=False)
class Bundle:
    """Messages that wait for their commit."""

    flags: int
    messages: list[tuple[int, Any]] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True, eq=False)
class Session:
    """One controller, or one that only asks (`service`), as the switch knows it."""

    channel: Channel
    bridge: str
    service: bool = False
    epoch: int = -1
    role: of.Role = of.Role.EQUAL
    controller_id: int = 0
    miss_send_len: int = 0
    async_config: of.AsyncConfig = field(default_factory=of.AsyncConfig)
    bundles: dict[int, Bundle] = field(default_factory=dict)
    target: str = ""
    """Of a controller that the database names."""


@dataclass(slots=True, eq=False)
class Agent:
    """All sessions of all bridges."""

    datapath: Datapath
    sessions: list[Session] = field(default_factory=list)
    generation_id: int | None = None


DEFAULT_ASYNC = of.AsyncConfig(
    packet_in=(
        1 << PacketInReason.NO_MATCH | 1 << PacketInReason.ACTION | 1 << PacketInReason.ACTION_SET | 1 << PacketInReason.GROUP
        | 1 << PacketInReason.PACKET_OUT, 0,
    ),
    port_status=(0b111, 0b111),
    flow_removed=(0b111111, 0),
)  # fmt: skip

BAD_REQUEST, BAD_TYPE, EPERM = 1, 1, 5
BUNDLE_FAILED, BAD_BUNDLE, BUNDLE_EXISTS, BUNDLE_CLOSED, MESSAGE_FAILED = 17, 2, 3, 4, 13
PORT_MOD_FAILED, BAD_PORT = 7, 0
NICIRA, RESUME_STALE = 0x2320, 35


def serve(agent: Agent, now: float) -> bool:
    """Read what all sessions said and do it; True if there was anything."""
    busy = False
    for session in agent.sessions:
        if session.channel.epoch != session.epoch:
            _begin(session)
        for xid, message in session.channel.take():
            busy = True
            handle(agent, session, xid, message, now)
    return busy


def _begin(session: Session) -> None:
    """A new session knows nothing of the last one."""
    session.epoch = session.channel.epoch
    session.role, session.controller_id = of.Role.EQUAL, 0
    session.miss_send_len = 0 if session.service else 128
    session.async_config = DEFAULT_ASYNC
    session.bundles.clear()


def handle(agent: Agent, session: Session, xid: int, message: Message, now: float) -> None:
    """Carry one message out and answer it."""
    bridge = agent.datapath.bridges.get(session.bridge)
    if bridge is None:
        return
    try:
        answer = _HANDLE.get(type(message))
        if answer is not None:
            answer(Call(agent, session, bridge, xid, now), message)
        elif (replies := statistics.reply(agent.datapath, bridge, message, now)) is not None:
            for reply in replies:
                session.channel.send(reply, xid)
        else:
            raise Refused(BAD_REQUEST, BAD_TYPE, f"{type(message).__name__} is not for a switch")
    except Refused as refused:
        _refuse(session, xid, refused)
    except OpenFlowError as problem:
        # The answer cannot be said in the version that the session speaks.
        kind, code, experimenter = problem.fault.value
        session.channel.send(of.Error(kind, code, b"", experimenter), xid)


def _refuse(session: Session, xid: int, refused: Refused) -> None:
    session.channel.send(of.Error(refused.kind, refused.code, b""), xid)


class Call(NamedTuple):
    """Who asked whom, in which transaction, and when."""

    agent: Agent
    session: Session
    bridge: Bridge
    xid: int
    now: float


Handle = Callable[[Call, Any], None]
_HANDLE: dict[type[object], Handle] = {}


def _handles(kind: type[object]) -> Callable[[Handle], Handle]:
    def register(function: Handle) -> Handle:
        _HANDLE[kind] = function
        return function

    return register


@_handles(of.EchoRequest)
def _echo(call: Call, message: of.EchoRequest) -> None:
    call.session.channel.send(of.EchoReply(message.data), call.xid)


@_handles(of.Hello)
@_handles(of.EchoReply)
@_handles(of.Error)
@_handles(of.SetPacketInFormat)
@_handles(of.SetFlowFormat)
@_handles(of.FlowModTableId)
def _noted(call: Call, message: object) -> None:
    """Nothing to do here: these concern how messages are written, which is the connection's."""


@_handles(of.BarrierRequest)
def _barrier(call: Call, message: object) -> None:
    call.session.channel.send(of.BarrierReply(), call.xid)


@_handles(of.FeaturesRequest)
def _features(call: Call, message: object) -> None:
    described = tuple(statistics.describe_port(port) for port in statistics.sorted_ports(call.bridge))
    call.session.channel.send(of.FeaturesReply(call.bridge.datapath_id, ports=described), call.xid)


@_handles(of.GetConfigRequest)
def _get_config(call: Call, message: object) -> None:
    call.session.channel.send(of.GetConfigReply(0, call.session.miss_send_len), call.xid)


@_handles(of.SetConfig)
def _set_config(call: Call, message: of.SetConfig) -> None:
    call.session.miss_send_len = message.miss_send_len


@_handles(of.RoleRequest)
def _role(call: Call, message: of.RoleRequest) -> None:
    if message.role in (of.Role.MASTER, of.Role.SLAVE) and message.generation_id is not None:
        known = call.agent.generation_id
        # The difference is taken around the end of 64 bits (OpenFlow 1.3.5, 6.3.6).
        if known is not None and (message.generation_id - known) & 1 << 63:
            raise Refused(11, 0, "stale generation id")
        call.agent.generation_id = message.generation_id
    if message.role is of.Role.MASTER:
        for other in call.agent.sessions:
            if other is not call.session and other.bridge == call.session.bridge and other.role is of.Role.MASTER:
                other.role = of.Role.SLAVE
                other.channel.send(of.RoleStatus(of.Role.SLAVE, 0, call.agent.generation_id))
    if message.role is not of.Role.NOCHANGE:
        call.session.role = message.role
    call.session.channel.send(of.RoleReply(call.session.role, call.agent.generation_id), call.xid)


@_handles(of.SetControllerId)
def _controller_id(call: Call, message: of.SetControllerId) -> None:
    call.session.controller_id = message.controller_id


@_handles(of.SetAsync)
def _set_async(call: Call, message: of.SetAsync) -> None:
    call.session.async_config = message.config


@_handles(of.GetAsyncRequest)
def _get_async(call: Call, message: object) -> None:
    call.session.channel.send(of.GetAsyncReply(call.session.async_config), call.xid)


@_handles(of.TlvTableRequest)
def _tlv_table(call: Call, message: object) -> None:
    call.session.channel.send(of.TlvTableReply(tuple(call.bridge.tlv[index] for index in sorted(call.bridge.tlv))), call.xid)


@_handles(of.TlvTableMod)
def _tlv_mod(call: Call, message: of.TlvTableMod) -> None:
    if message.command is of.TlvCommand.CLEAR:
        call.bridge.tlv.clear()
    for mapping in message.mappings:
        if message.command is of.TlvCommand.ADD:
            call.bridge.tlv[mapping.index] = mapping
        else:
            call.bridge.tlv.pop(mapping.index, None)
    touch_all(call.agent.datapath.changes)


@_handles(of.PortMod)
def _port_mod(call: Call, message: of.PortMod) -> None:
    configure_port(call.agent.datapath, call.bridge, message)
    port_changed(call.agent, call.bridge, call.bridge.ports[message.number], of.PortReason.MODIFY)


def configure_port(datapath: Datapath, bridge: Bridge, message: of.PortMod) -> Undo:
    """Set bits of a port's configuration; answers how to undo it."""
    port = bridge.ports.get(message.number)
    if port is None:
        raise Refused(PORT_MOD_FAILED, BAD_PORT, f"port {message.number} does not exist")
    before, port.config = port.config, port.config & ~message.mask | message.config & message.mask
    touch_all(datapath.changes)

    def undo() -> None:
        port.config = before
        touch_all(datapath.changes)

    return undo


# What changes rules, groups and meters.


@_handles(FlowMod)
@_handles(GroupMod)
@_handles(MeterMod)
def _change(call: Call, message: Any) -> None:
    if call.session.role is of.Role.SLAVE:
        raise Refused(BAD_REQUEST, EPERM, "a slave changes nothing")
    gone: list[Removed] = []
    _apply(call.agent.datapath, call.bridge, message, call.now, gone)
    tell_removed(call.agent, gone, call.now)


def _apply(datapath: Datapath, bridge: Bridge, message: Any, now: float, gone: list[Removed]) -> list[Undo]:
    if isinstance(message, FlowMod):
        return change_flows(datapath, bridge, message, now, gone)
    if isinstance(message, GroupMod):
        return change_group(datapath, bridge, message, now, gone)
    if isinstance(message, MeterMod):
        return change_meter(datapath, bridge, message, now, gone)
    if isinstance(message, of.PortMod):
        return [configure_port(datapath, bridge, message)]
    raise Refused(BUNDLE_FAILED, 10, f"{type(message).__name__} cannot be in a bundle")


@_handles(BundleControl)
def _bundle_control(call: Call, message: BundleControl) -> None:
    number, kind = message.bundle_id, message.kind
    bundle = call.session.bundles.get(number)
    if kind is kind.OPEN_REQUEST:
        if bundle is not None:
            del call.session.bundles[number]
            raise Refused(BUNDLE_FAILED, BAD_BUNDLE, f"bundle {number} exists")
        call.session.bundles[number] = Bundle(message.flags)
    elif bundle is None:
        raise Refused(BUNDLE_FAILED, BAD_BUNDLE, f"bundle {number} does not exist")
    elif kind is kind.CLOSE_REQUEST:
        if bundle.closed:
            raise Refused(BUNDLE_FAILED, BUNDLE_CLOSED, f"bundle {number} is closed")
        bundle.closed = True
    else:
        del call.session.bundles[number]
        if kind is kind.COMMIT_REQUEST:
            _commit(call, bundle)
    call.session.channel.send(BundleControl(number, type(kind)(kind + 1), message.flags), call.xid)


@_handles(BundleAdd)
def _bundle_add(call: Call, message: BundleAdd) -> None:
    bundle = call.session.bundles.setdefault(message.bundle_id, Bundle(message.flags))
    if bundle.closed:
        raise Refused(BUNDLE_FAILED, BUNDLE_CLOSED, f"bundle {message.bundle_id} is closed")
    bundle.messages.append((call.xid, message.message))


def _commit(call: Call, bundle: Bundle) -> None:
    """All or nothing: when a message fails, those before it are undone."""
    done: list[list[Undo]] = []
    gone: list[Removed] = []
    for xid, message in bundle.messages:
        if isinstance(message, PacketOut):
            continue
        try:
            done.append(_apply(call.agent.datapath, call.bridge, message, call.now, gone))
        except Refused as refused:
            for undo in (step for steps in reversed(done) for step in steps):
                undo()
            _refuse(call.session, xid, refused)
            raise Refused(BUNDLE_FAILED, MESSAGE_FAILED, "a message of the bundle failed") from refused
    tell_removed(call.agent, gone, call.now)
    for _, message in bundle.messages:
        if isinstance(message, PacketOut):
            _packet_out(call, message)


# Packets.


@_handles(PacketOut)
def _packet_out(call: Call, message: PacketOut) -> None:
    state = fresh_state(call.bridge, message.in_port, (Todo(message.actions),))
    packet = Packet(message.data)
    forward.enter_once(call.agent.datapath, state_with(state, message.metadata, packet), packet, call.now)


@_handles(Resume)
def _resume(call: Call, message: Resume) -> None:
    found = resumed(call.agent.datapath, message.packet)
    if found is None:
        call.session.channel.send(of.Error(RESUME_STALE, 0, b"", NICIRA), call.xid)
        return
    state, packet = found
    forward.enter_once(call.agent.datapath, state, packet, call.now)


@_handles(CtFlushZone)
def _flush_zone(call: Call, message: CtFlushZone) -> None:
    conntrack.flush(call.agent.datapath.conntrack, lambda connection: connection.key.zone == message.zone)


@_handles(CtFlush)
def _flush(call: Call, message: CtFlush) -> None:
    conntrack.flush(call.agent.datapath.conntrack, meant_by(message))


# What the switch says by itself.


def _hears(session: Session, wanted: tuple[int, int], reason: int) -> bool:
    if not session.channel.connected or (session.service and not session.miss_send_len):
        return False
    return bool(wanted[session.role is of.Role.SLAVE] >> reason & 1)


def tell_packet_ins(agent: Agent) -> None:
    """Send punted packets to the sessions that they are for."""
    punts, agent.datapath.packet_ins = agent.datapath.packet_ins, []
    for punt in punts:
        assert isinstance(punt, Punt)
        message = packet_in(punt)
        for session in agent.sessions:
            mine = session.bridge == punt.tell.bridge.name and session.controller_id == punt.tell.controller_id
            if mine and _hears(session, session.async_config.packet_in, punt.tell.reason):
                session.channel.send(message, 0)


def port_changed(agent: Agent, bridge: Bridge, port: Port, reason: of.PortReason) -> None:
    """Tell that a port came, went or changed."""
    message = of.PortStatus(reason, statistics.describe_port(port))
    for session in agent.sessions:
        if session.bridge == bridge.name and _hears(session, session.async_config.port_status, reason):
            session.channel.send(message, 0)


def tell_removed(agent: Agent, gone: list[Removed], now: float) -> None:
    """Tell of the rules that asked for it that they are gone."""
    wanted = [removed for removed in gone if removed.rule.flags & FlowFlag.SEND_FLOW_REM]
    if not wanted:
        return
    settle(agent.datapath)
    for removed in wanted:
        rule = removed.rule
        seconds, nanoseconds = statistics.lasted(now - rule.created)
        message = FlowRemoved(
            rule.match, rule.priority, removed.reason, rule.table, rule.cookie, seconds, nanoseconds,
            rule.idle_timeout, rule.hard_timeout, rule.packets, rule.bytes,
        )  # fmt: skip
        for session in agent.sessions:
            if session.bridge == removed.bridge.name and _hears(session, session.async_config.flow_removed, removed.reason):
                session.channel.send(message, 0)


