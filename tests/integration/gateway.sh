# shellcheck shell=sh
# A gateway router on hv2 between the two switches and an outside network: routed, translated, and with load balancers.
# Sourced by two_hosts.sh on its network. DIR, ID and `on` are that script's.
say gateway
chassis=$(on central ovn-sbctl --bare --columns=name find Chassis hostname=hv2)
nb() { on central ovn-nbctl "$@"; }
router_port() { # SWITCH PORT ROUTER_PORT MAC
    nb lsp-add "$1" "$2" -- lsp-set-type "$2" router -- lsp-set-addresses "$2" "$4" -- lsp-set-options "$2" router-port="$3"
}
nb create Logical_Router name=gw1 options:chassis="$chassis"
nb ls-add ls3 -- ls-add outside
nb lrp-add gw1 gw1-ls3 02:ac:10:ff:ff:01 172.19.255.1/24 -- lrp-add router1 router1-ls3 02:ac:10:ff:ff:02 172.19.255.2/24
router_port ls3 ls3-gw1 gw1-ls3 02:ac:10:ff:ff:01
router_port ls3 ls3-router1 router1-ls3 02:ac:10:ff:ff:02
nb lr-route-add gw1 172.18.0.0/16 172.19.255.2 -- lr-route-add router1 0.0.0.0/0 172.19.255.1
nb lrp-add gw1 gw1-outside 02:0a:7f:18:01:02 192.168.223.120/24
router_port outside outside-gw1 gw1-outside 02:0a:7f:18:01:02
nb lsp-add outside outside-localnet -- lsp-set-addresses outside-localnet unknown -- lsp-set-type outside-localnet localnet \
    -- lsp-set-options outside-localnet network_name=phyNet

# The outside machine is plugged into the bridge of the physical network.
on hv2 ovs-vsctl add-br br-eth1 ${DATAPATH:+-- set Bridge br-eth1 datapath_type=$DATAPATH}
on hv2 ovs-vsctl set Open_vSwitch . external_ids:ovn-bridge-mappings=phyNet:br-eth1
ip netns add "$ID-out"
on hv2 ovs-vsctl add-port br-eth1 ens9 -- set Interface ens9 type=internal
ip -n "$ID-hv2" link set ens9 netns "$ID-out"
ip -n "$ID-out" addr add 192.168.223.161/24 dev ens9
ip -n "$ID-out" link set ens9 up
ip -n "$ID-out" link set lo up
ip netns exec "$ID-out" ethtool -K ens9 tx off >/dev/null 2>&1 || true
nb --wait=hv --timeout=30 sync
# Those that had leases lost their own addresses.
for machine in "vm1 172.18.100.10 172.18.100.1" "vm4 172.18.200.20 172.18.200.1"; do
    # shellcheck disable=SC2086  # three words
    set -- $machine
    ip netns exec "$ID-$1" ip addr replace "$2/24" dev "$1"
    ip netns exec "$ID-$1" ip route replace default via "$3"
done
sleep 1

say to-the-gateway
ip netns exec "$ID-vm1" ping -c 1 -W 3 172.19.255.1 || true
ip netns exec "$ID-vm1" ping -c 2 -i 0.3 -W 2 172.19.255.1
ip netns exec "$ID-vm1" ping -c 2 -i 0.3 -W 2 192.168.223.120
ip netns exec "$ID-out" ping -c 2 -i 0.3 -W 2 192.168.223.120

say from-outside
ip netns exec "$ID-out" ip route replace 172.18.0.0/16 via 192.168.223.120
ip netns exec "$ID-out" ping -c 1 -W 3 172.18.100.10 || true
ip netns exec "$ID-out" ping -c 2 -i 0.3 -W 2 172.18.100.10

say translated
ip netns exec "$ID-out" ip route del 172.18.0.0/16
nb --wait=hv --timeout=30 lr-nat-add gw1 snat 192.168.223.120 172.18.0.0/16
ip netns exec "$ID-vm1" ping -c 1 -W 3 192.168.223.161 || true
ip netns exec "$ID-vm1" ping -c 2 -i 0.3 -W 2 192.168.223.161

say balanced
nb lb-add lb1 192.168.223.55:8000 172.18.100.10:8000,172.18.200.10:8000 -- lr-lb-add gw1 lb1
nb --wait=hv --timeout=30 lb-add lb2 192.168.2.2:8000 172.18.100.10:8000,172.18.200.10:8000 -- ls-lb-add ls2 lb2 -- ls-lb-add ls1 lb2
web() { # VM
    mkdir -p "$DIR/www-$1"
    echo "i am $1" >"$DIR/www-$1/index.html"
    ip netns exec "$ID-$1" python3 -m http.server -d "$DIR/www-$1" 8000 >/dev/null 2>&1 &
    mkdir -p "$DIR/web"
    echo $! >"$DIR/web/$1.pid"
}
web vm1
web vm3
sleep 1
get() { # FROM ADDRESS: so often that both machines are chosen in all but one of a thousand runs
    for _ in 1 2 3 4 5 6 7 8 9 10 11; do
        echo "$1 heard: $(ip netns exec "$ID-$1" curl -s --max-time 4 "http://$2:8000/" || echo nothing)"
    done
}
get out 192.168.223.55
get vm4 192.168.2.2
# vm1 is one of the two who may answer itself.
get vm1 192.168.2.2
ip netns del "$ID-out"
