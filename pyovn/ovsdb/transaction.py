"""One transaction: operations run one after the other on the live rows, and either all of it stays or nothing does.

Rows are replaced in place and their first versions remembered, so reading one's own writes is free, undoing is putting
the old rows back, and the work of either is proportional to what was touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyovn.ovsdb.condition import ATTRIBUTE, settle_condition
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.mutation import mutable_column, mutated, settle_mutation
from pyovn.ovsdb.operation import (
    NOTHING,
    Abort,
    Assert,
    Comment,
    Commit,
    Condition,
    Delete,
    Insert,
    InsertRows,
    Mutate,
    Operation,
    Result,
    Select,
    Update,
    Wait,
)
from pyovn.ovsdb.row import Table, make, replaced

if TYPE_CHECKING:
    from pyovn.ovsdb.tabledata import TableData


class MustWait(Exception):
    """A `Wait` whose time is not over: undo everything and try again when something has changed."""


def _holds_none(lock: str) -> bool:
    return False


class Transaction:
    """What was touched so far: for each table and uuid the row as it was before (None: there was none).

    `elapsed_ms` is how long ago it was first asked for, `holds_lock` says whether who asks holds a lock; operations that come `from_json`
    are checked already. `again` is whether a row may be as it was at the beginning though it was replaced.
    """

    def __init__(
        self, tables: Mapping[str, TableData], new_uuid: Callable[[], str], version: str, *, elapsed_ms: float = float("inf"),
        holds_lock: Callable[[str], bool] = _holds_none, from_json: bool = False, again: bool = False,
    ) -> None:  # fmt: skip
        self.tables = tables
        self.new_uuid = new_uuid
        self.version = version
        self.elapsed_ms = elapsed_ms
        self.holds_lock = holds_lock
        self.from_json = from_json
        self.again = again
        self.before: dict[str, dict[str, Table | None]] = {}
        self.names: dict[str, str] = {}
        self.named: set[str] = set()
        self.comments: list[str] = []
        self.durable = False

    def resolve(self, name: str) -> str:
        """The uuid of the row called so, which may be inserted later in the transaction."""
        uuid = self.names.get(name)
        if uuid is None:
            uuid = self.names[name] = self.new_uuid()
        return uuid

    def data(self, table: type[Table]) -> TableData:
        """The data of a table."""
        return self.tables[table.__table__]

    def put(self, data: TableData, uuid: str, new: Table | None) -> None:
        """Replace a row, remembering how it was when the transaction began."""
        old = data.put(uuid, new)
        touched = self.before.get(data.schema.name)
        if touched is None:
            touched = self.before[data.schema.name] = {}
        if uuid in touched:
            self.again = True
        else:
            touched[uuid] = old

    def undo(self) -> None:
        """Make every row what it was."""
        for name, rows in reversed(self.before.items()):
            data = self.tables[name]
            for uuid, old in reversed(rows.items()):
                if data.rows.get(uuid) is not old:
                    data.put(uuid, old)
            data.loosened.clear()
        self.before.clear()


def execute(transaction: Transaction, operation: Operation) -> Result:
    """Run one operation; `OvsdbError` if it fails, `MustWait` if it cannot go on yet. The caller undoes."""
    return _EXECUTE[type(operation)](transaction, operation)


def _insert(transaction: Transaction, operation: Insert) -> Result:
    data = transaction.data(operation.table)
    uuid = _uuid_of_insert(transaction, data, operation)
    columns = _settled(transaction, data, operation.row)
    for name, error in data.unfit_defaults.items():
        if name not in columns:
            raise error
    transaction.put(data, uuid, make(data.table, uuid, {**data.defaults, **columns}.values(), transaction.version))
    return Result(uuid=uuid)


def _uuid_of_insert(transaction: Transaction, data: TableData, operation: Insert) -> str:
    name, uuid = operation.uuid_name, operation.uuid
    if uuid is not None:
        _must_be_new(transaction, data, uuid)
    if name is None:
        return uuid or transaction.new_uuid()
    if name in transaction.named:
        details = 'This "uuid-name" appeared on an earlier "insert" operation.'
        raise OvsdbError("duplicate uuid-name", details, syntax=f'"{name}"')
    transaction.named.add(name)
    if uuid is not None:
        transaction.names[name] = uuid
    return transaction.resolve(name)


def _must_be_new(transaction: Transaction, data: TableData, uuid: str) -> None:
    if uuid in data.rows or uuid in transaction.before.get(data.schema.name, ()):
        details = "This UUID would duplicate a UUID already present within the table or deleted within the same transaction."
        raise OvsdbError("duplicate uuid", details, syntax=f'"{uuid}"')


def _insert_rows(transaction: Transaction, operation: InsertRows) -> Result:
    table, version = operation.table, transaction.version
    data = transaction.data(table)
    for uuid, _ in operation.rows:
        _must_be_new(transaction, data, uuid)
    made = {uuid: make(table, uuid, values, version) for uuid, values in operation.rows}
    assert len(made) == len(operation.rows), "each row has a uuid of its own"
    data.add(made)
    transaction.before.setdefault(data.schema.name, {}).update(dict.fromkeys(made))
    return Result(count=len(made))


def _settled(transaction: Transaction, data: TableData, columns: Mapping[str, Any]) -> Mapping[str, Any]:
    """Typed values, checked, with names resolved; what came from JSON is all that already."""
    if transaction.from_json:
        return columns
    plain, settlers, resolve = data.plain, data.settlers, transaction.resolve
    settled = dict(columns)
    for name, value in columns.items():
        if type(value) is not plain.get(name):
            if name not in settlers:
                raise OvsdbError("unknown column", f"No column {name} in table {data.schema.name}.")
            settled[name] = settlers[name](value, resolve)
    return settled


def _matching(transaction: Transaction, data: TableData, where: Sequence[Condition]) -> list[Table]:
    if transaction.from_json:
        return data.matching(where)
    return data.matching([settle_condition(data.table, condition, transaction.resolve) for condition in where])


def _select(transaction: Transaction, operation: Select) -> Result:
    data = transaction.data(operation.table)
    columns = ("_uuid", "_version", *data.schema.columns) if operation.columns is None else operation.columns
    rows = _matching(transaction, data, operation.where)
    if operation.sort:
        rows = sorted(rows, key=lambda row: [sort_key(value) for value in picked(row, operation.sort).values()])
    return Result(rows=tuple(picked(row, columns) for row in rows))


def sort_key(value: Any) -> Any:
    """What orders values of one column: the smaller set or map first, then by their elements."""
    if isinstance(value, dict):
        return len(value), tuple(value.items())
    if isinstance(value, tuple):
        return len(value), value
    return (0, ()) if value is None else (1, (value,))


def picked(row: Table, columns: Sequence[str]) -> dict[str, Any]:
    """These columns of a row; `_uuid` and `_version` are among those one may ask for."""
    return {name: getattr(row, ATTRIBUTE.get(name, name)) for name in columns}


def _update(transaction: Transaction, operation: Update) -> Result:
    data = transaction.data(operation.table)
    if not data.immutable.isdisjoint(operation.row):
        name = next(name for name in operation.row if name in data.immutable)
        raise OvsdbError("constraint violation", f"Cannot update immutable column {name} in table {data.schema.name}.")
    columns = _settled(transaction, data, operation.row)
    rows = _matching(transaction, data, operation.where)
    for row in rows:
        _change(transaction, data, row, columns)
    return Result(count=len(rows))


def _change(transaction: Transaction, data: TableData, row: Table, columns: Mapping[str, Any]) -> None:
    """Replace the row where a column differs; what is equal keeps its very object."""
    different = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if different:
        transaction.put(data, row.uuid, replaced(row, different, transaction.version))


def _mutate(transaction: Transaction, operation: Mutate) -> Result:
    data = transaction.data(operation.table)
    mutations = operation.mutations
    if not transaction.from_json:
        mutations = [settle_mutation(data.table, mutation, transaction.resolve) for mutation in mutations]
    types = {mutation.column: mutable_column(data.table, mutation.column).type for mutation in mutations}
    rows = _matching(transaction, data, operation.where)
    for row in rows:
        columns: dict[str, Any] = {}
        for mutation in mutations:
            name = mutation.column
            columns[name] = mutated(types[name], columns[name] if name in columns else getattr(row, name), mutation)
        _change(transaction, data, row, columns)
    return Result(count=len(rows))


def _delete(transaction: Transaction, operation: Delete) -> Result:
    data = transaction.data(operation.table)
    rows = _matching(transaction, data, operation.where)
    for row in rows:
        transaction.put(data, row.uuid, None)
    return Result(count=len(rows))


def _wait(transaction: Transaction, operation: Wait) -> Result:
    data = transaction.data(operation.table)
    columns = tuple(data.schema.columns) if operation.columns is None else operation.columns
    found = [picked(row, columns) for row in _matching(transaction, data, operation.where)]
    wanted = [{**data.defaults, **_settled(transaction, data, _plain(row))} for row in operation.rows]
    wanted = [{name: _uuid_or(row, given, name) for name in columns} for row, given in zip(wanted, operation.rows)]
    equal = len(found) == len(wanted) and all(row in wanted for row in found) and all(row in found for row in wanted)
    if equal == (operation.until == "=="):
        return NOTHING
    if operation.timeout_ms is not None and transaction.elapsed_ms >= operation.timeout_ms:
        waited_ms = operation.timeout_ms if transaction.elapsed_ms == float("inf") else int(transaction.elapsed_ms)
        raise OvsdbError("timed out", f'"wait" timed out after {waited_ms} ms' if operation.timeout_ms else '"where" clause test failed')
    raise MustWait


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ATTRIBUTE}


def _uuid_or(row: Mapping[str, Any], given: Mapping[str, Any], name: str) -> Any:
    return given.get(name) if name in ATTRIBUTE else row[name]


def _commit(transaction: Transaction, operation: Commit) -> Result:
    transaction.durable = transaction.durable or operation.durable
    return NOTHING


def _abort(transaction: Transaction, operation: Abort) -> Result:
    raise OvsdbError("aborted", "aborted by request")


def _comment(transaction: Transaction, operation: Comment) -> Result:
    transaction.comments.append(operation.comment)
    return NOTHING


def _assert(transaction: Transaction, operation: Assert) -> Result:
    if not transaction.holds_lock(operation.lock):
        raise OvsdbError("not owner", f"Asserted lock {operation.lock} not held.")
    return NOTHING


_EXECUTE: dict[type, Callable[[Transaction, Any], Result]] = {
    Insert: _insert, InsertRows: _insert_rows, Select: _select, Update: _update, Mutate: _mutate, Delete: _delete, Wait: _wait,
    Commit: _commit, Abort: _abort, Comment: _comment, Assert: _assert,
}  # fmt: skip
