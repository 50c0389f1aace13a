"""Networks of what switches do besides forwarding: names, copies, groups of ports, addresses answered for, probes."""

from __future__ import annotations

NAMES = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl create DNS records='{"VM1.ovn.org"="10.0.0.4 AEF0::4" "vm2.ovn.org"="10.0.0.5"}'
ovn-nbctl create DNS records='{}' options:ovn-owned=true
ovn-nbctl set logical_switch sw dns_records=$(ovn-nbctl --bare --columns=_uuid find dns options={})
ovn-nbctl add logical_switch sx dns_records $(ovn-nbctl --bare --columns=_uuid find dns options:ovn-owned=true)
ovn-nbctl meter-add m1 drop 10 pktps 5
ovn-nbctl copp-add protected dns m1
ovn-nbctl ls-copp-add protected sw
"""

FORWARDING_GROUPS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sw p2
ovn-nbctl fwd-group-add alive sw 10.0.0.100 00:11:11:11:11:11 p1 p2
ovn-nbctl --liveness fwd-group-add dead sw 10.0.0.101 00:11:11:11:11:12 p2
ovn-nbctl fwd-group-add gone sw 10.0.0.102 00:11:11:11:11:13 p2
ovn-nbctl fwd-group-del gone
"""

TEMPLATE_VARIABLES = """
ovn-nbctl create Chassis_Template_Var chassis=hv1 variables:vip=10.0.0.1 variables:backends=10.0.0.2
ovn-nbctl create Chassis_Template_Var chassis=hv2 variables:vip=10.0.0.9
ovn-nbctl set Chassis_Template_Var hv2 variables:vip=10.0.0.8
"""

VIRTUAL = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sw vip
ovn-nbctl lsp-set-type vip virtual
ovn-nbctl lsp-set-addresses vip "00:00:00:00:02:02 10.0.0.22"
ovn-nbctl set logical_switch_port vip options:virtual-ip=10.0.0.22 options:virtual-parents=p1,p2,p3,p9
ovn-nbctl lsp-add sw vip6
ovn-nbctl lsp-set-type vip6 virtual
ovn-nbctl set logical_switch_port vip6 options:virtual-ip='"fd00::22"' options:virtual-parents=p1
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-add sx p3
ovn-nbctl lsp-add sw none
ovn-nbctl lsp-set-type none virtual
ovn-nbctl set logical_switch_port none options:virtual-ip=nonsense options:virtual-parents=p1
ovn-nbctl lsp-del p2
ovn-nbctl lsp-add sw turned
ovn-nbctl lsp-set-type turned virtual
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-sbctl lsp-bind p1 hv1
ovn-sbctl set port_binding vip virtual_parent=p1
"""

PROXIES = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add sw sw-lr
ovn-nbctl lsp-set-type sw-lr router
ovn-nbctl lsp-set-addresses sw-lr router
ovn-nbctl lsp-set-options sw-lr router-port=lr-sw 'arp_proxy=169.254.239.254 169.254.239.0/24 fd7b:6b4d:7b25:d22f::1'
ovn-nbctl lrp-add lr lr-sx 00:00:00:00:ff:02 10.0.1.1/24
ovn-nbctl lsp-add sx sx-lr
ovn-nbctl lsp-set-type sx-lr router
ovn-nbctl lsp-set-addresses sx-lr router
ovn-nbctl lsp-set-options sx-lr router-port=lr-sx 'arp_proxy=0a:58:a9:fe:01:01 169.254.238.0/24 fd7b::/64'
ovn-nbctl lsp-add sx p2
ovn-nbctl lsp-set-addresses p2 "00:00:00:00:01:02 10.0.1.11"
ovn-nbctl meter-add m1 drop 10 pktps 5
ovn-nbctl copp-add protected nd-na m1
ovn-nbctl ls-copp-add protected sw
ovn-nbctl lsp-add sx silent
ovn-nbctl lsp-set-addresses silent "00:00:00:00:01:03 10.0.1.13"
ovn-nbctl set logical_switch_port silent options:disable_arp_nd_rsp=true
ovn-nbctl set logical_switch sx other_config:broadcast-arps-to-all-routers=false
ovn-nbctl lsp-add sx bad
ovn-nbctl lsp-set-type bad router
ovn-nbctl lsp-set-options bad router-port=lr-bad arp_proxy=nonsense
ovn-nbctl lrp-add lr lr-bad 00:00:00:00:ff:03 10.0.2.1/24
"""

