"""Networks whose routers do more than forward: advertisements, BFD, groups of routes, relays, for the comparison of both compilers."""

from __future__ import annotations

from pyovn.northd.chassis_features import FEATURES
from tests.northd.gateway_networks import (
    AT_A_GATEWAY_PORT,
    AT_A_GATEWAY_ROUTER,
    BRIDGED,
    GATEWAY_MTU,
    PORT_CONDITIONS,
    PORT_KINDS,
)

ADVERTISEMENTS = """
ovn-nbctl ls-add sw0
ovn-nbctl lsp-add sw0 vm -- lsp-set-addresses vm "00:00:00:00:00:11 fd00::11"
ovn-nbctl lr-add lr0
ovn-nbctl lrp-add lr0 lr0-sw0 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64 fd01::1/80
ovn-nbctl lsp-add-router-port sw0 sw0-lr0 lr0-sw0
ovn-nbctl set logical_router_port lr0-sw0 ipv6_ra_configs:address_mode=slaac
ovn-nbctl set logical_router_port lr0-sw0 ipv6_ra_configs:mtu=1280 ipv6_ra_configs:router_preference=HIGH
ovn-nbctl lrp-add lr0 lr0-sw1 00:00:00:00:ff:02 fd02::1/64
ovn-nbctl set logical_router_port lr0-sw1 ipv6_ra_configs:address_mode=dhcpv6_stateful ipv6_ra_configs:mtu=10 \
ipv6_ra_configs:router_preference=odd
ovn-nbctl lrp-add lr0 lr0-sw2 00:00:00:00:ff:03 fd03::1/64 fd04::1/64
ovn-nbctl set logical_router_port lr0-sw2 ipv6_ra_configs:address_mode=dhcpv6_stateless ipv6_ra_configs:route_info=HIGH-aef1::11/48 \
ipv6_ra_configs:router_preference=LOW
ovn-nbctl lrp-add lr0 lr0-sw3 00:00:00:00:ff:04 fd05::1/64
ovn-nbctl set logical_router_port lr0-sw3 ipv6_ra_configs:address_mode=none
ovn-nbctl lrp-add lr0 lr0-sw4 00:00:00:00:ff:05 10.4.0.1/24
ovn-nbctl set logical_router_port lr0-sw4 ipv6_ra_configs:address_mode=slaac
"""

PERIODIC = ADVERTISEMENTS + """
ovn-nbctl set logical_router_port lr0-sw0 ipv6_ra_configs:send_periodic=true
ovn-nbctl set logical_router_port lr0-sw0 ipv6_ra_configs:max_interval=301 ipv6_ra_configs:min_interval=900
ovn-nbctl set logical_router_port lr0-sw2 ipv6_ra_configs:send_periodic=true ipv6_ra_configs:max_interval=5000 \
ipv6_ra_configs:dnssl=aa.bb.cc ipv6_ra_configs:rdnss=fd03::10
ovn-nbctl set logical_router_port lr0-sw3 ipv6_ra_configs:send_periodic=true
ovn-nbctl lrp-add lr0 lr0-sw5 00:00:00:00:ff:06 fd06::1/64
ovn-nbctl set logical_router_port lr0-sw5 ipv6_ra_configs:address_mode=slaac ipv6_ra_configs:send_periodic=true \
ipv6_ra_configs:max_interval=2 ipv6_ra_configs:min_interval=1 ipv6_ra_configs:mtu=1500
ovn-nbctl set logical_router_port lr0-sw4 ipv6_ra_configs:send_periodic=true
"""

DELEGATION = AT_A_GATEWAY_PORT + """
ovn-nbctl set logical_router_port lr0-public 'networks="172.168.0.200/24","fd33::1/64"' options:prefix_delegation=true
ovn-nbctl set logical_router_port lr0-sw0 options:prefix=true
ovn-sbctl set port_binding lr0-sw0 options:ipv6_ra_pd_list="1:aef0::/64,2:aef1::/64"
ovn-nbctl set logical_router_port lr0-sw1 options:prefix_delegation=true options:prefix=true
"""

