"""DHCP from flows."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import DHCPOptions
from tests.northd.compiled import check, flows, port, switch

MAC = "00:00:00:00:00:01"
SERVER = {"lease_time": "3600", "router": "10.0.0.1", "server_id": "10.0.0.1", "server_mac": "c0:ff:ee:00:00:01"}
V4 = DHCPOptions("v4", cidr="10.0.0.0/24", options=SERVER)
V6 = DHCPOptions("v6", cidr="fd00::/64", options={"dns_server": "fd00::1", "server_id": "c0:ff:ee:00:00:01"})


def test_the_address_in_the_subnet_is_offered_with_the_options_by_name() -> None:
    client = f'inport == "vm" && eth.src == {MAC}'
    rows = [V4, *switch(port("vm", f"{MAC} 10.9.0.2 10.0.0.2", dhcpv4_options="v4"))]
    check(
        rows,
        Stage.LS_IN_DHCP_OPTIONS,
        f"100 {client} && (ip4.src == {{10.0.0.2, 0.0.0.0}} && ip4.dst == {{10.0.0.1, 255.255.255.255}}) && udp.src == 68 && udp.dst == 67"
        " -> reg0[3] = put_dhcp_opts(offerip = 10.0.0.2, lease_time = 3600, netmask = 255.255.255.0, router = 10.0.0.1,"
        " server_id = 10.0.0.1); next;",
    )
    check(
        rows,
        Stage.LS_IN_DHCP_RESPONSE,
        f"100 {client} && ip4 && udp.src == 68 && udp.dst == 67 && reg0[3]"
        " -> eth.dst = eth.src; eth.src = c0:ff:ee:00:00:01; ip4.src = 10.0.0.1; udp.src = 67; udp.dst = 68;"
        " outport = inport; flags.loopback = 1; output;",
    )
    assert {flow.hint for flow in flows(rows) if flow.stage is Stage.LS_IN_DHCP_OPTIONS and flow.priority} == {"v4"}


def test_a_port_may_have_a_host_name_of_its_own() -> None:
    named = DHCPOptions("v4", cidr="10.0.0.0/24", options={**SERVER, "hostname": '"foo"'})
    rows = [named, *switch(port("vm", f"{MAC} 10.0.0.2", dhcpv4_options="v4", options={"hostname": '"own"'}))]
    (offer,) = (flow.actions for flow in flows(rows) if flow.stage is Stage.LS_IN_DHCP_OPTIONS and flow.priority)
    assert 'hostname = "own", lease_time = 3600' in offer and "foo" not in offer


def test_dhcpv6() -> None:
    check(
        [V6, *switch(port("vm", f"{MAC} fd00::2", dhcpv6_options="v6"))],
        Stage.LS_IN_DHCP_OPTIONS,
        f'100 inport == "vm" && eth.src == {MAC} && ip6.mcast && ip6.dst == ff02::1:2 && udp.src == 546 && udp.dst == 547'
        " -> reg0[3] = put_dhcpv6_opts(ia_addr = fd00::2, dns_server = fd00::1, server_id = c0:ff:ee:00:00:01); next;",
    )


def test_who_is_not_served() -> None:
    incomplete = DHCPOptions("v4", cidr="10.0.0.0/24", options={"server_id": "10.0.0.1"})
    check([incomplete, *switch(port("vm", f"{MAC} 10.0.0.2", dhcpv4_options="v4"))], Stage.LS_IN_DHCP_OPTIONS)
    check([V4, *switch(port("vm", f"{MAC} 10.1.0.2", dhcpv4_options="v4"))], Stage.LS_IN_DHCP_OPTIONS)
    check([V4, *switch(port("vm", f"{MAC} 10.0.0.2", dhcpv4_options="v4", enabled=False))], Stage.LS_IN_DHCP_OPTIONS)
    check([V4, *switch(port("vm", f"{MAC} 10.0.0.2", dhcpv4_options="v4", type="external"))], Stage.LS_IN_DHCP_OPTIONS)


def test_an_external_port_is_served_by_its_chassis() -> None:
    afar = port("afar", f"{MAC} 10.0.0.2", dhcpv4_options="v4", type="external", ha_chassis_group="group")
    rows = [V4, *switch(afar, port("wire", "unknown", type="localnet"))]
    matches = [flow.match for flow in flows(rows) if flow.stage in (Stage.LS_IN_DHCP_OPTIONS, Stage.LS_IN_DHCP_RESPONSE) and flow.priority]
    assert len(matches) == 2 and all(match.endswith(' && is_chassis_resident("afar")') for match in matches)
