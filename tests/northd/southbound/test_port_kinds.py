"""Ports that become other ports by the same name."""

from __future__ import annotations

import pytest

from pyovn.northd.southbound.port_kinds import changes_hands, port_kind
from pyovn.ovsdb.operation import Mutate, Mutation, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, switch
from tests.northd.stores import Pair

MACHINE, CONTAINER, VIRTUAL, OTHER = port_kind("", None), port_kind("", "vm"), port_kind("virtual", None), port_kind("localport", "vm")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (MACHINE, MACHINE, False), (MACHINE, CONTAINER, True), (CONTAINER, MACHINE, True), (MACHINE, OTHER, False), (OTHER, VIRTUAL, True),
        (VIRTUAL, MACHINE, True), (VIRTUAL, VIRTUAL, False),
    ],
)  # fmt: skip
def test_who_has_a_port_has_to_give_it_up(before: str, after: str, expected: bool) -> None:
    assert changes_hands(before, after) is expected


def claimed() -> Pair:
    """A port that is up."""
    pair = Pair()
    pair.load([nb.NBGlobal("global"), nb.LogicalSwitch("other", name="other"), *switch(port("vm"), port("last"))])
    pair.hear(Update(sb.PortBinding, by_uuid(binding(pair).uuid), {"up": True}))
    return pair


def binding(pair: Pair) -> sb.PortBinding:
    """The binding of the port."""
    (row,) = (row for row in pair.southbound(sb.PortBinding) if row.logical_port == "vm")
    return row


def test_a_container_is_another_port_than_the_machine_was() -> None:
    pair = claimed()
    pair.say(Update(nb.LogicalSwitchPort, by_uuid("vm"), {"parent_name": "last"}))
    assert (binding(pair).up, binding(pair).parent_port) == (False, "last")


def test_a_port_that_moves_to_another_switch_is_another_port() -> None:
    pair = claimed()
    leaves, comes = Mutation("ports", "delete", ("vm",)), Mutation("ports", "insert", ("vm",))
    pair.say(Mutate(nb.LogicalSwitch, by_uuid("sw"), [leaves]), Mutate(nb.LogicalSwitch, by_uuid("other"), [comes]))
    assert (binding(pair).up, binding(pair).tunnel_key) == (False, 1)
