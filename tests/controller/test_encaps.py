"""Tunnels: to whom, with which options."""

from __future__ import annotations

import pytest

from pyovn.controller.encaps import MISSING, OUTDATED, SURPLUS, tunnel_operations
from pyovn.ovsdb.operation import Insert
from pyovn.query import Engine
from pyovn.schemas import vswitch
from tests.controller.rows import chassis, host, tunnel, uuid


def names(db: Engine) -> list[str]:
    """The names of the tunnel ports to be made."""
    return [str(each.row["name"]) for each in tunnel_operations(db) if isinstance(each, Insert) and each.table is vswitch.Port]


def test_one_to_each_other_host_and_none_to_oneself() -> None:
    db = host()
    chassis(db, 0x10, "hv2", "192.0.2.2")
    chassis(db, 0x20, "50583630-5cf9", "192.0.2.3")
    assert sorted(wanted.chassis for wanted in db.items(MISSING)) == ["50583630-5cf9", "hv2"]
    assert sorted(names(db)) == ["ovn-505836-0", "ovn-hv2-0"]


@pytest.mark.parametrize(
    ("ours", "theirs", "joined"),
    [("", (), True), ("a", (), False), ("", ("a",), False), ("a,b", ("b", "c"), True), ("a", ("b",), False)],
)
def test_only_within_a_transport_zone(ours: str, theirs: tuple[str, ...], joined: bool) -> None:
    db = host(ovn_transport_zones=ours)
    chassis(db, 0x10, "hv2", "192.0.2.2", zones=theirs)
    assert bool(db.items(MISSING)) is joined


def test_only_of_a_type_that_both_have() -> None:
    db = host()
    chassis(db, 0x10, "hv2", "192.0.2.2", type="vxlan")
    assert not db.items(MISSING)


def test_options() -> None:
    db = host(ovn_encap_tos="inherit")
    chassis(db, 0x10, "hv2", "192.0.2.2")
    (wanted,) = db.items(MISSING)
    assert dict(wanted.options) == {
        "csum": "true", "key": "flow", "local_ip": "192.0.2.1", "remote_ip": "192.0.2.2", "tos": "inherit",
    }  # fmt: skip


def test_a_tunnel_that_is_right_is_left_alone() -> None:
    db = host()
    chassis(db, 0x10, "hv2", "192.0.2.2")
    tunnel(db, 0x20, "hv2", "192.0.2.2", 5)
    assert tunnel_operations(db) == []


def test_a_tunnel_that_nobody_wants_goes_and_a_wrong_one_is_changed() -> None:
    db = host()
    tunnel(db, 0x20, "hv2", "192.0.2.2", 5)
    assert list(db.items(SURPLUS)) == [uuid(0x20)]
    chassis(db, 0x10, "hv2", "192.0.2.2")
    assert not db.items(SURPLUS)
    changed = host(ovn_encap_tos="4")
    chassis(changed, 0x10, "hv2", "192.0.2.2")
    tunnel(changed, 0x20, "hv2", "192.0.2.2", 5)
    assert [outdated.interface for outdated in changed.items(OUTDATED)] == [uuid(0x21)]
