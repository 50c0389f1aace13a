"""A load balancer in one zone learns how its backends in another are."""

from __future__ import annotations

from pyovn.schemas import ic_sb, sb
from tests.interconnect.zones import Zones

BACKEND = ("az2: ovn-nbctl ls-add sw2 -- lsp-add sw2 p2 -- set NB_Global . options:svc_monitor_mac=00:00:00:00:00:02",)
BALANCER = (
    "az1: ovn-nbctl set NB_Global . options:svc_monitor_mac=00:00:00:00:00:01",
    "az1: ovn-nbctl ls-add sw1 -- lb-add lb1 10.3.0.1:80 10.1.0.7:8080 -- ls-lb-add sw1 lb1",
    'az1: ovn-nbctl --id=@hc create Load_Balancer_Health_Check vip="10.3.0.1\\:80" options:interval=7'
    " -- add Load_Balancer lb1 health_check @hc",
    "az1: ovn-nbctl set Load_Balancer lb1 ip_port_mappings:10.1.0.7=p2:10.1.0.9:az2",
)


def monitors(zones: Zones, name: str) -> list[tuple[object, ...]]:
    return zones.said(name, sb.ServiceMonitor, "logical_port", "remote", "ic_learned", "src_mac", "status")


def test_what_one_zone_asks_the_other_finds() -> None:
    zones = Zones("az1", "az2")
    zones.run(*BACKEND, *BALANCER)
    assert monitors(zones, "az1") == [("p2", True, False, "00:00:00:00:00:01", None)]
    assert monitors(zones, "az2") == [("p2", False, True, "00:00:00:00:00:02", None)]
    assert zones.said("az2", ic_sb.ServiceMonitor, "source_availability_zone", "target_availability_zone") == [("az1", "az2")]
    (asked,) = zones.rows("az2", sb.ServiceMonitor)
    assert asked.options == {"az-name": "az2", "interval": "7"}
    zones.run("az2: ovn-sbctl set Service_Monitor . status=offline")
    assert monitors(zones, "az1") == [("p2", True, False, "00:00:00:00:00:01", "offline")]


def test_nothing_is_asked_for_any_more() -> None:
    zones = Zones("az1", "az2")
    zones.run(*BACKEND, *BALANCER, "az1: ovn-nbctl lb-del lb1")
    assert monitors(zones, "az1") == monitors(zones, "az2") == [] and not zones.rows("az1", ic_sb.ServiceMonitor)


def test_a_backend_without_a_port_is_not_probed() -> None:
    zones = Zones("az1", "az2")
    zones.run(*BACKEND, *BALANCER, "az2: ovn-nbctl lsp-del p2")
    assert monitors(zones, "az2") == []
    assert len(zones.rows("az1", ic_sb.ServiceMonitor)) == 1


def test_a_backend_that_its_own_zone_probes_is_not_probed_twice() -> None:
    zones = Zones("az1", "az2")
    own = [line.replace("az1: ", "az2: ").replace("sw1", "sw2").replace("ls-add sw2 -- ", "").replace(":az2", "") for line in BALANCER[1:]]
    zones.run(*BACKEND, *own, *BALANCER)
    assert monitors(zones, "az2") == [("p2", False, False, "00:00:00:00:00:02", None)]
    zones.run("az2: ovn-sbctl set Service_Monitor . status=offline")
    assert monitors(zones, "az1") == [("p2", True, False, "00:00:00:00:00:01", "offline")]
    zones.run("az2: ovn-nbctl lb-del lb1")
    assert monitors(zones, "az2") == [("p2", False, True, "00:00:00:00:00:02", None)]