DOWN = """
ovn-nbctl ls-add sw
ovn-nbctl set nb_global . options:ignore_lsp_down=false
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-set-addresses p2 "00:00:00:00:01:02 10.0.0.12 fd00::12"
ovn-nbctl lsp-add sw p3
ovn-nbctl lsp-set-type p3 localport
ovn-nbctl lsp-set-addresses p3 "00:00:00:00:01:03 10.0.0.13"
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-sbctl lsp-bind p1 hv1 -- set port_binding p1 up=true
"""

FLOODED = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11" unknown
ovn-nbctl set logical_switch_port p1 options:force_fdb_lookup=true
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-set-addresses p2 "00:00:00:00:01:02 10.0.0.12"
ovn-nbctl set logical_switch_port p2 options:pkt_clone_type=mc_unknown
ovn-nbctl lsp-add sw p3
ovn-nbctl lsp-set-addresses p3 "00:00:00:00:01:03 10.0.0.13"
ovn-nbctl set logical_switch_port p3 options:force_fdb_lookup=true options:qos_max_rate=1000
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar remote
ovn-nbctl lsp-set-addresses afar unknown
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sx q1
ovn-nbctl lsp-set-addresses q1 "00:00:00:00:02:01 10.0.0.12"
ovn-nbctl set logical_switch_port q1 options:pkt_clone_type=mc_unknown
"""

SHAPED = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl set logical_switch_port p1 options:qos_max_rate=1000 options:qos_burst=20
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl lsp-add sw p2
ovn-nbctl set logical_switch_port p2 options:qos_min_rate=1000
ovn-nbctl set logical_switch_port wire options:qos_max_rate=2000
ovn-nbctl lsp-add sw p3
ovn-nbctl set logical_switch_port p3 options:qos_burst=1
ovn-nbctl remove logical_switch_port p2 options qos_min_rate
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sx q1
ovn-nbctl set logical_switch_port q1 options:qos_min_rate=5
ovn-nbctl lsp-del p1
ovn-nbctl lsp-add sx q2
ovn-nbctl set logical_switch_port q2 options:qos_min_rate=6
"""

JOINED = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sw a
ovn-nbctl lsp-set-type a switch
ovn-nbctl lsp-set-addresses a unknown
ovn-nbctl lsp-add sx b
ovn-nbctl lsp-set-type b switch
ovn-nbctl lsp-set-addresses b unknown
ovn-nbctl set logical_switch_port a peer=b
ovn-nbctl set logical_switch_port b peer=a
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lsp-add sx odd
ovn-nbctl lsp-set-type odd switch
ovn-nbctl set logical_switch_port odd peer=p1
ovn-nbctl acl-add sw from-lport 1004 'ip4 && tcp' allow-related
ovn-nbctl lb-add lb1 10.0.0.10:80 10.0.0.2:8080 -- ls-lb-add sw lb1
"""

ELSEWHERE = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2 -- chassis-add far geneve 10.0.0.9
ovn-sbctl set chassis far other_config:is-remote=true
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw away
ovn-nbctl lsp-set-type away remote
ovn-nbctl lsp-set-addresses away "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lsp-set-options away requested-chassis=far
ovn-nbctl lsp-add sw moving
ovn-nbctl lsp-set-addresses moving "00:00:00:00:01:02 10.0.0.12"
ovn-nbctl lsp-set-options moving requested-chassis=hv1,nowhere,hv2 activation-strategy=rarp
ovn-sbctl set port_binding moving options:additional-chassis-activated=hv2
ovn-nbctl lsp-add sw back
ovn-nbctl lsp-set-type back remote
ovn-nbctl lsp-set-options back requested-chassis=far
ovn-nbctl lsp-set-options back requested-chassis=hv1
ovn-nbctl lsp-add sw lost
ovn-nbctl lsp-set-options lost requested-chassis=nowhere,hv2
ovn-nbctl lsp-add sw wrong
ovn-sbctl lsp-bind wrong far
ovn-nbctl set logical_switch_port wrong external_ids:a=b
ovn-nbctl lsp-add sw strange
ovn-nbctl set logical_switch_port strange type=strange tag=7
ovn-nbctl lsp-add-localnet-port sw wire physnet1
ovn-nbctl set logical_switch_port wire tag_request=7
ovn-nbctl clear logical_switch_port wire tag_request
ovn-nbctl set logical_switch sw other_config:interconn-ts=sw
"""

