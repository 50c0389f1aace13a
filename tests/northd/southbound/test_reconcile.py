"""Rows wanted against rows there."""

from __future__ import annotations

from pyovn.northd.southbound.reconcile import Ledger, made_uuid
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.operation import Delete, Insert, Update
from pyovn.ovsdb.row import Table
from pyovn.query import Difference
from pyovn.schemas import sb


def there(*rows: Table) -> list[Change]:
    return [Change(type(row), row.uuid, None, row) for row in rows]


def ledger(want: list[Wanted], have: list[Table]) -> Ledger:
    made = Ledger()
    made.saw(there(*have))
    made.want(Difference(tuple(want), ()))
    return made


SET = wanted(sb.AddressSet, "s", name="s", addresses=("10.0.0.1",))


def test_a_missing_row_is_made_with_what_is_said_once() -> None:
    switch = Key(sb.DatapathBinding, "sw")
    port = wanted(sb.PortBinding, "p", {"up": False}, logical_port="p", datapath=switch, options={"b": "2", "a": "1"})
    (insert,) = ledger([port], []).operations()
    assert isinstance(insert, Insert)
    assert insert.uuid == made_uuid("Port_Binding", "p")
    assert insert.row == {
        "up": False, "logical_port": "p", "datapath": made_uuid("Datapath_Binding", "sw"), "options": {"a": "1", "b": "2"},
    }  # fmt: skip


def test_a_row_that_fits_is_kept_whoever_made_it() -> None:
    assert not list(ledger([SET], [sb.AddressSet("other", name="s", addresses=("10.0.0.1",))]).operations())


def test_only_what_differs_is_updated() -> None:
    (update,) = ledger([SET], [sb.AddressSet("other", name="s", addresses=())]).operations()
    assert isinstance(update, Update) and update.row == {"addresses": ("10.0.0.1",)}


def test_what_was_sent_is_looked_at_when_it_comes() -> None:
    for came, missing in ((("10.0.0.1",), []), ((), [{"addresses": ("10.0.0.1",)}])):
        made = ledger([SET], [])
        (insert,) = made.operations()
        made.saw(there(sb.AddressSet(made_uuid("Address_Set", "s"), name="s", addresses=came)))
        assert isinstance(insert, Insert) and [update.row for update in made.operations() if isinstance(update, Update)] == missing


def test_what_nobody_wants_and_what_is_there_twice_is_deleted() -> None:
    old = sb.AddressSet("old", name="old")
    twins = [sb.AddressSet(uuid, name="s", addresses=("10.0.0.1",)) for uuid in ("one", "two")]
    gone = [operation.where[0].value for operation in ledger([SET], [old, *twins]).operations() if isinstance(operation, Delete)]
    assert sorted(gone) == ["old", "two"]


def test_roles_of_operators_stay() -> None:
    own = sb.RBACRole("own", name="own")
    twin = [sb.RBACPermission(uuid, table="Load_Balancer") for uuid in ("one", "two")]
    assert not list(ledger([], [own, *twin]).operations())
    second = [sb.RBACRole(uuid, name="ours") for uuid in ("one", "two")]
    (gone,) = ledger([wanted(sb.RBACRole, "ours", name="ours")], [own, *second]).operations()
    assert isinstance(gone, Delete) and gone.where[0].value == "two"


def test_of_rows_that_contradict_each_other_the_same_is_taken_in_any_order() -> None:
    other = wanted(sb.AddressSet, "s", name="s", addresses=("10.0.0.2",))
    for first, second in ((SET, other), (other, SET)):
        held = ledger([first, second], [])
        (insert,) = held.operations()
        assert isinstance(insert, Insert) and insert.row["addresses"] == ("10.0.0.1",)
        held.want(Difference((), (SET,)))
        (left,) = held.operations()
        assert isinstance(left, Insert) and left.row["addresses"] == ("10.0.0.2",)


def test_references_follow_the_row_that_is_there() -> None:
    group = wanted(sb.MulticastGroup, ("sw", "g"), datapath=Key(sb.DatapathBinding, "sw"), name="g", tunnel_key=32768, ports=())
    held = ledger([group], [sb.DatapathBinding("theirs", nb_uuid="sw")])
    insert = next(operation for operation in held.operations() if isinstance(operation, Insert))
    assert insert.row["datapath"] == "theirs"
