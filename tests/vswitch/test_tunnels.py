"""Frames inside UDP, to and from bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.openflow.action import Output
from pyovn.openflow.message import FlowMod
from pyovn.vswitch.effects import Datagram, Transmit
from pyovn.vswitch.tunnels import Decapsulated, TunnelError, decode_geneve, decode_vxlan, encode_geneve, encode_vxlan
from tests.vswitch.board import address, make_board, udp

FRAME = udp("10.0.0.1", "10.0.0.2", 1, 2)
OVN_OPTION = (0x0102, 0x80, bytes.fromhex("00010002"))


def test_a_geneve_datagram_with_the_option_of_a_virtual_network() -> None:
    payload = encode_geneve(5, [OVN_OPTION], FRAME)
    # Length 2 words, critical; Ethernet; VNI 5; class, type, length 1 word; ports.
    assert payload[:16].hex() == "0240655800000500" + "0102800100010002"
    assert decode_geneve(payload) == Decapsulated(5, FRAME, (OVN_OPTION,))


WORDS = st.binary(max_size=31).map(lambda data: data + bytes(-len(data) % 4))
OPTIONS = st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 255), WORDS), max_size=7)


@given(st.integers(0, 0xFFFFFF), OPTIONS, st.binary(max_size=80), st.booleans())
def test_geneve_there_and_back(key: int, options: list[tuple[int, int, bytes]], frame: bytes, oam: bool) -> None:
    assert decode_geneve(encode_geneve(key, options, frame, oam=oam)) == Decapsulated(key, frame, tuple(options), oam)


@given(st.integers(0, 0xFFFFFF), st.binary(max_size=80))
def test_vxlan_there_and_back(key: int, frame: bytes) -> None:
    assert decode_vxlan(encode_vxlan(key, frame)) == Decapsulated(key, frame)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    for decode in (decode_geneve, decode_vxlan):
        try:
            decode(payload)
        except TunnelError as error:
            assert str(error)


BAD = [b"", bytes(7), b"\x40" + bytes(7), b"\0\0\x08\0" + bytes(4), b"\1\0\x65\x58" + bytes(4), b"\1\0\x65\x58" + bytes(4) + b"\0\0\0\1"]


@pytest.mark.parametrize("payload", BAD)
def test_what_is_no_geneve_is_refused(payload: bytes) -> None:
    with pytest.raises(TunnelError):
        decode_geneve(payload)


PORTS = [
    # options of the port, (remote, key) of the datagram, taken?
    ({"remote_ip": "192.0.2.2", "key": "flow"}, ("192.0.2.2", 9), True),
    ({"remote_ip": "192.0.2.2", "key": "flow"}, ("192.0.2.3", 9), False),
    ({"remote_ip": "192.0.2.2", "key": "9"}, ("192.0.2.2", 9), True),
    ({"remote_ip": "192.0.2.2", "key": "9"}, ("192.0.2.2", 8), False),
    ({"remote_ip": "192.0.2.2"}, ("192.0.2.2", 8), False),
    ({"remote_ip": "flow", "key": "flow"}, ("192.0.2.7", 8), True),
]


@pytest.mark.parametrize(("options", "datagram", "taken"), PORTS)
def test_which_port_a_datagram_is_for(options: dict[str, str], datagram: tuple[str, int], taken: bool) -> None:
    board = make_board("p1", ("g1", "geneve", options))
    number = board.numbers()["p1"]
    assert number is not None
    board.ask(FlowMod(actions=(Output(number),)))
    remote, key = datagram
    arrived = Datagram(int.from_bytes(address(remote), "big"), 1, 4, 6081, encode_geneve(key, [], FRAME))
    board.switch.receive(None, arrived, 0.0)
    sent = [effect for effect in board.switch.take() if isinstance(effect, Transmit)]
    assert sent == ([Transmit("p1", FRAME)] if taken else [])
