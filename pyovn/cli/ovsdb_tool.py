"""`ovsdb-tool`: create, inspect, change, compact and convert database files (ovsdb-tool(1)).

It works on files, not through a server; a file that a server has open can be read but not written.
"""

from __future__ import annotations

import contextlib
import json
import operator
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from pyovn.cli.ovsdb_log import log_lines
from pyovn.ovsdb.atom import IDENTIFIER, UUID, syntax_error
from pyovn.ovsdb.atom import compact as compact_json
from pyovn.ovsdb.cluster_file import check_address, create_cluster, join_cluster, read_header, standalone_file
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import World, converted, create_file, io_error, load, lock_file, open_file, read_file, write_new, write_over
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import CLUSTER_MAGIC, MAGIC, decode, records
from pyovn.ovsdb.operation import Operation
from pyovn.ovsdb.rbac import Actor, check_allowed
from pyovn.ovsdb.record import snapshot
from pyovn.ovsdb.schema import DatabaseSchema, canonical
from pyovn.ovsdb.schema_json import VERSION, schema_from_json
from pyovn.ovsdb.transaction import Transaction
from pyovn.ovsdb.wire import operation_from_json, outcome_to_json

LEAST_ELECTION_MS, MOST_ELECTION_MS = 100, 600_000

PROGRAM = "ovsdb-tool"
RELEASE = "3.7.0"


class UsageError(Exception):
    """The command line, or a file it names, is no good; the text is the whole complaint."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a command works with: files, where to print, the default files, and what options say.

    How much `show-log` tells, which cluster is joined, as whom a transaction is run, when servers of a new cluster elect a leader.
    """

    world: World
    out: TextIO
    default_db: str
    default_schema: str
    schemas: Callable[[str], DatabaseSchema | None]
    more: int = 0
    cluster: str = ""
    role: str = ""
    election_timer: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it does, answering the exit status, and its operands as the help shows them."""

    run: Callable[[Invocation, Sequence[str]], int]
    usage: str
    least: int
    most: int


def run(argv: Sequence[str], invocation: Invocation, err: TextIO) -> int:
    """Carry out a command line without options: the command and its operands. Answers the exit status."""
    try:
        if not argv:
            raise UsageError("missing command name; use --help for help")
        name, operands = argv[0], argv[1:]
        command = COMMANDS.get(name)
        if command is None:
            raise UsageError(f"unknown command '{name}'; use --help for help")
        if len(operands) < command.least:
            raise UsageError(f"'{name}' command requires at least {command.least} arguments")
        if len(operands) > command.most:
            raise UsageError(f"'{name}' command takes at most {command.most} arguments")
        return command.run(invocation, operands)
    except (UsageError, OvsdbError) as error:
        err.write(f"{PROGRAM}: {error}\n")
        return 1


def _db(invocation: Invocation, operands: Sequence[str]) -> str:
    return operands[0] if operands else invocation.default_db


def _read_schema(invocation: Invocation, path: str) -> DatabaseSchema:
    """The schema in a file; those that come with us are found by their file's name where there is no such file."""
    try:
        text = invocation.world.storage.read(path)
    except OSError as error:
        known = invocation.schemas(path)
        if isinstance(error, FileNotFoundError) and known is not None:
            return known
        raise UsageError(f'failed to read schema: "{path}" could not be read as JSON (error opening "{path}": {error.strerror})') from None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f'failed to read schema: "{path}" could not be read as JSON ({error})') from None
    try:
        return schema_from_json(given)
    except OvsdbError as error:
        raise OvsdbError(error.tag, f'failed to parse "{path}" as ovsdb schema: {error.details}', syntax=error.syntax) from None


def _schema_at(invocation: Invocation, operands: Sequence[str], position: int) -> DatabaseSchema:
    return _read_schema(invocation, operands[position] if len(operands) > position else invocation.default_schema)


def _schema_of(invocation: Invocation, path: str) -> DatabaseSchema:
    """The schema that a database file holds."""
    return schema_from_json(read_file(invocation.world.storage, path).records[0])


def _print(invocation: Invocation, line: str) -> int:
    invocation.out.write(f"{line}\n")
    return 0


def create(invocation: Invocation, operands: Sequence[str]) -> int:
    """Create an empty database."""
    create_file(invocation.world, _db(invocation, operands), _schema_at(invocation, operands, 1))
    return 0


def compact(invocation: Invocation, operands: Sequence[str]) -> int:
    """Write a database anew without its history, in place or to another file."""
    return _rewrite(invocation, _db(invocation, operands), operands[1:], lambda database: (database, "compacted"))