AT_A_VTEP = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vt
ovn-nbctl lsp-set-type vt vtep
ovn-nbctl lsp-set-addresses vt unknown
ovn-nbctl lsp-set-options vt vtep-physical-switch=ps vtep-logical-switch=ls
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lrp-set-gateway-chassis lr-sw hv1
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl lsp-add-localnet-port sw wire physnet1
"""

MIRRORS = """
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-add sx q1
ovn-nbctl lsp-set-addresses q1 "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl mirror-add m1 gre 1 from-lport 10.10.10.1
ovn-nbctl mirror-add m2 erspan 2 both 10.10.10.2
ovn-nbctl mirror-add m3 local to-lport nowhere
ovn-nbctl mirror-add m4 lport to-lport q1
ovn-nbctl mirror-add m5 lport both q1
ovn-nbctl mirror-add m6 lport from-lport missing
ovn-nbctl lsp-attach-mirror p1 m1
ovn-nbctl lsp-attach-mirror p1 m2
ovn-nbctl lsp-attach-mirror p2 m4
ovn-nbctl lsp-attach-mirror p1 m5
ovn-nbctl lsp-attach-mirror p2 m6
ovn-nbctl mirror-rule-add m4 100 'ip4.src == 10.0.0.1' mirror
ovn-nbctl mirror-rule-add m5 101 'ip6' skip
ovn-nbctl mirror-rule-add m5 102 'tcp || udp' mirror
ovn-nbctl lsp-attach-mirror p1 m3
ovn-nbctl lsp-detach-mirror p1 m2
ovn-nbctl acl-add sw from-lport 1004 'ip4 && tcp' allow-related
ovn-nbctl mirror-del m3
"""



def heard(address: str, chassis: str, port: str) -> str:
    """A chassis has heard that somebody behind a port of the switch `sw` asks for a group."""
    found = {
        name: f"$(ovn-sbctl --bare --columns _uuid find {table} {condition})"
        for name, table, condition in (
            ("datapath", "datapath_binding", "external_ids:name=sw"),
            ("chassis", "chassis", f"name={chassis}"),
            ("ports", "port_binding", f"logical_port={port}"),
        )
    }
    columns = " ".join(f"{name}={value}" for name, value in found.items())
    return f"ovn-sbctl create IGMP_Group address='\"{address}\"' chassis_name={chassis} {columns}"


SNOOPED = f"""
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-add sw p3
ovn-nbctl set logical_switch sw other_config:mcast_snoop=true other_config:mcast_querier=true other_config:mcast_eth_src=00:00:00:00:00:99 \
other_config:mcast_ip4_src=10.0.0.99 other_config:mcast_ip6_src='"fe80::99"'
ovn-sbctl chassis-add hv1 geneve 10.0.0.1 -- chassis-add hv2 geneve 10.0.0.2
{heard('239.0.1.68', 'hv1', 'p1')}
ovn-nbctl --wait=sb sync
{heard('ff0a::1', 'hv1', 'p2')}
ovn-nbctl --wait=sb sync
{heard('239.0.1.68', 'hv2', 'p2')}
ovn-nbctl --wait=sb sync
{heard('mrouters', 'hv2', 'p3')}
ovn-nbctl --wait=sb sync
{heard('224.0.0.7', 'hv2', 'p3')}
ovn-nbctl --wait=sb sync
ovn-nbctl lsp-add sw p4
ovn-nbctl set logical_switch_port p4 options:mcast_flood=true
ovn-nbctl lsp-add sw p5
ovn-nbctl set logical_switch_port p5 options:mcast_flood_reports=true
ovn-nbctl lsp-add sw deaf
ovn-nbctl set logical_switch_port deaf options:receive_multicast=false options:lsp_learn_fdb=false
ovn-nbctl lsp-set-addresses deaf unknown
ovn-nbctl lsp-add-localnet-port sw wire physnet1
"""

SNOOPED_LITTLE = SNOOPED + """
ovn-nbctl set logical_switch sw other_config:mcast_flood_unregistered=true other_config:mcast_idle_timeout=5 other_config:mcast_table_size=0
ovn-nbctl set logical_switch sw other_config:interconn-ts=sw
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar remote
ovn-nbctl meter-add m1 drop 10 pktps 5
ovn-nbctl copp-add protected igmp m1
ovn-nbctl ls-copp-add protected sw
"""

SNOOPED_QUIET = SNOOPED + """
ovn-nbctl lsp-del p4
ovn-nbctl set logical_switch sw other_config:mcast_snoop=false
ovn-nbctl set logical_switch_port p1 options:mcast_flood=true
"""

ROUTERS_AROUND = """
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl lr-add other
ovn-nbctl lrp-add other other-sw 00:00:00:00:ff:02 10.0.0.2/24
ovn-nbctl lsp-add-router-port sw sw-other other-sw
ovn-nbctl lrp-add lr lr-sx 00:00:00:00:ff:03 10.1.0.1/24
ovn-nbctl ls-add sx
ovn-nbctl lsp-add-router-port sx sx-lr lr-sx
"""

RELAYED = SNOOPED.replace(heard("239.0.1.68", "hv1", "p1"), ROUTERS_AROUND + """
ovn-nbctl set logical_router lr options:mcast_relay=true
ovn-nbctl lrp-set-gateway-chassis lr-sx hv1
""" + heard("239.0.1.68", "hv1", "p1"))

RELAYED_AND_FLOODED = RELAYED + """
ovn-nbctl set logical_router_port lr-sx options:mcast_flood=true
ovn-nbctl set logical_switch sx other_config:mcast_snoop=true
"""

WITHOUT_A_WIRE = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl ls-add out
ovn-nbctl lsp-add out out-vm
ovn-nbctl lrp-add lr lr-out 00:00:00:00:ff:02 172.16.0.1/24
ovn-nbctl lrp-set-gateway-chassis lr-out hv1
ovn-nbctl lsp-add-router-port out out-lr lr-out
ovn-nbctl lr-nat-add lr snat 172.16.0.1 10.0.0.0/24
ovn-nbctl lr-nat-add lr dnat_and_snat 172.16.0.3 10.0.0.11
ovn-nbctl lr-nat-add lr dnat_and_snat 172.16.0.4 10.0.0.12 vm 00:00:00:00:ff:09
ovn-nbctl lb-add lb1 172.16.0.10:80 10.0.0.11:80 -- lr-lb-add lr lb1
"""

