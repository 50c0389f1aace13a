"""The desk: each opcode's effects, and what bad packets do: nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.facts import Fact
from pyovn.controller.services.desk import Desk
from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.match import Match
from pyovn.openflow.message import PacketIn, PacketOut, Resume
from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.operation import Insert
from pyovn.ovsdb.row import make
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import host
from tests.controller.services.frames import dhcp, solicit6, udp4

DATAPATH, PORT = "d" * 8 + "-0000-4000-8000-000000000001", "e" * 8 + "-0000-4000-8000-000000000001"
METADATA = Match.of({"metadata": 3, "reg14": 1, "reg15": 1, "reg0": 0x0A000001})
OFFER = bytes.fromhex("0001de10" "00000063" "0a00000b" "36040a000001")


GATEWAY_PORT = "e" * 8 + "-0000-4000-8000-000000000002"


def network() -> Engine:
    """A datapath with one port, which has a gateway."""
    db = host()
    redirect = {"logical_port": "cr-r-ls", "type": "chassisredirect", "options": {"distributed-port": "r-ls"}}
    for table, uuid, columns in (
        (sb.DatapathBinding, DATAPATH, {"tunnel_key": 3}),
        (sb.PortBinding, PORT, {"logical_port": "r-ls", "datapath": DATAPATH, "tunnel_key": 1, "type": "patch"}),
        (sb.PortBinding, GATEWAY_PORT, {**redirect, "datapath": DATAPATH, "tunnel_key": 2}),
    ):
        db.feed([Fact(table, uuid, None, make(table, uuid, {**defaults_of(table), **columns}.values()))])
    return db


def packet(opcode: int, frame: bytes, payload: bytes = b"", continuation: bytes = b"", metadata: Match = METADATA) -> PacketIn:
    """A packet-in."""
    return PacketIn(frame, metadata=metadata, userdata=opcode.to_bytes(4, "big") + bytes(4) + payload, continuation=continuation)


def test_a_neighbour_learned_becomes_a_row() -> None:
    desk = Desk(network())
    desk.take(packet(Opcode.PUT_ARP, udp4()), 0.0)
    (operation,) = desk.operations(5)
    assert isinstance(operation, Insert)
    assert operation.row == {
        "logical_port": "r-ls", "ip": "10.0.0.1", "mac": "c0:ff:ee:00:00:11", "datapath": DATAPATH, "timestamp": 5,
    }  # fmt: skip
    assert desk.operations(6) == []


@pytest.mark.parametrize("outport", [1, 2])
def test_a_packet_waits_for_its_next_hop_and_goes_on(outport: int) -> None:
    db = network()
    desk = Desk(db)
    metadata = Match.of({"metadata": 3, "reg14": 1, "reg15": outport, "reg0": 0x0A000001})
    desk.take(packet(Opcode.ARP, udp4(), continuation=b"later", metadata=metadata), 0.0)
    (request,) = desk.messages()
    assert isinstance(request, PacketOut)
    assert request.data[12:14] == b"\x08\x06"
    desk.tick(1.0)
    assert desk.messages() == []
    columns = {"logical_port": "r-ls", "ip": "10.0.0.1", "mac": "0a:0b:0c:0d:0e:0f", "datapath": DATAPATH}
    uuid = "f" * 8 + "-0000-4000-8000-000000000001"
    db.feed([Fact(sb.MACBinding, uuid, None, make(sb.MACBinding, uuid, {**defaults_of(sb.MACBinding), **columns}.values()))])
    desk.tick(2.0)
    (resumed,) = desk.messages()
    assert isinstance(resumed, Resume)
    assert resumed.packet.data[:6].hex() == "0a0b0c0d0e0f"
    assert resumed.packet.continuation == b"later"


def test_nobody_waits_for_ever() -> None:
    desk = Desk(network())
    desk.take(packet(Opcode.ARP, udp4(), continuation=b"later"), 0.0)
    assert desk.due() == 10.0
    desk.tick(10.0)
    assert desk.due() == float("inf")


def test_dhcp_goes_on_with_the_answer_in_its_bit() -> None:
    desk = Desk(network())
    for frame, bit in ((dhcp(1), 1), (dhcp(7), 0), (udp4(), 0)):
        desk.take(packet(Opcode.PUT_DHCP_OPTS, frame, OFFER, b"later"), 0.0)
        (resumed,) = desk.messages()
        assert isinstance(resumed, Resume)
        assert resumed.packet.metadata.get(FIELDS["xxreg0"])[0] >> 0x63 & 1 == bit
        assert (resumed.packet.data == frame) is not bit


def test_an_unknown_service_is_counted_and_dropped() -> None:
    desk = Desk(network())
    desk.take(packet(99, udp4()), 0.0)
    desk.take(PacketIn(udp4()), 0.0)
    assert desk.counters.dropped["UNKNOWN"] == 2
    assert desk.messages() == []


@given(st.integers(0, 40), st.binary(max_size=90), st.binary(max_size=60))
def test_no_packet_raises(opcode: int, frame: bytes, payload: bytes) -> None:
    desk = Desk(network())
    desk.take(packet(opcode, frame, payload), 0.0)
    desk.take(packet(opcode, solicit6()[: len(frame)], payload), 0.0)
    desk.tick(1.0)
    desk.operations(0)