def convert(invocation: Invocation, operands: Sequence[str]) -> int:
    """Write a database anew under another schema, in place or to another file."""
    schema = _schema_at(invocation, operands, 1)
    return _rewrite(
        invocation, _db(invocation, operands), operands[2:], lambda database: (converted(database, schema, invocation.world), "converted")
    )


def _rewrite(invocation: Invocation, path: str, target: Sequence[str], change: Callable[[Database], tuple[Database, str]]) -> int:
    world = invocation.world
    with contextlib.ExitStack() as stack:
        file = open_file(world, path)
        stack.callback(file.close)
        database, done = change(file.database)
        data = snapshot(database, world.now_ms(), f"{done} by {PROGRAM} {RELEASE}")
        other = world.storage.real_path(target[0]) if target else file.path
        if other != file.path:
            stack.callback(lock_file(world.storage, other))
        write_over(world.storage, other, data)
    return 0


def needs_conversion(invocation: Invocation, operands: Sequence[str]) -> int:
    """Say whether a database's schema is another than a file's."""
    held = _schema_of(invocation, _db(invocation, operands))
    same = canonical(held) == canonical(_schema_at(invocation, operands, 1))
    return _print(invocation, "no" if same else "yes")


def _about_db(what: Callable[[DatabaseSchema], str]) -> Callable[[Invocation, Sequence[str]], int]:
    return lambda invocation, operands: _print(invocation, what(_schema_of(invocation, _db(invocation, operands))))


def _about_schema(what: Callable[[DatabaseSchema], str]) -> Callable[[Invocation, Sequence[str]], int]:
    return lambda invocation, operands: _print(invocation, what(_schema_at(invocation, operands, 0)))


def _is(magic: bytes) -> Callable[[Invocation, Sequence[str]], int]:
    """Status 0 if the file is of this kind, 2 if it is of the other."""

    def check(invocation: Invocation, operands: Sequence[str]) -> int:
        data = _first_bytes(invocation, operands[0])
        return 0 if data.startswith(magic) else 2

    return check


def _first_bytes(invocation: Invocation, path: str) -> bytes:
    try:
        data = invocation.world.storage.read(path)
    except OSError as error:
        raise OvsdbError("I/O error", f"{path}: open failed", io_error=error.strerror) from None
    if not data.startswith((MAGIC, CLUSTER_MAGIC)):
        raise OvsdbError("ovsdb error", f"{path}: unexpected file format")
    return data


def db_name(invocation: Invocation, operands: Sequence[str]) -> int:
    """Print the name of a database of either kind."""
    path = _db(invocation, operands)
    data = _first_bytes(invocation, path)
    clustered = data.startswith(CLUSTER_MAGIC)
    return _print(invocation, str(read_header(data, path)["name"]) if clustered else _schema_of(invocation, path).name)


def _about_cluster(member: str) -> Callable[[Invocation, Sequence[str]], int]:
    """Print what a clustered database's file says of its server; status 2 if that is not known yet."""

    def show(invocation: Invocation, operands: Sequence[str]) -> int:
        (path,) = operands
        data = _first_bytes(invocation, path)
        if not data.startswith(CLUSTER_MAGIC):
            raise UsageError(f"{path}: not a clustered database")
        header = read_header(data, path)
        if member not in header:
            sys.stderr.write(f"{path}: cluster ID not yet known\n")
            return 2
        return _print(invocation, str(header[member]))

    return show


def create_first(invocation: Invocation, operands: Sequence[str]) -> int:
    """Create the file of a cluster's first server, from a schema or a database."""
    path, contents, address = operands
    election_ms = 0
    if invocation.election_timer:
        election_ms = int(invocation.election_timer) if invocation.election_timer.isdecimal() else 0
        if not LEAST_ELECTION_MS <= election_ms <= MOST_ELECTION_MS:
            range_ = f"between {LEAST_ELECTION_MS} and {MOST_ELECTION_MS}"
            raise OvsdbError("ovsdb error", f"election timer must be {range_}, in msec.")
    data = _schema_and_rows(invocation, contents)
    check_address(address)
    create_cluster(invocation.world, path, data, address, election_ms=election_ms)
    return 0


