"""Nicira's extensions of OpenFlow, which Open vSwitch speaks and OVN builds on."""
