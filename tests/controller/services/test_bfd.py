"""BFD sessions of router ports: which this chassis runs, what it sends, and what it tells."""

from __future__ import annotations

import pytest

from pyovn.controller.services.bfd import WATCHED, Sessions
from pyovn.controller.services.frame import ethernet, ipv4, parse_ip
from pyovn.controller.services.request import Request
from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.match import Match
from pyovn.openflow.message import PacketIn, PacketOut
from pyovn.ovsdb.operation import Update
from pyovn.packet import bfd, udp
from pyovn.packet.bfd import DOWN, INIT, UP, Bfd
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import feed, host, uuid

ROUTER, SWITCH, PORT, PEER, ROW = (uuid(number) for number in (0x50, 0x51, 0x52, 0x53, 0x54))
PEER_IP = 0x0A000002


MAC = "02:00:00:00:00:01 10.0.0.1/24 fd00::1/64"


def gateway(chassis: str = "hv1", status: str = "down", dst_ip: str = "10.0.0.2", mac: str = MAC) -> Engine:
    """A gateway router on `chassis` whose port has a session."""
    db = host()
    feed(db, sb.DatapathBinding, ROUTER, tunnel_key=1)
    feed(db, sb.DatapathBinding, SWITCH, tunnel_key=2)
    options = {"peer": "s-r", "l3gateway-chassis": chassis}
    feed(db, sb.PortBinding, PORT, logical_port="r-s", type="l3gateway", datapath=ROUTER, tunnel_key=3, mac=(mac,), options=options)
    feed(db, sb.PortBinding, PEER, logical_port="s-r", type="l3gateway", datapath=SWITCH, tunnel_key=4, options={**options, "peer": "r-s"})
    columns = {"min_tx": 300, "min_rx": 400, "detect_mult": 3, "disc": 77, "src_port": 49200}
    feed(db, sb.BFD, ROW, logical_port="r-s", dst_ip=dst_ip, status=status, **columns)
    return db


RUN = [
    (gateway(), [(4, 0x0A000001)]),
    (gateway(chassis="hv2"), []),
    (gateway(status="admin_down"), []),
    (gateway(dst_ip="fd00::2"), [(6, 0xFD00 << 112 | 1)]),
    (gateway(dst_ip="nowhere"), []),
    (gateway(mac="unreadable"), []),
    (gateway(mac="02:00:00:00:00:01"), []),
]


@pytest.mark.parametrize(("db", "run"), RUN)
def test_which_sessions_this_chassis_runs(db: Engine, run: list[tuple[int, int]]) -> None:
    assert [(watch.version, watch.src) for watch in db.items(WATCHED)] == run


def heard(packet: Bfd, *, datapath: int = 1, src: int = PEER_IP, ttl: int = 255) -> Request:
    """A packet-in with a control packet of the peer."""
    datagram = udp.build(udp.Udp(50000, bfd.PORT, bfd.build(packet)), src, 0x0A000001)
    frame = ethernet(bytes(6), bytes(6), 0x0800, ipv4(src, 0x0A000001, 17, datagram, ttl=ttl))
    return Request(Opcode.BFD_MSG, frame, b"", PacketIn(frame, metadata=Match.of({"metadata": datapath, "reg14": 3})))


def sent(messages: list[PacketOut]) -> list[Bfd]:
    """The control packets in what is said to the switch."""
    packets = []
    for message in messages:
        ip = parse_ip(message.data)
        assert ip is not None and message.data[22] == 255
        packets.append(bfd.parse(udp.parse(message.data[ip.data : ip.end]).payload))
    return packets


def test_a_session_comes_up_and_the_southbound_is_told_each_step() -> None:
    db = gateway()
    sessions, told = Sessions(db), []
    (first,) = sent(list(sessions.tick(0.0)))
    assert first == Bfd(DOWN, 3, 77, 0, 1_000_000, 400_000)
    for now, state in ((0.1, DOWN), (0.2, INIT), (0.3, UP)):
        assert sessions.hear(heard(Bfd(state, 3, 9, 77, 300_000, 300_000)), now)
        list(sessions.tick(now))
        for operation in sessions.operations():
            assert isinstance(operation, Update)
            told.append(operation.row["status"])
            feed(db, sb.BFD, ROW, **{**row_columns(db), "status": operation.row["status"]})
    assert told == ["init", "up"]
    while sessions.due() < 3.0:
        list(sessions.tick(sessions.due()))
    list(sessions.tick(sessions.due()))
    assert [operation.row["status"] for operation in sessions.operations() if isinstance(operation, Update)] == ["down"]


def row_columns(db: Engine) -> dict[str, object]:
    """The row as it is."""
    row = db.get(sb.BFD, ROW)
    assert row is not None
    columns = ("logical_port", "dst_ip", "status", "min_tx", "min_rx", "detect_mult", "disc", "src_port")
    return {name: getattr(row, name) for name in columns}


FOREIGN = [
    heard(Bfd(DOWN, 3, 9, 0, 1, 1), datapath=2),
    heard(Bfd(DOWN, 3, 9, 0, 1, 1), src=5),
    heard(Bfd(DOWN, 3, 9, 0, 1, 1), ttl=254),
    heard(Bfd(UP, 3, 9, 78, 1, 1)),
    heard(Bfd(DOWN, 3, 9, 0, 1, 1))._replace(frame=b""),
    heard(Bfd(DOWN, 3, 9, 0, 1, 1))._replace(frame=heard(Bfd(DOWN, 3, 9, 0, 1, 1)).frame[:50]),
]


@pytest.mark.parametrize("request_", FOREIGN)
def test_what_belongs_to_no_session_is_not_taken(request_: Request) -> None:
    sessions = Sessions(gateway())
    list(sessions.tick(0.0))
    assert not sessions.hear(request_, 0.1)


def test_a_session_that_is_no_longer_wanted_is_silent() -> None:
    db = gateway()
    sessions = Sessions(db)
    list(sessions.tick(0.0))
    feed(db, sb.BFD, ROW, **{**row_columns(db), "status": "admin_down"})
    assert not list(sessions.tick(5.0))
    assert sessions.due() == float("inf")