def _schema_and_rows(invocation: Invocation, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a database or a schema, whichever the file holds, begins with."""
    world = invocation.world
    try:
        holds_database = world.storage.read(path).startswith(MAGIC)
    except OSError as error:
        if invocation.schemas(path) is None:
            raise io_error(path, "open failed", error) from None
        holds_database = False
    if not holds_database:
        return _read_schema(invocation, path).to_json(), {}
    database, _ = load(world, path)
    schema, rows = decode(snapshot(database, world.now_ms(), f"created from {path}"), path).records
    return schema, {**rows, "_is_diff": True}


def join(invocation: Invocation, operands: Sequence[str]) -> int:
    """Create the file of a server that joins a cluster."""
    path, name, address, *remotes = operands
    if not IDENTIFIER.match(name):
        raise UsageError(f'{name}: not a valid schema name (use "schema-name" command to find the correct name)')
    if invocation.cluster and not UUID.match(invocation.cluster):
        raise UsageError(f"{invocation.cluster}: not a valid UUID")
    for each in (address, *remotes):
        check_address(each)
    if address in remotes:
        raise OvsdbError("ovsdb error", "remote addresses cannot be the same as the local address")
    join_cluster(invocation.world, path, name, address, remotes=remotes, cluster=invocation.cluster)
    return 0


def to_standalone(invocation: Invocation, operands: Sequence[str]) -> int:
    """Write a standalone database that holds what a clustered one's file does."""
    path, clustered = operands
    data = _first_bytes(invocation, clustered)
    if not data.startswith(CLUSTER_MAGIC):
        raise OvsdbError("ovsdb error", f"{clustered}: not a clustered database")
    write_new(invocation.world.storage, path, standalone_file(invocation.world, data, clustered))
    return 0


def _refuse_cluster(invocation: Invocation, path: str) -> None:
    if _first_bytes(invocation, path).startswith(CLUSTER_MAGIC):
        raise OvsdbError("not supported", f"{path}: clustered databases are served by the reference's ovsdb-server and tools")


def no_clusters(invocation: Invocation, operands: Sequence[str]) -> int:
    """What is said of commands that make or read clustered databases."""
    raise OvsdbError("not supported", "clustered databases are served by the reference's ovsdb-server and made by its ovsdb-tool")


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, ">=": operator.ge, ">": operator.gt, "!=": operator.ne,
}  # fmt: skip


def compare_versions(invocation: Invocation, operands: Sequence[str]) -> int:
    """Status 0 if the comparison of two schema versions holds, 2 if not."""
    left, function, right = operands
    for version in (left, right):
        if not VERSION.match(version):
            raise UsageError(f"{version}: not an OVSDB version number in format x.y.z")
    if function not in OPERATORS:
        raise UsageError(f"{function}: not a relational operator")
    numbers = [tuple(int(part) for part in version.split(".")) for version in (left, right)]
    return 0 if OPERATORS[function](*numbers) else 2


def query(invocation: Invocation, operands: Sequence[str]) -> int:
    """Run a transaction and print its results; the file stays as it is."""
    request = _request(operands[-1])
    database, _ = load(invocation.world, _db(invocation, operands[:-1]))
    return _print(invocation, _answer(database, request, invocation.role))


def transact(invocation: Invocation, operands: Sequence[str]) -> int:
    """Run a transaction, print its results and keep what it changed."""
    request = _request(operands[-1])
    file = open_file(invocation.world, _db(invocation, operands[:-1]))
    try:
        answer = _answer(file.database, request, invocation.role)
        file.log.sync()
    finally:
        file.close()
    return _print(invocation, answer)


def _request(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f'"{text}": {error}') from None


def _answer(database: Database, request: Any, role: str) -> str:
    """The results of a transaction, run in this role ("" for none), as a line of JSON."""
    if type(request) is not list:
        return compact_json(syntax_error(request, "array expected").to_json())
    if not request or request[0] != database.schema.name:
        return compact_json(syntax_error(request, "database name expected as first parameter").to_json())
    operations, actor = request[1:], Actor(role=role)

    def parse(transaction: Transaction, given: Any, position: int) -> Operation:
        operation = operation_from_json(transaction.tables, given, transaction.resolve, (position + 1, len(operations)))
        check_allowed(transaction.tables, operation, actor)
        return operation

    outcome = database.transact(operations, parse=parse, elapsed_ms=0)
    if outcome is None:
        return compact_json([OvsdbError("not supported", "triggers not supported").to_json()])
    return compact_json(outcome_to_json(database, operations, outcome))


def show_log(invocation: Invocation, operands: Sequence[str]) -> int:
    """Print what each record of a file says."""
    path = _db(invocation, operands)
    _refuse_cluster(invocation, path)
    found = (record for record, _ in records(invocation.world.storage.read(path), path))
    for line in log_lines(found, invocation.more):
        invocation.out.write(f"{line}\n")
    return 0


