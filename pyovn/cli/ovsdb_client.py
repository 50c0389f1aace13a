"""`ovsdb-client`: ask a database server for its databases, schemas and data, and change them (ovsdb-client(1))."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pyovn.cli.client import CommandError
from pyovn.cli.ctl import datum
from pyovn.cli.ctl.schema import Column
from pyovn.cli.main import end
from pyovn.cli.ovsdb_watch import monitor, monitor_cond, monitor_cond_since
from pyovn.cli.table import Cell, Grid, Style, escaped, json_text, render, word
from pyovn.runtime import logging as vlog
from pyovn.runtime import tape
from pyovn.runtime.blocking import BlockingClient, CallError, ConnectError, connect, end_after
from pyovn.runtime.daemon import Daemon, DaemonError, complete, finish, start
from pyovn.runtime.follow import Killed, die_of, follow
from pyovn.runtime.loop import wall_s
from pyovn.runtime.options import COMMON, DAEMON, LOGGING, TLS, Option, OptionError, Options, parse_options
from pyovn.runtime.paths import default_ovs_db, paths_of
from pyovn.runtime.program import MANY, ProgramError, configure_log, daemon_of
from pyovn.runtime.version import version_text

NAME = "ovsdb-client"
OPTIONS = (
    *COMMON, *DAEMON, *LOGGING, *TLS,
    Option("format", "required", short="f"), Option("data", "required", short="d"), Option("no-headings"), Option("pretty"),
    Option("bare"), Option("timestamp"), Option("timeout", "required", short="t"), Option("force"), Option("leader-only"),
    Option("no-leader-only"), Option("db-change-aware"), Option("no-db-change-aware"), *tape.OPTIONS,
)  # fmt: skip
LOCK_POLL_S = 3600.0
ABORTED = {"error": "aborted", "details": "aborted by request"}


@dataclass(frozen=True, slots=True)
class Job:
    """A command under way: its connection, its database ("" for a command on the server), what follows, how to print."""

    client: BlockingClient
    remote: str
    database: str
    words: Sequence[str]
    style: Style
    options: Options
    daemon: Daemon = field(default_factory=Daemon)

    def ready(self) -> None:
        """Let the parent of a detached client leave: what it was started for is under way."""
        sys.stdout.flush()
        complete(self.daemon)

    def tell_changes(self) -> None:
        """Ask to be told of databases that go, rather than to be cut off by them (--no-db-change-aware)."""
        if "no-db-change-aware" not in self.options:
            self.client.call("set_db_change_aware", [True])

    def print(self, grid: Grid, caption: str = "", *, first: bool = True) -> None:
        """Write a table, apart from the one before if it is not the `first`."""
        table = render(grid, self.style)
        if self.style.format == "json":
            sys.stdout.write(json_text({"caption": caption, **json.loads(table)}, self.style.pretty) + "\n" if caption else table)
            return
        if self.style.format == "html":
            start, rest = table.split("\n", 1)
            sys.stdout.write(f"{start}\n    <caption>{escaped(caption)}</caption>\n{rest}" if caption else table)
            return
        sys.stdout.write(("" if first else "\n") + (f"{caption}\n" if caption else "") + table)

    def schema(self) -> dict[str, Any]:
        """The database's schema."""
        answer = self.client.call("get_schema", [self.database])
        assert isinstance(answer, dict)
        return answer


Run = Callable[[Job], None]


def main() -> NoReturn:
    """The program."""
    end(run(sys.argv[1:], os.environ))


