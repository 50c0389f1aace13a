"""QoS: traffic is marked and metered where it enters a switch, or where it leaves it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import switches_with
from pyovn.query import Engine
from pyovn.schemas.nb import QoS

MAX_DSCP = 63
"""The field has six bits (RFC 2474)."""


def rule(db: Engine, ref: str) -> Iterator[tuple[str, Flow]]:
    """What a rule asks of its switches; yields the switch with the flow."""
    row = db.get(QoS, ref)
    for switch in switches_with(db, "qos_rules", ref) if row else ():
        assert row is not None
        stage = Stage.LS_IN_QOS if row.direction == "from-lport" else Stage.LS_OUT_QOS
        yield switch, Flow(stage, row.priority, row.match, _meter(row) + _marks(row) + NEXT, hint=ref)


def _meter(row: QoS) -> str:
    rate, burst = row.bandwidth.get("rate"), row.bandwidth.get("burst")
    if not rate:
        return ""
    return f"set_meter({rate}, {burst}); " if burst else f"set_meter({rate}); "


def _marks(row: QoS) -> str:
    dscp, mark = row.action.get("dscp"), row.action.get("mark")
    marks = f"ip.dscp = {dscp}; " if dscp is not None and dscp <= MAX_DSCP else ""
    return marks + (f"pkt.mark = {mark}; " if mark is not None else "")
