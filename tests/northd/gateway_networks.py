"""Networks with gateways, translations of addresses, and policies, for the comparison of both compilers."""

from __future__ import annotations

AT_A_GATEWAY_ROUTER = """
ovn-sbctl chassis-add node1 geneve 192.168.209.110
ovn-nbctl ls-add ls1
ovn-nbctl lsp-add ls1 vm1 -- lsp-set-addresses vm1 "02:ac:10:ff:00:10 172.18.100.10"
ovn-nbctl create Logical_Router name=gw1 options:chassis=node1
ovn-nbctl lrp-add gw1 gw1-ls1 02:ac:10:ff:ff:01 172.18.100.1/24 fd11::1/64
ovn-nbctl lsp-add-router-port ls1 ls1-gw1 gw1-ls1
ovn-nbctl lrp-add gw1 gw1-outside 02:0a:7f:18:01:02 192.168.209.120/19 fd22::1/64
ovn-nbctl ls-add outside
ovn-nbctl lsp-add outside outside-gw1
ovn-nbctl lsp-set-type outside-gw1 router
ovn-nbctl lsp-set-addresses outside-gw1 02:0a:7f:18:01:02
ovn-nbctl lsp-set-options outside-gw1 router-port=gw1-outside nat-addresses=router
ovn-nbctl lsp-add-localnet-port outside outside-localnet phyNet
"""