def run(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """The whole program; its exit status."""
    daemon = Daemon()
    try:
        _run(arguments, env, daemon)
    except (CommandError, OptionError, ProgramError, DaemonError, tape.TapeError) as error:
        return _refuse(str(error))
    except ConnectError as error:
        return _refuse(f"receive failed ({error})")
    except Killed as killed:
        finish(daemon)
        die_of(killed.args[0])
    except KeyboardInterrupt:
        return 130
    finally:
        finish(daemon)
    return 0


def _run(arguments: Sequence[str], env: Mapping[str, str], daemon: Daemon) -> None:
    options = parse_options(arguments, OPTIONS)
    if "help" in options:
        sys.stdout.write(_help())
        return
    if "version" in options:
        sys.stdout.write(version_text(NAME))
        return
    if timeout := options.last("timeout", ""):
        if not (timeout.isascii() and timeout.isdigit() and 0 < int(timeout) < 2**31):
            raise CommandError(f"value {timeout} on -t or --timeout is invalid")
        end_after(int(timeout))
    if not options.operands:
        raise CommandError("missing command name; use --help for help")
    name, *words = options.operands
    if name not in COMMANDS:
        raise CommandError(f"unknown command '{name}'; use --help for help")
    call, needs_database, least, most = COMMANDS[name]
    remote, words = _remote(words, env)
    _become(daemon, options, env)
    client = _connect(remote, options)
    try:
        database = _database(client, words) if needs_database else ""
        if not least <= len(words) <= most:
            raise CommandError(f"invalid syntax for '{name}' (use --help for help)")
        call(Job(client, remote, database, words, _style(options), options, daemon))
    except CallError as error:
        kind = "transaction" if name in ("transact", "query") else "server"
        raise CommandError(f"{kind} returned error: {json_text(error.error)}") from None


def _remote(words: list[str], env: Mapping[str, str]) -> tuple[str, list[str]]:
    """The server, if the first word names one, and the rest."""
    if words and words[0].split(":")[0] in ("unix", "tcp", "ssl", "punix", "ptcp", "pssl"):
        return words[0], words[1:]
    return default_ovs_db(env), words


def _become(daemon: Daemon, options: Options, env: Mapping[str, str]) -> None:
    """Log, and detach, as the options say; output goes on to where the streams lead."""
    log = vlog.start_log(NAME)
    vlog.set_levels(log, "console:warn")
    paths = paths_of(NAME, env)
    configure_log(log, options, paths)
    wanted = daemon_of(NAME, options, paths)
    daemon.detach, daemon.chdir, daemon.monitor, daemon.pidfile = wanted.detach, wanted.chdir, wanted.monitor, wanted.pidfile
    daemon.overwrite_pidfile, daemon.user, daemon.keeps_streams = wanted.overwrite_pidfile, wanted.user, True
    start(daemon)


def _connect(remote: str, options: Options) -> BlockingClient:
    secure = None
    if "ssl:" in remote:
        from pyovn.runtime.ctl_tls import secure_with

        secure = secure_with({option.name: options.last(option.name, "") for option in TLS if option.name in options})
    try:
        taped = tape.tape_of(options)
        if taped is None:
            return connect(remote, secure=secure)
        from pyovn.runtime.taped_socket import connect_taped

        return connect_taped(taped, remote, secure)
    except ConnectError as error:
        for module, level, text in error.log:
            logging.getLogger(module).log(vlog.LEVELS[level.lower()], "%s", text)
        raise CommandError(f'failed to connect to "{remote}" ({error})') from None


def _database(client: BlockingClient, words: list[str]) -> str:
    """The database, taken off the words if they name one; else Open_vSwitch, or the only one there is."""
    names = _strings(client.call("list_dbs", []))
    if words and words[0] in names:
        return words.pop(0)
    own = [name for name in names if not name.startswith("_")]
    if "Open_vSwitch" in own:
        return "Open_vSwitch"
    if len(own) == 1:
        return own[0]
    raise CommandError("no default database for this command, please specify a database name")


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(each) for each in value]


def _style(options: Options) -> Style:
    style = Style()
    style.set_format(options.last("format", "table"))
    style.set_data(options.last("data", "string"))
    if "bare" in options:
        style.set_bare()
    style.headings = style.headings and "no-headings" not in options
    style.pretty = "pretty" in options
    return style


# Commands


def _list_dbs(job: Job) -> None:
    sys.stdout.write("".join(f"{name}\n" for name in _strings(job.client.call("list_dbs", []))))


def _get_schema(job: Job) -> None:
    sys.stdout.write(json_text(job.schema(), job.style.pretty) + "\n")


def _get_schema_version(job: Job) -> None:
    sys.stdout.write(f"{job.schema().get('version', '')}\n")


def _get_schema_cksum(job: Job) -> None:
    sys.stdout.write(f"{job.schema().get('cksum', '')}\n")


def _list_tables(job: Job) -> None:
    job.print(Grid(["Table"], [[word(name)] for name in sorted(job.schema()["tables"])]))


def _list_columns(job: Job) -> None:
    tables = job.schema()["tables"]
    chosen = job.words[:1] or sorted(tables)
    rows = []
    for table in chosen:
        columns = {"_uuid": {"type": "uuid"}, "_version": {"type": "uuid"}, **tables[table]["columns"]} if table in tables else {}
        for name, column in sorted(columns.items()):
            kind = column["type"]
            words = ([] if job.words else [table]) + [name]
            rows.append([*map(word, words), Cell(json_text(kind), json_text(kind), kind)])
    job.print(Grid([*([] if job.words else ["Table"]), "Column", "Type"], rows))