def list_commands(invocation: Invocation, operands: Sequence[str]) -> int:
    """Print the commands and their operands."""
    _print(invocation, "The available commands are:")
    for name, command in COMMANDS.items():
        _print(invocation, f"  {name:<23} {command.usage}")
    return 0


def usage(invocation: Invocation, operands: Sequence[str]) -> int:
    """Print how the program is used."""
    invocation.out.write(f"{PROGRAM}: Open vSwitch database management utility\nusage: {PROGRAM} [OPTIONS] COMMAND [ARG...]\n")
    for name, command in COMMANDS.items():
        _print(invocation, f"  {name} {command.usage.upper()}".rstrip())
    _print(invocation, f"The default DB is {invocation.default_db}.\nThe default SCHEMA is {invocation.default_schema}.")
    _print(invocation, "\nOptions:\n  -m, --more     tell more in show-log, once: rows, twice: columns")
    _print(invocation, "  -h, --help     display this help message")
    return _print(invocation, "  -V, --version  display version information")


COMMANDS: Mapping[str, Command] = {
    "create": Command(create, "[db [schema]]", 0, 2),
    "create-cluster": Command(create_first, "db contents local", 3, 3),
    "join-cluster": Command(join, "db name local remote...", 4, 1000),
    "compact": Command(compact, "[db [dst]]", 0, 2),
    "convert": Command(convert, "[db [schema [dst]]]", 0, 3),
    "needs-conversion": Command(needs_conversion, "", 0, 2),
    "db-name": Command(db_name, "[db]", 0, 1),
    "db-version": Command(_about_db(lambda schema: schema.version), "[db]", 0, 1),
    "db-cksum": Command(_about_db(lambda schema: schema.cksum), "[db]", 0, 1),
    "db-cid": Command(_about_cluster("cluster_id"), "db", 1, 1),
    "db-sid": Command(_about_cluster("server_id"), "db", 1, 1),
    "db-local-address": Command(_about_cluster("local_address"), "db", 1, 1),
    "db-is-clustered": Command(_is(CLUSTER_MAGIC), "db", 1, 1),
    "db-is-standalone": Command(_is(MAGIC), "db", 1, 1),
    "schema-name": Command(_about_schema(lambda schema: schema.name), "[schema]", 0, 1),
    "schema-version": Command(_about_schema(lambda schema: schema.version), "[schema]", 0, 1),
    "schema-cksum": Command(_about_schema(lambda schema: schema.cksum), "[schema]", 0, 1),
    "query": Command(query, "[db] trns", 1, 2),
    "transact": Command(transact, "[db] trns", 1, 2),
    "show-log": Command(show_log, "[db]", 0, 1),
    "check-cluster": Command(no_clusters, "db...", 1, 1000),
    "compare-versions": Command(compare_versions, "a op b", 3, 3),
    "help": Command(usage, "", 0, 1000),
    "list-commands": Command(list_commands, "", 0, 1000),
    "cluster-to-standalone": Command(to_standalone, "db clusterdb", 2, 2),
}


def main(argv: Sequence[str] | None = None) -> int:
    """The program: its arguments (without its name), the exit status."""
    from pyovn import schemas
    from pyovn.runtime import logging as vlog
    from pyovn.runtime import options, paths
    from pyovn.runtime.storage import disk_world
    from pyovn.runtime.version import version_text

    known = (
        options.Option("more", short="m"), *(options.Option(name, "required") for name in VALUED), *options.LOGGING[:1],
        options.Option("help", short="h"), options.Option("option", short="o"), options.Option("version", short="V"),
    )  # fmt: skip
    try:
        given = options.parse_options(sys.argv[1:] if argv is None else argv, known)
        vlog.set_all_levels(vlog.start_log(PROGRAM), given.all("verbose"))
    except (options.OptionError, vlog.VlogError) as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return 1
    if "version" in given or "option" in given:
        sys.stdout.write(version_text(PROGRAM) if "version" in given else options.listing(known))
        return 0
    folders = paths.ovs_paths(os.environ)
    data = os.environ.get("OVS_PKGDATADIR") or "/usr/share/openvswitch"
    default_db, default_schema = f"{folders.dbdir}/conf.db", f"{data}/vswitch.ovsschema"
    invocation = Invocation(
        disk_world(schemas.classes_for), sys.stdout, default_db, default_schema, schemas.schema_of_file, len(given.all("more")),
        given.last("cid", ""), given.last("rbac-role", ""), given.last("election-timer", ""),
    )  # fmt: skip
    return run(["help"] if "help" in given else given.operands, invocation, sys.stderr)


VALUED = ("rbac-role", "cid", "election-timer")
"""Options with a value."""

if __name__ == "__main__":
    sys.exit(main())
