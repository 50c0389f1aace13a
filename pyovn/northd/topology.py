"""Who is connected to whom: the facts about switches, routers and their ports that generators start from.

A fact is the part of a row that flows depend on, parsed; columns that flows do not depend on (the list of a switch's
ports, `up`, counters) are left out, so that a change there stops here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyovn.northd.addresses import Addresses, Network, link_local, parse_addresses, parse_network, parse_networks
from pyovn.northd.allotted import DynamicAddresses, LeftOut
from pyovn.northd.flow import quoted
from pyovn.northd.settings import flag
from pyovn.query import Engine, index, projection, query, some
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalSwitch, LogicalSwitchPort


class Switch(NamedTuple):
    """A logical switch."""

    uuid: str
    name: str
    other_config: dict[str, str]
    copp: str | None

    @property
    def carries_vlans(self) -> bool:
        """Frames with a VLAN tag are let through as they are."""
        return flag(self.other_config, "vlan-passthru")


class SwitchPort(NamedTuple):
    """A port of a logical switch."""

    uuid: str
    name: str
    switch: str
    """The switch's uuid."""
    type: str
    options: dict[str, str]
    enabled: bool
    addresses: tuple[Addresses, ...]
    """Who lives there: parsed, dynamic ones as allotted, `router` as the peer's own."""
    unknown: bool
    """Packets to MACs that nobody knows go here too."""
    security: tuple[Addresses, ...]
    peer: str | None
    """The router port it connects to, by uuid."""
    parent: str | None
    tag: int | None
    dhcpv4: str | None
    dhcpv6: str | None
    ha_chassis_group: str | None
    mirrors: tuple[str, ...]
    health_checks: tuple[str, ...]

    @property
    def json(self) -> str:
        """The name as matches write it."""
        return quoted(self.name)

    @property
    def is_router(self) -> bool:
        """It connects to a router."""
        return self.type == "router"

    @property
    def is_localnet(self) -> bool:
        """It connects to a physical network."""
        return self.type == "localnet"

    @property
    def is_vif(self) -> bool:
        """A machine, or a container in one, is attached."""
        return self.type == ""


class Router(NamedTuple):
    """A logical router."""

    uuid: str
    name: str
    options: dict[str, str]
    enabled: bool
    copp: str | None


class RouterPort(NamedTuple):
    """A port of a logical router."""

    uuid: str
    name: str
    router: str
    """The router's uuid."""
    mac: str
    ipv4: tuple[Network, ...]
    ipv6: tuple[Network, ...]
    """Last comes the link-local address that every port has, even one that was given it, too."""
    options: dict[str, str]
    enabled: bool
    peer: str | None
    """The switch port it connects to, by uuid."""
    peer_router_port: str | None
    """The router port it connects to directly, by uuid."""
    redirect: str | None = None
    """A distributed gateway port's other half, by name: it lives on one chassis, where what must be in one place happens."""

    @property
    def given_ipv6(self) -> tuple[Network, ...]:
        """The IPv6 networks that its row names."""
        return self.ipv6[:-1]

    @property
    def is_bridged(self) -> bool:
        """Packets go to a gateway port's chassis by the physical network."""
        return self.redirect is not None and prefers_wire(self.options)

    @property
    def json(self) -> str:
        """The name as matches write it."""
        return quoted(self.name)


def prefers_wire(options: Mapping[str, str]) -> bool:
    """A router port wants its packets to go to the gateway's chassis by the physical network."""
    return options.get("redirect-type", "").lower() == "bridged"


@projection
def switch(db: Engine, ref: str) -> Switch | None:
    """The facts about a switch; None for one that got no tunnel key."""
    row = db.get(LogicalSwitch, ref) if not db.get(LeftOut, ref) else None
    return Switch(row.uuid, row.name, row.other_config, row.copp) if row else None


def switch_of(db: Engine, port: str) -> str | None:
    """The switch that has a port; the first of several."""
    holders = db.referrers(LogicalSwitch, "ports", port)
    return holders[0] if holders and not db.get(LeftOut, holders[0]) else None


def switches_with(db: Engine, column: str, ref: str) -> tuple[str, ...]:
    """The switches that have a row in a column, by uuid."""
    return tuple(switch for switch in db.referrers(LogicalSwitch, column, ref) if not db.get(LeftOut, switch))


def router_of(db: Engine, port: str) -> str | None:
    """The router that has a port; the first of several."""
    holders = db.referrers(LogicalRouter, "ports", port)
    return holders[0] if holders else None


