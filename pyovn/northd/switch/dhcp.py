"""DHCP for the addresses that the northbound gave to ports: the server is two flows on the chassis of the client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.addresses import Network, link_local, parse_addresses, parse_network
from pyovn.northd.copp import controller_meter
from pyovn.northd.dhcp_relay import relaying_port
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ACL_ALLOW, DHCP_RESULT
from pyovn.northd.settings import flag
from pyovn.northd.topology import SwitchPort, ports_of_type
from pyovn.query import Engine
from pyovn.schemas.nb import DHCPOptions

OPTIONS, RESPONSE = Stage.LS_IN_DHCP_OPTIONS, Stage.LS_IN_DHCP_RESPONSE
SEND_BACK = "outport = inport; flags.loopback = 1; output;"
V6_SERVERS = "ip6.mcast && ip6.dst == ff02::1:2 && udp.src == 546 && udp.dst == 547"


class Lease(NamedTuple):
    """What a client with this MAC is offered, and by which row; the meter limits requests."""

    options: str
    mac: str
    address: str
    mask: str
    meter: str | None


def dhcpv4(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Offer the port's addresses that are in the subnet of its DHCP options."""
    row = db.get(DHCPOptions, port.dhcpv4) if port.dhcpv4 else None
    subnet = parse_network(row.cidr) if row else None
    if row is None or subnet is None or subnet.is_ipv6 or not _is_served(db, port):
        return
    options = row.options
    if not {"server_id", "server_mac", "lease_time"} <= options.keys():
        return
    meter = controller_meter(db, port.switch, "dhcpv4-opts")
    for lives in port.addresses:
        offered = next((network for network in lives.ipv4 if _is_within(network, subnet)), None)
        if offered is not None:
            yield from _dhcpv4_flows(port, Lease(row.uuid, lives.mac, offered.address, subnet.mask, meter), options)


def _dhcpv4_flows(port: SwitchPort, lease: Lease, options: dict[str, str]) -> Iterator[Flow]:
    server, mac = options["server_id"], options["server_mac"]
    carried = {name: value for name, value in sorted(options.items()) if name != "server_mac"}
    carried.setdefault("netmask", lease.mask)
    if "hostname" in port.options:
        carried["hostname"] = port.options["hostname"]
    arguments = ", ".join(f"{name} = {value}" for name, value in sorted(carried.items()))
    client = f"inport == {port.json} && eth.src == {lease.mac}"
    # A client that has no address yet broadcasts from nowhere; one that renews may speak to the server alone.
    asks = f"(ip4.src == {{{lease.address}, 0.0.0.0}} && ip4.dst == {{{server}, 255.255.255.255}}) && udp.src == 68 && udp.dst == 67"
    offer = f"{DHCP_RESULT} = put_dhcp_opts(offerip = {lease.address}, {arguments}); {NEXT}"
    yield Flow(OPTIONS, 100, f"{client} && {asks}{_by_whom(port)}", offer, hint=lease.options, meter=lease.meter, port=port.name)
    answered = f"{client} && ip4 && udp.src == 68 && udp.dst == 67 && {DHCP_RESULT}{_by_whom(port)}"
    reply = f"eth.dst = eth.src; eth.src = {mac}; ip4.src = {server}; udp.src = 67; udp.dst = 68; {SEND_BACK}"
    yield Flow(RESPONSE, 100, answered, reply, hint=lease.options, port=port.name)
    if port.type == "external":
        return
    # The server's answer passes ACLs on receivers: its client has asked.
    granted = f"outport == {port.json} && eth.src == {mac} && ip4.src == {server} && udp && udp.src == 67 && udp.dst == 68"
    yield Flow(Stage.LS_OUT_ACL_EVAL, 34000, granted, f"{ACL_ALLOW} = 1; {NEXT}", hint=lease.options, port=port.name)


def dhcpv6(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Offer the port's IPv6 addresses that are in the prefix of its DHCPv6 options."""
    row = db.get(DHCPOptions, port.dhcpv6) if port.dhcpv6 else None
    subnet = parse_network(row.cidr) if row else None
    server = parse_addresses(row.options.get("server_id", "")) if row else None
    if row is None or subnet is None or not subnet.is_ipv6 or server is None or not _is_served(db, port):
        return
    meter = controller_meter(db, port.switch, "dhcpv6-opts")
    for lives in port.addresses:
        offered = next((network for network in lives.ipv6 if _is_within(network, subnet)), None)
        if offered is not None:
            yield from _dhcpv6_flows(port, Lease(row.uuid, lives.mac, offered.address, "", meter), row.options, server.mac)


def _dhcpv6_flows(port: SwitchPort, lease: Lease, options: dict[str, str], mac: str) -> Iterator[Flow]:
    stateless = flag(options, "dhcpv6_stateless")
    carried = [f"{name} = {value}" for name, value in sorted(options.items()) if name not in ("dhcpv6_stateless", "fqdn")]
    # A client that made up its own address asks only for the rest.
    arguments = ", ".join(carried if stateless else [f"ia_addr = {lease.address}", *carried])
    client = f"inport == {port.json} && eth.src == {lease.mac} && {V6_SERVERS}"
    offer = f"{DHCP_RESULT} = put_dhcpv6_opts({arguments}); {NEXT}"
    yield Flow(OPTIONS, 100, client + _by_whom(port), offer, hint=lease.options, meter=lease.meter, port=port.name)
    server = link_local(mac)
    reply = f"eth.dst = eth.src; eth.src = {mac}; ip6.dst = ip6.src; ip6.src = {server}; udp.src = 547; udp.dst = 546; {SEND_BACK}"
    yield Flow(RESPONSE, 100, f"{client} && {DHCP_RESULT}{_by_whom(port)}", reply, hint=lease.options, port=port.name)
    if port.type == "external":
        return
    granted = f"outport == {port.json} && eth.src == {mac} && ip6.src == {server} && udp && udp.src == 547 && udp.dst == 546"
    yield Flow(Stage.LS_OUT_ACL_EVAL, 34000, granted, f"{ACL_ALLOW} = 1; {NEXT}", hint=lease.options, port=port.name)


def _is_served(db: Engine, port: SwitchPort) -> bool:
    """Who is behind a router is served there; an external port, by the chassis that it is given to."""
    if port.type == "external":
        is_placed = bool(port.ha_chassis_group and ports_of_type(db, port.switch, "localnet"))
        return is_placed and relaying_port(db, port.switch) is None
    return port.enabled and not port.is_router and relaying_port(db, port.switch) is None


def _by_whom(port: SwitchPort) -> str:
    return f" && is_chassis_resident({port.json})" if port.type == "external" else ""


def _is_within(network: Network, subnet: Network) -> bool:
    found = parse_network(f"{network.address}/{subnet.prefix}")
    return found is not None and found.network == subnet.network
