"""Service monitors: whom this chassis asks, how, and what the answers make of them."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.controller.rule import put
from pyovn.controller.services.frame import ICMP, ICMPV6, TCP, UDP, Ip, ethernet, ipv4, ipv6, parse_ip, with_checksum
from pyovn.controller.services.probes import TARGETS, Prober
from pyovn.controller.services.request import Request
from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.match import Match
from pyovn.openflow.message import PacketIn, PacketOut
from pyovn.ovsdb.operation import Update
from pyovn.packet import tcp, udp
from pyovn.packet.checksum import pseudo_header
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import OURS, feed, host, uuid

SWITCH, PORT, ROW = (uuid(number) for number in (0x50, 0x51, 0x52))
IP4, IP6, SRC4, SRC6 = 0x0A000002, 0xFD00 << 112 | 2, 0x0A000064, 0xFD00 << 112 | 0x64
VM = ("02:00:00:00:00:02 10.0.0.2 fd00::2",)


def network(protocol: str = "tcp", ip: str = "10.0.0.2", src_ip: str = "10.0.0.100", mac: tuple[str, ...] = VM, **columns: Any) -> Engine:
    """A machine of this chassis that is watched."""
    db = host()
    feed(db, sb.DatapathBinding, SWITCH, tunnel_key=1)
    port = {"chassis": columns.pop("chassis", OURS), "up": columns.pop("up", True)}
    feed(db, sb.PortBinding, PORT, logical_port="vm", datapath=SWITCH, tunnel_key=3, mac=mac, **port)
    asked = {"protocol": protocol, "ip": ip, "src_ip": src_ip, "port": 80, "logical_port": "vm", "src_mac": "02:00:00:00:00:fe"}
    asked["mac"] = columns.pop("of_function", "")
    feed(db, sb.ServiceMonitor, ROW, **{"type": "load-balancer", **asked, **columns})
    return db


def function(**columns: Any) -> Engine:
    """A network function that is entered by port 4 and left by port 3."""
    db = network("icmp", "169.254.0.2", "169.254.0.1", type="network-function", logical_input_port="in", of_function="02:00:00:00:00:ee")
    entry = {"logical_port": "in", "datapath": SWITCH, "tunnel_key": 4, "chassis": OURS}
    feed(db, sb.PortBinding, uuid(0x53), **{**entry, **columns})
    return db


ASKED = [
    (function(), ICMP),
    (function(chassis=None), None),
    (function(logical_port="another"), None),
    (network(), TCP),
    (network("udp"), UDP),
    (network("icmp"), None),
    (network("icmp", type="logical-switch-port"), ICMP),
    (network("icmp", "fd00::2", "fd00::64", type="logical-switch-port"), ICMPV6),
    (network("tcp", "fd00::2"), None),
    (network(chassis=None), None),
    (network(up=False), None),
    (network(remote=True), None),
    (network(mac=()), None),
    (network(mac=("02:00:00:00:00:02 10.0.0.3",)), None),
    (network(mac=("02:00:00:00:00:02",)), TCP),
    (network(src_mac="nobody"), None),
    (network(logical_port="nobody"), None),
    (network(ip="nowhere"), None),
]


@pytest.mark.parametrize(("db", "protocol"), ASKED)
def test_who_is_asked(db: Engine, protocol: int | None) -> None:
    assert [target.protocol for target in db.items(TARGETS)] == ([] if protocol is None else [protocol])


def question(prober: Prober, now: float) -> bytes:
    """The one packet that is sent at `now`."""
    (message,) = prober.tick(now)
    assert isinstance(message, PacketOut)
    return message.data


def back(frame: bytes, protocol: int, payload: bytes, *, port: int = 3) -> Request:
    """A packet from the one that was asked in `frame`."""
    asked = parse_ip(frame)
    assert asked is not None
    build = ipv4 if asked.version == 4 else ipv6
    answer = ethernet(frame[6:12], frame[0:6], int.from_bytes(frame[12:14], "big"), build(asked.dst, asked.src, protocol, payload))
    return Request(Opcode.HANDLE_SVC_CHECK, answer, b"", PacketIn(answer, metadata=Match.of({"metadata": 1, "reg14": port})))


def segment(frame: bytes, flags: int, *, off: int = 0) -> Request:
    """What a TCP answers."""
    ip = parse_ip(frame)
    assert ip is not None
    syn = tcp.parse(frame[ip.data : ip.end])
    answer = tcp.Tcp(syn.dst, syn.src, 5, syn.seq + 1 + off & 0xFFFFFFFF, flags, 100)
    return back(frame, TCP, tcp.build(answer, ip.dst, ip.src))


def unreachable(frame: bytes, *, code: int = 3) -> Request:
    """That nobody is at the port."""
    return back(frame, ICMP, with_checksum(bytes((3, code)) + bytes(6) + frame[14:42], 2))


def echo(frame: bytes, *, off: int = 0) -> Request:
    """An echo reply."""
    ip = parse_ip(frame)
    assert ip is not None
    number = (int.from_bytes(frame[ip.data + 4 : ip.data + 8], "big") + off & 0xFFFFFFFF).to_bytes(4, "big")
    if ip.version == 4:
        return back(frame, ICMP, with_checksum(bytes(4) + number, 2))
    return back(frame, ICMPV6, with_checksum(bytes((129, 0, 0, 0)) + number, 2, pseudo_header(ip.src, ip.dst, ICMPV6, 8)))


def again(frame: bytes, *, port: int = 3) -> Request:
    """The question itself, as it comes out of what it was sent through."""
    return back(frame, 0, b"", port=port)._replace(frame=frame)


PING: dict[str, Any] = {"type": "logical-switch-port"}
ANSWERS = [
    # the monitor, the answer, what is told then, and what after the time is over without another one
    (network(), lambda frame: segment(frame, tcp.SYN | tcp.ACK), "online"),
    (network(), lambda frame: segment(frame, tcp.RST | tcp.ACK), "offline"),
    (network(), lambda frame: segment(frame, tcp.SYN | tcp.ACK, off=1), None),
    (network(), lambda frame: segment(frame, tcp.ACK), None),
    (network(), lambda frame: segment(frame, tcp.SYN | tcp.ACK)._replace(frame=b""), None),
    (network("udp"), unreachable, "offline"),
    (network("udp"), lambda frame: unreachable(frame, code=1), None),
    (network("udp"), lambda frame: back(frame, UDP, udp.build(udp.Udp(80, 1, b""), 1, 2)), None),
    (network("icmp", **PING), echo, "online"),
    (network("icmp", **PING), lambda frame: echo(frame, off=1), None),
    (network("icmp", "fd00::2", "fd00::64", **PING), echo, "online"),
    (function(), lambda frame: again(frame), "online"),
    (function(), lambda frame: again(frame, port=4), None),
    (function(), echo, "online"),
]


@pytest.mark.parametrize(("db", "answer", "told"), ANSWERS)
def test_what_an_answer_tells(db: Engine, answer: Any, told: str | None) -> None:
    prober = Prober(db)
    prober.hear(answer(question(prober, 0.0)), 0.5)
    assert statuses(prober) == ([told] if told else [])


def statuses(prober: Prober) -> list[object]:
    """What the southbound is told."""
    return [operation.row["status"] for operation in prober.operations() if isinstance(operation, Update)]


@pytest.mark.parametrize(("protocol", "told"), [("tcp", "offline"), ("udp", "online")])
def test_what_silence_tells(protocol: str, told: str) -> None:
    prober = Prober(network(protocol))
    question(prober, 0.0)
    assert prober.due() == 3.0
    assert not list(prober.tick(3.0))
    assert (statuses(prober), prober.due()) == ([told], 8.0)


def test_a_network_function_is_asked_by_its_other_port() -> None:
    (message,) = Prober(function()).tick(0.0)
    assert isinstance(message, PacketOut)
    assert put("reg15", 4) in message.actions
    assert (message.data[:6].hex(":"), parse_ip(message.data)) == ("02:00:00:00:00:ee", Ip(4, 14, 34, 42, ICMP, 0xA9FE0001, 0xA9FE0002))


def test_an_open_connection_is_reset() -> None:
    prober = Prober(network())
    prober.hear(segment(question(prober, 0.0), tcp.SYN | tcp.ACK), 0.1)
    reset = question(prober, 0.1)
    assert tcp.parse(reset[34:]).flags == tcp.RST


def test_so_many_answers_and_so_many_failures_are_wanted() -> None:
    prober = Prober(network(options={"success_count": "2", "failure_count": "3", "interval": "1", "timeout": "1"}))
    seen: list[list[object]] = []
    for now, answered in enumerate([True, True, False, False, False]):
        frame = next(message.data for message in prober.tick(2.0 * now) if tcp.parse(message.data[34:]).flags == tcp.SYN)
        if answered:
            prober.hear(segment(frame, tcp.SYN | tcp.ACK), 2.0 * now + 0.1)
        list(prober.tick(2.0 * now + 1.0))
        seen.append(statuses(prober))
    assert seen == [[], ["online"], ["online"], ["online"], ["offline"]]


def test_nobody_is_asked_any_more() -> None:
    db = network()
    prober = Prober(db)
    question(prober, 0.0)
    feed(db, sb.PortBinding, PORT, logical_port="vm", datapath=SWITCH, tunnel_key=3, mac=VM, up=True)
    assert not list(prober.tick(9.0))
    assert prober.due() == float("inf")
