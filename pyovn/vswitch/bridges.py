"""Makes the bridges and ports those that the database asks for: opens and closes what differs, and leaves the rest alone."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from pyovn.openflow import ports as of
from pyovn.openflow.action import Output
from pyovn.openflow.commands import FlowCommand, FlowMod
from pyovn.openflow.session import PortReason
from pyovn.vswitch import agent as agents
from pyovn.vswitch import liveness, mac_learning
from pyovn.vswitch.agent import Agent
from pyovn.vswitch.changes import touch, touch_all
from pyovn.vswitch.datapath import Bridge, Datapath, Kind, Mirror, Port, add_port, forget_entrances, ports_of, remove_port
from pyovn.vswitch.effects import (
    CloseBridge,
    CloseDevice,
    CloseUdp,
    Connect,
    DeviceChanged,
    DeviceOpened,
    Disconnect,
    OpenBridge,
    OpenDevice,
    OpenUdp,
)
from pyovn.vswitch.flow_mods import change_flows
from pyovn.vswitch.wanted import WantedBridge, WantedPort

log = logging.getLogger("bridge")

FIRST_FREE_PORT, PORT_LIMIT = 1, of.MAX


@dataclass(slots=True, eq=False)
class PortState:
    """What became of an interface of the database."""

    wanted: WantedPort
    port: Port | None = None
    opening: bool = False
    error: str = ""
    ifindex: int | None = None


@dataclass(slots=True, eq=False)
class BridgeState:
    """A bridge, and its interfaces by name."""

    bridge: Bridge
    wanted: WantedBridge
    ports: dict[str, PortState] = field(default_factory=dict)
    last_number: int = 0
    controllers: dict[str, int] = field(default_factory=dict)
    """Inactivity probe in milliseconds by target."""


@dataclass(slots=True, eq=False)
class Plant:
    """Everything that was made for the database."""

    datapath: Datapath
    agent: Agent
    bridges: dict[str, BridgeState] = field(default_factory=dict)
    udp_ports: set[int] = field(default_factory=set)

    @property
    def settled(self) -> bool:
        """Has every device been opened, or failed?"""
        return not any(state.opening for bridge in self.bridges.values() for state in bridge.ports.values())


def configure(plant: Plant, wanted: dict[str, WantedBridge], now: float) -> None:
    """Make the plant what the database asks for; what has to be opened in the world becomes effects."""
    for name in [name for name in plant.bridges if name not in wanted]:
        _remove_bridge(plant, plant.bridges[name])
    for name, bridge in wanted.items():
        if name not in plant.bridges:
            _add_bridge(plant, bridge, now)
    # All that leaves goes first: a port may move from one bridge to another.
    for name, bridge in wanted.items():
        _remove_ports(plant, plant.bridges[name], bridge)
    for name, bridge in wanted.items():
        _configure_bridge(plant, plant.bridges[name], bridge, now)
    _choose_datapath_ids(plant)
    _configure_udp(plant)


def _add_bridge(plant: Plant, wanted: WantedBridge, now: float) -> None:
    name = wanted.row.name
    bridge = Bridge(name, str(wanted.row.uuid), secure=wanted.secure)
    plant.datapath.bridges[name] = bridge
    plant.bridges[name] = BridgeState(bridge, wanted)
    plant.datapath.effects.append(OpenBridge(name))
    _default_flow(plant, bridge, wanted, now)


def _default_flow(plant: Plant, bridge: Bridge, wanted: WantedBridge, now: float) -> None:
    """A bridge that nobody controls, and that is not to wait for a controller, is an ordinary switch."""
    alone = not wanted.secure and not wanted.controllers
    command = FlowCommand.ADD if alone else FlowCommand.DELETE_STRICT
    if alone or not wanted.secure:
        change_flows(plant.datapath, bridge, FlowMod(command=command, priority=0, actions=(Output(of.NORMAL),)), now, [])


def _remove_bridge(plant: Plant, state: BridgeState) -> None:
    for port in list(state.ports.values()):
        _close(plant, state, port)
    for target in state.controllers:
        plant.datapath.effects.append(Disconnect(state.bridge.name, target))
    plant.datapath.effects.append(CloseBridge(state.bridge.name))
    del plant.datapath.bridges[state.bridge.name]
    del plant.bridges[state.bridge.name]
    plant.agent.sessions = [session for session in plant.agent.sessions if session.bridge != state.bridge.name]
    forget_entrances(plant.datapath)
    touch_all(plant.datapath.changes)


def _remove_ports(plant: Plant, state: BridgeState, wanted: WantedBridge) -> None:
    """Close what is no longer wanted, or wanted as something else."""
    names = {port.name: port for port in wanted.ports}
    for name, port in list(state.ports.items()):
        new = names.get(name)
        if new is None or new.kind is not port.wanted.kind or (new.error and not port.wanted.error) or new.row.uuid != port.wanted.row.uuid:
            _close(plant, state, port)


def _configure_bridge(plant: Plant, state: BridgeState, wanted: WantedBridge, now: float) -> None:
    bridge = state.bridge
    if (wanted.secure, bool(wanted.controllers)) != (state.wanted.secure, bool(state.wanted.controllers)):
        bridge.secure = wanted.secure
        _default_flow(plant, bridge, wanted, now)
    bridge.macs.idle_s, bridge.macs.limit = wanted.mac_idle_s, wanted.mac_limit
    state.wanted = wanted
    _configure_mirrors(plant, bridge, wanted.mirrors)
    for port in wanted.ports:
        if port.name in state.ports:
            _update(plant, state, port, now)
        else:
            state.ports[port.name] = PortState(port)
            _open(plant, state, state.ports[port.name], now)
    _configure_controllers(plant, state, wanted)


def _configure_mirrors(plant: Plant, bridge: Bridge, wanted: tuple[Mirror, ...]) -> None:
    """Mirrors that changed go on counting where they were."""
    if wanted == bridge.mirrors:
        return
    before = {mirror.uuid: mirror for mirror in bridge.mirrors}
    for mirror in wanted:
        if mirror.uuid in before:
            mirror.packets, mirror.bytes = before[mirror.uuid].packets, before[mirror.uuid].bytes
    bridge.mirrors = wanted
    touch_all(plant.datapath.changes)


def _configure_controllers(plant: Plant, state: BridgeState, wanted: WantedBridge) -> None:
    targets = {controller.target: controller.inactivity_probe_ms for controller in wanted.controllers}
    for target in [target for target, probe in state.controllers.items() if targets.get(target) != probe]:
        del state.controllers[target]
        plant.datapath.effects.append(Disconnect(state.bridge.name, target))
    for target, probe in targets.items():
        if target not in state.controllers:
            state.controllers[target] = probe
            plant.datapath.effects.append(Connect(state.bridge.name, target, probe))


def _open(plant: Plant, state: BridgeState, entry: PortState, now: float) -> None:
    wanted = entry.wanted
    if wanted.error:
        entry.error = wanted.error
        log.warning("%s", wanted.error)
    elif any(wanted.name in other.ports for other in plant.bridges.values() if other is not state):
        entry.error = f"could not add network device {wanted.name} to ofproto (File exists)"
    elif wanted.kind.is_device:
        entry.opening = True
        mac = wanted.mac or (_bridge_mac(state) if wanted.name == state.bridge.name else 0)
        kind = wanted.kind.value
        mtu = wanted.row.mtu_request or 0
        plant.datapath.effects.append(OpenDevice(wanted.name, kind, mac, mtu, wanted.name == state.bridge.name))
    else:
        _join(plant, state, entry, now, DeviceOpened(made_up_mac(str(wanted.row.uuid)), 0, 0))


def opened(plant: Plant, interface: str, device: DeviceOpened, now: float) -> None:
    """A device is there: its port joins the bridge."""
    for state in plant.bridges.values():
        entry = state.ports.get(interface)
        if entry is not None and entry.opening:
            entry.opening = False
            _join(plant, state, entry, now, device)
            _choose_datapath_ids(plant)


def failed(plant: Plant, interface: str, reason: str) -> None:
    """A device could not be had."""
    for state in plant.bridges.values():
        entry = state.ports.get(interface)
        if entry is not None and entry.opening:
            entry.opening = False
            entry.error = f"could not open network device {interface} ({reason})"


def changed(plant: Plant, interface: str, device: DeviceChanged) -> None:
    """A device's address, MTU or state changed."""
    for state in plant.bridges.values():
        entry = state.ports.get(interface)
        if entry is None or entry.port is None:
            continue
        port = entry.port
        entry.ifindex = device.ifindex
        before = (port.mac, port.up, port.admin_up)
        port.mac, port.mtu, port.up, port.admin_up = device.mac, device.mtu, device.link_up, device.admin_up
        if (port.mac, port.up, port.admin_up) != before:
            touch(plant.datapath.changes, ports_of(state.bridge))
            agents.port_changed(plant.agent, state.bridge, port, PortReason.MODIFY)
            _choose_datapath_ids(plant)


