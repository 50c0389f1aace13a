"""Networks that both compilers are given: a command a step, because several new rows at once have no order in the reference."""

from __future__ import annotations

from tests.northd.dynamic_networks import DYNAMIC_NETWORKS
from tests.northd.gateway_networks import GATEWAY_NETWORKS
from tests.northd.random_network import random_commands
from tests.northd.random_routers import random_router_commands
from tests.northd.random_switches import random_switch_commands
from tests.northd.router_networks import ROUTER_NETWORKS
from tests.northd.switch_networks import SWITCH_NETWORKS

TWO_SWITCHES = """
ovn-nbctl ls-add ls1
ovn-nbctl lsp-add ls1 ls1-vm1
ovn-nbctl lsp-set-addresses ls1-vm1 02:ac:10:ff:00:10
ovn-nbctl lsp-set-port-security ls1-vm1 02:ac:10:ff:00:10
ovn-nbctl lsp-add ls1 ls1-vm2
ovn-nbctl lsp-set-addresses ls1-vm2 02:ac:10:ff:00:20
ovn-nbctl lsp-set-port-security ls1-vm2 02:ac:10:ff:00:20
ovn-nbctl ls-add ls2
ovn-nbctl lsp-add ls2 ls2-vm3
ovn-nbctl lsp-set-addresses ls2-vm3 02:ac:10:ff:10:10
ovn-nbctl lsp-set-port-security ls2-vm3 02:ac:10:ff:10:10
ovn-nbctl lsp-add ls2 ls2-vm4
ovn-nbctl lsp-set-addresses ls2-vm4 02:ac:10:ff:10:20
ovn-nbctl lsp-set-port-security ls2-vm4 02:ac:10:ff:10:20
"""

ROUTER_BETWEEN = """
ovn-nbctl lr-add router1
ovn-nbctl lrp-add router1 router1-ls1 02:ac:10:ff:00:01 172.18.100.1/24
ovn-nbctl lsp-add ls1 ls1-router1
ovn-nbctl lsp-set-type ls1-router1 router
ovn-nbctl lsp-set-addresses ls1-router1 02:ac:10:ff:00:01
ovn-nbctl lsp-set-options ls1-router1 router-port=router1-ls1
ovn-nbctl lrp-add router1 router1-ls2 02:ac:10:ff:10:01 172.18.200.1/24
ovn-nbctl lsp-add ls2 ls2-router1
ovn-nbctl lsp-set-type ls2-router1 router
ovn-nbctl lsp-set-addresses ls2-router1 02:ac:10:ff:10:01
ovn-nbctl lsp-set-options ls2-router1 router-port=router1-ls2
"""

GATEWAY_ROUTER = """
ovn-sbctl chassis-add node1 geneve 192.168.209.110
ovn-nbctl create Logical_Router name=gw1 options:chassis=node1
ovn-nbctl ls-add ls3
ovn-nbctl lrp-add gw1 gw1-ls3 02:ac:10:ff:ff:01 172.19.255.1/24
ovn-nbctl lsp-add ls3 ls3-gw1
ovn-nbctl lsp-set-type ls3-gw1 router
ovn-nbctl lsp-set-addresses ls3-gw1 02:ac:10:ff:ff:01
ovn-nbctl lsp-set-options ls3-gw1 router-port=gw1-ls3
ovn-nbctl lrp-add router1 router1-ls3 02:ac:10:ff:ff:02 172.19.255.2/24
ovn-nbctl lsp-add ls3 ls3-router1
ovn-nbctl lsp-set-type ls3-router1 router
ovn-nbctl lsp-set-addresses ls3-router1 02:ac:10:ff:ff:02
ovn-nbctl lsp-set-options ls3-router1 router-port=router1-ls3
ovn-nbctl lr-route-add gw1 172.18.0.0/16 172.19.255.2
ovn-nbctl lr-route-add router1 0.0.0.0/0 172.19.255.1
ovn-nbctl lrp-add gw1 gw1-outside 02:0a:7f:18:01:02 192.168.209.120/19
ovn-nbctl ls-add outside
ovn-nbctl lsp-add outside outside-gw1
ovn-nbctl lsp-set-type outside-gw1 router
ovn-nbctl lsp-set-addresses outside-gw1 02:0a:7f:18:01:02
ovn-nbctl lsp-set-options outside-gw1 router-port=gw1-outside
ovn-nbctl lsp-add outside outside-localnet
ovn-nbctl lsp-set-addresses outside-localnet unknown
ovn-nbctl lsp-set-type outside-localnet localnet
ovn-nbctl lsp-set-options outside-localnet network_name=phyNet
"""

