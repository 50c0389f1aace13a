"""Groups and meters as the switch is told of them."""

from __future__ import annotations

import pytest

from pyovn.controller.facts import Allocators
from pyovn.controller.groups import group_mod, meter_mod
from pyovn.controller.numbers import number_of
from pyovn.controller.rule import resubmit
from pyovn.logical.actions.environment import Bucket, GroupSpec
from pyovn.openflow.message import MeterFlag
from pyovn.schemas import sb
from tests.controller.rows import feed, host, uuid


def test_the_same_thing_has_the_same_number() -> None:
    allocators = Allocators()
    assert [number_of(allocators.meters, name) for name in ("a", "b", "a")] == [1, 2, 1]
    assert allocators.meters.things == {1: "a", 2: "b"}


@pytest.mark.parametrize(("hash_fields", "method", "terms"), [("", "dp_hash", 0), ("ip_src,ip_dst", "hash", 2)])
def test_a_select_group(hash_fields: str, method: str, terms: int) -> None:
    allocators = Allocators()
    spec = GroupSpec((Bucket((resubmit(9),), 50, 3),), hash_fields)
    made = group_mod(allocators, number_of(allocators.groups, spec))
    assert (made.selection_method, len(made.selection_fields)) == (method, terms)
    assert [(bucket.actions, bucket.weight, bucket.bucket_id) for bucket in made.buckets] == [((resubmit(9),), 50, 3)]


def test_a_meter_of_a_row() -> None:
    db, allocators = host(), Allocators()
    feed(db, sb.MeterBand, uuid(0x31), rate=100, burst_size=20, action="drop")
    feed(db, sb.Meter, uuid(0x30), name="acl", unit="pktps", bands=(uuid(0x31),))
    made = meter_mod(db, allocators, number_of(allocators.meters, "acl"))
    assert made.flags == MeterFlag.PKTPS | MeterFlag.BURST | MeterFlag.STATS
    assert [(band.rate, band.burst) for band in made.bands] == [(100, 20)]


def test_a_meter_that_a_flow_describes() -> None:
    db, allocators = host(), Allocators()
    made = meter_mod(db, allocators, number_of(allocators.meters, "__string: kbps burst stats bands=type=drop rate=7 burst_size=3"))
    assert made.flags == MeterFlag.KBPS | MeterFlag.BURST | MeterFlag.STATS
    assert [(band.rate, band.burst) for band in made.bands] == [(7, 3)]
