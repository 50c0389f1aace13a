"""Packets that pass network functions."""

from __future__ import annotations

import pytest

from pyovn.northd.diagnosis import PROBLEMS
from pyovn.northd.function_health import active
from pyovn.northd.pipeline import Stage
from pyovn.northd.southbound.monitors import function_monitor
from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import check, check_among, engine, flows, port, shown, switch
from tests.northd.stores import Pair

SEND_ON = f"next(pipeline=ingress, table={Stage.LS_IN_L2_LKUP.number});"
REQUEST = "reg8[21] == 1 && reg8[22] == 1 && reg0[22..29]"
ANSWER = "reg8[21] == 1 && reg8[22] == 0 && ct_label.nf_id"
PROBED = {"svc_monitor_ip": "169.254.0.1", "svc_monitor_ip_dst": "169.254.0.2"}
NO_MEMBER = "1 reg8[21] == 1 && reg8[22] == 1 -> reg0[22..29] = 0; next;"
ALWAYS_THERE = ("100 reg8[21] == 1 && eth.mcast -> next;", "1 reg8[21] == 1 -> drop;")


def redirecting(
    direction: str = "from-lport", *, action: str = "allow-related", checks: tuple[str, ...] = (), fallback: str | None = None,
    now: str | None = None, options: dict[str, str] | None = None,
) -> list[Table]:  # fmt: skip
    """A switch whose ACL sends packets to a group of two functions, of which those named are checked and one may be in use."""
    ends = [port(f"{name}-{end}") for name in ("f1", "f2") for end in ("in", "out")]
    functions = []
    for number, name in ((11, "f1"), (12, "f2")):
        check_ = "hc" if name in checks else None
        functions.append(nb.NetworkFunction(name, name=name, id=number, inport=f"{name}-in", outport=f"{name}-out", health_check=check_))
    return [
        nb.NBGlobal("global", options=PROBED if options is None else options),
        *switch(port("vm"), *ends, acls=("acl",)),
        nb.ACL("acl", priority=1, direction=direction, match="ip4", action=action, network_function_group="g"),
        nb.NetworkFunctionHealthCheck("hc", name="hc", options={"interval": "5"}), *functions,
        nb.NetworkFunctionGroup(
            "g", name="g", id=7, mode="inline", network_function=("f1", "f2"), fallback=fallback, network_function_active=now
        ),
    ]  # fmt: skip


def found(**status: str) -> list[Table]:
    """What chassis found of functions."""
    monitor = {"ip": "169.254.0.2", "port": 0, "protocol": "icmp"}
    return [sb.ServiceMonitor(f"m-{name}", logical_port=f"{name}-out", status=said, **monitor) for name, said in status.items()]


@pytest.mark.parametrize(
    ("direction", "choose", "into_first", "into_second"),
    [
        ("from-lport", Stage.LS_IN_PRE_NETWORK_FUNCTION, f"{REQUEST} == 11", f"{ANSWER} == 11"),
        ("to-lport", Stage.LS_OUT_PRE_NETWORK_FUNCTION, f"{ANSWER} == 11", f"{REQUEST} == 11"),
    ],
)
def test_requests_and_answers_pass_the_member_in_use(direction: str, choose: Stage, into_first: str, into_second: str) -> None:
    rows = redirecting(direction)
    check(rows, choose, NO_MEMBER, f"99 {REQUEST} == 7 -> reg0[22..29] = 11; next;")
    kept = "reg5[16..31] = ct_label.tun_if_id; next;"
    check(
        rows, Stage.LS_IN_NETWORK_FUNCTION, *ALWAYS_THERE, f'99 {into_first} -> outport = "f1-in"; output;',
        f'100 inport == "f1-in" -> {kept}', f'100 inport == "f1-out" -> {kept}',
    )  # fmt: skip
    check(
        rows, Stage.LS_OUT_NETWORK_FUNCTION, *ALWAYS_THERE, f'99 {into_second} -> outport = "f1-out"; reg8[23] = 1; {SEND_ON}',
        '100 outport == "f1-in" -> next;', '100 outport == "f1-out" -> next;',
    )  # fmt: skip
    past = f"next(pipeline=egress, table={Stage.LS_OUT_NETWORK_FUNCTION.number + 1});"
    check_among(rows, Stage.LS_OUT_PRE_ACL, f'110 inport == "f1-in" -> {past}')
    allowed = "ct_mark.blocked = 0; ct_mark.allow_established = reg0[20]; ct_label.acl_id = reg2[16..31]; "
    commit = f"ct_commit {{ {allowed}ct_label.tun_if_id = reg5[16..31]; }}; next;"
    check_among(rows, Stage.LS_OUT_STATEFUL, f'120 outport == "f1-out" && reg0[13] == 0 -> {commit}')


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("allow-related", [
            "1001 reg0[7] == 1 && (ip4) -> reg8[16] = 1; reg8[21] = 1; reg8[22] = 1; reg0[22..29] = 7; next;",
            "1001 reg0[8] == 1 && (ip4) -> reg8[16] = 1; reg0[1] = 1; reg8[21] = 1; reg8[22] = 1; reg0[22..29] = 7; next;",
        ]),
        ("allow", []),
        ("drop", []),
    ],
)  # fmt: skip
def test_only_what_is_allowed_and_tracked_is_sent(action: str, expected: list[str]) -> None:
    assert sorted(shown(flow) for flow in flows(redirecting(action=action)) if flow.hint == "acl") == expected