BFD = AT_A_GATEWAY_PORT + """
ovn-nbctl create bfd logical_port=lr0-public dst_ip=172.168.0.9
ovn-nbctl create bfd logical_port=lr0-sw0 dst_ip=10.0.0.9 min_tx=500 min_rx=600 detect_mult=3
ovn-nbctl create bfd logical_port=lr0-sw1 dst_ip=20.0.0.9
ovn-nbctl --bfd=$(ovn-nbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.9) lr-route-add lr0 100.0.0.0/8 172.168.0.9
ovn-nbctl --bfd lr-route-add lr0 101.0.0.0/8 10.0.0.10 lr0-sw0
ovn-nbctl --bfd=$(ovn-nbctl --bare --columns=_uuid find bfd dst_ip=10.0.0.9) lr-route-add lr0 102.0.0.0/8 10.0.0.9 lr0-sw0
ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.9) status=up
ovn-nbctl --bfd lr-policy-add lr0 10 "ip4.src == 10.0.0.0/24" reroute 172.168.0.9,172.168.0.11
ovn-nbctl --bfd lr-policy-add lr0 11 "ip4.src == 10.0.1.0/24" reroute 172.168.0.12
ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.11) status=up
ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.9) status=down
ovn-nbctl --ecmp --bfd lr-route-add lr0 103.0.0.0/8 172.168.0.21 lr0-public
ovn-nbctl --ecmp --bfd lr-route-add lr0 103.0.0.0/8 172.168.0.22 lr0-public
ovn-nbctl --ecmp --bfd lr-route-add lr0 103.0.0.0/8 172.168.0.23 lr0-public
ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.21) status=up
ovn-sbctl set bfd $(ovn-sbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.23) status=up
ovn-nbctl set bfd $(ovn-nbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.9) min_tx=1 detect_mult=9
ovn-nbctl set bfd $(ovn-nbctl --bare --columns=_uuid find bfd dst_ip=172.168.0.23) status=admin_down
"""

COPP_NAMES = (
    "arp", "arp-resolve", "dhcpv4-opts", "dhcpv6-opts", "dns", "event-elb", "icmp4-error", "icmp6-error", "igmp", "nd-na", "nd-ns",
    "nd-ns-resolve", "nd-ra-opts", "tcp-reset", "reject", "svc-monitor", "bfd", "dhcpv4-relay",
)  # fmt: skip

METERS = "\n".join(f"ovn-nbctl meter-add m-{name} drop {100 + number} pktps 0" for number, name in enumerate(COPP_NAMES))
METERED = "\n".join(f"ovn-nbctl copp-add copp {name} m-{name}" for name in COPP_NAMES)

PROTECTED = AT_A_GATEWAY_PORT + METERS + "\n" + METERED + """
ovn-nbctl lr-copp-add copp lr0
ovn-nbctl ls-copp-add copp sw0
ovn-nbctl ls-copp-add copp public
ovn-nbctl set logical_router_port lr0-sw0 'networks="10.0.0.1/24","fd10::1/64"' ipv6_ra_configs:address_mode=slaac
ovn-nbctl set logical_router_port lr0-public 'networks="172.168.0.200/24","fd33::1/64"' options:gateway_mtu=1500
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.204 20.0.0.3 sw1-port1 00:00:02:00:00:99
ovn-nbctl lr-nat-add lr0 dnat_and_snat fd33::204 fd10::3
ovn-nbctl lr-nat-add lr0 snat fd33::205 fd10::/64
ovn-nbctl create bfd logical_port=lr0-public dst_ip=172.168.0.9
ovn-nbctl lr-route-add lr0 fd77::/64 fd10::77
ovn-nbctl lb-add lb1 172.168.0.10:80 10.0.0.3:80
ovn-nbctl --reject lb-add lb2 172.168.0.11:80 ""
ovn-nbctl --event lb-add lb3 172.168.0.12:80 ""
ovn-nbctl lb-add lb4 [fd33::10]:80 [fd10::3]:80
for i in 1 2 3 4; do ovn-nbctl lr-lb-add lr0 lb$i; done
for i in 1 2 3; do ovn-nbctl ls-lb-add sw0 lb$i; done
ovn-nbctl acl-add sw0 to-lport 1000 ip4 reject
ovn-nbctl lsp-set-addresses sw0-port1 "00:00:01:00:00:03 10.0.0.3 fd10::3"
ovn-nbctl lsp-add sw0 vip -- lsp-set-type vip virtual -- set logical_switch_port vip options:virtual-ip=10.0.0.50 \
options:virtual-parents=sw0-port1
ovn-nbctl create dhcp_options cidr=10.0.0.0/24 options='lease_time="3600" server_id="10.0.0.254" server_mac="c0:ff:ee:00:00:01"'
ovn-nbctl lsp-set-dhcpv4-options sw0-port1 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl create dhcp_options cidr="fd10\\:\\:/64" options='server_id="c0:ff:ee:00:00:01"'
ovn-nbctl lsp-set-dhcpv6-options sw0-port1 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr='"fd10::/64"')
ovn-nbctl lr-add inside
ovn-nbctl lr-copp-add copp inside
ovn-nbctl lrp-add inside inside-sw0 00:00:00:00:ff:31 10.0.0.31/24 fd10::31/64
ovn-nbctl lsp-add sw0 sw0-inside -- lsp-set-type sw0-inside router -- lsp-set-addresses sw0-inside router \
-- lsp-set-options sw0-inside router-port=inside-sw0
"""

