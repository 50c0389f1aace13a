"""Mirrors of ports' traffic: mirror-add to mirror-rule-del (ovn-nbctl(8), "Mirror Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.acl import priority_of
from pyovn.cli.nbctl.addresses import parse_address
from pyovn.cli.nbctl.find import is_integer
from pyovn.cli.nbctl.port_links import mirror_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Mirror commands")

TYPES = ("gre", "erspan", "local", "lport")
FILTERS = ("to-lport", "from-lport", "both")


@family.with_usage("NAME TYPE [INDEX] FILTER SINK", minimum=4, maximum=5)
def mirror_add(nb: Rows, name: str, kind: str, *rest: str, may_exist: bool = False) -> None:
    """Make a copy of ports' packets go to a sink."""
    if nb.find("Mirror", "name", name):
        if may_exist:
            return
        raise CommandError(f"Mirror with {name} name already exists.")
    if kind not in TYPES:
        raise CommandError(f'{kind}: type must be "gre", "erspan", or "local" or "lport"')
    columns: dict[str, Any] = {"name": name, "type": kind}
    words = list(rest)
    if kind in ("gre", "erspan"):
        index = words.pop(0)
        if not is_integer(index):
            raise CommandError("Invalid Index")
        columns["index"] = int(index)
    chosen, sink = [*words, "", ""][:2]
    if chosen not in FILTERS:
        raise CommandError(f'{chosen}: selection must be "to-lport", "from-lport", or "both"')
    check_sink(nb, kind, sink)
    nb.new("Mirror", **columns, filter=chosen, sink=sink)


def check_sink(nb: Rows, kind: str, sink: str) -> None:
    """Refuse a tunnel's end that is no address; warn of a port that is not there."""
    if kind in ("gre", "erspan") and parse_address(sink) is None:
        raise CommandError(f"Invalid sink ip: {sink}")
    if kind == "lport" and not nb.find("Logical_Switch_Port", "name", sink):
        nb.warnings.append(("nbctl", f"Attaching target to non existing port with name {sink}."))


@family.command
def mirror_del(nb: Rows, name: str = "") -> None:
    """Do away with one mirror, or with all."""
    for row in nb.find("Mirror", "name", name) if name else nb.all("Mirror"):
        row.delete()


@family.command
def mirror_list(nb: Rows) -> str:
    """Every mirror: what it takes and where it sends it."""
    mirrors = sorted(nb.all("Mirror", "name", "type", "sink", "filter", "index", "mirror_rules"), key=lambda row: str(row["name"]))
    return "".join(mirror_text(nb, mirror) for mirror in mirrors)


def mirror_text(nb: Rows, mirror: Row) -> str:
    """A mirror and its rules."""
    lines = [f"{mirror['name']}:\n", f"  Type     :  {mirror['type']}\n", f"  Sink     :  {mirror['sink']}\n"]
    lines.append(f"  Filter   :  {mirror['filter']}\n")
    if mirror["type"] in ("gre", "erspan"):
        lines.append(f"  Index/Key:  {mirror['index']}\n")
    if mirror["mirror_rules"]:
        lines.append("  Rules    :\n")
        rules = nb.rows("Mirror_Rule", mirror["mirror_rules"], "priority", "match", "action")
        for rule in sorted(rules, key=lambda row: (row["priority"], row["match"])):
            lines.append(f"{rule['priority']:12} {rule['match']:>30} {rule['action']:>15}\n")
    return "".join([*lines, "\n"])


@family.with_usage("MIRROR-NAME PRIORITY MATCH ACTION")
def mirror_rule_add(nb: Rows, name: str, priority: str, match: str, action: str) -> None:
    """Have a mirror into a port take, or skip, packets that meet MATCH."""
    mirror = mirror_of(nb, name)
    rank = priority_of(priority)
    if action not in ("mirror", "skip"):
        raise CommandError(f'{action}: action must be one of "mirror", "skip"')
    for rule in nb.rows("Mirror_Rule", mirror["mirror_rules"], "priority", "match"):
        if (rule["priority"], rule["match"]) == (rank, match):
            raise CommandError(f"Same mirror-rule already exists on the mirror {name}.")
    mirror.insert("mirror_rules", [nb.new("Mirror_Rule", priority=rank, match=match, action=action).uuid])


@family.with_usage("MIRROR-NAME [PRIORITY MATCH]", minimum=1, maximum=3)
def mirror_rule_del(nb: Rows, name: str, *which: str) -> None:
    """Take rules away from a mirror: all, those of a priority, or one."""
    mirror = mirror_of(nb, name)
    if not which:
        mirror["mirror_rules"] = []
        return
    rank = priority_of(which[0])
    for rule in nb.rows("Mirror_Rule", mirror["mirror_rules"], "priority", "match"):
        if rule["priority"] == rank and (len(which) == 1 or rule["match"] == which[1]):
            mirror.remove("mirror_rules", [rule.uuid])
