"""`python -m pyovn.lab [PAGE…]`: bring up three nodes in this process and play tutorials on them, as a person would type them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pyovn.lab.network import TUTORIALS, Network
from pyovn.lab.tutorial import Played, parse, play

PAGES = ("two_switches", "dhcp")
NODES = (("node1", "192.168.209.110"), ("node2", "192.168.209.111"), ("node3", "192.168.209.112"))


def three_nodes() -> Network:
    """The nodes that the tutorials are written for; the first is central."""
    network = Network()
    for number, (name, address) in enumerate(NODES):
        network.node(name, address, central=number == 0)
    return network


def find_page(name: str) -> Path:
    """A page by its file, or by its name among the tutorials of the package."""
    path = Path(name)
    return path if path.suffix == ".md" else TUTORIALS / f"{name}.md"


def show(played: Played, page: str) -> None:
    """Print a step as a terminal would, and what the page expected if that is not what came."""
    step, outcome = played.step, played.outcome
    print(f"{step.host}# {step.command}\n{outcome.out}{outcome.err}", end="")
    if not played.as_written:
        print("\n".join([f"*** {page}, line {step.line}: this is not what the page says:", *step.expected]))


def main(names: Sequence[str]) -> int:
    """Play the pages on one network; 0 if everything came as written."""
    network = three_nodes()
    wrong = steps = 0
    for name in names or PAGES:
        path = find_page(name)
        try:
            page = path.read_text()
        except OSError as error:
            print(f"lab: {path}: {error.strerror}", file=sys.stderr)
            return 1
        for played in play(parse(page), network.sh):
            show(played, path.name)
            steps, wrong = steps + 1, wrong + (not played.as_written)
    passed, packets = network.world.now, network.underlay.packets
    print(f"\n{steps} commands, {wrong} not as written; in the network {passed:.1f} s passed, {packets} packets crossed tunnels.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
