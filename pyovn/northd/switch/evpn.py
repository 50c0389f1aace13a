"""Switches that are part of an Ethernet VPN (EVPN): machines at other VTEPs are known to chassis, which exchange MACs with them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import ALWAYS, DROP, NEXT, OUTPUT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.settings import flag, number64
from pyovn.northd.switch.acl_policy import policy
from pyovn.northd.topology import Switch, switch, unknown_ports
from pyovn.query import Engine, query, some
from pyovn.schemas.nb import LogicalSwitch

VNI = "dynamic-routing-vni"
MAX_VNI = (1 << 24) - 1
INTERFACES = ("dynamic-routing-bridge-ifname", "dynamic-routing-vxlan-ifname", "dynamic-routing-advertise-ifname")
LISTED = "dynamic-routing-vxlan-ifname"
"""The one that may name several, separated by commas."""
MAX_INTERFACE_NAME = 16
"""As long as the name of a Linux interface may be."""

UNKNOWN = Stage.LS_IN_L2_UNKNOWN


SWITCHES = some(LogicalSwitch, lambda row: VNI in row.other_config)
"""The switches that want to be part of a VPN."""


def is_evpn(facts: Switch) -> bool:
    """The switch has a network identifier (VNI) in an Ethernet VPN."""
    return 0 <= number64(facts.other_config, VNI, -1) <= MAX_VNI


@query
def announces_addresses(db: Engine, ref: str) -> bool:
    """The switch tells the VPN which address is at which MAC."""
    facts = switch(db, ref)
    return facts is not None and is_evpn(facts) and "ip" in facts.other_config.get("dynamic-routing-redistribute", "").split(",")


def datapath_ids(config: dict[str, str]) -> dict[str, str]:
    """What chassis read of a switch's settings; they look themselves whether the VNI is one."""
    if VNI not in config:
        return {}
    ids = {name: config[name] for name in INTERFACES if name in config and fits(name, config[name])}
    said = (VNI, "dynamic-routing-redistribute", "dynamic-routing-arp-prefer-local")
    return ids | {name: config[name] for name in said if name in config}


def fits(option: str, value: str) -> bool:
    """The names of interfaces in an option are such."""
    names = value.split(",") if option == LISTED else [value]
    return all(len(name.encode()) <= MAX_INTERFACE_NAME for name in names)


def other_vteps(db: Engine, facts: Switch) -> Iterator[Flow]:
    """What becomes of packets from other VTEPs, and for them."""
    if is_evpn(facts):
        yield from _untracked(db, facts)
        yield from _unknown_destinations(db, facts)


def _untracked(db: Engine, facts: Switch) -> Iterator[Flow]:
    """They are in no zone of conntrack, so nothing there belongs to a connection."""
    stateful = policy(db, facts.uuid).stateful_acls
    if stateful:
        yield Flow(Stage.LS_IN_PRE_ACL, 110, "from_evpn_vtep", NEXT)
        yield Flow(Stage.LS_OUT_PRE_ACL, 110, "to_evpn_vtep", NEXT)
    yield Flow(Stage.LS_IN_PRE_LB, 110, "from_evpn_vtep", NEXT)
    yield Flow(Stage.LS_OUT_PRE_LB, 110, "to_evpn_vtep", NEXT if stateful else f"flags.pkt_sampled = 0; ct_clear; {NEXT}")


def _unknown_destinations(db: Engine, facts: Switch) -> Iterator[Flow]:
    """A MAC of no port is looked up among those learned here and those at other VTEPs; one of the two is preferred."""
    yield Flow(Stage.LS_IN_L2_LKUP, 0, ALWAYS, f"outport = get_fdb(eth.dst); remote_outport = get_remote_fdb(eth.dst); {NEXT}")
    nowhere = 'outport == "none" && remote_outport == "none"'
    if unknown_ports(db, facts.uuid):
        yield Flow(UNKNOWN, 50, nowhere, f'outport = "_MC_unknown"; {OUTPUT}')
    else:
        yield Flow(UNKNOWN, 50, nowhere, DROP, desc="No L2 destination")
    there = f"outport = remote_outport; {OUTPUT}"
    if flag(facts.other_config, "dynamic-routing-fdb-prefer-local"):
        yield Flow(UNKNOWN, 25, 'outport == "none"', there)
        yield Flow(UNKNOWN, 0, ALWAYS, OUTPUT)
    else:
        yield Flow(UNKNOWN, 25, 'remote_outport == "none"', OUTPUT)
        yield Flow(UNKNOWN, 0, ALWAYS, there)
