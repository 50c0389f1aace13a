"""Port_Binding: one row for each port of a switch or router, which the chassis that has the port claims."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import ContainerTag, PortKey
from pyovn.northd.load_balancers import is_distributing
from pyovn.northd.router import advertisements, dynamic_routing
from pyovn.northd.router.gateway import serves_vtep
from pyovn.northd.router.nat import DISTRIBUTED
from pyovn.northd.router.transit import remote_chassis
from pyovn.northd.southbound import port_options
from pyovn.northd.southbound.announced import announced
from pyovn.northd.southbound.datapaths import KeyRequest, datapath
from pyovn.northd.southbound.mirrors import MIRRORED, exit_key, mirrors_of_port
from pyovn.northd.southbound.port_kinds import port_kind
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.southbound.watchers import group_name
from pyovn.northd.topology import RouterPort, SwitchPort
from pyovn.query import Engine, each, index, some
from pyovn.schemas import nb, sb


def _switch_port_key(db: Engine, ref: str) -> Iterator[KeyRequest]:
    port = topology.switch_port(db, ref)
    if port is not None:
        requested = port.options.get("requested-tnl-key", "")
        kind = port_kind(port.type, port.parent)
        yield KeyRequest(port.switch, port.name, int(requested) if requested.isdecimal() else 0, kind=kind)
        half = topology.other_half(db, ref) if port.peer else None
        if half is not None:
            yield KeyRequest(port.switch, half, 0, fleeting=True)


def _router_port_key(db: Engine, ref: str) -> Iterator[KeyRequest]:
    port = topology.router_port(db, ref)
    if port is not None:
        requested = port.options.get("requested-tnl-key", "")
        yield KeyRequest(port.router, port.name, int(requested) if requested.isdecimal() else 0)
        if port.redirect:
            yield KeyRequest(port.router, port.redirect, 0)


PORT_KEYS = each((nb.LogicalSwitchPort, _switch_port_key), (MIRRORED, exit_key), (nb.LogicalRouterPort, _router_port_key))
"""Which ports need a tunnel key."""


def _container(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(nb.LogicalSwitchPort, ref)
    if row is not None and row.parent_name and row.tag_request == 0:
        yield KeyRequest(row.parent_name, ref, 0)


CONTAINERS = some(nb.LogicalSwitchPort, lambda row: bool(row.parent_name))
"""The ports of containers."""

TAGS = each((CONTAINERS, _container))
"""Which containers' ports leave their tag to the compiler, by the name of the machine's port."""


def _chosen(db: Engine, ref: str) -> Iterator[tuple[str, int]]:
    row = db.get(nb.LogicalSwitchPort, ref)
    if row is not None and row.parent_name and row.tag_request:
        yield row.parent_name, row.tag_request


CHOSEN_TAGS = index((CONTAINERS, _chosen))
"""The tags that owners of containers have chosen, by the name of the machine's port."""


def _queue(db: Engine, ref: str) -> Iterator[KeyRequest]:
    port = topology.switch_port(db, ref)
    if port is not None and not port.is_router:
        yield KeyRequest("", port.name, 0)


QUEUES = each((some(nb.LogicalSwitchPort, lambda row: topology.is_shaped(row.options)), _queue))
"""Which ports need a queue of their own."""

MAX_QUEUE = 0xF000
"""As many as a Linux device has."""


def container_tag(db: Engine, ref: str) -> int | None:
    """The tag that a port has, as its row remembers."""
    row = db.get(nb.LogicalSwitchPort, ref)
    return row.tag if row else None


def tag_of(db: Engine, row: nb.LogicalSwitchPort) -> int | None:
    """The tag of a port: the one it asks for, or the one it was given; who asks for none has none."""
    if row.tag_request is None:
        return None
    given = db.get(ContainerTag, row.uuid)
    return row.tag_request or (given.key if given else None)


TYPES = {
    name: name
    for name in ("", "external", "l2gateway", "localnet", "localport", "remote", "virtual", "vtep")
} | {"switch": "patch"}
"""What the kinds of switch ports are called in the southbound."""


def switch_port_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The binding of a switch's port."""
    port, row = topology.switch_port(db, ref), db.get(nb.LogicalSwitchPort, ref)
    allotted = db.get(PortKey, port.name) if port else None
    if port is None or row is None or allotted is None:
        return
    gateway = _gateway_chassis_of_peer(db, port)
    type_ = ("l3gateway" if gateway else "patch") if port.is_router else TYPES.get(port.type, "")
    yield wanted(
        sb.PortBinding, port.name, {"up": False}, logical_port=port.name, type=type_, options=_options(db, port, gateway),
        datapath=datapath(port.switch), tunnel_key=allotted.key, parent_port=port.parent, tag=tag_of(db, row),
        mac=row.addresses, port_security=row.port_security, nat_addresses=announced(db, port), external_ids=_named(row),
        ha_chassis_group=_ha_group(db, port), mirror_rules=mirrors_of_port(db, port), **port_options.whereabouts(db, port),
    )  # fmt: skip


