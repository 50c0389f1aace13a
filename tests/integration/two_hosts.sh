#!/bin/sh
# A central node and two hosts, each in a network namespace of its own; four machines on two switches, a router
# between them; then a switch whose machines get their addresses by DHCP. Written for any implementation of the programs:
# those found first in PATH are run.
#
#   two_hosts.sh ID DIR     ID makes the names of the namespaces, DIR holds databases, sockets and logs
#   VSWITCHD=PROGRAM        the switch (default ovs-vswitchd of PATH)
#   AFTER=FILE              is sourced when all that has come
#   DATAPATH=netdev         the bridges' datapath_type; the tunnels' address is then on a bridge of the switch itself
set -eu
ID=$1 DIR=$2
VSWITCHD=${VSWITCHD:-ovs-vswitchd}
DATAPATH=${DATAPATH:-}
mkdir -p "$DIR"

say() { echo "== $*"; }

stop() {
    status=$?
    for pidfile in "$DIR"/*/*.pid; do
        [ -f "$pidfile" ] && kill "$(cat "$pidfile")" 2>/dev/null || true
    done
    for name in out vm1 vm2 vm3 vm4 vm5 hv1 hv2 hv3 central net; do ip netns del "$ID-$name" 2>/dev/null || true; done
    rm -f "$DIR"/*.dhclient-pid
    exit $status
}
trap stop EXIT
trap 'exit 1' INT TERM

# The underlay is a Linux bridge in a namespace; each node has eth0 on it.
ip netns add "$ID-net"
ip -n "$ID-net" link add br0 type bridge
ip -n "$ID-net" link set br0 up

node() { # NAME ADDRESS
    ip netns add "$ID-$1"
    ip -n "$ID-$1" link set lo up
    ip link add eth0 netns "$ID-$1" type veth peer name "to-$1" netns "$ID-net"
    ip -n "$ID-net" link set "to-$1" master br0 up
    ip -n "$ID-$1" link set eth0 up
    # A switch in user space sees frames whose checksums the sender left to the hardware.
    [ -z "$DATAPATH" ] || ip netns exec "$ID-$1" ethtool -K eth0 tx off >/dev/null
    [ -n "$DATAPATH" ] && [ "$1" != central ] || ip -n "$ID-$1" addr add "$2/24" dev eth0
    mkdir -p "$DIR/$1"
}

on() { # NODE COMMAND…: with that node's directories
    on_node=$1; shift
    OVS_RUNDIR=$DIR/$on_node OVN_RUNDIR=$DIR/$on_node OVS_DBDIR=$DIR/$on_node OVN_DBDIR=$DIR/$on_node \
        OVS_LOGDIR=$DIR/$on_node OVN_LOGDIR=$DIR/$on_node OVS_SYSCONFDIR=$DIR/$on_node \
        ip netns exec "$ID-$on_node" "$@"
}

say central
node central 192.168.209.110
on central ovsdb-tool create "$DIR/central/ovnnb_db.db" "$SCHEMAS/ovn-nb.ovsschema"
on central ovsdb-tool create "$DIR/central/ovnsb_db.db" "$SCHEMAS/ovn-sb.ovsschema"
for db in nb sb; do
    name=OVN_Northbound table=NB_Global
    [ $db = nb ] || { name=OVN_Southbound; table=SB_Global; }
    on central ovsdb-server --detach --no-chdir --pidfile="$DIR/central/ovn${db}_db.pid" --log-file="$DIR/central/ovsdb-$db.log" \
        --remote=punix:"$DIR/central/ovn${db}_db.sock" --remote=db:$name,$table,connections \
        --unixctl="$DIR/central/ovn${db}_db.ctl" "$DIR/central/ovn${db}_db.db"
done
on central ovn-nbctl --no-leader-only init
on central ovn-sbctl --no-leader-only init
on central ovn-northd --detach --no-chdir --pidfile="$DIR/central/ovn-northd.pid" --log-file="$DIR/central/ovn-northd.log" \
    --ovnnb-db=unix:"$DIR/central/ovnnb_db.sock" --ovnsb-db=unix:"$DIR/central/ovnsb_db.sock" --unixctl="$DIR/central/ovn-northd.ctl"
on central ovn-nbctl set-connection ptcp:6641:0.0.0.0
on central ovn-sbctl set-connection ptcp:6642:0.0.0.0

host() { # NAME ADDRESS
    say "$1"
    node "$1" "$2"
    on "$1" ovsdb-tool create "$DIR/$1/conf.db" "$SCHEMAS/vswitch.ovsschema"
    on "$1" ovsdb-server --detach --no-chdir --pidfile="$DIR/$1/ovsdb-server.pid" --log-file="$DIR/$1/ovsdb-server.log" \
        --remote=punix:"$DIR/$1/db.sock" --remote=db:Open_vSwitch,Open_vSwitch,manager_options "$DIR/$1/conf.db"
    on "$1" ovs-vsctl --no-wait init
    on "$1" "$VSWITCHD" --detach --no-chdir --pidfile="$DIR/$1/ovs-vswitchd.pid" --log-file="$DIR/$1/ovs-vswitchd.log" unix:"$DIR/$1/db.sock"
    if [ -n "$DATAPATH" ]; then
        on "$1" ovs-vsctl add-br br-phy -- set bridge br-phy datapath_type="$DATAPATH" -- add-port br-phy eth0
        # The address is the bridge's: eth0, which belongs to it, is not to answer for it.
        ip netns exec "$ID-$1" sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore'
        ip -n "$ID-$1" addr add "$2/24" dev br-phy
        ip -n "$ID-$1" link set br-phy up
        ip netns exec "$ID-$1" ethtool -K br-phy tx off >/dev/null 2>&1 || true
    fi
    on "$1" ovs-vsctl add-br br-int -- set Bridge br-int fail-mode=secure ${DATAPATH:+datapath_type=$DATAPATH}
    on "$1" ovs-vsctl set open . external-ids:system-id="$1" external-ids:hostname="$1" \
        ${DATAPATH:+external-ids:ovn-bridge-datapath-type=$DATAPATH}
    on "$1" ovs-vsctl set open . external-ids:ovn-remote=tcp:192.168.209.110:6642
    on "$1" ovs-vsctl set open . external-ids:ovn-encap-type=geneve
    on "$1" ovs-vsctl set open . external-ids:ovn-encap-ip="$2"
    on "$1" ovn-controller --detach --no-chdir --pidfile="$DIR/$1/ovn-controller.pid" --log-file="$DIR/$1/ovn-controller.log" unix:"$DIR/$1/db.sock"
}
host hv1 192.168.209.111
host hv2 192.168.209.112

say switches
on central ovn-nbctl ls-add ls1 -- lsp-add ls1 ls1-vm1 -- lsp-set-addresses ls1-vm1 02:ac:10:ff:00:10 -- lsp-set-port-security ls1-vm1 02:ac:10:ff:00:10
on central ovn-nbctl lsp-add ls1 ls1-vm2 -- lsp-set-addresses ls1-vm2 02:ac:10:ff:00:20 -- lsp-set-port-security ls1-vm2 02:ac:10:ff:00:20
on central ovn-nbctl ls-add ls2 -- lsp-add ls2 ls2-vm3 -- lsp-set-addresses ls2-vm3 02:ac:10:ff:10:10 -- lsp-set-port-security ls2-vm3 02:ac:10:ff:10:10
on central ovn-nbctl lsp-add ls2 ls2-vm4 -- lsp-set-addresses ls2-vm4 02:ac:10:ff:10:20 -- lsp-set-port-security ls2-vm4 02:ac:10:ff:10:20

vm() { # HOST VM PORT MAC ADDRESS GATEWAY
    ip netns add "$ID-$2"
    on "$1" ovs-vsctl add-port br-int "$2" -- set interface "$2" type=internal
    ip -n "$ID-$1" link set "$2" netns "$ID-$2"
    ip netns exec "$ID-$2" ip link set "$2" address "$4"
    ip netns exec "$ID-$2" ip addr add "$5/24" dev "$2"
    ip netns exec "$ID-$2" ip link set "$2" up
    [ -z "$DATAPATH" ] || ip netns exec "$ID-$2" ethtool -K "$2" tx off >/dev/null 2>&1 || true
    ip netns exec "$ID-$2" ip route add default via "$6"
    on "$1" ovs-vsctl set Interface "$2" external_ids:iface-id="$3"
}
say machines
vm hv1 vm1 ls1-vm1 02:ac:10:ff:00:10 172.18.100.10 172.18.100.1
vm hv1 vm4 ls2-vm4 02:ac:10:ff:10:20 172.18.200.20 172.18.200.1
vm hv2 vm2 ls1-vm2 02:ac:10:ff:00:20 172.18.100.20 172.18.100.1
vm hv2 vm3 ls2-vm3 02:ac:10:ff:10:10 172.18.200.10 172.18.200.1

say router
on central ovn-nbctl lr-add router1
for n in 1 2; do
    mac=02:ac:10:ff:00:01
    [ $n = 1 ] || mac=02:ac:10:ff:10:01
    on central ovn-nbctl lrp-add router1 router1-ls$n $mac 172.18.${n}00.1/24
    on central ovn-nbctl lsp-add ls$n ls$n-router1
    on central ovn-nbctl lsp-set-type ls$n-router1 router
    on central ovn-nbctl lsp-set-addresses ls$n-router1 $mac
    on central ovn-nbctl lsp-set-options ls$n-router1 router-port=router1-ls$n
done
on central ovn-nbctl --wait=hv --timeout=30 sync
on central ovn-nbctl show
on central ovn-sbctl show
on hv1 ovs-vsctl show
on central timeout 20 sh -c 'for p in ls1-vm1 ls1-vm2 ls2-vm3 ls2-vm4; do ovn-nbctl wait-until Logical_Switch_Port $p up=true; done'

say pings
ip netns exec "$ID-vm1" ping -c 3 -i 0.3 -W 2 172.18.100.20
ip netns exec "$ID-vm3" ping -c 1 -W 3 172.18.100.10 || true # the router learns who has the address
ip netns exec "$ID-vm3" ping -c 3 -i 0.3 -W 2 172.18.100.10
ip netns exec "$ID-vm2" ping -c 1 -W 3 172.18.200.20 || true
ip netns exec "$ID-vm2" ping -c 3 -i 0.3 -W 2 172.18.200.20
ip netns exec "$ID-vm1" ping -c 1 -W 2 172.18.200.1

say dhcp
on central ovn-nbctl ls-add net0
on central ovn-nbctl set logical_switch net0 other_config:subnet=10.0.0.0/24 other_config:exclude_ips=10.0.0.1..10.0.0.10
on central ovn-nbctl dhcp-options-create 10.0.0.0/24
CIDR_UUID=$(on central ovn-nbctl --bare --columns=_uuid find dhcp_options cidr=10.0.0.0/24)
on central ovn-nbctl dhcp-options-set-options "$CIDR_UUID" lease_time=3600 router=10.0.0.1 server_id=10.0.0.1 server_mac=c0:ff:ee:00:00:01

lease() { # HOST VM PORT MAC ADDRESS
    on central ovn-nbctl lsp-add net0 "$3"
    on central ovn-nbctl lsp-set-addresses "$3" "$4 dynamic"
    on central ovn-nbctl lsp-set-dhcpv4-options "$3" "$CIDR_UUID"
    on "$1" ovs-vsctl add-port br-int "$3" -- set interface "$3" type=internal mac="[\"$4\"]" external_ids:iface-id="$3"
    ip -n "$ID-$1" link set "$3" netns "$ID-$2"
    on central ovn-nbctl --wait=hv --timeout=30 sync
    ip netns exec "$ID-$2" ip addr flush dev "$2"
    [ -z "$DATAPATH" ] || ip netns exec "$ID-$2" ethtool -K "$3" tx off >/dev/null 2>&1 || true
    ip netns exec "$ID-$2" timeout 40 dhclient -1 -v -lf "$DIR/$3.leases" -pf "$DIR/$3.dhclient-pid" -sf "$LEASE_SCRIPT" "$3"
    ip netns exec "$ID-$2" ip -4 addr show dev "$3" | grep "inet $5/"
    # It goes on by itself, and writes who it is a little after it was let go.
    for _ in $(seq 50); do [ -s "$DIR/$3.dhclient-pid" ] && break || sleep 0.1; done
    kill "$(cat "$DIR/$3.dhclient-pid")"
}
lease hv1 vm1 port1 c0:ff:ee:00:00:11 10.0.0.11
lease hv1 vm4 port2 c0:ff:ee:00:00:12 10.0.0.12
lease hv2 vm2 port3 c0:ff:ee:00:00:13 10.0.0.13
ip netns exec "$ID-vm2" ping -c 3 -i 0.3 -W 2 10.0.0.11

# More to try on the network while it stands.
[ -z "${AFTER:-}" ] || . "$AFTER"
say done
