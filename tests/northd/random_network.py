"""Random networks for both compilers: switches, routers, ports of all kinds, options, and everything that can go again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator


class Draft:
    """What a random network has so far."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.switches: list[str] = []
        self.routers: list[str] = []
        self.ports: list[tuple[str, str]] = []
        """(switch, port)."""
        self.router_ports: list[tuple[str, str, int]] = []
        """(router, port, the number of its network)."""
        self.numbers = iter(range(1, 250))
        self.dhcp = False

    def mac(self) -> str:
        """A MAC that nobody else has."""
        return f"00:00:00:00:{self.random.randrange(256):02x}:{next(self.numbers):02x}"

    def addresses(self) -> str:
        """What may stand in a port's addresses."""
        number = next(self.numbers)
        words = [self.mac()]
        if self.random.random() < 0.8:
            words.append(f"10.0.{self.random.randrange(3)}.{number}")
        if self.random.random() < 0.4:
            words.append(f"fd00::{number:x}")
        texts = [f"'{' '.join(words)}'"]
        if self.random.random() < 0.2:
            texts.append("unknown")
        return " ".join(texts)


def add_switch(draft: Draft) -> Iterator[str]:
    """A switch, perhaps with a subnet."""
    name = f"sw{next(draft.numbers)}"
    draft.switches.append(name)
    yield f"ovn-nbctl ls-add {name}"
    if draft.random.random() < 0.4:
        yield f"ovn-nbctl set logical_switch {name} other_config:subnet=10.{next(draft.numbers)}.0.0/28 other_config:ipv6_prefix=fd05::"


def add_port(draft: Draft) -> Iterator[str]:
    """A machine's port, or a special one."""
    if not draft.switches:
        return
    switch, name = draft.random.choice(draft.switches), f"p{next(draft.numbers)}"
    draft.ports.append((switch, name))
    yield f"ovn-nbctl lsp-add {switch} {name}"
    type_ = draft.random.choice(["", "", "", "", "localport", "virtual", "external", "localnet"])
    if type_:
        yield f"ovn-nbctl lsp-set-type {name} {type_}"
    if type_ == "localnet":
        yield f"ovn-nbctl lsp-set-addresses {name} unknown"
        yield f"ovn-nbctl lsp-set-options {name} network_name=physnet"
        return
    yield f"ovn-nbctl lsp-set-addresses {name} {draft.random.choice([draft.addresses(), draft.addresses(), 'dynamic', 'unknown'])}"


def connect(draft: Draft) -> Iterator[str]:
    """A router between two or more switches."""
    if not draft.switches:
        return
    if not draft.routers or draft.random.random() < 0.3:
        name = f"lr{next(draft.numbers)}"
        draft.routers.append(name)
        yield f"ovn-nbctl lr-add {name}"
    router, switch = draft.random.choice(draft.routers), draft.random.choice(draft.switches)
    number = next(draft.numbers)
    port, side = f"{router}-{number}", f"{switch}-{number}"
    draft.router_ports.append((router, port, number))
    networks = f"192.168.{number}.1/24" + (f" fd0{number % 10}:{number}::1/64" if draft.random.random() < 0.4 else "")
    yield f"ovn-nbctl lrp-add {router} {port} {draft.mac()} {networks}"
    yield f"ovn-nbctl lsp-add {switch} {side}"
    yield f"ovn-nbctl lsp-set-type {side} router"
    yield f"ovn-nbctl lsp-set-addresses {side} {draft.random.choice(['router', draft.mac()])}"
    yield f"ovn-nbctl lsp-set-options {side} router-port={port}"


def route(draft: Draft) -> Iterator[str]:
    """A static route."""
    if draft.router_ports:
        router, _, number = draft.random.choice(draft.router_ports)
        prefix = draft.random.choice(["0.0.0.0/0", f"172.16.{next(draft.numbers)}.0/24"])
        yield f"ovn-nbctl --may-exist lr-route-add {router} {prefix} 192.168.{number}.{draft.random.randrange(2, 200)}"


def serve_dhcp(draft: Draft) -> Iterator[str]:
    """DHCP for a port."""
    if not draft.ports:
        return
    if not draft.dhcp:
        draft.dhcp = True
        yield (
            "ovn-nbctl create dhcp_options cidr=10.0.0.0/16 "
            "options='lease_time=\"3600\" server_id=\"10.0.0.254\" server_mac=\"c0:ff:ee:00:00:01\"'"
        )
    _, port = draft.random.choice(draft.ports)
    yield f'ovn-nbctl lsp-set-dhcpv4-options {port} $(ovn-nbctl --bare --columns=_uuid find dhcp_options cidr="10.0.0.0/16")'


def change_port(draft: Draft) -> Iterator[str]:
    """A port disabled, secured, or with other addresses."""
    if draft.ports:
        _, port = draft.random.choice(draft.ports)
        yield draft.random.choice(
            [
                f"ovn-nbctl lsp-set-enabled {port} disabled",
                f"ovn-nbctl lsp-set-port-security {port} '{draft.mac()} 10.0.0.1'",
                f"ovn-nbctl lsp-set-addresses {port} {draft.addresses()}",
                f"ovn-nbctl set logical_switch_port {port} options:requested-chassis=hv1 external_ids:note=changed",
            ]
        )


def remove(draft: Draft) -> Iterator[str]:
    """A port, a switch, a router port, gone."""
    kind = draft.random.randrange(4)
    if kind in (0, 1) and draft.ports:
        _, port = draft.ports.pop(draft.random.randrange(len(draft.ports)))
        yield f"ovn-nbctl lsp-del {port}"
    elif kind == 2 and len(draft.switches) > 1:
        switch = draft.switches.pop(draft.random.randrange(len(draft.switches)))
        draft.ports = [(holder, port) for holder, port in draft.ports if holder != switch]
        yield f"ovn-nbctl ls-del {switch}"
    elif kind == 3 and draft.router_ports:
        _, port, _ = draft.router_ports.pop(draft.random.randrange(len(draft.router_ports)))
        yield f"ovn-nbctl lrp-del {port}"


STEPS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    add_switch, add_port, add_port, add_port, add_port, connect, connect, route, serve_dhcp, change_port, change_port, remove,
)  # fmt: skip


def random_commands(seed: int, length: int = 25) -> list[str]:
    """The commands of a random network; the same for the same seed."""
    draft = Draft(seed)
    found = [*add_switch(draft), *add_switch(draft)]
    for _ in range(length):
        found += draft.random.choice(STEPS)(draft)
    return [f"{command} || true" for command in found]
