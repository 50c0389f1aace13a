"""`show`: a tree of rows, each with its name, the columns that say something, and the rows it refers to (ovs-vsctl(8), vtep-ctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import atom_text
from pyovn.cli.ctl.datum import default, keys, text
from pyovn.cli.ctl.records import find_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.cli.ctl.schema import Column

INDENT = 4
NOBODY = '"<null>"'
"""Stands for the name of a row that is gone."""


class Shown:
    """How rows of one table are shown: the column with their name, columns in order, and a table whose rows refer to them."""

    __slots__ = ("columns", "name", "referrers")

    def __init__(self, name: str, columns: tuple[str, ...], referrers: tuple[str, str, str] | None = None) -> None:
        self.name = name
        self.columns = columns
        self.referrers = referrers
        """(table, its column that is shown, its column that refers to this row)"""


def tree(db: Rows, root: str, tables: dict[str, Shown], filter_text: str | None) -> str:
    """The rows of `root`, with all that hangs from them."""
    filters = filters_of(db, root, filter_text or "")
    rows = db.all(root, *wanted(tables[root]))
    ahead(db, rows, root, tables)
    return "".join(branch(Context(db, tables, filters), row, root, 0) for row in rows)


class Context:
    """What a tree is drawn from: the database, how tables are shown, and for each table words of which a row's text must have one."""

    __slots__ = ("db", "filters", "tables")

    def __init__(self, db: Rows, tables: dict[str, Shown], filters: dict[str, set[str]]) -> None:
        self.db = db
        self.tables = tables
        self.filters = filters


def filters_of(db: Rows, root: str, given: str) -> dict[str, set[str]]:
    """--filter=TABLE(WORD|WORD),…; a rule without a table is for `root`."""
    filters: dict[str, set[str]] = {}
    for rule in filter(None, given.split(",")):
        name, bracket, words = rule.partition("(")
        if bracket and not words.endswith(")"):
            raise CommandError("Malformed filter: missing closing ')'")
        table = find_table(db.schema, name).name if bracket else root
        filters.setdefault(table, set()).update(filter(None, words[:-1].split("|") if bracket else name.split("|")))
    return filters


def wanted(shown: Shown) -> list[str]:
    """The columns to fetch."""
    return [*([shown.name] if shown.name else []), *shown.columns]


def target_of(column: Column, tables: dict[str, Shown]) -> str:
    """The shown table that a column refers to (of a map: its values), or empty."""
    target = (column.value or column.key).table
    return target if target in tables else ""


def referred(column: Column, value: Any) -> list[str]:
    """The rows that a value refers to."""
    return list(value.values()) if column.value is not None else keys(column, value)


def ahead(db: Rows, rows: list[Row], table: str, tables: dict[str, Shown]) -> None:
    """Fetch what the rows refer to, a table at a time."""
    for name in tables[table].columns:
        column = db.schema.tables[table].column(name)
        target = target_of(column, tables)
        if target and rows:
            found = db.rows(target, (uuid for row in rows for uuid in referred(column, row[name])), *wanted(tables[target]))
            ahead(db, found, target, tables)


def branch(context: Context, row: Row, table: str, level: int) -> str:
    """One row and what hangs from it; nothing, if it has none of the words that its table is filtered by."""
    shown = context.tables[table]
    margin = " " * (INDENT * level)
    pieces = [f"{margin}{f'{table} {text(row.table.column(shown.name), row[shown.name])}' if shown.name else row.uuid}\n"]
    for name in shown.columns:
        pieces += leaves(context, row, row.table.column(name), level + 1)
    if shown.referrers is not None:
        pieces += [f"{margin}{' ' * INDENT}{line}\n" for line in referring(context.db, row, shown.referrers)]
    drawn = "".join(pieces)
    words = context.filters.get(table)
    return "" if words is not None and not any(word.lower() in drawn.lower() for word in words) else drawn


def leaves(context: Context, row: Row, column: Column, level: int) -> list[str]:
    """One column of a row: the rows it refers to, the names of those that a map refers to, or its value unless it is the default."""
    margin = " " * (INDENT * level)
    target = target_of(column, context.tables)
    value = row[column.name]
    if not target:
        return [] if value == default(column) else [f"{margin}{column.name}: {text(column, value)}\n"]
    shown = context.tables[target]
    if column.value is None:
        children = context.db.rows(target, sorted(keys(column, value)), *wanted(shown))
        return [branch(context, child, target, level) for child in children]
    others = context.db.rows(target, value.values(), shown.name)
    names = {other.uuid: text(other.table.column(shown.name), other[shown.name]) for other in others}
    lines = [f"{margin}{' ' * INDENT}{atom_text(key, column.key.type)}={names.get(uuid, NOBODY)}\n" for key, uuid in value.items()]
    return [f"{margin}{column.name}:\n", *lines]


def referring(db: Rows, row: Row, referrers: tuple[str, str, str]) -> list[str]:
    """The rows that refer to this one, by name."""
    table, name, reference = referrers
    column = db.schema.tables[table].column(name)
    return [f"{table} {text(column, other[name])}" for other in db.holding(table, reference, row.uuid, name)]
