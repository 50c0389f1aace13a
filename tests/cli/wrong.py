"""Command lines that are wrong, as a person or a script types them: run each as a process and keep its status and first error line.

`PYOVN_REFERENCE=DIR python -m tests.cli.wrong` records anew what the reference answers.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import nb, sb, vswitch
from tests.cli.agreement import commands, found, write
from tests.cli.beside import Result
from tests.runtime.processes import command

LISTS = Path(__file__).parent / "wrong_lists"
WORDS = {"LONG": "x" * 10_000, "DEEP": "[" * 10_000 + "]" * 10_000, "EMPTY": ""}
SCHEMAS = {"nb": nb, "sb": sb, "vs": vswitch}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z\|\d+\|")
COMPARED = ("editors", "tools")
"""Lists that both refuse in the same words."""
TIME_LIMIT_S = 20
STARTED = ["--detach", "--no-chdir", "--pidfile=server.pid", "--log-file=server.log", "--unixctl=server.ctl", "-vconsole:off"]
REMOTES = [f"--remote=punix:{name}" for name in ("db.sock", "ovnnb_db.sock", "ovnsb_db.sock")]
ROWS = ["ls-add sw0 -- lsp-add sw0 p1 -- lsp-add sw0 p2 -- lr-add r0 -- lrp-add r0 rp 00:00:00:00:00:01 10.0.0.1/24 -- ls-add twin",
        "--add-duplicate ls-add twin"]  # fmt: skip

Argv = Callable[[str], list[str]]


def record(text: str) -> bytes:
    """One record of a database file."""
    return f"OVSDB JSON {len(text)} {hashlib.sha1(text.encode()).hexdigest()}\n{text}".encode()


def bad_files(folder: Path) -> None:
    """Files that are not what they are taken for, each in its own way."""
    schema = json.dumps(schema_of(nb).to_json(), separators=(",", ":")) + "\n"
    rows = ({str_uuid(number): {"name": f"sw{number}"}} for number in (1, 2, 3))
    changes = [record(json.dumps({"_date": 1, "Logical_Switch": row}) + "\n") for row in rows]
    good = record(schema) + b"".join(changes)
    files = {
        "good.db": good,
        "torn.db": good[:-20],
        "torn_header.db": good + b"OVSDB JSON 12",
        "flipped.db": good.replace(b'"sw2"', b'"sw9"'),
        "bad_length.db": good + b"OVSDB JSON 99999999999999999999 " + b"0" * 40 + b"\n",
        "not_json.db": good + record("{nothing}\n"),
        "not_object.db": good + record("[1]\n"),
        "no_table.db": good + record('{"Nope":{}}\n'),
        "no_column.db": good + record(json.dumps({"Logical_Switch": {str_uuid(4): {"nope": 1}}}) + "\n"),
        "bad_value.db": good + record(json.dumps({"Logical_Switch": {str_uuid(4): {"name": 1}}}) + "\n"),
        "empty.db": b"",
        "garbage.db": bytes(range(256)) * 16,
        "line.db": b"hello\n",
        "clustered.db": b"OVSDB CLUSTER 2 " + hashlib.sha1(b"{}").hexdigest().encode() + b"\n{}",
        "not_json.ovsschema": b"{",
        "list.ovsschema": b"[]",
        "nameless.ovsschema": b'{"tables":{}}',
        "bad_name.ovsschema": b'{"name":"a b","version":"1.0.0","tables":{}}',
        "bad_type.ovsschema": b'{"name":"a","version":"1.0.0","tables":{"t":{"columns":{"c":{"type":"nope"}}}}}',
        "good.ovsschema": b'{"name":"a","version":"1.0.0","tables":{"t":{"columns":{"c":{"type":"string"}}}}}',
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


def str_uuid(number: int) -> str:
    """The uuid of a row in the bad files."""
    return f"{number:08x}-0000-4000-8000-000000000000"


@contextmanager
def place(argv: Argv) -> Iterator[Path]:
    """A folder with bad files and a server of three databases, run by the programs that `argv` finds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bad_files(folder)
        for file, module in SCHEMAS.items():
            (folder / f"{file}.ovsschema").write_text(json.dumps(schema_of(module).to_json()))
            call(folder, [*argv("ovsdb-tool"), "create", f"{file}.db", f"{file}.ovsschema"])
        call(folder, [*argv("ovsdb-server"), *STARTED, *REMOTES, *(f"{file}.db" for file in SCHEMAS)])
        try:
            for words in ROWS:
                call(folder, [*argv("ovn-nbctl"), *words.split()])
            call(folder, [*argv("ovs-vsctl"), "--no-wait", "init"])
            yield folder
        finally:
            os.kill(int((folder / "server.pid").read_text()), 15)


def call(folder: Path, argv: list[str]) -> None:
    """Run what has to succeed."""
    done = attempt(folder, argv)
    assert done.status == 0, (argv[-3:], done.err)


def attempt(folder: Path, argv: list[str]) -> Result:
    """Run a command line in the folder. The name it is called by is its first word; what is run is behind a null byte in it."""
    name, _, program = argv[0].partition("\0")
    here = {f"{project}_{kind}DIR": "." for project in ("OVS", "OVN") for kind in ("RUN", "LOG", "DB", "SYSCONF")}
    env = {**os.environ, **here, "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [name, *argv[1:]], executable=program or name, env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=TIME_LIMIT_S, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def answers(lines: list[str], argv: Argv) -> list[tuple[str, Result]]:
    """What the programs answer to wrong lines, which must leave the databases as they are."""
    with place(argv) as folder, ThreadPoolExecutor(3) as pool:
        before = contents(folder)
        made = list(pool.map(lambda line: (line, shortened(attempt(folder, expand(line, argv)))), lines))
        assert contents(folder) == before
        return made


def expand(line: str, argv: Argv) -> list[str]:
    """The words of a line."""
    program, *words = [WORDS[word[1:]] if word[:1] == "$" and word[1:] in WORDS else word for word in shlex.split(line)]
    return [*argv(program), *words]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the folder that is not a log or a lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".log" and path.name[0] != "."}


def shortened(result: Result) -> Result:
    """A result with one line of its errors, the first that is the program's own, and without times, long words and folders."""
    lines = [STAMP.sub("TIME|", line) for line in result.err.splitlines()]
    own = [line for line in lines if not line.startswith("TIME|")] or lines
    text = "\n".join(own[:1]).replace(WORDS["LONG"], "$LONG").replace(WORDS["DEEP"], "$DEEP")
    return Result(result.status, result.out, text)


def our_argv(program: str) -> list[str]:
    """How one of our programs is run."""
    return command(program)


def reference_argv(folder: Path) -> Argv:
    """How one of the reference's programs is run: under its bare name, as a shell would."""
    return lambda program: [f"{program}\0{found(folder, program)}"]


if __name__ == "__main__":
    for path in (LISTS / f"{name}.txt" for name in COMPARED):
        write(path.with_suffix(".recorded"), answers(commands(path), reference_argv(Path(os.environ["PYOVN_REFERENCE"]))))
