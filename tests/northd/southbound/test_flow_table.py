"""Flows as rows: shared where they are alike, kept where they fit."""

from __future__ import annotations

from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.places import Member, Place, Placed
from pyovn.northd.southbound.flow_table import FlowTable
from pyovn.northd.southbound.reconcile import Ledger
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.operation import Delete, Insert, InsertRows, Operation, Update
from pyovn.ovsdb.row import Table
from pyovn.query import Difference
from pyovn.schemas.sb import LogicalDPGroup, LogicalFlow

FLOW = Flow(Stage.LS_IN_L2_LKUP, 50, "eth.dst == 1", "drop;", hint="0123456789")


def placed(*datapaths: str, flow: Flow = FLOW) -> tuple[Placed, ...]:
    return tuple(Placed(datapath, flow) for datapath in datapaths)


def asked(table: FlowTable) -> list[Operation]:
    """What the table wants to be done, row by row."""
    return [
        one
        for operation in table.operations()
        for one in (operation.inserts() if isinstance(operation, InsertRows) else (operation,))
    ]


def follow(table: FlowTable, operations: list[Operation]) -> None:
    """Tell the table that its operations were committed."""
    changes: list[Change] = []
    for operation in operations:
        if isinstance(operation, Insert):
            row: Table = operation.table(operation.uuid or "", **operation.row)
            changes.append(Change(operation.table, row.uuid, None, row))
    table.saw(changes)


def made(*datapaths: str) -> tuple[FlowTable, list[Operation]]:
    """A table whose flow is wanted on these datapaths, and there."""
    table = FlowTable(Ledger())
    table.want(Difference(placed(*datapaths), ()))
    operations = asked(table)
    follow(table, operations)
    assert not list(table.operations()), "what was written is wanted"
    return table, operations


def test_one_datapath_is_named_several_are_a_group() -> None:
    _, (single,) = made("a")
    assert isinstance(single, Insert) and single.table is LogicalFlow and "logical_dp_group" not in single.row
    assert single.row["external_ids"] == {"source": "pyovn", "stage-hint": "01234567", "stage-name": "ls_in_l2_lkup"}
    _, (group, flow) = made("a", "b")
    assert isinstance(group, Insert) and group.table is LogicalDPGroup and len(group.row["datapaths"]) == 2
    assert isinstance(flow, Insert) and flow.row["logical_dp_group"] == group.uuid


def test_a_group_that_all_its_flows_outgrow_grows_itself() -> None:
    table, _ = made("a", "b")
    table.want(Difference(placed("c"), ()))
    (grown,) = asked(table)
    assert isinstance(grown, Update) and grown.table is LogicalDPGroup and len(grown.row["datapaths"]) == 3


OTHERS = tuple(FLOW._replace(priority=number) for number in range(1, 6))


def grouped() -> tuple[FlowTable, str]:
    """A table whose flows are all wanted on two datapaths, and there; and the group that these are."""
    table = FlowTable(Ledger())
    table.want(Difference(tuple(each for flow in OTHERS for each in placed("a", "b", flow=flow)), ()))
    operations = asked(table)
    follow(table, operations)
    return table, operations[0].uuid or "" if isinstance(operations[0], Insert) else ""


def test_a_group_that_most_of_its_flows_outgrow_grows_and_the_others_leave_it() -> None:
    table, group = grouped()
    table.want(Difference(tuple(each for flow in OTHERS[1:] for each in placed("c", flow=flow)), ()))
    grown, made_, left = asked(table)
    assert isinstance(grown, Update) and grown.table is LogicalDPGroup and len(grown.row["datapaths"]) == 3
    assert isinstance(made_, Insert) and made_.uuid != group and len(made_.row["datapaths"]) == 2
    assert isinstance(left, Update) and left.row == {"logical_dp_group": made_.uuid}


def test_who_comes_where_a_group_was_gets_another() -> None:
    table, group = grouped()
    outgrown = tuple(each for flow in OTHERS for each in placed("c", flow=flow))
    table.want(Difference((*outgrown, *placed("a", "b")), ()))
    grown, made_, new = asked(table)
    assert isinstance(grown, Update) and grown.table is LogicalDPGroup and len(grown.row["datapaths"]) == 3
    assert isinstance(made_, Insert) and made_.uuid != group and len(made_.row["datapaths"]) == 2
    assert isinstance(new, Insert) and new.row["logical_dp_group"] == made_.uuid


def test_a_flow_that_nobody_wants_is_deleted() -> None:
    table, _ = made("a")
    table.want(Difference((), placed("a")))
    (gone,) = asked(table)
    assert isinstance(gone, Delete)


def test_a_hint_of_either_owner_will_do() -> None:
    table, _ = made("a")
    table.want(Difference(placed("b", flow=FLOW._replace(hint="9876543210")), ()))
    operations = asked(table)
    assert [type(operation) for operation in operations] == [Insert, Update]
    update = operations[1]
    assert isinstance(update, Update) and "external_ids" not in update.row


def test_a_second_row_of_the_same_flow_goes() -> None:
    table, (insert,) = made("a")
    assert isinstance(insert, Insert)
    twin = LogicalFlow("twin", **insert.row)
    table.saw([Change(LogicalFlow, "twin", None, twin)])
    (gone,) = asked(table)
    assert isinstance(gone, Delete) and gone.where[0].value == "twin"


def test_a_flow_stays_while_one_of_two_rows_asks_for_it() -> None:
    table, _ = made("a")
    second = placed("a", flow=FLOW._replace(hint="9876543210"))
    table.want(Difference(second, ()))
    assert not list(table.operations())
    table.want(Difference((), second))
    assert not list(table.operations())
    table.want(Difference((), placed("a")))
    assert [type(operation) for operation in asked(table)] == [Delete]


def test_a_flow_that_one_row_asks_for_twice_stays_while_it_asks_once() -> None:
    table, _ = made("a", "a")
    table.want(Difference((), placed("a")))
    assert not list(table.operations())
    table.want(Difference((), placed("a")))
    assert [type(operation) for operation in asked(table)] == [Delete]


PLACE = Place("group", ())


def in_place(*datapaths: str) -> tuple[FlowTable, LogicalFlow]:
    """A table whose flow is wanted in a place with these members, and the row that is there."""
    table = FlowTable(Ledger())
    table.move(Difference(members(*datapaths), ()))
    table.want(Difference((Placed(PLACE, FLOW),), ()))
    operations = asked(table)
    follow(table, operations)
    insert = operations[-1]
    assert isinstance(insert, Insert)
    return table, LogicalFlow(insert.uuid or "", **insert.row)


def members(*datapaths: str) -> tuple[Member, ...]:
    return tuple(Member(PLACE, datapath) for datapath in datapaths)


def test_a_flow_follows_the_members_of_its_place() -> None:
    table, _ = in_place("a", "b")
    table.move(Difference(members("c"), members("a")))
    (moved,) = asked(table)
    assert isinstance(moved, Update) and moved.table is LogicalDPGroup and len(moved.row["datapaths"]) == 2


def test_a_flow_of_a_place_without_members_goes_and_comes_back() -> None:
    table, row = in_place("a")
    table.move(Difference((), members("a")))
    (gone,) = asked(table)
    assert isinstance(gone, Delete)
    table.saw([Change(LogicalFlow, row.uuid, row, None)])
    table.move(Difference(members("b"), ()))
    (back,) = asked(table)
    assert isinstance(back, Insert)
