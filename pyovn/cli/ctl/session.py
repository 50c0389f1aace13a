"""One run of a ctl program: parse, connect, run the commands as one transaction, commit, wait for those who must follow, print.

Rule: nothing is printed on `out` before the transaction is committed; whatever goes wrong is one line on `err`.
"""

from __future__ import annotations

from pyovn.cli.client import CommandError, Exit, ServerError, Target, TimedOut, TryAgain, Unreachable
from pyovn.cli.ctl import grammar
from pyovn.cli.ctl.progress import progress_of
from pyovn.cli.ctl.references import check_symbols, warn_of_lost
from pyovn.cli.ctl.rows import Row, Rows
from pyovn.cli.ctl.schema import Schema
from pyovn.cli.table import Grid, json_text, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pyovn.cli.client import Client, Connect, Writer
    from pyovn.cli.ctl.grammar import Call, Options
    from pyovn.cli.ctl.program import Program

SIGALRM_STATUS = 142
"""The exit status of a process that SIGALRM ended, as a shell shows it."""


class Session:
    """What one run of a program is made of."""

    __slots__ = ("argv", "calls", "client", "env", "err", "options", "program", "schema", "status", "warned")

    def __init__(self, program: Program, argv: list[str], env: Mapping[str, str], err: Writer) -> None:
        self.program = program
        self.argv = argv
        self.env = env
        self.err = err
        self.status = 0
        self.warned = 1
        """Lines the log has had; the first is always the one that says how the program was called."""
        self.options: Options
        self.calls: list[Call]
        self.client: Client
        self.schema: Schema


