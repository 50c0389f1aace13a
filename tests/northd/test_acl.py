"""ACLs: what each action becomes, with conntrack and without, and what a switch's ACLs together ask of its stages."""

from __future__ import annotations

import pytest

from pyovn.northd.contents import FLOWS
from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.row import Table, replace
from pyovn.schemas.nb import ACL, Copp, Meter, NBGlobal, PortGroup, Sample, SampleCollector, SamplingApp
from tests.northd.compiled import check_among, engine, port, shown, switch

EVAL = Stage.LS_IN_ACL_EVAL


def acl(ref: str, action: str, **columns: object) -> ACL:
    """An ACL on senders."""
    return ACL(ref, **{"priority": 1, "direction": "from-lport", "match": "tcp", "action": action, **columns})


def with_acls(*acls: ACL, **columns: object) -> list[Table]:
    """A switch with these ACLs."""
    return [*switch(port("vm"), acls=tuple(sorted(one.uuid for one in acls)), **columns), *acls]


TRACKS = acl("tracks", "allow-related", match="udp")
BLOCK = "ct_commit { ct_mark.blocked = 1; ct_label.obs_point_id = 0; }; next;"


def of_acl(*acls: ACL) -> list[str]:
    """The flows that the first ACL adds."""
    return sorted(shown(flow) for _, flow in engine(with_acls(*acls)).items(FLOWS) if flow.hint == acls[0].uuid)


@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        ("allow", "reg8[16] = 1; "),
        ("drop", "reg8[17] = 1; "),
        ("reject", "reg8[18] = 1; "),
        ("pass", ""),
        ("allow-stateless", "reg8[16] = 1; "),
    ],
)
def test_without_conntrack_an_acl_is_one_flow(action: str, verdict: str) -> None:
    assert of_acl(acl("a", action)) == [f"1001 (tcp) -> {verdict}next;"]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("allow", ["1001 reg0[7] == 1 && (tcp) -> reg8[16] = 1; next;", "1001 reg0[8] == 1 && (tcp) -> reg8[16] = 1; next;"]),
        ("drop", [f"1001 reg0[10] == 1 && (tcp) -> reg8[17] = 1; {BLOCK}", "1001 reg0[9] == 1 && (tcp) -> reg8[17] = 1; next;"]),
        ("pass", ["1001 (tcp) -> next;"]),
        ("allow-stateless", ["1001 (tcp) -> reg8[16] = 1; next;", "1001 tcp -> reg0[16] = 1; next;"]),
    ],
)
def test_with_conntrack_the_hints_choose(action: str, expected: list[str]) -> None:
    assert of_acl(acl("a", action), TRACKS) == expected


def test_a_tier_is_asked_after_those_before_it() -> None:
    second = acl("a", "drop", tier=1)
    assert of_acl(second) == ["1001 reg8[30..31] == 1 && (tcp) -> reg8[17] = 1; next;"]
    again = f"reg8[30..31] = 1; next(pipeline=ingress,table={EVAL.number});"
    check_among(with_acls(second), Stage.LS_IN_ACL_ACTION, f"500 reg8[30..31] == 0 -> {again}")


@pytest.mark.parametrize(
    ("columns", "log"),
    [
        ({}, "log(severity=info, verdict=drop); "),
        ({"name": "n", "severity": "alert"}, 'log(name="n", severity=alert, verdict=drop); '),
        ({"meter": "m"}, 'log(severity=info, verdict=drop, meter="m"); '),
        ({"meter": "fair"}, 'log(severity=info, verdict=drop, meter="fair__a"); '),
    ],
)
def test_logs(columns: dict[str, object], log: str) -> None:
    rows = [*with_acls(acl("a", "drop", log=True, **columns)), Meter("fair", name="fair", fair=True)]
    check_among(rows, EVAL, f"1001 (tcp) -> {log}reg8[17] = 1; next;")


def test_an_acl_after_load_balancing_has_stages_of_its_own() -> None:
    rows = with_acls(acl("a", "drop", options={"apply-after-lb": "true"}))
    check_among(rows, Stage.LS_IN_ACL_AFTER_LB_EVAL, "1001 (tcp) -> reg8[17] = 1; next;")


def test_samples_carry_point_and_collector() -> None:
    rows = [
        *with_acls(acl("a", "drop", sample_new="s")), Sample("s", metadata=5, collectors=("c",)),
        SampleCollector("c", id=1, probability=10, set_id=3), SamplingApp("app", type="acl-new", id=42),
    ]  # fmt: skip
    observed = "reg0[13] = 1; reg3 = 5; reg9 = 0; reg8[0..7] = 1; reg8[8..15] = 0; reg8[19..20] = 0; "
    check_among(rows, EVAL, f"1001 (tcp) -> reg8[17] = 1; {observed}next;")
    sample = "sample(probability=10,collector_set=3,obs_domain=42,obs_point=reg3);"
    check_among(
        rows, Stage.LS_IN_ACL_SAMPLE, f"900 ip && reg8[0..7] == 1 && reg8[19..20] == 0 -> flags.pkt_sampled = 1; {sample} next;"
    )


def test_refusals_may_be_metered() -> None:
    rows = [*with_acls(acl("a", "drop"), copp="cp"), Copp("cp", name="cp", meters={"reject": "m"}), Meter("m", name="m")]
    metered = {flow.match for _, flow in engine(rows).items(FLOWS) if flow.meter == "m"}
    assert metered == {"reg8[18] == 1"}


def test_an_acl_of_a_group_is_on_every_switch_of_its_members() -> None:
    rows = [*switch(port("vm")), PortGroup("pg", name="pg", ports=("vm",), acls=("a",)), acl("a", "drop")]
    check_among(rows, EVAL, "1001 (tcp) -> reg8[17] = 1; next;", "0 1 -> next;")


def test_a_changed_acl_runs_its_own_unit_only() -> None:
    first, second = acl("a", "drop"), acl("b", "drop")
    db = engine(with_acls(first, second))
    db.take(FLOWS)
    ran: list[tuple[str, object]] = []
    db.on_run = lambda function, args: ran.append((function.__name__, args[0]))
    db.feed([Change(ACL, "a", first, replace(first, match="udp"))])
    gained, lost = db.take(FLOWS)
    assert len(gained) == len(lost) == 1
    assert {args[0] for name, args in ran if name == "acl_flows" and isinstance(args, tuple)} == {"a"}
    assert not {"hints", "evaluation", "verdicts"} & {name for name, _ in ran}


def test_ports_may_be_matched_as_conntrack_knows_them() -> None:
    asked = NBGlobal("global", options={"acl_ct_translation": "true"})
    rows = [asked, *with_acls(TRACKS, acl("stops", "drop", priority=2), acl("passes", "pass", priority=3))]
    tracked = {flow.hint for _, flow in engine(rows).items(FLOWS) if flow.tracked}
    assert tracked == {"tracks", "stops"}, "only where connections decide"
