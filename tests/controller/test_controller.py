"""The agent as a machine: what it writes, when, and what it tells the switch."""

from __future__ import annotations

import pytest

from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.message import BundleAdd, BundleControl, BundleKind, FlowCommand, FlowMod, PacketIn, Resume
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Named, Update, by_uuid
from pyovn.schemas import sb, vswitch
from tests.controller.host import Host, database


def network(host: Host, ports: int = 1) -> list[str]:
    """A switch with `ports` ports p1, p2, … as northd would write it; the ports' uuids."""
    done = host.network(
        Insert(sb.DatapathBinding, {"tunnel_key": 7, "external_ids": {"name": "ls", "logical-switch": "x"}}, uuid_name="d"),
        *(Insert(sb.PortBinding, {"logical_port": f"p{n}", "datapath": Named("d"), "tunnel_key": n}) for n in range(1, ports + 1)),
    )
    return [str(result.uuid) for result in done.results[1:]]


def port(host: Host, name: str = "p1") -> sb.PortBinding:
    """The row of a port."""
    return next(iter(host.sb.find(sb.PortBinding, "logical_port", name)))


def private(host: Host) -> sb.ChassisPrivate:
    """The row in which the host tells how far it is."""
    return next(iter(host.sb.rows(sb.ChassisPrivate).values()))


def interface(host: Host, uuid: str) -> vswitch.Interface:
    """An interface's row."""
    return next(row for row in host.ovs.rows(vswitch.Interface).values() if row.uuid == uuid)


def test_a_host_makes_its_bridge_and_says_who_it_is() -> None:
    host = Host()
    host.run()
    bridge = next(iter(host.ovs.find(vswitch.Bridge, "name", "br-int")))
    assert (bridge.fail_mode, bridge.datapath_type) == ("secure", "system")
    assert bridge.other_config == {"disable-in-band": "true", "hwaddr": "0e:00:00:00:00:01"}
    chassis = next(iter(host.sb.rows(sb.Chassis).values()))
    assert (chassis.name, chassis.hostname) == ("hv1", "host.example")
    encap = host.sb.rows(sb.Encap)[chassis.encaps[0]]
    assert (encap.type, encap.ip, encap.options, encap.chassis_name) == ("geneve", "192.0.2.1", {"csum": "true"}, "hv1")
    assert private(host).chassis == chassis.uuid


def test_a_host_without_a_name_waits(caplog: pytest.LogCaptureFixture) -> None:
    host = Host()
    switch = next(iter(host.ovs.rows(vswitch.OpenvSwitch).values()))
    host.configure(Mutate(vswitch.OpenvSwitch, by_uuid(switch.uuid), [Mutation("external_ids", "delete", {"system-id": "hv1"})]))
    host.run(5)
    assert not host.sb.rows(sb.Chassis)
    assert caplog.messages.count("'system-id' in Open_vSwitch database is missing.") == 1


def test_a_port_plugged_in_is_claimed_installed_and_up() -> None:
    host = Host()
    host.run()
    network(host)
    plugged = host.plug("tap1", "p1", 5)
    host.run()
    chassis = next(iter(host.sb.rows(sb.Chassis)))
    assert (port(host).chassis, port(host).up) == (chassis, True)
    assert interface(host, plugged).external_ids["ovn-installed"] == "true"


def test_a_port_is_up_only_when_the_switch_has_its_rules() -> None:
    host = Host()
    host.run()
    host.switch.answers = False
    network(host)
    plugged = host.plug("tap1", "p1", 5)
    host.run()
    assert port(host).chassis is not None
    assert not port(host).up
    assert "ovn-installed" not in interface(host, plugged).external_ids


def test_a_port_unplugged_is_released() -> None:
    host = Host()
    host.run()
    network(host)
    host.plug("tap1", "p1", 5)
    host.run()
    bridge = next(iter(host.ovs.find(vswitch.Bridge, "name", "br-int")))
    gone = next(iter(host.ovs.find(vswitch.Port, "name", "tap1")))
    host.configure(Mutate(vswitch.Bridge, by_uuid(bridge.uuid), [Mutation("ports", "delete", (gone.uuid,))]))
    host.run()
    assert (port(host).chassis, port(host).up) == (None, False)
    assert not any(place[0] == 65 and place[1] for place in host.switch.rules)


