"""Random networks of what routers do besides forwarding, for both compilers: gateways, translations, groups of routes, sessions, relays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyovn.northd.chassis_features import FEATURES
from tests.northd.random_network import Draft, add_port, change_port, connect, remove

CAN_ALL = " ".join(f"other_config:{feature}=true" for feature in FEATURES.values())


def beginning(draft: Draft) -> Iterator[str]:
    """Two chassis, of today or of yesterday, and a router between two switches, with a gateway or without."""
    can = CAN_ALL if draft.random.random() < 0.6 else "other_config:is-old=true"
    yield "ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2"
    yield f"ovn-sbctl set chassis hv1 {can} -- set chassis hv2 {can}"
    yield "ovn-nbctl lr-add r"
    draft.routers.append("r")
    draft.switches += ["s1", "s2"]
    for number, switch in enumerate(("s1", "s2", "out"), start=1):
        networks = f"10.{number}.0.1/24" + (f" fd0{number}::1/64" if draft.random.random() < 0.6 else "")
        yield f"ovn-nbctl ls-add {switch}"
        yield f"ovn-nbctl lrp-add r r-{switch} 00:00:00:00:ff:0{number} {networks}"
        yield f"ovn-nbctl lsp-add-router-port {switch} {switch}-r r-{switch}"
        yield f"ovn-nbctl lsp-add {switch} vm{number} -- lsp-set-addresses vm{number} '00:00:00:00:00:0{number} 10.{number}.0.9'"
    if draft.random.random() < 0.7:
        yield "ovn-nbctl lsp-add-localnet-port out wire physnet"
    yield draft.random.choice([
        "ovn-nbctl set logical_router r options:chassis=hv1", "ovn-nbctl lrp-set-gateway-chassis r-out hv1 10",
        "ovn-nbctl lrp-set-gateway-chassis r-out hv1 10", "ovn-nbctl init",
    ])  # fmt: skip


def port(draft: Draft) -> str:
    """One of the first router's ports."""
    return draft.random.choice(["r-s1", "r-s2", "r-out"])


def hop(draft: Draft) -> str:
    """A next hop, mostly in a network of the router."""
    number, host = draft.random.randrange(1, 4), draft.random.randrange(2, 200)
    return draft.random.choice([f"10.{number}.0.{host}", f"10.{number}.0.{host}", f"10.3.0.{host}", f"fd03::{host:x}", f"10.9.0.{host}"])


def translate(draft: Draft) -> Iterator[str]:
    """A translation of some kind."""
    number = next(draft.numbers)
    kind = draft.random.choice(["snat", "dnat", "dnat_and_snat", "dnat_and_snat"])
    inside = f"10.{draft.random.choice([1, 2])}.0.{number}" if kind != "snat" else f"10.{number}.0.0/{draft.random.choice([16, 24, 28])}"
    flags = draft.random.choice(["", "", "--portrange", "--match=tcp", "--add-route" if kind != "snat" else ""])
    if kind == "dnat_and_snat" and draft.random.random() < 0.2:
        flags = "--stateless"
    ports = " 5000-6000" if flags == "--portrange" else ""
    yield f"ovn-nbctl {flags} lr-nat-add r {kind} 10.3.0.{number} {inside}{ports}"
    if draft.random.random() < 0.2 and flags != "--stateless":
        yield f"ovn-nbctl --may-exist create address_set name=set{number} addresses=1.1.1.1"
        wish = draft.random.choice(["", "--is-exempted"])
        yield f"ovn-nbctl {wish} lr-nat-update-ext-ip r {kind} {inside if kind == 'snat' else f'10.3.0.{number}'} set{number}"


def distribute(draft: Draft) -> Iterator[str]:
    """A translation that is carried out where its machine is; one of a network, whose MACs have no order."""
    yield "ovn-nbctl lr-nat-add r dnat_and_snat 10.3.0.250 10.1.0.9 vm1 00:00:00:00:aa:01"


def settings(draft: Draft) -> Iterator[str]:
    """What a router may ask for."""
    option = draft.random.choice([
        "ct-commit-all=true", "snat-ct-zone=7", "always_learn_from_arp_request=false", "dynamic_neigh_routers=true",
        "disable_garp_rarp=true", "mac_binding_age_threshold=60", "lb_force_snat_ip=router_ip", "lb_force_snat_ip=10.3.0.240",
        "dnat_force_snat_ip=10.3.0.241",
    ])  # fmt: skip
    yield f"ovn-nbctl set logical_router r options:{option}"
    if draft.random.random() < 0.2:
        yield f"ovn-nbctl set nb_global . options:use_common_zone={draft.random.choice(['true', 'false'])}"


def port_settings(draft: Draft) -> Iterator[str]:
    """What a router's port may ask for."""
    option = draft.random.choice([
        "options:redirect-type=bridged", "options:reside-on-redirect-chassis=true", "options:prefix=true", "options:prefix_delegation=true",
        "options:route_table=blue", "ipv6_ra_configs:address_mode=slaac", "ipv6_ra_configs:send_periodic=true", "ipv6_ra_configs:mtu=1400",
        "ipv6_ra_configs:route_info=HIGH-fd07::/48", "enabled=false", "enabled=true",
    ])  # fmt: skip
    yield f"ovn-nbctl set logical_router_port {port(draft)} {option}"
    if draft.random.random() < 0.2:
        yield f"ovn-nbctl set logical_router_port r-out options:gateway_mtu={draft.random.choice([1400, 1500])}"


