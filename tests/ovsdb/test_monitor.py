"""Views: which rows they show, and that the clients' copies made of updates are the rows."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.condition import ALWAYS, NEVER
from pyovn.ovsdb.monitor import any_of, view_of
from pyovn.ovsdb.operation import Condition, Insert
from pyovn.schemas import nb
from tests.ovsdb.wires import empty_database

ROW = nb.LogicalSwitch("00000000-0000-4000-8000-00000000000a", name="a", external_ids={"k": "v"}, ports=())

MATCHES = [
    ([Condition("name", "==", "a")], True),
    ([Condition("name", "==", "b")], False),
    ([Condition("name", "==", "b"), Condition("_uuid", "==", ROW.uuid)], True),
    ([Condition("name", "!=", "a"), Condition("external_ids", "includes", {"k": "v"})], True),
    ([Condition("external_ids", "==", {"k": "w"})], False),
    ([NEVER], False),
    ([NEVER, ALWAYS], True),
]


@pytest.mark.parametrize(("conditions", "shown"), MATCHES)
def test_a_row_is_shown_if_it_meets_any_condition(conditions: list[Condition], shown: bool) -> None:
    matches = any_of(empty_database().tables["Logical_Switch"], conditions)
    assert matches is not None and matches(ROW) == shown


def test_without_conditions_every_row_is_shown() -> None:
    assert any_of(empty_database().tables["Logical_Switch"], []) is None


INITIALS: list[tuple[Any, bytes]] = [
    ({"columns": ["name"]}, b'{"initial":{"name":"a"}}'),
    ({"columns": []}, b'{"initial":{}}'),
    ({"columns": ["ports", "other_config"]}, b'{"initial":{}}'),
    ({"columns": ["name"], "select": {"initial": False}}, b""),
    ([{"columns": ["name"], "select": {"initial": False}}, {"columns": ["external_ids"]}],
     b'{"initial":{"external_ids":["map",[["k","v"]]]}}'),
    ({"columns": ["name"], "where": [["name", "==", "b"]]}, b""),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "row"), INITIALS)
def test_initial_rows(request_: Any, row: bytes) -> None:
    database = empty_database()
    database.transact([Insert(nb.LogicalSwitch, {"name": "a", "external_ids": {"k": "v"}}, uuid=ROW.uuid)])
    told = view_of(database, "update2", {"Logical_Switch": request_}, None).initial()
    assert told == (b'{"Logical_Switch":{"%b":%b}}' % (ROW.uuid.encode(), row) if row else b"{}")


def test_an_update_is_encoded_once() -> None:
    view = view_of(empty_database(), "update2", {"Logical_Switch": {}}, None)
    assert view.update("t", []) is view.update("t", [])
