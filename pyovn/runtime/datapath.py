"""What a switch wants done, done: devices opened and watched, frames and datagrams moved, OpenFlow sessions offered and kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from pyovn.openflow.connection import Connection
from pyovn.runtime import netdev
from pyovn.runtime.link import Link, listen_on
from pyovn.runtime.netdev import Device, LinkState, LinkWatch, NetdevError
from pyovn.runtime.program import Process
from pyovn.runtime.remote import RemoteError
from pyovn.runtime.stream import Listener, Stream
from pyovn.runtime.udp import UdpError, UdpPort, open_udp
from pyovn.vswitch.agent import Session
from pyovn.vswitch.effects import (
    CloseBridge,
    CloseDevice,
    CloseUdp,
    Connect,
    Datagram,
    DeviceChanged,
    DeviceFailed,
    DeviceOpened,
    DevicesChanged,
    Disconnect,
    Effect,
    OpenBridge,
    OpenDevice,
    OpenUdp,
    Transmit,
    Udp,
)
from pyovn.vswitch.switch import Switch
from pyovn.vswitch.wanted import mac_number, mac_text

log = logging.getLogger("bridge")


class SwitchTask:
    """A task that gives a switch its place in the world."""

    def __init__(self, process: Process, switch: Switch) -> None:
        self.switch = switch
        self._process = process
        self._devices: dict[str, Device] = {}
        self._states: dict[str, LinkState] = {}
        self._udp: dict[tuple[int, int], UdpPort] = {}
        self._listeners: dict[str, Listener] = {}
        self._sessions: dict[tuple[str, str], tuple[Link, Session]] = {}
        self._served: dict[str, list[Link]] = {}
        self._watch = LinkWatch()
        process.loop.watch_read(self._watch.fileno(), self._links_changed)
        process.at_exit.append(self.close)

    def turn(self, now: float) -> bool:
        """See `Task`."""
        self.switch.tick(now)
        said, self.switch.said = self.switch.said, False
        return self._carry_out() or said

    def due(self) -> float:
        """See `Task`."""
        return self.switch.due()

    def close(self) -> None:
        """Let everything go; devices that were made disappear."""
        for device in self._devices.values():
            device.close()
        for port in self._udp.values():
            port.close()
        for listener in self._listeners.values():
            listener.close()
        self._watch.close()

    def _carry_out(self) -> bool:
        effects = self.switch.take()
        for effect in effects:
            if type(effect) is Transmit:
                device = self._devices.get(effect.interface)
                if device is not None:
                    device.write(effect.frame)
            else:
                self._carry(effect)
        return bool(effects)

    def _carry(self, effect: Effect) -> None:
        match effect:
            case Udp():
                self._send(effect)
            case OpenDevice():
                self._open(effect)
            case CloseDevice(name):
                self._close_device(name)
            case OpenUdp(port):
                self._open_udp(port)
            case CloseUdp(port):
                self._close_udp(port)
            case OpenBridge(bridge):
                self._offer(bridge)
            case CloseBridge(bridge):
                self._withdraw(bridge)
            case Connect():
                self._connect(effect)
            case Disconnect(bridge, target):
                self._disconnect(bridge, target)
            case _:
                raise AssertionError(f"{effect!r} is for nobody")

    # Devices

    def _open(self, wanted: OpenDevice) -> None:
        now = self._process.loop.now()
        try:
            if wanted.interface not in self._devices:
                opens = netdev.open_packet if wanted.kind == "system" else netdev.open_tap
                device: Device = opens(wanted.interface)
                self._devices[wanted.interface] = device
                self._process.loop.watch_read(device.fileno(), self._reader(wanted.interface, device))
            _prepare(wanted)
        except NetdevError as error:
            self._close_device(wanted.interface)
            log.warning("could not open network device %s (%s)", wanted.interface, error)
            self.switch.receive(wanted.interface, DeviceFailed(str(error)), now)
            return
        state = netdev.read_link(wanted.interface)
        if state is not None:
            self._states[wanted.interface] = state
            opened = DeviceOpened(mac_number(state.mac), state.mtu, state.ifindex, state.up)
            self.switch.receive(wanted.interface, opened, now)

    def _reader(self, name: str, device: Device) -> Callable[[], None]:
        receive, loop = self.switch.receive, self._process.loop

        def read() -> None:
            now = loop.now()
            for frame in device.read():
                receive(name, frame, now)
            self._carry_out()

        return read

    def _close_device(self, name: str) -> None:
        device = self._devices.pop(name, None)
        self._states.pop(name, None)
        if device is not None:
            self._process.loop.forget(device.fileno())
            device.close()

    def _links_changed(self) -> None:
        if not self._watch.changed():
            return
        now = self._process.loop.now()
        for name, old in list(self._states.items()):
            # A device that was moved to another namespace is gone from here, though its frames still come.
            new = netdev.read_link(name) or LinkState(name, old.ifindex, old.mac, old.mtu, False, False)
            if new != old:
                self._states[name] = new
                changed = DeviceChanged(mac_number(new.mac), new.mtu, new.ifindex, new.up, new.running)
                self.switch.receive(name, changed, now)
        self.switch.receive(None, DevicesChanged(), now)

    # Tunnels

    def _open_udp(self, number: int) -> None:
        for version in (4, 6):
            try:
                port = open_udp(number, version=version)
            except UdpError as error:
                log.warning("could not listen on UDP port %d of IPv%d (%s)", number, version, error)
                continue
            self._udp[number, version] = port
            self._process.loop.watch_read(port.fileno(), self._udp_reader(number, version, port))

    def _udp_reader(self, number: int, version: int, port: UdpPort) -> Callable[[], None]:
        receive, loop = self.switch.receive, self._process.loop

        def read() -> None:
            now = loop.now()
            for payload, source, _, destination in port.read():
                receive(None, Datagram(_number(source), _number(destination), version, number, payload), now)
            self._carry_out()

        return read

    def _close_udp(self, number: int) -> None:
        for version in (4, 6):
            port = self._udp.pop((number, version), None)
            if port is not None:
                self._process.loop.forget(port.fileno())
                port.close()

    def _send(self, datagram: Udp) -> None:
        port = self._udp.get((datagram.port, datagram.family))
        if port is not None:
            local = _text(datagram.local, datagram.family) if datagram.local else ""
            port.send(datagram.payload, _text(datagram.remote, datagram.family), datagram.port, source=local, tos=datagram.tos)

    # OpenFlow

    def _offer(self, bridge: str) -> None:
        file = f"{self._process.paths.rundir}/{bridge}.mgmt"
        try:
            self._listeners[bridge] = listen_on(self._process.network, f"punix:{file}", lambda stream: self._accept(bridge, stream))
        except RemoteError as error:
            log.error("%s: could not listen (%s)", file, error)

    def _accept(self, bridge: str, stream: Stream) -> None:
        connection = Connection.accepted()
        link = Link(self._process.network, connection)
        session = self.switch.attach(bridge, connection.channel)

        def end() -> None:
            self._process.loop.remove(link)
            self.switch.detach(session)

        link.on_end = end
        self._process.loop.add(link)
        link.serve(stream)

    def _withdraw(self, bridge: str) -> None:
        listener = self._listeners.pop(bridge, None)
        if listener is not None:
            listener.close()

    def _connect(self, wanted: Connect) -> None:
        if wanted.target.startswith(("punix:", "ptcp:", "pssl:")):
            return
        connection = Connection.dialling(wanted.target, wanted.inactivity_probe_ms / 1000)
        link = self._process.link(connection)
        session = self.switch.attach(wanted.bridge, connection.channel, service=False, target=wanted.target)
        self._sessions[wanted.bridge, wanted.target] = (link, session)

    def _disconnect(self, bridge: str, target: str) -> None:
        link, session = self._sessions.pop((bridge, target), (None, None))
        if link is not None and session is not None:
            self._process.loop.remove(link)
            if link.stream is not None:
                link.stream.close()
            self.switch.detach(session)


def _prepare(wanted: OpenDevice) -> None:
    if wanted.mac:
        netdev.set_mac(wanted.interface, mac_text(wanted.mac))
    if wanted.mtu:
        netdev.set_mtu(wanted.interface, wanted.mtu)
    if wanted.up:
        netdev.set_up(wanted.interface)


@lru_cache(maxsize=4096)
def _number(address: str) -> int:
    return int(ip_address(address)) if address else 0


@lru_cache(maxsize=4096)
def _text(address: int, family: int) -> str:
    return str(IPv4Address(address) if family == 4 else IPv6Address(address))
