"""DNS: queries for names that the northbound knows are answered by the chassis of who asks."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ACL_ALLOW, DNS_RESULT
from pyovn.northd.switch.acl_policy import policy
from pyovn.northd.topology import Switch
from pyovn.query import Engine, index, query
from pyovn.schemas.nb import DNS, LogicalSwitch

QUERY = "udp.dst == 53"


def _with_records(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(DNS, ref)
    for switch in db.referrers(LogicalSwitch, "dns_records", ref) if row and row.records else ():
        yield switch, True


_WITH_RECORDS = index((DNS, _with_records))


@query
def has_records(db: Engine, switch: str) -> bool:
    """Whether a switch knows any name."""
    return bool(_WITH_RECORDS(db, switch))


def answers(db: Engine, switch: Switch) -> Iterator[Flow]:
    """A query becomes its answer, if there is one, and goes back."""
    if not has_records(db, switch.uuid):
        return
    lookup, meter = f"{DNS_RESULT} = dns_lookup(); {NEXT}", controller_meter(db, switch.uuid, "dns")
    yield Flow(Stage.LS_IN_DNS_LOOKUP, 100, QUERY, lookup, meter=meter)
    for ip in ("ip4", "ip6"):
        swap = f"eth.dst <-> eth.src; {ip}.src <-> {ip}.dst; udp.dst = udp.src; udp.src = 53"
        back = f"{swap}; outport = inport; flags.loopback = 1; output;"
        yield Flow(Stage.LS_IN_DNS_RESPONSE, 100, f"{QUERY} && {DNS_RESULT}", back)
    # The answer passes ACLs on receivers: who gets it has asked.
    commit = "ct_commit; " if policy(db, switch.uuid).is_stateful else ""
    yield Flow(Stage.LS_OUT_ACL_EVAL, 34000, "flags.from_ctrl && udp.src == 53", f"{ACL_ALLOW} = 1; {commit}{NEXT}")
