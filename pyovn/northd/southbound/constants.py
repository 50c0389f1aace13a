"""Southbound rows that are the same in every network: the DHCP options that the compiler knows, and what a chassis may write."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.query import Engine
from pyovn.schemas import sb

DHCPV4 = (
    ("offerip", 0, "ipv4"),
    ("netmask", 1, "ipv4"),
    ("router", 3, "ipv4"),
    ("dns_server", 6, "ipv4"),
    ("log_server", 7, "ipv4"),
    ("lpr_server", 9, "ipv4"),
    ("hostname", 12, "str"),
    ("domain_name", 15, "str"),
    ("swap_server", 16, "ipv4"),
    ("ip_forward_enable", 19, "bool"),
    ("policy_filter", 21, "ipv4"),
    ("default_ttl", 23, "uint8"),
    ("mtu", 26, "uint16"),
    ("broadcast_address", 28, "ipv4"),
    ("router_discovery", 31, "bool"),
    ("router_solicitation", 32, "ipv4"),
    ("arp_cache_timeout", 35, "uint32"),
    ("ethernet_encap", 36, "bool"),
    ("tcp_ttl", 37, "uint8"),
    ("tcp_keepalive_interval", 38, "uint32"),
    ("nis_server", 41, "ipv4"),
    ("ntp_server", 42, "ipv4"),
    ("netbios_name_server", 44, "ipv4"),
    ("netbios_node_type", 46, "uint8"),
    ("lease_time", 51, "uint32"),
    ("server_id", 54, "ipv4"),
    ("T1", 58, "uint32"),
    ("T2", 59, "uint32"),
    ("tftp_server", 66, "host_id"),
    ("bootfile_name", 67, "str"),
    ("domain_search_list", 119, "domains"),
    ("classless_static_route", 121, "static_routes"),
    ("tftp_server_address", 150, "ipv4"),
    ("path_prefix", 210, "str"),
    ("ms_classless_static_route", 249, "static_routes"),
    ("wpad", 252, "str"),
    ("next_server", 253, "ipv4"),
    ("bootfile_name_alt", 254, "str"),
)
"""Name, code (RFC 2132 and others; 253 and 254 stand for header fields) and type of each DHCPv4 option."""

DHCPV6 = (
    ("server_id", 2, "mac"),
    ("ia_addr", 5, "ipv6"),
    ("dns_server", 23, "ipv6"),
    ("domain_search", 24, "str"),
    ("fqdn", 39, "domain"),
    ("bootfile_name", 59, "str"),
    ("bootfile_name_alt", 254, "str"),
)
"""Name, code (RFC 8415 and others) and type of each DHCPv6 option."""

PERMISSIONS: tuple[tuple[str, tuple[str, ...], bool, tuple[str, ...]], ...] = (
    ("BFD", ("chassis_name",), False, ("status",)),
    ("Chassis", ("name",), True, ("encaps", "external_ids", "nb_cfg", "other_config", "transport_zones", "vtep_logical_switches")),
    ("Chassis_Private", ("name",), True, ("chassis", "external_ids", "nb_cfg", "nb_cfg_timestamp")),
    ("Controller_Event", ("",), True, ("chassis", "event_info", "event_type", "seq_num")),
    ("Encap", ("chassis_name",), True, ("ip", "options", "type")),
    ("FDB", ("",), True, ("dp_key", "mac", "port_key", "timestamp")),
    ("IGMP_Group", ("chassis_name",), True, ("address", "chassis", "datapath", "ports", "protocol")),
    ("Learned_Route", ("",), True, ("datapath", "external_ids", "ip_prefix", "logical_port", "nexthop")),
    ("MAC_Binding", ("",), True, ("datapath", "ip", "logical_port", "mac", "timestamp")),
    ("Port_Binding", ("",), False, ("additional_chassis", "additional_encap", "chassis", "encap", "options", "up", "virtual_parent")),
    ("Service_Monitor", ("chassis_name",), False, ("status",)),
)
"""What a chassis may write: table, the columns that must name it (or ""), may it insert and delete, the columns it may change."""

ROLE = "ovn-controller"


def constant_rows(db: Engine, ref: str) -> Iterator[Wanted]:
    """All of these rows, as soon as there is a northbound database to serve."""
    for name, code, kind in DHCPV4:
        yield wanted(sb.DHCPOptions, name, name=name, code=code, type=kind)
    for name, code, kind in DHCPV6:
        yield wanted(sb.DHCPv6Options, name, name=name, code=code, type=kind)
    for table, authorization, may_insert, columns in PERMISSIONS:
        yield wanted(sb.RBACPermission, table, table=table, authorization=authorization, insert_delete=may_insert, update=columns)
    permissions = {table: Key(sb.RBACPermission, table) for table, *_ in PERMISSIONS}
    yield wanted(sb.RBACRole, ROLE, name=ROLE, permissions=permissions)

