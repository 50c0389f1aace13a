"""What a host asks for: too little for no rule, and nothing of what is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyovn.controller.controller import Controller
from pyovn.controller.facts import Process
from pyovn.controller.interest import DATAPATHS, GROUPS, PARTICULAR, conditions
from pyovn.openflow.connection import channel_pair
from pyovn.ovsdb.condition import test_of as holds_for
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.ovsdb.replica import Replica
from pyovn.schemas import sb, vswitch
from tests.controller.agree import RECORDED, engine, our_rules, read
from tests.controller.host import STARTUP_MS, FakeSwitch, Host, database
from tests.ovsdb.wires import Wire, new_server


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json.gz")), ids=lambda path: path.name.split(".")[0])
def test_the_rows_asked_for_make_the_same_rules(path: Any) -> None:
    recording = read(path)
    db = engine(recording)
    datapaths, groups = sorted(db.items(DATAPATHS)), sorted(db.items(GROUPS))
    less = {**recording, "sb": dict(recording["sb"])}
    for table in PARTICULAR:
        asked = [holds_for(table, condition) for condition in conditions(table, datapaths, groups)]
        rows = recording["sb"].get(table.__table__, {})
        had = {ref: db.get(table, ref) for ref in rows}
        less["sb"][table.__table__] = {ref: rows[ref] for ref, row in had.items() if row and any(meets(row) for meets in asked)}
    assert our_rules(engine(less)) == our_rules(db)


class Far:
    """A host whose southbound database is behind a connection, with two switches in it, one of which it may have a port on."""

    def __init__(self) -> None:
        self.near = Host()
        southbound = database(sb, 1)
        self.sb = Local(southbound)
        self.replica = Replica(sb, ["tcp:central"])
        self.wire = Wire(self.replica, {"tcp:central": new_server(southbound)})
        ours, theirs = channel_pair()
        self.switch = FakeSwitch(theirs)
        process = Process("", "host.example", STARTUP_MS, "0e:00:00:00:00:01")
        self.agent = Controller(self.replica, Local(self.near.switchdb), ours, process, lambda: STARTUP_MS)
        for key, name in ((1, "a"), (2, "b")):
            flow = {"logical_datapath": Named("dp"), "pipeline": "ingress", "match": "1", "actions": "next;", "priority": key}
            self.sb.transact([
                Insert(sb.DatapathBinding, {"tunnel_key": key, "type": "logical-switch"}, uuid_name="dp"),
                Insert(sb.PortBinding, {"logical_port": f"vm-{name}", "datapath": Named("dp"), "tunnel_key": 1}),
                Insert(sb.LogicalFlow, flow),
            ])  # fmt: skip
        self.sb.transact([Insert(sb.SBGlobal, {"nb_cfg": 7})])

    def run(self) -> None:
        """Let everything happen."""
        for _ in range(12):
            self.agent.tick(self.wire.now)
            self.wire.run(0.1)
            self.switch.run()

    @property
    def copied(self) -> set[int]:
        """The priorities of the flows that the host has a copy of."""
        return {row.priority for row in self.replica.rows(sb.LogicalFlow).values()}

    @property
    def acknowledged(self) -> int:
        """What the host says of the configuration."""
        return max((row.nb_cfg for row in self.sb.rows(sb.ChassisPrivate).values()), default=0)


@pytest.fixture
def far() -> Iterator[Far]:
    made = Far()
    made.run()
    yield made


def test_a_host_copies_the_flows_of_its_own_datapaths_alone(far: Far) -> None:
    assert far.copied == set()
    far.near.plug("tap1", "vm-b", 5)
    far.run()
    assert far.copied == {2}
    assert {row.up for row in far.sb.rows(sb.PortBinding).values() if row.logical_port == "vm-b"} == {True}
    assert any(place[1] == 2 for place in far.switch.rules)


def test_a_host_that_is_told_to_copies_everything(far: Far) -> None:
    (top,) = far.near.ovs.rows(vswitch.OpenvSwitch).values()
    far.near.configure(Update(vswitch.OpenvSwitch, by_uuid(top.uuid), {"external_ids": {**top.external_ids, "ovn-monitor-all": "true"}}))
    far.run()
    assert far.copied == {1, 2}


def test_a_port_is_up_and_a_configuration_acknowledged_only_with_all_rules(far: Far) -> None:
    """The flows of a switch that begins to matter come with a later answer than the port."""
    assert far.acknowledged == 7
    far.near.plug("tap1", "vm-a", 5)
    seen = []
    for _ in range(12):
        far.agent.tick(far.wire.now)
        far.switch.run()
        up = any(row.up for row in far.sb.rows(sb.PortBinding).values())
        seen.append((up, any(place[1] == 1 for place in far.switch.rules)))
        far.wire.run(0.1)
    assert seen[-1] == (True, True)
    assert (True, False) not in seen
