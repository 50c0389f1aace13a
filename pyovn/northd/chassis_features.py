"""What every chassis of this deployment can do: what one of them cannot is asked of none."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.query import Engine, index, query
from pyovn.schemas.sb import Chassis

GROUP_OF_SWITCHES = "ls-dpg-column"
"""Reads a load balancer's switches from a column of their own."""
SAMPLE_REGISTERS = "ovn-sample-with-registers"
"""Takes what a sample says from registers."""

FLUSH_LABELS = "ct-label-flush"
"""Forgets connections by their label."""


def _lacking(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(Chassis, ref)
    if row is None or row.other_config.get("is-remote") == "true":
        return
    for feature in (GROUP_OF_SWITCHES, SAMPLE_REGISTERS, FLUSH_LABELS):
        if row.other_config.get(feature) != "true":
            yield feature, True


_LACKING = index((Chassis, _lacking))


@query
def everywhere(db: Engine, feature: str) -> bool:
    """Whether every chassis has a feature; true as long as there is none."""
    return not _LACKING(db, feature)
