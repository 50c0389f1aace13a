"""Access control lists of switches and port groups: acl-add, acl-del, acl-list (ovn-nbctl(8), "ACL Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid, leading_integer
from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.records import find_record
from pyovn.cli.nbctl.find import by_name_or_uuid, find_switch, is_integer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("ACL commands")

ACTIONS = ("allow", "allow-related", "allow-stateless", "drop", "reject", "pass")
SEVERITIES = ("alert", "warning", "notice", "info", "debug")
DIRECTIONS = ("from-lport", "to-lport")
COLUMNS = ("direction", "priority", "match", "action", "log", "name", "severity", "meter", "label", "tier", "options", "sample_new")


def direction_of(text: str) -> str:
    """to-lport or from-lport; a beginning is enough."""
    for direction in DIRECTIONS:
        if text and direction.startswith(text[0]):
            return direction
    raise CommandError(f'{text}: direction must be "to-lport" or "from-lport"')


def priority_of(text: str) -> int:
    """A priority."""
    number = leading_integer(text)
    if number is None or not 0 <= number <= 32767:
        raise CommandError(f"{text}: priority must in range 0...32767")
    return number


def entity_of(nb: Rows, name: str, kind: str | None) -> Row:
    """The switch or port group that has the ACLs."""
    if kind not in (None, "switch", "port-group"):
        raise CommandError(f"Invalid value '{kind}' for option --type")
    group = by_name_or_uuid(nb, "Port_Group", name) if kind != "switch" else None
    switch = find_switch(nb, name) if kind != "port-group" else None
    if group is not None and switch is not None and not is_uuid(name):
        raise CommandError(
            f"Same name '{name}' exists in both port-groups and logical switches. Specify --type=port-group or switch, or use a UUID."
        )
    found = group if group is not None else switch
    if found is None:
        what = {"switch": "switch", "port-group": "port group"}.get(kind or "")
        if what:
            raise CommandError(f"{name}: {what} name not found")
        raise CommandError(f"'{name}' is not found for port-group or switch.")
    return found


def order(acl: Row) -> tuple[int, int, str]:
    """The order of a listing: direction, then the highest priority first, then the match."""
    return DIRECTIONS.index(acl["direction"]), -acl["priority"], acl["match"]


def acl_order(acl: Row) -> tuple[Any, ...]:
    """The order of a listing of ACLs: as they are looked at."""
    return acl["direction"], acl["options"].get("apply-after-lb") == "true", acl["tier"], -acl["priority"], acl["match"]


@family.with_usage("{SWITCH | PORTGROUP}", maximum=2)
def acl_list(nb: Rows, entity: str, *_more: str, all_: bool = False, type_: str | None = None) -> str:
    """The rules of SWITCH or PORTGROUP, in the order in which packets meet them."""
    owner = entity_of(nb, entity, type_)
    text = acls_text(nb, owner, "")
    if not all_ or owner.table.name != "Logical_Switch":
        return text
    ports = set(owner["ports"])
    groups = [group for group in nb.all("Port_Group", "name", "ports", "acls") if ports & set(group["ports"])]
    return text + "".join(acls_text(nb, group, f" [{group['name']}]") for group in sorted(groups, key=lambda group: str(group["name"])))


def acls_text(nb: Rows, owner: Row, suffix: str) -> str:
    """The ACLs of a switch or port group."""
    acls = nb.rows("ACL", owner["acls"], *COLUMNS, "sample_est", "network_function_group")
    return "".join(f"{acl_line(nb, acl)}{suffix}\n" for acl in sorted(acls, key=acl_order))


def acl_line(nb: Rows, acl: Row) -> str:
    """One ACL."""
    line = f"{acl['direction']:>10} {acl['priority']:5} ({acl['match']}) {acl['action']}"
    group = nb.one("Network_Function_Group", acl["network_function_group"], "name")
    if group is not None:
        line += f" network-function-group={group['name']}"
    if acl["log"]:
        details = [f"name={acl['name']}"] if acl["name"] else []
        details += [f"severity={acl['severity']}"] if acl["severity"] else []
        details += [f'meter="{acl["meter"]}"'] if acl["meter"] else []
        line += f" log({','.join(details)})"
    if acl["label"]:
        line += f" label={acl['label']}"
    line += f" [tier {acl['tier']}]"
    if acl["options"].get("apply-after-lb") == "true":
        line += " [after-lb]"
    for column, word in (("sample_new", "sample_new"), ("sample_est", "sample_est")):
        if acl[column]:
            line += f" {word}={acl[column]}"
    return line


def label_of(text: str, action: str) -> int:
    """A label for the connections an ACL lets through."""
    if action not in ("allow", "allow-related"):
        raise CommandError('label can only be set with actions "allow" or "allow-related"')
    if not is_integer(text) or not 0 <= int(text) <= 0xFFFFFFFF:
        raise CommandError(f"{text}: label must in range 0...4294967295")
    return int(text)


def tier_of(text: str) -> int:
    """A tier."""
    if not is_integer(text):
        raise CommandError(f"Invalid tier {text}")
    return int(text)


@family.with_usage("{SWITCH | PORTGROUP} DIRECTION PRIORITY MATCH ACTION [NETWORK-FUNCTION-GROUP]", minimum=5, maximum=7)
def acl_add(
    nb: Rows, entity: str, direction: str, priority: str, match: str, *action_and_group: str, log: bool = False, may_exist: bool = False,
    type_: str | None = None, name: str | None = None, severity: str | None = None, meter: str | None = None, label: str | None = None,
    apply_after_lb: bool = False, tier: str | None = None, sample_new: str | None = None, sample_est: str | None = None,
) -> None:  # fmt: skip
    """Let SWITCH or PORTGROUP treat packets that meet MATCH by ACTION."""
    owner = entity_of(nb, entity, type_)
    action, *group = action_and_group[:2]
    columns: dict[str, Any] = {"direction": direction_of(direction), "priority": priority_of(priority), "match": match}
    if action not in ACTIONS:
        listed = '"allow", "allow-related", "allow-stateless", "drop", and "reject"'
        raise CommandError(f"{action}: action must be one of {listed}")
    columns["action"] = action
    if severity is not None and severity not in SEVERITIES:
        raise CommandError(f"bad severity: {severity}")
    columns |= {key: value for key, value in (("name", name), ("severity", severity), ("meter", meter)) if value is not None}
    if log or severity is not None or name is not None or meter is not None:
        columns["log"] = True
    if label is not None:
        columns["label"] = label_of(label, action)
    if apply_after_lb:
        columns["options"] = {"apply-after-lb": "true"}
    if tier is not None:
        columns["tier"] = tier_of(tier)
    if group:
        columns["network_function_group"] = group_of(nb, group[0]).uuid
    columns |= samples(nb, (("sample_new", sample_new), ("sample_est", sample_est)))
    if known(nb, owner, columns):
        if may_exist:
            return
        raise CommandError(f"Same ACL already existed on the ls {entity}.")
    owner.insert("acls", [nb.new("ACL", **columns).uuid])


def group_of(nb: Rows, name: str) -> Row:
    """The network function group of this name or uuid."""
    found = by_name_or_uuid(nb, "Network_Function_Group", name)
    if found is None:
        raise CommandError(f"{name}: network function group {'UUID' if is_uuid(name) else 'name'} not found")
    return found


def samples(nb: Rows, given: tuple[tuple[str, str | None], ...]) -> dict[str, str]:
    """The Sample rows that --sample-new and --sample-est name."""
    found = {}
    for column, uuid in given:
        if uuid is None:
            continue
        if not is_uuid(uuid) and not uuid.startswith("@"):
            raise CommandError(f'invalid --{column.replace("_", "-")}: "{uuid}" is not a valid UUID')
        row = find_record(nb, nb.schema.tables["Sample"], uuid)
        if row is None:
            raise CommandError(f"invalid --{column.replace('_', '-')}: {uuid}")
        found[column] = row.uuid
    return found


def known(nb: Rows, owner: Row, columns: dict[str, Any]) -> bool:
    """Whether the switch or group has an ACL of this direction, priority, match and tier."""
    held = nb.rows("ACL", owner["acls"], "direction", "priority", "match", "tier")
    wanted = (columns["direction"], columns["priority"], columns["match"], columns.get("tier", 0))
    return any((acl["direction"], acl["priority"], acl["match"], acl["tier"]) == wanted for acl in held)


@family.with_usage("{SWITCH | PORTGROUP} [DIRECTION [PRIORITY MATCH]]", minimum=1, maximum=4)
def acl_del(nb: Rows, entity: str, *which: str, type_: str | None = None, tier: str | None = None) -> None:
    """Take rules away: all, those of a direction, or one."""
    owner = entity_of(nb, entity, type_)
    level = tier_of(tier) if tier is not None else None
    if not which and level is None:
        owner["acls"] = []
        return
    direction = direction_of(which[0]) if which else None
    if len(which) == 2:
        priority_of(which[1])
        raise CommandError("cannot specify priority without match")
    exact = (priority_of(which[1]), which[2]) if len(which) == 3 else None
    for acl in nb.rows("ACL", owner["acls"], "direction", "priority", "match", "tier"):
        if direction is not None and acl["direction"] != direction:
            continue
        if exact is not None and (acl["priority"], acl["match"]) != exact:
            continue
        if level is None or acl["tier"] == level:
            owner.remove("acls", [acl.uuid])
