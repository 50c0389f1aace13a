"""A copy made of updates, in each form, also from servers with older or newer schemas."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pyovn.ovsdb.copy import EVERYTHING, Copy, Interest
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import values_of
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.schemas import nb, sb

U = "00000000-0000-4000-8000-00000000000a"
SWITCH = "Logical_Switch"


def a_copy(interest: Interest = EVERYTHING) -> Copy:
    return Copy("OVN_Northbound", tables_of(nb), {SWITCH: interest})


def held(copy: Copy) -> Any:
    """The name and options of the one switch, None if there is none."""
    row: Any = copy.tables[SWITCH].rows.get(U)
    return None if row is None else (row.name, row.other_config)


STEPS: list[tuple[str, Any, Any]] = [
    ("update2", {"insert": {"name": "a", "other_config": ["map", [["x", "1"]]]}}, ("a", {"x": "1"})),
    ("update2", {"modify": {"other_config": ["map", [["x", "1"], ["y", "2"]]]}}, ("a", {"y": "2"})),
    ("update2", {"modify": {"other_config": ["map", [["y", "3"]]], "name": "b", "unheard_of": 1}}, ("b", {"y": "3"})),
    ("update", {"old": {"name": "b"}, "new": {"name": "c", "other_config": ["map", []]}}, ("c", {})),
    ("update3", {"delete": None}, None),
    ("update3", {"delete": None}, None),
    ("update3", {"modify": {"name": "z"}}, None),
    ("update", {"new": {"name": "d", "unheard_of": ["set", []]}}, ("d", {})),
    ("update", {"old": {"name": "d"}}, None),
]


def test_updates_in_each_form() -> None:
    copy = a_copy()
    for form, update, row in STEPS:
        before = copy.tables[SWITCH].rows.get(U)
        changes = copy.apply({SWITCH: {U: update}, "Unheard_Of": {}}, form=form)
        assert held(copy) == row
        assert [change.old for change in changes] == ([before] if before is not None or row is not None else [])


def test_a_complete_set_changes_only_what_differs() -> None:
    copy = a_copy()
    other = U[:-1] + "b"
    rows = {uuid: {"initial": {"name": name}} for uuid, name in ((U, "a"), (other, "b"))}
    assert len(copy.replace_all({SWITCH: rows}, form="update2")) == 2
    assert copy.replace_all({SWITCH: rows}, form="update2") == []
    (gone,) = copy.replace_all({SWITCH: {U: rows[U]}}, form="update2")
    assert gone.uuid == other and gone.new is None


def test_values_that_only_a_newer_server_knows_are_taken() -> None:
    copy = Copy("OVN_Northbound", tables_of(nb), {"ACL": EVERYTHING})
    copy.apply({"ACL": {U: {"insert": {"action": "sing", "priority": 99999}}}}, form="update2")
    (row,) = copy.tables["ACL"].rows.values()
    assert isinstance(row, nb.ACL) and (row.action, row.priority) == ("sing", 99999)


REQUESTS: list[tuple[Interest, Any]] = [
    (Interest(columns=("name", "acls")), {"columns": ["name"]}),
    (Interest(columns=("name",), where=()), {"columns": ["name"], "where": [False]}),
    (Interest(columns=("name",), where=(Condition("name", "==", "a"),)), {"columns": ["name"], "where": [["name", "==", "a"]]}),
]


@pytest.mark.parametrize(("interest", "request_"), REQUESTS)
def test_only_what_the_server_has_is_asked_for(interest: Interest, request_: Any) -> None:
    theirs = schema_of(nb).tables[SWITCH]
    older = type(theirs)(SWITCH, {name: column for name, column in theirs.columns.items() if name != "acls"})
    schema = DatabaseSchema(nb.SCHEMA, "1.0.0", "", {SWITCH: older})
    assert a_copy(interest).requests(schema, conditional=True) == {SWITCH: [request_]}
    assert Copy("OVN_Northbound", tables_of(nb), {"ACL": EVERYTHING}).requests(schema, conditional=True) == {}


def test_references_told_again_and_again_are_one_object() -> None:
    copy = Copy("OVN_Southbound", tables_of(sb), dict.fromkeys(tables_of(sb), EVERYTHING))
    rows = {
        f"{number:08x}-0000-4000-8000-000000000000": {"initial": {"logical_datapath": ["uuid", "D" * 8 + "-0000-4000-8000-000000000001"]}}
        for number in range(3)
    }
    copy.replace_all({"Logical_Flow": rows}, form="update2")
    read: list[Any] = list(copy.tables["Logical_Flow"].rows.values())
    found = [row.logical_datapath for row in read]
    assert found == ["d" * 8 + "-0000-4000-8000-000000000001"] * 3
    assert found[1] is found[2]


D = ["uuid", "D" * 8 + "-0000-4000-8000-000000000001"]
TOLD: list[tuple[str, dict[str, Any]]] = [
    ("Logical_Flow", {}),
    ("Logical_Flow", {"logical_datapath": D, "priority": 3, "match": '"é" && "\\"', "external_ids": ["map", [["b", "1"], ["a", "2"]]]}),
    ("Logical_Flow", {"pipeline": "ingress", "table_id": 5, "controller_meter": "m"}),
    ("Logical_Flow", {"logical_datapath": ["set", []], "tags": ["map", []], "a column of a newer schema": ["set", [1, 2]]}),
    ("Logical_Flow", {"priority": 3.0, "match": ["set", ["x"]], "_version": D}),
    ("Port_Binding", {"tag": 5, "up": True, "mac": ["set", ["b", "a"]], "nat_addresses": "c", "chassis": D, "_version": D}),
    ("Chassis", {"encaps": D, "nb_cfg": 7}),
]


@pytest.mark.parametrize("table, told", TOLD)
def test_a_first_copy_is_the_same_from_its_json(table: str, told: dict[str, Any]) -> None:
    updates = {table: {f"0000000{number}-0000-4000-8000-000000000000": {"initial": told} for number in range(2)}}
    found = []
    for given in (updates, msgspec.Raw(msgspec.json.encode(updates))):
        copy = Copy("OVN_Southbound", tables_of(sb), dict.fromkeys(tables_of(sb), EVERYTHING))
        assert len(copy.replace_all(given, form="update2")) == 2
        assert copy.replace_all(given, form="update2") == []
        found.append([(row.uuid, row.version, values_of(row)) for row in copy.tables[table].rows.values()])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "told",
    [
        {"match": 5}, {"priority": "x"}, {"priority": True}, {"logical_datapath": ["uuid", "x"]}, {"logical_datapath": ["uuid", 5]},
        {"external_ids": ["map", [["a", 5]]]}, {"external_ids": ["map", [["a"]]]}, {"external_ids": ["map", [["a", "b"], ["a", "c"]]]},
    ],
)  # fmt: skip
def test_what_fits_no_column_is_refused(told: dict[str, Any]) -> None:
    copy = Copy("OVN_Southbound", tables_of(sb), dict.fromkeys(tables_of(sb), EVERYTHING))
    updates = {"Logical_Flow": {"00000000-0000-4000-8000-000000000000": {"initial": told}}}
    with pytest.raises(OvsdbError):
        copy.replace_all(updates, form="update2")
    with pytest.raises(OvsdbError):
        copy.replace_all(msgspec.Raw(msgspec.json.encode(updates)), form="update2")
    assert not copy.tables["Logical_Flow"].rows
