"""Networks whose routers and switches tell others outside what there is, for the comparison of both compilers."""

from __future__ import annotations

from tests.northd.gateway_networks import AT_A_GATEWAY_PORT
from tests.northd.random_dynamic import found, random_dynamic_commands

ANNOUNCED = AT_A_GATEWAY_PORT + """
ovn-nbctl set logical_router lr0 options:dynamic-routing=true options:dynamic-routing-redistribute='"connected,static,nat,lb"'
ovn-nbctl set logical_router lr0 options:dynamic-routing-vrf-name=blue options:dynamic-routing-vrf-id=7
ovn-nbctl set logical_router_port lr0-public options:dynamic-routing-maintain-vrf=true options:dynamic-routing-port-name=eth1
ovn-nbctl lr-route-add lr0 192.168.7.0/24 172.168.0.9
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.110 10.0.0.3 sw0-port1 30:54:00:00:00:03
ovn-nbctl lb-add lb0 172.168.0.210:80 10.0.0.3:80 -- lr-lb-add lr0 lb0
ovn-nbctl set logical_router_port lr0-sw0 options:dynamic-routing-redistribute=connected-as-host
ovn-nbctl lr-add beside -- lrp-add beside beside-public 00:00:00:00:0b:01 172.168.0.220/24
ovn-nbctl lsp-add-router-port public public-beside beside-public
ovn-nbctl set logical_router beside options:dynamic-routing=true options:dynamic-routing-redistribute='"nat,lb"' options:chassis=hv1
"""

AT_PUBLIC = f"datapath={found('datapath_binding', 'external_ids:name=lr0')} logical_port={found('port_binding', 'logical_port=lr0-public')}"

LEARNED = ANNOUNCED + f"""
ovn-sbctl lsp-bind cr-lr0-public hv2
ovn-sbctl create learned_route {AT_PUBLIC} ip_prefix=192.168.8.0/24 nexthop=172.168.0.8
ovn-sbctl create learned_route {AT_PUBLIC} ip_prefix=192.168.8.0/24 nexthop=172.168.0.9
ovn-sbctl create learned_route {AT_PUBLIC} ip_prefix=192.168.7.0/24 nexthop=172.168.0.8
ovn-sbctl create learned_route {AT_PUBLIC} ip_prefix=0.0.0.0/0 nexthop=172.168.0.8
"""

VPN = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vm -- lsp-set-addresses vm "00:00:00:00:00:02 10.0.0.2 fd00::2"
ovn-nbctl lr-add lr -- lrp-add lr lrp 00:00:00:00:00:01 10.0.0.1/24 fd00::1/64 -- lsp-add-router-port sw side lrp
ovn-nbctl set logical_switch sw other_config:dynamic-routing-vni=10 other_config:dynamic-routing-redistribute='"fdb,ip"'
ovn-nbctl acl-add sw from-lport 1 tcp allow-related
ovn-nbctl set logical_switch sw other_config:dynamic-routing-bridge-ifname=br-10 other_config:dynamic-routing-fdb-prefer-local=true
"""

DYNAMIC_NETWORKS: dict[str, str] = {
    "announced routes": ANNOUNCED,
    "learned routes": LEARNED,
    "vpn": VPN,
    **{f"random dynamic {seed}": "\n".join(random_dynamic_commands(seed)) for seed in (13, 14, 29)},
}