DHCP = """
ovn-nbctl ls-add net0
ovn-nbctl set logical_switch net0 other_config:subnet="10.0.0.0/24" other_config:exclude_ips="10.0.0.1..10.0.0.10"
ovn-nbctl dhcp-options-create 10.0.0.0/24
ovn-nbctl dhcp-options-set-options $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24") \
lease_time=3600 router=10.0.0.1 server_id=10.0.0.1 server_mac=c0:ff:ee:00:00:01
ovn-nbctl lsp-add net0 port1
ovn-nbctl lsp-set-addresses port1 "c0:ff:ee:00:00:11 dynamic"
ovn-nbctl lsp-set-dhcpv4-options port1 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl lsp-add net0 port2
ovn-nbctl lsp-set-addresses port2 "c0:ff:ee:00:00:12 dynamic"
ovn-nbctl lsp-set-dhcpv4-options port2 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl lsp-add net0 port3
ovn-nbctl lsp-set-addresses port3 dynamic
ovn-nbctl lsp-set-dhcpv4-options port3 $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
"""

KINDS_OF_PORTS = """
ovn-nbctl lr-add lr0
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw plain
ovn-nbctl lsp-set-addresses plain "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lsp-set-port-security plain "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lsp-add sw both
ovn-nbctl lsp-set-addresses both "00:00:00:00:01:02 10.0.0.12" unknown
ovn-nbctl lsp-add sw two
ovn-nbctl lsp-set-addresses two "00:00:00:00:01:03 10.0.0.13" "00:00:00:00:01:13 10.0.0.23"
ovn-nbctl lsp-add sw anyone
ovn-nbctl lsp-set-addresses anyone unknown
ovn-nbctl lsp-add sw guarded
ovn-nbctl lsp-set-addresses guarded unknown
ovn-nbctl lsp-set-port-security guarded "00:00:00:00:01:07"
ovn-nbctl lsp-add sw off
ovn-nbctl lsp-set-addresses off "00:00:00:00:01:05 10.0.0.15" unknown
ovn-nbctl lsp-set-enabled off disabled
ovn-nbctl lsp-add sw nobody
ovn-nbctl lsp-add sw "strange \\"name"
ovn-nbctl lsp-set-addresses "strange \\"name" 00:00:00:00:01:08
ovn-nbctl lsp-add sw here
ovn-nbctl lsp-set-type here localport
ovn-nbctl lsp-set-addresses here "00:00:00:00:02:01 10.0.0.21"
ovn-nbctl lsp-add sw vip
ovn-nbctl lsp-set-type vip virtual
ovn-nbctl lsp-set-addresses vip "00:00:00:00:02:02 10.0.0.22"
ovn-nbctl lsp-add sw container plain 5
ovn-nbctl lsp-set-addresses container "00:00:00:00:02:04 10.0.0.24"
ovn-nbctl lrp-add lr0 lr0-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-lr0 lr0-sw
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar external
ovn-nbctl lsp-set-addresses afar "00:00:00:00:02:03 10.0.0.33"
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl set Logical_Switch_Port wire tag_request=100
"""

LOCALNET_LEARNS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl set Logical_Switch_Port wire options:localnet_learn_fdb=true
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl set Logical_Switch sw other_config:vlan-passthru=true
"""

DYNAMIC = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw early
ovn-nbctl lsp-set-addresses early dynamic
ovn-nbctl set logical_switch sw other_config:subnet=10.5.0.0/29 other_config:ipv6_prefix=fd05::
ovn-nbctl lsp-add sw static
ovn-nbctl lsp-set-addresses static "00:00:01:01:01:01 10.5.0.3"
ovn-nbctl lsp-add sw next
ovn-nbctl lsp-set-addresses next "c0:ff:ee:00:00:14 dynamic"
ovn-nbctl lsp-add sw chosen
ovn-nbctl lsp-set-addresses chosen "dynamic 10.5.0.5"
ovn-nbctl lsp-add sw last
ovn-nbctl lsp-set-addresses last "dynamic"
ovn-nbctl lsp-add sw toolate
ovn-nbctl lsp-set-addresses toolate "dynamic"
ovn-nbctl lsp-del next
ovn-nbctl lsp-set-addresses chosen "00:00:01:01:01:02 10.5.1.6"
ovn-nbctl ls-add macs
ovn-nbctl set logical_switch macs other_config:mac_only=true
ovn-nbctl lsp-add macs only
ovn-nbctl lsp-set-addresses only "dynamic"
"""

