"""Routers on physical networks: a distributed router's address would be seen on every host's wire, so each host may use its own instead.

`ovn-chassis-mac-mappings` says which; whoever receives a frame from such an address puts the router's back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.addresses import first_mac, mac_number
from pyovn.controller.binding import is_here
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.host import listed, setting
from pyovn.controller.local_datapaths import peer_of
from pyovn.controller.physical.ports import L3GATEWAY, LOCALNET, PATCH, Plug, Spot, enter, plug_of, spot_of, untagged
from pyovn.controller.rule import Rule, cookie_of, put
from pyovn.controller.tables import OUTPORT, OFTable
from pyovn.openflow.action import Action, Conjunction, Output, PopVlan, PushVlan
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, index
from pyovn.schemas import sb

CONJUNCTION = 100
"""Frames of a host's own address (1) that come from the wire of a network with a router (2)."""


class RouterPort(NamedTuple):
    """A router's port on a switch: its reference, and its Ethernet address."""

    ref: str
    mac: int


def _router_port(db: Engine, ref: str) -> Iterator[tuple[str, RouterPort]]:
    row, peer = db.get(sb.PortBinding, ref), peer_of(db, ref)
    router = db.get(sb.PortBinding, peer) if peer else None
    mac = first_mac(router.mac) if router else None
    if row and router and mac is not None and (row.type == PATCH or (row.type == L3GATEWAY and is_here(db, ref))):
        yield row.datapath, RouterPort(router.uuid, mac)


ROUTER_PORTS = index((sb.PortBinding, _router_port))
"""The ports of routers that are on this host, by the switch that they are on."""


def parse_mappings(text: str) -> Iterator[tuple[str, int]]:
    """(physical network, address) of `NETWORK:MAC,…`; what cannot be read is left out."""
    for part in listed(text):
        network, _, address = part.partition(":")
        mac = mac_number(address)
        if mac is not None:
            yield network, mac


def chassis_mac_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one localnet port."""
    row, spot, plug = db.get(sb.PortBinding, ref), spot_of(db, ref), plug_of(db, ref)
    if row is None or row.type != LOCALNET or spot is None or plug is None:
        return
    own = dict(parse_mappings(setting(db, "ovn-chassis-mac-mappings") or "")).get(row.options.get("network_name", ""))
    for router in ROUTER_PORTS(db, row.datapath):
        yield from _restored(db, row, spot, plug, router)
        if own is not None:
            yield _replaced(row, spot, plug, router, own)


def _restored(db: Engine, row: sb.PortBinding, spot: Spot, plug: Plug, router: RouterPort) -> Iterator[Rule]:
    wire, untag = untagged(plug)
    actions = (*untag, *enter(db, row, spot, plug, (put("eth_src", router.mac),)))
    cookie, table = cookie_of(router.ref), OFTable.PHYSICAL_TO_LOGICAL
    yield Rule(table, 180, Match.of({**wire, "conj_id": CONJUNCTION}), actions, cookie)
    yield Rule(table, 180, Match.of(wire), (Conjunction(CONJUNCTION, 2, 2),), cookie)


def _replaced(row: sb.PortBinding, spot: Spot, plug: Plug, router: RouterPort, own: int) -> Rule:
    tag: tuple[Action, ...] = (PushVlan(), put("vlan_vid", plug.tag)) if plug.tag else ()
    untag: tuple[Action, ...] = (PopVlan(),) if plug.tag else ()
    asked: dict[str, Asked] = {"eth_src": router.mac}
    actions = (put("eth_src", own), *tag, Output(plug.ofport), put("eth_src", router.mac), *untag)
    return Rule(OFTable.LOGICAL_TO_PHYSICAL, 150, spot.match(OUTPORT, **asked), actions, spot.cookie)


def other_chassis_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The addresses by which another host is known on physical networks."""
    row = db.get(sb.Chassis, ref)
    if row is None or ref == chassis_ref(db):
        return
    for _, mac in parse_mappings(row.other_config.get("ovn-chassis-mac-mappings", "")):
        part = (Conjunction(CONJUNCTION, 1, 2),)
        yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 180, Match.of({"eth_src": mac}), part, cookie_of(ref))
