"""The part of ip(8) that tutorials use: namespaces, links, addresses and routes of the simulated machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface

from pyovn.lab.guest import Guest
from pyovn.lab.shell import Outcome

Exec = Callable[[list[str], str], Outcome]
"""Runs words in a namespace."""


class IpError(ValueError):
    """What ip(8) answers to a command that cannot be done."""


@dataclass(slots=True)
class Namespaces:
    """The network namespaces of a host; the devices are kept by name, each with the namespace it is in."""

    guests: MutableMapping[str, Guest]
    run: Exec
    names: set[str] = field(default_factory=set)
    uplinks: Mapping[str, Callable[[bool], None]] = field(default_factory=dict)
    """Devices of the host itself that can only be set up and down."""

    def program(self, words: list[str], namespace: str) -> Outcome:
        """`ip WORDS…` in a namespace."""
        try:
            if words[:1] == ["-n"]:
                namespace, words = self._namespace(words[1]), words[2:]
            return self._dispatch(words, namespace)
        except IpError as error:
            return Outcome(err=f"{error}\n", status=1)
        except (IndexError, ValueError):
            return Outcome(err=f'Error: either "{" ".join(words)}" is not complete, or a value in it is wrong.\n', status=255)

    def _dispatch(self, words: list[str], namespace: str) -> Outcome:
        match words:
            case ["netns", "add", name]:
                return self._add(name)
            case ["netns", "del" | "delete", name]:
                self.names.discard(self._namespace(name))
            case ["netns"] | ["netns", "list"]:
                return Outcome("".join(f"{name}\n" for name in sorted(self.names)))
            case ["netns", "exec", name, *rest]:
                return self.run(rest, self._namespace(name))
            case ["link", "set", *rest]:
                self._set_link(rest, namespace)
            case ["addr" | "address" | "a", "add", address, "dev", device]:
                self._add_address(device, namespace, address)
            case ["route" | "r", "add", prefix, "via", gateway, *_]:
                self._add_route(namespace, prefix, gateway)
            case ["addr" | "address" | "a", *rest] if rest[:1] in ([], ["show"]):
                return Outcome("".join(map(_describe, self._in(namespace))))
            case _:
                raise IpError(f'Object "{" ".join(words)}" is unknown, try "ip help".')
        return Outcome()

    def _add(self, name: str) -> Outcome:
        if name in self.names:
            raise IpError(f'Cannot create namespace file "/var/run/netns/{name}": File exists')
        self.names.add(name)
        return Outcome()

    def _namespace(self, name: str) -> str:
        if name not in self.names:
            raise IpError(f'Cannot open network namespace "{name}": No such file or directory')
        return name

    def _in(self, namespace: str) -> list[Guest]:
        return [guest for guest in self.guests.values() if guest.namespace == namespace]

    def _device(self, name: str, namespace: str) -> Guest:
        guest = self.guests.get(name)
        if guest is None or guest.namespace != namespace:
            raise IpError(f'Cannot find device "{name}"')
        return guest

    def _set_link(self, words: list[str], namespace: str) -> None:
        """`[dev] NAME` stands anywhere among the settings."""
        settings: dict[str, str] = {}
        names: list[str] = []
        rest = iter(words)
        for word in rest:
            if word in ("netns", "address", "mtu"):
                settings[word] = next(rest)
            elif word in ("up", "down"):
                settings["state"] = word
            elif word != "dev":
                names.append(word)
        if names == ["lo"]:
            return
        if names[0] in self.uplinks and not namespace:
            self.uplinks[names[0]](settings.get("state") != "down")
            return
        guest = self._device(names[0], namespace)
        if "address" in settings:
            guest.set_mac(settings["address"])
        if "state" in settings:
            guest.up = settings["state"] == "up"
        if "mtu" in settings:
            guest.mtu = int(settings["mtu"])
        if "netns" in settings:
            guest.move(self._namespace(settings["netns"]))

    def _add_address(self, device: str, namespace: str, address: str) -> None:
        interface = IPv4Interface(address)
        if device == "lo":
            return
        guest = self._device(device, namespace)
        if interface in guest.addresses:
            raise IpError("RTNETLINK answers: File exists")
        guest.addresses.append(interface)

    def _add_route(self, namespace: str, prefix: str, gateway: str) -> None:
        via = IPv4Address(gateway)
        for guest in self._in(namespace):
            if any(via in address.network for address in guest.addresses):
                guest.add_route("0.0.0.0/0" if prefix == "default" else prefix, via)
                return
        raise IpError("Error: Nexthop has invalid gateway.")


def _describe(guest: Guest) -> str:
    state = "UP" if guest.up else "DOWN"
    lines = [f"{guest.name}: <BROADCAST,MULTICAST,{state}> mtu {guest.mtu}", f"    link/ether {guest.mac}"]
    return "\n".join([*lines, *(f"    inet {address}" for address in guest.addresses)]) + "\n"