DHCP_OPTIONS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.1.0.9 10.0.0.11 fd00::11"
ovn-nbctl create dhcp_options cidr=10.0.0.0/24 options='lease_time="3600" router="10.0.0.1" server_id="10.0.0.1" \
server_mac="c0:ff:ee:00:00:01" domain_name="\\"ovn.org\\"" hostname="\\"vm\\"" dns_server="{10.0.0.2,10.0.0.3}" mtu="1400"'
ovn-nbctl lsp-set-dhcpv4-options vm $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl create dhcp_options cidr='"fd00::/64"' options='dns_server="fd00::1" server_id="c0:ff:ee:00:00:01"'
ovn-nbctl lsp-set-dhcpv6-options vm $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr='"fd00::/64"')
ovn-nbctl create dhcp_options cidr=10.9.0.0/24 options='lease_time="3600" server_id="10.9.0.1"'
ovn-nbctl lsp-add sw incomplete
ovn-nbctl lsp-set-addresses incomplete "00:00:00:00:01:02 10.9.0.11"
ovn-nbctl lsp-set-dhcpv4-options incomplete $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.9.0.0/24")
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar external
ovn-nbctl lsp-set-addresses afar "00:00:00:00:02:03 10.0.0.33"
ovn-nbctl lsp-set-dhcpv4-options afar $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl lsp-add-localnet-port sw wire physnet1
"""

COMINGS_AND_GOINGS = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2
ovn-nbctl ls-add sw0
ovn-nbctl lsp-add sw0 p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11"
ovn-sbctl lsp-bind p1 hv1
ovn-nbctl lsp-add sw0 p2
ovn-nbctl lsp-del p1
ovn-nbctl lsp-add sw0 p3
ovn-nbctl ls-add sw1
ovn-nbctl lsp-add sw1 q1
ovn-nbctl set logical_switch_port q1 options:requested-chassis=hv1,hv2 external_ids:"neutron\\:port_name"=foo external_ids:a=b
ovn-nbctl ls-del sw0
ovn-nbctl ls-add sw2
ovn-nbctl set logical_switch sw2 external_ids:"neutron\\:network_name"=blue
ovn-nbctl lr-add closed
ovn-nbctl set logical_router closed enabled=false
ovn-nbctl lr-add gw
ovn-nbctl set logical_router gw options:chassis=hv2
ovn-nbctl lrp-add gw gw-sw1 00:00:00:00:ff:01 10.0.0.1/24
ovn-nbctl lsp-add sw1 sw1-gw
ovn-nbctl lsp-set-type sw1-gw router
ovn-nbctl lsp-set-addresses sw1-gw router
ovn-nbctl lsp-set-options sw1-gw router-port=gw-sw1 nat-addresses=router
"""

GROUPS = """
ovn-nbctl ls-add sw0
ovn-nbctl ls-add sw1
ovn-nbctl lsp-add sw0 p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lsp-add sw1 q1
ovn-nbctl lsp-set-addresses q1 "00:00:00:00:01:02 10.0.0.12"
ovn-nbctl pg-add pg1 p1 q1
ovn-nbctl pg-add empty
ovn-nbctl create address_set name=set1 addresses=10.0.0.1,10.0.0.2
ovn-nbctl pg-set-ports pg1 q1
"""

EXTERNAL_IN_A_GROUP = """
ovn-nbctl ls-add sw
ovn-nbctl create dhcp_options cidr=10.0.0.0/24 options='lease_time="3600" server_id="10.0.0.1" server_mac="c0:ff:ee:00:00:01"'
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar external
ovn-nbctl lsp-set-addresses afar "00:00:00:00:02:03 10.0.0.33"
ovn-nbctl lsp-set-dhcpv4-options afar $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/24")
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2
ovn-nbctl ha-chassis-group-add g1
ovn-nbctl ha-chassis-group-add-chassis g1 hv1 10
ovn-nbctl set logical_switch_port afar ha_chassis_group=$(ovn-nbctl --bare --columns=_uuid find ha_chassis_group name=g1)
ovn-nbctl ha-chassis-group-add-chassis g1 hv2 20
ovn-nbctl ha-chassis-group-remove-chassis g1 hv1
"""

