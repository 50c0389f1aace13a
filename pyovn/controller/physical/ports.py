"""A logical port's way in and out: which interface, tunnel, patch or peer stands for it on this host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.addresses import first_mac
from pyovn.controller.binding import is_here
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.facts import zone_number
from pyovn.controller.ha import members_of
from pyovn.controller.interfaces import PATCHES, interface_of, ofport
from pyovn.controller.local_datapaths import datapath_key, datapath_name, is_local, peer_of, port_ref
from pyovn.controller.physical.tunnels import Way, label, send, tunnel_to
from pyovn.controller.rule import Rule, cookie_of, put, resubmit
from pyovn.controller.tables import (
    DNAT_ZONE,
    FLAGS,
    INPORT,
    LOGICAL_REGISTERS,
    OUTPORT,
    PORT_ZONE,
    SNAT_ZONE,
    LogicalFlag,
    OFTable,
)
from pyovn.openflow import ports
from pyovn.openflow.action import Actions, Bundle, Clone, CtClear, Output, Pop, PopVlan, Push, PushVlan
from pyovn.openflow.fields import whole
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, index, query
from pyovn.schemas import sb

VIF, LOCALPORT, LOCALNET, L2GATEWAY, L3GATEWAY, PATCH, REDIRECT, EXTERNAL = (
    "", "localport", "localnet", "l2gateway", "l3gateway", "patch", "chassisredirect", "external",
)  # fmt: skip


def is_function(row: sb.PortBinding) -> bool:
    """The port leads to a network function, or comes from one."""
    return row.options.get("is-nf") == "true"


class Spot(NamedTuple):
    """Where a port stands: its own key and its datapath's, and the cookie of its rules."""

    datapath: int
    port: int
    cookie: int

    def match(self, register: str, **more: Asked) -> Match:
        """Packets of the datapath whose `register` holds the port."""
        return Match.of({"metadata": self.datapath, register: self.port, **more})


@query
def any_spot_of(db: Engine, ref: str) -> Spot | None:
    """Where a port stands, whether its datapath matters here or not."""
    row = db.get(sb.PortBinding, ref)
    key = datapath_key(db, row.datapath) if row else None
    return Spot(key, row.tunnel_key, cookie_of(ref)) if row and key is not None else None


@query
def spot_of(db: Engine, ref: str) -> Spot | None:
    """None for a port whose datapath does not matter here."""
    row = db.get(sb.PortBinding, ref)
    return any_spot_of(db, ref) if row and is_local(db, row.datapath) else None


@query
def port_zone(db: Engine, ref: str) -> int | None:
    """The zone of the port itself; patch ports have none."""
    row = db.get(sb.PortBinding, ref)
    return zone_number(db, row.logical_port) if row else None


@query
def zones(db: Engine, ref: str) -> Actions:
    """Put the zones of a port and of its datapath where conntrack actions find them."""
    row = db.get(sb.PortBinding, ref)
    if row is None:
        return ()
    name = datapath_name(db, row.datapath)
    own, dnat, snat = port_zone(db, ref), zone_number(db, f"{name}_dnat"), zone_number(db, f"{name}_snat")
    return (
        *((put(PORT_ZONE, own, 0xFFFF),) if own else ()),
        *((put(DNAT_ZONE, dnat),) if dnat else ()),
        *((put(SNAT_ZONE, snat),) if snat else ()),
    )


