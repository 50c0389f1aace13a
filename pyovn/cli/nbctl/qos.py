"""Quality of service rules of switches: qos-add, qos-del, qos-list (ovn-nbctl(8), "Logical Switch QoS Rule Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.acl import direction_of, order, priority_of
from pyovn.cli.nbctl.find import is_integer, switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Rows

family = Family("QoS commands")

COLUMNS = ("direction", "priority", "match", "bandwidth", "action")
LIMITS = {
    "dscp": (0, 63, "dscp must be in the range 0...63"),
    "mark": (1, 0xFFFFFFFF, "mark must be a positive integer"),
    "rate": (1, 0xFFFFFFFF, "rate must be in the range 1...4294967295"),
    "burst": (1, 0xFFFFFFFF, "burst must be in the range 1...4294967295"),
}


def setting_of(text: str) -> tuple[str, int]:
    """dscp=, rate=, burst= or mark=, and its number."""
    key, equals, value = text.partition("=")
    if key not in LIMITS or not equals:
        raise CommandError(f'{text}: supported arguments are "dscp=", "rate=", "burst=" and "mark="')
    low, high, rule = LIMITS[key]
    if not is_integer(value) or not low <= int(value) <= high:
        raise CommandError(f"{value}: {rule}")
    return key, int(value)


@family.with_usage("SWITCH DIRECTION PRIORITY MATCH [rate=RATE [burst=BURST]] [dscp=DSCP] [mark=MARK]", minimum=5, maximum=7)
def qos_add(nb: Rows, switch: str, direction: str, priority: str, match: str, *settings: str, may_exist: bool = False) -> None:
    """Have SWITCH mark packets that meet MATCH, or limit their rate."""
    where, rank = direction_of(direction), priority_of(priority)
    row = switch_of(nb, switch)
    given = dict(setting_of(setting) for setting in settings)
    if not {"rate", "dscp", "mark"} & set(given):
        raise CommandError('Either "mark", "rate" and/or "dscp" must be specified')
    for held in nb.rows("QoS", row["qos_rules"], "direction", "priority", "match"):
        if (held["direction"], held["priority"], held["match"]) == (where, rank, match):
            if may_exist:
                return
            raise CommandError(f"Same qos already existed on the ls {switch}.")
    columns: dict[str, Any] = {"direction": where, "priority": rank, "match": match}
    columns["action"] = {key: given[key] for key in ("dscp", "mark") if key in given}
    columns["bandwidth"] = {key: given[key] for key in ("burst", "rate") if key in given}
    row.insert("qos_rules", [nb.new("QoS", **columns).uuid])


@family.with_usage("SWITCH [{DIRECTION | UUID} [PRIORITY MATCH]]", minimum=1, maximum=4)
def qos_del(nb: Rows, switch: str, *which: str) -> None:
    """Take rules away: all, those of a direction, or one."""
    row = switch_of(nb, switch)
    if not which:
        row["qos_rules"] = []
        return
    if len(which) == 1 and is_uuid(which[0]):
        if which[0].lower() not in row["qos_rules"]:
            raise CommandError("uuid is not found")
        row.remove("qos_rules", [which[0].lower()])
        return
    if is_uuid(which[0]):
        raise CommandError("uuid must be the only argument")
    direction = direction_of(which[0])
    rank = priority_of(which[1]) if len(which) > 1 else 0
    if len(which) == 2:
        raise CommandError("cannot specify priority without match")
    exact = (rank, which[2]) if len(which) == 3 else None
    for held in nb.rows("QoS", row["qos_rules"], "direction", "priority", "match"):
        if held["direction"] == direction and (exact is None or exact == (held["priority"], held["match"])):
            row.remove("qos_rules", [held.uuid])


@family.command
def qos_list(nb: Rows, switch: str) -> str:
    """What SWITCH marks and limits."""
    rules = nb.rows("QoS", switch_of(nb, switch)["qos_rules"], *COLUMNS)
    lines = []
    for rule in sorted(rules, key=order):
        line = f"{rule['direction']:>10} {rule['priority']:5} ({rule['match']})"
        for column in ("bandwidth", "action"):
            order_of = ("rate", "burst") if column == "bandwidth" else ("dscp", "mark")
            line += "".join(f" {key}={rule[column][key]}" for key in order_of if key in rule[column])
        lines.append(line + "\n")
    return "".join(lines)
