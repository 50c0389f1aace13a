"""Rows named with --id=@NAME: refuse those that nobody makes, warn of those that nothing refers to and that are gone at once."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.datum import keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyovn.cli.ctl.rows import Row, Rows

LOST = "so it will not actually appear in the database"


def check_symbols(db: Rows) -> None:
    """Refuse a transaction that speaks of a row nobody makes."""
    for name, uuid in db.symbols.items():
        if db.is_named(uuid) and uuid not in db.own:
            raise CommandError(f'row id "{name}" is referenced but never created (e.g. with "-- --id={name} create ...")')


def references(row: Row, uuid: str) -> Iterator[bool]:
    """For each column written that refers to `uuid`: whether it does so weakly."""
    values = list(row.written.items())
    values += [(column, members) for column, steps in row.mutations.items() for mutator, members in steps if mutator == "insert"]
    for name, value in values:
        column = row.table.column(name)
        atoms = value if isinstance(value, list | dict) else keys(column, value)
        if column.key.type == "uuid" and uuid in atoms:
            yield column.key.weak
        if column.value is not None and column.value.type == "uuid" and uuid in value.values():
            yield column.value.weak


def warn_of_lost(db: Rows, module: str) -> None:
    """Say in the log which named rows will not outlive the transaction."""
    for name, uuid in db.symbols.items():
        row = next((row for row in db.inserted() if row.uuid == uuid), None)
        if row is None or row.table.is_root:
            continue
        found = [weak for other in db.changed() for weak in references(other, uuid)]
        if not found:
            db.warnings.append((module, f'row id "{name}" was created but no reference to it was inserted, {LOST}'))
        elif all(found):
            db.warnings.append((module, f'row id "{name}" was created but only a weak reference to it was inserted, {LOST}'))