GROUPS_OF_ROUTES = AT_A_GATEWAY_ROUTER + """
ovn-nbctl --ecmp lr-route-add gw1 1.0.0.0/24 192.168.209.1
ovn-nbctl --ecmp lr-route-add gw1 1.0.0.0/24 192.168.209.2
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 1.0.1.0/24 192.168.209.1
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 1.0.1.0/24 192.168.209.2
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 1.0.2.0/24 192.168.209.3
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 fd99::/64 fd22::9
ovn-nbctl --policy=src-ip --ecmp lr-route-add gw1 1.0.3.0/24 192.168.209.1
ovn-nbctl --policy=src-ip --ecmp lr-route-add gw1 1.0.3.0/24 192.168.209.2
ovn-nbctl --policy=src-ip --ecmp-symmetric-reply lr-route-add gw1 1.0.4.0/24 192.168.209.2
ovn-nbctl --ecmp lr-route-add gw1 1.0.5.0/24 192.168.209.1
ovn-nbctl --ecmp lr-route-add gw1 1.0.5.0/24 192.168.209.2
ovn-nbctl set logical_router_static_route $(ovn-nbctl --bare --columns=_uuid find logical_router_static_route \
ip_prefix=1.0.5.0/24 nexthop=192.168.209.1) selection_fields=ip_src,ip_dst,tp_src
ovn-nbctl set logical_router_static_route $(ovn-nbctl --bare --columns=_uuid find logical_router_static_route \
ip_prefix=1.0.5.0/24 nexthop=192.168.209.2) selection_fields=ip_src,ip_dst,eth_src,tp_dst,tp_src,ip_proto
ovn-nbctl --ecmp --route-table=other lr-route-add gw1 1.0.6.0/24 192.168.209.1
ovn-nbctl --ecmp --route-table=other lr-route-add gw1 1.0.6.0/24 192.168.209.2
ovn-nbctl lr-route-add gw1 1.0.7.0/24 discard
ovn-nbctl --ecmp lr-route-add gw1 1.0.8.0/24 fd22::8
ovn-nbctl lr-route-add gw1 1.0.9.0/24 fe80::8 gw1-outside
ovn-nbctl --route-table=other lr-route-add gw1 0.0.0.0/0 192.168.209.7
ovn-nbctl set logical_router_port gw1-ls1 options:route_table=other
ovn-nbctl lr-route-add gw1 192.168.192.0/19 172.18.100.9
ovn-nbctl set logical_router_static_route $(ovn-nbctl --bare --columns=_uuid find logical_router_static_route \
ip_prefix=192.168.192.0/19) options:origin=connected
ovn-nbctl lr-route-add gw1 fd98::/64 172.18.100.9
"""

NEXT_HOPS = AT_A_GATEWAY_ROUTER + """
ovn-nbctl set nb_global . options:ecmp_nexthop_monitor_enable=true
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 1.0.1.0/24 192.168.209.1
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 1.0.1.0/24 192.168.209.2
ovn-nbctl --ecmp-symmetric-reply lr-route-add gw1 fd99::/64 fd22::9
ovn-nbctl lr-route-del gw1 1.0.1.0/24 192.168.209.1
ovn-sbctl create mac_binding logical_port=gw1-outside ip=192.168.209.2 mac='"00:00:00:00:99:02"' \
datapath=$(ovn-sbctl --bare --columns=_uuid find datapath_binding external_ids:name=gw1)
"""

