"""Packets pass a middlebox on their way, for as long as it lets probes pass: here a cable between two ports of a host."""

from __future__ import annotations

import pytest

from pyovn.lab.network import Network

MAC = "02:00:00:00:00:0"
ENDS = ("nf-in", "nf-out")


class Redirected:
    """A switch with a machine on each of two hosts, and a function on one of them; what enters it is noted."""

    def __init__(self, host: str, acl: str) -> None:
        self.net, self.entered = Network(), list[str]()
        self.net.node("node1", "192.168.0.1", central=True)
        self.net.node("node2", "192.168.0.2")
        self.net.overlay()
        self.nbctl("ls-add net0")
        for number, node in ((1, "node1"), (2, "node2")):
            self.nbctl(f"lsp-add net0 p{number} -- lsp-set-addresses p{number} '{MAC}{number} 10.0.0.{number}'")
            self.net.guest(node, f"vm{number}", f"{MAC}{number}", f"10.0.0.{number}/24", port=f"p{number}")
        self.cable = self.net.lan("cable", *((host, end) for end in ENDS))
        for end, other in (ENDS, ENDS[::-1]):
            options = f"options:is-nf=true options:nf-linked-port={other} options:receive_multicast=false"
            self.nbctl(f"lsp-add net0 {end} -- set logical_switch_port {end} {options}")
            self.net.must(host, f"ovs-vsctl add-port br-int {end} -- set interface {end} external_ids:iface-id={end}")
        self.net.nodes[host].taps.append(lambda device, _: self.entered.append(device) if device in ENDS else None)
        self.nbctl(f"nf-add f 1 {ENDS[0]} {ENDS[1]} -- nfg-add g 1 inline f")
        self.nbctl(f"acl-add net0 {acl} allow-related g")
        self.nbctl("--wait=hv sync")

    def nbctl(self, words: str) -> None:
        """A northbound command."""
        self.net.must("node1", f"ovn-nbctl {words}")

    def ping(self) -> tuple[bool, list[str]]:
        """Whether vm1 hears from vm2, and the ends by which a packet and its answer entered the function."""
        command = "ip netns exec vm1 ping -c 1 -W 1 10.0.0.2"
        self.net.sh("node1", command)
        self.entered.clear()
        return self.net.sh("node1", command).status == 0, list(self.entered)


@pytest.mark.parametrize("host", ["node1", "node2"])
@pytest.mark.parametrize(
    ("acl", "entered"),
    [
        ("from-lport 1000 'inport == \"p1\" && ip4'", ["nf-in", "nf-out"]),
        ("to-lport 1000 'outport == \"p2\" && ip4'", ["nf-out", "nf-in"]),
    ],
)
def test_requests_enter_by_one_end_and_answers_by_the_other(host: str, acl: str, entered: list[str]) -> None:
    assert Redirected(host, acl).ping() == (True, entered)


def test_a_function_that_lets_no_probe_pass_is_not_used() -> None:
    made = Redirected("node2", "from-lport 1000 'inport == \"p1\" && ip4'")
    made.nbctl("set nb_global . options:svc_monitor_ip=169.254.0.1 options:svc_monitor_ip_dst=169.254.0.2")
    pace = "options:interval=1 options:timeout=1"
    row = made.net.must("node1", "ovn-nbctl --bare --columns=_uuid find network_function name=f").strip()
    group = made.net.must("node1", "ovn-nbctl --bare --columns=_uuid find network_function_group name=g").strip()
    made.nbctl(f"--id=@h create network_function_health_check name=h {pace} -- set network_function {row} health_check=@h")
    made.net.world.run(4)
    assert made.ping()[0]
    ends = dict(made.cable.ends)
    made.cable.ends.clear()
    made.net.world.run(4)
    assert made.ping() == (False, [])
    made.nbctl(f"--wait=hv set network_function_group {group} fallback=fail-open")
    assert made.ping() == (True, [])
    made.cable.ends.update(ends)
    made.net.world.run(4)
    assert made.ping()[0]
