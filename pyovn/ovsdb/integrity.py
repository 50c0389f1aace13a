"""What must hold when a transaction ends (RFC 7047 3.2 and 4.1.3): references, garbage, uniqueness, numbers of rows.

The checks look only at touched rows and at what those touched, and mend what the RFC has them mend: unreferenced rows
of tables that are no roots go, and so do weak references to rows that are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyovn.ovsdb.atom import violation
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.row import NO_UUID, Table, columns_of, replaced
from pyovn.ovsdb.tabledata import Link, TableData
from pyovn.ovsdb.transaction import Transaction
from pyovn.ovsdb.value import format_text


def settle(transaction: Transaction) -> None:
    """Make the transaction fit to stay, or raise and leave undoing it to the caller."""
    touched = _touched(transaction)
    for data, rows in touched:
        _check_targets(data, rows)
    for data, rows in touched:
        _check_deleted(data, rows)
    _collect_garbage(transaction, touched)
    for data, rows in _touched(transaction):
        if data.weak_sources or data.weak_links:
            _drop_dead_references(transaction, data, rows)
    for data, rows in _touched(transaction):
        if transaction.again:
            _drop_unchanged(data, rows)
        _check_unique(data, rows)
        _check_number(data)


def _touched(transaction: Transaction) -> list[tuple[TableData, dict[str, Table | None]]]:
    """The tables of which rows were touched, with those rows as they were."""
    return [(transaction.tables[name], rows) for name, rows in transaction.before.items()]


def _drop_unchanged(data: TableData, rows: dict[str, Table | None]) -> None:
    """A row that ends as it began was not touched; one that was replaced only once, by one that differs, need not be looked at."""
    for uuid, old in list(rows.items()):
        new = data.rows.get(uuid)
        if old is None:
            if new is None:
                del rows[uuid]
        elif new is not None and columns_of(old) == columns_of(new):
            data.put(uuid, old)
            del rows[uuid]


def _check_targets(data: TableData, rows: dict[str, Table | None]) -> None:
    """A strong reference leads to a row."""
    now = [(old, new) for uuid, old in rows.items() if (new := data.rows.get(uuid)) is not None] if data.links else []
    for link in data.links:
        column, there = link.column, link.target.rows
        changed = [new for old, new in now if old is None or getattr(old, column) is not getattr(new, column)]
        missing = set(link.targets(changed)).difference(there)
        if missing:
            raise next(_no_such_row(link, row.uuid, ref) for row in changed for ref in link.refs(row) if ref in missing)


def _no_such_row(link: Link, uuid: str, ref: str) -> OvsdbError:
    return OvsdbError(
        "referential integrity violation",
        f"Table {link.source.schema.name} column {link.column} row {uuid} references nonexistent row {ref} "
        f"in table {link.target.schema.name}.",
    )


def _check_deleted(data: TableData, rows: dict[str, Table | None]) -> None:
    """Nothing refers strongly to a row that is gone."""
    for uuid in rows if data.references else ():
        if uuid not in data.rows and uuid in data.references:
            left = data.references[uuid]
            details = f"cannot delete {data.schema.name} row {uuid} because of {left} remaining reference(s)"
            raise OvsdbError("referential integrity violation", details)


def _collect_garbage(transaction: Transaction, touched: Iterable[tuple[TableData, dict[str, Table | None]]]) -> None:
    """Rows of tables that are no roots live while something refers to them strongly; the last reference takes its row along."""
    for data, rows in touched:
        for uuid in () if data.schema.is_root else tuple(rows):
            _drop_if_loose(transaction, data, uuid)
        while data.loosened:
            _drop_if_loose(transaction, *data.loosened.pop())


def _drop_if_loose(transaction: Transaction, data: TableData, uuid: str) -> None:
    if uuid in data.rows and uuid not in data.references:
        transaction.put(data, uuid, None)


def _drop_dead_references(transaction: Transaction, data: TableData, rows: dict[str, Table | None]) -> None:
    """A weak reference to a row that is gone, or never was, vanishes; a column that must not be empty refuses."""
    gone = [uuid for uuid in rows if uuid not in data.rows]
    for link in data.weak_sources if gone else ():
        assert link.index is not None
        for uuid in gone:
            for source in link.index.find(uuid):
                _drop_dead(transaction, link, source)
    for link in data.weak_links:
        for uuid, old in list(rows.items()):
            new = data.rows.get(uuid)
            # What the row referred to before is gone only if it went now: that was seen above, or will be at its own table.
            if new is None or (old is not None and getattr(old, link.column) is getattr(new, link.column)):
                continue
            if any(ref not in link.target.rows for ref in link.refs(new)):
                _drop_dead(transaction, link, uuid)


def _drop_dead(transaction: Transaction, link: Link, uuid: str) -> None:
    """Take the references to rows that are gone out of one column of one row."""
    row = link.source.rows[uuid]
    type_ = link.source.schema.columns[link.column].type
    held = getattr(row, link.column)
    alive = link.target.rows
    before = len(tuple(link.refs(row)))
    if type_.is_map:
        left: Any = {key: value for key, value in held.items() if (key if link.part == "key" else value) in alive}
        count = len(left)
    else:
        atoms = tuple(ref for ref in link.refs(row) if ref in alive)
        count = len(atoms)
        left = atoms if type_.is_set else (atoms[0] if atoms else None)
    if count < type_.min:
        raise _must_not_be_empty(link, row, before - count)
    transaction.put(link.source, uuid, replaced(row, {link.column: left}, transaction.version))


def _must_not_be_empty(link: Link, row: Table, gone: int) -> OvsdbError:
    where = f'"{link.column}" in "{link.source.schema.name}" row {row.uuid}'
    if NO_UUID in link.refs(row):
        return violation(
            f"Weak reference column {where} (inserted within this transaction) contained all-zeros UUID (probably as the default value "
            "for this column) but deleting this value caused a constraint volation because this column is not allowed to be empty."
        )
    return violation(
        f"Deletion of {gone} weak reference(s) to deleted (or never-existing) rows from column {where} "
        "caused this column to become empty, but constraints on this column disallow an empty column."
    )


def _check_unique(data: TableData, rows: dict[str, Table | None]) -> None:
    """No two rows of a table hold the same in the columns of an index."""
    for columns, index in data.unique.items():
        for uuid in rows if index.shared else ():
            row = data.rows.get(uuid)
            if row is None:
                continue
            (key,) = index.keys(row)
            sharing = index.buckets[key]
            if type(sharing) is dict:
                raise _not_unique(data, rows, columns, (next(other for other in sharing if other != uuid), uuid))


def _not_unique(data: TableData, touched: dict[str, Table | None], columns: tuple[str, ...], pair: tuple[str, str]) -> OvsdbError:
    first, second = pair
    names = _listed([f'"{column}"' for column in columns])
    plural = "column" if len(columns) == 1 else "columns"
    key = _key_text(data, data.rows[second], columns)
    return violation(
        f'Transaction causes multiple rows in "{data.schema.name}" table to have identical values ({key}) '
        f"for index on {plural} {names}.  First row, with UUID {first}, {_history(data, touched, columns, first)}  "
        f"Second row, with UUID {second}, {_history(data, touched, columns, second)}"
    )


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b, and c`."""
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"


def _key_text(data: TableData, row: Table, columns: tuple[str, ...]) -> str:
    return _listed([format_text(data.schema.columns[column].type, getattr(row, column)) for column in columns])


def _history(data: TableData, touched: dict[str, Table | None], columns: tuple[str, ...], uuid: str) -> str:
    """How the transaction came by a row that collides."""
    if uuid not in touched:
        return "existed in the database before this transaction and was not modified by the transaction."
    old = touched[uuid]
    if old is None:
        return "was inserted by this transaction."
    if _key_text(data, old, columns) == _key_text(data, data.rows[uuid], columns):
        return (
            "existed in the database before this transaction, which modified some of the row's columns "
            "but not any columns in this index."
        )
    return f"had the following index values before the transaction: {_key_text(data, old, columns)}."


def _check_number(data: TableData) -> None:
    """A table holds no more rows than its schema says."""
    limit = data.schema.max_rows
    if limit is not None and len(data.rows) > limit:
        raise violation(
            f'transaction causes "{data.schema.name}" table to contain {len(data.rows)} rows, '
            f"greater than the schema-defined limit of {limit} row(s)"
        )
