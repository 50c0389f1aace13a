"""Tables of cases: an input a line, and indented below it what the reference makes of it. And the network that those inputs speak of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyovn.logical.actions.environment import EncodeEnvironment, GroupSpec
from pyovn.logical.parser import Scope
from pyovn.logical.tables import Table

DATA = Path(__file__).parent / "data"
TABLE = 10
"""The logical table in which the recorded actions stand."""
PORTS = {"eth0": 5, "eth1": 6, "LOCAL": 0xFFFE, "lsp1": 0x11, "lsp2": 0x12, "lsp3": 0x13}
ACTION_PORTS = {name: PORTS[name] for name in ("eth0", "eth1", "LOCAL", "lsp1")}
SCOPE = Scope(
    {
        "set1": ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
        "set2": ["::1", "::2", "::3"],
        "set3": ["00:00:00:00:00:01", "00:00:00:00:00:02", "00:00:00:00:00:03"],
        "set4": [],
    },
    {"pg1": ["lsp1", "lsp2", "lsp3"], "pg_empty": []},
)


def cases(name: str) -> list[tuple[str, list[str]]]:
    """(input, lines expected) of a table."""
    found: list[tuple[str, list[str]]] = []
    for line in (DATA / name).read_text().splitlines():
        if line.startswith("    "):
            found[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            found.append((line, []))
    return found


def parametrize(name: str) -> pytest.MarkDecorator:
    """One test a case."""
    table = cases(name)
    return pytest.mark.parametrize(("text", "expected"), table, ids=[text[:60] for text, _ in table])


class Numbers:
    """Gives numbers from 1 on, the same for the same thing."""

    def __init__(self) -> None:
        self.known: list[object] = []

    def __call__(self, thing: object) -> int:
        if thing not in self.known:
            self.known.append(thing)
        return self.known.index(thing) + 1


def environment(groups: Numbers) -> EncodeEnvironment:
    """The flow, the datapath and the host of the recorded actions."""

    def group_id(spec: GroupSpec) -> int:
        return groups(spec)

    return EncodeEnvironment(
        ACTION_PORTS.get,
        group_id,
        Numbers(),
        ACTION_PORTS.get,
        lambda number: number in (0, 200),
        table=TABLE,
        output_table=Table.SAVE_INPORT,
        datapath_key=0xABCDEF,
        cookie=0xAAAAAAAA,
    )
