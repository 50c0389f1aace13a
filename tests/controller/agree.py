"""What this project's queries make of recorded databases, in the words in which the reference's switch tells its rules."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pyovn.controller import ct_zones, rules
from pyovn.controller.desired import Desired, content_of, update
from pyovn.controller.facts import ALLOCATORS, PROCESS, Allocators, Fact, Process, Zone, allocators
from pyovn.controller.groups import group_mod
from pyovn.controller.rule import Place
from pyovn.openflow.action_text import format_actions
from pyovn.openflow.match_text import format_match
from pyovn.openflow.message import GroupMod
from pyovn.ovsdb.declare import default_of, table_schema, tables_of
from pyovn.ovsdb.row import make
from pyovn.ovsdb.value import from_json
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch
from tests.controller.reference import normal

RECORDED = Path(__file__).parent / "recorded"


def read(path: Path) -> dict[str, Any]:
    """A recording."""
    loaded: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return loaded


def write(path: Path, recording: dict[str, Any]) -> None:
    """Keep a recording; the same one gives the same bytes."""
    path.write_bytes(gzip.compress(json.dumps(recording, sort_keys=True).encode(), mtime=0))


def facts(module: ModuleType, dump: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Fact]:
    """Every row of a dump, as new."""
    for name, table in tables_of(module).items():
        columns = table_schema(table).columns
        for uuid, row in dump.get(name, {}).items():
            values = [
                from_json(columns[column].type, row[column]) if column in row else default_of(columns[column].type)
                for column in table.__columns__
            ]
            yield Fact(table, uuid, None, make(table, uuid, values))


def engine(recording: dict[str, Any]) -> Engine:
    """The queries of the recorded host, with the zones that its bridge remembers."""
    db = Engine()
    db.feed([Fact(Process, PROCESS, None, Process("", "", 0, "")), Fact(Allocators, ALLOCATORS, None, Allocators())])
    db.feed(facts(sb, recording["sb"]))
    db.feed(facts(vswitch, recording["ovs"]))
    for ref in db.find(vswitch.Bridge, "name", "br-int"):
        bridge = db.get(vswitch.Bridge, ref)
        assert bridge is not None
        db.feed(Fact(Zone, name, None, Zone(name, number)) for name, number in ct_zones.restore(bridge.external_ids).items())
    return db


def our_rules(db: Engine) -> list[str]:
    """Our rules as text, sorted."""
    desired = Desired()
    update(desired, db.take(rules.RULES).gained, ())
    texts = [_text(desired, place) for place in desired.rules]
    numbers = allocators(db)
    groups = {str(number): group_text(group_mod(numbers, number)) for number in numbers.groups.things}
    return sorted(normal(text, groups) for text in texts)


def group_text(group: GroupMod) -> str:
    """A select group as the reference's `dump-groups` shows it, without its number."""
    names = [field.name for field, _ in group.selection_fields.items()]
    fields = f",fields({','.join(names)})" if names else ""
    buckets = (
        f",bucket=bucket_id:{bucket.bucket_id},weight:{bucket.weight},actions={format_actions(bucket.actions)}" for bucket in group.buckets
    )
    return f"type={group.type.name.lower()},selection_method={group.selection_method}{fields}{''.join(buckets)}"


def _text(desired: Desired, place: Place) -> str:
    content = content_of(desired, place)
    assert content is not None
    cookie = f"cookie={content.cookie:#x}, " if content.cookie else ""
    table = f"table={place.table}, " if place.table else ""
    return f"{cookie}{table}{format_match(place.match, place.priority)} actions={format_actions(content.actions)}"
