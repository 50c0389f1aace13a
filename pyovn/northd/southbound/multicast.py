"""Multicast_Group and IP_Multicast: groups of ports that flows name, and what a switch does to learn them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import GroupKey
from pyovn.northd.multicast import FLOOD, FLOOD_L2, GROUPS, MEMBERS, MROUTERS, STATIC, UNKNOWN, Group
from pyovn.northd.settings import flag, wrapped
from pyovn.northd.southbound.datapaths import KeyRequest, datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.query import Engine, each
from pyovn.schemas import sb

FIXED = ((FLOOD, 32768), (UNKNOWN, 32769), (MROUTERS, 32770), (STATIC, 32771), (FLOOD_L2, 32772))
"""The groups that every switch may have, with their tunnel keys."""

BELOW_GROUPS = 32772
"""Keys of groups that somebody asked for are above this one."""

MAX_GROUPS = 65535 - BELOW_GROUPS


def _group_key(db: Engine, group: Group) -> Iterator[KeyRequest]:
    yield KeyRequest(group.datapath, group.owner, 0)


GROUP_KEYS = each((GROUPS, _group_key))
"""Which groups need a tunnel key."""


def fixed_groups(db: Engine, ref: str) -> Iterator[Wanted]:
    """The groups of a switch or router that have members, whatever was asked for."""
    for name, key in FIXED:
        yield from _group(db, ref, name, key)


def asked_group(db: Engine, group: Group) -> Iterator[Wanted]:
    """A group that somebody asked for."""
    allotted = db.get(GroupKey, group.owner)
    if allotted is not None:
        yield from _group(db, group.datapath, group.name, BELOW_GROUPS + allotted.key)


def _group(db: Engine, ref: str, name: str, key: int) -> Iterator[Wanted]:
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
    idle_s = _within(wrapped(config, "mcast_idle_timeout", 300), 15, 3600)
    yield wanted(
        sb.IPMulticast, ref, datapath=datapath(ref), enabled=flag(config, "mcast_snoop"),
        querier=flag(config, "mcast_querier", True), eth_src=config.get("mcast_eth_src", ""),
        ip4_src=config.get("mcast_ip4_src", ""), ip6_src=config.get("mcast_ip6_src", ""),
        table_size=wrapped(config, "mcast_table_size", 2048), idle_timeout=idle_s,
        query_interval=_within(wrapped(config, "mcast_query_interval", idle_s // 2), 1, 3600),
        query_max_resp=wrapped(config, "mcast_query_max_response", 1),
    )  # fmt: skip


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
