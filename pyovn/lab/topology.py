"""What a page stands on: its hosts and physical networks, from the page's own `topology` block.

    node node1 192.168.209.110 central     a host of the overlay, and the databases are there
    node node2 192.168.209.111
    node node4 192.168.209.120 central shared    another zone's host, where the databases that zones share are, too
    machine client                         a host without a switch
    lan outside node1:ens9 client:eth0     a cable that joins these devices
"""

from __future__ import annotations

import re

from pyovn.lab.network import Network

_BLOCK = re.compile(r"^```topology\n(.*?)^```", re.MULTILINE | re.DOTALL)

DEFAULT = """\
node node1 192.168.209.110 central
node node2 192.168.209.111
node node3 192.168.209.112
machine client
lan outside node1:ens9 node2:ens9 node3:ens9 client:ens9
"""
"""What a page without a block stands on."""


class TopologyError(ValueError):
    """A line that says nothing buildable."""


def described(page: str) -> str | None:
    """A page's own topology, if it has one."""
    block = _BLOCK.search(page)
    return block[1] if block else None


def build(text: str) -> Network:
    """The network that a topology describes; TopologyError with the line that cannot be read."""
    network = Network()
    for line in text.splitlines():
        try:
            _add(network, line.partition("#")[0].split())
        except (ValueError, KeyError) as error:
            raise TopologyError(f"topology: {line}: {error}") from None
    return network


def _add(network: Network, words: list[str]) -> None:
    match words:
        case []:
            pass
        case ["node", name, address]:
            network.node(name, address)
        case ["node", name, address, "central"]:
            network.node(name, address, central=True)
        case ["node", name, address, "central", "shared"]:
            network.node(name, address, central=True, shared=True)
        case ["machine", name]:
            network.machine(name)
        case ["lan", name, *ends]:
            network.lan(name, *(_end(end) for end in ends))
        case _:
            raise ValueError("not a node, a machine or a lan")


def _end(text: str) -> tuple[str, str]:
    host, colon, device = text.partition(":")
    if not colon:
        raise ValueError(f"{text} is not HOST:DEVICE")
    return host, device