ECMP_POLICIES = AT_A_GATEWAY_PORT + """
ovn-nbctl lr-policy-add lr0 13 "ip4.src == 10.0.3.0/24" reroute 172.168.0.9,172.168.0.10
ovn-nbctl lr-policy-add lr0 14 "ip4.src == 10.0.4.0/24" reroute 172.168.0.9,172.168.0.10 pkt_mark=7
ovn-nbctl lr-policy-add lr0 15 "ip4.src == 10.0.5.0/24" reroute 10.0.0.5,172.168.0.10 pkt_mark=0x8
ovn-nbctl --chain=inner lr-policy-add lr0 16 "ip4.src == 10.0.6.0/24" reroute 10.0.0.5,172.168.0.10
ovn-nbctl lr-policy-add lr0 17 "ip4.src == 10.0.6.0/24" jump inner
ovn-nbctl lr-policy-add lr0 18 "ip4.src == 10.0.6.0/24" jump missing
ovn-nbctl lr-policy-add lr0 19 "ip4.src == 10.0.7.0/24" reroute 10.0.0.5,9.9.9.9
ovn-nbctl lr-policy-add lr0 20 "ip4.src == 10.0.8.0/24" reroute 10.0.0.5,10.0.0.5
ovn-nbctl lr-policy-add lr0 21 "ip4.src == 10.0.8.0/24" reroute 9.9.9.9
ovn-nbctl lr-policy-add lr0 22 "ip4.src == 10.0.8.0/24" reroute 10.0.0.5 pkt_mark=nonsense
ovn-nbctl lr-policy-add lr0 23 "ip4.src == 10.0.8.0/24" reroute 10.0.0.5,172.168.0.10
ovn-nbctl set logical_router_policy $(ovn-nbctl --bare --columns=_uuid find logical_router_policy priority=23) \
output_port=$(ovn-nbctl --bare --columns=_uuid find logical_router_port name=lr0-public)
ovn-nbctl --chain=inner lr-policy-add lr0 5 "ip4.dst == 1.1.1.1" jump deeper
ovn-nbctl --chain=deeper lr-policy-add lr0 5 "ip4.dst == 1.1.1.1" allow pkt_mark=99999999999
"""

RELAY = AT_A_GATEWAY_PORT + """
ovn-nbctl create dhcp_relay name=relay servers=172.16.1.1
ovn-nbctl set logical_router_port lr0-sw0 dhcp_relay=$(ovn-nbctl --bare --columns=_uuid find dhcp_relay name=relay)
ovn-nbctl set logical_switch sw0 other_config:dhcp_relay_port=sw0-lr0
ovn-nbctl lsp-add sw0 off -- lsp-set-addresses off "00:00:01:00:00:09 10.0.0.9" -- lsp-set-enabled off disabled
ovn-nbctl set logical_switch sw1 other_config:dhcp_relay_port=sw1-lr0
ovn-nbctl create dhcp_options cidr=20.0.0.0/24 options='lease_time="3600" server_id="20.0.0.254" server_mac="c0:ff:ee:00:00:01"'
ovn-nbctl lsp-set-dhcpv4-options sw1-port1 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="20.0.0.0/24")
"""

RELAY_AT_A_GATEWAY_ROUTER = AT_A_GATEWAY_ROUTER + """
ovn-nbctl create dhcp_relay name=relay servers=172.16.1.1
ovn-nbctl set logical_router_port gw1-ls1 dhcp_relay=$(ovn-nbctl --bare --columns=_uuid find dhcp_relay name=relay)
ovn-nbctl set logical_switch ls1 other_config:dhcp_relay_port=ls1-gw1
"""

STATELESS_AND_MORE = AT_A_GATEWAY_PORT + """
ovn-nbctl --stateless lr-nat-add lr0 dnat_and_snat 172.168.0.205 20.0.0.5
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=172.168.0.205) options:stateless_icmp_helper=true
ovn-nbctl lr-nat-add lr0 snat 172.168.0.201 20.0.0.0/24
ovn-nbctl --add-route lr-nat-add lr0 dnat_and_snat 172.168.0.206 20.0.0.6
ovn-nbctl set logical_router lr0 options:ct-commit-all=true
ovn-nbctl set logical_router lr0 options:snat-ct-zone=11
ovn-nbctl set logical_router lr0 options:mac_binding_age_threshold=60
ovn-nbctl set logical_router lr0 options:always_learn_from_arp_request=false
ovn-nbctl set logical_router lr0 options:dynamic_neigh_routers=true
ovn-nbctl set logical_router lr0 options:disable_garp_rarp=true
ovn-nbctl set logical_router lr0 options:requested-tnl-key=77
ovn-nbctl set nb_global . options:use_common_zone=true
ovn-nbctl set nb_global . options:mac_binding_removal_limit=10 options:fdb_removal_limit=20
"""

