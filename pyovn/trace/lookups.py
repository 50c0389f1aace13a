"""What lookups find: neighbours, forwarding tables, port security, DHCP, and the questions whose answers are assumed."""

from __future__ import annotations

from pyovn.logical.actions import checks, dhcp, neighbours, services
from pyovn.logical.actions.reader import format_ref, subfield_of
from pyovn.logical.actions.router_advertisement import PutRaOptions
from pyovn.logical.constants import format_ethernet, format_ipv4, format_ipv6, parse_ethernet
from pyovn.logical.parser import FieldRef
from pyovn.logical.port_security import admits, delivers
from pyovn.logical.tables import Pipeline
from pyovn.openflow.fields import FIELDS, read, read_bits, write_bits
from pyovn.openflow.match_text import format_flow
from pyovn.packet import slot
from pyovn.trace.engine import INPORT, OUTPORT, Step, simulates
from pyovn.trace.fields import assign, assign_result
from pyovn.trace.tree import Kind


def _address(step: Step, ref: FieldRef) -> str:
    value = read_bits(step.flow, subfield_of(ref))
    return format_ipv4(value) if ref.bits == 32 else format_ipv6(value)


def _neighbour(step: Step, port: FieldRef, address: FieldRef) -> str | None:
    """The MAC of a neighbour, as text."""
    found = step.trace.network.ports(step.datapath).get(read_bits(step.flow, subfield_of(port)))
    if found is None:
        return None
    return step.trace.network.macs(found).get((found.name, _address(step, address)))


@simulates(neighbours.GetMac)
def get_mac(step: Step, action: neighbours.GetMac) -> None:
    """`get_arp(PORT, IP);`"""
    mac = _neighbour(step, action.port, action.address)
    step.say(Kind.ACTION, f"/* MAC binding to {mac}. */" if mac else "/* No MAC binding. */")
    step.flow[slot.ETH_DST] = parse_ethernet(mac) or 0 if mac else 0
    step.say(Kind.CHANGE, f"eth.dst = {mac or '00:00:00:00:00:00'}")


@simulates(neighbours.LookupMac)
def lookup_mac(step: Step, action: neighbours.LookupMac) -> None:
    """`R = lookup_arp(PORT, IP, MAC);`"""
    mac = _neighbour(step, action.port, action.address)
    known = mac is not None and parse_ethernet(mac) == read_bits(step.flow, subfield_of(action.mac))
    step.say(Kind.ACTION, f"/* MAC binding to {mac} found. */" if known else "/* lookup failed - No MAC binding. */")
    write_bits(step.flow, subfield_of(action.target), known)


@simulates(neighbours.LookupMacIp)
def lookup_mac_ip(step: Step, action: neighbours.LookupMacIp) -> None:
    """`R = lookup_arp_ip(PORT, IP);`"""
    known = _neighbour(step, action.port, action.address) is not None
    step.say(Kind.ACTION, "/* MAC binding found. */" if known else "/* lookup failed - No MAC binding. */")
    write_bits(step.flow, subfield_of(action.target), known)


@simulates(neighbours.GetFdb)
def get_fdb(step: Step, action: neighbours.GetFdb) -> None:
    """`PORT = get_fdb(MAC);`"""
    if action.keyword == "get_remote_fdb":
        step.say(Kind.ACTION, "/* The remote FDB table is different per each chassis. */")
        return
    mac = format_ethernet(read_bits(step.flow, subfield_of(action.mac)))
    key = step.trace.network.fdb(step.datapath, mac)
    if key:
        step.say(Kind.ACTION, f"/* MAC lookup for {mac} found in FDB. */")
    write_bits(step.flow, subfield_of(action.target), key or 0)