TEMPLATES = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lr-add gw
ovn-nbctl set logical_router gw options:chassis=hv1
ovn-nbctl lrp-add gw gw-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add-router-port sw sw-gw gw-sw
ovn-nbctl lr-add dr
ovn-nbctl lrp-add dr dr-sw 00:00:00:00:ff:02 10.0.0.2/24
ovn-nbctl lsp-add-router-port sw sw-dr dr-sw
ovn-nbctl --template lb-add lb1 "^VIP:^PORT" "^BACKENDS" tcp
ovn-nbctl --template lb-add lb2 "^VIP2:4041" "^B1:^P1,10.0.0.9:80" udp
ovn-nbctl --template lb-add lb3 "^VIP6:^PORT" "^BACKENDS6" tcp ipv6
ovn-nbctl create load_balancer name=lb4 options:template=true vips:'"^VIP4"'='"^B4,^B5"'
ovn-nbctl create load_balancer name=lb5 options:template=true options:address-family=ipv6 vips:'"^VIP7"'='"^B7:90,[fd00::7]:90"'
ovn-nbctl create load_balancer name=lb6 options:template=true protocol=tcp vips:'"^VIP8:80"'='""' options:reject=true
ovn-nbctl create load_balancer name=lb7 options:template=true protocol=tcp vips:'"^VIP9:80"'='""' options:event=true \
options:neighbor_responder=all
ovn-nbctl create load_balancer name=lb8 options:template=true protocol=tcp vips:'"^VIP10:80"'='"^B:8"' options:affinity_timeout=60 \
options:neighbor_responder=reachable
ovn-nbctl create load_balancer name=lb9 options:template=true protocol=tcp vips:'"^A:^B:^C"'='"^B:8"'
for i in 1 2 3 4 5 6 7 8 9; do ovn-nbctl ls-lb-add sw lb$i -- lr-lb-add gw lb$i; done
ovn-nbctl lr-lb-add dr lb1 -- lr-lb-add dr lb3 -- lr-lb-add dr lb7
"""

PORTS_PROBED = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11 fd00::11"
ovn-nbctl lsp-add sw p2
ovn-nbctl lsp-set-addresses p2 "00:00:00:00:01:02 10.0.0.12"
ovn-nbctl --id=@h create Logical_Switch_Port_Health_Check protocol=tcp src_ip=10.0.0.9 port=80 address=10.0.0.11 options:interval=5 \
-- add Logical_Switch_Port p1 health_checks @h
ovn-nbctl --id=@h create Logical_Switch_Port_Health_Check protocol=icmp src_ip='"fd00::9"' address='"fd00::11"' \
-- add Logical_Switch_Port p1 health_checks @h
ovn-nbctl --id=@h create Logical_Switch_Port_Health_Check protocol=udp src_ip=10.0.0.8 port=53 address=10.0.0.13 \
-- add Logical_Switch_Port p2 health_checks @h
ovn-sbctl lsp-bind p1 hv1 -- set port_binding p1 up=true
ovn-sbctl set service_monitor $(ovn-sbctl --bare --columns _uuid find service_monitor protocol=tcp) status=online
ovn-nbctl --wait=sb sync
ovn-nbctl --id=@h create Logical_Switch_Port_Health_Check protocol=udp src_ip=10.0.0.8 port=53 address=10.0.0.12 \
-- add Logical_Switch_Port p2 health_checks @h
ovn-nbctl lsp-set-enabled p2 disabled
"""

