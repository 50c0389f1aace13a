"""Where the two compilers may differ with neither wrong: what the reference leaves to its hash tables, or to what was there before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from pyovn.northd.contents import COLLECTIONS
from pyovn.northd.router.networks import EVERY_ROUTER, ports_towards
from pyovn.northd.settings import flag
from pyovn.query import Engine
from pyovn.schemas.nb import NAT, LogicalRouter, LogicalRouterPolicy, LogicalRouterStaticRoute, LogicalSwitch

Words = tuple[str, int, str, str]
"""A flow's stage, priority, match, actions."""

Row = dict[str, Any]

Excuse = Callable[[Row, Row, "Past"], bool]

Excuses = dict[str, tuple[tuple[frozenset[str], Excuse], ...]]

T = TypeVar("T")


@dataclass(slots=True)
class Past:
    """What our compiler has seen of a history."""

    db: Engine
    claims: dict[Words, set[str]] = field(default_factory=dict)
    """The hints of all rows that want a flow, or did."""
    ports: dict[str, frozenset[str]] = field(default_factory=dict)
    """By switch or router: its ports."""
    losers: set[str] = field(default_factory=set)
    """The switches and routers that have lost a port, by name."""

    def note(self) -> None:
        """Take in how things are now."""
        for collection in COLLECTIONS:
            for placed in self.db.items(collection):
                flow = placed.flow
                words = flow.stage.name.lower(), flow.priority, flow.match, flow.actions
                self.claims.setdefault(words, set()).add(flow.hint[:8])
        switches, routers = self.rows(LogicalSwitch), self.rows(LogicalRouter)
        for row in chain[LogicalSwitch | LogicalRouter](switches, routers):
            ports: frozenset[str] = frozenset(row.ports)
            if not self.ports.get(row.uuid, ports) <= ports:
                self.losers.add(f"Datapath_Binding:{row.name}")
            self.ports[row.uuid] = ports

    def rows(self, table: type[T]) -> list[T]:
        """The rows of a table, as they are now."""
        found = (self.db.get(table, ref) for ref in self.db.every(table))
        return [row for row in found if row is not None]


def inexcusable(lines: Iterable[str], past: Past, excuses: Excuses | None = None) -> list[str]:
    """Of rows that only one compiler has (`-` theirs, `+` ours), those that have no counterpart which differs where it may."""
    excuses = EXCUSES if excuses is None else excuses
    theirs: list[str] = []
    ours: list[str] = []
    for line in lines:
        (theirs if line.startswith("-") else ours).append(line)
    left = []
    for line in theirs:
        counterpart = next((other for other in ours if _is_excused(line, other, past, excuses)), None)
        (left.append(line) if counterpart is None else ours.remove(counterpart))
    return [line for line in left if not has_leftover_match(line, past)] + ours


def has_leftover_match(line: str, past: Past) -> bool:
    """At a gateway port, a stateless translation for some outside gets flows that begin with whatever the reference has matched on last."""
    table, text = line[2:].split(" ", 1)
    row = json.loads(text)
    if table != "Logical_Flow" or row["priority"] not in (70, 75) or ["stage-name", "lr_in_gw_redirect"] not in row["external_ids"]:
        return False
    return any(flag(nat.options, "stateless") and (nat.allowed_ext_ips or nat.exempted_ext_ips) for nat in past.rows(NAT))


def _is_excused(theirs: str, ours: str, past: Past, excuses: Excuses) -> bool:
    table, text = theirs[2:].split(" ", 1)
    other, other_text = ours[2:].split(" ", 1)
    if table != other or table not in excuses:
        return False
    their_row, our_row = json.loads(text), json.loads(other_text)
    differing = {name for name in their_row if their_row[name] != our_row[name]}
    return bool(differing) and any(differing <= columns and excuse(their_row, our_row, past) for columns, excuse in excuses[table])


def _hint(row: Row) -> str:
    return str(dict(row["external_ids"]).get("stage-hint", ""))


def chosen_hint(theirs: Row, ours: Row, past: Past) -> bool:
    """Of several rows that want the same flow, one is named in it: the one that the reference came to first when it made it."""
    words = dict(ours["external_ids"])["stage-name"], ours["priority"], ours["match"], ours["actions"]
    return {_hint(theirs), _hint(ours)} <= past.claims.get(words, set())


def chosen_way(theirs: Row, ours: Row, past: Past) -> bool:
    """Of several ports with the next hop in their networks, the reference takes the one that its hash table holds first."""
    (their_hop, their_port), (hop, port) = map(_way, (theirs["actions"], ours["actions"]))
    asked = (row for row in past.rows(LogicalRouterStaticRoute) if row.uuid.startswith(_hint(ours) or "-"))
    if their_hop != hop or not hop or any(row.output_port for row in asked):
        return False
    routers = {found.name: found.router for found in ports_towards(past.db, EVERY_ROUTER, hop)}
    return port in routers and routers[port] == routers.get(their_port)


def _way(actions: str) -> tuple[str, str]:
    """The next hop and the port that a flow chooses."""
    hop, port = re.search(r"reg0 = ([0-9a-f.:]+);", actions), re.search(r'outport = "([^"]*)"', actions)
    return hop[1] if hop else "", port[1] if port else ""


def before_chains(theirs: Row, ours: Row, past: Past) -> bool:
    """Whether a policy in no chain says so depends on whether the reference came to a router with a chain before."""
    return ours["match"] == f"reg9[16..31] == 0 && ({theirs['match']})" and any(row.chain for row in past.rows(LogicalRouterPolicy))


def lasting_source(theirs: Row, ours: Row, past: Past) -> bool:
    """The reference sets the addresses that queries come from, and does not take them back."""
    return all(ours[name] in ("", theirs[name]) for name in SOURCES)


def used_key(theirs: Row, ours: Row, past: Past) -> bool:
    """Whether a port gets the key of one that is gone depends on whether the reference has worked out everything anew since."""
    return ours["datapath"] in past.losers


SOURCES = frozenset(("eth_src", "ip4_src", "ip6_src"))

EXCUSES: Excuses = {
    "Logical_Flow": (
        (frozenset(("external_ids",)), chosen_hint), (frozenset(("actions",)), chosen_way), (frozenset(("match",)), before_chains),
    ),
    "IP_Multicast": ((SOURCES, lasting_source),),
    "Port_Binding": ((frozenset(("tunnel_key",)), used_key),),
}
"""By table: in which columns rows may differ, and when."""

ON_TAKING_OVER: Excuses = {
    table: tuple((columns, excuse) for columns, excuse in excuses if excuse not in (chosen_hint, used_key))
    for table, excuses in EXCUSES.items()
}
"""What may change when one compiler takes over from the other: not what is kept as it is found."""
