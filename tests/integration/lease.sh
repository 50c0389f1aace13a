#!/bin/sh
# What dhclient runs when it has a lease: set the address, touch nothing of the system's own configuration.
case $reason in
PREINIT) ip link set dev "$interface" up ;;
BOUND | RENEW | REBIND | REBOOT) ip addr replace "$new_ip_address/${new_subnet_mask:-32}" dev "$interface" ;;
esac
exit 0
