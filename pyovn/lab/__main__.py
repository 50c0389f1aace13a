"""`python -m pyovn.lab [PAGE…]`: bring up nodes in this process and play tutorials on them, as a person would type them.

A page that describes its own topology gets a network of its own; the others share one of three nodes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pyovn.lab.network import TUTORIALS
from pyovn.lab.topology import DEFAULT, TopologyError, build, described
from pyovn.lab.tutorial import Played, parse, play

PAGES = ("two_switches", "dhcp", "gateway", "high_availability", "zones")
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
    """Play the pages; 0 if everything came as written."""
    shared = build(DEFAULT)
    networks = [shared]
    wrong = steps = 0
    for name in names or PAGES:
        path = find_page(name)
        try:
            page = path.read_text()
            own = described(page)
            network = shared if own is None else build(own)
        except OSError as error:
            print(f"lab: {path}: {error.strerror}", file=sys.stderr)
            return 1
        except TopologyError as error:
            print(f"lab: {path}: {error}", file=sys.stderr)
            return 1
        networks += [network] if own is not None else []
        for played in play(parse(page), network.sh):
            show(played, path.name)
            steps, wrong = steps + 1, wrong + (not played.as_written)
    passed, packets = sum(each.world.now for each in networks), sum(each.underlay.packets for each in networks)
    print(f"\n{steps} commands, {wrong} not as written; in the networks {passed:.1f} s passed, {packets} packets crossed tunnels.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