def switch_redirect_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The binding of the half of a switch's port that lives where the gateway port does that it leads to."""
    port, row, half = topology.switch_port(db, ref), db.get(nb.LogicalSwitchPort, ref), topology.other_half(db, ref)
    allotted = db.get(PortKey, half) if half else None
    peer = db.get(nb.LogicalRouterPort, port.peer) if port and port.peer else None
    if port is None or row is None or allotted is None or peer is None:
        return
    yield wanted(
        sb.PortBinding, half, {"up": False}, logical_port=half, type="chassisredirect", options={"distributed-port": port.name},
        datapath=datapath(port.switch), tunnel_key=allotted.key, parent_port=port.parent, tag=tag_of(db, row), mac=row.addresses,
        port_security=row.port_security, nat_addresses=(), external_ids=_named(row),
        ha_chassis_group=Key(sb.HAChassisGroup, group_name(db, peer)),
    )  # fmt: skip


def _named(row: nb.LogicalSwitchPort) -> dict[str, str]:
    """The external ids of a port, with the name that a cloud has for it."""
    ids = row.external_ids
    return {**ids, "name": ids["neutron:port_name"]} if ids.get("neutron:port_name") else ids


def _ha_group(db: Engine, port: SwitchPort) -> Key | None:
    """The chassis among which an external port moves."""
    group = db.get(nb.HAChassisGroup, port.ha_chassis_group or "") if port.type == "external" else None
    return Key(sb.HAChassisGroup, group.name) if group else None


def _options(db: Engine, port: SwitchPort, gateway: str | None) -> dict[str, str]:
    """What the chassis has to know: the northbound's options, or for a router's side the port at the other end."""
    if not port.is_router:
        return port_options.options(db, port)
    options = {"peer": port.options["router-port"]} if "router-port" in port.options else {}
    if topology.is_guarded(db, port):
        options["enable_router_port_acl"] = "true"
    if gateway:
        options["l3gateway-chassis"] = gateway
    return options


def _gateway_chassis_of_peer(db: Engine, port: SwitchPort) -> str | None:
    peer = topology.router_port(db, port.peer) if port.peer else None
    return topology.gateway_chassis(db, peer.router) if peer else None


def router_port_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The binding of a router's port."""
    port, row = topology.router_port(db, ref), db.get(nb.LogicalRouterPort, ref)
    allotted = db.get(PortKey, port.name) if port else None
    if port is None or row is None or allotted is None:
        return
    gateway, away = topology.gateway_chassis(db, port.router), remote_chassis(db, port)
    options = advertisements.binding_options(db, row, port) | dynamic_routing.binding_options(db, port, is_redirect=False)
    peer = _peer_name(db, port)
    if peer:
        options["peer"] = peer
    if gateway:
        options["l3gateway-chassis"] = gateway
    if port.redirect and peer:
        options["chassis-redirect-port"] = port.redirect
    yield wanted(
        sb.PortBinding, port.name, {"up": False}, logical_port=port.name, options=options,
        type="l3gateway" if gateway else "remote" if away else "patch",
        datapath=datapath(port.router), tunnel_key=allotted.key, parent_port=None, tag=None,
        mac=(" ".join((row.mac, *row.networks)),), port_security=(), nat_addresses=(), external_ids=row.external_ids,
        requested_chassis=away, **({"chassis": away} if away else {}),
    )  # fmt: skip


def redirect_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The binding of a distributed gateway port's other half, which one of several chassis claims."""
    port, row = topology.router_port(db, ref), db.get(nb.LogicalRouterPort, ref)
    allotted = db.get(PortKey, port.redirect) if port and port.redirect else None
    if port is None or row is None or allotted is None:
        return
    bridged = row.options.get("redirect-type")
    options = {"distributed-port": port.name} | ({"redirect-type": bridged} if bridged else {})
    # Where some translations are carried out by other chassis, or packets go there through the wire, not all are redirected.
    central = not is_distributing(db, port.router) and not DISTRIBUTED(db, port.router)
    if central and bridged != "bridged" and not serves_vtep(db, port):
        options["always-redirect"] = "true"
    options |= dynamic_routing.binding_options(db, port, is_redirect=True)
    yield wanted(
        sb.PortBinding, port.redirect, {"up": False}, logical_port=port.redirect, type="chassisredirect", options=options,
        datapath=datapath(port.router), tunnel_key=allotted.key, parent_port=None, tag=None, mac=(" ".join((row.mac, *row.networks)),),
        port_security=(), nat_addresses=(), external_ids=row.external_ids,
        ha_chassis_group=Key(sb.HAChassisGroup, group_name(db, row)),
    )  # fmt: skip


def _peer_name(db: Engine, port: RouterPort) -> str | None:
    if port.peer:
        peer = topology.switch_port(db, port.peer)
        if peer is not None:
            return peer.name
    row = db.get(nb.LogicalRouterPort, port.peer_router_port) if port.peer_router_port else None
    return row.name if row else None
