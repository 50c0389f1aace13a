"""A southbound database as recorded from OVN 26.03.2, and what that release's ovn-trace told of packets in it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pyovn.cli.client import Client, Target

DATA = Path(__file__).parent / "data"


class Case(NamedTuple):
    """A command line and its whole output."""

    name: str
    argv: list[str]
    output: str


def cases() -> list[Case]:
    """Every recorded trace."""
    found = []
    for path in sorted(DATA.glob("*.txt")):
        command, _, output = path.read_text().partition("\n")
        found.append(Case(path.stem, shlex.split(command), output))
    return found


def _members(value: Any) -> list[Any]:
    return value[1] if isinstance(value, list) and value[:1] == ["set"] else [value]


def _holds(row: dict[str, Any], column: str, function: str, value: Any) -> bool:
    if function == "includes":
        return value in _members(row[column])
    assert function == "=="
    return bool(row[column] == value)


class Recorded:
    """The recorded database, answering `select` as a server would (RFC 7047 5.2.2)."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = json.loads((DATA / "southbound.json").read_text())
        self.asked: list[str] = []
        """The tables read, in order."""

    def call(self, method: str, params: list[Any], /) -> Any:
        """`transact` with selects."""
        assert method == "transact"
        return [self._select(operation) for operation in params[1:]]

    def _select(self, operation: dict[str, Any]) -> dict[str, Any]:
        table = operation["table"]
        self.asked.append(table)
        found = [row for row in self.tables[table] if all(_holds(row, *condition) for condition in operation["where"])]
        return {"rows": [{column: row[column] for column in operation["columns"]} for row in found]}

    def wait(self, seconds: float | None, /) -> None:
        """Nothing ever happens here."""

    def close(self) -> None:
        """Nor ends."""

    def connect(self, target: Target) -> Client:
        """Whatever was asked for, this is it."""
        return self
