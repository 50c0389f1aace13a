"""`show` of ovn-sbctl and ovs-vsctl: a tree of rows, each with its name, the columns that say something, and the rows it refers to."""

from __future__ import annotations

from pyovn.cli.ctl.datum import default, keys, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

INDENT = 4


class Shown:
    """How rows of one table are shown: the column with their name, columns in order, and a table whose rows refer to them."""

    __slots__ = ("columns", "name", "referrers")

    def __init__(self, name: str, columns: tuple[str, ...], referrers: tuple[str, str, str] | None = None) -> None:
        self.name = name
        self.columns = columns
        self.referrers = referrers
        """(table, its column that is shown, its column that refers to this row)"""


def tree(db: Rows, root: str, tables: dict[str, Shown]) -> str:
    """The rows of `root`, with all that hangs from them."""
    rows = db.all(root, *wanted(tables[root]))
    ahead(db, rows, root, tables)
    return "".join(branch(db, row, root, tables, 0) for row in rows)


def wanted(shown: Shown) -> list[str]:
    """The columns to fetch."""
    return [*([shown.name] if shown.name else []), *shown.columns]


def referred(db: Rows, table: str, column: str, tables: dict[str, Shown]) -> str:
    """The shown table that a column refers to, or empty."""
    target = db.schema.tables[table].column(column).key.table
    return target if target in tables else ""


def ahead(db: Rows, rows: list[Row], table: str, tables: dict[str, Shown]) -> None:
    """Fetch what the rows refer to, a table at a time."""
    for name in tables[table].columns:
        target = referred(db, table, name, tables)
        if target and rows:
            column = db.schema.tables[table].column(name)
            found = db.rows(target, (uuid for row in rows for uuid in keys(column, row[name])), *wanted(tables[target]))
            ahead(db, found, target, tables)


def branch(db: Rows, row: Row, table: str, tables: dict[str, Shown], level: int) -> str:
    """One row and what hangs from it."""
    shown = tables[table]
    margin = " " * (INDENT * level)
    if shown.name:
        head = f"{table} {text(row.table.column(shown.name), row[shown.name])}"
    else:
        head = row.uuid
    pieces = [f"{margin}{head}\n"]
    for name in shown.columns:
        column = row.table.column(name)
        target = referred(db, table, name, tables)
        if target:
            children = db.rows(target, sorted(keys(column, row[name])), *wanted(tables[target]))
            pieces += [branch(db, child, target, tables, level + 1) for child in children]
        elif row[name] != default(column):
            pieces.append(f"{margin}{' ' * INDENT}{name}: {text(column, row[name])}\n")
    if shown.referrers is not None:
        pieces += [f"{margin}{' ' * INDENT}{line}\n" for line in referring(db, row, shown.referrers)]
    return "".join(pieces)


def referring(db: Rows, row: Row, referrers: tuple[str, str, str]) -> list[str]:
    """The rows that refer to this one, by name."""
    table, name, reference = referrers
    column: Any = db.schema.tables[table].column(name)
    return [f"{table} {text(column, other[name])}" for other in db.holding(table, reference, row.uuid, name)]
