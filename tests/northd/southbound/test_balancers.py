"""The groups of datapaths that load balancers are on."""

from __future__ import annotations

from pyovn.ovsdb.operation import Insert, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.stores import Pair

SERVICES = tuple(f"lb-{number}" for number in range(3))


def grouped(*others: nb.LogicalSwitch) -> Pair:
    """A switch with a group of services."""
    pair = Pair()
    pair.load([
        nb.NBGlobal("global"),
        *(nb.LoadBalancer(name, name=name, vips={f"172.16.0.{number}:80": "10.0.0.2:80"}) for number, name in enumerate(SERVICES)),
        nb.LoadBalancerGroup("lbg", name="lbg", load_balancer=SERVICES),
        nb.LogicalSwitch("ls", name="ls", load_balancer_group=("lbg",)),
        *others,
    ])  # fmt: skip
    return pair


def groups(pair: Pair) -> set[str | None]:
    """The groups of switches that load balancers name."""
    return {row.ls_datapath_group for row in pair.southbound(sb.LoadBalancer)}


def test_where_a_switch_gets_a_group_of_services_no_service_is_written_anew() -> None:
    pair = grouped()
    (before,) = groups(pair)
    pair.sb.take_changes()
    pair.say(Insert(nb.LogicalSwitch, {"name": "more", "load_balancer_group": ("lbg",)}))
    assert groups(pair) == {before}
    assert [len(row.datapaths) for row in pair.southbound(sb.LogicalDPGroup) if row.uuid == before] == [2]
    assert sb.LoadBalancer not in {change.table for change in pair.sb.take_changes()}


def test_load_balancers_on_the_same_switches_have_one_group_however_they_came_there() -> None:
    other = nb.LogicalSwitch("other", name="other", load_balancer=SERVICES[:1], load_balancer_group=("lbg",))
    pair = grouped(other)
    assert len(groups(pair)) == 1
    pair.say(Update(nb.LogicalSwitch, by_uuid("other"), {"load_balancer_group": ()}))
    assert len(groups(pair)) == 2


def test_a_group_that_another_compiler_made_grows_too() -> None:
    pair = grouped()
    (made,) = groups(pair)
    (group,) = (row for row in pair.southbound(sb.LogicalDPGroup) if row.uuid == made)
    theirs = Insert(sb.LogicalDPGroup, {"datapaths": group.datapaths}, uuid="theirs")
    pair.northd.paused = True
    pair.hear(theirs, *(Update(sb.LoadBalancer, by_uuid(name), {"ls_datapath_group": "theirs"}) for name in SERVICES))
    pair.northd = pair.another_northd()
    pair.sb.take_changes()
    pair.northd.tick(1.0)
    assert not pair.sb.take_changes()
    pair.say(Insert(nb.LogicalSwitch, {"name": "more", "load_balancer_group": ("lbg",)}))
    assert groups(pair) == {"theirs"}


def test_a_group_that_goes_by_another_name_leaves_the_first_to_others() -> None:
    pair = Pair()
    pair.load([
        nb.NBGlobal("global"),
        *(nb.LoadBalancer(name, name=name, vips={"172.16.0.1:80": "10.0.0.2:80"}) for name in SERVICES[:2]),
        nb.LoadBalancerGroup("lbg", name="lbg", load_balancer=SERVICES[:1]),
        nb.LogicalSwitch("ls", name="ls", load_balancer=SERVICES[:1], load_balancer_group=("lbg",)),
    ])  # fmt: skip
    for alone in ((), SERVICES[:1], ()):
        pair.say(Update(nb.LogicalSwitch, by_uuid("ls"), {"load_balancer": alone}))
        assert len(groups(pair)) == 1
    pair.say(Insert(nb.LogicalSwitch, {"name": "more", "load_balancer_group": ("lbg",)}))
    pair.say(Update(nb.LogicalSwitch, by_uuid("ls"), {"load_balancer": SERVICES[1:2]}))
    members = {str(row.uuid): len(row.datapaths) for row in pair.southbound(sb.LogicalDPGroup)}
    assert {row.name: members[row.ls_datapath_group or ""] for row in pair.southbound(sb.LoadBalancer)} == {"lb-0": 2, "lb-1": 1}
