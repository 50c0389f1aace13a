"""One node: an Open_vSwitch database, a switch, an agent, the machines on it, and a shell to type into."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from pyovn.cli import icnbctl, icsbctl
from pyovn.cli.client import Target, Unreachable
from pyovn.controller.controller import Controller
from pyovn.controller.facts import Process
from pyovn.lab.central import Central
from pyovn.lab.channel import RungChannel
from pyovn.lab.databases import Databases
from pyovn.lab.devices import Devices
from pyovn.lab.ip import Namespaces
from pyovn.lab.lan import Hear, Lan, physical_mac
from pyovn.lab.programs import ctl_programs, host_programs
from pyovn.lab.remote_store import RemoteStore
from pyovn.lab.shell import Outcome, Program, Shell
from pyovn.lab.underlay import Underlay
from pyovn.lab.world import World
from pyovn.openflow.connection import channel_pair
from pyovn.ovsdb.operation import Insert
from pyovn.packet.ethernet import mac_text
from pyovn.schemas import vswitch
from pyovn.vswitch.effects import CloseDevice, Datagram, DeviceFailed, DeviceOpened, OpenDevice, Transmit, Udp
from pyovn.vswitch.switch import Switch

if TYPE_CHECKING:
    from pyovn.cli.client import Client

IPV4 = 4
ZONE_REMOTES = (("ic-nb", icnbctl.default_remote), ("ic-sb", icsbctl.default_remote))
UPLINK = "ens3"
"""The device by which a node is on the underlay."""
SHARED_SOCKETS = ("ovn_ic_nb_db.sock", "ovn_ic_sb_db.sock")
REFUSED, MISSING = "Connection refused", "No such file or directory"


class Node:
    """A host, and the central node too if `central` is given."""

    def __init__(self, name: str, address: str, underlay: Underlay, central: Central | None = None) -> None:
        self.name = name
        self.address = int(IPv4Address(address))
        self.underlay = underlay
        self.world: World = underlay.world
        self.central = central
        self.devices = Devices(self.world)
        self.guests = self.devices.guests
        self.taps: list[Callable[[str, bytes], None]] = []
        """Each hears of every frame that the switch hands to a device."""
        self._wires: dict[str, Hear] = {}
        """Physical devices, each with where its frames go."""
        self.databases = Databases(self.world, name)
        self.ovs = self.databases.add(vswitch)
        self.sb = RemoteStore()
        self._connected_to = ""
        self._start()
        self.shell = Shell(self._programs())
        uplinks = {UPLINK: lambda up: underlay.set_up(self.address, up)}
        self.namespaces = Namespaces(self.guests, self.shell.call, uplinks=uplinks)
        self.shell.programs["ip"] = self.namespaces.program
        underlay.nodes[self.address] = self

    def _start(self) -> None:
        """The database has its one row, as the system's start script leaves it; then switch and agent."""
        new_uuid = self.databases.new_uuid
        external_ids = {"hostname": self.name, "rundir": "/var/run/openvswitch", "system-id": new_uuid()}
        self.ovs.transact([Insert(vswitch.OpenvSwitch, {"external_ids": external_ids})])
        self.switch = Switch(self.databases.local(self.ovs, lambda: self.switch_bell()))
        self.switch_bell = self.world.join(self.switch, self._carry)
        agent_end, self._switch_end = channel_pair()
        agent_end.close()
        self._agent_end = agent_end
        bridge_mac = mac_text(0x0200_0000_0000 | self.address)
        process = Process("", self.name, 0, bridge_mac)
        ovs_store = self.databases.local(self.ovs, lambda: self.agent_bell())
        channel = RungChannel(agent_end, lambda: self.switch_bell())
        self.agent = Controller(self.sb, ovs_store, channel, process, lambda: int(self.world.now * 1000))
        self._agent_runs = False
        self.ovs.listeners.append(lambda committed: self._follow())

    # The agent's connections

    def agent_bell(self) -> None:
        """Wake the agent, which is started once it has been told of a southbound database."""
        if self._agent_runs:
            self._ring_agent()

    def _follow(self) -> None:
        """Connect the agent to what its database names, once that is there."""
        self.connect_southbound()
        if not self._agent_end.connected and "br-int" in self.switch.datapath.bridges:
            self._agent_end.join(self._switch_end)
            self.switch.attach("br-int", RungChannel(self._switch_end, lambda: self.agent_bell()))
            self.agent_bell()

    def connect_southbound(self) -> None:
        """Follow `ovn-remote`; a server that does not listen yet is tried again when it does."""
        row = next(iter(self.ovs.tables["Open_vSwitch"].rows.values()))
        remote = row.external_ids.get("ovn-remote", "")  # type: ignore[attr-defined]
        if remote == self._connected_to:
            return
        if not self._agent_runs:
            self._agent_runs = True
            self._ring_agent = self.world.join(self.agent, lambda effects: None)
        databases = self._server(remote)
        if self.sb.local is not None:
            self.sb.local.close()
        self.sb.local, self._connected_to = None, ""
        if databases is not None and "OVN_Southbound" in databases.server.databases:
            database = databases.server.databases["OVN_Southbound"].database
            self.sb.local, self._connected_to = databases.local(database, lambda: self.agent_bell()), remote
            self.agent_bell()

    def _server(self, remote: str) -> Databases | None:
        """Who serves at `unix:FILE` or `tcp:ADDRESS:PORT`, seen from this node."""
        kind, _, rest = remote.partition(":")
        if kind == "unix":
            if rest.endswith("/db.sock"):
                return self.databases
            sockets = ("ovnnb_db.sock", "ovnsb_db.sock", *(SHARED_SOCKETS if self.central and self.central.shared else ()))
            return self.central.databases if self.central and rest.endswith(sockets) else None
        address, _, port = rest.partition(":")
        return self.underlay.server(address, int(port)) if kind == "tcp" and port.isdigit() else None

    # The underlay

    def receive_datagram(self, remote: int, local: int, port: int, payload: bytes) -> None:
        """A datagram for this node's switch."""
        self.switch.receive(None, Datagram(remote, local, IPV4, port, payload), self.world.now)
        self.switch_bell()

    def listening(self, port: int) -> Databases | None:
        """The central databases, if a Connection row names the port."""
        return self.central.databases if self.central and self.central.listening(port) else None

    # What the switch wants

    def _carry(self, effects: list[Any]) -> None:
        for effect in effects:
            if isinstance(effect, Transmit):
                self._deliver(effect.interface, effect.frame)
            elif isinstance(effect, Udp):
                self.underlay.send(effect.local or self.address, effect.remote, effect.port, effect.payload)
            elif isinstance(effect, OpenDevice):
                self._open(effect)
            elif isinstance(effect, CloseDevice):
                self.guests.pop(effect.interface, None)

    def _open(self, wanted: OpenDevice) -> None:
        """A physical device is there or not; every other has a machine behind it, asleep until somebody brings it up."""
        name = wanted.interface
        if name in self._wires:
            news: DeviceOpened | DeviceFailed = DeviceOpened(physical_mac(self.name, name), 1500, 1)
        elif wanted.kind == "system":
            news = DeviceFailed("No such device")
        else:
            guest = self.devices.add(name, wanted.mac, lambda frames: self._send(name, frames))
            news = DeviceOpened(guest.mac_number, guest.mtu, len(self.guests), wanted.up)
        self.switch.receive(name, news, self.world.now)
        self.switch_bell()

    def plug(self, device: str, lan: Lan) -> None:
        """Add a physical device on a physical network, for a bridge to have."""
        self._wires[device] = lan.plug((self.name, device), lambda frame: self._send(device, [frame]))

    def _deliver(self, interface: str, frame: bytes) -> None:
        for tap in self.taps:
            tap(interface, frame)
        if interface in self._wires:
            self._wires[interface](frame)
        else:
            self.devices.hear(interface, frame)

    def inject(self, device: str, frame: bytes) -> None:
        """Send a frame as the machine behind a device, whatever that machine is."""
        self._send(device, [frame])

    def _send(self, interface: str, frames: list[Any]) -> None:
        for frame in frames:
            self.switch.receive(interface, frame, self.world.now)
        self.switch_bell()

    # The shell

    def _programs(self) -> dict[str, Program]:
        return {**host_programs(self.name, self.devices), **ctl_programs(self._connect), "ovn-ic": self._join_zones}

    def _join_zones(self, words: list[str], namespace: str) -> Outcome:
        """ovn-ic(8), which goes on in the background."""
        options = dict(word.partition("=")[::2] for word in words)
        remotes = [options.get(f"--{name}-db", default_remote({})) for name, default_remote in ZONE_REMOTES]
        servers = [self._server(remote) for remote in remotes]
        northbound, southbound = servers
        if self.central is None or northbound is None or southbound is None:
            return Outcome(err="ovn-ic: a zone's central node joins it to others, where their databases can be reached\n", status=1)
        self.central.join_zones(northbound, southbound)
        return Outcome()

    def _connect(self, target: Target) -> Client:
        remotes = target.remotes.split(",")
        for remote in remotes:
            databases = self._server(remote)
            if databases is not None:
                return databases.connect(remote)
        raise Unreachable(remotes[0], MISSING if remotes[0].startswith("unix:") else REFUSED)