def try_again(plant: Plant, now: float) -> None:
    """Open what could not be opened before, for devices may have come."""
    for state in plant.bridges.values():
        for entry in state.ports.values():
            if entry.port is None and not entry.opening and entry.wanted.kind is Kind.SYSTEM and not entry.wanted.error:
                entry.error = ""
                _open(plant, state, entry, now)


def _join(plant: Plant, state: BridgeState, entry: PortState, now: float, device: DeviceOpened) -> None:
    wanted, bridge = entry.wanted, state.bridge
    number = _choose_number(state, wanted)
    if number is None:
        entry.error = f"could not add network device {wanted.name} to ofproto (No space left on device)"
        return
    port = Port(
        number, wanted.name, wanted.kind, device.mac, wanted.peer, wanted.tunnel, wanted.vlan,
        up=device.up, admin_up=device.up, mtu=device.mtu, created=now,
    )  # fmt: skip
    entry.port, entry.error, entry.ifindex = port, "", device.ifindex
    add_port(plant.datapath, bridge, port)
    _configure_monitor(plant, bridge, port, wanted, now)
    log.info("bridge %s: added interface %s on port %d", bridge.name, port.name, number)
    agents.port_changed(plant.agent, bridge, port, PortReason.ADD)


def _configure_monitor(plant: Plant, bridge: Bridge, port: Port, wanted: WantedPort, now: float) -> None:
    """Those who choose among ports choose again when one of them is found alive or dead."""
    liveness.configure(plant.datapath.liveness, port, wanted.row.bfd, lambda: touch(plant.datapath.changes, ports_of(bridge)), now)