def route(draft: Draft) -> Iterator[str]:
    """A route, perhaps one of several."""
    prefix = f"172.16.{draft.random.randrange(4)}.0/24" if draft.random.random() < 0.8 else f"fd09:{draft.random.randrange(3)}::/64"
    how = draft.random.choice([
        "--ecmp", "--ecmp", "--ecmp-symmetric-reply", "--policy=src-ip --ecmp", "--route-table=blue --ecmp", "--may-exist",
    ])  # fmt: skip
    yield f"ovn-nbctl {how} lr-route-add r {prefix} {draft.random.choice([hop(draft), hop(draft), 'discard'])}"
    if draft.random.random() < 0.3:
        found = f"$(ovn-nbctl --bare --columns=_uuid find logical_router_static_route ip_prefix='\"{prefix}\"')"
        fields = draft.random.choice(["ip_src,ip_dst", "ip_src,tp_dst", "eth_src"])
        yield f"for r in {found}; do ovn-nbctl set logical_router_static_route $r selection_fields={fields}; done"


def watch(draft: Draft) -> Iterator[str]:
    """A route or policy with a session, which a chassis may bring up."""
    number = next(draft.numbers)
    if draft.random.random() < 0.5:
        yield f"ovn-nbctl --bfd lr-route-add r 173.{number}.0.0/16 10.3.0.{number} r-out"
    else:
        yield f"ovn-nbctl --bfd lr-policy-add r {number} 'ip4.src == 10.{number}.0.0/16' reroute 10.3.0.{number}"
    if draft.random.random() < 0.7:
        yield f"ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=10.3.0.{number}) status=up"


def policy(draft: Draft) -> Iterator[str]:
    """A policy, perhaps in a chain."""
    number = next(draft.numbers)
    chain = draft.random.choice(["", "", "--chain=inner "])
    action = draft.random.choice([
        "drop", "allow", "allow pkt_mark=9", f"reroute {hop(draft)}", f"reroute {hop(draft)},{hop(draft)}", "jump inner", "jump nowhere",
    ])  # fmt: skip
    yield f"ovn-nbctl {chain}lr-policy-add r {number} 'ip4.src == 10.{number}.0.0/16' {action}"


def balance(draft: Draft) -> Iterator[str]:
    """A load balancer of the router."""
    number = next(draft.numbers)
    backends = draft.random.choice(["10.1.0.9:80", "10.1.0.9:80,10.2.0.9:80", ""])
    empty = draft.random.choice(["", "--reject", "--event"])
    yield f"ovn-nbctl {empty} lb-add lb{number} 10.3.0.{number}:80 '{backends}' -- lr-lb-add r lb{number}"
    options = ["skip_snat=true", "affinity_timeout=30", "add_route=true", "neighbor_responder=all", "use_stateless_nat=true"]
    if draft.random.random() < 0.6:
        yield f"ovn-nbctl set load_balancer lb{number} options:{draft.random.choice(options)}"


def small_things(draft: Draft) -> Iterator[str]:
    """A relay, a static neighbour, another router on the outside."""
    number = next(draft.numbers)
    yield draft.random.choice([
        f"ovn-nbctl --id=@d create dhcp_relay name=d{number} servers=10.3.0.{number} -- set logical_router_port r-s1 dhcp_relay=@d",
        "ovn-nbctl set logical_switch s1 other_config:dhcp_relay_port=s1-r",
        f"ovn-nbctl create static_mac_binding logical_port={port(draft)} ip=10.3.0.{number} mac='\"{draft.mac()}\"'",
        f"ovn-nbctl lr-add o{number} && ovn-nbctl lrp-add o{number} o{number}-out {draft.mac()} 10.3.0.{number}/24"
        f" && ovn-nbctl lsp-add-router-port out out-o{number} o{number}-out",
    ])  # fmt: skip


def protect(draft: Draft) -> Iterator[str]:
    """A meter for what goes to the controller."""
    kind = draft.random.choice(["arp", "arp-resolve", "icmp4-error", "icmp6-error", "nd-na", "nd-ra-opts", "tcp-reset", "bfd", "reject"])
    yield f"ovn-nbctl --may-exist meter-add m-{kind} drop 100 pktps 0"
    yield f"ovn-nbctl copp-add c {kind} m-{kind} && ovn-nbctl lr-copp-add c r"


def undo(draft: Draft) -> Iterator[str]:
    """Something gone again."""
    yield draft.random.choice([
        "ovn-nbctl lr-nat-del r snat", "ovn-nbctl lr-nat-del r dnat_and_snat", "ovn-nbctl lr-policy-del r",
        "ovn-nbctl clear logical_router r options", f"ovn-nbctl lr-route-del r 172.16.{draft.random.randrange(4)}.0/24",
        f"ovn-nbctl clear logical_router_port {port(draft)} options",
    ])  # fmt: skip


STEPS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    translate, translate, translate, distribute, settings, settings, port_settings, port_settings, route, route, route, watch, policy,
    policy, balance, small_things, protect, undo, add_port, change_port, connect, remove,
)  # fmt: skip


def random_router_commands(seed: int, length: int = 25) -> list[str]:
    """The commands of a random network around a router; the same for the same seed."""
    draft = Draft(seed)
    found = list(beginning(draft))
    for _ in range(length):
        found += draft.random.choice(STEPS)(draft)
    return [f"{command} || true" for command in found]
