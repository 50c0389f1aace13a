"""The database drives the switch: bridges, ports, numbers, errors, datapath ids, and what is written back."""

from __future__ import annotations

import pytest

from pyovn.openflow.statistics import FlowStatsReply, FlowStatsRequest
from pyovn.ovsdb.operation import EVERY, Condition, Delete, Mutate, Mutation, Named, Update
from pyovn.schemas import vswitch as db
from pyovn.vswitch.effects import (
    CloseBridge,
    CloseDevice,
    Connect,
    DeviceChanged,
    DeviceFailed,
    DeviceOpened,
    DevicesChanged,
    OpenBridge,
    OpenDevice,
    OpenUdp,
)
from pyovn.vswitch.wanted import mac_number
from tests.vswitch.board import Board, PortSpec, bridge_operations, ethernet, make_board, udp


def interface(board: Board, name: str) -> db.Interface:
    return next(row for row in board.store.rows(db.Interface).values() if row.name == name)


def top(board: Board) -> db.OpenvSwitch:
    return next(iter(board.store.rows(db.OpenvSwitch).values()))


def named(name: str) -> list[Condition]:
    return [Condition("name", "==", name)]


def test_what_is_written_back() -> None:
    board = make_board("p1", "p2", ("br0", "internal", {}))
    row = interface(board, "p1")
    assert (row.ofport, row.error, row.admin_state, row.link_state, row.mtu, row.ifindex) == (1, None, "up", "up", 1500, 7)
    assert interface(board, "br0").ofport == 65534
    assert top(board).cur_cfg == top(board).next_cfg == 1
    assert "geneve" in top(board).iface_types and "netdev" in top(board).datapath_types


ERRORS: list[tuple[PortSpec, int, str | None]] = [
    (("x", "patch", {}), -1, "x: patch type requires valid 'peer' argument"),
    (("x", "patch", {"peer": "y"}), 1, "No usable peer 'y' exists in 'system' datapath."),
    (("x", "geneve", {}), -1, "x: geneve type requires valid 'remote_ip' argument"),
    (("x", "nonsense", {}), -1, "could not open network device x (Address family not supported by protocol)"),
    (("x", "geneve", {"remote_ip": "192.0.2.1"}), 1, None),
    (("x", "vxlan", {"remote_ip": "2001:db8::1", "key": "5"}), 1, None),
]


@pytest.mark.parametrize(("port", "number", "error"), ERRORS)
def test_ports_that_cannot_be(port: PortSpec, number: int, error: str | None) -> None:
    row = interface(make_board(port), "x")
    assert (row.ofport, row.error) == (number, error)


def test_a_device_that_is_not_there_is_tried_again() -> None:
    board = make_board()
    pending = board.store.transact(bridge_operations("br1", [("eth9", "system", {})]))
    assert pending.error is None
    board.switch.tick(0.0)
    assert OpenDevice("eth9", "system", 0) in board.switch.take()
    board.switch.receive("eth9", DeviceFailed("No such device"), 0.0)
    board.settle()
    assert (interface(board, "eth9").ofport, interface(board, "eth9").error) == (-1, "could not open network device eth9 (No such device)")
    board.switch.receive(None, DevicesChanged(), 1.0)
    board.settle()
    assert (interface(board, "eth9").ofport, interface(board, "eth9").error) == (1, None)


def test_cur_cfg_waits_for_devices() -> None:
    board = make_board()
    board.store.transact(bridge_operations("br1", [("t1", "internal", {})]))
    board.switch.tick(0.0)
    board.switch.tick(0.0)
    assert top(board).cur_cfg == top(board).next_cfg - 1
    board.switch.receive("t1", DeviceOpened(2, 1500, 3, False), 0.0)
    board.settle()
    assert top(board).cur_cfg == top(board).next_cfg
    assert interface(board, "t1").link_state == "down"


def test_numbers_stay_and_requests_are_kept() -> None:
    board = make_board("p1", "p2", "p3")
    board.transact(Update(db.Interface, named("p3"), {"ofport_request": 42}))
    assert board.numbers() == {"p1": 1, "p2": 2, "p3": 42}
    port = next(row for row in board.store.rows(db.Port).values() if row.name == "p1")
    board.transact(Mutate(db.Bridge, EVERY, [Mutation("ports", "delete", (port.uuid,))]), Delete(db.Port, named("p1")))
    assert CloseDevice("p1") in board.other_effects
    assert board.send("p1", udp("10.0.0.1", "10.0.0.2", 1, 2)) == []