@query
def switch_port(db: Engine, ref: str) -> SwitchPort | None:
    """The facts about a switch port; None while no switch has it, or a router's port has its name."""
    row = db.get(LogicalSwitchPort, ref)
    holder = switch_of(db, ref)
    if row is None or holder is None or _is_router_port(db, row.name):
        return None
    peer = _router_end(db, row.options.get("router-port", "")) if row.type == "router" else None
    addresses = tuple(found for text in row.addresses if (found := _lives(db, row, peer, text)) is not None)
    security = tuple(found for text in row.port_security if (found := parse_addresses(text)) is not None)
    return SwitchPort(
        uuid=row.uuid, name=row.name, switch=holder, type=row.type, options=row.options, enabled=row.enabled is not False,
        addresses=addresses, unknown="unknown" in row.addresses or row.type == "switch", security=security, peer=peer,
        parent=row.parent_name or None, tag=row.tag, dhcpv4=row.dhcpv4_options, dhcpv6=row.dhcpv6_options,
        ha_chassis_group=row.ha_chassis_group, mirrors=row.mirror_rules, health_checks=row.health_checks,
    )  # fmt: skip


def residents(db: Engine, port: SwitchPort) -> tuple[Addresses, ...]:
    """Who lives at a switch port itself: not the router whose addresses it has taken over as `router`."""
    if not port.is_router:
        return port.addresses
    row = db.get(LogicalSwitchPort, port.uuid)
    return tuple(found for text in (row.addresses if row else ()) if text != "router" and (found := parse_addresses(text)) is not None)


def _lives(db: Engine, row: LogicalSwitchPort, peer: str | None, text: str) -> Addresses | None:
    """Who an element of `addresses` means: itself, the addresses allotted, or those of the router port."""
    if text == "unknown":
        return None
    if text == "router":
        port = router_port(db, peer) if peer else None
        return Addresses(port.mac, port.ipv4, port.ipv6) if port else None
    if text.split()[-1:] == ["dynamic"] or text.startswith("dynamic"):
        allotted = db.get(DynamicAddresses, row.uuid)
        return parse_addresses(allotted.text) if allotted else None
    return parse_addresses(text)


@projection
def router(db: Engine, ref: str) -> Router | None:
    """The facts about a router; None for one that got no tunnel key."""
    row = db.get(LogicalRouter, ref) if not db.get(LeftOut, ref) else None
    return Router(row.uuid, row.name, row.options, row.enabled is not False, row.copp) if row else None


@query
def gateway_chassis(db: Engine, ref: str) -> str | None:
    """The chassis that a gateway router lives on, by name; None for a distributed router."""
    facts = router(db, ref)
    return facts.options.get("chassis") or None if facts else None


@query
def router_port(db: Engine, ref: str) -> RouterPort | None:
    """The facts about a router port; None while no router that is enabled has it, or its MAC is none."""
    row = db.get(LogicalRouterPort, ref)
    holder = router_of(db, ref)
    own = parse_addresses(row.mac) if row else None
    if row is None or holder is None or own is None:
        return None
    owner = router(db, holder)
    if owner is None or not owner.enabled:
        return None
    ipv4, ipv6 = parse_networks(row.networks)
    lla = parse_network(link_local(own.mac) + "/64")
    if lla is not None:
        ipv6 = (*ipv6, lla)
    attached = PORTS_TOWARDS(db, row.name) if not row.peer else ()
    return RouterPort(
        uuid=row.uuid, name=row.name, router=holder, mac=own.mac, ipv4=ipv4, ipv6=ipv6, options=row.options,
        enabled=row.enabled is not False, peer=attached[0] if attached else None,
        peer_router_port=_other_end(db, row),
        redirect=f"cr-{row.name}" if moves(row) and not gateway_chassis(db, holder) else None,
    )  # fmt: skip


def moves(row: LogicalRouterPort) -> bool:
    """The port has a gateway on one of several chassis."""
    return bool(row.gateway_chassis or row.ha_chassis_group)


def _router_end(db: Engine, name: str) -> str | None:
    """The router port that a switch port leads to: one of a router that is enabled, and not one that leads to another router."""
    found = router_port_named(db, name)
    row = db.get(LogicalRouterPort, found) if found else None
    return found if found and row is not None and not row.peer and router_port(db, found) is not None else None


def _other_end(db: Engine, row: LogicalRouterPort) -> str | None:
    """The router port that a router port connects to: each has to name the other."""
    found = router_port_named(db, row.peer) if row.peer else None
    other = db.get(LogicalRouterPort, found) if found else None
    return found if other is not None and other.peer == row.name else None


def router_port_named(db: Engine, name: str) -> str | None:
    """The router port of that name, by uuid."""
    found = db.find(LogicalRouterPort, "name", name)
    return found[0] if found else None


