"""BFD on interfaces: two switches joined by a tunnel that can be cut, or one switch and frames by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pyovn.openflow.action import Output
from pyovn.openflow.message import FlowMod
from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.packet import bfd, ethernet, ipv4, udp
from pyovn.packet.bfd import Bfd
from pyovn.schemas import vswitch as db
from pyovn.vswitch.effects import Datagram, Effect, Transmit, Udp
from pyovn.vswitch.liveness import Config, read_config
from pyovn.vswitch.tunnels import decode_geneve
from tests.vswitch.board import Board, make_board, parse_rule

ENABLED = {"enable": "true", "check_tnl_key": "true"}
ADDRESSES = (0xC0000201, 0xC0000202)


def end(number: int, **bfd_column: str) -> Board:
    """A switch with a tunnel to the other one, monitored."""
    options = {"remote_ip": f"192.0.2.{2 - number}", "local_ip": f"192.0.2.{number + 1}", "key": "flow"}
    board = make_board(("g1", "geneve", options), "p1", "p2")
    configure(board, {**ENABLED, **bfd_column})
    return board


def configure(board: Board, column: dict[str, str], interface: str = "g1") -> None:
    """Write an interface's `bfd` column."""
    (uuid,) = (row.uuid for row in board.store.rows(db.Interface).values() if row.name == interface)
    board.transact(Update(db.Interface, by_uuid(uuid), {"bfd": column}))


@dataclass
class Pair:
    """Both ends, and the time they share; `cut` loses every datagram."""

    ends: tuple[Board, Board] = field(default_factory=lambda: (end(0), end(1)))
    now: float = 0.0
    cut: bool = False
    sent: list[Udp] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while True:
            busy = [self._carry(number) for number in (0, 1)]
            if any(busy):
                continue
            due = min(board.switch.due() for board in self.ends)
            if due > until:
                break
            self.now = max(self.now, due)
            for board in self.ends:
                board.now = self.now
                board.switch.tick(self.now)
        self.now = until

    def _carry(self, number: int) -> bool:
        board = self.ends[number]
        effects: list[Effect] = [*board.other_effects, *board.switch.take()]
        board.other_effects.clear()
        datagrams = [effect for effect in effects if isinstance(effect, Udp)]
        self.sent += datagrams
        for datagram in () if self.cut else datagrams:
            arrived = Datagram(ADDRESSES[number], datagram.remote, 4, datagram.port, datagram.payload)
            self.ends[1 - number].switch.receive(None, arrived, self.now)
        return bool(datagrams)

    def status(self, number: int) -> dict[str, str]:
        """What the database of an end says."""
        (row,) = (row for row in self.ends[number].store.rows(db.Interface).values() if row.name == "g1")
        return row.bfd_status


UP = {
    "diagnostic": "No Diagnostic", "flap_count": "1", "forwarding": "true",
    "remote_diagnostic": "No Diagnostic", "remote_state": "up", "state": "up",
}  # fmt: skip


def test_the_ends_of_a_tunnel_find_each_other_and_say_so_in_their_databases() -> None:
    pair = Pair()
    pair.run(5)
    assert (pair.status(0), pair.status(1)) == (UP, UP)


def test_a_cut_tunnel_is_noticed_within_three_seconds_and_mended_again() -> None:
    pair = Pair()
    pair.run(5)
    pair.cut = True
    pair.run(3.1)
    wanted = {"diagnostic": "Control Detection Time Expired", "flap_count": "2", "forwarding": "false", "state": "down"}
    for number in (0, 1):
        assert pair.status(number).items() >= wanted.items()
    pair.cut = False
    pair.run(1.5)
    assert pair.status(0)["state"] == pair.status(1)["state"] == "up"
    assert pair.status(0)["flap_count"] == "3"


def test_without_monitors_the_status_is_empty_and_nothing_is_sent() -> None:
    pair = Pair()
    pair.run(5)
    for board in pair.ends:
        configure(board, {})
    pair.run(0.1)
    pair.sent.clear()
    pair.run(10)
    assert (pair.status(0), pair.sent) == ({}, [])


def test_the_frame_of_a_control_packet() -> None:
    pair = Pair()
    pair.run(0.1)
    got = decode_geneve(pair.sent[0].payload)
    frame = ethernet.parse(got.frame)
    packet = ipv4.parse(frame.payload)
    datagram = udp.parse(packet.payload)
    assert (got.key, got.options, got.oam) == (0, (), False)
    assert frame.dst == 0x002320000001
    assert (packet.src, packet.dst, packet.ttl, packet.tos) == (0xA9FE0101, 0xA9FE0100, 255, 0xC0)
    assert datagram.dst == bfd.PORT and datagram.src >= 49152
    assert bfd.parse(datagram.payload)._replace(my_discriminator=0) == Bfd(bfd.DOWN, 3, 0, 0, 1_000_000, 1_000_000)


