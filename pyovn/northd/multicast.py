"""Multicast: which ports get what is sent to a group, because somebody behind them asked, or because somebody said so.

Chassis write what they heard hosts ask for into IGMP_Group; each address there becomes a group of the switch, and of the
routers around it that relay.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address
from typing import NamedTuple

from pyovn.northd.addresses import parse_network
from pyovn.northd.allotted import PortKey
from pyovn.northd.settings import flag, wrapped
from pyovn.northd.switch.mirrors import targets
from pyovn.northd.topology import (
    SIDES,
    RouterPort,
    SwitchPort,
    other_half,
    router,
    router_port,
    sides_towards_routers,
    switch,
    switch_port,
    wires,
)
from pyovn.query import Engine, each, index, query
from pyovn.schemas import nb, sb

FLOOD, UNKNOWN, MROUTERS, STATIC, FLOOD_L2 = "_MC_flood", "_MC_unknown", "_MC_mrouter_flood", "_MC_static", "_MC_flood_l2"
HEARD_MROUTERS = "mrouters"
"""The address under which chassis tell where they heard multicast routers."""

UNROUTABLE_SCOPES = (0, 1, 2, 3, 15)
"""IPv6 groups of these scopes stay where they are (RFC 4291 2.7)."""

EVERYBODY = ("ff02::1", "ff02::2", "ff05::2")
"""All hosts, and all routers: groups that are not asked for (RFC 4291 2.7.1)."""


class Group(NamedTuple):
    """A multicast address that somebody in a switch asked for, in that switch or in a router."""

    datapath: str
    """The uuid of the switch or router."""
    name: str
    """The address, as chassis wrote it."""

    @property
    def owner(self) -> str:
        """What the group's tunnel key is remembered by."""
        return f"{self.datapath} {self.name}"


class Snooping(NamedTuple):
    """What a switch does with packets to groups."""

    enabled: bool
    """It learns who asks for which group."""
    floods_unknown: bool
    """Packets to groups that nobody asked for go to everybody."""
    relays: bool
    """A router here relays."""
    floods: bool
    """Some port gets everything."""
    table_size: int
    """As many groups of a family are looked up."""


@query
def relays(db: Engine, ref: str) -> bool:
    """Whether a router relays packets to groups."""
    facts = router(db, ref)
    return facts is not None and facts.enabled and flag(facts.options, "mcast_relay")


def receives(port: SwitchPort) -> bool:
    """Whether a port gets what is sent to groups at all."""
    return port.enabled and flag(port.options, "receive_multicast", True)


def gets_all(port: SwitchPort | RouterPort) -> bool:
    """Whether a port gets everything that is sent to groups, asked for or not."""
    return flag(port.options, "mcast_flood")


def gets_reports(port: SwitchPort) -> bool:
    """Whether a port gets what hosts ask for, because a multicast router is behind it."""
    return flag(port.options, "mcast_flood_reports")


def leads_to_relay(db: Engine, port: SwitchPort) -> bool:
    """Whether a switch port leads to a router that relays."""
    peer = router_port(db, port.peer) if port.peer else None
    return peer is not None and relays(db, peer.router)