AT_A_GATEWAY_PORT = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2
ovn-nbctl ls-add sw0
ovn-nbctl lsp-add sw0 sw0-port1
ovn-nbctl lsp-set-addresses sw0-port1 "00:00:01:00:00:03 10.0.0.3"
ovn-nbctl ls-add sw1
ovn-nbctl lsp-add sw1 sw1-port1
ovn-nbctl lsp-set-addresses sw1-port1 "00:00:02:00:00:03 20.0.0.3"
ovn-nbctl lr-add lr0
ovn-nbctl lrp-add lr0 lr0-sw0 00:00:00:00:ff:01 10.0.0.1/24
ovn-nbctl lsp-add-router-port sw0 sw0-lr0 lr0-sw0
ovn-nbctl lrp-add lr0 lr0-sw1 00:00:00:00:ff:02 20.0.0.1/24
ovn-nbctl lsp-add-router-port sw1 sw1-lr0 lr0-sw1
ovn-nbctl ls-add public
ovn-nbctl lsp-add public ln-public
ovn-nbctl lsp-set-type ln-public localnet
ovn-nbctl lsp-set-addresses ln-public unknown
ovn-nbctl lsp-set-options ln-public network_name=provider
ovn-nbctl lrp-add lr0 lr0-public 00:00:20:20:12:13 172.168.0.200/24
ovn-nbctl lsp-add-router-port public public-lr0 lr0-public
ovn-nbctl lrp-set-gateway-chassis lr0-public hv1 10
ovn-nbctl lrp-set-gateway-chassis lr0-public hv2 20
"""

KINDS = """
ovn-nbctl lr-nat-add gw1 snat 192.168.209.120 172.18.0.0/16
ovn-nbctl lr-nat-add gw1 snat 192.168.209.121 172.18.7.0/24
ovn-nbctl lr-nat-add gw1 dnat 192.168.209.122 172.18.100.10
ovn-nbctl lr-nat-add gw1 dnat_and_snat 192.168.209.123 172.18.100.11
ovn-nbctl lr-nat-add gw1 dnat_and_snat fd22::9 fd11::9
ovn-nbctl lr-nat-add gw1 snat fd22::8 fd11::/64
ovn-nbctl --stateless lr-nat-add gw1 dnat_and_snat 192.168.209.124 172.18.100.12
"""

CONDITIONS = """
ovn-nbctl lr-nat-add gw1 snat fd22::8 fd11::/64
ovn-nbctl lr-nat-add gw1 dnat_and_snat fd22::9 fd11::9
ovn-nbctl --portrange lr-nat-add gw1 dnat_and_snat 192.168.208.202 10.0.0.4 5000-6000
ovn-nbctl create address_set name=ex addresses=1.1.1.1
ovn-nbctl lr-nat-add gw1 dnat_and_snat 192.168.208.203 10.0.0.5
ovn-nbctl lr-nat-update-ext-ip gw1 dnat_and_snat 192.168.208.203 ex
ovn-nbctl lr-nat-add gw1 snat 192.168.208.204 10.0.6.0/24
ovn-nbctl --is-exempted lr-nat-update-ext-ip gw1 snat 10.0.6.0/24 ex
ovn-nbctl lr-nat-add gw1 dnat_and_snat 192.168.208.207 10.0.0.7
ovn-nbctl --is-exempted lr-nat-update-ext-ip gw1 dnat_and_snat 192.168.208.207 ex
ovn-nbctl --match='tcp' lr-nat-add gw1 snat 192.168.208.205 10.0.5.0/24
ovn-nbctl --match='udp' lr-nat-add gw1 dnat 192.168.208.206 10.0.5.9
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=192.168.208.205) priority=40
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=192.168.208.206) priority=50
ovn-nbctl set logical_router gw1 options:dnat_force_snat_ip="172.18.100.1" options:lb_force_snat_ip="router_ip"
"""

FORCED = """
ovn-nbctl lrp-add gw1 gw1-two 02:ac:10:ff:ff:09 172.20.100.1/24 172.21.100.1/24 fd51::1/64
ovn-nbctl set logical_router gw1 options:dnat_force_snat_ip="172.18.100.1 fd11::1" options:lb_force_snat_ip="172.20.100.1 fd51::1"
ovn-nbctl lr-nat-add gw1 dnat_and_snat 172.20.100.1 10.0.0.4
ovn-nbctl --stateless lr-nat-add gw1 dnat_and_snat 172.20.100.5 10.0.0.5
ovn-nbctl --match='tcp' lr-nat-add gw1 dnat_and_snat 192.168.208.205 10.0.5.7
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=192.168.208.205) priority=40 options:stateless=true
"""

PORT_KINDS = """
ovn-nbctl lsp-set-options public-lr0 router-port=lr0-public nat-addresses=router
ovn-nbctl lr-nat-add lr0 snat 172.168.0.200 10.0.0.0/24
ovn-nbctl lr-nat-add lr0 snat 172.168.0.201 20.0.0.0/24
ovn-nbctl lr-nat-add lr0 dnat 172.168.0.202 10.0.0.4
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.203 10.0.0.3
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.204 20.0.0.3 sw1-port1 00:00:02:00:00:99
ovn-nbctl --stateless lr-nat-add lr0 dnat_and_snat 172.168.0.205 20.0.0.5
"""

PORT_CONDITIONS = """
ovn-nbctl set logical_router_port lr0-public 'networks="172.168.0.200/24","fd33::1/64"'
ovn-nbctl set logical_router_port lr0-sw0 options:reside-on-redirect-chassis=true
ovn-nbctl lsp-add-localnet-port sw0 ln-sw0 phys2
ovn-nbctl lr-nat-add lr0 snat 172.168.9.200 10.0.0.0/24
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.9.201 10.0.0.3
ovn-nbctl lr-nat-add lr0 snat 20.0.0.1 10.0.7.0/24
ovn-nbctl lr-nat-add lr0 dnat_and_snat fd33::9 fd44::9
ovn-nbctl --portrange lr-nat-add lr0 dnat_and_snat 172.168.9.202 10.0.0.4 5000-6000
ovn-nbctl create address_set name=ex addresses=1.1.1.1
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.9.203 10.0.0.5
ovn-nbctl lr-nat-update-ext-ip lr0 dnat_and_snat 172.168.9.203 ex
ovn-nbctl lr-nat-add lr0 snat 172.168.9.204 10.0.6.0/24
ovn-nbctl --is-exempted lr-nat-update-ext-ip lr0 snat 10.0.6.0/24 ex
ovn-nbctl --match='tcp' lr-nat-add lr0 snat 172.168.9.205 10.0.5.0/24
ovn-nbctl set nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=172.168.9.205) priority=40
"""

SEVERAL_GATEWAY_PORTS = """
ovn-nbctl ha-chassis-group-add ha1
ovn-nbctl ha-chassis-group-add-chassis ha1 hv1 1
ovn-nbctl ha-chassis-group-add-chassis ha1 hv2 2
ovn-nbctl lrp-add lr0 lr0-out2 00:00:20:20:12:14 172.169.0.200/24
ovn-nbctl set Logical_Router_Port lr0-out2 ha_chassis_group=$(ovn-nbctl --bare --columns=_uuid find ha_chassis_group name=ha1)
ovn-nbctl lr-nat-add lr0 snat 172.168.0.200 10.0.0.0/24
ovn-nbctl lr-nat-add lr0 snat 172.169.0.200 20.0.0.0/24
ovn-nbctl --gateway-port=lr0-public lr-nat-add lr0 dnat_and_snat 172.169.0.203 10.0.0.3
ovn-nbctl --gateway-port=lr0-out2 lr-nat-add lr0 dnat_and_snat 172.169.0.204 10.0.0.4
ovn-sbctl lsp-bind cr-lr0-public hv1
ovn-sbctl lsp-bind sw0-port1 hv2
ovn-nbctl lrp-add lr0 lr0-sw9 00:00:20:20:12:19 172.199.0.200/24
ovn-nbctl lrp-set-gateway-chassis lr0-sw9 hv9
ovn-nbctl ls-add sw9 -- lsp-add sw9 sw9-lr0 -- lsp-set-type sw9-lr0 router -- lsp-set-addresses sw9-lr0 router \
-- lsp-set-options sw9-lr0 router-port=lr0-sw9
"""

BRIDGED = """
ovn-nbctl set logical_router lr0 options:dnat_force_snat_ip="172.168.0.200" options:lb_force_snat_ip="router_ip"
ovn-nbctl lsp-set-options public-lr0 router-port=lr0-public "nat-addresses=00:00:00:00:aa:bb 172.168.0.200 1.1.1.1"
ovn-nbctl lrp-set-redirect-type lr0-public bridged
ovn-nbctl --stateless lr-nat-add lr0 dnat_and_snat 172.168.0.203 10.0.0.3 sw0-port1 00:00:02:00:00:a9
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.206 20.0.0.6 sw1-port1 00:00:02:00:00:0e
ovn-nbctl --match='tcp' lr-nat-add lr0 dnat_and_snat 172.168.0.207 20.0.0.7
ovn-nbctl --match='udp' lr-nat-add lr0 dnat_and_snat 172.168.0.208 20.0.0.8
ovn-nbctl create address_set name=ex addresses=1.1.1.1
ovn-nbctl clear nat $(ovn-nbctl --bare --columns=_uuid find nat external_ip=172.168.0.206) external_mac
ovn-nbctl lr-nat-update-ext-ip lr0 dnat_and_snat 172.168.0.207 ex
"""

GATEWAY_MTU = """
ovn-nbctl set logical_router_port lr0-public 'networks="172.168.0.200/24","fd33::1/64"'
ovn-nbctl set logical_router_port lr0-public options:gateway_mtu=1500
ovn-nbctl set logical_router_port lr0-sw0 options:gateway_mtu=1400
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.204 20.0.0.3 sw1-port1 00:00:02:00:00:99
"""

ROUTER_MTU = """
ovn-nbctl set logical_router_port gw1-outside options:gateway_mtu=1500
ovn-nbctl set logical_router_port gw1-ls1 options:gateway_mtu=1300 options:gateway_mtu_bypass="tcp"
"""

POLICIES = """
ovn-nbctl lr-policy-add lr0 10 "ip4.src == 10.0.0.0/24" drop
ovn-nbctl lr-policy-add lr0 11 "ip4.src == 10.0.1.0/24" allow
ovn-nbctl lr-policy-add lr0 12 "ip4.src == 10.0.2.0/24" reroute 172.168.0.9
ovn-nbctl lr-policy-add lr0 13 "ip4.src == 10.0.3.0/24" reroute 172.168.0.9,172.168.0.10
ovn-nbctl lr-policy-add lr0 14 "ip4.src == 10.0.4.0/24" reroute 172.168.0.9 pkt_mark=7
ovn-nbctl lr-policy-add lr0 15 "ip4.src == 10.0.5.0/24" allow pkt_mark=8
ovn-nbctl lr-policy-add lr0 16 "ip6.src == fd10::/64" reroute fe80::9
ovn-nbctl lr-policy-add lr0 17 "ip4.src == 10.0.6.0/24" reroute 9.9.9.9
ovn-nbctl lr-policy-add lr0 19 "ip4.src == 10.0.8.0/24" jump inner
ovn-nbctl --chain=inner lr-policy-add lr0 5 "ip4.dst == 1.1.1.1" drop
ovn-nbctl lr-policy-add lr0 21 "ip4.src == 10.0.10.0/24" reroute 10.0.0.11
ovn-nbctl set logical_router_policy $(ovn-nbctl --bare --columns=_uuid find logical_router_policy priority=21) \
output_port=$(ovn-nbctl --bare --columns=_uuid find logical_router_port name=lr0-public)
"""

NO_GATEWAY = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2
ovn-nbctl ls-add sw0
ovn-nbctl lsp-add sw0 sw0-port1
ovn-nbctl lsp-set-addresses sw0-port1 "00:00:01:00:00:03 10.0.0.3"
ovn-nbctl ls-add sw1
ovn-nbctl lsp-add sw1 sw1-port1
ovn-nbctl lsp-set-addresses sw1-port1 "00:00:02:00:00:03 20.0.0.3"
ovn-nbctl lr-add lr0
ovn-nbctl lrp-add lr0 lr0-sw0 00:00:00:00:ff:01 10.0.0.1/24
ovn-nbctl lsp-add-router-port sw0 sw0-lr0 lr0-sw0
ovn-nbctl lrp-add lr0 lr0-sw1 00:00:00:00:ff:02 20.0.0.1/24
ovn-nbctl lsp-add-router-port sw1 sw1-lr0 lr0-sw1
ovn-nbctl ls-add public
ovn-nbctl lsp-add public ln-public
ovn-nbctl lsp-set-type ln-public localnet
ovn-nbctl lsp-set-addresses ln-public unknown
ovn-nbctl lsp-set-options ln-public network_name=provider
ovn-nbctl lrp-add lr0 lr0-public 00:00:20:20:12:13 172.168.0.200/24
ovn-nbctl lsp-add-router-port public public-lr0 lr0-public
ovn-nbctl lr-nat-add lr0 snat 172.168.0.200 10.0.0.0/24
ovn-nbctl lr-nat-add lr0 dnat_and_snat 172.168.0.203 10.0.0.3
"""

