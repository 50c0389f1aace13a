"""Of several rows that want the same flow, one is named in it: in the reference the one that its hash tables held first when it was made.

So of two rows that differ in nothing but the hint, either is right, if the rows that both name want the flow, or did.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyovn.northd.contents import COLLECTIONS
from pyovn.query import Engine

HINT = re.compile(r'\["stage-hint", "([0-9a-f]{8})"\], ')

Words = tuple[str, int, str, str]
"""A flow's stage, priority, match, actions."""


def claims(db: Engine) -> Mapping[Words, set[str]]:
    """The hints of all rows that want a flow."""
    found: dict[Words, set[str]] = defaultdict(set)
    for collection in COLLECTIONS:
        for placed in db.items(collection):
            flow = placed.flow
            found[flow.stage.name.lower(), flow.priority, flow.match, flow.actions].add(flow.hint[:8])
    return found


def without_chosen_hints(lines: Iterable[str], wanted: Mapping[Words, set[str]]) -> list[str]:
    """Of rows that only one compiler has (`-` theirs, `+` ours), those that are not another's pair but for the hint."""
    alike: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        alike[HINT.sub("", line[2:])].append(line)
    return [line for text, group in alike.items() if not _is_choice(text, group, wanted) for line in group]


def _is_choice(text: str, group: list[str], wanted: Mapping[Words, set[str]]) -> bool:
    if not text.startswith("Logical_Flow ") or sorted(line[0] for line in group) != ["+", "-"]:
        return False
    row = json.loads(text.removeprefix("Logical_Flow "))
    words = dict(row["external_ids"])["stage-name"], row["priority"], row["match"], row["actions"]
    hints = {found[1] if (found := HINT.search(line)) else "" for line in group}
    return hints <= wanted.get(words, set())
