"""Networks on which this project's agent is compared with the reference's: northbound commands, and what is plugged in where."""

from __future__ import annotations

from typing import NamedTuple


class Network(NamedTuple):
    """A network by name."""

    name: str
    commands: str
    """Lines of shell for a central node."""
    plugged: tuple[tuple[str, str], ...]
    """(host, logical port)."""
    host_settings: tuple[str, ...] = ()
    """Words for `ovs-vsctl` on each host, before anything is plugged in; {n} is its number."""


PHYSICAL = ("add-br", "br-ex", "--", "set", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings=phys:br-ex")
"""A host with a bridge to the network `phys`."""

ROUTED = Network(
    "routed",
    """
ovn-nbctl ls-add ls1 -- ls-add ls2 -- lr-add router1
ovn-nbctl lsp-add ls1 ls1-vm1 -- lsp-set-addresses ls1-vm1 02:ac:10:ff:00:10 -- lsp-set-port-security ls1-vm1 02:ac:10:ff:00:10
ovn-nbctl lsp-add ls1 ls1-vm2 -- lsp-set-addresses ls1-vm2 02:ac:10:ff:00:20 -- lsp-set-port-security ls1-vm2 02:ac:10:ff:00:20
ovn-nbctl lsp-add ls2 ls2-vm3 -- lsp-set-addresses ls2-vm3 02:ac:10:ff:10:10 -- lsp-set-port-security ls2-vm3 02:ac:10:ff:10:10
ovn-nbctl lsp-add ls2 ls2-vm4 -- lsp-set-addresses ls2-vm4 02:ac:10:ff:10:20 -- lsp-set-port-security ls2-vm4 02:ac:10:ff:10:20
ovn-nbctl lrp-add router1 router1-ls1 02:ac:10:ff:00:01 172.18.100.1/24
ovn-nbctl lsp-add ls1 ls1-router1 -- lsp-set-type ls1-router1 router -- lsp-set-addresses ls1-router1 02:ac:10:ff:00:01
ovn-nbctl lsp-set-options ls1-router1 router-port=router1-ls1
ovn-nbctl lrp-add router1 router1-ls2 02:ac:10:ff:10:01 172.18.200.1/24
ovn-nbctl lsp-add ls2 ls2-router1 -- lsp-set-type ls2-router1 router -- lsp-set-addresses ls2-router1 02:ac:10:ff:10:01
ovn-nbctl lsp-set-options ls2-router1 router-port=router1-ls2
""",
    (("hv1", "ls1-vm1"), ("hv1", "ls2-vm4"), ("hv2", "ls1-vm2"), ("hv2", "ls2-vm3")),
)

DHCP = Network(
    "dhcp",
    """
ovn-nbctl ls-add net0 -- set Logical_Switch net0 other_config:subnet=10.0.0.0/24 other_config:exclude_ips=10.0.0.1..10.0.0.10
ovn-nbctl dhcp-options-create 10.0.0.0/24
options=$(ovn-nbctl --bare --columns=_uuid find DHCP_Options cidr=10.0.0.0/24)
ovn-nbctl dhcp-options-set-options "$options" lease_time=3600 router=10.0.0.1 server_id=10.0.0.1 server_mac=c0:ff:ee:00:00:01
for i in 1 2 3; do
    ovn-nbctl lsp-add net0 port$i -- lsp-set-addresses port$i "c0:ff:ee:00:00:1$i dynamic" \\
        -- lsp-set-port-security port$i "c0:ff:ee:00:00:1$i" -- lsp-set-dhcpv4-options port$i "$options"
done
""",
    (("hv1", "port1"), ("hv2", "port2"), ("hv2", "port3")),
)

GATEWAY = Network(
    "gateway",
    """
router_port() {  # SWITCH PORT ROUTER_PORT
    ovn-nbctl lsp-add $1 $2 -- lsp-set-type $2 router -- lsp-set-addresses $2 router -- lsp-set-options $2 router-port=$3
}
ovn-nbctl ls-add pub -- ls-add in -- ls-add join -- lr-add r -- lr-add gw -- set Logical_Router gw options:chassis=hv2
ovn-nbctl lsp-add pub ln-pub -- lsp-set-type ln-pub localnet -- lsp-set-addresses ln-pub unknown -- lsp-set-options ln-pub network_name=phys
ovn-nbctl lrp-add r r-in 00:00:00:00:ff:02 192.168.7.1/24 -- lrp-add r r-join 00:00:00:00:01:02 100.64.0.2/24
ovn-nbctl lrp-add gw gw-join 00:00:00:00:01:01 100.64.0.1/24 -- lrp-add gw gw-pub 00:00:00:00:01:09 172.16.0.9/24
router_port in in-r r-in; router_port join join-r r-join; router_port join join-gw gw-join; router_port pub pub-gw gw-pub
ovn-nbctl lr-route-add r 0.0.0.0/0 100.64.0.1 -- lr-route-add gw 192.168.7.0/24 100.64.0.2
ovn-nbctl lr-nat-add gw snat 172.16.0.9 192.168.7.0/24 -- lr-nat-add gw dnat_and_snat 172.16.0.11 192.168.7.11
secure="00:00:00:00:07:01 192.168.7.11 192.168.8.0/24 fd00::11"
ovn-nbctl lsp-add in w1 -- lsp-set-addresses w1 "00:00:00:00:07:01 192.168.7.11 fd00::11" -- lsp-set-port-security w1 "$secure"
ovn-nbctl lsp-add in w2 -- lsp-set-addresses w2 "00:00:00:00:07:02 192.168.7.12" unknown
ovn-nbctl lsp-add in lp -- lsp-set-type lp localport -- lsp-set-addresses lp "00:00:00:00:07:77 192.168.7.2"
ovn-nbctl static-mac-binding-add gw-pub 172.16.0.99 00:00:00:00:00:99
ovn-nbctl --wait=sb sync
gw=$(ovn-sbctl --bare --columns=_uuid find Datapath_Binding external_ids:name=gw)
in=$(ovn-sbctl --bare --columns=tunnel_key find Datapath_Binding external_ids:name=in)
ovn-sbctl create MAC_Binding logical_port=gw-pub ip=172.16.0.50 'mac="00:00:00:00:00:50"' datapath=$gw
ovn-sbctl create MAC_Binding logical_port=gw-pub 'ip="fd00::50"' 'mac="00:00:00:00:00:51"' datapath=$gw
ovn-sbctl create FDB 'mac="00:00:00:00:77:77"' dp_key=$in port_key=2
""",
    (("hv1", "w1"), ("hv2", "w2"), ("hv1", "lp"), ("hv2", "lp")),
    PHYSICAL,
)

ROUTER_PORT = """
router_port() {  # SWITCH PORT ROUTER_PORT
    ovn-nbctl lsp-add $1 $2 -- lsp-set-type $2 router -- lsp-set-addresses $2 router -- lsp-set-options $2 router-port=$3
}
"""

BALANCED = Network(
    "balanced",
    f"""{ROUTER_PORT}
ovn-nbctl ls-add out -- ls-add ls1 -- ls-add ls2 -- ls-add join -- lr-add r -- lr-add gw -- set Logical_Router gw options:chassis=hv2
ovn-nbctl lsp-add out ln-out -- lsp-set-type ln-out localnet -- lsp-set-addresses ln-out unknown -- lsp-set-options ln-out network_name=phys
ovn-nbctl lrp-add r r-ls1 02:00:00:00:01:01 172.18.100.1/24 -- lrp-add r r-ls2 02:00:00:00:01:02 172.18.200.1/24
ovn-nbctl lrp-add r r-join 02:00:00:00:02:02 172.19.255.2/24 -- lrp-add gw gw-join 02:00:00:00:02:01 172.19.255.1/24
ovn-nbctl lrp-add gw gw-out 02:00:00:00:03:01 192.168.209.120/19
router_port ls1 ls1-r r-ls1; router_port ls2 ls2-r r-ls2; router_port join join-r r-join; router_port join join-gw gw-join
router_port out out-gw gw-out
ovn-nbctl lr-route-add r 0.0.0.0/0 172.19.255.1 -- lr-route-add gw 172.18.0.0/16 172.19.255.2
ovn-nbctl lr-nat-add gw snat 192.168.209.120 172.18.0.0/16
for i in 1 2; do for j in 1 2; do
    ovn-nbctl lsp-add ls$i vm$i$j -- lsp-set-addresses vm$i$j "02:00:00:00:1$i:1$j 172.18.${{i}}00.1$j fd00:$i::1$j"
done; done
ovn-nbctl lb-add outside 192.168.209.55 172.18.100.11,172.18.200.11 -- lr-lb-add gw outside
ovn-nbctl lb-add web 192.168.2.2:80 172.18.100.11:8000,172.18.100.12:8000 -- ls-lb-add ls1 web -- ls-lb-add ls2 web
ovn-nbctl lb-add all 192.168.2.3 172.18.100.11,172.18.200.12 -- ls-lb-add ls1 all -- lr-lb-add gw all
ovn-nbctl lb-add six '[fd00::2]:80' '[fd00:1::11]:8000,[fd00:2::11]:8000' udp -- ls-lb-add ls1 six
ovn-nbctl lb-add hashed 192.168.2.4:53 172.18.100.11:53,172.18.200.12:53 udp -- ls-lb-add ls2 hashed
ovn-nbctl set Load_Balancer hashed selection_fields=ip_src,ip_dst options:hairpin_snat_ip='"192.168.2.99"'
ovn-nbctl lb-add sticky 192.168.2.5:80 172.18.100.11:80,172.18.200.12:80 -- ls-lb-add ls2 sticky
ovn-nbctl set Load_Balancer sticky options:affinity_timeout=60
""",
    (("hv1", "vm11"), ("hv1", "vm22"), ("hv2", "vm12"), ("hv2", "vm21")),
    PHYSICAL,
)

DISTRIBUTED = Network(
    "distributed",
    f"""{ROUTER_PORT}
ovn-nbctl ls-add in -- ls-add pub -- lr-add r
ovn-nbctl lsp-add pub ln-pub -- lsp-set-type ln-pub localnet -- lsp-set-addresses ln-pub unknown -- lsp-set-options ln-pub network_name=phys
ovn-nbctl lrp-add r r-in 00:00:00:00:ff:01 192.168.1.1/24 -- lrp-add r r-pub 00:00:20:20:12:13 172.24.4.1/24
router_port in in-r r-in; router_port pub pub-r r-pub
ovn-nbctl lrp-set-gateway-chassis r-pub hv2 20
ovn-nbctl lsp-add in vm1 -- lsp-set-addresses vm1 "00:00:00:00:00:01 192.168.1.11"
ovn-nbctl lsp-add in vm2 -- lsp-set-addresses vm2 "00:00:00:00:00:02 192.168.1.12"
ovn-nbctl lr-nat-add r snat 172.24.4.1 192.168.1.0/24 -- lr-nat-add r dnat_and_snat 172.24.4.111 192.168.1.11
ovn-nbctl lr-nat-add r dnat_and_snat 172.24.4.112 192.168.1.12 vm2 00:00:00:00:fe:12
ovn-nbctl lr-route-add r 0.0.0.0/0 172.24.4.99
""",
    (("hv1", "vm1"), ("hv1", "vm2")),
    PHYSICAL,
)

STANDBY = Network(
    "standby",
    f"""{ROUTER_PORT}
ovn-nbctl ls-add in -- ls-add pub -- lr-add r
ovn-nbctl lsp-add pub ln-pub -- lsp-set-type ln-pub localnet -- lsp-set-addresses ln-pub unknown -- lsp-set-options ln-pub network_name=phys
ovn-nbctl lrp-add r r-in 00:00:00:00:ff:01 192.168.1.1/24 -- lrp-add r r-pub 00:00:20:20:12:13 172.24.4.1/24
router_port in in-r r-in; router_port pub pub-r r-pub
ovn-sbctl chassis-add hv3 geneve 127.0.1.3
ovn-nbctl lrp-set-gateway-chassis r-pub hv2 20 -- lrp-set-gateway-chassis r-pub hv3 10
ovn-nbctl lr-nat-add r snat 172.24.4.1 192.168.1.0/24
ovn-nbctl lsp-add in vm1 -- lsp-set-addresses vm1 "00:00:00:00:00:01 192.168.1.11"
ovn-nbctl lsp-add in vm2 -- lsp-set-addresses vm2 "00:00:00:00:00:02 192.168.1.12"
""",
    (("hv1", "vm1"), ("hv2", "vm2")),
    PHYSICAL,
)

EQUALS = Network("equals", STANDBY.commands.replace("hv3 10", "hv3 20"), STANDBY.plugged, PHYSICAL)

BRIDGED = Network("bridged", f"{STANDBY.commands}ovn-nbctl lrp-set-redirect-type r-pub bridged\n", STANDBY.plugged, PHYSICAL)

KINDS = Network(
    "kinds",
    f"""{ROUTER_PORT}
ovn-nbctl ls-add sw -- ls-add wire -- ls-add l2 -- lr-add r
ovn-nbctl lsp-add wire ln -- lsp-set-type ln localnet -- lsp-set-addresses ln unknown -- lsp-set-options ln network_name=phys
ovn-nbctl set Logical_Switch_Port ln tag_request=42
ovn-nbctl lrp-add r r-sw 00:00:00:00:ff:01 192.168.1.1/24 fd01::1/64 -- lrp-add r r-wire 00:00:20:20:12:13 172.24.4.1/24
router_port sw sw-r r-sw; router_port wire wire-r r-wire
ovn-nbctl set Logical_Router_Port r-sw ipv6_ra_configs:address_mode=dhcpv6_stateful ipv6_ra_configs:mtu=1400
ovn-nbctl ha-chassis-group-add ha -- ha-chassis-group-add-chassis ha hv1 5
ha=$(ovn-nbctl --bare --columns=_uuid find HA_Chassis_Group name=ha)
options=$(ovn-nbctl create DHCP_Options cidr=172.24.4.0/24 \
    'options={{lease_time="60",server_id="172.24.4.2",server_mac="00:00:00:00:00:77",dns_server="{{1.1.1.1, 2.2.2.2}}"}}')
six=$(ovn-nbctl create DHCP_Options 'cidr="fd01::/64"' 'options:server_id="00:00:00:00:00:99"' \\
    'options:dns_server="fd01::53"' 'options:domain_search="\\"a.b\\""')
ovn-nbctl lsp-add wire ext -- lsp-set-type ext external -- lsp-set-addresses ext "00:00:00:00:0e:01 172.24.4.77" \
    -- set Logical_Switch_Port ext ha_chassis_group=$ha dhcpv4_options=$options
ovn-nbctl lsp-add l2 gate -- lsp-set-type gate l2gateway -- lsp-set-addresses gate unknown \
    -- lsp-set-options gate network_name=phys l2gateway-chassis=hv2
ovn-nbctl lsp-add l2 low -- lsp-set-addresses low "00:00:00:00:0d:01 10.9.0.1"
for n in 1 2; do
    ovn-nbctl lsp-add sw vm$n -- lsp-set-addresses vm$n "00:00:00:00:00:0$n 192.168.1.1$n fd01::1$n" -- lsp-set-dhcpv6-options vm$n $six
done
ovn-nbctl lsp-add sw vip -- lsp-set-type vip virtual -- lsp-set-addresses vip "00:00:00:00:00:09 192.168.1.99" \
    -- set Logical_Switch_Port vip options:virtual-ip=192.168.1.99 options:virtual-parents=vm1,vm2
dns=$(ovn-nbctl create DNS 'records={{vm1.ovn.org="192.168.1.11 fd01::11"}}')
ovn-nbctl set Logical_Switch sw dns_records=$dns other_config:mcast_snoop=true other_config:mcast_querier=false
ovn-nbctl meter-add few drop 10 pktps 5
ovn-nbctl --log --meter=few --severity=info --name=n acl-add sw to-lport 900 'ip4.src == 192.168.1.13' drop
ovn-nbctl qos-add sw from-lport 100 'ip4' rate=1000 burst=100
""",
    (("hv1", "vm1"), ("hv2", "vm2"), ("hv1", "low")),
    PHYSICAL,
)

VXLAN = Network("vxlan", ROUTED.commands, ROUTED.plugged, ("set", "Open_vSwitch", ".", "external_ids:ovn-encap-type=vxlan"))

POLICY = Network(
    "policy",
    """
ovn-nbctl ls-add sw
ovn-nbctl lsp-add sw a -- lsp-set-addresses a "00:00:00:00:00:0a 10.0.0.10" -- lsp-set-port-security a "00:00:00:00:00:0a 10.0.0.10"
ovn-nbctl lsp-add sw b -- lsp-set-addresses b "00:00:00:00:00:0b 10.0.0.11" unknown
ovn-nbctl lsp-add sw six -- lsp-set-addresses six "00:00:00:00:00:06 fd00::6" -- lsp-set-port-security six "00:00:00:00:00:06 fd00::6/64"
ovn-nbctl lsp-add sw inside a 42 -- lsp-set-addresses inside "00:00:00:00:00:c1 10.0.0.61" \\
    -- lsp-set-port-security inside "00:00:00:00:00:c1 10.0.0.61"
ovn-nbctl pg-add web a b
ovn-nbctl acl-add web to-lport 1000 'outport == @web && ip4.src == {10.1.0.1, 10.1.0.2} && tcp.dst == {80, 443}' allow-related
ovn-nbctl acl-add web from-lport 900 'inport == @web && ip4.dst == $web_ip4' reject
ovn-nbctl acl-add sw to-lport 800 'outport == "b" && ip6' drop
""",
    (("hv1", "a"), ("hv1", "six"), ("hv2", "b")),
)

SECURED = Network(
    "secured",
    """
ovn-nbctl ls-add ls
add() {  # PORT ADDRESSES SECURITY…
    name=$1 addresses=$2; shift 2
    ovn-nbctl lsp-add ls $name -- lsp-set-addresses $name "$addresses" -- lsp-set-port-security $name "$@"
}
add host "02:00:00:00:00:01 10.0.0.5" "02:00:00:00:00:01 10.0.0.5/24 fd00::5/64"
add subnet "02:00:00:00:00:02 10.0.0.6" "02:00:00:00:00:02 10.0.0.0/24 fd00::/64" "02:00:00:00:00:22"
add anyone "02:00:00:00:00:03 10.0.0.7" "VRRPv3 02:00:00:00:00:03 10.0.0.7 fd00::7"
add one "02:00:00:00:00:04 10.0.0.8" "VRRPv3 02:00:00:00:00:04 00:00:5e:00:01:05 00:00:5e:00:02:00/44 10.0.0.8 fd00::8"
add four "02:00:00:00:00:05 10.0.0.9" "VRRPv3 02:00:00:00:00:05 00:00:5e:00:01:05"
add wrong "02:00:00:00:00:06 10.0.0.10" "02:00:00:00:00:06 10.0.0.10 nonsense"
add six "02:00:00:00:00:07 fd00::9" "02:00:00:00:00:07 fd00::9"
""",
    tuple((f"hv{1 + number % 2}", port) for number, port in enumerate(("host", "subnet", "anyone", "one", "four", "wrong", "six"))),
)

FUNCTIONS = Network(
    "functions",
    """
ovn-nbctl ls-add sw -- lsp-add sw ln -- lsp-set-type ln localnet -- lsp-set-addresses ln unknown -- lsp-set-options ln network_name=phys
ovn-nbctl ls-add apart -- lsp-add apart vm3 -- lsp-set-addresses vm3 "00:00:00:00:00:03 10.0.1.3"
for n in 1 2; do
    ovn-nbctl lsp-add sw nf$n -- set Logical_Switch_Port nf$n options:receive_multicast=false options:lsp_learn_fdb=false \
        options:is-nf=true options:nf-linked-port=nf$((3 - n))
    ovn-nbctl lsp-add sw vm$n -- lsp-set-addresses vm$n "00:00:00:00:00:0$n 10.0.0.$n"
    ovn-nbctl lsp-add apart in$n -- set Logical_Switch_Port in$n options:is-nf=true options:nf-linked-port=in$((3 - n))
done
ovn-nbctl lsp-add sw odd -- set Logical_Switch_Port odd options:is-nf=true options:nf-linked-port=nf1
ovn-nbctl nf-add f 1 nf1 nf2 -- nfg-add g 2 inline f -- nf-add h 3 in1 in2 -- nfg-add k 4 inline h
ovn-nbctl pg-add pg vm1 -- acl-add pg from-lport 1000 'inport == @pg && ip4' allow-related g
ovn-nbctl acl-add pg to-lport 1000 'outport == @pg && ip4' allow-related g
ovn-nbctl acl-add apart to-lport 1000 'outport == "vm3" && ip4' allow-related k
""",
    (("hv1", "vm1"), ("hv2", "nf1"), ("hv2", "nf2"), ("hv2", "odd"), ("hv2", "vm2"), ("hv1", "vm3"), ("hv2", "in1"), ("hv2", "in2")),
    PHYSICAL,
)

TRANSIT = Network(
    "transit",
    """
ovn-sbctl chassis-add far geneve 127.0.1.9 -- set Chassis far other_config:is-remote=true
ovn-nbctl lr-add tr -- lrp-add tr tr-here 00:00:00:00:30:01 192.168.100.1/24
ovn-nbctl lrp-add tr tr-far 00:00:00:00:30:03 192.168.101.1/24 -- set Logical_Router_Port tr-far options:requested-chassis=far
ovn-nbctl ls-add sw -- lsp-add sw vm1 -- lsp-set-addresses vm1 "00:00:00:00:00:01 192.168.100.11"
ovn-nbctl lsp-add sw sw-tr -- lsp-set-type sw-tr router -- lsp-set-addresses sw-tr router -- lsp-set-options sw-tr router-port=tr-here
""",
    (("hv1", "vm1"),),
    ("set", "Open_vSwitch", ".", "external_ids:ovn-is-interconn=true"),
)

NETWORKS = (ROUTED, DHCP, GATEWAY, POLICY, SECURED, BALANCED, DISTRIBUTED, STANDBY, EQUALS, BRIDGED, KINDS, VXLAN, FUNCTIONS, TRANSIT)
