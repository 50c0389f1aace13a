# shellcheck shell=sh
# A thousand packets a second cross the router while the agents, the compiler and the databases are restarted one by one.
# Sourced by two_hosts.sh on its network.
ip netns exec "$ID-vm1" ip addr add 172.18.100.10/24 dev vm1 2>/dev/null || true
ip netns exec "$ID-vm1" ip route replace default via 172.18.100.1
ip netns exec "$ID-vm1" ping -c 3 -i 0.2 -W 2 172.18.200.10
say restarts
ip netns exec "$ID-vm1" ping -q -i 0.001 -c 6000 -W 5 172.18.200.10 > "$DIR/pings" &
pings=$!
for host in hv1 hv2; do
    on $host ovn-appctl -t ovn-controller exit --restart
    while [ -f "$DIR/$host/ovn-controller.pid" ]; do sleep 0.1; done
    on $host ovn-controller --detach --no-chdir --pidfile="$DIR/$host/ovn-controller.pid" --log-file="$DIR/$host/ovn-controller.log" unix:"$DIR/$host/db.sock"
    sleep 1
done
on central ovn-appctl -t "$DIR/central/ovn-northd.ctl" exit
while [ -f "$DIR/central/ovn-northd.pid" ]; do sleep 0.1; done
on central ovn-northd --detach --no-chdir --pidfile="$DIR/central/ovn-northd.pid" --log-file="$DIR/central/ovn-northd.log" \
    --ovnnb-db=unix:"$DIR/central/ovnnb_db.sock" --ovnsb-db=unix:"$DIR/central/ovnsb_db.sock" --unixctl="$DIR/central/ovn-northd.ctl"
on central ovn-nbctl --wait=hv --timeout=30 sync
wait $pings
cat "$DIR/pings"
