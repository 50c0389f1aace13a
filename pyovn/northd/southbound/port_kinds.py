"""How chassis claim a switch port: as a machine's, a container's or a virtual one; one that becomes another of these is another port."""

from __future__ import annotations


def port_kind(type_: str, parent: str | None) -> str:
    """`machine`, `container` or `virtual`; empty for ports of other types."""
    if type_ == "virtual":
        return "virtual"
    return "" if type_ else "container" if parent else "machine"


def changes_hands(before: str, after: str) -> bool:
    """Whether a port that was of one kind and is of another now has to be given up by who has it."""
    return before != after and ("virtual" in (before, after) or "" not in (before, after))
