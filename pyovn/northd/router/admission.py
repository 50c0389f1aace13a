"""The edges of a router: which frames a port takes in, and which it lets out."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import DROP, NEXT, OUTPUT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import PORT_MAC
from pyovn.northd.router.gateway import PATH_MTU_ERROR, serves_vtep, where_central
from pyovn.northd.router.path_mtu import measuring, unmeasured
from pyovn.northd.switch.arp_proxy import router_macs
from pyovn.northd.topology import Router, RouterPort
from pyovn.query import Engine

ADMISSION = Stage.LR_IN_ADMISSION


def admission(db: Engine, router: Router) -> Iterator[Flow]:
    """What no port takes in."""
    # An error that the underlay caused speaks of the tunnel, not of a path through this router.
    yield Flow(ADMISSION, 110, f"{PATH_MTU_ERROR} && flags.tunnel_rx == 1", DROP)
    # A logical network has no VLANs, and nobody sends from a multicast address.
    yield Flow(ADMISSION, 100, "vlan.present || eth.src[40]", DROP)


def port_admission(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """A port takes in what is addressed to it or to groups; a disabled one takes in nothing."""
    if not port.enabled:
        return
    keep = f"{PORT_MAC} = {port.mac}; {NEXT}"
    yield Flow(ADMISSION, 50, f"eth.mcast && inport == {port.json}", keep, hint=port.uuid)
    addressed = f"eth.dst == {router_macs(db, port)} && inport == {port.json}{'' if serves_vtep(db, port) else where_central(db, port)}"
    yield Flow(ADMISSION, 50, addressed, measuring(db, port) + keep, hint=port.uuid)
    if measuring(db, port):
        yield Flow(ADMISSION, 55, f"{addressed} && {unmeasured(port)}", keep, hint=port.uuid)


def delivery(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What was routed to an enabled port leaves by it."""
    if port.enabled:
        yield Flow(Stage.LR_OUT_DELIVERY, 100, f"outport == {port.json}", OUTPUT)