ODD_PORTS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw l2
ovn-nbctl lsp-set-type l2 l2gateway
ovn-nbctl lsp-set-addresses l2 unknown
ovn-nbctl lsp-set-options l2 network_name=externalnet l2gateway-chassis=master
ovn-nbctl lsp-add sw c1 vm1 0
ovn-nbctl lsp-add sw c2 vm1 0
ovn-nbctl lsp-add sw c3 vm2 0
ovn-nbctl lsp-add sw rr
ovn-nbctl lsp-set-type rr router
ovn-nbctl lsp-set-addresses rr router
ovn-nbctl lsp-add sw r2
ovn-nbctl lsp-set-type r2 router
ovn-nbctl lsp-set-options r2 router-port=missing
ovn-nbctl lsp-add sw rem
ovn-nbctl lsp-set-type rem remote
ovn-nbctl lsp-set-addresses rem "00:00:00:00:01:01 10.0.0.1"
ovn-nbctl lsp-add sw vt
ovn-nbctl lsp-set-type vt vtep
ovn-nbctl lsp-set-addresses vt unknown
ovn-nbctl lsp-set-options vt vtep-physical-switch=ps vtep-logical-switch=ls
ovn-nbctl lsp-del c1
ovn-nbctl lsp-add sw c4 vm1 0
"""

VXLAN = """
ovn-sbctl chassis-add hv1 vxlan 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl set NB_Global . options:vxlan_mode=false ipsec=true name=blue external_ids:a=b
"""

ASKED_FOR = """
ovn-nbctl ls-add sw0
ovn-nbctl lsp-add sw0 p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lsp-set-port-security p1 "00:00:00:00:01:01 10.0.0.11" "00:00:00:00:01:02"
ovn-nbctl lr-add lr0
ovn-nbctl lrp-add lr0 lr0-lr1 00:00:00:00:ff:01 10.1.0.1/24 peer=lr1-lr0
ovn-nbctl lr-add lr1
ovn-nbctl lrp-add lr1 lr1-lr0 00:00:00:00:ff:02 10.1.0.2/24 peer=lr0-lr1
ovn-nbctl lr-add lr2
ovn-nbctl set logical_router lr2 external_ids:"neutron\\:router_name"=foo options:disable_garp_rarp=true
ovn-nbctl set logical_switch sw0 other_config:mcast_querier=false other_config:mcast_idle_timeout=60 other_config:requested-tnl-key=55
ovn-nbctl set logical_switch_port p1 options:requested-tnl-key=66
ovn-nbctl ls-add sw1
ovn-nbctl lsp-add sw1 r
ovn-nbctl lsp-set-type r router
ovn-nbctl lsp-set-options r router-port=lrx
ovn-nbctl lsp-set-addresses r router
ovn-nbctl lrp-add lr2 lrx 00:00:00:00:ff:09 10.9.0.1/24 10.10.0.1/24
ovn-nbctl set logical_router_port lrx enabled=false
ovn-nbctl lsp-add sw1 vm
"""

ACLS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl acl-add sw from-lport 1001 'inport == "p1" && ip4' allow
ovn-nbctl acl-add sw to-lport 1002 'outport == "p1" && ip6' drop
ovn-nbctl acl-add sw to-lport 1003 'outport == "p1" && ip4' reject
ovn-nbctl acl-add sw from-lport 1004 'ip4 && tcp' allow-related
ovn-nbctl acl-add sw to-lport 1005 'ip4 && tcp' allow-related
ovn-nbctl acl-add sw to-lport 1006 'ip4 && udp' allow-stateless
ovn-nbctl acl-add sw from-lport 1007 'ip4 && udp' allow-stateless
ovn-nbctl acl-add sw from-lport 1008 'ip4.src == 1.2.3.4' pass
ovn-nbctl --apply-after-lb acl-add sw from-lport 1009 'ip4.src == 1.2.3.5' allow-related
ovn-nbctl --apply-after-lb acl-add sw from-lport 1010 'ip4.src == 1.2.3.6' drop
ovn-nbctl acl-del sw from-lport 1007 'ip4 && udp'
ovn-nbctl ls-add plain
ovn-nbctl acl-add plain from-lport 1 'ip4' drop
ovn-nbctl acl-del plain
"""

