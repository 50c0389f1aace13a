"""The compiler between two databases: it starts, follows, stands by, takes over and tries again."""

from __future__ import annotations

from pyovn.ovsdb.database import Committed
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch, towards
from tests.northd.differential import dump_of
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"
NETWORK = [
    *switch(port("vm", f"{MAC} 10.0.0.2"), towards("sw-lr", "lr-sw")),
    *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24")),
    nb.NBGlobal("global"),
]


def test_the_only_rows_are_made_when_missing() -> None:
    pair = Pair()
    pair.northd.tick(0.0)
    (northbound,), (southbound,) = pair.northbound(nb.NBGlobal), pair.southbound(sb.SBGlobal)
    assert northbound.options.keys() >= {"mac_prefix", "max_tunid", "northd_internal_version", "svc_monitor_mac"}
    assert southbound.options.items() >= northbound.options.items()


def test_a_tick_without_news_does_nothing() -> None:
    pair = Pair()
    pair.load(NETWORK)
    sent = pair.northd.transactions
    pair.northd.tick(1.0)
    assert pair.northd.transactions == sent


def test_only_what_reads_the_change_runs_and_only_what_differs_is_written() -> None:
    pair = Pair()
    pair.load(NETWORK)
    ran: set[str] = set()
    pair.northd.db.on_run = lambda function, args: ran.add(function.__name__)
    pair.sb.take_changes()
    pair.say(Update(nb.LogicalSwitchPort, by_uuid("vm"), {"external_ids": {"note": "new"}}))
    (change,) = pair.sb.take_changes()
    assert change.table is sb.PortBinding
    assert "switch_port" in ran and "switch_port_flows" not in ran


def test_flows_of_two_switches_share_their_rows() -> None:
    pair = Pair()
    pair.load(NETWORK)
    before = {row.uuid for row in pair.southbound(sb.LogicalFlow)}
    pair.say(Insert(nb.LogicalSwitch, {"name": "second"}))
    rows = pair.southbound(sb.LogicalFlow)
    assert {row.uuid for row in rows} == before
    (group,) = pair.southbound(sb.LogicalDPGroup)
    assert len(group.datapaths) == 2
    assert {row.logical_dp_group for row in rows} == {None, group.uuid}


def test_what_is_gone_is_gone() -> None:
    pair = Pair()
    pair.load(NETWORK)
    pair.say(Delete(nb.LogicalSwitch, by_uuid("sw")), Delete(nb.LogicalRouter, by_uuid("lr")))
    for table in (sb.DatapathBinding, sb.PortBinding, sb.LogicalFlow, sb.MulticastGroup, sb.IPMulticast):
        assert not pair.southbound(table)


def test_what_others_learned_about_a_port_goes_with_it() -> None:
    pair = Pair()
    pair.load(NETWORK)
    datapath = next(row for row in pair.southbound(sb.DatapathBinding) if row.type == "logical-router")
    pair.hear(Insert(sb.MACBinding, {"logical_port": "lr-sw", "ip": "10.0.0.9", "mac": MAC, "datapath": datapath.uuid}))
    assert pair.southbound(sb.MACBinding)
    pair.say(Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("ports", "delete", ("lr-sw",))]))
    assert not pair.southbound(sb.MACBinding)


def test_a_row_that_somebody_else_breaks_is_mended() -> None:
    pair = Pair()
    pair.load(NETWORK)
    before = dump_of(pair.sb_database)
    flow, binding = pair.southbound(sb.LogicalFlow)[0], pair.southbound(sb.PortBinding)[0]
    pair.hear(Delete(sb.LogicalFlow, by_uuid(flow.uuid)), Update(sb.PortBinding, by_uuid(binding.uuid), {"mac": ("bad",)}))
    assert dump_of(pair.sb_database) == before


def test_the_standby_takes_over_and_writes_nothing() -> None:
    pair = Pair()
    standby = pair.another_northd()
    pair.load(NETWORK)
    standby.tick(0.0)
    assert not standby.is_active and standby.transactions == 0
    before = dump_of(pair.sb_database)
    pair.northd.sb.close()  # type: ignore[attr-defined]
    standby.tick(1.0)
    assert standby.is_active and standby.transactions == 0
    assert dump_of(pair.sb_database) == before


def test_paused_it_only_listens() -> None:
    pair = Pair()
    pair.northd.paused = True
    pair.load(NETWORK)
    assert not pair.southbound(sb.LogicalFlow)
    pair.northd.paused = False
    pair.northd.tick(0.0)
    assert pair.southbound(sb.LogicalFlow)


def test_a_refused_transaction_is_tried_again_later() -> None:
    def full(committed: Committed) -> None:
        raise OvsdbError("I/O error", "no space left on device")

    pair = Pair()
    pair.load(NETWORK)
    (datapath,) = (row for row in pair.southbound(sb.DatapathBinding) if row.type == "logical-router")
    pair.sb_database.journal = full
    pair.say(Delete(nb.LogicalRouter, by_uuid("lr")), now=5.0)
    pair.northd.tick(5.5)
    assert datapath.uuid in {row.uuid for row in pair.southbound(sb.DatapathBinding)}
    assert pair.northd.due() == 6.0
    pair.sb_database.journal = None
    pair.northd.tick(6.0)
    assert datapath.uuid not in {row.uuid for row in pair.southbound(sb.DatapathBinding)}