@pytest.mark.parametrize(
    ("checks", "status", "now", "expected"),
    [
        ((), {}, None, "f1"),
        ((), {}, "f2", "f2"),
        (("f1",), {}, "f1", "f2"),
        (("f1",), {"f1": "online"}, None, "f1"),
        (("f1", "f2"), {"f1": "online", "f2": "online"}, "f2", "f2"),
        (("f1", "f2"), {"f1": "online", "f2": "offline"}, "f2", "f1"),
        (("f1", "f2"), {"f1": "error"}, "f2", None),
    ],
)
def test_a_member_is_in_use_for_as_long_as_it_works(
    checks: tuple[str, ...], status: dict[str, str], now: str | None, expected: str | None
) -> None:
    assert active(engine([*redirecting(checks=checks, now=now), *found(**status)]), "g") == expected


def test_without_addresses_to_probe_between_nothing_that_is_checked_works() -> None:
    rows = [*redirecting(checks=("f1", "f2"), options={"svc_monitor_ip": "169.254.0.1"}), *found(f1="online")]
    assert active(engine(rows), "g") is None
    assert not [*function_monitor(engine(rows), "f1")]


def test_if_none_works_packets_pass_only_where_that_was_said() -> None:
    bypass = f"10 {REQUEST} == 7 -> reg8[21] = 0; reg0[22..29] = 0; next;"
    for fallback, more in (("fail-open", (bypass,)), ("fail-close", ()), (None, ())):
        check(redirecting(checks=("f1", "f2"), fallback=fallback), Stage.LS_IN_PRE_NETWORK_FUNCTION, NO_MEMBER, *more)


def test_on_another_switch_children_of_the_ports_stand_for_them() -> None:
    children = [port("c-in", parent_name="f1-in", tag_request=1), port("c-out", parent_name="f1-out", tag_request=1), port("guest")]
    other = nb.LogicalSwitch("other", name="other", ports=("c-in", "c-out", "guest"))
    group = nb.PortGroup("pg", name="pg", ports=("guest",), acls=("acl",))
    rows = [*redirecting(), *children, other, group]
    check_among(rows, Stage.LS_IN_NETWORK_FUNCTION, *(f'99 {REQUEST} == 11 -> outport = "{name}"; output;' for name in ("f1-in", "c-in")))


def test_what_is_in_use_is_said_back_and_monitored() -> None:
    pair = Pair()
    pair.load(redirecting(checks=("f1",)))
    assert [row.network_function_active for row in pair.northbound(nb.NetworkFunctionGroup)] == ["f2"]
    (monitor,) = pair.southbound(sb.ServiceMonitor)
    assert (monitor.type, monitor.logical_port, monitor.logical_input_port) == ("network-function", "f1-out", "f1-in")
    assert (monitor.ip, monitor.src_ip, monitor.port, monitor.protocol) == ("169.254.0.2", "169.254.0.1", 0, "icmp")
    bindings = {row.logical_port: row.uuid for row in pair.southbound(sb.PortBinding)}
    pair.hear(
        Update(sb.ServiceMonitor, by_uuid(monitor.uuid), {"status": "online"}),
        *(Update(sb.PortBinding, by_uuid(bindings[name]), {"up": True}) for name in ("f1-in", "f1-out")),
    )
    assert [row.network_function_active for row in pair.northbound(nb.NetworkFunctionGroup)] == ["f2"], "it did not fail"
    pair.hear(Update(sb.PortBinding, by_uuid(bindings["f1-in"]), {"up": False}))
    assert [row.status for row in pair.southbound(sb.ServiceMonitor)] == ["offline"]


@pytest.mark.parametrize(
    ("rows", "row", "fact"),
    [
        (redirecting(action="drop"), "acl", "ACL action drop does not support network-function-group"),
        (redirecting(action="allow"), "g", "switch sw tracks no connections"),
        (redirecting(checks=("f1", "f2")), "g", "no healthy network_function is in it; fallback to fail-close"),
        (redirecting(checks=("f1",), options={}), "f1", "are not two addresses"),
        ([nb.NetworkFunctionGroup("e", name="e", id=8, mode="inline")], "e", "has no network_function"),
        ([*redirecting(), nb.LogicalSwitch("far", name="far", acls=("acl",))], "f1", "ports not found on switch far"),
    ],
)
def test_what_cannot_be_done_is_told(rows: list[Table], row: str, fact: str) -> None:
    told = [problem.fact for problem in engine(rows).items(PROBLEMS) if problem.row == row]
    assert any(fact in text for text in told), told
