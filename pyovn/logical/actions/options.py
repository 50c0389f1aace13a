"""The DHCP options that a network can hand out, by the names that its owner gives them (ovn-nb(5), DHCP_Options)."""

from __future__ import annotations

from typing import NamedTuple


class Option(NamedTuple):
    """One option: its code on the wire and how its value is written."""

    name: str
    code: int
    kind: str
    """DHCPv4: bool, uint8, uint16, uint32, ipv4, static_routes, str, host_id or domains; DHCPv6: ipv6, str, mac or domain."""


_DHCPV4 = """
offerip 0 ipv4; netmask 1 ipv4; router 3 ipv4; dns_server 6 ipv4; log_server 7 ipv4; lpr_server 9 ipv4; hostname 12 str;
domain_name 15 str; swap_server 16 ipv4; ip_forward_enable 19 bool; policy_filter 21 ipv4; default_ttl 23 uint8; mtu 26 uint16;
broadcast_address 28 ipv4; router_discovery 31 bool; router_solicitation 32 ipv4; classless_static_route 121 static_routes;
arp_cache_timeout 35 uint32; ethernet_encap 36 bool; tcp_ttl 37 uint8; tcp_keepalive_interval 38 uint32; nis_server 41 ipv4;
ntp_server 42 ipv4; netbios_name_server 44 ipv4; netbios_node_type 46 uint8; lease_time 51 uint32; server_id 54 ipv4; T1 58 uint32;
T2 59 uint32; tftp_server 66 host_id; bootfile_name 67 str; domain_search_list 119 domains; ms_classless_static_route 249 static_routes;
tftp_server_address 150 ipv4; path_prefix 210 str; wpad 252 str; next_server 253 ipv4; bootfile_name_alt 254 str
"""
_DHCPV6 = """
server_id 2 mac; ia_addr 5 ipv6; dns_server 23 ipv6; domain_search 24 str; fqdn 39 domain; bootfile_name 59 str; bootfile_name_alt 254 str
"""


def _options(table: str) -> dict[str, Option]:
    rows = (entry.split() for entry in table.split(";"))
    return {name: Option(name, int(code), kind) for name, code, kind in rows}


DHCPV4_OPTIONS = _options(_DHCPV4)
DHCPV6_OPTIONS = _options(_DHCPV6)