DROPS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl lsp-set-addresses p1 "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl lsp-add sw off
ovn-nbctl lsp-set-addresses off "00:00:00:00:01:02 10.0.0.12"
ovn-nbctl lsp-set-enabled off disabled
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24
ovn-nbctl lsp-add-router-port sw sw-lr lr-sw
ovn-nbctl acl-add sw to-lport 1002 'ip4 && tcp' drop
ovn-nbctl lb-add lb1 10.0.0.10:80 "" -- ls-lb-add sw lb1
ovn-nbctl set nb_global . options:debug_drop_collector_set=123 options:debug_drop_domain_id=1 options:default_acl_drop=true
"""

DROPS_BY_APP = DROPS + """
ovn-nbctl create sampling_app type=drop id=42
ovn-nbctl set nb_global . options:debug_drop_domain_id=7
ovn-nbctl lr-policy-add lr 10 "ip4.src == 10.0.0.0/24" drop
"""

UNSAMPLED_AGAIN = DROPS + """
ovn-nbctl set nb_global . options:debug_drop_collector_set=0
"""

CT_TRANSLATED = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw p1
ovn-nbctl acl-add sw from-lport 1001 'ip4 && tcp.dst == 80' allow-related
ovn-nbctl acl-add sw to-lport 1002 'ip4 && udp.dst == 80' drop
ovn-nbctl acl-add sw to-lport 1003 'ip4 && udp.dst == 81' reject
ovn-nbctl acl-add sw to-lport 1004 'ip4 && udp.dst == 82' pass
ovn-nbctl acl-add sw to-lport 1005 'ip4 && udp.dst == 83' allow-stateless
ovn-nbctl acl-add sw to-lport 1006 'ip4 && udp.dst == 84' allow
ovn-nbctl set nb_global . options:acl_ct_translation=true
ovn-nbctl ls-add sx
ovn-nbctl acl-add sx from-lport 1001 'ip4 && tcp.dst == 80' allow
"""