def _transact(job: Job) -> None:
    transaction = _transaction(job)
    job.tell_changes()
    asked = job.client.ask("transact", transaction)
    job.ready()
    try:
        answer = job.client.answer(asked)
    except ConnectError as error:
        raise CommandError(f"transaction failed ({error})") from None
    sys.stdout.write(json_text(answer, job.style.pretty) + "\n")


def _query(job: Job) -> None:
    """An abort at the end undoes everything; what it answers is not shown."""
    operations = _transaction(job)
    if not isinstance(operations[0], str):
        raise CommandError("not a valid OVSDB query")
    results = job.client.call("transact", [*operations, {"op": "abort"}])
    assert isinstance(results, list)
    if results[-1] == ABORTED:
        del results[-1]
    sys.stdout.write(json_text(results, job.style.pretty) + "\n")


def _transaction(job: Job) -> list[Any]:
    try:
        transaction = json.loads(job.words[0])
    except ValueError as error:
        raise CommandError(f'"{job.words[0]}": {error}') from None
    if not isinstance(transaction, list) or not transaction:
        raise CommandError("not a valid OVSDB query")
    return transaction


def _dump(job: Job) -> None:
    tables = job.schema()["tables"]
    if job.words and job.words[0] not in tables:
        raise CommandError(f'No table "{job.words[0]}" found.')
    chosen = job.words[:1] or sorted(tables)
    for name in chosen:
        types = {"_uuid": {"type": "uuid"}, **tables[name]["columns"]}
        for column in job.words[1:]:
            if column not in types and column != "_version":
                raise CommandError(f'Table "{name}" has no column {column}.')
        columns = sorted(job.words[1:] or types)
        answer = job.client.call("transact", [job.database, {"op": "select", "table": name, "where": [], "columns": columns}])
        assert isinstance(answer, list)
        known = {column: Column(column, types.get(column, {"type": "uuid"})) for column in columns}
        rows = [[cell(known[column], row[column]) for column in columns] for row in answer[0]["rows"]]
        # What a row says comes before which one it is.
        order = sorted(range(len(columns)), key=lambda place: columns[place].startswith("_"))
        rows.sort(key=lambda row: [row[place].string for place in order])
        job.print(Grid(columns, rows), f"{name} table", first=name == chosen[0])


def cell(column: Column, value: Any) -> Cell:
    """A JSON value of a column, as tables show it."""
    held = datum.from_wire(column, value)
    return Cell(datum.text(column, held), datum.bare(column, held), value)


def _backup(job: Job) -> None:
    """The schema and one record of every row, as in a file (ovsdb(5)); what does not outlive a restart is left out."""
    from pyovn.ovsdb.log import encode

    schema = job.schema()
    record: dict[str, Any] = {"_date": int(wall_s() * 1000), "_comment": "produced by \"ovsdb-client backup\""}
    for name, table in sorted(schema["tables"].items()):
        columns = [column for column, said in table["columns"].items() if not said.get("ephemeral")]
        answer = job.client.call("transact", [job.database, {"op": "select", "table": name, "where": [], "columns": ["_uuid", *columns]}])
        assert isinstance(answer, list)
        rows = {row.pop("_uuid")[1]: row for row in answer[0]["rows"]}
        if rows:
            record[name] = rows
    sys.stdout.flush()
    sys.stdout.buffer.write(encode(schema) + encode(record))


def _restore(job: Job) -> None:
    """Replace everything in one transaction; rows get new uuids, by which they refer to each other as before."""
    from pyovn.ovsdb.errors import OvsdbError
    from pyovn.ovsdb.log import decode

    try:
        schema, *records = decode(sys.stdin.buffer.read(), "stdin").records
    except (OvsdbError, ValueError) as error:
        raise CommandError(str(error)) from None
    if schema != job.schema() and "force" not in job.options:
        raise CommandError("backup schema and database schema differ; use --force to restore anyway")
    if len(records) > 1:
        raise CommandError("the backup is a database in use, not a snapshot; compact it first")
    operations: list[Any] = [{"op": "delete", "table": table, "where": []} for table in schema["tables"]]
    rows = [(table, uuid, row) for record in records for table, rows in _tables_of(record) for uuid, row in rows.items()]
    names = {uuid: "row" + uuid.replace("-", "_") for _, uuid, _ in rows}
    operations += [{"op": "insert", "table": table, "uuid-name": names[uuid], "row": _named(row, names)} for table, uuid, row in rows]
    answer = job.client.call("transact", [job.database, *operations])
    assert isinstance(answer, list)
    failed = [each for each in answer if each is not None and "error" in each]
    if failed:
        raise CommandError(f"restore failed: {json_text(failed[0])}")


