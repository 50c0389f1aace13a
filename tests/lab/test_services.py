"""What the agents do with packets that flows hand them, on networks in one process."""

from __future__ import annotations

import logging

import pytest

from pyovn.lab.network import Network
from pyovn.packet import arp, ethernet


def two_machines() -> Network:
    """A switch with a machine on each of two hosts."""
    net = Network()
    net.node("node1", "192.168.0.1", central=True)
    net.node("node2", "192.168.0.2")
    net.overlay()
    net.must("node1", "ovn-nbctl ls-add net0")
    for number, node in ((1, "node1"), (2, "node2")):
        mac = f"02:00:00:00:00:0{number}"
        net.must("node1", f"ovn-nbctl lsp-add net0 p{number} -- lsp-set-addresses p{number} '{mac} 10.0.0.{number}'")
        net.guest(node, f"vm{number}", mac, f"10.0.0.{number}/24", port=f"p{number}")
    net.must("node1", "ovn-nbctl --wait=hv sync")
    return net


def test_an_acl_writes_a_line_for_each_packet(caplog: pytest.LogCaptureFixture) -> None:
    net = two_machines()
    match = "'outport == \"p2\" && icmp4'"
    net.must("node1", f"ovn-nbctl --wait=hv --log --name=no-ping --severity=alert acl-add net0 to-lport 1000 {match} drop")
    with caplog.at_level(logging.INFO, "acl_log(ovn_pinctrl0)"):
        assert net.sh("node1", "ip netns exec vm1 ping -c 2 -W 1 10.0.0.2").status == 1
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("acl_log")]
    assert len(lines) == 2
    assert lines[0].startswith('name="no-ping", verdict=drop, severity=alert, direction=to-lport: icmp,')
    assert "dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2" in lines[0]
    assert lines[0].endswith("icmp_type=8,icmp_code=0")


def speak_for(net: Network, number: int) -> None:
    """A machine says that it has the virtual address now."""
    mac = 0x020000000000 | number
    claim = arp.build(arp.Arp(arp.REQUEST, mac, 0x0A000064, 0, 0x0A000064))
    net.nodes[f"node{number}"].inject(f"vm{number}", ethernet.build(ethernet.Ethernet(ethernet.BROADCAST, mac, ethernet.TYPE_ARP, claim)))
    net.world.run(1.5)


def test_a_virtual_port_is_where_somebody_speaks_for_it() -> None:
    net = two_machines()
    net.must("node1", "ovn-nbctl lsp-add net0 vip -- lsp-set-type vip virtual -- lsp-set-addresses vip '02:00:00:00:00:64 10.0.0.100'")
    net.must("node1", "ovn-nbctl --wait=hv lsp-set-options vip virtual-ip=10.0.0.100 virtual-parents=p1,p2")

    def place() -> list[str]:
        return net.must("node1", "ovn-sbctl --bare --columns=virtual_parent,up list Port_Binding vip").split()

    assert place() == ["false"]
    for number in (2, 1, 2):
        speak_for(net, number)
        assert place() == [f"p{number}", "true"]


def test_a_balancer_without_backends_is_told() -> None:
    net = two_machines()
    net.must("node1", "ovn-nbctl lb-add lb0 10.9.9.9:80 '' -- set Load_Balancer lb0 options:event=true -- ls-lb-add net0 lb0")
    net.must("node1", "ovn-nbctl --wait=hv set NB_Global . options:controller_event=true")
    for _ in range(2):
        net.sh("node1", "ip netns exec vm1 ip route add 10.9.9.0/24 via 10.0.0.2")
        net.sh("node1", "ip netns exec vm1 curl 10.9.9.9:80")
    events = net.must("node1", "ovn-sbctl --columns=event_info,event_type,seq_num list Controller_Event")
    assert "event_type          : empty_lb_backends\nseq_num             : 1" in events
    assert 'vip="10.9.9.9:80"' in events and events.count("event_type") == 1


def test_a_template_means_something_else_on_each_host() -> None:
    net = two_machines()
    for number in (1, 2):
        web = f"mkdir /tmp/www && cd /tmp/www && echo 'i am vm{number}' > index.html"
        net.must(f"node{number}", web)
        net.must(f"node{number}", f"ip netns exec vm{number} python3 -m http.server 80 &")
        variables = f"variables:back=10.0.0.{3 - number}:80 variables:vip=10.9.9.{number}"
        net.must("node1", f"ovn-nbctl create Chassis_Template_Var chassis=node{number} {variables}")
        net.must(f"node{number}", f"ip netns exec vm{number} ip route add 10.9.9.0/24 via 10.0.0.{3 - number}")
    net.must("node1", "ovn-nbctl --template lb-add lb0 '^vip:80' '^back' tcp ipv4 -- ls-lb-add net0 lb0")
    net.must("node1", "ovn-nbctl --wait=hv sync")
    assert net.must("node1", "ip netns exec vm1 curl 10.9.9.1:80") == "i am vm2\n"
    assert net.must("node2", "ip netns exec vm2 curl 10.9.9.2:80") == "i am vm1\n"
    net.must("node1", "ovn-nbctl --wait=hv set Chassis_Template_Var node1 variables:vip=10.9.9.9")
    assert net.must("node1", "ip netns exec vm1 curl 10.9.9.9:80") == "i am vm2\n"