ACLS_OF_GROUPS = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl ls-add sy
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sx p2
ovn-nbctl lsp-add sy p3
ovn-nbctl pg-add pg p1 p2
ovn-nbctl --type=port-group acl-add pg from-lport 1001 'inport == @pg && ip4' allow-related
ovn-nbctl --tier=2 --type=port-group acl-add pg to-lport 1001 'outport == @pg && ip4' drop
ovn-nbctl --tier=1 --type=port-group acl-add pg to-lport 1002 'outport == @pg && ip6' reject
ovn-nbctl --log --meter=m1 --severity=alert --name=foo acl-add sy to-lport 1001 'ip4' drop
ovn-nbctl --log acl-add sy to-lport 1002 'ip4' pass
ovn-nbctl --log --label=1234 acl-add sy to-lport 1003 'udp' allow-related
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl label=1234) options:log-related=true
ovn-nbctl set nb_global . options:default_acl_drop=true options:use_ct_inv_match=false
ovn-nbctl meter-add m1 drop 10 pktps 5
ovn-nbctl --fair meter-add m2 drop 10 kbps
ovn-nbctl --log --meter=m1 acl-add sy from-lport 1004 'ip4' drop
ovn-nbctl pg-set-ports pg p1 p2 p3
ovn-nbctl pg-set-ports pg p1
ovn-nbctl copp-add protected reject m1
ovn-nbctl ls-copp-add protected sw
"""

SAMPLES = """
ovn-nbctl ls-add sw
ovn-nbctl acl-add sw from-lport 1001 'ip4' allow-related
ovn-nbctl acl-add sw to-lport 1002 'ip4' allow-related
ovn-nbctl acl-add sw to-lport 1003 udp allow-stateless
ovn-nbctl acl-add sw to-lport 1004 tcp drop
ovn-nbctl --apply-after-lb acl-add sw from-lport 1005 'ip4 && tcp' allow-related
ovn-nbctl create Sample_Collector id=1 name=c1 probability=65535 set_id=3
ovn-nbctl create Sample_Collector id=2 name=c2 probability=100 set_id=4
ovn-nbctl --id=@s create sample metadata=55 collectors=$(ovn-nbctl --bare --columns _uuid find Sample_Collector id=1) \
-- set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1001) sample_new=@s sample_est=@s
ovn-nbctl --id=@s create sample metadata=56 \
-- set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1002) sample_new=@s sample_est=@s
ovn-nbctl add sample $(ovn-nbctl --bare --columns _uuid find sample metadata=56) collectors \
$(ovn-nbctl --bare --columns _uuid find Sample_Collector id=1) $(ovn-nbctl --bare --columns _uuid find Sample_Collector id=2)
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1003) \
sample_new=$(ovn-nbctl --bare --columns _uuid find sample metadata=55)
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1004) \
sample_new=$(ovn-nbctl --bare --columns _uuid find sample metadata=56)
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1005) \
sample_est=$(ovn-nbctl --bare --columns _uuid find sample metadata=55)
ovn-nbctl create sampling_app type=acl-new id=42
ovn-nbctl create sampling_app type=acl-est id=43
"""

BALANCED_SWITCH = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:00:01 10.0.0.2"
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl lb-add lb1 10.0.0.10:80 10.0.0.2:8080,10.0.0.3:8080
ovn-nbctl create load_balancer name=lb2 vips:10.0.0.11="10.0.0.2,10.0.0.3"
ovn-nbctl lb-add lb3 "[fd00::10]:53" "[fd00::2]:53,[fd00::3]:53" udp
ovn-nbctl lb-add lb4 10.0.0.12:80 "10.0.0.2:90" sctp
ovn-nbctl lb-add lb5 10.0.0.13:80 ""
ovn-nbctl --reject lb-add lb6 10.0.0.14:80 ""
ovn-nbctl --event lb-add lb7 10.0.0.15:80 ""
ovn-nbctl lb-add lb8 10.0.0.16:80 "10.0.0.2:99,10.0.0.3:99"
ovn-nbctl set load_balancer lb8 selection_fields=ip_src,tp_dst
ovn-nbctl lb-add lb9 10.0.0.17:80 "10.0.0.2:99,10.0.0.3:99"
ovn-nbctl set load_balancer lb9 options:affinity_timeout=60 options:hairpin_snat_ip=1.1.1.1
ovn-nbctl set load_balancer lb9 vips:10.0.0.18="10.0.0.2,10.0.0.3"
ovn-nbctl set load_balancer lb9 'vips:"[fd00::9]:99"="[fd00::2]:9"'
for i in 1 2 4 5 6 7 8 9; do ovn-nbctl ls-lb-add sw lb$i; done
ovn-nbctl --id=@g create load_balancer_group name=g -- add logical_switch sw load_balancer_group @g
ovn-nbctl add load_balancer_group g load_balancer $(ovn-nbctl --bare --columns _uuid find load_balancer name=lb3)
ovn-nbctl acl-add sw to-lport 1003 udp allow-stateless
ovn-nbctl set logical_switch sw other_config:enable-stateless-acl-with-lb=true
ovn-nbctl ls-lb-del sw lb4
"""

