"""Northbound rows that ask for the impossible: each yields a problem that names the row, the fact and the remedy.

The generators pass over such rows in silence; here they are told about, once.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import contradictions, exchange_problems, match_problems, topology
from pyovn.northd.addresses import parse_addresses, parse_network
from pyovn.northd.backend_health import mapping_of
from pyovn.northd.flow import Problem
from pyovn.northd.ipam import good_prefix, good_subnet
from pyovn.northd.load_balancers import balancer
from pyovn.northd.router import diagnosis as router_diagnosis
from pyovn.northd.router.nat import contradiction, nat
from pyovn.northd.southbound.ports import TYPES
from pyovn.northd.switch import function_problems
from pyovn.northd.switch.acl import REDIRECTING
from pyovn.northd.switch.arp_proxy import parse_proxy
from pyovn.northd.switch.qos import MAX_DSCP
from pyovn.northd.switch.virtual import parents, virtual_ip
from pyovn.query import Engine, each
from pyovn.schemas.nb import (
    ACL,
    NAT,
    DHCPOptions,
    ForwardingGroup,
    LoadBalancer,
    LogicalRouter,
    LogicalRouterPolicy,
    LogicalRouterPort,
    LogicalSwitch,
    LogicalSwitchPort,
    Meter,
    MirrorRule,
    QoS,
)

WORDS = ("unknown", "router", "dynamic")
"""Elements of `addresses` that are no addresses."""

PORT = "Logical_Switch_Port"


def switch_port(db: Engine, ref: str) -> Iterator[Problem]:
    """Addresses that are none, a port in two switches, an end without another."""
    row = db.get(LogicalSwitchPort, ref)
    if row is None:
        return
    for text in row.addresses:
        if text not in WORDS and "dynamic" not in text.split() and not _is_whole(text):
            yield Problem(PORT, row.name, f'addresses "{text}" is not "MAC [IP...]"; what follows the last good address is ignored')
    for text in row.port_security:
        if not _is_whole(text):
            yield Problem(PORT, row.name, f'port_security "{text}" is not "MAC [IP...]"; what follows the last good address is ignored')
    holders = db.referrers(LogicalSwitch, "ports", ref)
    if len(holders) > 1:
        yield Problem(PORT, row.name, f"duplicate logical port {row.name}: is in {len(holders)} switches; all but the first ignore it")
    yield from _ends(db, row)


def _is_whole(text: str) -> bool:
    found = parse_addresses(text.removeprefix("!"))
    return found is not None and len(found.ipv4) + len(found.ipv6) == len(text.replace(",", " ").split()) - 1


def _ends(db: Engine, row: LogicalSwitchPort) -> Iterator[Problem]:
    if row.type == "router":
        name = row.options.get("router-port", "")
        if topology.router_port_named(db, name) is None:
            yield Problem(PORT, row.name, f'options:router-port "{name}" names no router port; set it with lsp-set-options')
    yield from _kind(db, row)
    if row.type == "localnet" and "network_name" not in row.options:
        yield Problem(PORT, row.name, "a localnet port needs options:network_name")
    for column in ("dhcpv4_options", "dhcpv6_options"):
        options = db.get(DHCPOptions, getattr(row, column) or "")
        missing = _missing(options, column) if options else ()
        if missing:
            yield Problem("DHCP_Options", options.cidr if options else "", f"lacks {', '.join(missing)}; its ports get no answer")


def _kind(db: Engine, row: LogicalSwitchPort) -> Iterator[Problem]:
    """A kind that there is not, and what each kind needs."""
    if row.type != "router" and row.type not in TYPES:
        yield Problem(PORT, row.name, f'type "{row.type}" is not known; the port is a machine\'s; set it with lsp-set-type')
    port = topology.switch_port(db, row.uuid)
    if port is not None and port.type == "virtual" and (virtual_ip(port) is None or not any(parents(db, port))):
        yield Problem(PORT, row.name, "a virtual port needs options:virtual-ip, and virtual-parents that are ports of its switch")
    if port is not None and port.type == "switch" and topology.joined(db, row.uuid) is None:
        yield Problem(PORT, row.name, f'peer "{row.peer or ""}" is no port of type switch whose peer is this one; set it on both')
    if "arp_proxy" in row.options and parse_proxy(row.options["arp_proxy"]) is None:
        yield Problem(PORT, row.name, f'options:arp_proxy "{row.options["arp_proxy"]}" is not "[MAC] IP[/LEN]..."; it is ignored')


def _missing(row: DHCPOptions, column: str) -> tuple[str, ...]:
    needed = ("server_id", "server_mac", "lease_time") if column == "dhcpv4_options" else ("server_id",)
    return tuple(name for name in needed if name not in row.options)


def router_port(db: Engine, ref: str) -> Iterator[Problem]:
    """A MAC or a network that is none, or two ends that claim the same port."""
    row = db.get(LogicalRouterPort, ref)
    if row is None:
        return
    if parse_addresses(row.mac) is None:
        yield Problem("Logical_Router_Port", row.name, f'mac "{row.mac}" is no MAC; the port is ignored')
    for text in row.networks:
        if parse_network(text) is None:
            yield Problem("Logical_Router_Port", row.name, f'networks "{text}" is not IP/LENGTH; it is ignored')
    holders = db.referrers(LogicalRouter, "ports", ref)
    if len(holders) > 1:
        fact = f"duplicate logical router port {row.name}: is in {len(holders)} routers; all but the first ignore it"
        yield Problem("Logical_Router_Port", row.name, fact)
    if any(topology.switch_of(db, other) for other in db.find(LogicalSwitchPort, "name", row.name)):
        fact = f"duplicate logical router port {row.name}: a switch's port has this name too, and is ignored; rename one"
        yield Problem("Logical_Router_Port", row.name, fact)
    attached = topology.PORTS_TOWARDS(db, row.name)
    if len(attached) > 1:
        yield Problem("Logical_Router_Port", row.name, f"{len(attached)} switch ports lead to it; all but one are ignored")
    holder = topology.router_of(db, ref)
    if holder and topology.moves(row) and topology.gateway_chassis(db, holder):
        yield Problem("Logical_Router_Port", row.name, "has a gateway, but its router is on one chassis (options:chassis) already")


def translation(db: Engine, ref: str) -> Iterator[Problem]:
    """Addresses that are none, no chassis to translate on, half of what a distributed translation needs."""
    row = db.get(NAT, ref)
    if row is None:
        return
    name = f"{row.type} {row.external_ip} {row.logical_ip}"
    facts = nat(db, ref)
    if facts is None:
        if db.referrers(LogicalRouter, "nat", ref):
            fact = contradiction(db, ref) or "external_ip and logical_ip are not two addresses of one family"
            yield Problem("NAT", name, f"{fact}; it is ignored")
        return
    if not facts.is_placed:
        yield Problem("NAT", name, "no chassis carries it out; give the router a gateway port or options:chassis, or set gateway_port")
    if facts.port and bool(row.logical_port) is not bool(facts.external_mac):
        yield Problem("NAT", name, "only logical_port and a good external_mac together make it distributed; the gateway's chassis does it")


def switch(db: Engine, ref: str) -> Iterator[Problem]:
    """A subnet or prefix that is none, a network function out of reach."""
    facts = topology.switch(db, ref)
    yield from function_problems.of_switch(db, ref)
    for key, understood in (("subnet", good_subnet), ("ipv6_prefix", good_prefix)) if facts else ():
        text = facts.other_config.get(key, "") if facts else ""
        if text and not understood(text):
            yield Problem("Logical_Switch", facts.name if facts else "", f'other_config:{key} "{text}" is no such network; it is ignored')


def load_balancer(db: Engine, ref: str) -> Iterator[Problem]:
    """A VIP or a backend that is no address, or of another family; ports to a VIP without one."""
    row = db.get(LoadBalancer, ref)
    found = balancer(db, ref)
    understood = {vip.key for vip in found.vips} if found else set()
    for key, value in row.vips.items() if row else ():
        if key not in understood:
            fact = f'vips "{key}" = "{value}" is not IP[:PORT] with backends IP[:PORT] of the same family, with ports to a port'
            yield Problem("Load_Balancer", row.name if row else "", f"{fact}; it is ignored")


def port_mappings(db: Engine, ref: str) -> Iterator[Problem]:
    """A backend of which nothing understandable is said; with all mappings, so that who mends another one is told again."""
    row, found = db.get(LoadBalancer, ref), balancer(db, ref)
    if row is None or found is None or not row.ip_port_mappings:
        return
    said = ", ".join(f'{address}="{mapping}"' for address, mapping in row.ip_port_mappings.items())
    for vip, backend in ((each_vip, backend) for each_vip in found.vips for backend in each_vip.backends):
        try:
            mapping_of(db, found, vip, backend)
        except ValueError as error:
            yield Problem("Load_Balancer", row.name, f"{error}; the backend is passed over; ip_port_mappings are {said}")


def qos(db: Engine, ref: str) -> Iterator[Problem]:
    """A DSCP that has more than six bits."""
    row = db.get(QoS, ref)
    if row is not None and row.action.get("dscp", 0) > MAX_DSCP:
        yield Problem("QoS", ref, f"Bad 'dscp' value {row.action['dscp']} in action: it is more than {MAX_DSCP}, and ignored")


def acl(db: Engine, ref: str) -> Iterator[Problem]:
    """A meter that does not exist, or what only allowed connections have."""
    row = db.get(ACL, ref)
    if row is not None and row.log and row.meter and not db.find(Meter, "name", row.meter):
        yield Problem("ACL", row.name or ref, f'meter "{row.meter}" does not exist; its logs are not limited until meter-add makes it')
    if row is not None and row.network_function_group is not None and row.action not in REDIRECTING:
        fact = f"ACL action {row.action} does not support network-function-group; the ACL is ignored"
        yield Problem("ACL", row.name or ref, fact)


def forwarding_group(db: Engine, ref: str) -> Iterator[Problem]:
    """Ports that do not exist."""
    row = db.get(ForwardingGroup, ref)
    for name in row.child_port if row else ():
        if row is not None and not db.find(LogicalSwitchPort, "name", name):
            yield Problem("Forwarding_Group", row.name, f'child_port "{name}" does not exist; what is sent to it is lost')


PROBLEMS = each(
    (LogicalSwitchPort, switch_port), (LogicalRouterPort, router_port), (LogicalSwitch, switch), (NAT, translation),
    (LoadBalancer, load_balancer), (LoadBalancer, port_mappings), (QoS, qos), (ACL, acl), (ForwardingGroup, forwarding_group),
    *router_diagnosis.PARTS, *function_problems.PARTS, *exchange_problems.PARTS,
    (LogicalSwitchPort, contradictions.shared_address), (LogicalSwitchPort, contradictions.loop), (ACL, match_problems.acl),
    (QoS, match_problems.qos), (NAT, match_problems.translation), (LogicalRouterPolicy, match_problems.policy),
    (MirrorRule, match_problems.mirror_rule),
)  # fmt: skip
"""Every problem that rows show by themselves; what is short (keys, addresses) is told by who hands it out."""
