"""What every chassis of this deployment can do: what one of them cannot is asked of none."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.global_options import is_on
from pyovn.northd.settings import flag
from pyovn.query import Engine, index, query
from pyovn.schemas.sb import Chassis

GROUP_OF_SWITCHES = "ls-dpg-column"
"""Reads a load balancer's switches from a column of their own."""

SAMPLE_REGISTERS = "ovn-sample-with-registers"
"""Takes what a sample says from registers."""

FLUSH_LABELS = "ct-label-flush"
"""Forgets connections by their label."""

STATE_SAVED = "ct-state-save"
"""Keeps what a connection's state was when it loses sight of it."""

COMMIT_NAT_V2 = "ct-commit-nat-v2"
"""Commits a translation with its direction."""

COMMIT_TO_ZONE = "ct-commit-to-zone"
"""Commits a connection to a zone that the action names."""

NEXT_ZONE = "ct-next-zone"
"""Looks a connection up in a zone that the action names."""

MAC_STAMPED = "mac-binding-timestamp"
"""Notes when a neighbour was last seen."""

FDB_STAMPED = "fdb-timestamp"
"""Notes when a machine was last seen at a port."""

FEATURES = {
    "mac_binding_timestamp": MAC_STAMPED,
    "fdb_timestamp": FDB_STAMPED,
    "ls_dpg_column": GROUP_OF_SWITCHES,
    "ct_commit_nat_v2": COMMIT_NAT_V2,
    "ct_commit_to_zone": COMMIT_TO_ZONE,
    "sample_with_reg": SAMPLE_REGISTERS,
    "ct_next_zone": NEXT_ZONE,
    "ct_label_flush": FLUSH_LABELS,
    "ct_state_save": STATE_SAVED,
}
"""Every feature, by the name under which `debug/chassis-features-list` shows it."""


def _lacking(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(Chassis, ref)
    if row is None or flag(row.other_config, "is-remote"):
        return
    for feature in FEATURES.values():
        if not flag(row.other_config, feature):
            yield feature, True


_LACKING = index((Chassis, _lacking))


@query
def everywhere(db: Engine, feature: str) -> bool:
    """Whether every chassis has a feature; true as long as there is none, or where the network says not to look."""
    return is_on(db, "ignore_chassis_features") or not _LACKING(db, feature)


def shown(db: Engine) -> str:
    """Every feature, and whether it is used."""
    return "".join(f"{name}: {str(everywhere(db, feature)).lower()}\n" for name, feature in FEATURES.items())
