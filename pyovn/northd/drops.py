"""Packets that are dropped can be sampled: then every flow that drops says so to a collector, and names itself."""

from __future__ import annotations

from pyovn.northd.flow import DROP, Flow
from pyovn.northd.global_options import global_option
from pyovn.query import Engine, query
from pyovn.schemas.nb import SamplingApp

SAY_DROP = "/* drop */"
MAX_DOMAIN = 254


@query
def sampling(db: Engine) -> str:
    """The action that samples what is dropped; empty if nobody wants to know."""
    collector = global_option(db, "debug_drop_collector_set")
    domain = domain_of(db)
    if not collector.isdecimal() or not int(collector) or domain > MAX_DOMAIN:
        return ""
    return f"sample(probability=65535,collector_set={int(collector)},obs_domain={domain},obs_point=$cookie); "


def domain_of(db: Engine) -> int:
    """The observation domain of drops: that of the application for them, or the one in NB_Global."""
    for ref in db.find(SamplingApp, "type", "drop"):
        row = db.get(SamplingApp, ref)
        if row is not None:
            return row.id
    text = global_option(db, "debug_drop_domain_id")
    return int(text) if text.isdecimal() else 0


def said(db: Engine) -> str:
    """What a flow does that drops after other actions: nothing more, if nobody wants to know."""
    return sampling(db) + SAY_DROP


def sampled(db: Engine, flow: Flow) -> Flow:
    """The flow as it is, or with a sample where all that it does is to drop."""
    return flow._replace(actions=said(db)) if flow.actions == DROP and sampling(db) else flow
