"""Advertised_MAC_Binding: which address is at which MAC, as a switch tells the Ethernet VPN that it is part of."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Addresses
from pyovn.northd.allotted import PortKey
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.switch.evpn import SWITCHES, announces_addresses
from pyovn.northd.topology import SwitchPort, router_port, switch_port
from pyovn.query import Engine, each
from pyovn.schemas import nb, sb


def _announced(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(nb.LogicalSwitch, ref) if announces_addresses(db, ref) else None
    yield from row.ports if row else ()


ANNOUNCED = each((SWITCHES, _announced))
"""The ports of switches that tell their addresses, by uuid."""


def advertised_mac_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The rows of a port."""
    port = switch_port(db, ref)
    lives = _lives(db, port) if port and db.get(PortKey, port.name) else None
    for network in lives.ipv4 + lives.ipv6 if lives else ():
        if port is not None and lives is not None and not network.address.startswith("fe80:"):
            yield wanted(
                sb.AdvertisedMACBinding, (port.name, network.address, lives.mac), datapath=datapath(port.switch),
                logical_port=Key(sb.PortBinding, port.name), ip=network.address, mac=lives.mac,
            )  # fmt: skip


def _lives(db: Engine, port: SwitchPort) -> Addresses | None:
    """Who lives at a port: the router at its other end, or the first that a machine's port names."""
    peer = router_port(db, port.peer) if port.peer else None
    if peer is not None:
        return Addresses(peer.mac, peer.ipv4, peer.ipv6)
    return port.addresses[0] if port.is_vif and port.addresses else None
