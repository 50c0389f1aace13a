"""An index finds the rows that are there, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.index import Index, hashable, keys_of_columns
from pyovn.ovsdb.row import replace
from tests.ovsdb.sample import House


def test_one_and_many() -> None:
    index = Index(keys_of_columns(("name", "height")))
    one, two = House("u1", name="a"), House("u2", name="a")
    index.add(one)
    index.add(two)
    assert index.find(("a", 0.0)) == ("u1", "u2")
    index.replace(one, replace(one, name="b"))
    assert (index.find(("a", 0.0)), index.find(("b", 0.0))) == (("u2",), ("u1",))
    index.remove(two)
    assert index.find(("a", 0.0)) == ()
    assert set(index.buckets) == {("b", 0.0)}


def test_maps_as_keys() -> None:
    assert hashable({"a": 1}) == (("a", 1),)
    index = Index(keys_of_columns(("options",)))
    index.add(House("u1", options={"a": "b"}))
    assert index.find(hashable({"a": "b"})) == ("u1",)


@given(st.lists(st.tuples(st.integers(0, 4), st.none() | st.sampled_from("abc"))))
def test_replacements(steps: list[tuple[int, str | None]]) -> None:
    index = Index(keys_of_columns(("name",)))
    rows: dict[str, House] = {}
    for number, name in steps:
        uuid = f"u{number}"
        new = None if name is None else House(uuid, name=name)
        index.replace(rows.get(uuid), new)
        rows.pop(uuid, None)
        if new is not None:
            rows[uuid] = new
    for name in "abc":
        assert set(index.find(name)) == {uuid for uuid, row in rows.items() if row.name == name}
    assert set(index.buckets) == {row.name for row in rows.values()}