CONTAINERS = """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-add sw c1 vm 0
ovn-nbctl lsp-add sw c2 vm 5
ovn-nbctl lsp-add sw c3 vm 0
ovn-nbctl lsp-add sw c4 missing 0
ovn-nbctl lsp-add sw c5 vm 1
ovn-nbctl clear logical_switch_port c3 tag_request
ovn-nbctl set logical_switch_port c1 parent_name=other
ovn-nbctl lsp-add sw c6 vm 0
ovn-nbctl ls-add sx
ovn-nbctl set logical_switch sx other_config:vlan-passthru=true other_config:requested-tnl-key=9
ovn-nbctl lsp-add sx q1
ovn-nbctl set logical_switch_port q1 options:requested-tnl-key=7
ovn-nbctl lsp-set-addresses q1 "50:54:00:00:00:010 192.168.0.10"
ovn-nbctl lsp-add sx q3
ovn-nbctl lsp-set-port-security q3 "VRRPv3 00:00:5e:00:01:01" "00:00:00:00:00:01"
ovn-nbctl lsp-set-addresses q3 unknown
ovn-nbctl lsp-add sx here
ovn-nbctl lsp-set-type here localport
ovn-nbctl lsp-set-addresses here "00:00:00:00:02:01 10.0.0.21" unknown
ovn-nbctl set logical_switch_port q1 options:qdisc_queue_id=10
"""

