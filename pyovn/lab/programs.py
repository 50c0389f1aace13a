"""The programs of a node's shell: the command lines as they are, and ping and dhclient acted by the simulated machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from pyovn.cli import nbctl, sbctl, trace, vsctl
from pyovn.lab import ping as pings
from pyovn.lab.dhcp_client import State
from pyovn.lab.guest import NO_ROUTE, Guest
from pyovn.lab.shell import Outcome, Program
from pyovn.lab.world import World

if TYPE_CHECKING:
    from pyovn.cli.client import Connect

CTL = {"ovn-nbctl": nbctl.run, "ovn-sbctl": sbctl.run, "ovs-vsctl": vsctl.run, "ovn-trace": trace.run}

Wake = Callable[[str], None]
"""Rings the bell of the machine behind a device."""


def ctl_programs(connect: Connect) -> dict[str, Program]:
    """The programs that talk to databases."""
    return {name: _ctl(run, connect) for name, run in CTL.items()}


def _ctl(run: Any, connect: Connect) -> Program:
    def program(words: list[str], namespace: str) -> Outcome:
        out, err = StringIO(), StringIO()
        status = run(words, {}, out=out, err=err, connect=connect)
        return Outcome(out.getvalue(), err.getvalue(), status)

    return program


def _within(guests: Mapping[str, Guest], namespace: str) -> list[Guest]:
    return [guest for guest in guests.values() if guest.namespace == namespace]


def ping_program(world: World, guests: Mapping[str, Guest], wake: Wake) -> Program:
    """ping(8): the machine of the namespace that has a route sends it."""

    def program(words: list[str], namespace: str) -> Outcome:
        try:
            options = pings.parse_options(words)
            IPv4Address(options.destination)
        except pings.UsageError as error:
            return Outcome(err=f"{error}\n", status=2)
        except ValueError:
            return Outcome(err=f"ping: {options.destination}: Name or service not known\n", status=2)
        started = ((guest, guest.start_ping(options, world.now)) for guest in _within(guests, namespace))
        guest, ping = next(((guest, ping) for guest, ping in started if ping), (None, None))
        if guest is None or ping is None:
            return Outcome(err=f"{NO_ROUTE}\n", status=2)
        wake(guest.name)
        world.run_until(lambda: ping.finished is not None, world.now + options.count * options.interval + options.linger)
        return Outcome(pings.report(ping), status=ping.status())

    return program


def dhclient_program(world: World, guests: Mapping[str, Guest], wake: Wake) -> Program:
    """dhclient(8): ask for an address until there is one, or a minute is over."""

    def program(words: list[str], namespace: str) -> Outcome:
        devices = [word for word in words if not word.startswith("-")]
        guest = next((guest for guest in _within(guests, namespace) if guest.name in devices or not devices), None)
        if guest is None:
            return Outcome(err=f'Cannot find device "{" ".join(devices)}"\n', status=1)
        client = guest.start_dhcp(world.now)
        wake(guest.name)
        world.run_until(lambda: client.state in (State.BOUND, State.GIVEN_UP), world.now + client.limit_s + 1)
        device = f"LPF/{guest.name}/{guest.mac}"
        log = [line.replace("{device}", guest.name) for line in client.log]
        lines = [f"Listening on {device}", f"Sending on   {device}", "Sending on   Socket/fallback", *log]
        return Outcome("\n".join(lines) + "\n", status=0 if client.state is State.BOUND else 2)

    return program
