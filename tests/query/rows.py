"""A tiny schema for the engine's tests: switches that hold ports, ports that may name a peer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch and the references of its ports."""

    uuid: str
    name: str
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Port:
    """A port, with the options and the noise column that no query reads."""

    uuid: str
    name: str
    options: dict[str, str]
    noise: int = 0


class Change(NamedTuple):
    """What `Engine.feed` takes."""

    table: type[Any]
    uuid: str
    old: Any
    new: Any


def appeared(*rows: Any) -> list[Change]:
    """Each row, as new."""
    return [Change(type(row), row.uuid, None, row) for row in rows]


def changed(old: Any, new: Any) -> list[Change]:
    """One row replaced by another."""
    return [Change(type(old), old.uuid, old, new)]


def gone(*rows: Any) -> list[Change]:
    """Each row, as deleted."""
    return [Change(type(row), row.uuid, row, None) for row in rows]
