"""A network of nodes in one process: the lab's front door."""

from __future__ import annotations

from pathlib import Path

from pyovn.lab.central import Central
from pyovn.lab.guest import Guest
from pyovn.lab.lan import Lan
from pyovn.lab.machine import Machine
from pyovn.lab.node import Node
from pyovn.lab.shell import Outcome
from pyovn.lab.underlay import Underlay
from pyovn.lab.world import World

TUTORIALS = Path(__file__).with_name("tutorials")


class Network:
    """Nodes on one underlay, in a world of their own."""

    def __init__(self) -> None:
        self.world = World()
        self.underlay = Underlay(self.world)
        self.nodes: dict[str, Node] = {}
        self.machines: dict[str, Machine] = {}
        """Hosts beside the overlay."""
        self.lans: dict[str, Lan] = {}

    def node(self, name: str, address: str, *, central: bool = False, shared: bool = False) -> Node:
        """Add a node; one of each zone is central, and one of these has the databases that zones share."""
        node = self.nodes[name] = Node(name, address, self.underlay, Central(self.world, name, shared=shared) if central else None)
        if node.central is not None:
            for database in node.central.served:
                database.listeners.append(lambda committed: self._reconnect())
        return node

    def _reconnect(self) -> None:
        """A server may listen now that did not before."""
        for node in self.nodes.values():
            node.connect_southbound()

    def machine(self, name: str) -> Machine:
        """Add a host that is not of the overlay."""
        machine = self.machines[name] = Machine(name, self.world)
        return machine

    def lan(self, name: str, *ends: tuple[str, str]) -> Lan:
        """Add a physical network that joins devices, each as (host, device)."""
        lan = self.lans[name] = Lan(self.world)
        for host, device in ends:
            self._host(host).plug(device, lan)
        return lan

    def _host(self, name: str) -> Node | Machine:
        return self.nodes.get(name) or self.machines[name]

    def sh(self, host: str, line: str) -> Outcome:
        """Type a line into a host's shell."""
        return self._host(host).shell.run(line)

    def must(self, host: str, line: str) -> str:
        """The same, of a line that has to succeed; what it printed."""
        outcome = self.sh(host, line)
        if outcome.status:
            raise RuntimeError(f"{host}# {line}: {outcome.err or outcome.out}")
        return outcome.out

    def overlay(self) -> None:
        """Make every node a host of the overlay, the central one its server."""
        (central,) = (node for node in self.nodes.values() if node.central is not None)
        self.must(central.name, "ovn-sbctl set-connection ptcp:6642")
        remote = f"tcp:{_text(central.address)}:6642"
        for node in self.nodes.values():
            settings = {"ovn-remote": remote, "ovn-encap-type": "geneve", "ovn-encap-ip": _text(node.address), "system-id": node.name}
            words = " ".join(f"external_ids:{key}={value}" for key, value in settings.items())
            self.must(node.name, f"ovs-vsctl set open_vswitch . {words}")

    def guest(self, node: str, name: str, mac: str, address: str, *, port: str) -> Guest:
        """Start a machine in a namespace of its own, attached to a logical port."""
        for line in (
            f"ip netns add {name}",
            f"ovs-vsctl add-port br-int {name} -- set interface {name} type=internal",
            f"ip link set {name} netns {name}",
            f"ip netns exec {name} ip link set {name} address {mac}",
            f"ip netns exec {name} ip addr add {address} dev {name}",
            f"ip netns exec {name} ip link set {name} up",
            f"ovs-vsctl set Interface {name} external_ids:iface-id={port}",
        ):
            self.must(node, line)
        return self.nodes[node].guests[name]


def _text(address: int) -> str:
    return ".".join(str(octet) for octet in address.to_bytes(4, "big"))
