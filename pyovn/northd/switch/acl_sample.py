"""Packets that ACLs want observed are sampled: those that begin a connection, and those of one that goes on."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.chassis_features import SAMPLE_REGISTERS, everywhere
from pyovn.northd.flow import Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import COLLECTOR_NEW, OBSERVED_BY, POINT_NEW
from pyovn.northd.switch.acl_policy import Policy, place_of
from pyovn.query import Engine
from pyovn.schemas.nb import ACL, Sample, SampleCollector, SamplingApp

SAMPLE = (Stage.LS_IN_ACL_SAMPLE, Stage.LS_IN_ACL_AFTER_LB_SAMPLE, Stage.LS_OUT_ACL_SAMPLE)
GOES_ON = "flags.pkt_sampled == 0 && ip && ct.trk && (ct.est || ct.rel) && "


def collector_of(db: Engine, sample: Sample) -> SampleCollector | None:
    """The collector of a sample that has only one: registers can carry its number."""
    return db.get(SampleCollector, sample.collectors[0]) if len(sample.collectors) == 1 else None


def samples(db: Engine, row: ACL, asked: Policy) -> Iterator[Flow]:
    """What an ACL samples on its switch."""
    new, established = db.get(Sample, row.sample_new or ""), db.get(Sample, row.sample_est or "")
    tracked = asked.stateful_acls and row.action != "allow-stateless"
    if new is None and not (asked.stateful_acls and established and row.action == "allow-related"):
        return
    if new is not None:
        yield from _begins(db, row, new, tracked)
    if established is not None and tracked:
        yield from _goes_on(db, row, established)


def _begins(db: Engine, row: ACL, sample: Sample, tracked: bool) -> Iterator[Flow]:
    place = place_of(row)
    # On the way out conntrack's state may have been cleared, for ports that it does not serve.
    state = ("ip && (ct.new || !ct.trk)" if place == 2 else "ip && ct.new") if tracked else "ip"
    collector = collector_of(db, sample) if everywhere(db, SAMPLE_REGISTERS) else None
    if collector is None:
        match = f"{state} && {POINT_NEW} == {row.label or sample.metadata}"
        yield Flow(SAMPLE[place], 1100, match, _each_collector(db, row, sample, "acl-new"))
    else:
        match = f"{state} && {COLLECTOR_NEW} == {collector.id} && {OBSERVED_BY} == {place}"
        actions = f"flags.pkt_sampled = 1; {_to(collector, _domain(db, 'acl-new'), POINT_NEW)} next;"
        yield Flow(SAMPLE[place], 1000 if tracked else 900, match, actions)


def _goes_on(db: Engine, row: ACL, sample: Sample) -> Iterator[Flow]:
    """Answers are sampled in the other pipeline: there conntrack knows the connection."""
    place = place_of(row)
    reply_stage = SAMPLE[0] if place == 2 else SAMPLE[2]
    collector = collector_of(db, sample) if everywhere(db, SAMPLE_REGISTERS) else None
    if collector is None:
        label = f"ct_label.obs_point_id == {row.label or sample.metadata} && ct_label.obs_unused == 0"
        actions = _each_collector(db, row, sample, "acl-est")
        yield Flow(SAMPLE[place], 1200, f"{GOES_ON}!ct.rpl && {label}", actions)
        yield Flow(reply_stage, 1200, f"{GOES_ON}ct.rpl && {label}", actions)
        return
    known = f"{GOES_ON}ct_label.obs_unused == 0 && "
    actions = f"flags.pkt_sampled = 1; {_to(collector, _domain(db, 'acl-est'), 'ct_label.obs_point_id')} next;"
    mine = f"ct_mark.obs_collector_id == {collector.id}"
    yield Flow(SAMPLE[place], 1000, f"{known}!ct.rpl && {mine} && ct_mark.obs_stage == {place}", actions)
    yield Flow(reply_stage, 1000, f"{known}ct.rpl && {mine}", actions)


def _each_collector(db: Engine, row: ACL, sample: Sample, app: str) -> str:
    domain = _domain(db, app)
    if not domain:
        return ""
    point = row.label or sample.metadata
    found = (db.get(SampleCollector, ref) for ref in sample.collectors)
    sent = "".join(_to(collector, 0 if row.label else domain, str(point)) for collector in found if collector is not None)
    return ("flags.pkt_sampled = 1; " if sent else "") + f"{sent} next;"


def _to(collector: SampleCollector, domain: int, point: str) -> str:
    where = f"collector_set={collector.set_id},obs_domain={domain},obs_point={point}"
    return f"sample(probability={collector.probability},{where});"


def _domain(db: Engine, app: str) -> int:
    """The observation domain of an application; 0 if it is not set up."""
    found = (db.get(SamplingApp, ref) for ref in db.find(SamplingApp, "type", app))
    return next((row.id for row in found if row is not None), 0)
