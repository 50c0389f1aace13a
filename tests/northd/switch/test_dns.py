"""Names that a switch answers for."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import ACL, DNS
from tests.northd.compiled import check, check_among, switch

RECORDS = DNS("dns", records={"vm.example": "10.0.0.2"})
BACK = "udp.dst = udp.src; udp.src = 53; outport = inport; flags.loopback = 1; output;"


def test_queries_are_looked_up_and_answers_sent_back() -> None:
    rows = [RECORDS, *switch(dns_records=("dns",))]
    check(rows, Stage.LS_IN_DNS_LOOKUP, "100 udp.dst == 53 -> reg0[4] = dns_lookup(); next;")
    check(
        rows,
        Stage.LS_IN_DNS_RESPONSE,
        f"100 udp.dst == 53 && reg0[4] -> eth.dst <-> eth.src; ip4.src <-> ip4.dst; {BACK}",
        f"100 udp.dst == 53 && reg0[4] -> eth.dst <-> eth.src; ip6.src <-> ip6.dst; {BACK}",
    )


def test_answers_pass_acls_on_receivers() -> None:
    rows = [RECORDS, *switch(dns_records=("dns",))]
    check_among(rows, Stage.LS_OUT_ACL_EVAL, "34000 flags.from_ctrl && udp.src == 53 -> reg8[16] = 1; next;")
    stateful = ACL("acl", priority=1, direction="from-lport", match="ip4", action="allow-related")
    rows = [RECORDS, stateful, *switch(dns_records=("dns",), acls=("acl",))]
    check_among(rows, Stage.LS_OUT_ACL_EVAL, "34000 flags.from_ctrl && udp.src == 53 -> reg8[16] = 1; ct_commit; next;")


def test_without_a_name_nothing_is_looked_up() -> None:
    check([DNS("dns", records={}), *switch(dns_records=("dns",))], Stage.LS_IN_DNS_LOOKUP)