def _tables_of(record: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, rows) for name, rows in record.items() if not name.startswith("_")]


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """A JSON value with names in the place of the uuids that have one."""
    if isinstance(value, dict):
        return {key: _named(each, names) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 2 and value[0] == "uuid" and value[1] in names:
        return ["named-uuid", names[value[1]]]
    return [_named(each, names) for each in value]


def _needs_conversion(job: Job) -> None:
    schema = _schema_file(job)
    sys.stdout.write("no\n" if job.client.call("get_schema", [schema["name"]]) == schema else "yes\n")


def _convert(job: Job) -> None:
    schema = _schema_file(job)
    # Who does not say that it can hear of changed databases is cut off by one.
    job.client.call("set_db_change_aware", [True])
    job.client.call("convert", [schema["name"], schema])


def _schema_file(job: Job) -> dict[str, Any]:
    from pyovn.ovsdb.errors import OvsdbError
    from pyovn.ovsdb.schema_json import schema_from_json

    try:
        with open(job.words[0], encoding="utf-8") as file:
            return schema_from_json(json.load(file)).to_json()
    except OSError as error:
        raise CommandError(f"{job.words[0]}: {error.strerror}") from None
    except (ValueError, OvsdbError) as error:
        raise CommandError(f"{job.words[0]}: {error}") from None


def _wait(job: Job) -> None:
    """Until the server says of the database, in `_Server`, what is asked."""
    database, state = job.words
    if state not in ("added", "connected", "removed"):
        raise CommandError(f"{state}: unknown state")
    job.tell_changes()
    job.client.call("monitor_cond", ["_Server", None, {"Database": [{"columns": ["name", "connected"]}]}])
    job.ready()
    select = {"op": "select", "table": "Database", "where": [["name", "==", database]], "columns": ["connected"]}
    while True:
        answer = job.client.call("transact", ["_Server", select])
        assert isinstance(answer, list)
        rows = answer[0]["rows"]
        if (state == "removed" and not rows) or (rows and (state == "added" or (state == "connected" and rows[0]["connected"]))):
            return
        job.client.wait(LOCK_POLL_S)
        job.client.notifications.clear()


def _lock(method: str) -> Run:
    def call(job: Job) -> None:
        job.tell_changes()
        sys.stdout.write(json_text(job.client.call(method, [job.words[0]])) + "\n")
        job.ready()
        if method != "unlock":
            # That the server goes is the usual end.
            with contextlib.suppress(ConnectError):
                follow(job.client, NAME, _print_notification, {"unlock": (lambda words: _unlock(job, words[0]), 1)})

    return call


def _unlock(job: Job, name: str) -> str:
    sys.stdout.write(json_text(job.client.call("unlock", [name])) + "\n")
    sys.stdout.flush()
    return ""


def _print_notification(method: str, params: Any) -> None:
    sys.stdout.write(f"{method}\n{json_text(params)}\n")
    sys.stdout.flush()


def _help() -> str:
    names = ""
    for name, (_, needs_database, _, most) in COMMANDS.items():
        names += f"  {name} [SERVER]{' [DATABASE]' if needs_database else ''}{' ARG...' if most else ''}\n"
    return f"{NAME}: Open vSwitch database JSON-RPC client\nusage: {NAME} [OPTIONS] COMMAND [ARG...]\n\nValid commands are:\n{names}"


def _refuse(text: str) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{NAME}: {text}\n")
    return 1


COMMANDS: dict[str, tuple[Run, bool, int, int]] = {
    "list-dbs": (_list_dbs, False, 0, 0),
    "get-schema": (_get_schema, True, 0, 0),
    "get-schema-version": (_get_schema_version, True, 0, 0),
    "get-schema-cksum": (_get_schema_cksum, True, 0, 0),
    "list-tables": (_list_tables, True, 0, 0),
    "list-columns": (_list_columns, True, 0, 1),
    "transact": (_transact, False, 1, 1),
    "query": (_query, False, 1, 1),
    "monitor": (monitor, True, 1, MANY),
    "monitor-cond": (monitor_cond, True, 2, MANY),
    "monitor-cond-since": (monitor_cond_since, True, 2, MANY),
    "wait": (_wait, False, 2, 2),
    "dump": (_dump, True, 0, MANY),
    "backup": (_backup, True, 0, 0),
    "restore": (_restore, True, 0, 0),
    "convert": (_convert, False, 1, 1),
    "needs-conversion": (_needs_conversion, False, 1, 1),
    "lock": (_lock("lock"), False, 1, 1),
    "steal": (_lock("steal"), False, 1, 1),
    "unlock": (_lock("unlock"), False, 1, 1),
}
