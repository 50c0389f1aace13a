"""How northbound commands name things: by name or uuid, with the errors that users know."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows


def by_name_or_uuid(nb: Rows, table: str, name: str, several: str = "") -> Row | None:
    """The row of this uuid or name, or None; with `several`, what to call rows that share the name, which is an error then."""
    if is_uuid(name):
        row = nb.row(table, name.lower())
        if row is not None:
            return row
    found = nb.find(table, "name", name)
    if len(found) > 1 and several:
        raise CommandError(f"Multiple {several} named '{name}'.  Use a UUID.")
    return found[0] if found else None


def switch_of(nb: Rows, name: str) -> Row:
    """The logical switch of this name or uuid."""
    found = find_switch(nb, name)
    if found is None:
        raise CommandError(f"{name}: switch {word_for(name)} not found")
    return found


def find_switch(nb: Rows, name: str) -> Row | None:
    """The logical switch of this name or uuid, or None."""
    return by_name_or_uuid(nb, "Logical_Switch", name, "logical switches")


def router_of(nb: Rows, name: str) -> Row:
    """The logical router of this name or uuid."""
    found = find_router(nb, name)
    if found is None:
        raise CommandError(f"{name}: router {word_for(name)} not found")
    return found


def find_router(nb: Rows, name: str) -> Row | None:
    """The logical router of this name or uuid, or None."""
    return by_name_or_uuid(nb, "Logical_Router", name, "logical routers")


def port_of(nb: Rows, name: str) -> Row:
    """The logical switch port of this name or uuid."""
    found = by_name_or_uuid(nb, "Logical_Switch_Port", name)
    if found is None:
        raise CommandError(f"{name}: port {word_for(name)} not found")
    return found


def router_port_of(nb: Rows, name: str) -> Row:
    """The logical router port of this name or uuid."""
    found = by_name_or_uuid(nb, "Logical_Router_Port", name)
    if found is None:
        raise CommandError(f"{name}: port {word_for(name)} not found")
    return found


def word_for(name: str) -> str:
    """What a row was looked for by."""
    return "UUID" if is_uuid(name) else "name"


def owner(nb: Rows, table: str, column: str, row: Row) -> Row | None:
    """The row of `table` whose `column` refers to `row`."""
    return next(iter(nb.holding(table, column, row.uuid)), None)


def pairs(arguments: tuple[str, ...]) -> dict[str, str]:
    """KEY=VALUE arguments, of which either may be empty; what has no `=` is passed over."""
    split = (argument.partition("=") for argument in arguments)
    return dict(sorted((key, value) for key, equals, value in split if equals))


def listed(rows: list[Row], column: str = "name") -> str:
    """`UUID (NAME)` lines, sorted by name."""
    return "".join(f"{row.uuid} ({row[column]})\n" for row in sorted(rows, key=lambda row: str(row[column])))


def map_text(values: dict[str, Any]) -> str:
    """KEY=VALUE lines, sorted."""
    return "".join(f"{key}={value}\n" for key, value in sorted(values.items()))


def is_integer(text: str) -> bool:
    """Whether the text is a decimal integer."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()