BALANCED_ROUTERS = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:00:01 10.0.0.2"
ovn-nbctl lr-add gw
ovn-nbctl set logical_router gw options:chassis=hv1
ovn-nbctl lrp-add gw gw-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-gw gw-sw
ovn-nbctl lrp-add gw gw-out 00:00:00:00:ff:02 20.0.0.1/24
ovn-nbctl ls-add out
ovn-nbctl lsp-add-router-port out out-gw gw-out
ovn-nbctl create load_balancer name=lb1 vips:192.168.209.55="10.0.0.2,10.0.0.3"
ovn-nbctl lb-add lb2 20.0.0.10:80 10.0.0.2:80,10.0.0.3:80
ovn-nbctl lb-add lb3 "[fd00::10]:80" "[fd00::2]:80"
ovn-nbctl lb-add lb4 20.0.0.11:80 10.0.0.2:80,10.0.0.3:80 udp
ovn-nbctl set load_balancer lb4 options:affinity_timeout=60 options:neighbor_responder=none
ovn-nbctl lb-add lb5 30.0.0.11:80 10.0.0.2:80
ovn-nbctl set load_balancer lb5 options:skip_snat=true options:neighbor_responder=all
ovn-nbctl --reject lb-add lb6 20.0.0.14:80 ""
ovn-nbctl --event lb-add lb7 20.0.0.15:80 ""
ovn-nbctl lb-add lb8 20.0.0.16:80 ""
for i in 1 2 3 4 5 6 7 8; do ovn-nbctl lr-lb-add gw lb$i; done
ovn-nbctl lr-nat-add gw snat 20.0.0.10 10.0.0.0/24
ovn-nbctl set logical_router gw options:lb_force_snat_ip="20.0.0.4 fd00::4"
"""

BALANCED_GATEWAY_PORT = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:00:01 10.0.0.2"
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl lrp-add lr lr-out 00:00:00:00:ff:02 20.0.0.1/24
ovn-nbctl lrp-set-gateway-chassis lr-out hv1
ovn-nbctl ls-add out
ovn-nbctl lsp-add-router-port out out-lr lr-out
ovn-nbctl lsp-add-localnet-port out wire physnet1
ovn-nbctl lb-add lb2 20.0.0.10:80 10.0.0.2:80,10.0.0.3:80
ovn-nbctl --reject lb-add lb6 20.0.0.14:80 ""
ovn-nbctl lb-add lb8 20.0.0.16:80 ""
ovn-nbctl lb-add lb9 20.0.0.17:80 10.0.0.4:80,10.0.0.5:80
ovn-nbctl set load_balancer lb9 options:skip_snat=true
for i in 2 6 8 9; do ovn-nbctl lr-lb-add lr lb$i; done
"""

