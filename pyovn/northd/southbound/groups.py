"""Groups that flows name: multicast groups of ports, sets of addresses, groups of ports, and what a switch snoops."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import DatapathKey, PortKey
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.global_rows import completed_options
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.query import Engine, index
from pyovn.schemas import nb, sb

FLOOD_KEY = 32768
UNKNOWN_KEY = 32769
FLOOD_L2_KEY = 32772


def _members(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Which groups of its switch a port is in."""
    port = topology.switch_port(db, ref)
    if port is None or not port.enabled or db.get(PortKey, port.name) is None:
        return
    yield (port.switch, "_MC_flood"), port.name
    if not port.is_router:
        yield (port.switch, "_MC_flood_l2"), port.name
    if port.unknown:
        yield (port.switch, "_MC_unknown"), port.name


MEMBERS = index((nb.LogicalSwitchPort, _members))
"""The names of the ports in a multicast group, by (switch, group)."""

MULTICAST = (("_MC_flood", FLOOD_KEY), ("_MC_unknown", UNKNOWN_KEY), ("_MC_flood_l2", FLOOD_L2_KEY))


def multicast_groups(db: Engine, ref: str) -> Iterator[Wanted]:
    """The groups of a switch that have members."""
    for name, key in MULTICAST:
        members = MEMBERS(db, (ref, name))
        if members:
            ports = tuple(Key(sb.PortBinding, member) for member in members)
            yield wanted(sb.MulticastGroup, (ref, name), datapath=datapath(ref), name=name, tunnel_key=key, ports=ports)


def ip_multicast(db: Engine, ref: str) -> Iterator[Wanted]:
    """What a switch does about group membership: by default nothing, with these numbers in case."""
    switch = topology.switch(db, ref)
    if switch is None:
        return
    config = switch.other_config
    idle_s = _number(config, "mcast_idle_timeout", 300, 15, 3600)
    yield wanted(
        sb.IPMulticast, ref, datapath=datapath(ref), enabled=config.get("mcast_snoop") == "true",
        querier=config.get("mcast_querier", "true") == "true", eth_src=config.get("mcast_eth_src", ""),
        ip4_src=config.get("mcast_ip4_src", ""), ip6_src=config.get("mcast_ip6_src", ""),
        table_size=_number(config, "mcast_table_size", 2048, 1, 32766), idle_timeout=idle_s,
        query_interval=_number(config, "mcast_query_interval", idle_s // 2, 1, 3600),
        query_max_resp=_number(config, "mcast_query_max_response", 1, 1, 10),
    )  # fmt: skip


def _number(config: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = config.get(name, "")
    return min(max(int(text), low), high) if text.isdecimal() else default


def address_set(db: Engine, ref: str) -> Iterator[Wanted]:
    """A northbound address set."""
    row = db.get(nb.AddressSet, ref)
    if row is not None:
        yield wanted(sb.AddressSet, row.name, name=row.name, addresses=row.addresses)


def service_monitor_set(db: Engine, ref: str) -> Iterator[Wanted]:
    """The MACs that probes of backends come from and go to, as a set that flows can name."""
    options = completed_options(db, ref)
    if options:
        macs = {options["svc_monitor_mac"], options["svc_monitor_mac_dst"]}
        yield wanted(sb.AddressSet, "svc_monitor_mac", name="svc_monitor_mac", addresses=tuple(sorted(macs)))


def _group_members(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = topology.switch_port(db, ref)
    for group in db.referrers(nb.PortGroup, "ports", ref) if port else ():
        yield (group, port.switch if port else ""), port.name if port else ""


GROUP_MEMBERS = index((nb.LogicalSwitchPort, _group_members))
"""The names of a port group's members on a switch, by (group, switch)."""


def port_group_on_switch(db: Engine, pair: tuple[str, str]) -> Iterator[Wanted]:
    """A port group's members on one switch: a chassis needs only those of its own switches."""
    group, switch = pair
    row, allotted = db.get(nb.PortGroup, group), db.get(DatapathKey, switch)
    if row is not None and allotted is not None:
        name = f"{allotted.key}_{row.name}"
        yield wanted(sb.PortGroup, name, name=name, ports=GROUP_MEMBERS(db, pair))


def _group_addresses(db: Engine, ref: str) -> Iterator[tuple[tuple[str, int], str]]:
    port = topology.switch_port(db, ref)
    for group in db.referrers(nb.PortGroup, "ports", ref) if port else ():
        for lives in port.addresses if port else ():
            yield from (((group, 4), network.address) for network in lives.ipv4)
            yield from (((group, 6), network.address) for network in lives.ipv6)


GROUP_ADDRESSES = index((nb.LogicalSwitchPort, _group_addresses))
"""The addresses of a port group's members, by (group, IP version)."""


def port_group_sets(db: Engine, ref: str) -> Iterator[Wanted]:
    """The addresses of a port group's members, as sets that matches can name."""
    row = db.get(nb.PortGroup, ref)
    for version in (4, 6) if row else ():
        name = f"{row.name}_ip{version}" if row else ""
        yield wanted(sb.AddressSet, name, name=name, addresses=GROUP_ADDRESSES(db, (ref, version)))
