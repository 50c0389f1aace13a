"""What generators yield: logical flows, and problems where a northbound row asks for the impossible."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.northd.pipeline import Stage

NEXT = "next;"
DROP = "drop;"
OUTPUT = "output;"
ALWAYS = "1"


class Flow(NamedTuple):
    """One logical flow of one datapath: in `stage`, packets that `match` get `actions`, the highest `priority` first."""

    stage: Stage
    priority: int
    match: str
    actions: str
    hint: str = ""
    """The uuid of the northbound row that asked for it; the southbound keeps its first eight digits."""
    meter: str | None = None
    """The meter that limits what the flow sends to the controller."""
    port: str | None = None
    """The logical port that the match names, if one: a chassis that has it not can skip the flow."""
    desc: str | None = None
    """What the owner wants to read in traces."""
    tracked: bool = False
    """The ports in the match are those that conntrack knows: fragments have none of their own."""


class Problem(NamedTuple):
    """A northbound row that asks for the impossible; the rest of the network still compiles."""

    table: str
    row: str
    """The row's name, or its uuid if it has none."""
    fact: str
    """What is wrong, and what would help."""


def quoted(name: str) -> str:
    """A string as the language of matches and actions writes it."""
    return '"' + name.translate(_ESCAPES) + '"'


_ESCAPES = str.maketrans({
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f",
    **{chr(code): f"\\u{code:04x}" for code in range(32) if chr(code) not in "\n\t\r\b\f"},
})  # fmt: skip
