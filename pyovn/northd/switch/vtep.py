"""Ports to a VTEP gateway: what comes from one is not answered for nor load balanced here, only forwarded."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import FROM_VTEP
from pyovn.northd.router.gateway import resident
from pyovn.northd.switch.shaping import queue
from pyovn.northd.topology import Switch, SwitchPort, ports_of_type, router_port, sides_towards_routers, switch_port
from pyovn.query import Engine


def admission(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Mark what a gateway sends, and take it past what is for senders that are ports of this network."""
    if port.type == "vtep" and port.enabled:
        skip = f"{queue(db, port)}{FROM_VTEP} = 1; next(pipeline=ingress, table={Stage.LS_IN_HAIRPIN.number});"
        yield Flow(Stage.LS_IN_CHECK_PORT_SEC, 70, f"inport == {port.json}", skip, hint=port.uuid, port=port.name)


def forwarding(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What was marked is forwarded at once; a router's answer to a gateway may return by the port it came from."""
    if ports_of_type(db, switch.uuid, "vtep"):
        lookup = f"next(pipeline=ingress, table={Stage.LS_IN_L2_LKUP.number});"
        yield Flow(Stage.LS_IN_HAIRPIN, 1000, f"{FROM_VTEP} == 1", lookup)
        for ref in sides_towards_routers(db, switch.uuid):
            yield from _at_the_gateway(db, ref)
        yield Flow(Stage.LS_IN_ARP_RSP, 65535, f"{FROM_VTEP} == 1 && (arp || nd_ns)", f"flags.loopback = 1; {NEXT}")


def _at_the_gateway(db: Engine, ref: str) -> Iterator[Flow]:
    """A router whose gateway is on this chassis answers the gateway itself."""
    side = switch_port(db, ref)
    towards = router_port(db, side.peer) if side and side.peer else None
    if towards is not None and towards.redirect:
        yield Flow(Stage.LS_IN_HAIRPIN, 2000, f"{FROM_VTEP} == 1 && {resident(towards.redirect)}", NEXT)