QOS = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl qos-add sw from-lport 100 'ip4' dscp=10
ovn-nbctl qos-add sw to-lport 101 'ip6' rate=1000 burst=200 dscp=63
ovn-nbctl qos-add sx to-lport 102 'tcp' rate=1000
ovn-nbctl qos-add sx from-lport 103 'udp' mark=7
ovn-nbctl qos-del sx from-lport
"""

HEALTH_CHECKS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:00:01 10.0.0.2"
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-set-addresses p2 "00:00:00:00:00:02 10.0.0.3"
ovn-nbctl lb-add lb1 10.0.0.10:80 10.0.0.2:80,10.0.0.3:80,10.0.0.4:80
ovn-nbctl --id=@hc create Load_Balancer_Health_Check vip="10.0.0.10\\:80" options:interval=5 -- add Load_Balancer lb1 health_check @hc
ovn-nbctl set load_balancer lb1 ip_port_mappings:10.0.0.2=p1:10.0.0.8
ovn-nbctl set load_balancer lb1 ip_port_mappings:10.0.0.3=p2:10.0.0.1
ovn-nbctl set load_balancer lb1 ip_port_mappings:10.0.0.4=p3:10.0.0.8
ovn-nbctl ls-lb-add sw lb1
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl lr-lb-add lr lb1
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-sbctl lsp-bind p1 hv1
"""

BALANCERS = """
ovn-nbctl create load_balancer name=north vips:192.168.209.55="172.18.100.10,172.18.200.10"
ovn-nbctl set logical_router gw1 load_balancer=$(ovn-nbctl --bare --columns _uuid find load_balancer name=north)
ovn-nbctl create load_balancer name=inside vips:192.168.2.2="172.18.100.10,172.18.100.20"
ovn-nbctl set logical_switch ls2 load_balancer=$(ovn-nbctl --bare --columns _uuid find load_balancer name=inside)
"""

PERSISTENT_ACLS = """
ovn-nbctl ls-add sw
ovn-nbctl acl-add sw from-lport 1 tcp allow-related
ovn-nbctl acl-add sw to-lport 2 udp allow-related
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl priority=1) options:persist-established=true
ovn-nbctl set acl $(ovn-nbctl --bare --columns _uuid find acl priority=2) options:persist-established=true
ovn-nbctl acl-del sw from-lport
"""

NETWORKS: dict[str, str] = {
    "nothing": "ovn-nbctl init",
    "two switches": TWO_SWITCHES,
    "router between": TWO_SWITCHES + ROUTER_BETWEEN,
    "gateway router": TWO_SWITCHES + ROUTER_BETWEEN + GATEWAY_ROUTER,
    "dhcp": DHCP,
    "kinds of ports": KINDS_OF_PORTS,
    "localnet learns": LOCALNET_LEARNS,
    "dynamic": DYNAMIC,
    "dhcp options": DHCP_OPTIONS,
    "comings and goings": COMINGS_AND_GOINGS,
    "groups": GROUPS,
    "external in a group": EXTERNAL_IN_A_GROUP,
    "odd ports": ODD_PORTS,
    "vxlan": VXLAN,
    "asked for": ASKED_FOR,
    **GATEWAY_NETWORKS,
    **SWITCH_NETWORKS,
    **ROUTER_NETWORKS,
    **DYNAMIC_NETWORKS,
    "acls": ACLS,
    "acls of groups": ACLS_OF_GROUPS,
    "samples": SAMPLES,
    "samples on an old chassis": "ovn-sbctl chassis-add hv1 geneve 10.0.0.1" + SAMPLES,
    "balancers of the gateway and of a switch": TWO_SWITCHES + ROUTER_BETWEEN + GATEWAY_ROUTER + BALANCERS,
    "acls that persist": PERSISTENT_ACLS,
    "qos": QOS,
    "health checks": HEALTH_CHECKS,
    "balanced switch": BALANCED_SWITCH,
    "balanced routers": BALANCED_ROUTERS,
    "balanced gateway port": BALANCED_GATEWAY_PORT,
}


NETWORKS |= {f"random switches {seed}": "\n".join(random_switch_commands(seed)) for seed in (1, 2, 6, 21)}
NETWORKS |= {f"random {seed}": "\n".join(random_commands(seed)) for seed in (2, 3, 6, 24, 33)}
NETWORKS |= {f"random router {seed}": "\n".join(random_router_commands(seed)) for seed in (1, 2, 3, 7)}


def commands(network: str) -> list[str]:
    """The commands of a network, in order."""
    return [line for line in NETWORKS[network].splitlines() if line]
