"""Random networks whose routers exchange routes with others outside, for both compilers: what is announced, what chassis learned, VPNs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.northd import random_routers
from tests.northd.random_network import Draft
from tests.northd.random_routers import hop, port

KINDS = ("connected", "connected-as-host", "static", "nat", "lb")


def kinds(draft: Draft) -> str:
    """What may be announced."""
    return '"' + ",".join(kind for kind in KINDS if draft.random.random() < 0.5) + '"'


def found(table: str, condition: str) -> str:
    """A southbound row, as the shell looks it up."""
    return f"$(ovn-sbctl --bare --columns=_uuid find {table} {condition})"


def beginning(draft: Draft) -> Iterator[str]:
    """A router that takes part, and three beside it: two on its outer switch, one at the other end of a port."""
    yield from random_routers.beginning(draft)
    yield f"ovn-nbctl set logical_router r options:dynamic-routing=true options:dynamic-routing-redistribute={kinds(draft)}"
    for number in (4, 5):
        yield f"ovn-nbctl lr-add n{number}"
        yield f"ovn-nbctl lrp-add n{number} n{number}-out 00:00:00:00:fe:0{number} 10.3.0.24{number}/24 fd03::{number}/64"
        yield f"ovn-nbctl lsp-add-router-port out out-n{number} n{number}-out"
    yield "ovn-nbctl lr-add p -- lrp-add r r-p 00:00:00:00:fd:01 10.7.0.1/30 -- set logical_router_port r-p peer=p-r"
    yield "ovn-nbctl lrp-add p p-r 00:00:00:00:fd:02 10.7.0.2/30 fd07::2/64 169.254.7.2/24 -- set logical_router_port p-r peer=r-p"
    yield draft.random.choice([
        "ovn-nbctl set logical_router n4 options:chassis=hv2", "ovn-nbctl lrp-set-gateway-chassis n4-out hv2", "ovn-nbctl init",
    ])  # fmt: skip


def take_part(draft: Draft) -> Iterator[str]:
    """A router takes part, or does not any more."""
    router = draft.random.choice(["r", "r", "n4", "n5", "p"])
    yield f"ovn-nbctl set logical_router {router} options:dynamic-routing={draft.random.choice(['true', 'true', 'true', 'false'])}"


def announce(draft: Draft) -> Iterator[str]:
    """A router or a port of one announces something else."""
    if draft.random.random() < 0.5:
        router = draft.random.choice(["r", "r", "n4", "n5", "p"])
        yield f"ovn-nbctl set logical_router {router} options:dynamic-routing-redistribute={kinds(draft)}"
    else:
        where = draft.random.choice([port(draft), port(draft), "r-p", "p-r", "n4-out", "n5-out"])
        yield f"ovn-nbctl set logical_router_port {where} options:dynamic-routing-redistribute={kinds(draft)}"


def tell_chassis(draft: Draft) -> Iterator[str]:
    """An option that chassis read."""
    yield draft.random.choice([
        "ovn-nbctl set logical_router r options:dynamic-routing-vrf-name=blue options:dynamic-routing-vrf-id=7",
        "ovn-nbctl set logical_router r options:dynamic-routing-vrf-id=-7",
        "ovn-nbctl set logical_router r options:dynamic-routing-vrf-id=5000000000",
        "ovn-nbctl set logical_router r options:dynamic-routing-v4-prefix-nexthop=10.3.0.1",
        "ovn-nbctl set logical_router r options:dynamic-routing-no-learning=true",
        "ovn-nbctl set logical_router r options:dynamic-routing-redistribute-local-only=true",
        f"ovn-nbctl set logical_router_port {port(draft)} options:dynamic-routing-no-learning=false",
        f"ovn-nbctl set logical_router_port {port(draft)} options:dynamic-routing-redistribute-local-only=false",
        f"ovn-nbctl set logical_router_port {port(draft)} options:dynamic-routing-maintain-vrf=true",
        f"ovn-nbctl set logical_router_port {port(draft)} options:dynamic-routing-port-name=eth1",
    ])  # fmt: skip


def learn(draft: Draft) -> Iterator[str]:
    """A chassis has learned a route, or forgets one."""
    prefix = draft.random.choice(["172.16.0.0/24", "172.16.1.0/24", "172.19.0.0/16", "8.8.8.8", "fd09:1::/64", "0.0.0.0/0", "odd"])
    router, where = draft.random.choice([("r", port(draft)), ("r", port(draft)), ("r", "r-p"), ("n4", "n4-out"), ("p", "p-r")])
    if draft.random.random() < 0.2:
        yield f"ovn-sbctl --all destroy learned_route {found('learned_route', f'ip_prefix={prefix}')}".replace("--all ", "")
        return
    datapath, binding = found("datapath_binding", f"external_ids:name={router}"), found("port_binding", f"logical_port={where}")
    next_hop = draft.random.choice([hop(draft), hop(draft), "10.7.0.2", "fe80::9", "10.3.0.0/24"])
    yield (
        f"ovn-sbctl create learned_route datapath={datapath} logical_port={binding}"
        f" ip_prefix='\"{prefix}\"' nexthop='\"{next_hop}\"'"
    )


def claim(draft: Draft) -> Iterator[str]:
    """A chassis takes a gateway port, or a machine's address that moves."""
    yield draft.random.choice([
        "ovn-sbctl lsp-bind cr-r-out hv1", "ovn-sbctl lsp-unbind cr-r-out", "ovn-sbctl lsp-bind cr-n4-out hv2",
        "ovn-nbctl lsp-add s1 vip && ovn-nbctl lsp-set-type vip virtual && ovn-nbctl lsp-set-addresses vip '00:00:00:00:0f:01 10.1.0.200'"
        " && ovn-nbctl set logical_switch_port vip options:virtual-ip=10.1.0.200 options:virtual-parents=vm1",
        f"ovn-sbctl set port_binding {found('port_binding', 'logical_port=vip')} virtual_parent=vm1",
        f"ovn-sbctl set port_binding {found('port_binding', 'logical_port=vip')} virtual_parent=nobody",
    ])  # fmt: skip


def extend(draft: Draft) -> Iterator[str]:
    """A switch is in a VPN, or wants something else of it."""
    config = draft.random.choice([
        "dynamic-routing-vni=10", "dynamic-routing-vni=10", "dynamic-routing-vni=16777216", "dynamic-routing-fdb-prefer-local=true",
        "dynamic-routing-arp-prefer-local=true", "dynamic-routing-redistribute=ip", "dynamic-routing-redistribute='\"fdb,ip\"'",
        "dynamic-routing-bridge-ifname=br", "dynamic-routing-vxlan-ifname='\"vxlan0,a-name-too-long-for-it\"'",
        "dynamic-routing-advertise-ifname=lo",
    ])  # fmt: skip
    yield f"ovn-nbctl set logical_switch {draft.random.choice(['s1', 's1', 'out'])} other_config:{config}"
    if draft.random.random() < 0.2:
        yield "ovn-nbctl --may-exist acl-add s1 from-lport 1 tcp allow-related"


STEPS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    *random_routers.STEPS, take_part, announce, announce, announce, tell_chassis, learn, learn, learn, learn, claim, claim, extend, extend,
)  # fmt: skip


def random_dynamic_commands(seed: int, length: int = 35) -> list[str]:
    """The commands of a random network around a router that takes part; the same for the same seed."""
    draft = Draft(seed)
    commands = list(beginning(draft))
    for _ in range(length):
        commands += draft.random.choice(STEPS)(draft)
    return [f"{command} || true" for command in commands]
