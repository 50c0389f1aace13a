"""Random networks for the lab: what to tell the northbound database, whom to plug in where, and what they send."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from random import Random

from pyovn.lab import Network
from pyovn.packet import arp, ethernet, icmp4, icmp6, ipv4, ipv6, tcp, udp
from pyovn.packet.ethernet import Ethernet

NODES = ("hv1", "hv2", "hv3")
SOLICITED = int(IPv6Address("ff02::1:ff00:0"))


@dataclass(frozen=True, slots=True)
class Machine:
    """Who is behind a port of a switch; `name` is that of port and device."""

    name: str
    node: str
    switch: int
    mac: int
    v4: int
    v6: int


@dataclass(slots=True)
class Plan:
    """A random network: commands for ovn-nbctl, machines, and the routers' ports as (MAC, IPv4, IPv6)."""

    random: Random
    commands: list[str] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)
    gateways: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    """By switch."""
    switches: int = 0
    routers: int = 0


def _mac(kind: int, group: int, number: int) -> int:
    return 0x020000000000 | kind << 16 | group << 8 | number


def plan_network(random: Random) -> Plan:
    """Switches with machines, routers between them, and options of all sorts."""
    plan = Plan(random, switches=random.randint(1, 4), routers=random.randint(0, 2))
    for switch in range(1, plan.switches + 1):
        plan.commands.append(f"ls-add s{switch}")
        for number in range(random.randint(1, 3)):
            _machine(plan, switch, number + 10)
    for router in range(1, plan.routers + 1):
        plan.commands.append(f"lr-add r{router}")
        if random.random() < 0.4:
            option = random.choice(["always_learn_from_arp_request=false", "dynamic_neigh_routers=true", "mac_binding_age_threshold=300"])
            plan.commands.append(f"set logical_router r{router} options:{option}")
        for switch in random.sample(range(1, plan.switches + 1), random.randint(1, plan.switches)):
            _attach(plan, router, switch)
    if plan.routers == 2:
        _join_routers(plan)
    for _ in range(random.randint(0, 3) if plan.routers else 0):
        _route(plan)
    for _ in range(random.choice([0, 0, 1, 3])):
        _acl(plan)
    for _ in range(random.choice([0, 0, 2]) if plan.routers else 0):
        _policy(plan)
    return plan


def _machine(plan: Plan, switch: int, number: int) -> None:
    random, name = plan.random, f"m{switch}-{number}"
    v6 = int(IPv6Address(f"fd00:{switch}::{number}"))
    machine = Machine(name, random.choice(NODES), switch, _mac(1, switch, number), int(IPv4Address(f"10.0.{switch}.{number}")), v6)
    plan.machines.append(machine)
    mac = ethernet.mac_text(machine.mac)
    v4_text, v6_text = str(IPv4Address(machine.v4)), str(IPv6Address(v6))
    shapes = [mac, f"{mac} {v4_text}", f"{mac} {v4_text} {v6_text}", "unknown", f"{mac} {v4_text}' unknown '{mac} {v6_text}"]
    plan.commands += [f"lsp-add s{switch} {name}", f"lsp-set-addresses {name} '{random.choice(shapes)}'"]
    special = random.random()
    # No chassis binds a localport, so no switch holds it to its port security; the interpreter does.
    if special < 0.1:
        plan.commands.append(f"lsp-set-type {name} localport")
    elif special < 0.5:
        plan.commands.append(f"lsp-set-port-security {name} '{random.choice([mac, f'{mac} {v4_text}', f'{mac} {v4_text} {v6_text}'])}'")
    if random.random() < 0.1:
        plan.commands.append(f"lsp-set-enabled {name} disabled")


def _attach(plan: Plan, router: int, switch: int) -> None:
    """A port of a router on a switch."""
    mac, host = _mac(2, switch, router), f"{switch}::{router}"
    v4, v6 = IPv4Address(f"10.0.{switch}.{router}"), IPv6Address(f"fd00:{host}")
    side = f"s{switch}-r{router}"
    more = f" {v6}/64" if plan.random.random() < 0.6 else ""
    plan.gateways.setdefault(switch, []).append((mac, int(v4), int(v6)))
    plan.commands += [
        f"lrp-add r{router} r{router}-s{switch} {ethernet.mac_text(mac)} {v4}/24{more}",
        f"lsp-add s{switch} {side}",
        f"lsp-set-type {side} router",
        f"lsp-set-addresses {side} {plan.random.choice(['router', ethernet.mac_text(mac)])}",
        f"lsp-set-options {side} router-port=r{router}-s{switch}",
    ]


def _join_routers(plan: Plan) -> None:
    """The routers are peers."""
    plan.commands += [
        "lrp-add r1 r1-r2 02:00:00:03:00:01 10.1.0.1/30 fd01::1/64 peer=r2-r1",
        "lrp-add r2 r2-r1 02:00:00:03:00:02 10.1.0.2/30 fd01::2/64 peer=r1-r2",
    ]


def _route(plan: Plan) -> None:
    random, router = plan.random, plan.random.randint(1, plan.routers)
    prefix = random.choice(["0.0.0.0/0", "10.0.0.0/16", "10.0.3.0/24", "192.168.0.0/16"])
    hop = random.choice([f"10.1.0.{3 - router}", "discard", f"10.0.{random.randint(1, plan.switches)}.10"])
    # A route for every source would be a flow of the priority of the table's own last one, which may be taken instead.
    policy = random.choice(["", "", "--policy=src-ip " if prefix != "0.0.0.0/0" else ""])
    plan.commands.append(f"--may-exist {policy}lr-route-add r{router} {prefix} {hop}")


