"""Multicast snooping on two hosts: only those who asked hear a group, wherever they are."""

from __future__ import annotations

from pyovn.lab.network import Network
from pyovn.packet import ethernet, igmp, ipv4, udp

GROUP = 0xEF010101
GROUP_MAC = 0x01005E010101


def three_machines() -> tuple[Network, list[str]]:
    """A switch that snoops and asks, a machine on node1, two on node2, and a log of who hears IGMP and the group."""
    net = Network()
    net.node("node1", "192.168.0.1", central=True)
    net.node("node2", "192.168.0.2")
    net.overlay()
    net.must("node1", "ovn-nbctl ls-add net0")
    config = "other_config:mcast_snoop=true other_config:mcast_querier=true other_config:mcast_query_interval=30"
    source = "other_config:mcast_eth_src=02:00:00:00:00:aa other_config:mcast_ip4_src=10.0.0.100 other_config:mcast_idle_timeout=60"
    net.must("node1", f"ovn-nbctl set Logical_Switch net0 {config} {source}")
    for number, node in ((1, "node1"), (2, "node2"), (3, "node2")):
        mac = f"02:00:00:00:00:0{number}"
        net.must("node1", f"ovn-nbctl lsp-add net0 p{number} -- lsp-set-addresses p{number} '{mac} 10.0.0.{number}'")
        net.guest(node, f"vm{number}", mac, f"10.0.0.{number}/24", port=f"p{number}")
    net.must("node1", "ovn-nbctl --wait=hv sync")
    log: list[str] = []
    for host in net.nodes.values():
        host.taps.append(lambda device, frame: log.append(f"{device} {'asked' if frame[23] == 2 else 'data'}"))
    return net, log


def say(net: Network, number: int, node: str, kind: int) -> None:
    """A machine sends an IGMP message about the group."""
    message = ipv4.build(ipv4.Ipv4(number, GROUP, igmp.PROTOCOL, igmp.build(igmp.Igmp(kind, 0, GROUP)), ttl=1))
    frame = ethernet.build(ethernet.Ethernet(GROUP_MAC, 0x020000000000 | number, ethernet.TYPE_IPV4, message))
    net.nodes[node].inject(f"vm{number}", frame)
    net.world.run(1)


def hearers(net: Network, log: list[str]) -> set[str]:
    """Who hears what vm1 sends to the group."""
    log.clear()
    packet = ipv4.build(ipv4.Ipv4(1, GROUP, ipv4.UDP, udp.build(udp.Udp(5, 5, b"x"), 1, GROUP)))
    net.nodes["node1"].inject("vm1", ethernet.build(ethernet.Ethernet(GROUP_MAC, 0x020000000001, ethernet.TYPE_IPV4, packet)))
    net.world.run(1)
    return {line.split()[0] for line in log if line.endswith("data")}


def groups(net: Network) -> set[str]:
    """The groups that the southbound knows."""
    return set(net.must("node1", "ovn-sbctl --bare --columns=address find IGMP_Group protocol!='\"\"'").split())


def test_who_joins_hears_and_who_leaves_does_not() -> None:
    net, log = three_machines()
    assert hearers(net, log) == set()
    say(net, 2, "node2", igmp.REPORT_V2)
    assert groups(net) == {"239.1.1.1"}
    assert hearers(net, log) == {"vm2"}
    say(net, 3, "node2", igmp.REPORT_V2)
    assert hearers(net, log) == {"vm2", "vm3"}
    say(net, 2, "node2", igmp.LEAVE)
    assert hearers(net, log) == {"vm3"}
    # Who does not answer queries is forgotten.
    net.world.run(65)
    assert (groups(net), hearers(net, log)) == (set(), set())


def test_a_switch_asks_its_own_machines_by_itself() -> None:
    net, log = three_machines()
    log.clear()
    net.world.run(61)
    assert {line: log.count(line) for line in set(log)} == {f"vm{number} asked": 2 for number in (1, 2, 3)}