def test_requested_chassis_is_obeyed() -> None:
    host = Host()
    host.run()
    (uuid,) = network(host)
    host.network(Update(sb.PortBinding, by_uuid(uuid), {"options": {"requested-chassis": "elsewhere"}}))
    host.plug("tap1", "p1", 5)
    host.run()
    assert port(host).chassis is None
    host.network(Update(sb.PortBinding, by_uuid(uuid), {"options": {"requested-chassis": "host.example"}}))
    host.run()
    assert port(host).chassis is not None


def test_two_hosts_do_not_fight_faster_than_once_in_two_seconds() -> None:
    southbound = database(sb, 1)
    first, second = Host("hv1", southbound), Host("hv2", southbound, "192.0.2.2")
    network(first)
    for host in (first, second):
        host.run()
        host.plug("tap1", "p1", 5)
    moves = 0
    holder = None
    for tenth in range(100):
        for host in (first, second):
            host.now = tenth / 10
            host.run()
            moves += port(first).chassis != holder
            holder = port(first).chassis
    assert 2 <= moves <= 12


def test_a_configuration_is_acknowledged_when_the_switch_has_it() -> None:
    host = Host()
    host.run()
    host.network(Insert(sb.SBGlobal, {"nb_cfg": 3}))
    host.switch.answers = False
    network(host)
    host.plug("tap1", "p1", 5)
    host.run()
    assert private(host).nb_cfg == 0
    host.switch.answers = True
    host.start()
    host.run()
    assert private(host).nb_cfg == 3


def test_a_change_costs_only_what_it_changes() -> None:
    host = Host()
    host.run()
    network(host, ports=50)
    for number in range(1, 50):
        host.plug(f"tap{number}", f"p{number}", number)
    host.run()
    before = host.switch.bundled
    host.plug("tap50", "p50", 50)
    host.run()
    assert 0 < host.switch.bundled - before < 10
    queries: list[object] = []
    host.agent.db.on_run = lambda function, arguments: queries.append(function)
    host.run()
    assert queries == []


def test_a_restart_replaces_the_rules_in_one_bundle() -> None:
    host = Host()
    host.run()
    network(host, ports=3)
    host.plug("tap1", "p1", 5)
    host.run()
    before = dict(host.switch.rules)
    host.switch.heard.clear()
    host.channel.epoch += 1
    host.start()
    host.run()
    assert host.switch.rules == before
    steps = [message for message in host.switch.heard if isinstance(message, (BundleControl, BundleAdd))]
    assert isinstance(steps[0], BundleControl)
    assert steps[0].kind is BundleKind.OPEN_REQUEST
    cleared = [step for step in steps if isinstance(step, BundleAdd) and isinstance(step.message, FlowMod)]
    assert cleared[0].message.command is FlowCommand.DELETE  # type: ignore[union-attr]
    commits = [step for step in steps if isinstance(step, BundleControl) and step.kind is BundleKind.COMMIT_REQUEST]
    assert len(commits) == 1


def test_zones_survive_a_restart() -> None:
    host = Host()
    host.run()
    network(host, ports=2)
    host.plug("tap1", "p1", 5)
    host.plug("tap2", "p2", 6)
    host.run()
    before = dict(host.agent.zones)
    assert set(before) == {"p1", "p2", "ls_dnat", "ls_snat"}
    host.channel.epoch += 1
    host.start()
    host.run()
    assert host.agent.zones == before


def test_a_tunnel_to_every_other_host() -> None:
    host = Host()
    host.run()
    host.network(
        Insert(sb.Encap, {"type": "geneve", "ip": "192.0.2.2", "options": {"csum": "true"}, "chassis_name": "hv2"}, uuid_name="e"),
        Insert(sb.Chassis, {"name": "hv2", "hostname": "h", "encaps": (Named("e"),)}),
    )
    host.run()
    tunnel = next(iter(host.ovs.find(vswitch.Port, "name", "ovn-hv2-0")))
    assert tunnel.external_ids == {"ovn-chassis-id": "hv2@192.0.2.2%192.0.2.1"}
    made = host.ovs.rows(vswitch.Interface)[tunnel.interfaces[0]]
    assert made.options == {"csum": "true", "key": "flow", "local_ip": "192.0.2.1", "remote_ip": "192.0.2.2"}
    other = next(row for row in host.sb.rows(sb.Chassis).values() if row.name == "hv2")
    host.network(Delete(sb.Chassis, by_uuid(other.uuid)))
    host.run()
    assert not list(host.ovs.find(vswitch.Port, "name", "ovn-hv2-0"))


