"""`ovsdb-client monitor`, `monitor-cond` and `monitor-cond-since`: what a table holds, then every change, as tables."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pyovn.cli.client import CommandError
from pyovn.cli.ctl import datum
from pyovn.cli.ctl.schema import Column
from pyovn.cli.table import Cell, Grid, word
from pyovn.runtime.follow import follow

if TYPE_CHECKING:
    from pyovn.cli.ovsdb_client import Job

NO_TRANSACTION = "00000000-0000-0000-0000-000000000000"
EVENTS = ("initial", "insert", "delete", "modify")


def monitor(job: Job) -> None:
    """`monitor [DATABASE] TABLE [COLUMN,...]...`, or `ALL` for every table."""
    _watch(job, "monitor", list(job.words), None, [])


def monitor_cond(job: Job) -> None:
    """`monitor-cond [DATABASE] CONDITIONS TABLE [COLUMN,...]...`."""
    conditions, *words = job.words
    _watch(job, "monitor_cond", words, _conditions(conditions), [])


def monitor_cond_since(job: Job) -> None:
    """`monitor-cond-since [DATABASE] [LASTID] CONDITIONS TABLE [COLUMN,...]...`."""
    words = list(job.words)
    last = words.pop(0) if len(words[0]) == len(NO_TRANSACTION) else NO_TRANSACTION
    conditions, *words = words
    _watch(job, "monitor_cond_since", words, _conditions(conditions), [last])


def _conditions(text: str) -> list[Any]:
    try:
        conditions = json.loads(text)
    except ValueError as error:
        raise CommandError(f'"{text}": {error}') from None
    if not isinstance(conditions, list):
        raise CommandError(f'"{text}": a JSON array was expected')
    return conditions


def _watch(job: Job, method: str, words: list[str], where: list[Any] | None, more: list[Any]) -> None:
    tables = job.schema()["tables"]
    names = sorted(tables) if words[0] == "ALL" else words[:1]
    if names[0] not in tables:
        raise CommandError(f'{job.remote}: {job.database} does not have a table named "{names[0]}"')
    types: dict[str, dict[str, Column]] = {}
    requests = {}
    for name in names:
        kinds = {**dict(sorted(tables[name]["columns"].items())), "_version": {"type": "uuid"}}
        known = {column: Column(column, said) for column, said in kinds.items()}
        requests[name], types[name] = _request(job, name, known, words[1:], where)
    job.tell_changes()
    result = job.client.call(method, [job.database, None, requests, *more])
    if method == "monitor_cond_since":
        assert isinstance(result, list)
        sys.stdout.write(f"found: {'true' if result[0] else 'false'}, last_id: {result[1]}\n")
        result = result[2]
    _show(job, types, result, "initial")
    job.ready()
    _stay(job, types, apart=bool(result) or method == "monitor_cond_since")


def _stay(job: Job, types: dict[str, dict[str, Column]], *, apart: bool) -> None:
    """Show what comes, but while `ovsdb-client/block` has it wait; the first of it `apart` from what is shown already."""
    held: list[tuple[str, Any]] = []
    lines = ["\n" if apart else ""]
    blocked: list[bool] = []

    def heard(method: str, params: Any) -> None:
        if blocked:
            held.append((method, params))
            return
        if method == "monitor_canceled":
            raise CommandError(f"{job.remote}: {job.database} database was removed")
        sys.stdout.write(lines.pop() if lines else "\n")
        sys.stdout.write(f"last_id: {params[1]}\n" if method == "update3" else "")
        _show(job, types, params[-1], "insert")

    def block(words: list[str]) -> str:
        blocked.append(True)
        return ""

    def unblock(words: list[str]) -> str:
        blocked.clear()
        for method, params in [held.pop(0) for _ in tuple(held)]:
            heard(method, params)
        return ""

    def change(words: list[str]) -> str:
        job.client.call("monitor_cond_change", [None, None, {words[0]: [{"where": _conditions(words[1])}]}])
        return ""

    follow(job.client, "ovsdb-client", heard, {
        "ovsdb-client/block": (block, 0),
        "ovsdb-client/unblock": (unblock, 0),
        "ovsdb-client/cond_change": (change, 2),
    })  # fmt: skip


def _request(
    job: Job, table: str, known: dict[str, Column], groups: list[str], where: list[Any] | None
) -> tuple[list[Any], dict[str, Column]]:
    """A <monitor-request> for each group of columns (all columns where none is named), and the columns told."""
    requests: list[Any] = []
    told: dict[str, Column] = {}
    for group in groups or [",".join(known)]:
        words = group.split(",")
        columns = [word for word in words if not word.startswith("!")] or list(known)
        for column in columns:
            if column not in known:
                raise CommandError(f'{job.remote}: table "{table}" in {job.database} does not have a column named "{column}"')
            told[column] = known[column]
        request: dict[str, Any] = {"columns": columns, "select": {event: f"!{event}" not in words for event in EVENTS}}
        requests.append(request if where is None else {**request, "where": where})
    return requests, told


def _show(job: Job, types: dict[str, dict[str, Column]], updates: Any, arrival: str) -> None:
    """Print updates; `arrival` is the word for a row that is new."""
    if "timestamp" in job.options:
        sys.stdout.write(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "\n")
    for name, rows in updates.items():
        columns = types[name]
        lines = [line for uuid, update in rows.items() for line in _lines(columns, uuid, update, arrival)]
        job.print(Grid(["row", "action", *columns], lines), name if len(types) > 1 else "")
    sys.stdout.flush()


def _lines(columns: dict[str, Column], uuid: str, update: dict[str, Any], arrival: str) -> list[list[Cell]]:
    """What one row's update says: a change in the old form takes two lines."""
    if "old" in update and "new" in update:
        return [_line(columns, uuid, "old", update["old"]), _line(columns, "", "new", update["new"])]
    if "old" in update or "new" in update:
        row = update.get("new") or update.get("old")
        action = "delete" if "old" in update else arrival
        return [_line(columns, uuid, action, row)]
    ((action, row),) = update.items()
    return [_line(columns, uuid, action, row or {})]


def _line(columns: dict[str, Column], uuid: str, action: str, row: Any) -> list[Cell]:
    return [word(uuid), word(action), *(_cell(column, row[name]) if name in row else word("") for name, column in columns.items())]


def _cell(column: Column, value: Any) -> Cell:
    held = datum.from_wire(column, value)
    return Cell(datum.text(column, held), datum.bare(column, held), value)
