"""The outside addresses of translations: the router answers for them although no port of it has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, OUTPUT, Flow
from pyovn.northd.load_balancers import is_vip
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import NEXT_HOP_IPV4, NEXT_HOP_IPV6, PORT_MAC
from pyovn.northd.router.gateway import resident
from pyovn.northd.router.nat import Nat, is_port_source, nat
from pyovn.northd.router.own_addresses import INPUT, SEND_BACK, arp_reply
from pyovn.northd.router.path_mtu import measuring, unmeasured
from pyovn.northd.router.sides import SIDES, Side, facing
from pyovn.northd.switch.asking import LOOKUP, who_asks
from pyovn.northd.topology import prefers_wire, router_port, switch_port
from pyovn.query import Engine, each, index, some
from pyovn.schemas.nb import NAT, LogicalRouterPort


def _asks(nat: Nat) -> str:
    """Matches who asks for the address."""
    address = nat.external.address
    if nat.external.is_ipv6:
        return f"ip6.dst == {{{address}, {nat.external.solicited_node}}} && nd_ns && nd.target == {address}"
    return f"arp.op == 1 && arp.tpa == {address}"


def _answer(nat: Nat, mac: str) -> str:
    if nat.external.is_ipv6:
        return f"nd_na {{ eth.src = {mac}; ip6.src = nd.target; nd.tll = {mac}; {SEND_BACK} }};"
    return arp_reply(mac)


def answers(db: Engine, nat: Nat) -> Iterator[Flow]:
    """Who asks for the address is told the port's MAC; on the gateway port's network one chassis does so."""
    meter = controller_meter(db, nat.router, "nd-na") if nat.external.is_ipv6 else None
    yield Flow(INPUT, 90, _asks(nat), _answer(nat, PORT_MAC), hint=nat.uuid, meter=meter)
    if nat.port is None:
        return
    # Where all routing is on the gateway's chassis anyway, nobody else hears the question.
    if not nat.is_central:
        here = f"inport == {nat.port.json} && {_asks(nat)}"
        yield Flow(INPUT, 91, here, DROP, hint=nat.uuid)
        # A machine with a MAC of its own answers itself, even if only the gateway's chassis translates for it.
        own = nat.external_mac if nat.logical_port else None
        speaker = nat.logical_port if own else nat.port.redirect
        yield Flow(INPUT, 92, f"{here} && {resident(speaker or '')}", _answer(nat, own or PORT_MAC), hint=nat.uuid, meter=meter)
    if nat.kind == "snat":
        # A reply that was translated twice looks as if somebody else used the address.
        yield Flow(INPUT, 120, f"inport == {nat.port.json} && {nat.ip}.src == {nat.external.address}", NEXT, hint=nat.uuid)


def resolution(db: Engine, nat: Nat) -> Iterator[Flow]:
    """One translated address that sends to another finds it at the gateway port."""
    if nat.port is None:
        return
    register = NEXT_HOP_IPV6 if nat.external.is_ipv6 else NEXT_HOP_IPV4
    match = f"outport == {nat.port.json} && {register} == {nat.external.address}"
    yield Flow(Stage.LR_IN_ARP_RESOLVE, 100, match, f"eth.dst = {nat.mac or nat.port.mac}; {NEXT}", hint=nat.uuid)
    # What came in by the port and was not translated would go round for ever.
    match = f"inport == {nat.port.json} && outport == {nat.port.json} && {nat.ip}.dst == {nat.external.address}"
    yield Flow(Stage.LR_IN_ARP_RESOLVE, 150, match, DROP, hint=nat.uuid)


def own_mac(db: Engine, nat: Nat) -> Iterator[Flow]:
    """A translation with a MAC of its own takes in what is addressed to that, where its machine is."""
    if nat.port is not None and nat.mac:
        match = f"eth.dst == {nat.mac} && inport == {nat.port.json} && {resident(nat.place)}"
        keep = f"{PORT_MAC} = {nat.port.mac}; {NEXT}"
        yield Flow(Stage.LR_IN_ADMISSION, 50, match, measuring(db, nat.port) + keep, hint=nat.uuid)
        if measuring(db, nat.port):
            yield Flow(Stage.LR_IN_ADMISSION, 55, f"{match} && {unmeasured(nat.port)}", keep, hint=nat.uuid)


def _by_router(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = router_port(db, ref)
    if port is not None:
        yield port.router, ref


_BRIDGED = index((some(LogicalRouterPort, lambda row: prefers_wire(row.options)), _by_router))
"""The ports of a router whose packets are to go to the gateway's chassis by the wire."""


def not_bridged(db: Engine, nat: Nat) -> Iterator[Flow]:
    """Where a router's packets go to the gateway's chassis by the wire, those translated where they are still find their own way."""
    if nat.port is not None and nat.mac and _BRIDGED(db, nat.router):
        match = f"outport == {nat.port.json} && {nat.ip}.src == {nat.internal.address} && {resident(nat.place)}"
        lookup = f"get_nd(outport, {NEXT_HOP_IPV6})" if nat.external.is_ipv6 else f"get_arp(outport, {NEXT_HOP_IPV4})"
        yield Flow(Stage.LR_IN_ARP_RESOLVE, 90, match, f"{lookup}; {NEXT}", hint=nat.uuid)


class Beside(NamedTuple):
    """What a switch beside a router has to know of a translation."""

    router: str
    address: str
    """The outside address that is asked for here, or empty."""
    mac: str
    """The translation's own MAC, which is reached this way, or empty."""
    place: str
    """The port whose chassis speaks for that MAC."""
    side: Side


def _beside(db: Engine, ref: str) -> Iterator[Beside]:
    rule = nat(db, ref)
    if rule is None:
        return
    if not is_port_source(db, rule):
        yield from (Beside(rule.router, rule.external.address, "", "", side) for side in SIDES(db, rule.router))
    # A disabled port lets nobody ask, but what is on its way to the translation's own MAC is let through.
    way = switch_port(db, rule.port.peer) if rule.port and rule.port.peer else None
    if rule.own_mac and way is not None and rule.port is not None:
        yield Beside(rule.router, "", rule.own_mac, rule.logical_port or "", facing(db, way, rule.port.uuid))


BESIDE = each((NAT, _beside))
"""Every translation at every side of its router."""


def on_switch(db: Engine, beside: Beside) -> Iterator[Flow]:
    """A switch brings who asks for the address to the router, and who sends to a translation's own MAC."""
    address, side = beside.address, beside.side
    if address and not is_vip(db, beside.router, address):
        asks = f"nd_ns && nd.target == {address}" if ":" in address else f"arp.op == 1 && arp.tpa == {address}"
        yield from who_asks(side, asks)
    if beside.mac:
        match = f"eth.dst == {beside.mac} && {resident(beside.place)}"
        yield Flow(LOOKUP, 50, match, f"outport = {side.json}; {OUTPUT}", hint=side.uuid)