def test_leaving_takes_the_host_out_of_the_network() -> None:
    host = Host()
    host.run()
    network(host)
    host.plug("tap1", "p1", 5)
    host.run()
    host.agent.leave()
    host.run()
    assert host.agent.left
    assert not host.sb.rows(sb.Chassis)
    assert not host.sb.rows(sb.ChassisPrivate)
    assert port(host).chassis is None


def test_an_answer_to_a_packet_counts_as_something_said() -> None:
    host = Host()
    host.run()
    before = host.agent.spoken
    userdata = Opcode.PUT_DHCP_OPTS.to_bytes(4, "big") + bytes(4) + bytes.fromhex("0001de10000000630a00000b")
    host.switch.channel.send(PacketIn(b"no DHCP message", userdata=userdata, continuation=b"later"))
    host.run()
    assert host.agent.spoken == before + 1
    assert any(isinstance(message, Resume) for message in host.switch.heard)


def bfd(host: Host, state: str) -> None:
    """What the switch says of the tunnel to the other host."""
    port = next(iter(host.ovs.find(vswitch.Port, "name", "ovn-hv2-0")))
    columns = {"ofport": 9, "bfd_status": {"state": state}}
    host.configure(Update(vswitch.Interface, by_uuid(port.interfaces[0]), columns))


def gateway(host: Host) -> sb.PortBinding:
    """The row of the gateway's port."""
    return port(host, "cr")


def test_a_gateway_takes_over_when_the_one_before_it_dies_and_gives_back() -> None:
    host = Host()
    host.run()
    ours = next(iter(host.sb.rows(sb.Chassis)))
    host.network(
        Insert(sb.Encap, {"type": "geneve", "ip": "192.0.2.2", "options": {"csum": "true"}, "chassis_name": "hv2"}, uuid_name="e"),
        Insert(sb.Chassis, {"name": "hv2", "hostname": "x", "encaps": (Named("e"),)}, uuid_name="c"),
        Insert(sb.Encap, {"type": "geneve", "ip": "192.0.2.3", "options": {"csum": "true"}, "chassis_name": "hv3"}, uuid_name="e3"),
        Insert(sb.Chassis, {"name": "hv3", "hostname": "y", "encaps": (Named("e3"),)}, uuid_name="c3"),
        Insert(sb.HAChassis, {"chassis": Named("c"), "priority": 20}, uuid_name="first"),
        Insert(sb.HAChassis, {"chassis": ours, "priority": 10}, uuid_name="second"),
        Insert(
            sb.HAChassisGroup,
            {"name": "cr", "ha_chassis": (Named("first"), Named("second")), "ref_chassis": (Named("c3"),)},
            uuid_name="g",
        ),
        Insert(sb.DatapathBinding, {"tunnel_key": 7, "external_ids": {"name": "r", "logical-router": "x"}}, uuid_name="d"),
        Insert(
            sb.PortBinding,
            {"logical_port": "cr", "type": "chassisredirect", "datapath": Named("d"), "tunnel_key": 1, "ha_chassis_group": Named("g")},
        ),
    )
    host.run()
    tunnels = [row for row in host.ovs.rows(vswitch.Interface).values() if row.type == "geneve"]
    assert [row.bfd for row in tunnels] == [{"check_tnl_key": "true", "enable": "true"}] * 2
    other = next(iter(host.ovs.find(vswitch.Port, "name", "ovn-hv3-0")))
    host.configure(Update(vswitch.Interface, by_uuid(other.interfaces[0]), {"ofport": 8, "bfd_status": {"state": "up"}}))
    bfd(host, "up")
    host.run(3)
    assert gateway(host).chassis is None
    bfd(host, "down")
    host.run(3)
    assert gateway(host).chassis == ours
    bfd(host, "up")
    host.run(3)
    assert gateway(host).chassis is None