COMMIT_ALL = AT_A_GATEWAY_ROUTER + """
ovn-nbctl lr-nat-add gw1 snat 192.168.209.120 172.18.0.0/16
ovn-nbctl lr-nat-add gw1 dnat_and_snat 192.168.209.123 172.18.100.11
ovn-nbctl set logical_router gw1 options:ct-commit-all=true
ovn-nbctl set logical_router gw1 options:snat-ct-zone=11
ovn-nbctl --stateless lr-nat-add gw1 dnat_and_snat 192.168.209.124 172.18.100.12
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=192.168.209.124) options:stateless_icmp_helper=true
ovn-nbctl lb-add lb1 192.168.209.30:80 172.18.100.10:80
ovn-nbctl lr-lb-add gw1 lb1
ovn-nbctl set logical_router gw1 options:mac_binding_age_threshold="10.0.0.0/8:60;30"
"""

ADD_ROUTE = AT_A_GATEWAY_PORT + """
ovn-nbctl lr-add lr9
ovn-nbctl lrp-add lr9 lr9-public 00:00:20:20:12:99 172.168.0.99/24
ovn-nbctl lsp-add public public-lr9 -- lsp-set-type public-lr9 router -- lsp-set-addresses public-lr9 router \
-- lsp-set-options public-lr9 router-port=lr9-public
ovn-nbctl --add-route lr-nat-add lr0 dnat_and_snat 172.168.0.206 20.0.0.6
ovn-nbctl --add-route lr-nat-add lr0 dnat_and_snat 173.168.0.208 20.0.0.3 sw1-port1 00:00:02:00:00:99
ovn-nbctl lb-add lb1 174.0.0.1:80 10.0.0.3:80 -- lr-lb-add lr0 lb1
ovn-nbctl set load_balancer lb1 options:add_route=true
ovn-nbctl lr-add lr8
ovn-nbctl set logical_router lr8 options:chassis=hv1
ovn-nbctl lrp-add lr8 lr8-public 00:00:20:20:12:98 fd98::1/64
ovn-nbctl lsp-add public public-lr8 -- lsp-set-type public-lr8 router -- lsp-set-addresses public-lr8 router \
-- lsp-set-options public-lr8 router-port=lr8-public
"""

ODD_TRANSLATIONS = AT_A_GATEWAY_PORT + """
ovn-nbctl lsp-add sw0 vip -- lsp-set-type vip virtual -- set logical_switch_port vip options:virtual-ip=10.0.0.50 \
options:virtual-parents=sw0-port1
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.50 10.0.0.50 vip 00:00:00:00:00:50
"""

ROUTING_DAEMON = AT_A_GATEWAY_PORT + """
ovn-nbctl lsp-add public daemon -- lsp-set-addresses daemon unknown
ovn-nbctl set logical_router_port lr0-public options:routing-protocol-redirect=daemon options:routing-protocols=BGP,BFD
ovn-nbctl create bfd logical_port=lr0-public dst_ip=172.168.0.9
ovn-nbctl set logical_router_port lr0-sw0 options:routing-protocol-redirect=daemon options:routing-protocols=BGP
ovn-nbctl set logical_router_port lr0-sw1 options:routing-protocol-redirect=sw1-port1 options:routing-protocols=RIP
"""

STATIC_MACS = AT_A_GATEWAY_PORT + r"""
ovn-nbctl create static_mac_binding logical_port=lr0-public ip=172.168.0.77 mac='"00:00:00:00:00:77"'
ovn-nbctl create static_mac_binding logical_port=lr0-sw0 ip=10.0.0.78 mac='"00:00:00:00:00:78"' override_dynamic_mac=true
ovn-nbctl create static_mac_binding logical_port=lr0-sw0 ip="fd00\:\:78" mac='"00:00:00:00:00:79"'
ovn-nbctl create static_mac_binding logical_port=nowhere ip=10.0.0.99 mac='"00:00:00:00:00:99"'
"""