@simulates(neighbours.LookupFdb)
def lookup_fdb(step: Step, action: neighbours.LookupFdb) -> None:
    """`R = lookup_fdb(PORT, MAC);`"""
    mac = format_ethernet(read_bits(step.flow, subfield_of(action.mac)))
    key = step.trace.network.fdb(step.datapath, mac)
    known = key is not None and key == read_bits(step.flow, subfield_of(action.port))
    found = f"/* MAC lookup for {mac} found in FDB. */" if known else "/* lookup mac failed in mac learning table. */"
    step.say(Kind.ACTION, found)
    write_bits(step.flow, subfield_of(action.target), known)


@simulates(checks.Check)
def check(step: Step, action: checks.Check) -> None:
    """`R = check_in_port_sec();` and the like."""
    if action.keyword in ("check_in_port_sec", "check_out_port_sec"):
        port = step.port(INPORT if action.keyword == "check_in_port_sec" else OUTPORT)
        passes = admits if action.keyword == "check_in_port_sec" else delivers
        refused = port is not None and not passes(port.security, step.flow)
        write_bits(step.flow, subfield_of(action.target), refused)
        return
    assign_result(step, action.target, 0)


_ORIGINAL_SOURCES = {
    "ct_nw_dst": "ip_dst", "ct_ip6_dst": "ipv6_dst", "ct_tp_dst": "tcp_dst", "ct_proto": "nw_proto", "ct_state_save": "ct_state",
}  # fmt: skip


@simulates(checks.CtOriginal)
def ct_original(step: Step, action: checks.CtOriginal) -> None:
    """`R = ct_nw_dst();` and the like: the packet is taken for the first of its connection."""
    assign_result(step, action.target, read(step.flow, FIELDS[_ORIGINAL_SOURCES[action.keyword]]))


@simulates(checks.CheckPktLarger)
def check_pkt_larger(step: Step, action: checks.CheckPktLarger) -> None:
    """`R = check_pkt_larger(BYTES);`: a traced packet is never large."""
    assign(step, action.target, 0, "0")


def _served(step: Step, target: FieldRef, call: str) -> None:
    write_bits(step.flow, subfield_of(target), 1)
    step.say(Kind.CHANGE, call)


def _call(text: str) -> str:
    """The right side of an assignment."""
    return text.partition(" = ")[2].removesuffix(";")


@simulates(dhcp.PutDhcpOptions, dhcp.PutDhcpv6Options)
def put_dhcp_options(step: Step, action: dhcp.PutDhcpOptions | dhcp.PutDhcpv6Options) -> None:
    """`R = put_dhcp_opts(…);`: the packet is taken for a message that the server answers."""
    step.say(Kind.REMARK, "/* We assume that this packet is DHCPDISCOVER or DHCPREQUEST. */")
    _served(step, action.target, _call(action.format()))


@simulates(PutRaOptions)
def put_ra_options(step: Step, action: PutRaOptions) -> None:
    """`R = put_nd_ra_opts(…);`"""
    _served(step, action.target, _call(action.format()))


@simulates(checks.DnsLookup)
def dns_lookup(step: Step, action: checks.DnsLookup) -> None:
    """`R = dns_lookup();`: what was asked is not part of a microflow, so nothing is found."""
    step.say(Kind.REMARK, "*** dns_lookup action not implemented")


@simulates(dhcp.DhcpRelayCheck)
def check_relayed(step: Step, action: dhcp.DhcpRelayCheck) -> None:
    """`R = dhcp_relay_req_chk(…);`: the packet is taken for a message that may be relayed."""
    write_bits(step.flow, subfield_of(action.target), 1)
    step.say(Kind.CHANGE, f"{format_ref(action.target)} = 1")


@simulates(services.Log)
def log(step: Step, action: services.Log) -> None:
    """`log(…);`"""
    direction = "IN" if step.pipeline is Pipeline.INGRESS else "OUT"
    step.say(
        Kind.TRANSFORMATION,
        f"LOG: ACL name={action.name or '<unnamed>'}, direction={direction}, verdict={action.verdict}, "
        f'severity={action.severity}, packet="{format_flow(step.flow)}"',
    )
