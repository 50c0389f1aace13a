"""The programs of a node's shell: the command lines as they are, and ping and dhclient acted by the simulated machines."""

from __future__ import annotations

from io import StringIO
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from pyovn.cli import icnbctl, icsbctl, nbctl, sbctl, trace, vsctl
from pyovn.lab import http
from pyovn.lab import ping as pings
from pyovn.lab.devices import Devices
from pyovn.lab.dhcp_client import State
from pyovn.lab.files import Files
from pyovn.lab.guest import NO_ROUTE
from pyovn.lab.shell import REDIRECT, Outcome, Program, echo, says
from pyovn.lab.world import World

if TYPE_CHECKING:
    from pyovn.cli.client import Connect

CTL = {
    "ovn-nbctl": nbctl.run, "ovn-sbctl": sbctl.run, "ovn-ic-nbctl": icnbctl.run, "ovn-ic-sbctl": icsbctl.run, "ovs-vsctl": vsctl.run,
    "ovn-trace": trace.run,
}  # fmt: skip

CURL_PATIENCE_S = 10.0


def ctl_programs(connect: Connect) -> dict[str, Program]:
    """The programs that talk to databases."""
    return {name: _ctl(run, connect) for name, run in CTL.items()}


def _ctl(run: Any, connect: Connect) -> Program:
    def program(words: list[str], namespace: str) -> Outcome:
        out, err = StringIO(), StringIO()
        status = run(words, {}, out=out, err=err, connect=connect)
        return Outcome(out.getvalue(), err.getvalue(), status)

    return program


def host_programs(name: str, devices: Devices) -> dict[str, Program]:
    """What every host has beside `ip` and the programs of the network."""
    files = Files()
    return {
        "ping": ping_program(devices),
        "dhclient": dhclient_program(devices),
        "curl": curl_program(devices),
        "python3": server_program(devices, files),
        "sleep": sleep_program(devices.world),
        "echo": echo,
        "hostname": says(name),
        "mkdir": files.mkdir,
        "cd": files.cd,
        "cat": files.cat,
        REDIRECT: lambda words, namespace: files.write(words[0], words[1]),
    }


def ping_program(devices: Devices) -> Program:
    """ping(8): the machine of the namespace that has a route sends it."""
    world = devices.world

    def program(words: list[str], namespace: str) -> Outcome:
        try:
            options = pings.parse_options(words)
            IPv4Address(options.destination)
        except pings.UsageError as error:
            return Outcome(err=f"{error}\n", status=2)
        except ValueError:
            return Outcome(err=f"ping: {options.destination}: Name or service not known\n", status=2)
        started = ((guest, guest.start_ping(options, world.now)) for guest in devices.within(namespace))
        guest, ping = next(((guest, ping) for guest, ping in started if ping), (None, None))
        if guest is None or ping is None:
            return Outcome(err=f"{NO_ROUTE}\n", status=2)
        devices.wake(guest.name)
        world.run_until(lambda: ping.finished is not None, world.now + options.count * options.interval + options.linger)
        return Outcome(pings.report(ping), status=ping.status())

    return program


def dhclient_program(devices: Devices) -> Program:
    """dhclient(8): ask for an address until there is one, or a minute is over."""
    world = devices.world

    def program(words: list[str], namespace: str) -> Outcome:
        names = [word for word in words if not word.startswith("-")]
        guest = next((guest for guest in devices.within(namespace) if guest.name in names or not names), None)
        if guest is None:
            return Outcome(err=f'Cannot find device "{" ".join(names)}"\n', status=1)
        client = guest.start_dhcp(world.now)
        devices.wake(guest.name)
        world.run_until(lambda: client.state in (State.BOUND, State.GIVEN_UP), world.now + client.limit_s + 1)
        device = f"LPF/{guest.name}/{guest.mac}"
        log = [line.replace("{device}", guest.name) for line in client.log]
        lines = [f"Listening on {device}", f"Sending on   {device}", "Sending on   Socket/fallback", *log]
        return Outcome("\n".join(lines) + "\n", status=0 if client.state is State.BOUND else 2)

    return program


def curl_program(devices: Devices) -> Program:
    """curl(1): the first machine of the namespace that has a route asks."""
    world = devices.world

    def program(words: list[str], namespace: str) -> Outcome:
        try:
            url = http.parse_url(next(word for word in words if not word.startswith("-")))
        except StopIteration:
            return Outcome(err="curl: (2) no URL specified\n", status=2)
        except http.UrlError as error:
            return Outcome(err=f"{error}\n", status=6)
        started, destination = world.now, int(IPv4Address(url.host))
        found = ((guest, guest.start_tcp(destination, url.port, world.now)) for guest in devices.within(namespace))
        guest, connection = next(((guest, connection) for guest, connection in found if connection), (None, None))
        if guest is None or connection is None:
            return Outcome(err=f"curl: (7) Failed to connect to {url.host} port {url.port}: Network is unreachable\n", status=7)
        connection.send(http.request(url), world.now)
        devices.wake(guest.name)
        world.run_until(lambda: connection.over or connection.peer_done, started + CURL_PATIENCE_S)
        connection.close(world.now)
        devices.wake(guest.name)
        return Outcome(*http.outcome(connection, url, world.now - started))

    return program


def server_program(devices: Devices, files: Files) -> Program:
    """`python3 -m http.server [PORT]`: every machine of the namespace serves the files of the folder; it never ends, and nobody waits."""

    def program(words: list[str], namespace: str) -> Outcome:
        if words[:2] != ["-m", "http.server"]:
            return Outcome(err=f"python3: {' '.join(words)}: only -m http.server is known here\n", status=2)
        folder = files.here
        for guest in devices.within(namespace):
            guest.tcp.servers[int(words[2]) if len(words) > 2 else 8000] = lambda said: http.answer(files.texts, folder, said)
        return Outcome()

    return program


def sleep_program(world: World) -> Program:
    """sleep(1): let time pass."""

    def program(words: list[str], namespace: str) -> Outcome:
        try:
            world.run(sum(float(word) for word in words))
        except ValueError:
            return Outcome(err=f"sleep: invalid time interval ‘{' '.join(words)}’\n", status=1)
        return Outcome()

    return program