WATCHED = """
ovn-sbctl chassis-add hv3 geneve 10.0.0.3 -- chassis-add hv4 geneve 10.0.0.4 -- chassis-add hv5 geneve 10.0.0.5
ovn-sbctl lsp-bind cr-lr0-public hv1
ovn-sbctl lsp-bind sw0-port1 hv3
ovn-nbctl lr-add lr9
ovn-nbctl lrp-add lr9 lr9-sw1 00:00:00:00:ff:91 20.0.0.9/24
ovn-nbctl lsp-add sw1 sw1-lr9 -- lsp-set-type sw1-lr9 router -- lsp-set-addresses sw1-lr9 router \
-- lsp-set-options sw1-lr9 router-port=lr9-sw1
ovn-nbctl lrp-add lr9 lr9-lr8 00:00:00:00:fe:91 30.0.0.9/24 peer=lr8-lr9
ovn-nbctl lr-add lr8
ovn-nbctl lrp-add lr8 lr8-lr9 00:00:00:00:fe:92 30.0.0.8/24 peer=lr9-lr8
ovn-nbctl lrp-add lr8 lr8-sw8 00:00:00:00:fe:93 40.0.0.8/24
ovn-nbctl ls-add sw8 -- lsp-add sw8 sw8-lr8 -- lsp-set-type sw8-lr8 router -- lsp-set-addresses sw8-lr8 router \
-- lsp-set-options sw8-lr8 router-port=lr8-sw8
ovn-nbctl lsp-add sw8 vm8
ovn-sbctl lsp-bind vm8 hv4
ovn-nbctl ls-add lonely -- lsp-add lonely vm9
ovn-sbctl lsp-bind vm9 hv5
"""

