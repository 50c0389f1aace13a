"""Routing policies of a router: lr-policy-add, lr-policy-del, lr-policy-list (ovn-nbctl(8), "Logical Router Policy Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.acl import priority_of
from pyovn.cli.nbctl.addresses import is_version_4, normal_address
from pyovn.cli.nbctl.bfd import session_of
from pyovn.cli.nbctl.find import by_name_or_uuid, router_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Policy commands")

TABLE = "Logical_Router_Policy"
ACTIONS = ("allow", "drop", "reroute", "jump")
COLUMNS = ("priority", "match", "action", "nexthop", "nexthops", "options", "chain", "jump_chain", "bfd_sessions", "output_port")


def nexthops_of(text: str) -> list[str]:
    """Next hops separated by commas, all of one IP version."""
    found: list[str] = []
    for word in text.split(","):
        if not word:
            continue
        address = normal_address(word)
        if address is None:
            raise CommandError(f"bad next hop argument: {word}")
        if found and is_version_4(found[0]) != is_version_4(address):
            raise CommandError(f"bad next hops argument, not in the same addr family : {text}")
        found.append(address)
    return found


def options_of(words: list[str]) -> dict[str, str]:
    """Options, each a word KEY=VALUE; a comma is part of the value."""
    found = {}
    for word in words:
        name, _, value = word.partition("=")
        if not value:
            raise CommandError(f"No value specified for the option : {name}")
        found[name] = value
    return dict(sorted(found.items()))


@family.with_usage("ROUTER PRIORITY MATCH ACTION [NEXTHOP,...] [KEY=VALUE]...", minimum=4)
def lr_policy_add(
    nb: Rows, router: str, priority: str, match: str, *action_and_more: str, may_exist: bool = False, bfd: str | bool = False,
    chain: str | None = None, output_port: str | None = None,
) -> None:  # fmt: skip
    """Have ROUTER send packets that meet MATCH elsewhere than its routes say, or drop them."""
    row = router_of(nb, router)
    rank = priority_of(priority)
    action, *words = action_and_more
    if action not in ACTIONS:
        raise CommandError(f'{action}: action must be one of "allow", "drop", "reroute", "jump"')
    columns: dict[str, Any] = {"priority": rank, "match": match, "action": action}
    hops: list[str] = []
    if action == "reroute":
        if not words:
            raise CommandError("Nexthop is required when action is reroute.")
        hops = nexthops_of(words.pop(0))
        columns["nexthops"] = sorted(set(hops))
    elif action == "jump":
        if not words:
            raise CommandError("Chain name is required when action is jump.")
        columns["jump_chain"] = words.pop(0)
    for held in nb.rows(TABLE, row["policies"], *COLUMNS):
        if (held["priority"], held["match"], held["chain"] or "") == (rank, match, chain or ""):
            if may_exist:
                return
            raise CommandError(f"Same routing policy already existed on the logical router {router}.")
    if chain is not None:
        columns["chain"] = chain
    if output_port is not None:
        columns["output_port"] = port_of(nb, action, hops, output_port)
    columns["options"] = options_of(words)
    if bfd is not False:
        if action != "reroute":
            raise CommandError("BFD is valid only with reroute action.")
        columns["bfd_sessions"] = sorted({session_of(nb, row, hop, output_port or "", bfd).uuid for hop in hops})
    row.insert("policies", [nb.new(TABLE, **columns).uuid])


def port_of(nb: Rows, action: str, hops: list[str], name: str) -> str:
    """The output port of a reroute policy with one next hop."""
    if action != "reroute":
        raise CommandError("Specifying output-port is only allowed for reroute policies.")
    if len(hops) > 1:
        raise CommandError("output-port option is supported only for policies with a single reroute next hop")
    port = by_name_or_uuid(nb, "Logical_Router_Port", name)
    if port is None:
        raise CommandError(f"unknown output-port: {name}")
    return port.uuid


@family.with_usage("ROUTER [{PRIORITY | UUID} [MATCH]]", maximum=3)
def lr_policy_del(nb: Rows, router: str, *which_and_match: str, if_exists: bool = False, chain: str | None = None) -> None:
    """Take policies away: all, those of a priority, or one."""
    row = router_of(nb, router)
    which, match = (*which_and_match, None, None)[:2]
    if which is None and chain is None:
        row["policies"] = []
        return
    if which is not None and is_uuid(which) and match is None:
        if which.lower() in row["policies"]:
            row.remove("policies", [which.lower()])
        elif not if_exists:
            raise CommandError("Logical router policy uuid is not found.")
        return
    rank = priority_of(which) if which is not None else None
    for held in nb.rows(TABLE, row["policies"], "priority", "match", "chain"):
        if (held["chain"] or "") != (chain or "") or (rank is not None and held["priority"] != rank):
            continue
        if match is None or held["match"] == match:
            row.remove("policies", [held.uuid])


@family.command
def lr_policy_list(nb: Rows, router: str) -> str:
    """The policies of ROUTER, in the order in which packets meet them."""
    policies = nb.rows(TABLE, router_of(nb, router)["policies"], *COLUMNS)
    if not policies:
        return ""
    chains: dict[str, list[Row]] = {}
    for policy in sorted(policies, key=lambda row: (row["chain"] or "", -row["priority"], row["match"])):
        chains.setdefault(policy["chain"] or "", []).append(policy)
    if list(chains) == [""]:
        return "Routing Policies\n" + "".join(policy_line(nb, policy) for policy in chains[""])
    sections = [
        f"Chain {chain or '<Default>'}:\n" + "".join(policy_line(nb, policy) for policy in rows) for chain, rows in chains.items()
    ]
    return "Routing Policies\n" + ("" if "" in chains else "\n") + "\n".join(sections)


def policy_line(nb: Rows, policy: Row) -> str:
    """One policy."""
    line = f"{policy['priority']:10} {policy['match']:>50} {policy['action']:>15}"
    hops = policy["nexthops"] or ([policy["nexthop"]] if policy["nexthop"] else [])
    if policy["action"] == "reroute" and hops:
        line += f" {hops[0]:>25}" + "".join(f", {hop}" for hop in hops[1:])
    port = nb.one("Logical_Router_Port", policy["output_port"], "name")
    if port is not None:
        line += f" {port['name']}"
    if policy["action"] == "jump":
        line += f" -> {policy['jump_chain']}"
    if policy["bfd_sessions"]:
        line += f"{'':15}bfd"
    if policy["options"]:
        line += f"{'':15}" + ",".join(f"{name}={value}" for name, value in sorted(policy["options"].items()))
    return line + "\n"