def run(program: Program, argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run the program; the exit status."""
    session = Session(program, argv, env, err)
    try:
        return answer(session, out, connect)
    except CommandError as error:
        err.write(f"{program.name}: {error}\n")
        return error.status
    except Exit as ending:
        return ending.status
    except Unreachable as error:
        for module, level, text in error.log:
            warn(session, module, text, level)
            session.warned += 1
        err.write(f"{program.name}: {error.remote}: database connection failed ({error})\n")
    except ServerError as error:
        session.warned += 1
        warn(session, "ovsdb_idl", f"transaction error: {json_text(error.error)}")
        err.write(f"{program.name}: transaction error: {json_text(error.error)}\n")
    except TimedOut:
        warn(session, "fatal_signal", "terminating with signal 14 (Alarm clock)")
        return SIGALRM_STATUS
    return 1


def answer(session: Session, out: Writer, connect: Connect) -> int:
    """Do what the command line says."""
    words = session.env.get(session.program.options_variable, "").split() if session.program.options_variable else []
    session.options, session.calls = grammar.parse(session.program, [*words, *session.argv])
    grammar.limit_by_environment(session.options, session.env)
    if session.options.action:
        from pyovn.cli.ctl import usage

        out.write(usage.text(session.program, session.options.action, session.env))
        return 0
    started_ms = wall_ms() if session.options.print_wait_time else 0
    session.client = connect(target_of(session))
    try:
        session.schema = Schema(session.client.call("get_schema", [session.program.database]))
        db, text, goal = transact(session)
        out.write(text)
        if goal is not None:
            out.write(follow(session, db, goal, started_ms))
    finally:
        session.client.close()
    return session.status


def wall_ms() -> int:
    """The wall clock, in milliseconds."""
    from datetime import UTC, datetime

    return int(datetime.now(UTC).timestamp() * 1000)


def follow(session: Session, db: Rows, goal: int, started_ms: int) -> str:
    """Wait for those who must follow; how long that took, if it is to be told."""
    progress = progress_of(session.program.database, session.options.wait)
    said = ""
    if progress is not None:
        progress.follow(session.client, goal)
        said = progress.spent(session.client, goal, started_ms) if session.options.print_wait_time else ""
    after_commit = session.program.after_commit
    if after_commit is not None and session.options.wait != "none":
        session.status = after_commit(session.client, db, session.err, session.env)
    return said


def target_of(session: Session) -> Target:
    """The server that the options or the environment name."""
    options, program = session.options, session.program
    named = options.database
    if named is None:
        named = session.env.get(program.database_variable, "") or program.default_remote(session.env)
    return Target(
        named,
        program.database,
        leader_only=options.leader_only,
        shuffle=options.shuffle,
        retry=options.retry,
        timeout_s=options.timeout_s,
        tls=options.tls,
    )


def transact(session: Session) -> tuple[Rows, str, int | None]:
    """Run the commands until they are committed: the rows, what is printed, and the number to follow (None: nothing changed)."""
    watching = False
    while True:
        db = Rows(session.client, session.schema, session.program.keys)
        db.env, db.tls = session.env, session.options.tls
        try:
            printed = run_commands(session, db)
            check_symbols(db)
            warn_of_lost(db, session.program.module_name)
        except TryAgain:
            if watching:
                session.client.wait(None)
            else:
                watch(session, {table: {} for table in session.schema.tables})
                watching = True
            continue
        finally:
            say_warnings(session, db)
        operations = [] if session.options.dry_run else db.operations()
        if not operations and not forced(session):
            return db, show(session, printed, {}), None
        done = commit(session, operations)
        if done is not None:
            uuids, goal = done
            return db, show(session, printed, uuids), goal


def run_commands(session: Session, db: Rows) -> list[Any]:
    """Run each command of the chain; what each returned."""
    called = " ".join([session.program.name, *(shell_word(word) for word in session.argv)])
    db.comments.append(f"{session.program.name}: {called}")
    db.singleton(session.program.root)
    for call in session.calls:
        if call.command.usage.startswith("TABLE"):
            from pyovn.cli.ctl.database import look_ahead

            look_ahead(db, call.command.name, call.arguments, call.options)
    return [call.command.function(db, *call.arguments, **call.options) for call in session.calls]


def shell_word(word: str) -> str:
    """A word of the command line as the log shows it."""
    return word if word and not any(c in ' "\\\n' for c in word) else json_text(word)


def forced(session: Session) -> bool:
    """Whether to wait even though nothing changes: `sync` asks for it."""
    wanted = any(call.command.name == "sync" for call in session.calls)
    return wanted and session.options.wait in ("sb", "hv") and not session.options.dry_run


def commit(session: Session, operations: list[Any]) -> tuple[dict[str, str], int] | None:
    """Commit; the uuids of the new rows by the ones they had before and the number to follow, or None if it has to be tried again."""
    inserted = [operation.get("uuid-name", "") for operation in operations if operation["op"] == "insert"]
    where = [at for at, operation in enumerate(operations) if operation["op"] == "insert"]
    progress = progress_of(session.program.database, session.options.wait)
    full = [*operations, *(progress.increment() if progress else [])]
    results = session.client.call("transact", [session.program.database, *full])
    for result in results:
        if result and "error" in result:
            if result["error"] == "timed out":
                return None
            raise ServerError(result)
    goal = results[-1]["rows"][0][progress.counter] if progress else 0
    return {name: results[at]["uuid"][1] for name, at in zip(inserted, where)}, goal


def watch(session: Session, tables: dict[str, Any]) -> None:
    """Ask the server to speak up when these tables change."""
    session.client.call("monitor", [session.program.database, "watch", tables])


def show(session: Session, printed: list[Any], uuids: dict[str, str]) -> str:
    """What the commands returned, as text."""
    pieces = []
    for piece in printed:
        if isinstance(piece, Grid):
            pieces.append(render(piece, session.options.style))
            continue
        text = piece or ""
        if isinstance(piece, Row):
            text = uuids.get("row" + piece.uuid.replace("-", "_"), piece.uuid) + "\n"
        if session.options.oneline:
            text = text.removesuffix("\n").replace("\\", "\\\\").replace("\n", "\\n") + "\n"
        pieces.append(text)
    return "".join(pieces)


def say_warnings(session: Session, db: Rows) -> None:
    """Write what the commands want to be in the log."""
    for module, text in db.warnings:
        session.warned += 1
        warn(session, module, text)


def warn(session: Session, module: str, text: str, level: str = "WARN") -> None:
    """One line of the log, on `err`, as -v wants it."""
    from datetime import UTC, datetime

    from pyovn.cli.ctl.vlog import Console

    console = Console(session.options.verbose)
    if console.shows(module, level):
        session.err.write(console.line(session.program.name, (module, level, text), max(session.warned, 1), datetime.now(UTC)))