TRANSIT = """
ovn-sbctl chassis-add far geneve 192.168.0.12 -- chassis-add near geneve 192.168.0.14 -- set chassis far other_config:is-remote=true
ovn-nbctl lr-add tr -- set logical_router tr options:always_learn_from_arp_request=false
ovn-nbctl lrp-add tr tr-local 00:00:00:00:30:01 192.168.100.1/31
ovn-nbctl lrp-add tr tr-far 00:00:00:00:30:03 192.168.100.3/31 fd01::3/64 -- set logical_router_port tr-far options:requested-chassis=far
ovn-nbctl lrp-add tr tr-near 00:00:00:00:30:04 192.168.100.4/31 -- set logical_router_port tr-near options:requested-chassis=near
ovn-nbctl lr-add gw -- set logical_router gw options:chassis=near
ovn-nbctl lrp-add gw gw-far 00:00:00:00:30:05 192.168.101.4/31 -- set logical_router_port gw-far options:requested-chassis=far
"""

LENT = """
ovn-nbctl remove logical_switch_port outside-gw1 options nat-addresses
ovn-nbctl lb-add lb0 172.16.0.10:80 172.18.100.10:80 -- lr-lb-add gw1 lb0
ovn-nbctl lb-add lb1 172.16.0.11:8080 172.18.100.10:8080 -- lb-add own 172.16.0.12 172.18.100.12 -- ls-lb-add ls1 own -- ls-lb-add ls1 lb0
ovn-nbctl create load_balancer_group name=lbg
ovn-nbctl add load_balancer_group lbg load_balancer \
$(ovn-nbctl --bare --columns=_uuid find load_balancer name=lb1)
ovn-nbctl add logical_router gw1 load_balancer_group \
$(ovn-nbctl --bare --columns=_uuid find load_balancer_group name=lbg)
ovn-nbctl ls-add apart -- lsp-add apart vm9
ovn-nbctl set nb_global . options:install_ls_lb_from_router=true
"""

GATEWAY_NETWORKS: dict[str, str] = {
    "nat at a gateway router": AT_A_GATEWAY_ROUTER + KINDS,
    "nat with conditions": AT_A_GATEWAY_ROUTER + CONDITIONS,
    "nat forced": AT_A_GATEWAY_ROUTER + FORCED,
    "gateway port": AT_A_GATEWAY_PORT,
    "nat at a gateway port": AT_A_GATEWAY_PORT + PORT_KINDS,
    "nat at a gateway port with conditions": AT_A_GATEWAY_PORT + PORT_CONDITIONS,
    "nat without a gateway": NO_GATEWAY,
    "several gateway ports": AT_A_GATEWAY_PORT + SEVERAL_GATEWAY_PORTS,
    "watched": AT_A_GATEWAY_PORT + WATCHED,
    "bridged": AT_A_GATEWAY_PORT + BRIDGED,
    "gateway mtu": AT_A_GATEWAY_PORT + GATEWAY_MTU,
    "mtu of a gateway router": AT_A_GATEWAY_ROUTER + ROUTER_MTU,
    "policies": AT_A_GATEWAY_PORT + POLICIES,
    "transit": TRANSIT,
    "lent balancers": AT_A_GATEWAY_ROUTER + LENT,
}
