"""Roles: what a client may do to whose rows, in the words of the reference's refusals."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.change import Change, changed_columns
from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.declare import WEAK, table_schema
from pyovn.ovsdb.rbac import Actor, check_allowed
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.wire import operation_from_json
from tests.ovsdb.sample import counting_uuids, run
from tests.ovsdb.wires import Client, new_server


class Role(Table, table="RBAC_Role", root=True):
    """As in the southbound database."""

    name: str
    permissions: dict[str, Annotated[Ref[Permission], WEAK]]


class Permission(Table, table="RBAC_Permission", root=True):
    """As in the southbound database."""

    table: str
    authorization: tuple[str, ...]
    insert_delete: bool
    update: tuple[str, ...]


class Colour(Table, table="Colour", root=True):
    """What the rules are about."""

    creator: str
    owners: dict[str, str]
    value: int


class Fixed(Table, table="Fixed", root=True):
    """Nobody has a permission for it."""

    value: int


TABLES: dict[str, type[Table]] = {"RBAC_Role": Role, "RBAC_Permission": Permission, "Colour": Colour, "Fixed": Fixed}


def colours(**permission: Any) -> Database:
    """A database with rows of alice's and bob's, and one role with this permission for them."""
    schema = DatabaseSchema("colours", "1.0.0", "", {name: table_schema(table) for name, table in TABLES.items()})
    database = Database(schema, TABLES, counting_uuids())
    results = run(
        database,
        {"op": "insert", "table": "RBAC_Permission", "uuid-name": "p", "row": permission},
        {"op": "insert", "table": "RBAC_Role", "row": {"name": "painter", "permissions": ["map", [["Colour", ["named-uuid", "p"]]]]}},
        {"op": "insert", "table": "Colour", "row": {"creator": "alice", "owners": ["map", [["chassis", "alice"]]]}},
        {"op": "insert", "table": "Colour", "row": {"creator": "bob", "owners": ["map", [["chassis", "bob"]]]}},
        {"op": "insert", "table": "Fixed", "row": {}},
    )
    assert not any("error" in result for result in results), results
    return database


OWN = {"authorization": "creator", "insert_delete": True, "update": ["set", ["value"]]}
BY_KEY = {**OWN, "authorization": "owners:chassis"}
ALL = {**OWN, "authorization": ""}
MINE, THEIRS, BOTH = [["creator", "==", "alice"]], [["creator", "==", "bob"]], list[Any]()


def insert(creator: str, table: str = "Colour") -> dict[str, Any]:
    return {"op": "insert", "table": table, "row": {"creator": creator} if table == "Colour" else {}}


def update(where: list[Any], **row: Any) -> dict[str, Any]:
    return {"op": "update", "table": "Colour", "where": where, "row": row}


def mutate(where: list[Any], *mutations: list[Any]) -> dict[str, Any]:
    return {"op": "mutate", "table": "Colour", "where": where, "mutations": list(mutations)}


def delete(where: list[Any], table: str = "Colour") -> dict[str, Any]:
    return {"op": "delete", "table": table, "where": where}


CASES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (OWN, insert("alice"), ""),
    (OWN, insert("bob"), 'row insertion into table "Colour"'),
    (OWN, insert("", "Fixed"), 'row insertion into table "Fixed"'),
    ({**OWN, "insert_delete": False}, insert("alice"), 'row insertion into table "Colour"'),
    (OWN, update(MINE, value=1), ""),
    (OWN, update(MINE, value=1, creator="x"), 'modification of table "Colour"'),
    (OWN, update(THEIRS, value=1), 'modification of table "Colour"'),
    (OWN, update(BOTH, value=1), 'modification of table "Colour"'),
    (OWN, mutate(MINE, ["value", "+=", 1]), ""),
    (OWN, mutate(THEIRS, ["value", "+=", 1]), 'mutate operation on table "Colour"'),
    (OWN, mutate(MINE, ["owners", "insert", ["map", []]]), 'mutate operation on table "Colour"'),
    (OWN, mutate(BOTH), ""),
    (OWN, delete(MINE), ""),
    (OWN, delete(THEIRS), 'row deletion from table "Colour"'),
    (OWN, delete(BOTH, "Fixed"), 'row deletion from table "Fixed"'),
    ({**OWN, "insert_delete": False}, delete(MINE), 'row deletion from table "Colour"'),
    (BY_KEY, update(MINE, value=1), ""),
    (BY_KEY, update(THEIRS, value=1), 'modification of table "Colour"'),
    ({**OWN, "authorization": "owners"}, update(MINE, value=1), 'modification of table "Colour"'),
    ({**OWN, "authorization": "nonsense"}, update(MINE, value=1), 'modification of table "Colour"'),
    (ALL, update(BOTH, value=1), ""),
    (ALL, delete(BOTH), ""),
    ({**OWN, "authorization": ["set", ["creator", "owners:chassis"]]}, insert("alice"), ""),
    (OWN, {"op": "select", "table": "Fixed", "where": []}, ""),
]


@pytest.mark.parametrize(("permission", "operation", "refused"), CASES)
def test_what_a_role_may_do(permission: dict[str, Any], operation: dict[str, Any], refused: str) -> None:
    server = new_server(colours(**permission))
    client = Client(server, 1)
    server.sessions[1].actor = Actor("alice", "painter")
    (result,) = client.call("transact", "colours", operation)
    if not refused:
        assert "error" not in result, result
    else:
        details = f'RBAC rules for client "alice" role "painter" prohibit {refused}.'
        assert result == {"error": "permission error", "details": details}


@pytest.mark.parametrize("actor", [Actor("", "painter"), Actor("alice", "nobody's"), Actor("", "nobody's")])
def test_without_a_name_or_a_known_role_nothing_is_allowed(actor: Actor) -> None:
    server = new_server(colours(**ALL))
    client = Client(server, 1)
    server.sessions[1].actor = actor
    assert client.call("transact", "colours", update(MINE, value=1))[0]["error"] == "permission error"


def test_without_a_role_everything_is_allowed() -> None:
    client = Client(new_server(colours(**OWN)), 1)
    assert client.call("transact", "colours", delete(BOTH), delete(BOTH, "Fixed")) == [{"count": 2}, {"count": 1}]


def test_a_database_without_roles_has_no_rules() -> None:
    database = colours(**OWN)
    tables = {name: data for name, data in database.tables.items() if not name.startswith("RBAC")}
    check_allowed(tables, operation_from_json(tables, delete(BOTH), None, (1, 1)), Actor("eve", "painter"))


NAMES = st.sampled_from(["alice", "bob", "eve"])
WHERE = st.just(list[Any]()) | NAMES.map(lambda name: [["creator", "==", name]]) | st.integers(0, 2).map(lambda n: [["value", "==", n]])
OPERATIONS = st.one_of(
    st.builds(insert, NAMES),
    st.builds(insert, NAMES, st.just("Fixed")),
    st.builds(lambda where, value: update(where, value=value), WHERE, st.integers(0, 2)),
    st.builds(lambda where, creator: update(where, creator=creator), WHERE, NAMES),
    st.builds(lambda where, mutator: mutate(where, ["value", mutator, 1]), WHERE, st.sampled_from(["+=", "-="])),
    st.builds(lambda where: mutate(where, ["owners", "insert", ["map", [["chassis", "alice"]]]]), WHERE),
    st.builds(delete, WHERE),
    st.builds(delete, st.just(BOTH), st.sampled_from(["Fixed", "RBAC_Role", "RBAC_Permission"])),
    st.builds(lambda where: {"op": "update", "table": "RBAC_Permission", "where": [], "row": {"authorization": ""}}, WHERE),
)


@given(st.lists(st.lists(OPERATIONS, min_size=1, max_size=4), max_size=6))
def test_whatever_is_tried_only_what_is_allowed_comes_of_it(transactions: list[list[dict[str, Any]]]) -> None:
    database, free = colours(**OWN), colours(**OWN)
    server = new_server(database)
    client = Client(server, 1)
    server.sessions[1].actor = Actor("alice", "painter")
    committed: list[Committed] = []
    database.listeners.append(committed.append)
    for operations in transactions:
        results = client.call("transact", "colours", *operations)
        if not any(result is None or "error" in result for result in results):
            counts = [result.get("count") for result in run(free, *operations)]
            assert [result.get("count") for result in results] == counts, "what is allowed goes as without roles"
    for old, new in ((change.old, change.new) for each in committed for change in each.changes):
        rows = [row for row in (old, new) if row is not None]
        assert all(isinstance(row, Colour) and row.creator == "alice" for row in rows)
        assert len(rows) == 1 or changed_columns(Change(Colour, "", old, new)) == ("value",)
