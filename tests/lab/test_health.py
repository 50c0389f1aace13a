"""What is watched and told: backends of load balancers, and next hops of routes, on networks in one process."""

from __future__ import annotations

from pyovn.lab.network import Network


def two_hosts() -> Network:
    """A switch with a machine on each of two hosts, and a router's port on it."""
    net = Network()
    net.node("node1", "192.168.0.1", central=True)
    net.node("node2", "192.168.0.2")
    net.overlay()
    net.must("node1", "ovn-nbctl ls-add net0 -- lr-add r0 -- lrp-add r0 r0-net0 02:00:00:00:00:fe 10.0.0.254/24")
    net.must("node1", "ovn-nbctl lsp-add-router-port net0 net0-r0 r0-net0")
    for number, node in ((1, "node1"), (2, "node2")):
        net.must("node1", f"ovn-nbctl lsp-add net0 p{number}")
        net.must("node1", f"ovn-nbctl lsp-set-addresses p{number} '02:00:00:00:00:0{number} 10.0.0.{number}'")
        net.guest(node, f"vm{number}", f"02:00:00:00:00:0{number}", f"10.0.0.{number}/24", port=f"p{number}")
        net.must(node, f"ip -n vm{number} route add default via 10.0.0.254")
    net.must("node1", "ovn-nbctl --wait=hv sync")
    return net


def states(net: Network) -> dict[str, str]:
    """What the southbound says of each monitored address."""
    words = net.must("node1", "ovn-sbctl --bare --columns=ip,status list Service_Monitor").split()
    return dict(zip(words[::2], words[1::2], strict=True))


def test_backends_that_do_not_answer_get_no_connections() -> None:
    net = two_hosts()
    net.must("node1", "ovn-nbctl lb-add lb0 10.9.9.9:80 10.0.0.1:80,10.0.0.2:80")
    net.must("node1", "ovn-nbctl ls-lb-add net0 lb0")
    for number in (1, 2):
        net.must("node1", f"ovn-nbctl set load_balancer lb0 ip_port_mappings:10.0.0.{number}=p{number}:10.0.0.100")
    check = "create Load_Balancer_Health_Check vip='\"10.9.9.9:80\"'"
    net.must("node1", f"ovn-nbctl --id=@hc {check} -- add Load_Balancer lb0 health_check @hc")
    net.must("node1", "ovn-nbctl --wait=hv sync")
    net.must("node2", "mkdir /tmp/www && cd /tmp/www && echo 'i am vm2' > index.html")
    net.must("node2", "ip netns exec vm2 python3 -m http.server 80 &")
    net.world.run(6)
    assert states(net) == {"10.0.0.1": "offline", "10.0.0.2": "online"}
    for _ in range(8):
        assert net.must("node1", "ip netns exec vm1 curl 10.9.9.9:80") == "i am vm2\n"
    net.nodes["node2"].guests["vm2"].tcp.servers.clear()
    net.world.run(11)
    assert states(net) == {"10.0.0.1": "offline", "10.0.0.2": "offline"}


def test_a_route_is_used_while_its_next_hop_answers() -> None:
    """The next hops are ports of gateway routers, so that both ends of the sessions are agents."""
    net = two_hosts()
    for number in (1, 2):
        router = f"gw{number}"
        net.must("node1", f"ovn-nbctl create Logical_Router name={router} options:chassis=node{number}")
        net.must("node1", f"ovn-nbctl lrp-add {router} {router}-join 02:00:00:00:01:0{number} 10.1.0.{number}/24")
    net.must("node1", "ovn-nbctl ls-add join -- lsp-add-router-port join join-gw1 gw1-join -- lsp-add-router-port join join-gw2 gw2-join")
    net.must("node1", "ovn-nbctl --bfd lr-route-add gw1 10.2.0.0/24 10.1.0.2 gw1-join")
    net.must("node1", "ovn-nbctl --bfd lr-route-add gw2 10.3.0.0/24 10.1.0.1 gw2-join")
    net.must("node1", "ovn-nbctl --wait=hv sync")

    def status() -> set[str]:
        return set(net.must("node1", "ovn-nbctl --bare --columns=status list BFD").split())

    def is_routed() -> bool:
        return "ip4.dst == 10.2.0.0/24" in net.must("node1", "ovn-sbctl lflow-list gw1")

    net.world.run(5)
    assert (status(), is_routed()) == ({"up"}, True)
    net.must("node2", "ip link set ens3 down")
    net.world.run(20)
    assert (status(), is_routed()) == ({"down"}, False)
    net.must("node2", "ip link set ens3 up")
    net.world.run(5)
    assert (status(), is_routed()) == ({"up"}, True)


def test_machines_are_told_of_their_router_unasked() -> None:
    net = two_hosts()
    net.must("node1", "ovn-nbctl lrp-del r0-net0 -- lrp-add r0 r0-net0 02:00:00:00:00:fe 10.0.0.254/24 fd00::1/64")
    heard: list[str] = []
    for name, node in net.nodes.items():
        node.taps.append(lambda device, frame, name=name: heard.append(f"{name} {device}") if frame[54:55] == b"\x86" else None)  # type: ignore[misc]
    configs = "ipv6_ra_configs:address_mode=slaac ipv6_ra_configs:send_periodic=true ipv6_ra_configs:max_interval=100"
    net.must("node1", f"ovn-nbctl --wait=hv set Logical_Router_Port r0-net0 {configs}")
    net.world.run(40)
    assert set(heard) == {"node1 vm1", "node2 vm2"}
    assert 3 <= heard.count("node1 vm1") <= 5