BALANCERS_OF_A_GATEWAY_PORT = AT_A_GATEWAY_PORT + """
ovn-nbctl lb-add lb1 172.168.0.30:80 10.0.0.3:80,20.0.0.3:80
ovn-nbctl set load_balancer lb1 ip_port_mappings:10.0.0.3=sw0-port1:10.0.0.8 ip_port_mappings:20.0.0.3=sw1-port1:20.0.0.8
ovn-nbctl lb-add lb2 172.168.0.31:80 10.0.0.4:80,20.0.0.4:80
ovn-nbctl lb-add lb3 172.168.0.32 10.0.0.3
ovn-nbctl lb-add lb4 172.168.0.33:80 10.0.0.3:80 udp
for i in 1 2 3 4; do ovn-nbctl lr-lb-add lr0 lb$i; done
ovn-nbctl set load_balancer lb1 options:distributed=true
ovn-nbctl set load_balancer lb2 options:affinity_timeout=60
ovn-nbctl set load_balancer lb3 options:use_stateless_nat=true
ovn-nbctl set load_balancer lb4 options:use_stateless_nat=true selection_fields=ip_src,tp_src
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.30 20.0.0.6
"""

BALANCERS_WITHOUT_CONNTRACK = AT_A_GATEWAY_PORT + """
ovn-nbctl lrp-add lr0 lr0-out2 00:00:20:20:12:14 172.169.0.200/24
ovn-nbctl lrp-set-gateway-chassis lr0-out2 hv2 20
ovn-nbctl lb-add lb1 172.168.0.30:80 10.0.0.3:80,20.0.0.3:80
ovn-nbctl lb-add lb2 172.168.0.31:80 10.0.0.4:81
ovn-nbctl lb-add lb3 172.168.0.32 10.0.0.5,10.0.0.6
ovn-nbctl lb-add lb4 172.168.0.33:80 10.0.0.7:80,10.0.0.8:80 udp
ovn-nbctl --reject lb-add lb5 172.168.0.34:80 ""
ovn-nbctl lb-add lb6 [fd33::10]:80 [fd10::3]:80,[fd10::4]:80
for i in 1 2 3 4 5 6; do ovn-nbctl set load_balancer lb$i options:use_stateless_nat=true -- lr-lb-add lr0 lb$i; done
ovn-nbctl set load_balancer lb4 selection_fields=ip_src,tp_src
"""

ANNOUNCED = AT_A_GATEWAY_PORT + """
ovn-nbctl lsp-set-options public-lr0 router-port=lr0-public nat-addresses=router
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.30 20.0.0.6
ovn-nbctl lr-nat-add lr0 snat 172.168.0.36 10.0.0.0/24
ovn-nbctl lr-nat-add lr0 snat 10.0.0.1 30.0.0.0/24
ovn-nbctl lb-add lb1 172.168.0.30:80 10.0.0.3:80 -- lr-lb-add lr0 lb1
ovn-nbctl lsp-set-options sw0-lr0 router-port=lr0-sw0 nat-addresses=router
ovn-nbctl lsp-set-options sw1-lr0 router-port=lr0-sw1 nat-addresses="00:00:00:00:aa:bb 1.1.1.1"
ovn-nbctl set logical_router_port lr0-sw1 options:reside-on-redirect-chassis=true
ovn-nbctl set logical_switch_port public-lr0 options:exclude-router-ips-from-garp=true
"""

REDIRECTS = AT_A_GATEWAY_PORT + """
ovn-nbctl set logical_router_port lr0-sw0 options:reside-on-redirect-chassis=true
ovn-nbctl lsp-add-localnet-port sw0 ln-sw0 phys2
ovn-nbctl lrp-set-redirect-type lr0-public overlay
ovn-nbctl lr-nat-add lr0 snat 172.168.0.201 20.0.0.0/24
ovn-nbctl lsp-add-localnet-port sw1 ln-sw1 phys3
ovn-nbctl set logical_router_port lr0-sw1 options:redirect-type=bridged
ovn-nbctl lrp-set-enabled lr0-sw1 disabled
"""

CAN_ALL = " ".join(f"other_config:{feature}=true" for feature in FEATURES.values())
AT_A_GATEWAY_PORT_OF_TODAY = AT_A_GATEWAY_PORT + f"ovn-sbctl set chassis hv1 {CAN_ALL} -- set chassis hv2 {CAN_ALL}\n"
AT_A_GATEWAY_ROUTER_OF_TODAY = AT_A_GATEWAY_ROUTER + f"ovn-sbctl set chassis node1 {CAN_ALL}\n"

TRACKED = AT_A_GATEWAY_PORT_OF_TODAY + PORT_KINDS