def _localnets(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(sb.PortBinding, ref)
    if row and row.type == LOCALNET and PATCHES(db, row.logical_port):
        yield row.datapath, ref


LOCALNETS = index((sb.PortBinding, _localnets))
"""Localnet ports that have a patch port here, by datapath."""


def localnet_of(db: Engine, datapath: str) -> str | None:
    """The port through which everything on the datapath's physical network is reached; None if there is no such network here."""
    return next(iter(LOCALNETS(db, datapath)), None)


class Plug(NamedTuple):
    """The OpenFlow port that stands for a logical port, and the VLAN tag by which its packets are known there."""

    ofport: int
    tag: int | None
    nested: bool


@query
def plug_of(db: Engine, ref: str) -> Plug | None:
    """None where no interface of this host stands for the port."""
    row = db.get(sb.PortBinding, ref)
    if row is None:
        return None
    if row.type in (LOCALNET, L2GATEWAY):
        found = PATCHES(db, row.logical_port)
        return Plug(found[0], row.tag, False) if found else None
    if (row.type == VIF and not is_here(db, ref)) or row.type not in (VIF, LOCALPORT):
        return None
    interface = interface_of(db, row.parent_port or row.logical_port)
    number = ofport(db, interface) if interface else None
    return Plug(number, row.tag, bool(row.parent_port)) if number else None


def port_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """Every physical rule of one port."""
    row, spot = db.get(sb.PortBinding, ref), spot_of(db, ref)
    if row is None or spot is None:
        return
    plug = plug_of(db, ref)
    if plug:
        yield from _plugged(db, ref, spot, plug)
    elif row.type == PATCH or (row.type == L3GATEWAY and is_here(db, ref)):
        yield from _peered(db, ref, spot)
    elif row.type == REDIRECT:
        yield from _redirect(db, row, spot)
    else:
        yield from _remote(db, row, spot)
    if row.type == EXTERNAL:
        yield from _external(db, row, spot)
    if row.type == VIF and not row.parent_port:
        yield Rule(OFTable.CT_ZONE_LOOKUP, 100, spot.match(INPORT), (*zones(db, ref), resubmit(OFTable.INGRESS)), spot.cookie)


def _here(db: Engine, ref: str, spot: Spot) -> Iterator[Rule]:
    """What holds for every port that is on this host, however it is plugged in."""
    yield Rule(OFTable.LOCAL_OUTPUT, 100, spot.match(OUTPORT), (*zones(db, ref), resubmit(OFTable.CHECK_LOOPBACK)), spot.cookie)
    # Nobody hears himself, unless the pipeline says so: then the switch must not see where the packet came from.
    not_allowed: Asked = (0, int(LogicalFlag.ALLOW_LOOPBACK))
    echo = spot.match(INPORT, **{OUTPORT: (spot.port, 0xFFFFFFFF), FLAGS: not_allowed})
    yield Rule(OFTable.CHECK_LOOPBACK, 100, echo, (), spot.cookie)
    # Containers share their parent's interface, and its packets and theirs go back through it.
    for flag in _hides_inport(db, ref):
        match = spot.match(OUTPORT, **{FLAGS: (flag, flag)})
        hidden = (Push(whole("in_port")), put("in_port", ports.NONE), resubmit(OFTable.LOGICAL_TO_PHYSICAL), Pop(whole("in_port")))
        yield Rule(OFTable.SAVE_INPORT, 100, match, hidden, spot.cookie)


def _hides_inport(db: Engine, ref: str) -> Iterator[int]:
    """Flags of which any lets a packet leave by the interface that it came from; 0: it always may."""
    row = db.get(sb.PortBinding, ref)
    if row and row.parent_port:
        yield 0
        return
    yield int(LogicalFlag.ALLOW_LOOPBACK)
    if row and db.find(sb.PortBinding, "parent_port", row.logical_port):
        yield int(LogicalFlag.NESTED_CONTAINER)


def _plugged(db: Engine, ref: str, spot: Spot, plug: Plug) -> Iterator[Rule]:
    row = db.get(sb.PortBinding, ref)
    assert row is not None
    yield from _here(db, ref, spot)
    yield from _arrivals(db, row, spot, plug)
    tag = () if not plug.tag else (PushVlan(), put("vlan_vid", plug.tag))
    untag = () if not plug.tag else (PopVlan(),)
    yield Rule(OFTable.LOGICAL_TO_PHYSICAL, 100, spot.match(OUTPORT), (*tag, Output(plug.ofport), *untag), spot.cookie)
    if row.type == LOCALPORT:
        # Its packets stay on this host.
        yield Rule(OFTable.REMOTE_OUTPUT, 150, spot.match(INPORT), (resubmit(OFTable.LOCAL_OUTPUT),), spot.cookie)
    if row.type == LOCALNET:
        # What must stay on this host does not leave it by the wire either.
        kept = LogicalFlag.LOCAL_ONLY
        for flag, mask in ((LogicalFlag.LOCALPORT, LogicalFlag.LOCALPORT), (kept, kept | LogicalFlag.NOT_LOCAL_ONLY)):
            yield Rule(OFTable.CHECK_LOOPBACK, 160, spot.match(OUTPORT, **{FLAGS: (int(flag), int(mask))}), (), spot.cookie)


def _arrivals(db: Engine, row: sb.PortBinding, spot: Spot, plug: Plug) -> Iterator[Rule]:
    """A frame from the port's interface enters its datapath."""
    table, actions = OFTable.PHYSICAL_TO_LOGICAL, enter(db, row, spot, plug)
    wire, untag = untagged(plug)
    if plug.nested:
        untag = (put(FLAGS, LogicalFlag.NESTED_CONTAINER, LogicalFlag.NESTED_CONTAINER), *untag)
    if plug.tag or row.type not in (LOCALNET, L2GATEWAY):
        match = Match.of(wire if plug.tag else {"in_port": plug.ofport})
        yield Rule(table, 150 if plug.tag else 100, match, (*untag, *actions), spot.cookie)
        return
    yield Rule(table, 100, Match.of(wire), actions, spot.cookie)
    # A tag with a priority and no VLAN is as good as none.
    yield Rule(table, 100, Match.of({"in_port": plug.ofport, "dl_vlan": 0}), (PopVlan(), *actions), spot.cookie)


def untagged(plug: Plug) -> tuple[dict[str, Asked], Actions]:
    """What a frame from the plug's wire must be, and what takes its tag off."""
    if plug.tag:
        return {"in_port": plug.ofport, "dl_vlan": plug.tag}, (PopVlan(),)
    return {"in_port": plug.ofport, "vlan_tci": (0, 0x1000)}, ()


def enter(db: Engine, row: sb.PortBinding, spot: Spot, plug: Plug, also: Actions = ()) -> Actions:
    """Into the ingress pipeline as a packet of the port; `also` is done just before."""
    flag = LogicalFlag.LOCALPORT if row.type == LOCALPORT else 0
    return (
        *zones(db, row.uuid), put("metadata", spot.datapath), put(INPORT, spot.port), put(PORT_ZONE, 0, 0xFFFF0000),
        *((put(FLAGS, int(flag), int(flag)),) if flag else ()), *also, resubmit(OFTable.INGRESS),
    )  # fmt: skip


def _peered(db: Engine, ref: str, spot: Spot) -> Iterator[Rule]:
    """A patch between datapaths: what leaves here enters there, as a new packet without a past."""
    peer = peer_of(db, ref)
    other = any_spot_of(db, peer) if peer else None
    if peer is None or other is None:
        return
    yield from _here(db, ref, spot)
    fresh = (CtClear(), put(DNAT_ZONE, 0), put(SNAT_ZONE, 0), put(PORT_ZONE, 0, 0xFFFF))
    enter = (put("metadata", other.datapath), put(INPORT, other.port), put(FLAGS, 0), put(OUTPORT, 0))
    cleared = tuple(put(register, 0) for register in LOGICAL_REGISTERS)
    crossing = Clone((*fresh, *zones(db, peer), *enter, *cleared, resubmit(OFTable.INGRESS)))
    yield Rule(OFTable.LOGICAL_TO_PHYSICAL, 100, spot.match(OUTPORT), (crossing,), spot.cookie)


def _remote(db: Engine, row: sb.PortBinding, spot: Spot) -> Iterator[Rule]:
    """A port on another host: through the network that both are on, else through a tunnel."""
    if row.chassis is None or (row.chassis == chassis_ref(db) and row.type != EXTERNAL):
        return
    localnet = localnet_of(db, row.datapath)
    through = db.get(sb.PortBinding, localnet) if localnet else None
    if through is not None and not is_function(row):
        away = (put(OUTPORT, through.tunnel_key), resubmit(OFTable.LOCAL_OUTPUT))
        yield Rule(OFTable.LOCAL_OUTPUT, 100, spot.match(OUTPORT), away, spot.cookie)
        return
    tunnel = tunnel_to(db, row.chassis, row.encap)
    yield from _tunnelled(spot, () if tunnel is None else (tunnel,), returns=is_function(row))


def _tunnelled(spot: Spot, tunnels: tuple[Way, ...], *, returns: bool = False) -> Iterator[Rule]:
    """Through a tunnel to the one host where the port is, if there is a tunnel; what `returns` may leave by the one that it came by."""
    if tunnels:
        match = spot.match(OUTPORT, **{PORT_ZONE: (0, 0xFFFF0000)})
        sent: Actions = (*send(tunnels, spot.datapath, spot.port), resubmit(OFTable.REMOTE_VTEP_OUTPUT))
        if returns:
            sent = (Push(whole("in_port")), put("in_port", ports.NONE), *sent, Pop(whole("in_port")))
        yield Rule(OFTable.REMOTE_OUTPUT, 100, match, sent, spot.cookie)


def _external(db: Engine, row: sb.PortBinding, spot: Spot) -> Iterator[Rule]:
    """A machine on the physical network that we serve: even a port of this host alone may answer it by the wire."""
    localnet, mac = localnet_of(db, row.datapath), first_mac(row.mac)
    through = spot_of(db, localnet) if localnet else None
    if through is not None and mac is not None and is_here(db, row.uuid):
        flag = int(LogicalFlag.LOCALPORT)
        match = through.match(OUTPORT, **{FLAGS: (flag, flag)}, eth_dst=mac)
        cleared = tuple(put(register, 0) for register in LOGICAL_REGISTERS)
        yield Rule(OFTable.CHECK_LOOPBACK, 170, match, (*cleared, resubmit(OFTable.EGRESS)), through.cookie)


def _redirect(db: Engine, row: sb.PortBinding, spot: Spot) -> Iterator[Rule]:
    """A gateway's port: on the chassis that leads, the distributed port itself; elsewhere, a tunnel to whoever of them is alive."""
    if is_here(db, row.uuid):
        distributed = port_ref(db, row.options.get("distributed-port", ""))
        other = db.get(sb.PortBinding, distributed) if distributed else None
        if other is not None:
            # It may leave by the wire that it came from.
            hidden = put("in_port", ports.NONE)
            actions = (put(OUTPORT, other.tunnel_key), *zones(db, other.uuid), hidden, resubmit(OFTable.CHECK_LOOPBACK))
            yield Rule(OFTable.LOCAL_OUTPUT, 100, spot.match(OUTPORT), actions, spot.cookie)
        return
    if row.options.get("redirect-type") == "bridged":
        yield from _bridged(db, row, spot)
        return
    members = gateway_tunnels(db, row.uuid)
    if is_single(db, row.uuid):
        yield from _tunnelled(spot, members)
    elif members:
        choice = Bundle("eth_src", 0, "active_backup", tuple(way.ofport for way in members))
        sent = (*label(members[0].type, spot.datapath, spot.port), choice)
        yield Rule(OFTable.REMOTE_OUTPUT, 100, spot.match(OUTPORT), sent, spot.cookie)


def _bridged(db: Engine, row: sb.PortBinding, spot: Spot) -> Iterator[Rule]:
    """To the gateway over the physical network, as if the router had sent it from there already."""
    distributed = port_ref(db, row.options.get("distributed-port", ""))
    router = db.get(sb.PortBinding, distributed) if distributed else None
    peer = peer_of(db, distributed) if distributed else None
    outside = db.get(sb.PortBinding, peer) if peer else None
    localnet = localnet_of(db, outside.datapath) if outside else None
    through = any_spot_of(db, localnet) if localnet else None
    mac = first_mac(router.mac) if router else None
    if through is not None and mac is not None:
        there = (put("eth_src", mac), put("metadata", through.datapath), put(OUTPORT, through.port))
        yield Rule(OFTable.LOCAL_OUTPUT, 100, spot.match(OUTPORT), (*there, resubmit(OFTable.LOGICAL_TO_PHYSICAL)), spot.cookie)


@query
def is_single(db: Engine, ref: str) -> bool:
    """Whether the group of a gateway's port has one member, who needs no stand-in."""
    row = db.get(sb.PortBinding, ref)
    group = db.get(sb.HAChassisGroup, row.ha_chassis_group) if row and row.ha_chassis_group else None
    return group is not None and len(group.ha_chassis) == 1


@query
def gateway_tunnels(db: Engine, ref: str) -> tuple[Way, ...]:
    """Tunnels to the chassis that may serve a port, in the order in which they lead."""
    row, ours = db.get(sb.PortBinding, ref), chassis_ref(db)
    members = members_of(db, row.ha_chassis_group) if row and row.ha_chassis_group else ()
    ways = (tunnel_to(db, member.chassis, None) for member in members if member.chassis != ours)
    return tuple(way for way in ways if way is not None)