def _choose_number(state: BridgeState, wanted: WantedPort) -> int | None:
    """The number asked for, the one that the interface had before, or the next that is free."""
    taken = state.bridge.ports
    if wanted.name == state.bridge.name:
        return of.LOCAL
    before = wanted.row.ofport or 0
    for number in (wanted.row.ofport_request or 0, before):
        if 0 < number < PORT_LIMIT and number not in taken:
            state.last_number = max(state.last_number, number)
            return number
    reserved = {port.row.ofport_request for port in state.wanted.ports} | {port.row.ofport for port in state.wanted.ports}
    for step in range(1, PORT_LIMIT):
        number = (state.last_number + step - 1) % (PORT_LIMIT - 1) + FIRST_FREE_PORT
        if number not in taken and number not in reserved:
            state.last_number = number
            return number
    return None


def _update(plant: Plant, state: BridgeState, wanted: WantedPort, now: float) -> None:
    """Give a port that stays what changed of its configuration."""
    entry = state.ports[wanted.name]
    old, entry.wanted = entry.wanted, wanted
    port = entry.port
    if port is None:
        return
    if (old.peer, old.tunnel, old.vlan) != (wanted.peer, wanted.tunnel, wanted.vlan):
        port.peer, port.tunnel, port.vlan = wanted.peer, wanted.tunnel, wanted.vlan
        touch_all(plant.datapath.changes)
    if old.row.bfd != wanted.row.bfd:
        _configure_monitor(plant, state.bridge, port, wanted, now)
    if wanted.mac and wanted.mac != old.mac and wanted.kind.is_device:
        plant.datapath.effects.append(OpenDevice(wanted.name, wanted.kind.value, wanted.mac))
    request = wanted.row.ofport_request
    if request and request != port.number and request not in state.bridge.ports and port.number != of.LOCAL:
        _renumber(plant, state, port, request)


def _renumber(plant: Plant, state: BridgeState, port: Port, number: int) -> None:
    agents.port_changed(plant.agent, state.bridge, port, PortReason.DELETE)
    remove_port(plant.datapath, state.bridge, port)
    port.number, port.entrance = number, None
    add_port(plant.datapath, state.bridge, port)
    agents.port_changed(plant.agent, state.bridge, port, PortReason.ADD)


def _close(plant: Plant, state: BridgeState, entry: PortState) -> None:
    del state.ports[entry.wanted.name]
    if entry.port is not None:
        remove_port(plant.datapath, state.bridge, entry.port)
        liveness.forget(plant.datapath.liveness, entry.port)
        log.info("bridge %s: deleted interface %s on port %d", state.bridge.name, entry.port.name, entry.port.number)
        mac_learning.forget_port(state.bridge.macs, entry.port.number)
        agents.port_changed(plant.agent, state.bridge, entry.port, PortReason.DELETE)
        touch_all(plant.datapath.changes)
    if entry.wanted.kind.is_device and (entry.port is not None or entry.opening):
        plant.datapath.effects.append(CloseDevice(entry.wanted.name))


def _configure_udp(plant: Plant) -> None:
    """Listen where tunnels end."""
    needed = {port.tunnel.port for _, port in plant.datapath.tunnels if port.tunnel is not None}
    plant.datapath.effects.extend(OpenUdp(number) for number in sorted(needed - plant.udp_ports))
    plant.datapath.effects.extend(CloseUdp(number) for number in sorted(plant.udp_ports - needed))
    plant.udp_ports = needed


def _choose_datapath_ids(plant: Plant) -> None:
    """A bridge is known by what it was told, or by its Ethernet address."""
    for state in plant.bridges.values():
        chosen = state.wanted.datapath_id or _bridge_mac(state)
        if chosen != state.bridge.datapath_id:
            state.bridge.datapath_id = chosen
            log.info("bridge %s: using datapath ID %016x", state.bridge.name, chosen)


_MULTICAST_OR_LOCAL = 3 << 40


def _bridge_mac(state: BridgeState) -> int:
    """What was set, else the lowest address of a port that its maker chose, else one made up from the bridge's uuid."""
    if state.wanted.hwaddr:
        return state.wanted.hwaddr
    candidates = [
        port.mac for port in state.bridge.ports.values() if port.number != of.LOCAL and port.mac and not port.mac & _MULTICAST_OR_LOCAL
    ]
    return min(candidates, default=made_up_mac(str(state.wanted.row.uuid)))


def made_up_mac(uuid: str) -> int:
    """A locally administered address that is the same for the same row."""
    return int(uuid.replace("-", "")[:12], 16) & ~_MULTICAST_OR_LOCAL | 2 << 40
