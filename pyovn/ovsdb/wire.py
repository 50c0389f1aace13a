"""Operations and their results as JSON (RFC 7047 4.1.3 and 5.2): parsed at a server's boundary, written at a client's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pyovn.ovsdb.atom import UUID, Resolve, syntax_error
from pyovn.ovsdb.condition import ALWAYS, NEVER, UUID_COLUMN, column_of, compared_type, condition_from_json
from pyovn.ovsdb.database import Database, Outcome
from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.errors import error_from_json
from pyovn.ovsdb.members import check_members, refused
from pyovn.ovsdb.mutation import mutation_from_json, operand_type
from pyovn.ovsdb.operation import (
    Abort,
    Assert,
    Comment,
    Commit,
    Condition,
    Delete,
    Insert,
    InsertRows,
    Mutate,
    Mutation,
    Operation,
    Result,
    Select,
    Update,
    Wait,
)
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import Type
from pyovn.ovsdb.tabledata import TableData
from pyovn.ovsdb.transaction import Transaction
from pyovn.ovsdb.value import from_json, to_json

MEMBERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "insert": ({"table": "id", "row": "object"}, {"uuid-name": "id", "uuid": "string"}),
    "select": ({"table": "id", "where": "array"}, {"columns": "array", "sort": "array"}),
    "update": ({"table": "id", "where": "array", "row": "object"}, {}),
    "mutate": ({"table": "id", "where": "array", "mutations": "array"}, {}),
    "delete": ({"table": "id", "where": "array"}, {}),
    "wait": ({"table": "id", "where": "array", "until": "string", "rows": "array"}, {"columns": "array", "timeout": "integer"}),
    "commit": ({"durable": "boolean"}, {}),
    "abort": ({}, {}),
    "comment": ({"comment": "string"}, {}),
    "assert": ({"lock": "id"}, {}),
}
"""What each operation must have and may have, and of what type."""

USUAL: dict[str, dict[str, type]] = {
    "insert": {"table": str, "row": dict},
    "update": {"table": str, "where": list, "row": dict},
    "mutate": {"table": str, "where": list, "mutations": list},
    "delete": {"table": str, "where": list},
}
"""Operations that have just what they must, which most do; they are recognised several times as fast as they are checked."""

def transact_json(database: Database, operations: Sequence[Any], **session: Any) -> list[Any] | None:
    """Run the operations of a `transact` request (without the database's name) and answer its result; None if it must wait.

    `session` is what `Database.transact` wants to know of who asks: `elapsed_ms`, `holds_lock`.
    """
    total = len(operations)

    def parse(transaction: Transaction, given: Any, position: int) -> Operation:
        return operation_from_json(transaction.tables, given, transaction.resolve, (position + 1, total))

    outcome = database.transact(operations, parse=parse, **session)
    return None if outcome is None else outcome_to_json(database, operations, outcome)


def outcome_to_json(database: Database, operations: Sequence[Any], outcome: Outcome) -> list[Any]:
    """The result array of RFC 7047 4.1.3: null for what did not run, one element more for an error at commit."""
    answer: list[Any] = []
    for position, result in enumerate(outcome.results):
        if result.uuid is not None:
            answer.append({"uuid": ["uuid", result.uuid]})
        elif result.count is not None:
            answer.append({"count": result.count})
        elif result.rows is not None:
            data = database.tables[operations[position]["table"]]
            answer.append({"rows": [row_to_json(data, row) for row in result.rows]})
        else:
            answer.append({})
    if outcome.error is not None:
        answer.append(outcome.error.to_json())
    answer.extend([None] * (len(operations) - len(answer)))
    return answer


def row_to_json(data: TableData, columns: Mapping[str, Any]) -> dict[str, Any]:
    """A <row>, `_uuid` and `_version` perhaps among its columns."""
    writers = data.writers
    return {name: writers[name](value) if name in writers else ["uuid", value] for name, value in columns.items()}


# JSON to operations


def operation_from_json(tables: Mapping[str, TableData], given: Any, resolve: Resolve, which: tuple[int, int]) -> Operation:
    """One <operation>; names in it become uuids by `resolve`. `which` of how many it is, for errors."""
    kind = given.get("op") if type(given) is dict else None
    if type(kind) is str and kind in USUAL and _is_usual(given, USUAL[kind]):
        data = tables.get(given["table"])
        if data is not None:
            return _PARSE[kind](given, data, resolve)
    return _checked_operation(tables, given, resolve, f"ovsdb operation {which[0]} of {which[1]}")


def _is_usual(given: dict[str, Any], members: dict[str, type]) -> bool:
    return len(given) == len(members) + 1 and all(type(given.get(name)) is type_ for name, type_ in members.items())


def _checked_operation(tables: Mapping[str, TableData], given: Any, resolve: Resolve, what: str) -> Operation:
    kind = given.get("op") if type(given) is dict else None
    if type(kind) is not str:
        check_members(given, what, {"op": "string"}, {})
    if kind not in MEMBERS:
        raise refused(given, what, f'No operation "{kind}"')
    required, optional = MEMBERS[kind]
    check_members(given, what, {"op": "string", **required}, optional)
    data = tables.get(given.get("table", ""))
    if data is None and "table" in required:
        raise refused(given, what, f"No table named {given['table']}.")
    return _PARSE[kind](given, data, resolve)


def columns_from_json(data: TableData, given: Mapping[str, Any], resolve: Resolve) -> dict[str, Any]:
    """A <row> as typed values; `_uuid` and `_version` are read and forgotten."""
    found: dict[str, Any] = {}
    readers = data.readers
    for name, value in given.items():
        if name in readers:
            found[name] = readers[name](value, resolve)
        else:
            column = column_of(data.schema, name)
            if column is None:
                raise syntax_error(dict(given), f"No column {name} in table {data.schema.name}.", "unknown column")
            from_json(column.type, value, resolve)
    return found


def column_names(data: TableData, given: list[Any]) -> tuple[str, ...]:
    """The columns that a request names, each once."""
    if not all(type(name) is str for name in given) or len(set(given)) != len(given):
        raise syntax_error(given, "array of distinct column names expected")
    for name in given:
        if column_of(data.schema, name) is None:
            raise syntax_error(given, f"{name} is not a valid column name")
    return tuple(given)


def where_from_json(data: TableData, given: list[Any], resolve: Resolve) -> list[Condition]:
    """The conditions of a `where`."""
    return [condition_from_json(data.table, condition, resolve) for condition in given]


def _insert(given: dict[str, Any], data: TableData, resolve: Resolve) -> Insert:
    uuid = given.get("uuid")
    if uuid is not None:
        if not UUID.match(uuid):
            raise syntax_error(uuid, "bad uuid")
        uuid = uuid.lower()
    return Insert(data.table, columns_from_json(data, given["row"], resolve), given.get("uuid-name"), uuid)


def _select(given: dict[str, Any], data: TableData, resolve: Resolve) -> Select:
    columns = column_names(data, given["columns"]) if "columns" in given else None
    return Select(data.table, where_from_json(data, given["where"], resolve), columns, column_names(data, given.get("sort", [])))


def _update(given: dict[str, Any], data: TableData, resolve: Resolve) -> Update:
    row = columns_from_json(data, given["row"], resolve)
    if not data.immutable.isdisjoint(given["row"]):
        name = next(name for name in given["row"] if name in data.immutable)
        raise syntax_error(given, f"Cannot update immutable column {name} in table {data.schema.name}.", "constraint violation")
    return Update(data.table, where_from_json(data, given["where"], resolve), row)


def _mutate(given: dict[str, Any], data: TableData, resolve: Resolve) -> Mutate:
    mutations = [mutation_from_json(data.table, mutation, resolve) for mutation in given["mutations"]]
    return Mutate(data.table, where_from_json(data, given["where"], resolve), mutations)


def _delete(given: dict[str, Any], data: TableData, resolve: Resolve) -> Delete:
    return Delete(data.table, where_from_json(data, given["where"], resolve))


def _wait(given: dict[str, Any], data: TableData, resolve: Resolve) -> Wait:
    if given["until"] not in ("==", "!="):
        raise syntax_error(given["until"], '"until" must be "==" or "!="')
    columns = column_names(data, given["columns"]) if "columns" in given else None
    where = where_from_json(data, given["where"], resolve)
    rows = [_waited_row(data, row, resolve) for row in given["rows"]]
    return Wait(data.table, where, columns, rows, given["until"], given.get("timeout"))


def _waited_row(data: TableData, given: Any, resolve: Resolve) -> dict[str, Any]:
    if type(given) is not dict:
        raise syntax_error(given, "object expected")
    row = columns_from_json(data, given, resolve)
    if "_uuid" in given:
        row["_uuid"] = from_json(UUID_COLUMN.type, given["_uuid"], resolve)
    return row


_PARSE: dict[str, Callable[[dict[str, Any], Any, Resolve], Operation]] = {
    "insert": _insert,
    "select": _select,
    "update": _update,
    "mutate": _mutate,
    "delete": _delete,
    "wait": _wait,
    "commit": lambda given, data, resolve: Commit(given["durable"]),
    "abort": lambda given, data, resolve: Abort(),
    "comment": lambda given, data, resolve: Comment(given["comment"]),
    "assert": lambda given, data, resolve: Assert(given["lock"]),
}


# Operations to JSON, results from JSON: a client's side


def operations_to_json(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """Operations as a client sends them; rows that are inserted at once are an <operation> each."""
    return [
        operation_to_json(one)
        for operation in operations
        for one in (operation.inserts() if isinstance(operation, InsertRows) else (operation,))
    ]


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """One <operation> as a client sends it; a `Named` value becomes `["named-uuid", …]`."""
    match operation:
        case Insert(table, row, uuid_name, uuid):
            answer = {"op": "insert", "table": table.__table__, "row": _columns_to_json(table, row)}
            return answer | ({"uuid-name": uuid_name} if uuid_name else {}) | ({"uuid": uuid} if uuid else {})
        case Select(table, where, columns, sort):
            answer = {"op": "select", **_where(table, where)} | ({"sort": list(sort)} if sort else {})
            return answer if columns is None else answer | {"columns": list(columns)}
        case Update(table, where, row):
            return {"op": "update", **_where(table, where), "row": _columns_to_json(table, row)}
        case Mutate(table, where, mutations):
            return {"op": "mutate", **_where(table, where), "mutations": [_mutation_to_json(table, each) for each in mutations]}
        case Delete(table, where):
            return {"op": "delete", **_where(table, where)}
        case Wait():
            return _wait_to_json(operation)
        case Commit(durable):
            return {"op": "commit", "durable": durable}
        case Abort():
            return {"op": "abort"}
        case Comment(comment):
            return {"op": "comment", "comment": comment}
        case Assert(lock):
            return {"op": "assert", "lock": lock}
        case InsertRows():
            raise AssertionError("not one <operation>")


def _wait_to_json(operation: Wait) -> dict[str, Any]:
    rows = [_columns_to_json(operation.table, row) for row in operation.rows]
    answer = {"op": "wait", **_where(operation.table, operation.where), "until": operation.until, "rows": rows}
    if operation.columns is not None:
        answer["columns"] = list(operation.columns)
    if operation.timeout_ms is not None:
        answer["timeout"] = operation.timeout_ms
    return answer


def _columns_to_json(table: type[Table], row: Mapping[str, Any]) -> dict[str, Any]:
    schema = table_schema(table)
    return {name: to_json(_type_of(schema, name), value) for name, value in row.items()}


def _type_of(schema: Any, name: str) -> Type:
    column = column_of(schema, name)
    assert column is not None, f"no column {name} in {schema.name}"
    return column.type


def _where(table: type[Table], where: Iterable[Condition]) -> dict[str, Any]:
    return {"table": table.__table__, "where": [condition_to_json(table, condition) for condition in where]}


def condition_to_json(table: type[Table], condition: Condition) -> Any:
    """One <condition>."""
    if condition in (ALWAYS, NEVER):
        return condition == ALWAYS
    column = column_of(table_schema(table), condition.column)
    assert column is not None, f"no column {condition.column} in {table.__table__}"
    type_, value = compared_type(column, condition.function), condition.value
    if type_.is_set and not isinstance(value, tuple | list | set | frozenset):
        value = () if value is None else (value,)
    return [condition.column, condition.function, to_json(type_, tuple(value) if type_.is_set else value)]


def _mutation_to_json(table: type[Table], mutation: Mutation) -> list[Any]:
    column = table_schema(table).columns[mutation.column]
    type_, value = operand_type(column, mutation.mutator), mutation.value
    if isinstance(value, dict):
        type_ = column.type
    elif type_.is_set and not isinstance(value, tuple | list | set | frozenset):
        value = (value,)
    return [mutation.column, mutation.mutator, to_json(type_, tuple(value) if type_.is_set else value)]


def outcome_from_json(operations: Sequence[Operation], answer: Sequence[Any]) -> Outcome:
    """What a server answered to `transact`; rows that are inserted at once have a result each."""
    results: list[Result] = []
    sent = [operation for operation in operations for _ in range(len(operation.rows) if isinstance(operation, InsertRows) else 1)]
    for position, said in enumerate(answer):
        if said is None:
            break
        if "error" in said:
            return Outcome(results, error_from_json(said))
        results.append(_result_from_json(sent[position], said))
    return Outcome(results)


def _result_from_json(operation: Operation, said: Mapping[str, Any]) -> Result:
    if "uuid" in said:
        return Result(uuid=said["uuid"][1])
    if "count" in said:
        return Result(count=said["count"])
    if "rows" in said and isinstance(operation, Select):
        schema = table_schema(operation.table)
        return Result(rows=tuple({name: from_json(_type_of(schema, name), value) for name, value in row.items()} for row in said["rows"]))
    return Result()
