"""Path MTU discovery."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.schemas.sb import Chassis
from tests.northd.compiled import check, check_among, flows, router, router_port, switch, towards
from tests.northd.compiled import port as port_of_switch
from tests.northd.router.gateways import MAC, at_a_gateway_port, distributed

OTHER_MAC = "00:00:00:00:ff:02"
KEPT = "reg4[0..7] = ct_state_save(); "
ROWS = router(router_port("out", MAC, "172.16.0.1/24", options={"gateway_mtu": "1400"}), router_port("in", OTHER_MAC, "10.0.0.1/24"))


def test_what_comes_in_or_leaves_is_measured() -> None:
    check(
        ROWS,
        Stage.LR_IN_CHK_PKT_LEN,
        f'50 outport == "out" -> reg9[1] = check_pkt_larger(1414); {KEPT}next;',
        f'55 outport == "out" && (arp) -> {KEPT}next;',
    )
    addressed = f'eth.dst == {MAC} && inport == "out"'
    check_among(ROWS, Stage.LR_IN_ADMISSION, f"50 {addressed} -> reg9[1] = check_pkt_larger(1414); xreg0[0..47] = {MAC}; next;")


def test_the_owner_may_let_some_pass() -> None:
    port = router_port("out", MAC, "172.16.0.1/24", options={"gateway_mtu": "1400", "gateway_mtu_bypass": "tcp"})
    check_among(router(port), Stage.LR_IN_CHK_PKT_LEN, f'55 outport == "out" && (arp || tcp) -> {KEPT}next;')
    vlan = switch(towards("side", "out"), port_of_switch("wire", type="localnet", tag_request=7))
    check_among([*router(port), *vlan], Stage.LR_IN_CHK_PKT_LEN, f'50 outport == "out" -> reg9[1] = check_pkt_larger(1418); {KEPT}next;')


def test_where_a_chassis_cannot_keep_it_the_state_is_the_present_one() -> None:
    old = Chassis("old", name="old", encaps=("e",))
    check_among([*ROWS, old], Stage.LR_IN_CHK_PKT_LEN, '50 outport == "out" -> reg9[1] = check_pkt_larger(1414); next;')
    for rows, reply in (([*ROWS, old], "ct.trk && ct.rpl && ct.dnat"), (ROWS, "reg4[5] && reg4[3] && reg4[7]")):
        found = [flow.match for flow in flows(rows) if flow.stage is Stage.LR_IN_LARGER_PKTS and flow.priority == 160]
        assert found and all(match.endswith(reply) for match in found)


def test_the_sender_is_told_by_the_port_that_it_knows() -> None:
    error = (
        f"eth.dst = {OTHER_MAC}; ip4.dst = ip4.src; ip4.src = 10.0.0.1; ip.ttl = 255; icmp4.type = 3; /* Destination Unreachable. */ "
        "icmp4.code = 4; /* Frag Needed and DF was Set. */ icmp4.frag_mtu = 1400; next(pipeline=ingress, table=0); };"
    )
    too_large = 'inport == "in" && outport == "out" && ip4 && reg9[1] && reg9[0] == 0'
    check_among(ROWS, Stage.LR_IN_LARGER_PKTS, f"150 {too_large} -> icmp4_error {{reg9[0] = 1; reg9[1] = 0; {error}")


def test_a_floating_address_refuses_in_its_own_name() -> None:
    rows = at_a_gateway_port(distributed(), options={"gateway_mtu": "1400"})
    found = [flow for flow in flows(rows) if flow.stage is Stage.LR_IN_IP_INPUT and flow.priority == 160]
    assert [flow.match for flow in found] == ['inport == "out" && reg9[1] && reg9[0] == 0 && ip4 && ip4.dst == 172.16.0.3']
    assert "eth.src = 00:00:00:00:00:99; ip4.dst = ip4.src; ip4.src = 172.16.0.3;" in found[0].actions


def test_without_a_number_nothing_is_measured() -> None:
    for options in ({}, {"gateway_mtu": "many"}):
        check(router(router_port("out", MAC, "172.16.0.1/24", options=options)), Stage.LR_IN_CHK_PKT_LEN)
