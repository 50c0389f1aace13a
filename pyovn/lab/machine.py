"""A machine beside the overlay: devices on physical networks, addresses, a shell, and no switch."""

from __future__ import annotations

from pyovn.lab.devices import Devices
from pyovn.lab.ip import Namespaces
from pyovn.lab.lan import Lan, physical_mac
from pyovn.lab.programs import host_programs
from pyovn.lab.shell import Shell
from pyovn.lab.world import World


class Machine:
    """A host of a physical network."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.devices = Devices(world)
        self.shell = Shell(host_programs(name, self.devices))
        self.shell.programs["ip"] = Namespaces(self.devices.guests, self.shell.call).program

    def plug(self, device: str, lan: Lan) -> None:
        """Add a device on a physical network; it is up."""
        send = lan.plug((self.name, device), lambda frame: self.devices.hear(device, frame))

        def send_all(frames: list[bytes]) -> None:
            for frame in frames:
                send(frame)

        self.devices.add(device, physical_mac(self.name, device), send_all).up = True
