"""Monitors that another zone asked for: who made them takes them away, and who asks for their source is answered."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.operation import Delete, Insert, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import check, flows, port, switch
from tests.northd.stores import Pair

COLUMNS = {
    "type": "load-balancer", "ip": "10.0.0.4", "port": 80, "protocol": "tcp", "logical_port": "p", "src_ip": "10.0.0.9",
    "src_mac": "00:00:00:00:00:09", "ic_learned": True,
}  # fmt: skip
NETWORK = [nb.NBGlobal("global", options={"svc_monitor_mac": "00:00:00:00:00:09"}), *switch(port("p"))]
BALANCER = nb.LoadBalancer(
    "lb", name="lb", vips={"10.1.1.1:80": "10.0.0.4:80"}, ip_port_mappings={"10.0.0.4": "p:10.0.0.9"}, health_check=("hc",), protocol="tcp"
)
CHECKED = [BALANCER, nb.LoadBalancerHealthCheck("hc", vip="10.1.1.1:80")]


def test_one_that_another_zone_asked_for_stays_until_a_load_balancer_here_needs_it_too() -> None:
    pair = Pair()
    pair.load(NETWORK)
    pair.hear(Insert(sb.ServiceMonitor, COLUMNS))
    assert [row.ic_learned for row in pair.southbound(sb.ServiceMonitor)] == [True]
    pair.load([*NETWORK[:1], *switch(port("p"), load_balancer=("lb",)), *CHECKED])
    assert [row.ic_learned for row in pair.southbound(sb.ServiceMonitor)] == [False]
    pair.say(Delete(nb.LoadBalancer, by_uuid("lb")))
    assert pair.southbound(sb.ServiceMonitor) == []


def test_who_asks_for_the_source_of_its_probes_is_answered() -> None:
    monitor = sb.ServiceMonitor("m", **COLUMNS)
    reply = (
        "110 arp.tpa == 10.0.0.9 && arp.op == 1 -> eth.dst = eth.src; eth.src = 00:00:00:00:00:09; arp.op = 2; /* ARP reply */ "
        "arp.tha = arp.sha; arp.sha = 00:00:00:00:00:09; arp.tpa = arp.spa; arp.spa = 10.0.0.9; outport = inport; "
        "flags.loopback = 1; output;"
    )
    check([*NETWORK, monitor], Stage.LS_IN_ARP_RSP, reply)
    check(NETWORK, Stage.LS_IN_ARP_RSP)
    assert len(flows([*NETWORK, monitor])) == len(flows(NETWORK)) + 1