TRACKED_WITH_CONDITIONS = AT_A_GATEWAY_PORT_OF_TODAY + PORT_CONDITIONS

ALL_COMMITTED = AT_A_GATEWAY_PORT_OF_TODAY + PORT_KINDS + """
ovn-nbctl set logical_router lr0 options:ct-commit-all=true
"""

ALL_COMMITTED_AT_A_GATEWAY_ROUTER = AT_A_GATEWAY_ROUTER_OF_TODAY + """
ovn-nbctl lr-nat-add gw1 snat 192.168.209.120 172.18.0.0/16
ovn-nbctl lr-nat-add gw1 dnat_and_snat 192.168.209.123 172.18.100.11
ovn-nbctl set logical_router gw1 options:ct-commit-all=true options:snat-ct-zone=11
ovn-nbctl --stateless lr-nat-add gw1 dnat_and_snat 192.168.209.124 172.18.100.12
ovn-nbctl lb-add lb1 192.168.209.30:80 172.18.100.10:80
ovn-nbctl lr-lb-add gw1 lb1
ovn-nbctl set logical_router gw1 options:mac_binding_age_threshold="10.0.0.0/8:60;30" options:ct-zone-limit=100
"""

COMMON_ZONE = AT_A_GATEWAY_PORT_OF_TODAY + PORT_KINDS + """
ovn-nbctl set nb_global . options:use_common_zone=true
ovn-nbctl lb-add lb1 172.168.0.30:80 10.0.0.3:80 -- lr-lb-add lr0 lb1
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.209 20.0.0.9 sw1-port1 00:00:02:00:00:99
ovn-nbctl --portrange lr-nat-add lr0 snat 172.168.0.202 30.0.0.0/24 5000-6000
ovn-nbctl lsp-set-options public-lr0 router-port=lr0-public
"""

MEASURED = AT_A_GATEWAY_PORT_OF_TODAY + GATEWAY_MTU.partition("ovn-nbctl set logical_router_port lr0-sw0")[0] + """
ovn-nbctl set logical_switch_port ln-public tag_request=7
ovn-nbctl set logical_router_port lr0-public options:gateway_mtu_bypass=tcp
"""

LINK_LOCAL_GIVEN = """
ovn-nbctl ls-add sw
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr own 02:00:00:00:00:01 fd00::1/64 fe80::ff:fe00:1/64
ovn-nbctl lsp-add-router-port sw sw-own own
ovn-nbctl lrp-add lr other 02:00:00:00:00:02 10.0.0.1/24 fe80::7/64 fd01::1/64
ovn-nbctl lsp-add-router-port sw sw-other other
ovn-nbctl set logical_router_port other ipv6_ra_configs:address_mode=slaac ipv6_ra_configs:send_periodic=true
"""

ROUTER_NETWORKS: dict[str, str] = {
    "link-local addresses that are given": LINK_LOCAL_GIVEN,
    "advertisements": ADVERTISEMENTS,
    "periodic advertisements": PERIODIC,
    "prefix delegation": DELEGATION,
    "bfd": BFD,
    "groups of routes": GROUPS_OF_ROUTES,
    "next hops of groups": NEXT_HOPS,
    "policies over groups": ECMP_POLICIES,
    "dhcp relay": RELAY,
    "dhcp relay at a gateway router": RELAY_AT_A_GATEWAY_ROUTER,
    "static macs": STATIC_MACS,
    "routing daemon": ROUTING_DAEMON,
    "odd translations": ODD_TRANSLATIONS,
    "redirects": REDIRECTS,
    "protected": PROTECTED,
    "settings of a router": STATELESS_AND_MORE,
    "commit all": COMMIT_ALL,
    "tracked": TRACKED,
    "tracked with conditions": TRACKED_WITH_CONDITIONS,
    "balancers without conntrack": BALANCERS_WITHOUT_CONNTRACK,
    "announced": ANNOUNCED,
    "all committed": ALL_COMMITTED,
    "all committed at a gateway router": ALL_COMMITTED_AT_A_GATEWAY_ROUTER,
    "common zone": COMMON_ZONE,
    "measured": MEASURED,
    "bridged today": AT_A_GATEWAY_PORT_OF_TODAY + BRIDGED,
    "routes to translations": ADD_ROUTE,
    "balancers of a gateway port": BALANCERS_OF_A_GATEWAY_PORT,
}
