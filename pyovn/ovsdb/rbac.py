"""What a client may change, by its role: the tables `RBAC_Role` and `RBAC_Permission` (ovsdb-server(7), ovn-sb(5)).

A role's permission for a table says whether rows may be inserted and deleted, which columns may be updated, and which column
of a row (or `COLUMN:KEY` of a map) must hold the client's name for it to be the client's own. Reading is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Operation, Update
from pyovn.ovsdb.tabledata import TableData, elements

ROLES, PERMISSIONS = "RBAC_Role", "RBAC_Permission"

WORDS: dict[type, str] = {
    Insert: "row insertion into",
    Delete: "row deletion from",
    Update: "modification of",
    Mutate: "mutate operation on",
}
"""How each operation that changes something is called in a refusal."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the name on the client's certificate ("" without one) and the role of its connection ("": all is allowed)."""

    name: str = ""
    role: str = ""


ANYBODY = Actor()

NOBODY = "(null)"
"""How a refusal calls a client without a name."""


def check_allowed(tables: Mapping[str, TableData], operation: Operation, actor: Actor) -> None:
    """Raise `permission error` unless the actor may do this to the rows as they are now."""
    word = WORDS.get(type(operation))
    if not actor.role or word is None or ROLES not in tables or not _changes(operation):
        return
    assert isinstance(operation, Insert | Delete | Update | Mutate)
    data = tables[operation.table.__table__]
    permission = _permission(tables, actor.role, data.schema.name)
    if permission is None or not actor.name or not _may(permission, operation) or not _owns_all(permission, data, operation, actor.name):
        what = f'RBAC rules for client "{actor.name or NOBODY}" role "{actor.role}" prohibit {word} table "{data.schema.name}".'
        raise OvsdbError("permission error", what)


def _changes(operation: Operation) -> bool:
    """Whether there is anything to allow: a mutation without mutations only counts rows."""
    return not isinstance(operation, Mutate) or bool(operation.mutations)


def _permission(tables: Mapping[str, TableData], role: str, table: str) -> Any:
    """The row that says what the role may do to a table, None where it may do nothing."""
    for row in tables[ROLES].rows.values():
        columns: Any = row
        if columns.name == role and table in columns.permissions:
            return tables[PERMISSIONS].rows.get(columns.permissions[table]) if PERMISSIONS in tables else None
    return None


def _may(permission: Any, operation: Insert | Delete | Update | Mutate) -> bool:
    """Whether the kind of change is allowed, whoever's the rows are."""
    if isinstance(operation, Insert | Delete):
        return bool(permission.insert_delete)
    columns = operation.row if isinstance(operation, Update) else [mutation.column for mutation in operation.mutations]
    return set(columns) <= set(elements(permission.update))


def _owns_all(permission: Any, data: TableData, operation: Insert | Delete | Update | Mutate, name: str) -> bool:
    """Whether every row that is touched is the client's own."""
    if isinstance(operation, Insert):
        rows: Iterable[Mapping[str, Any]] = [{**data.defaults, **operation.row}]
    else:
        rows = [{column: getattr(row, column) for column in data.schema.columns} for row in data.matching(operation.where)]
    words = tuple(elements(permission.authorization))
    return all(any(_owns(word, row, name) for word in words) for row in rows)


def _owns(word: str, row: Mapping[str, Any], name: str) -> bool:
    """Whether a row's column holds the name; the empty word makes every row everybody's."""
    if not word:
        return True
    column, _, key = word.partition(":")
    value = row.get(column)
    if isinstance(value, dict):
        return bool(key) and value.get(key) == name
    return not key and name in elements(value)