@query
def switch_port_named(db: Engine, name: str) -> str | None:
    """The port of some switch that has that name, by uuid."""
    return next((ref for ref in db.find(LogicalSwitchPort, "name", name) if switch_port(db, ref) is not None), None)


@query
def joined(db: Engine, ref: str) -> str | None:
    """The name of the other switch's port that a port of type `switch` is joined to directly: each must name the other."""
    port, row = switch_port(db, ref), db.get(LogicalSwitchPort, ref)
    if port is None or row is None or port.type != "switch" or not row.peer:
        return None
    for other in db.find(LogicalSwitchPort, "name", row.peer):
        there, its_row = switch_port(db, other), db.get(LogicalSwitchPort, other)
        if there is not None and its_row is not None and there.type == "switch" and its_row.peer == row.name:
            return there.name
    return None


def _is_router_port(db: Engine, name: str) -> bool:
    """A router's port has this name: names of ports are one space, and routers come first."""
    found = router_port_named(db, name)
    return found is not None and router_port(db, found) is not None


def _by_router_port(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(LogicalSwitchPort, ref)
    if row is not None and "router-port" in row.options:
        yield row.options["router-port"], ref


SIDES = some(LogicalSwitchPort, lambda row: row.type == "router")
"""The ports of switches that lead to routers."""

PORTS_TOWARDS = index((SIDES, _by_router_port))
"""The switch ports that name a router port, by its name."""


def _by_router(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = router_port(db, ref)
    if port is not None and port.redirect:
        yield port.router, ref


GATEWAY_PORTS = index((LogicalRouterPort, _by_router))
"""The distributed gateway ports of a router, by uuid."""


@query
def has_gateway_port(db: Engine, router: str) -> bool:
    """The router has a distributed gateway port."""
    return bool(GATEWAY_PORTS(db, router))


def _by_kind(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = switch_port(db, ref)
    if port is None:
        return
    yield (port.switch, port.type), port.name
    if port.is_localnet:
        yield (port.switch, "wires"), port.uuid
    if port.unknown:
        yield (port.switch, "unknown"), port.name
    if port.peer:
        yield (port.switch, "sides"), port.uuid
    else:
        yield (port.switch, "not routers"), port.name


_BY_KIND = index((LogicalSwitchPort, _by_kind))


def ports_of_type(db: Engine, switch: str, type_: str) -> tuple[str, ...]:
    """The names of a switch's ports of a type (`""` for machines)."""
    return _BY_KIND(db, (switch, type_))


def wires(db: Engine, switch: str) -> tuple[str, ...]:
    """The ports of a switch that lead to a physical network, by uuid."""
    return _BY_KIND(db, (switch, "wires"))


def unknown_ports(db: Engine, switch: str) -> tuple[str, ...]:
    """The names of a switch's ports that take packets to MACs that nobody knows."""
    return _BY_KIND(db, (switch, "unknown"))


def sides_towards_routers(db: Engine, switch: str) -> tuple[str, ...]:
    """The ports of a switch that lead to a router, by uuid."""
    return _BY_KIND(db, (switch, "sides"))


@query
def only_gateway_port(db: Engine, router: str) -> str | None:
    """The one distributed gateway port of a router, by uuid; None if it has none, or several."""
    found = GATEWAY_PORTS(db, router)
    return found[0] if len(found) == 1 else None


@query
def other_half(db: Engine, side: str) -> str | None:
    """The name of the half of a switch's port that leads to its router's only gateway port, where no wire leads there.

    It lives on the gateway's chassis, so that what is for the gateway port reaches it through the tunnel.
    """
    port = switch_port(db, side)
    peer = router_port(db, port.peer) if port and port.peer else None
    if port is None or peer is None or only_gateway_port(db, peer.router) != peer.uuid or wires(db, port.switch):
        return None
    return f"cr-{port.name}"


def is_shaped(options: dict[str, str]) -> bool:
    """The options of a switch port limit its traffic."""
    return any(name in options for name in ("qos_max_rate", "qos_min_rate", "qos_burst"))


def is_guarded(db: Engine, port: SwitchPort) -> bool:
    """ACLs are asked of what passes to or from a gateway port as well, because its owner wants that."""
    peer = router_port(db, port.peer) if port.peer and flag(port.options, "enable_router_port_acl") else None
    return peer is not None and peer.redirect is not None


@query
def has_other_than_routers(db: Engine, switch: str) -> bool:
    """The switch has a port that does not lead to a router."""
    return bool(_BY_KIND(db, (switch, "not routers")))
