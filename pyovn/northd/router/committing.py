"""Which connections a router's conntrack knows besides those it translates: the others of translated machines, or all (`ct-commit-all`).

What is in no zone looks new for ever, and switches cannot hand it to hardware.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.chassis_features import COMMIT_TO_ZONE, NEXT_ZONE, everywhere
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.load_balancers import has_vips
from pyovn.northd.pipeline import Stage
from pyovn.northd.router.force_snat import REASONS, named_addresses, uses_port_addresses
from pyovn.northd.router.gateway import resident
from pyovn.northd.router.nat import has_stateful
from pyovn.northd.settings import flag
from pyovn.northd.topology import GATEWAY_PORTS, Router, gateway_chassis, router, router_port
from pyovn.query import Engine, query

FRESH = "ip && (!ct.trk || !ct.rpl)"
IS_NEW, IS_UNTRACKED = "flags.unsnat_new", "flags.unsnat_not_tracked"
"""What conntrack said of the packet before its destination was translated: the zones are two."""


def names_zones(db: Engine) -> bool:
    """Every chassis tracks and commits in the zone that a flow names."""
    return everywhere(db, COMMIT_TO_ZONE) and everywhere(db, NEXT_ZONE)


@query
def commits_all(db: Engine, ref: str) -> bool:
    """The router commits every connection, if it tracks any."""
    facts = router(db, ref)
    if facts is None or not flag(facts.options, "ct-commit-all"):
        return False
    forced = uses_port_addresses(db, ref) or any(named_addresses(db, ref, reason) for reason in REASONS)
    return has_vips(db, ref) or forced or has_stateful(db, ref)


def everything(db: Engine, router: Router) -> Iterator[Flow]:
    """Every connection through a gateway router, or by a gateway port, is in both zones."""
    if not commits_all(db, router.uuid) or not names_zones(db):
        return
    if gateway_chassis(db, router.uuid):
        yield from _committed("", "")
        return
    for ref in GATEWAY_PORTS(db, router.uuid):
        port = router_port(db, ref)
        if port is not None and port.redirect:
            yield from _committed(*(f" && {side} == {port.json} && {resident(port.redirect)}" for side in ("inport", "outport")))


def _committed(comes_in: str, goes_out: str) -> Iterator[Flow]:
    yield Flow(Stage.LR_IN_DEFRAG, 10, f"{FRESH}{comes_in}", "ct_next(dnat);")
    yield Flow(Stage.LR_IN_DNAT, 10, f"ip && ct.new{comes_in}", "ct_commit_to_zone(dnat);")
    yield Flow(Stage.LR_IN_POST_UNSNAT, 10, f"ip && ct.new{comes_in}", f"{IS_NEW} = 1; {NEXT}")
    yield Flow(Stage.LR_IN_POST_UNSNAT, 10, f"ip && !ct.trk{comes_in}", f"{IS_UNTRACKED} = 1; {NEXT}")
    yield Flow(Stage.LR_OUT_POST_UNDNAT, 10, f"{FRESH} && {IS_UNTRACKED} == 1{goes_out}", "ct_next(snat);")
    yield Flow(Stage.LR_OUT_POST_UNDNAT, 10, f"ip && {IS_NEW} == 1{goes_out}", NEXT)
    yield Flow(Stage.LR_OUT_SNAT, 10, f"{FRESH} && {IS_NEW} == 1{goes_out}", "ct_commit_to_zone(snat);")
    yield Flow(Stage.LR_OUT_SNAT, 10, f"ip && ct.new{goes_out}", "ct_commit_to_zone(snat);")
