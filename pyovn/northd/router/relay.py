"""Multicast on routers: one that relays sends packets to a group where somebody asked for it, and drops the rest."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import GroupKey
from pyovn.northd.flow import DROP, NEXT, Flow, quoted
from pyovn.northd.multicast import STATIC, Group, relays, router_floods
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import Router, RouterPort
from pyovn.query import Engine

ROUTING, INPUT = Stage.LR_IN_IP_ROUTING, Stage.LR_IN_IP_INPUT
TO_GROUPS = "ip4.mcast || ip6.mcast"
REPORTS = ("igmp", "(mldv1 || mldv2)")


def _copy(forwarding: str) -> str:
    return f'clone {{ outport = "{STATIC}"; {forwarding}next; }};'


def forwarding(db: Engine, router: Router) -> Iterator[Flow]:
    """Packets to groups that nobody asked for go to the ports that get everything, if there are some."""
    relaying, floods = relays(db, router.uuid), router_floods(db, router.uuid)
    yield Flow(INPUT, 82, TO_GROUPS, NEXT if relaying else DROP)
    if floods:
        # What hosts say about groups goes no further than one link, unless it is to be flooded.
        for talk in REPORTS:
            yield Flow(INPUT, 120, f"{talk} && ip.ttl == 1", NEXT)
    if not relaying:
        return
    if not floods:
        yield Flow(ROUTING, 10450, TO_GROUPS, DROP)
        return
    for talk in ("igmp", "mldv1 || mldv2"):
        yield Flow(ROUTING, 10460, talk, _copy(""))
    yield Flow(ROUTING, 10450, TO_GROUPS, _copy("ip.ttl--; "))


def port_forwarding(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What leaves for a group comes from the port that it leaves by; what the router itself has flooded does not come in again."""
    if not relays(db, port.router):
        return
    if port.enabled:
        match = f"(ip4.mcast || ip6.mcast) && outport == {port.json}"
        yield Flow(Stage.LR_OUT_DELIVERY, 110, match, f"eth.src = {port.mac}; output;")
    if router_floods(db, port.router):
        for talk in REPORTS:
            yield Flow(ROUTING, 10550, f"eth.src == {port.mac} && {talk}", DROP)


def asked_for(db: Engine, group: Group) -> Iterator[Flow]:
    """Packets to a group go to those who asked."""
    if db.get(GroupKey, group.owner) is None or not relays(db, group.datapath):
        return
    ip = "ip6" if ":" in group.name else "ip4"
    static = _copy("ip.ttl--; ") if router_floods(db, group.datapath) else ""
    yield Flow(ROUTING, 10500, f"{ip} && {ip}.dst == {group.name} ", f"{static}outport = {quoted(group.name)}; ip.ttl--; next;")
