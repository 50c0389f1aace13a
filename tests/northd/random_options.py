"""What may stand in the maps of a random northbound: for each of their keys, how a value is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from pyovn.northd.copp import PROTOCOLS
from pyovn.northd.southbound.constants import DHCPV4, DHCPV6
from tests.northd.random_values import Draw, Drawn

SPELLINGS = ("true",) * 9 + ("false",) * 9 + ("True", "FALSE", "maybe")
"""Yes and no, and now and then as nobody should write it."""


def _flag(drawn: Drawn) -> str:
    return drawn.of(SPELLINGS)


def _of(*words: str) -> Draw:
    return lambda drawn: drawn.of(words)


def _number(low: int, high: int) -> Draw:
    """A number, and now and then what is none."""
    return lambda drawn: str(drawn.number(low, high)) if drawn.random.random() < 0.95 else drawn.of(("", "-1", "x", "0x10"))


def _name(kind: str, count: int) -> Draw:
    return lambda drawn: drawn.name(kind, count)


def _flags(*names: str) -> Mapping[str, Draw]:
    return dict.fromkeys(names, _flag)


OF_TYPE: dict[str, Draw] = {
    "ipv4": lambda drawn: drawn.of((drawn.ipv4(), f"{{{drawn.ipv4()}, {drawn.ipv4()}}}")), "ipv6": lambda drawn: drawn.ipv6(),
    "str": _of("host", "a.b"), "bool": _of("0", "1"), "uint8": _number(1, 9), "uint16": _number(1, 999), "uint32": _number(1, 9999),
    "static_routes": _of("30.0.0.0/24,10.0.0.10", "{30.0.0.0/24,10.0.0.10,0.0.0.0/0,10.0.0.1}"), "host_id": _of("boot", "10.0.0.9"),
    "domains": _of("a.org,b.org"), "domain": _of("a.org"), "mac": lambda drawn: drawn.mac(),
}  # fmt: skip
"""By type of a DHCP option: a value."""

PROBING: Mapping[str, Draw] = {
    "interval": _number(1, 9), "timeout": _number(1, 20), "success_count": _number(1, 3), "failure_count": _number(1, 3),
}  # fmt: skip

REQUESTED = _number(1, 9)
"""A tunnel key."""

MAPS: dict[str, Mapping[str, Draw]] = {
    "NB_Global.options": {
        **_flags(
            "use_ct_inv_match", "default_acl_drop", "ignore_lsp_down", "always_learn_from_arp_request", "ignore_chassis_features",
            "enable_chassis_nb_cfg_update", "acl_ct_translation", "use_common_zone", "vxlan_mode", "ecmp_nexthop_monitor_enable",
            "install_ls_lb_from_router", "use_logical_dp_groups", "always_tunnel", "ic-vxlan_mode",
        ),
        "mac_prefix": _of("0a:00:00"), "svc_monitor_mac": _of("0a:00:00:00:00:fe"), "svc_monitor_mac_dst": _of("0a:00:00:00:00:fd"),
        "northd-backoff-interval-ms": _of("0"), "debug_drop_collector_set": _number(0, 3), "debug_drop_domain_id": _number(0, 3),
        "fdb_removal_limit": _number(0, 9), "mac_binding_removal_limit": _number(0, 9), "bfd-min-rx": _number(1, 999),
        "svc_monitor_ip": _of("169.254.0.1", "nonsense"), "svc_monitor_ip_dst": _of("169.254.0.2"),
        "bfd-decay-min-rx": _number(1, 999), "bfd-min-tx": _number(1, 999), "bfd-mult": _number(1, 9),
    },
    "Logical_Switch.other_config": {
        "subnet": lambda drawn: drawn.prefix4(), "exclude_ips": _of("10.0.0.1..10.0.0.5", "10.0.1.2 10.0.2.2..10.0.2.9"),
        "ipv6_prefix": _of("fd05::", "fd05::/64"), "vlan-passthru": _of("false", "false", "true"), "requested-tnl-key": REQUESTED,
        **_flags(
            "mac_only", "mcast_snoop", "mcast_querier", "mcast_flood_unregistered", "broadcast-arps-to-all-routers",
            "enable-stateless-acl-with-lb",
        ),
        "mcast_eth_src": lambda drawn: drawn.mac(), "mcast_ip4_src": lambda drawn: drawn.ipv4(), "mcast_ip6_src": _of("fe80::1"),
        "mcast_idle_timeout": _number(10, 4000), "mcast_query_interval": _number(0, 4000), "mcast_query_max_response": _number(0, 20),
        "mcast_table_size": _number(0, 3), "fdb_age_threshold": _number(0, 99), "ct-zone-limit": _number(0, 99),
        "interconn-ts": _of("ts1"), "dhcp_relay_port": _name("p", 12),
        "dynamic-routing-vni": _of("7", "7", "7", "none"), "dynamic-routing-redistribute": _of("fdb", "ip", "fdb,ip"),
        **_flags("dynamic-routing-fdb-prefer-local", "dynamic-routing-arp-prefer-local"),
        "dynamic-routing-bridge-ifname": _of("br7", "much-too-long-for-a-name"), "dynamic-routing-vxlan-ifname": _of("vxlan0,vxlan1"),
    },
    "Logical_Switch.external_ids": {"neutron:network_name": _of("net"), "note": _of("x")},
    "Logical_Switch_Port.external_ids": {"neutron:port_name": _of("nic", ""), "note": _of("x"), "name": _of("own")},
    "Logical_Switch_Port.options": {
        "router-port": _name("rp", 8), "network_name": _of("physnet"), "requested-chassis": _of("hv0", "hv1", "hv0,hv1", "hv9", ""),
        "requested-tnl-key": REQUESTED, "nat-addresses": lambda drawn: drawn.of(("router", f"{drawn.mac()} {drawn.ipv4()}")),
        "virtual-ip": lambda drawn: drawn.ip(), "virtual-parents": lambda drawn: f"{drawn.name('p', 12)},{drawn.name('p', 12)}",
        "qos_max_rate": _number(1, 999), "qos_min_rate": _number(1, 999), "qos_burst": _number(1, 999), "hostname": _of("host"),
        "arp_proxy": lambda drawn: drawn.of((drawn.ipv4(), f"{drawn.mac()} {drawn.prefix4()}", f"{drawn.ipv4()} fd02::1")),
        **_flags(
            "disable_arp_nd_rsp", "mcast_flood", "mcast_flood_reports", "receive_multicast", "localnet_learn_fdb", "force_fdb_lookup",
            "lsp_learn_fdb", "exclude-lb-vips-from-garp", "exclude-router-ips-from-garp", "enable_router_port_acl",
        ),
        "pkt_clone_type": _of("mc_unknown", "x"), "activation-strategy": _of("rarp", "garp,na", "x"), "ethtype": _of("802.1q", "802.1ad"),
        "l2gateway-chassis": _name("hv", 3), "iface-id-ver": _of("1"),
    },
    "Logical_Router.external_ids": {"neutron:router_name": _of("gateway"), "note": _of("x")},
    "Logical_Router.options": {
        "chassis": _name("hv", 3), "lb_force_snat_ip": lambda drawn: drawn.of(("router_ip", drawn.ipv4(), f"{drawn.ipv4()} fd02::7")),
        "dnat_force_snat_ip": lambda drawn: drawn.of((drawn.ipv4(), drawn.ipv6())), "requested-tnl-key": REQUESTED,
        **_flags("dynamic_neigh_routers", "always_learn_from_arp_request", "mcast_relay", "ct-commit-all", "disable_garp_rarp"),
        "mac_binding_age_threshold": _of("100", "10.0.0.0/16:50;20", "fd00::/64:7", "x"), "snat-ct-zone": _number(0, 99),
        "ct-zone-limit": _number(0, 99), "dynamic-routing-redistribute": lambda drawn: drawn.kinds(),
        **_flags("dynamic-routing", "dynamic-routing-no-learning", "dynamic-routing-redistribute-local-only"),
        "dynamic-routing-vrf-id": _number(0, 99), "dynamic-routing-vrf-name": _of("blue"),
        "dynamic-routing-v4-prefix-nexthop": _of("9.9.9.9", ""), "dynamic-routing-v6-prefix-nexthop": _of("fd09::9"),
    },
    "Logical_Router_Port.external_ids": {"note": _of("x")},
    "Logical_Router_Port.options": {
        "gateway_mtu": _of("1400", "1500", "0"), "gateway_mtu_bypass": _of("tcp"), "redirect-type": _of("overlay", "bridged"),
        "route_table": _of("t1", "t2", "main"), "requested-tnl-key": REQUESTED, "requested-chassis": _name("hv", 3),
        **_flags("reside-on-redirect-chassis", "mcast_flood", "prefix", "prefix_delegation"),
        "redirect-chassis": _name("hv", 3), "routing-protocols": _of("BGP", "BFD", "BGP,BFD"),
        "routing-protocol-redirect": _name("p", 12), "dhcpv4_primary_ip": lambda drawn: drawn.ipv4(),
        "dynamic-routing-redistribute": lambda drawn: drawn.kinds(), "dynamic-routing-port-name": _name("p", 12),
        **_flags("dynamic-routing-maintain-vrf", "dynamic-routing-no-learning", "dynamic-routing-redistribute-local-only"),
    },
    "Logical_Router_Port.ipv6_ra_configs": {
        "address_mode": _of("slaac", "dhcpv6_stateful", "dhcpv6_stateless", "x"), "mtu": _number(1200, 1500), "send_periodic": _flag,
        "max_interval": _number(4, 2000), "min_interval": _number(3, 1400), "rdnss": _of("fd00::1", "fd00::1,fd00::2"),
        "dnssl": _of("a.org,b.org"), "route_info": _of("HIGH-fd00::/64,LOW-fd01::/64"), "router_preference": _of("HIGH", "LOW", "x"),
    },
    "Logical_Router_Static_Route.options": {"ecmp_symmetric_reply": _flag, "origin": _of("connected", "connected", "x")},
    "Logical_Router_Policy.options": {"pkt_mark": _number(1, 99)},
    "Load_Balancer.external_ids": {"note": _of("x")},
    "Load_Balancer.options": {
        **_flags("reject", "event", "skip_snat", "use_stateless_nat", "add_route", "template", "distributed", "ct_flush"),
        "hairpin_snat_ip": lambda drawn: drawn.of((drawn.ipv4(), f"{drawn.ipv4()} fd02::8")), "affinity_timeout": _number(1, 99),
        "neighbor_responder": _of("none", "reachable", "all", "x"), "address-family": _of("ipv4", "ipv6"),
    },
    "NAT.options": _flags("stateless", "add_route", "stateless_icmp_helper"),
    "ACL.options": _flags("apply-after-lb", "log-related", "persist-established"),
    "ACL.external_ids": {"note": _of("x")},
    "DHCP_Options.options": {
        **{name: OF_TYPE[kind] for name, _, kind in (*DHCPV4, *DHCPV6)},
        "server_id": _of("10.0.0.1", "00:00:00:00:00:aa"), "server_mac": _of("00:00:00:00:00:aa"), "lease_time": _of("3600"),
        "router": _of("10.0.0.1"), "dhcpv6_stateless": _flag,
    },
    "Copp.meters": dict.fromkeys(PROTOCOLS, _name("m", 3)),
    "DNS.options": {"ovn-owned": _flag},
    "DNS.external_ids": {"note": _of("x")},
    "Meter.external_ids": {"note": _of("x")},
    "Mirror.external_ids": {"note": _of("x")},
    "Port_Group.external_ids": {"note": _of("x")},
    "Load_Balancer_Health_Check.options": PROBING,
    "Logical_Switch_Port_Health_Check.options": PROBING,
    "Network_Function_Health_Check.options": PROBING,
    "HA_Chassis_Group.external_ids": {"note": _of("x")},
    "Chassis_Template_Var.external_ids": {"note": _of("x")},
}
"""By table and column of a map: its keys, and their values."""
