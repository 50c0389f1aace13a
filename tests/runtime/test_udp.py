"""UDP ports over loopback: who sent, and to which address."""

from __future__ import annotations

import pytest

from pyovn.runtime.udp import Datagram, UdpError, UdpPort, open_udp


def read_one(port: UdpPort) -> Datagram:
    """Over loopback a datagram has arrived when it has been sent."""
    (datagram,) = port.read()
    return datagram


@pytest.mark.parametrize(("version", "address"), [(4, "127.0.0.1"), (6, "::1")])
def test_addresses_of_both_ends_are_known(version: int, address: str) -> None:
    one, two = open_udp(0, version=version), open_udp(0, version=version)
    assert one.read() == []
    assert one.send(b"hello", address, two.port)
    assert read_one(two) == Datagram(b"hello", address, one.port, address)
    one.close()
    two.close()


def test_the_source_can_be_chosen() -> None:
    one, two = open_udp(0), open_udp(0)
    assert one.send(b"x", "127.0.0.1", two.port, source="127.0.0.2", tos=0x10)
    assert read_one(two).source == "127.0.0.2"
    assert not one.send(b"x", "127.0.0.1", two.port, source="192.0.2.77")
    one.close()
    two.close()


def test_a_taken_port_is_refused() -> None:
    one = open_udp(0)
    with pytest.raises(UdpError, match="Address already in use"):
        open_udp(one.port)
    one.close()
