# shellcheck shell=sh
# A distributed router with two gateways, hv1 before hv2, and a third host that uses them. hv1's cable to the others is
# pulled and put back, while a machine outside pings one inside. Sourced by two_hosts.sh on its network.
#
#   THIRD=PROGRAM           the switch of the third host (default that of the others); a path means Open vSwitch's own
say failover
nb() { on central ovn-nbctl "$@"; }
if [ -n "${THIRD:-}" ]; then
    VSWITCHD=$THIRD DATAPATH=netdev
    for name in central hv1 hv2; do ip netns exec "$ID-$name" ethtool -K eth0 tx off >/dev/null; done
fi
host hv3 192.168.209.113

# The physical network is a second Linux bridge; each gateway has a wire to it, and so has the machine outside.
ip -n "$ID-net" link add br1 type bridge
ip -n "$ID-net" link set br1 up
ip netns add "$ID-out"
wire() { # NAMESPACE DEVICE
    ip link add "$2" netns "$ID-$1" type veth peer name "phy-$1" netns "$ID-net"
    ip -n "$ID-net" link set "phy-$1" master br1 up
    ip -n "$ID-$1" link set "$2" up
    ip netns exec "$ID-$1" ethtool -K "$2" tx off >/dev/null 2>&1 || true
}
wire out eth0
ip -n "$ID-out" link set lo up
ip -n "$ID-out" addr add 172.168.0.1/24 dev eth0
for gateway in hv1 hv2; do
    wire $gateway eth1
    on $gateway ovs-vsctl add-br br-eth1 ${GATEWAYS_DATAPATH:+-- set Bridge br-eth1 datapath_type=$GATEWAYS_DATAPATH} -- add-port br-eth1 eth1
    on $gateway ovs-vsctl set Open_vSwitch . external_ids:ovn-bridge-mappings=provider:br-eth1
done

nb ls-add public -- lsp-add public ln-public -- lsp-set-type ln-public localnet -- lsp-set-addresses ln-public unknown \
    -- lsp-set-options ln-public network_name=provider
nb lr-add lr0 -- lrp-add lr0 lr0-public 00:00:20:20:12:13 172.168.0.200/24 -- lrp-add lr0 lr0-sw0 00:00:00:00:ff:01 10.1.0.1/24
nb lsp-add public public-lr0 -- lsp-set-type public-lr0 router -- lsp-set-addresses public-lr0 router -- lsp-set-options public-lr0 router-port=lr0-public
nb ls-add sw0 -- lsp-add sw0 sw0-lr0 -- lsp-set-type sw0-lr0 router -- lsp-set-addresses sw0-lr0 router -- lsp-set-options sw0-lr0 router-port=lr0-sw0
nb lsp-add sw0 sw0-vm5 -- lsp-set-addresses sw0-vm5 "02:00:00:00:00:05 10.1.0.5"
nb lr-nat-add lr0 dnat_and_snat 172.168.0.205 10.1.0.5
nb lrp-set-gateway-chassis lr0-public hv1 20 -- lrp-set-gateway-chassis lr0-public hv2 10
vm hv3 vm5 sw0-vm5 02:00:00:00:00:05 10.1.0.5 10.1.0.1
nb --wait=hv --timeout=30 sync

leader() { # whose port the gateway's is
    on central ovn-sbctl --bare --columns=chassis find Port_Binding logical_port=cr-lr0-public \
        | while read -r uuid; do [ -z "$uuid" ] || on central ovn-sbctl --bare --columns=name list Chassis "$uuid"; done
}
await_leader() { # NAME
    for _ in $(seq 100); do
        [ "$(leader)" = "$1" ] && echo "leader: $1" && return
        sleep 0.2
    done
    echo "leader: $(leader), not $1"
    exit 1
}
await_leader hv1
ip netns exec "$ID-out" ping -c 1 -W 5 172.168.0.205 || true
ip netns exec "$ID-out" ping -c 2 -i 0.3 -W 2 172.168.0.205

say pulled
ip netns exec "$ID-out" ping -D -n -i 0.1 -c 120 -W 1 172.168.0.205 >"$DIR/failover.ping" &
pinging=$!
sleep 2
ip -n "$ID-net" link set to-hv1 down
await_leader hv2
sleep 3
ip -n "$ID-net" link set to-hv1 up
await_leader hv1
wait $pinging || true
tail -n 3 "$DIR/failover.ping"
awk -F'[][]' '/bytes from/ { if (last && $2 - last > most) most = $2 - last; last = $2 } END { printf "longest silence: %.1f s\n", most }' "$DIR/failover.ping"
on hv3 ovs-vsctl --bare --columns=bfd_status find Interface type=geneve
ip netns del "$ID-out"