def _question(plan: Plan) -> str:
    """A match that some packets fit."""
    random, machine = plan.random, plan.random.choice(plan.machines)
    v4, v6 = IPv4Address(machine.v4), IPv6Address(machine.v6)
    one = [
        f"ip4.src == {v4}", f"ip4.dst == {{{v4}, 10.0.3.0/24}}", f"ip6.dst == {v6}", "udp", "tcp.dst == 80", "icmp4.type == 8", "arp",
        "ip.ttl < 10",
    ]  # fmt: skip
    first, second = random.sample(one, 2)
    return random.choice([first, first, f"{first} && {second}", f"{first} || {second}", f"ip && !(ip4.src == {v4})"])


def _acl(plan: Plan) -> None:
    """What a switch lets through; without connections, for an interpreter knows none."""
    random = plan.random
    direction, verdict = random.choice(["from-lport", "to-lport"]), random.choice(["drop", "drop", "reject", "allow-stateless", "allow"])
    name, asked = f"s{random.randint(1, plan.switches)}", _question(plan)
    # Of what is no IP packet an agent refuses nothing, while the interpreter, as the reference's, refuses it by ICMPv6.
    asked = f"ip && ({asked})" if verdict == "reject" else asked
    plan.commands.append(f"--may-exist acl-add {name} {direction} {random.randint(1, 2000)} '{asked}' {verdict}")


def _policy(plan: Plan) -> None:
    """What a router does with some packets other than its routes say."""
    random, router = plan.random, plan.random.randint(1, plan.routers)
    verdict = random.choice(["drop", "allow", f"reroute 10.0.{random.randint(1, plan.switches)}.10"])
    plan.commands.append(f"--may-exist lr-policy-add r{router} {random.randint(1, 2000)} '{_question(plan)}' {verdict}")


def frame_of(plan: Plan, machine: Machine) -> bytes:
    """A frame that a machine may send, rightly or wrongly."""
    random = plan.random
    other = random.choice(plan.machines)
    own = random.choice(plan.machines) if random.random() < 0.15 else machine
    gateways = plan.gateways.get(machine.switch, [])
    gateway = random.choice(gateways) if gateways else (other.mac, other.v4, other.v6)
    near = other.switch == machine.switch and random.random() < 0.8
    dst = random.choice([other.mac if near else gateway[0]] * 6 + [ethernet.BROADCAST, 0x02FFFFFFFFFF, 0x01005E000001])
    target = random.choice([(other.v4, other.v6)] * 5 + [gateway[1:], (int(IPv4Address("192.168.1.1")), int(IPv6Address("fd09::1")))])
    ttl = random.choice([64, 64, 64, 0, 1, 2])
    kind = random.choice(["arp", "nd", "udp4", "udp4", "tcp4", "echo4", "echo4", "udp6", "echo6"])
    if kind == "arp":
        message = arp.Arp(random.choice([1, 1, 2]), own.mac, own.v4, 0, target[0])
        return ethernet.build(Ethernet(random.choice([ethernet.BROADCAST, dst]), machine.mac, ethernet.TYPE_ARP, arp.build(message)))
    if kind == "nd":
        return _solicitation(machine, own, target[1])
    if kind.endswith("4"):
        packet = ipv4.Ipv4(own.v4, target[0], *_payload4(kind, own.v4, target[0]), ttl=ttl)
        return ethernet.build(Ethernet(dst, own.mac, ethernet.TYPE_IPV4, ipv4.build(packet)))
    proto, payload = 17, udp.build(udp.Udp(1000, 2000, b"hello"), own.v6, target[1])
    if kind == "echo6":
        proto, payload = 58, icmp6.build(icmp6.Icmp6(128, 0, 1), own.v6, target[1])
    return ethernet.build(Ethernet(dst, own.mac, 0x86DD, ipv6.build(ipv6.Ipv6(own.v6, target[1], proto, payload, hops=ttl))))


def _payload4(kind: str, src: int, dst: int) -> tuple[int, bytes]:
    if kind == "udp4":
        return ipv4.UDP, udp.build(udp.Udp(1000, 2000, b"hello"), src, dst)
    if kind == "tcp4":
        return 6, tcp.build(tcp.Tcp(1000, 80, 1, 0, 2, 1024), src, dst)
    return ipv4.ICMP, icmp4.build(icmp4.echo(icmp4.ECHO_REQUEST, 1, 1, b"hello"))


def _solicitation(machine: Machine, own: Machine, target: int) -> bytes:
    group = SOLICITED | target & 0xFFFFFF
    body = icmp6.build_neighbor(icmp6.Neighbor(target, ((1, own.mac.to_bytes(6, "big")),)))
    message = icmp6.build(icmp6.Icmp6(135, 0, 0, body), own.v6, group)
    packet = ipv6.Ipv6(own.v6, group, 58, message, hops=255)
    return ethernet.build(Ethernet(0x333300000000 | group & 0xFFFFFFFF, machine.mac, 0x86DD, ipv6.build(packet)))


def bring_up(plan: Plan) -> Network:
    """The planned network with its machines plugged in; they are silent, and frames are sent in their name."""
    network = Network()
    for number, name in enumerate(NODES, 1):
        network.node(name, f"192.168.0.{number}", central=number == 1)
    network.overlay()
    for command in plan.commands:
        network.must(NODES[0], f"ovn-nbctl {command}")
    for machine in plan.machines:
        for words in ("type=internal", f"external_ids:iface-id={machine.name}"):
            network.must(machine.node, f"ovs-vsctl --may-exist add-port br-int {machine.name} -- set interface {machine.name} {words}")
    network.must(NODES[0], "ovn-nbctl --wait=hv sync")
    return network