GATEWAYS_TO_L2 = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw l2
ovn-nbctl lsp-set-type l2 l2gateway
ovn-nbctl lsp-set-addresses l2 unknown
ovn-nbctl lsp-set-options l2 network_name=net l2gateway-chassis=hv1
ovn-nbctl set logical_switch_port l2 tag_request=10
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.0.0.11"
ovn-nbctl acl-add sw from-lport 1004 'ip4 && tcp' allow-related
ovn-nbctl lsp-add-localnet-port sw wire1 physnet1
ovn-nbctl lsp-add-localnet-port sw wire2 physnet2
ovn-nbctl lsp-add sw afar
ovn-nbctl lsp-set-type afar external
ovn-nbctl lsp-set-addresses afar "00:00:00:00:02:03 10.0.0.33 fd00::33"
ovn-nbctl lr-add lr
ovn-nbctl lrp-add lr lr-sw 00:00:00:00:ff:01 10.0.0.1/24 fd00::1/64
ovn-nbctl lsp-add sw sw-lr
ovn-nbctl lsp-set-type sw-lr router
ovn-nbctl lsp-set-addresses sw-lr router
ovn-nbctl lsp-set-options sw-lr router-port=lr-sw enable_router_port_acl=true
ovn-nbctl lrp-set-gateway-chassis lr-sw hv1
ovn-nbctl ha-chassis-group-add g1
ovn-nbctl ha-chassis-group-add-chassis g1 hv1 10
ovn-nbctl set logical_switch_port afar ha_chassis_group=$(ovn-nbctl --bare --columns=_uuid find ha_chassis_group name=g1)
ovn-nbctl set logical_switch_port afar type='""'
ovn-nbctl lb-add lb1 10.0.0.10:80 10.0.0.2:8080 -- ls-lb-add sw lb1
"""

KINDS_CHANGED = """
ovn-sbctl chassis-add hv1 geneve 10.0.0.1
ovn-nbctl ls-add sw
ovn-nbctl ls-add sx
ovn-nbctl lsp-add sw vm
ovn-nbctl lsp-add sw c1 vm 5
ovn-nbctl lsp-add sw v1
ovn-nbctl lsp-set-type v1 virtual
ovn-nbctl lsp-add sw p1
ovn-sbctl lsp-bind p1 hv1
ovn-nbctl lsp-add sw last
ovn-nbctl clear logical_switch_port c1 parent_name
ovn-nbctl lsp-set-type v1 ''
ovn-nbctl lsp-set-type p1 localport
ovn-nbctl lsp-set-type vm virtual
ovn-nbctl lsp-del last -- lsp-add sx last
"""

TAKEN = """
ovn-nbctl lr-add lr0
ovn-nbctl lr-add lr1
ovn-nbctl lrp-add lr0 lrp0 00:00:00:00:00:01 10.0.0.1/24 peer=lrp1
ovn-nbctl lrp-add lr1 lrp1 00:00:00:00:00:02 10.0.0.2/24 peer=lrp0
ovn-nbctl ls-add ls
ovn-nbctl lsp-add ls ls-lrp1
ovn-nbctl lsp-set-type ls-lrp1 router
ovn-nbctl lsp-set-options ls-lrp1 router-port=lrp1
ovn-nbctl lsp-set-addresses ls-lrp1 router
ovn-nbctl lsp-add ls vm
ovn-nbctl lsp-set-addresses vm "00:00:00:00:01:01 10.0.0.9"
"""

THROUGH_A_FUNCTION = """
ovn-nbctl ls-add sw0 -- lsp-add sw0 nf-p1
ovn-nbctl lsp-add sw0 nf-p2
ovn-nbctl lsp-add sw0 nf-p3
ovn-nbctl lsp-add sw0 nf-p4
ovn-nbctl set logical_switch_port nf-p1 options:receive_multicast=false options:is-nf=true options:nf-linked-port=nf-p2
ovn-nbctl set logical_switch_port nf-p2 options:receive_multicast=false options:is-nf=true options:nf-linked-port=nf-p1
ovn-nbctl nf-add nf0 101 nf-p1 nf-p2 -- nfg-add nfg0 201 inline nf0 -- nf-add nf1 102 nf-p3 nf-p4 -- nfg-add nfg1 202 inline nf1
ovn-nbctl lsp-add sw0 p1 -- lsp-set-addresses p1 "00:00:00:00:00:01 10.0.0.2"
ovn-nbctl lsp-add sw0 p2
ovn-nbctl ls-add sw1 -- lsp-add sw1 q1
ovn-nbctl lsp-add sw1 c1 nf-p1 7
ovn-nbctl lsp-add sw1 c2 nf-p2 7
ovn-nbctl ls-add sw2 -- lsp-add sw2 r1
ovn-nbctl pg-add pg0 p1 q1 r1
ovn-nbctl acl-add pg0 from-lport 1002 "inport == @pg0 && ip4.dst == 10.0.0.3" allow-related nfg0
ovn-nbctl acl-add pg0 to-lport 1003 "outport == @pg0 && ip4.src == 10.0.0.3" allow-related nfg1
ovn-nbctl --label=7 acl-add sw0 to-lport 1004 "ip4.src == 10.0.0.4" allow nfg0
ovn-nbctl --apply-after-lb acl-add sw0 from-lport 1005 "ip4.dst == 10.0.0.5" allow nfg1
ovn-nbctl acl-add sw0 to-lport 1006 "ip4.src == 10.0.0.6" drop nfg0
ovn-nbctl acl-add sw0 from-lport 1007 "ip4.src == 10.0.0.7" allow-stateless nfg1
ovn-nbctl ls-add sw3 -- acl-add sw3 from-lport 1008 "ip4" allow nfg0 -- acl-add sw3 from-lport 1009 "ip6" reject nfg0
ovn-nbctl nf-add spare 103 nf-p1 nf-p4
ovn-nbctl nfg-add empty 203 inline -- acl-add sw1 from-lport 1010 "ip4.dst == 10.0.0.8" allow-related empty
"""

PROBED_FUNCTIONS = THROUGH_A_FUNCTION + """
ovn-nbctl set nb_global . options:svc_monitor_ip=169.254.100.10 options:svc_monitor_ip_dst=169.254.100.11
ovn-nbctl --id=@hc create network_function_health_check name=hc options:interval=5 -- set network_function \
$(ovn-nbctl --bare --columns=_uuid find network_function name=nf0) health_check=@hc
ovn-nbctl set network_function $(ovn-nbctl --bare --columns=_uuid find network_function name=nf1) \
health_check=$(ovn-nbctl --bare --columns=_uuid find network_function_health_check name=hc)
ovn-nbctl nfg-add-nf nfg0 nf1 -- set network_function_group \
$(ovn-nbctl --bare --columns=_uuid find network_function_group name=nfg1) fallback=fail-open
ovn-sbctl chassis-add hv1 geneve 127.0.0.1
ovn-sbctl lsp-bind nf-p1 hv1 -- lsp-bind nf-p2 hv1 -- lsp-bind nf-p4 hv1
ovn-sbctl set port_binding nf-p1 up=true -- set port_binding nf-p2 up=true
ovn-sbctl set port_binding nf-p3 up=true -- set port_binding nf-p4 up=true
ovn-sbctl set service_monitor nf-p2 status=online -- set service_monitor nf-p4 status=offline
ovn-sbctl set service_monitor nf-p4 status=online
ovn-sbctl set service_monitor nf-p2 status=offline
ovn-sbctl set service_monitor nf-p2 status=online
"""

FAILED_FUNCTIONS = PROBED_FUNCTIONS + """
ovn-sbctl set port_binding nf-p1 up=false
ovn-sbctl set service_monitor nf-p4 status=error
"""

SWITCH_NETWORKS: dict[str, str] = {
    "names": NAMES,
    "forwarding groups": FORWARDING_GROUPS,
    "template variables": TEMPLATE_VARIABLES,
    "virtual ports": VIRTUAL,
    "proxies": PROXIES,
    "ports that are down": DOWN,
    "flooded": FLOODED,
    "shaped": SHAPED,
    "joined": JOINED,
    "ports elsewhere": ELSEWHERE,
    "at a vtep": AT_A_VTEP,
    "mirrors": MIRRORS,
    "without a wire": WITHOUT_A_WIRE,
    "kinds changed": KINDS_CHANGED,
    "taken by another router": TAKEN,
    "containers": CONTAINERS,
    "gateways to layer 2": GATEWAYS_TO_L2,
    "drops sampled": DROPS,
    "drops of an application": DROPS_BY_APP,
    "drops not sampled again": UNSAMPLED_AGAIN,
    "translated by conntrack": CT_TRANSLATED,
    "ports probed": PORTS_PROBED,
    "templates": TEMPLATES,
    "snooped": SNOOPED,
    "snooped a little": SNOOPED_LITTLE,
    "snooped quietly": SNOOPED_QUIET,
    "relayed": RELAYED,
    "relayed and flooded": RELAYED_AND_FLOODED,
    "through a function": THROUGH_A_FUNCTION,
    "probed functions": PROBED_FUNCTIONS,
    "failed functions": FAILED_FUNCTIONS,
}