def _having_keys(db: Engine, members: Iterator[tuple[tuple[str, str], str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """A port can be a member once it has a binding."""
    return (member for member in members if db.get(PortKey, member[1]))


def _of_switch_port(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = switch_port(db, ref)
    if port is None or not receives(port):
        return
    # Where copies leave is a port of the switch as well.
    own = (other_half(db, ref) if port.peer else None) or port.name
    for name in (own, *(target.exit for target in targets(db, port))):
        yield (port.switch, FLOOD), name
        if not port.is_router:
            yield (port.switch, FLOOD_L2), name
        if gets_reports(port):
            yield (port.switch, MROUTERS), name
        if gets_all(port):
            yield (port.switch, STATIC), name
    if port.unknown:
        yield (port.switch, UNKNOWN), own
    if leads_to_relay(db, port):
        yield (port.switch, MROUTERS), own


def _of_router_port(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = router_port(db, ref)
    if port is not None and port.enabled and gets_all(port):
        yield (port.router, STATIC), port.redirect or port.name


def heard_on(db: Engine, row: sb.IGMPGroup) -> str | None:
    """The switch that a chassis heard of, by uuid; None for what is stale."""
    binding = db.get(sb.DatapathBinding, row.datapath) if row.datapath and row.chassis else None
    found = str(binding.nb_uuid) if binding and binding.nb_uuid else None
    return found if found and switch(db, found) else None


def _asked(db: Engine, row: sb.IGMPGroup) -> Iterator[str]:
    """The ports, by name, behind which somebody asked; those that get everything need no group."""
    for ref in row.ports:
        binding = db.get(sb.PortBinding, ref)
        for found in db.find(nb.LogicalSwitchPort, "name", binding.logical_port) if binding else ():
            port = switch_port(db, found)
            if port is not None and not gets_all(port) and not gets_reports(port) and not leads_to_relay(db, port):
                yield port.name


def _heard(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    row = db.get(sb.IGMPGroup, ref)
    holder = heard_on(db, row) if row else None
    if row is None or holder is None:
        return
    if row.address == HEARD_MROUTERS:
        yield from (((holder, MROUTERS), name) for name in _asked(db, row))
        return
    ports = tuple(_asked(db, row))
    if not ports or parse_network(row.address) is None:
        return
    yield from (((holder, row.address), name) for name in ports)
    for wire in (switch_port(db, found) for found in wires(db, holder)):
        if wire is not None:
            yield (holder, row.address), wire.name
    if is_routable(row.address):
        yield from _relayed(db, holder, row.address)


def _relayed(db: Engine, holder: str, address: str) -> Iterator[tuple[tuple[str, str], str]]:
    for ref in sides_towards_routers(db, holder):
        side = switch_port(db, ref)
        peer = router_port(db, side.peer) if side and side.peer else None
        if peer is not None and relays(db, peer.router) and not gets_all(peer):
            yield (peer.router, address), peer.redirect or peer.name


def is_routable(address: str) -> bool:
    """Whether packets to a group may pass a router."""
    return ":" not in address or IPv6Address(address).packed[1] & 15 not in UNROUTABLE_SCOPES


def _switch_port_member(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    return _having_keys(db, _of_switch_port(db, ref))


def _router_port_member(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    return _having_keys(db, _of_router_port(db, ref))


def _heard_member(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    return _having_keys(db, _heard(db, ref))


MEMBERS = index((nb.LogicalSwitchPort, _switch_port_member), (nb.LogicalRouterPort, _router_port_member), (sb.IGMPGroup, _heard_member))
"""The names of the ports in a group, by (switch or router, group)."""


def _groups(db: Engine, ref: str) -> Iterator[Group]:
    for (datapath, name), _ in _heard(db, ref):
        if name != MROUTERS:
            yield Group(datapath, name)


GROUPS = each((sb.IGMPGroup, _groups))
"""Every group that somebody asked for, on every switch and router."""


def _by_datapath(db: Engine, group: Group) -> Iterator[tuple[tuple[str, bool], str]]:
    if is_looked_up(group.name):
        yield (group.datapath, ":" in group.name), group.name


_NAMES = index((GROUPS, _by_datapath))


def is_looked_up(address: str) -> bool:
    """Whether a switch looks a group up: those of the link go to everybody (RFC 4541 2.1.2)."""
    if ":" in address:
        return str(IPv6Address(address)) not in EVERYBODY
    return not address.startswith("224.0.0.")


@query
def too_many(db: Engine, datapath: str, ipv6: bool) -> frozenset[str]:
    """The groups of a switch that are more than it looks up."""
    found = snooping(db, datapath)
    return frozenset(_NAMES(db, (datapath, ipv6))[found.table_size :])


def _beside_relay(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    port = switch_port(db, ref)
    if port is not None and leads_to_relay(db, port):
        yield port.switch, True


_BESIDE_RELAYS = index((SIDES, _beside_relay))
"""The switches that have a port towards a router that relays."""


@query
def snooping(db: Engine, ref: str) -> Snooping:
    """What a switch does with packets to groups."""
    facts = switch(db, ref)
    config = facts.other_config if facts else {}
    return Snooping(
        enabled=flag(config, "mcast_snoop"),
        floods_unknown=flag(config, "mcast_flood_unregistered"),
        relays=bool(_BESIDE_RELAYS(db, ref)),
        floods=bool(MEMBERS(db, (ref, STATIC))),
        table_size=wrapped(config, "mcast_table_size", 2048),
    )


@query
def router_floods(db: Engine, ref: str) -> bool:
    """Whether some port of a router gets everything that is sent to groups."""
    return bool(MEMBERS(db, (ref, STATIC)))