def control(state: int = bfd.DOWN, *, port: int = bfd.PORT, mac: int = 0x002320000001) -> bytes:
    """A frame with a control packet of some peer."""
    datagram = udp.build(udp.Udp(49152, port, bfd.build(Bfd(state, 3, 7, 0, 1_000_000, 1_000_000))), 1, 2)
    return ethernet.build(ethernet.Ethernet(mac, 5, ethernet.TYPE_IPV4, ipv4.build(ipv4.Ipv4(1, 2, ipv4.UDP, datagram, 255))))


TAKEN = [
    # the bfd column of an ordinary port, the frame, taken by the monitor?
    ({}, control(), True),
    ({}, control(port=3785), False),
    ({"bfd_remote_dst_mac": "00:23:20:00:00:01"}, control(), True),
    ({"bfd_remote_dst_mac": "00:23:20:00:00:02"}, control(), False),
    ({"enable": "false"}, control(), False),
]


@pytest.mark.parametrize(("column", "frame", "taken"), TAKEN)
def test_which_frames_are_the_monitors_and_which_go_on(column: dict[str, str], frame: bytes, taken: bool) -> None:
    board = make_board("p1", "p2")
    board.ask(FlowMod(actions=(Output(2),)))
    configure(board, {"enable": "true", **column}, "p1")
    board.switch.take()
    assert ([port for port, _ in board.send("p1", frame)] == ["p2"]) is not taken


@pytest.mark.parametrize("cut_at", range(14, len(control())))
def test_a_frame_cut_anywhere_does_no_harm(cut_at: int) -> None:
    board = make_board("p1")
    configure(board, {"enable": "true"}, "p1")
    board.switch.receive("p1", control()[:cut_at], 1.0)
    board.switch.tick(1.0)


CONFIGS = [
    ({}, None),
    ({"enable": "false"}, None),
    ({"enable": "true"}, Config()),
    ({"enable": "true", "min_tx": "500", "min_rx": "300", "mult": "5"}, Config(min_tx_us=500_000, min_rx_us=300_000, multiplier=5)),
    ({"enable": "true", "min_tx": "soon", "mult": "1000", "bfd_src_ip": "nowhere"}, Config()),
    ({"enable": "true", "decay_min_rx": "10"}, Config()),
    ({"enable": "true", "decay_min_rx": "2000", "cpath_down": "true"}, Config(decay_min_rx_us=2_000_000, path_down=True)),
    ({"enable": "true", "oam": "true", "bfd_local_src_mac": "00:00:00:00:00:05"}, Config(oam=True, local_src_mac=5)),
]


@pytest.mark.parametrize(("column", "config"), CONFIGS)
def test_configurations(column: dict[str, str], config: Config | None) -> None:
    assert read_config(column) == config


def test_a_path_that_is_down_behind_one_end_stops_the_other_from_sending() -> None:
    pair = Pair((end(0), end(1, cpath_down="true")))
    pair.run(5)
    assert pair.status(0).items() >= {"state": "up", "forwarding": "false", "remote_diagnostic": "Concatenated Path Down"}.items()


def test_data_keeps_a_tunnel_forwarding_when_control_packets_are_lost() -> None:
    pair = Pair((end(0, forwarding_if_rx="true", check_tnl_key="true"), end(1)))
    pair.run(5)
    pair.cut = True
    data = Datagram(ADDRESSES[1], ADDRESSES[0], 4, 6081, bytes.fromhex("0000655800000900") + control(port=9))
    for _ in range(20):
        pair.ends[0].switch.receive(None, data, pair.now)
        pair.run(0.5)
    assert pair.status(0).items() >= {"state": "down", "forwarding": "true"}.items()
    pair.run(3)
    assert pair.status(0)["forwarding"] == "false"


def test_an_idle_tunnel_is_asked_less_often() -> None:
    pair = Pair((end(0, decay_min_rx="4000"), end(1)))
    pair.run(30)
    pair.sent.clear()
    pair.run(40)
    assert sum(datagram.remote == ADDRESSES[0] for datagram in pair.sent) <= 14
    assert pair.status(0)["state"] == "up"


def test_transmit_on_a_device() -> None:
    board = make_board("p1")
    configure(board, {"enable": "true"}, "p1")
    assert any(isinstance(effect, Transmit) and effect.interface == "p1" for effect in board.other_effects)


def test_traffic_takes_the_next_way_when_the_first_is_dead() -> None:
    pair = Pair()
    board = pair.ends[0]
    numbers = board.numbers()
    members = f"{numbers['g1']},{numbers['p1']}"
    board.ask(parse_rule(f"table=0,in_port={numbers['p2']} actions=bundle(eth_src,0,active_backup,ofport,members:{members})"))

    def ways() -> list[str]:
        board.switch.receive("p2", control(port=9), pair.now)
        effects = board.switch.take()
        return [type(effect).__name__ for effect in effects]

    assert ways() == ["Transmit"]  # nobody has answered yet
    pair.run(5)
    assert ways() == ["Udp"]
    pair.cut = True
    pair.run(3.1)
    assert ways() == ["Transmit"]
