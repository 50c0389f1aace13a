"""Rows that are the same in every network."""

from __future__ import annotations

from pyovn.northd.southbound.constants import DHCPV4, DHCPV6, PERMISSIONS
from pyovn.schemas import nb, sb
from tests.northd.stores import Pair


def test_they_are_there_once() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global")])
    assert {row.name for row in pair.southbound(sb.DHCPOptions)} == {name for name, _, _ in DHCPV4}
    assert {row.name for row in pair.southbound(sb.DHCPv6Options)} == {name for name, _, _ in DHCPV6}
    (role,) = pair.southbound(sb.RBACRole)
    tables = {row.uuid: row.table for row in pair.southbound(sb.RBACPermission)}
    assert {table: tables[uuid] for table, uuid in role.permissions.items()} == {table: table for table, *_ in PERMISSIONS}


def test_names_are_keys() -> None:
    for table in (DHCPV4, DHCPV6):
        assert len({name for name, _, _ in table}) == len(table)