IDS = [
    ({"datapath-id": "00000000000000aa"}, "00000000000000aa"),
    ({"datapath-id": "0xaa"}, "00000000000000aa"),
    ({"hwaddr": "02:00:00:00:00:07"}, "0000020000000007"),
    ({"datapath-id": "nonsense", "hwaddr": "02:00:00:00:00:07"}, "0000020000000007"),
]


@pytest.mark.parametrize(("other_config", "expected"), IDS)
def test_datapath_ids(other_config: dict[str, str], expected: str) -> None:
    board = make_board("p1")
    board.transact(Update(db.Bridge, EVERY, {"other_config": other_config}))
    assert datapath_id(board) == expected


def datapath_id(board: Board) -> str | None:
    return next(iter(board.store.rows(db.Bridge).values())).datapath_id


def test_the_lowest_address_that_its_maker_chose_names_the_bridge() -> None:
    board = make_board("p1", "p2")
    made_up = datapath_id(board)
    assert made_up is not None and int(made_up, 16) >> 40 & 3 == 2
    mac = mac_number("00:11:22:33:44:55")
    board.switch.receive("p2", DeviceChanged(mac, 1500, 7, True, True), 0.0)
    board.settle()
    assert datapath_id(board) == "0000001122334455"


def test_a_bridge_that_nobody_controls_learns_and_one_that_waits_does_not() -> None:
    alone, secure = make_board("p1", "p2", "p3", fail_mode=None), make_board("p1", "p2", "p3")
    there, back = ethernet(2, 4, 0x88CC, bytes(50)), ethernet(4, 2, 0x88CC, bytes(50))
    assert alone.send("p1", there) == [("p2", there), ("p3", there)]
    assert alone.send("p3", back) == [("p1", back)]
    assert alone.send("p1", there) == [("p3", there)]
    assert secure.send("p1", there) == []


def test_access_and_trunk_ports() -> None:
    board = make_board("p1", "p2", "p3", fail_mode="standalone")
    board.transact(Update(db.Port, named("p1"), {"tag": 5}), Update(db.Port, named("p2"), {"tag": 6}))
    bare = ethernet(2, 0xFFFFFFFFFFFF, 0x88CC, bytes(50))
    tagged = bare[:12] + b"\x81\0\0\5" + bare[12:]
    assert board.send("p1", bare) == [("p3", tagged)]
    assert board.send("p3", tagged) == [("p1", bare)]
    assert board.send("p1", tagged) == []


def test_patch_ports_join_bridges() -> None:
    board = make_board("p1", ("to1", "patch", {"peer": "to0"}), fail_mode="standalone")
    board.transact(*bridge_operations("br1", [("q1", "dummy", {}), ("to0", "patch", {"peer": "to1"})]))
    assert interface(board, "to1").error is None
    frame = ethernet(2, 4, 0x88CC, bytes(50))
    assert board.send("p1", frame) == [("q1", frame)]
    assert board.send("q1", ethernet(4, 2, 0x88CC, bytes(50))) == [("p1", ethernet(4, 2, 0x88CC, bytes(50)))]


def test_bridges_come_and_go() -> None:
    board = make_board("p1", ("g1", "geneve", {"remote_ip": "192.0.2.1"}))
    assert OpenBridge("br0") in board.other_effects and OpenUdp(6081) in board.other_effects
    board.transact(Update(db.OpenvSwitch, EVERY, {"bridges": ()}))
    assert CloseBridge("br0") in board.other_effects and CloseDevice("p1") in board.other_effects
    assert not board.switch.datapath.bridges and not board.switch.datapath.tunnels


def test_controllers_of_the_database_are_connected() -> None:
    from pyovn.ovsdb.operation import Insert

    board = make_board("p1", fail_mode="standalone")
    board.transact(Insert(db.Controller, {"target": "tcp:127.0.0.1:6653"}, "c"), Update(db.Bridge, EVERY, {"controller": (Named("c"),)}))
    assert Connect("br0", "tcp:127.0.0.1:6653", 5000) in board.other_effects
    (reply,) = board.ask(FlowStatsRequest())
    assert isinstance(reply, FlowStatsReply) and reply.flows == ()


def test_a_controller_that_leaves_leaves_its_rules() -> None:
    from pyovn.openflow.action import Output
    from pyovn.openflow.message import FlowMod

    board = make_board("p1", "p2")
    board.ask(FlowMod(actions=(Output(2),)))
    board.switch.detach(board.switch.agent.sessions[0])
    frame = udp("10.0.0.1", "10.0.0.2", 1, 2)
    assert board.send("p1", frame) == [("p2", frame)]
