"""One ACL on one switch: the flows that leave its verdict in registers."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import AclNumber
from pyovn.northd.chassis_features import FLUSH_LABELS, everywhere
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.global_options import is_on
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import (
    ACL_ALLOW,
    ACL_DROP,
    ACL_ID,
    ACL_LABEL,
    ACL_PERSIST,
    ACL_REJECT,
    ACL_STATELESS,
    ACL_TIER,
    COLLECTOR_ESTABLISHED,
    COLLECTOR_NEW,
    COMMIT_WANTED,
    IS_REQUEST,
    MAY_ALLOW,
    MAY_ALLOW_NEW,
    MAY_BLOCK,
    MAY_DROP,
    NETWORK_FUNCTION,
    NETWORK_FUNCTION_ID,
    OBSERVED_BY,
    POINT_ESTABLISHED,
    POINT_NEW,
)
from pyovn.northd.settings import flag
from pyovn.northd.switch.acl_policy import EVAL, Applied, Policy, place_of, policy_at
from pyovn.northd.switch.acl_sample import collector_of, samples
from pyovn.query import Engine
from pyovn.schemas.nb import ACL, Meter, NetworkFunctionGroup, Sample

ABOVE_DEFAULTS = 1000
"""ACLs stand above what holds by default."""

VERDICTS = {"drop": f"{ACL_DROP} = 1; ", "reject": f"{ACL_REJECT} = 1; ", "pass": ""}
"""What an action leaves in registers; the others allow."""

REDIRECTING = ("allow", "allow-related")
"""Actions of ACLs that may send packets to network functions."""


def acl_flows(db: Engine, applied: Applied) -> Iterator[Flow]:
    """All that an ACL adds where it holds."""
    row = db.get(ACL, applied.acl)
    if row is None:
        return
    asked = policy_at(db, applied.where)
    yield from _untracked(row, asked)
    yield from _answers_logged(db, row, asked)
    yield from _evaluated(db, row, asked)
    yield from samples(db, row, asked)


def _untracked(row: ACL, asked: Policy) -> Iterator[Flow]:
    """What a stateless ACL allows is kept from conntrack, where others would have it tracked."""
    if row.action == "allow-stateless" and asked.is_stateful:
        stage = Stage.LS_IN_PRE_ACL if row.direction == "from-lport" else Stage.LS_OUT_PRE_ACL
        yield Flow(stage, row.priority + ABOVE_DEFAULTS, row.match, f"{ACL_STATELESS} = 1; {NEXT}", hint=row.uuid)


def _evaluated(db: Engine, row: ACL, asked: Policy) -> Iterator[Flow]:
    place = place_of(row)
    stage, priority = EVAL[place], row.priority + ABOVE_DEFAULTS
    tier = f"{ACL_TIER} == {row.tier} && " if asked.tiers[place] else ""
    verdict = log(db, row) + VERDICTS.get(row.action, f"{ACL_ALLOW} = 1; ")
    new, established = _observed(db, row, both=False), _observed(db, row, both=True)
    tracked = is_on(db, "acl_ct_translation")
    if row.network_function_group and not (asked.is_stateful and row.action in REDIRECTING):
        # Answers could not be sent there too.
        return
    if not asked.is_stateful or row.action in ("pass", "allow-stateless"):
        yield Flow(stage, priority, f"{tier}({row.match})", f"{verdict}{new}{NEXT}", hint=row.uuid)
    elif row.action in ("allow", "allow-related"):
        # A new connection is committed later, so that its answers are known,
        first = f"{verdict}{_persists(db, row)}{established}{_redirects(db, row)}{NEXT}"
        yield Flow(stage, priority, f"{tier}{MAY_ALLOW_NEW} == 1 && ({row.match})", first, hint=row.uuid, tracked=tracked)
        # and one that goes on is committed again where what is kept with it may have changed.
        again = f"{COMMIT_WANTED} = 1; " if row.label or row.sample_est or row.network_function_group else ""
        later = f"{verdict}{again}{established}{_redirects(db, row)}{NEXT}"
        yield Flow(stage, priority, f"{tier}{MAY_ALLOW} == 1 && ({row.match})", later, hint=row.uuid, tracked=tracked)
    else:
        yield Flow(stage, priority, f"{tier}{MAY_DROP} == 1 && ({row.match})", f"{verdict}{new}{NEXT}", hint=row.uuid, tracked=tracked)
        # A connection that was allowed once is ended in conntrack as well.
        sample = db.get(Sample, row.sample_est or "")
        end = f"ct_commit {{ ct_mark.blocked = 1; ct_label.obs_point_id = {sample.metadata if sample else 0}; }}; {NEXT}"
        yield Flow(stage, priority, f"{tier}{MAY_BLOCK} == 1 && ({row.match})", f"{verdict}{new}{end}", hint=row.uuid, tracked=tracked)


def _redirects(db: Engine, row: ACL) -> str:
    """What is allowed is sent to a group of network functions."""
    group = db.get(NetworkFunctionGroup, row.network_function_group or "")
    return f"{NETWORK_FUNCTION} = 1; {IS_REQUEST} = 1; {NETWORK_FUNCTION_ID} = {group.id}; " if group else ""


def _persists(db: Engine, row: ACL) -> str:
    """A connection that was promised to last remembers which ACL has allowed it, and goes when that goes."""
    allotted = db.get(AclNumber, row.uuid)
    return f"{ACL_ID} = {allotted.key}; {ACL_PERSIST} = 1; " if allotted and everywhere(db, FLUSH_LABELS) else ""


def _observed(db: Engine, row: ACL, *, both: bool) -> str:
    """What observers will read of the packets that the ACL decides about; `both`: connections that go on as well."""
    new, established = db.get(Sample, row.sample_new or ""), db.get(Sample, row.sample_est or "") if both else None
    if not row.label and new is None and established is None:
        return ""
    points = [row.label or (sample.metadata if sample else 0) for sample in (new, established)]
    found = [None if row.label or sample is None else collector_of(db, sample) for sample in (new, established)]
    collectors = [collector.id if collector else 0 for collector in found]
    return (
        f"{ACL_LABEL} = 1; {POINT_NEW} = {points[0]}; {POINT_ESTABLISHED} = {points[1]}; "
        f"{COLLECTOR_NEW} = {collectors[0]}; {COLLECTOR_ESTABLISHED} = {collectors[1]}; {OBSERVED_BY} = {place_of(row)}; "
    )


def _answers_logged(db: Engine, row: ACL, asked: Policy) -> Iterator[Flow]:
    """Answers are allowed before any ACL is asked, so an ACL that wants them logged has to stand above that."""
    allows = row.action in ("allow", "allow-related")
    if not (asked.is_stateful and allows and row.log and row.label and flag(row.options, "log-related")):
        return
    stage = EVAL[2] if row.direction == "from-lport" else EVAL[0]
    actions = f"{log(db, row)}{NETWORK_FUNCTION} = ct_label.nf; {ACL_ALLOW} = 1; {NEXT}"
    for state in ("ct.est && !ct.rel && ct.rpl", "!ct.est && ct.rel && !ct.new"):
        match = f"{state} && ct_mark.blocked == 0 && ct_label.label == {row.label}"
        yield Flow(stage, 65533, match, actions, hint=row.uuid)


def log(db: Engine, row: ACL) -> str:
    """The action that logs what the ACL decides; nothing if it does not log."""
    if not row.log:
        return ""
    verdict = row.action if row.action in ("drop", "reject", "pass") else "allow"
    words = [f"severity={row.severity or 'info'}", f"verdict={verdict}"]
    if row.name is not None:
        words.insert(0, f'name="{row.name}"')
    if row.meter is not None:
        words.append(f'meter="{log_meter(db, row)}"')
    return f"log({', '.join(words)}); "


def log_meter(db: Engine, row: ACL) -> str:
    """The meter that limits what an ACL logs: of a fair one, each ACL has a copy."""
    assert row.meter is not None
    found = (db.get(Meter, ref) for ref in db.find(Meter, "name", row.meter))
    fair = any(meter is not None and meter.fair for meter in found)
    return f"{row.meter}__{row.uuid}" if fair else row.meter
