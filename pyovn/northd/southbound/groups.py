"""Groups that flows name: sets of addresses, and groups of ports."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import DatapathKey
from pyovn.northd.port_groups import GROUPS_ON_SWITCHES, group_name
from pyovn.northd.southbound.global_rows import completed_options
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.query import Engine, index
from pyovn.schemas import nb, sb


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


def port_group_on_switch(db: Engine, pair: tuple[str, str]) -> Iterator[Wanted]:
    """A port group's members on one switch: a chassis needs only those of its own switches."""
    group, switch = pair
    named, allotted = group_name(db, group), db.get(DatapathKey, switch)
    if named is not None and allotted is not None:
        name = f"{allotted.key}_{named}"
        yield wanted(sb.PortGroup, name, name=name, ports=GROUPS_ON_SWITCHES(db, pair))


def _group_addresses(db: Engine, ref: str) -> Iterator[tuple[tuple[str, int], str]]:
    port = topology.switch_port(db, ref)
    for group in db.referrers(nb.PortGroup, "ports", ref) if port else ():
        for lives in topology.residents(db, port) if port else ():
            yield from (((group, 4), network.address) for network in lives.ipv4)
            yield from (((group, 6), network.address) for network in lives.ipv6)


GROUP_ADDRESSES = index((nb.LogicalSwitchPort, _group_addresses))
"""The addresses of a port group's members, by (group, IP version)."""


def port_group_sets(db: Engine, ref: str) -> Iterator[Wanted]:
    """The addresses of a port group's members, as sets that matches can name."""
    named = group_name(db, ref)
    for version in (4, 6) if named is not None else ():
        name = f"{named}_ip{version}"
        yield wanted(sb.AddressSet, name, name=name, addresses=GROUP_ADDRESSES(db, (ref, version)))
