"""What is still to be done, as the operations that do it."""

from __future__ import annotations

import pytest

from pyovn.interconnect.edits import Edit, Join, Part, Put, PutKey, Remove, differing, differing_key, new, operations
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert
from pyovn.schemas import ic_sb, nb
from tests.northd.differential import new_database

SWITCH, PORT = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
HELD = nb.LogicalSwitch(SWITCH, name="sw", other_config={"a": "1"}, ports=(PORT,))


def after(*edits: Edit) -> tuple[list[nb.LogicalSwitch], list[str]]:
    """The switches and the names of the ports of a northbound with one of each, once these edits are made."""
    store = Local(new_database(nb))
    columns = {"name": "sw", "other_config": {"a": "1"}, "ports": (PORT,)}
    made = store.transact([Insert(nb.LogicalSwitchPort, {"name": "p"}, uuid=PORT), Insert(nb.LogicalSwitch, columns, uuid=SWITCH)])
    assert made.error is None
    outcome = store.transact(list(operations(edits)))
    assert outcome.error is None, outcome.error
    return list(store.rows(nb.LogicalSwitch).values()), sorted(row.name for row in store.rows(nb.LogicalSwitchPort).values())


@pytest.mark.parametrize(
    ("edit", "name", "config", "ports"),
    [
        (Put(nb.LogicalSwitch, SWITCH, "name", "other"), "other", {"a": "1"}, ["p"]),
        (Put(nb.LogicalSwitch, SWITCH, "other_config", (("b", "2"),)), "sw", {"b": "2"}, ["p"]),
        (PutKey(nb.LogicalSwitch, SWITCH, "other_config", "a", "2"), "sw", {"a": "2"}, ["p"]),
        (PutKey(nb.LogicalSwitch, SWITCH, "other_config", "b", "2"), "sw", {"a": "1", "b": "2"}, ["p"]),
        (PutKey(nb.LogicalSwitch, SWITCH, "other_config", "a", None), "sw", {}, ["p"]),
        (Join(nb.LogicalSwitch, SWITCH, "ports", new(nb.LogicalSwitchPort, name="q")), "sw", {"a": "1"}, ["p", "q"]),
        (Part(nb.LogicalSwitch, SWITCH, "ports", PORT), "sw", {"a": "1"}, []),
        (Put(nb.LogicalSwitch, SWITCH, "ports", (new(nb.LogicalSwitchPort, name="q"),)), "sw", {"a": "1"}, ["q"]),
    ],
)
def test_one(edit: Edit, name: str, config: dict[str, str], ports: list[str]) -> None:
    (row,), names = after(edit)
    assert (row.name, row.other_config, names) == (name, config, ports)


def test_a_row_that_goes_and_one_that_comes() -> None:
    (row,), names = after(Remove(nb.LogicalSwitch, SWITCH), new(nb.LogicalSwitch, name="new", other_config={"c": "3"}))
    assert (row.name, row.other_config, names) == ("new", {"c": "3"}, [])


def test_a_row_that_is_to_be_alone_is_not_made_beside_another() -> None:
    store = Local(new_database(ic_sb))
    wanted = [new(ic_sb.DatapathBinding, ("tunnel_key",), transit_switch=name, tunnel_key=7) for name in ("a", "b")]
    assert [store.transact(list(operations([edit]))).error is None for edit in wanted] == [True, False]


def test_only_what_differs_is_to_be_done() -> None:
    assert list(differing(HELD, name="sw", ports=(PORT,))) == []
    assert list(differing(HELD, name="x", other_config={})) == [
        Put(nb.LogicalSwitch, SWITCH, "name", "x"), Put(nb.LogicalSwitch, SWITCH, "other_config", ()),
    ]  # fmt: skip
    assert list(differing_key(HELD, "other_config", "a", "1")) == list(differing_key(HELD, "other_config", "b", None)) == []
    assert list(differing_key(HELD, "other_config", "a", None)) == [PutKey(nb.LogicalSwitch, SWITCH, "other_config", "a", None)]
