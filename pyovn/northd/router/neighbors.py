"""Learning who has which address: what neighbours say in ARP and neighbour discovery is looked up, and kept if it is new."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import ALWAYS, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import LEARN_WANTED, NEIGHBOR_KNOWN
from pyovn.northd.router.gateway import on_gateway
from pyovn.northd.router.transit import told_to_others
from pyovn.northd.settings import flag
from pyovn.northd.topology import Router, RouterPort, router
from pyovn.query import Engine

LOOKUP = Stage.LR_IN_LOOKUP_NEIGHBOR
LEARN = Stage.LR_IN_LEARN_NEIGHBOR

KNOWS_ARP = f"{NEIGHBOR_KNOWN} = lookup_arp(inport, arp.spa, arp.sha); "
KNOWS_NA = f"{NEIGHBOR_KNOWN} = lookup_nd(inport, nd.target, nd.tll); "
KNOWS_NS = f"{NEIGHBOR_KNOWN} = lookup_nd(inport, ip6.src, nd.sll); "
WANTED = f"{LEARN_WANTED} = 1; "


def learns_from_requests(router: Router) -> bool:
    """Whether every request teaches who sent it, or only those for the router itself."""
    return flag(router.options, "always_learn_from_arp_request", True)


def lookup(db: Engine, router: Router) -> Iterator[Flow]:
    """Whether what a neighbour says about itself is known."""
    always = learns_from_requests(router)
    wanted, told = "" if always else WANTED, told_to_others(db, router.uuid)
    # What is no such talk needs no learning.
    yield Flow(LOOKUP, 0, ALWAYS, f"{NEIGHBOR_KNOWN} = 1; {NEXT}")
    # An answer was asked for, so it is wanted.
    yield Flow(LOOKUP, 100, "arp.op == 2", f"{KNOWS_ARP}{wanted}{told}{NEXT}")
    yield Flow(LOOKUP, 100, "nd_na", f"{KNOWS_NA}{wanted}{told}{NEXT}")
    asks = "" if always else f"{LEARN_WANTED} = lookup_nd_ip(inport, ip6.src); "
    yield Flow(LOOKUP, 100, "nd_ns", f"{KNOWS_NS}{asks}{NEXT}")
    if not always:
        # An unsolicited advertisement only refreshes what is known.
        match = "nd_na && ip6.src == fe80::/10 && ip6.dst == ff00::/8"
        yield Flow(LOOKUP, 110, match, f"{KNOWS_NA}{LEARN_WANTED} = lookup_nd_ip(inport, nd.target); {told}{NEXT}")


def port_lookup(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Requests teach who sent them, if the sender belongs to a network of the port."""
    holder = router(db, port.router)
    always = holder is None or learns_from_requests(holder)
    for network in port.ipv4:
        sender = f"inport == {port.json} && arp.spa == {network.cidr}"
        asks = "" if always else f"{LEARN_WANTED} = lookup_arp_ip(inport, arp.spa); "
        yield Flow(LOOKUP, 100, f"{sender} && arp.op == 1{on_gateway(port)}", f"{KNOWS_ARP}{asks}{NEXT}", hint=port.uuid)
        if not always:
            match = f"{sender} && arp.tpa == {network.address} && arp.op == 1{on_gateway(port)}"
            yield Flow(LOOKUP, 110, match, f"{KNOWS_ARP}{WANTED}{NEXT}", hint=port.uuid)


def learn(db: Engine, router: Router) -> Iterator[Flow]:
    """What is not known yet is learned."""
    known = f"{NEIGHBOR_KNOWN} == 1"
    if not learns_from_requests(router):
        known += f" || {LEARN_WANTED} == 0"
    yield Flow(LEARN, 100, known, f"mac_cache_use; {NEXT}")
    arp, na, ns = (controller_meter(db, router.uuid, protocol) for protocol in ("arp", "nd-na", "nd-ns"))
    # An advertisement without a link-layer address is about the sender of the frame,
    yield Flow(LEARN, 95, "nd_na && nd.tll == 0", f"put_nd(inport, nd.target, eth.src); {NEXT}", meter=na)
    # and a solicitation that names no sender, or not its address, teaches nothing.
    yield Flow(LEARN, 95, "nd_ns && (ip6.src == 0 || nd.sll == 0)", NEXT)
    yield Flow(LEARN, 90, "arp", f"put_arp(inport, arp.spa, arp.sha); {NEXT}", meter=arp)
    yield Flow(LEARN, 90, "nd_na", f"put_nd(inport, nd.target, nd.tll); {NEXT}", meter=na)
    yield Flow(LEARN, 90, "nd_ns", f"put_nd(inport, ip6.src, nd.sll); {NEXT}", meter=ns)
