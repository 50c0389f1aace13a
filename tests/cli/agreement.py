"""Command lists whose outputs must be the reference's: read them, run them on a reference beside, record what it answered.

`PYOVN_REFERENCE=DIR python -m tests.cli.agreement` records anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.beside import Bench, Result

LISTS = Path(__file__).parent / "agreement_lists"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z\|\d+")
SCHEMAS = {
    "nb.db": "ovn/ovn-nb.ovsschema", "sb.db": "ovn/ovn-sb.ovsschema", "ic_nb.db": "ovn/ovn-ic-nb.ovsschema",
    "ic_sb.db": "ovn/ovn-ic-sb.ovsschema", "vs.db": "openvswitch/vswitch.ovsschema", "vtep.db": "openvswitch/vtep.ovsschema",
}  # fmt: skip
HOST_PROGRAMS = ("ovs-vsctl", "vtep-ctl")
"""Programs whose remote no variable of the environment names."""

Run = Callable[[str, list[str]], Result]


def commands(path: Path) -> list[str]:
    """The command lines of a list."""
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def normal(text: str) -> str:
    """A text without what differs from run to run: uuids, times, the order of rows."""
    return "\n".join(sorted(UUID.sub("UUID", STAMP.sub("TIME", text)).splitlines()))


def play(lines: list[str], run: Run) -> Iterator[tuple[str, Result]]:
    """Run a list. `name:= command` keeps the output, `$name` stands for it."""
    kept: dict[str, str] = {}
    for line in lines:
        words = [re.sub(r"\$(\w+)", lambda found: kept.get(found[1], ""), word) for word in shlex.split(line)]
        name = words.pop(0)[:-2] if words[0].endswith(":=") else ""
        result = run(words[0], words[1:])
        if name:
            kept[name] = result.out.strip()
        yield line, Result(result.status, normal(result.out), normal(result.err))


def ours(lines: list[str]) -> list[tuple[str, Result]]:
    """What our programs answer."""
    bench = Bench()
    return list(play(lines, lambda program, words: bench.run(program, *front(program), *words)))


def front(program: str) -> list[str]:
    """Options that every command line of a program gets: there is no switch that could follow."""
    return ["--no-wait"] if program == "ovs-vsctl" else []


def found(folder: Path, name: str) -> Path:
    """A file of the reference, wherever in its folder it is."""
    return next(folder / place / name for place in ("bin", "sbin", "share", ".") if (folder / place / name).exists())


@contextmanager
def server(folder: Path, work: Path) -> Iterator[Run]:
    """The reference's programs on its own server with empty databases."""
    for file, schema in SCHEMAS.items():
        subprocess.run([found(folder, "ovsdb-tool"), "create", work / file, found(folder, schema)], check=True)
    sock = f"unix:{work}/sock"
    places = [f"--log-file={work}/log", f"--remote=p{sock}", f"--unixctl={work}/ctl", f"--pidfile={work}/pid"]
    options = ["--detach", "--no-chdir", *places]
    subprocess.run([found(folder, "ovsdb-server"), *options, *(work / file for file in SCHEMAS)], check=True, stderr=subprocess.DEVNULL)
    env = os.environ | dict.fromkeys(("OVN_NB_DB", "OVN_SB_DB", "OVN_IC_NB_DB", "OVN_IC_SB_DB"), sock)

    def run(program: str, words: list[str]) -> Result:
        remote = [f"--db={sock}"] if program in HOST_PROGRAMS else []
        command = [program, *remote, *front(program), *words]
        done = subprocess.run(command, executable=found(folder, program), env=env, capture_output=True, text=True, timeout=30)
        return Result(done.returncode, done.stdout, done.stderr)

    try:
        yield run
    finally:
        os.kill(int((work / "pid").read_text()), 15)


def reference(folder: Path, lines: list[str]) -> list[tuple[str, Result]]:
    """What the reference answers."""
    with tempfile.TemporaryDirectory() as work, server(folder, Path(work)) as run:
        return list(play(lines, run))


def write(path: Path, answers: list[tuple[str, Result]]) -> None:
    """Record answers."""
    pieces = []
    for line, result in answers:
        pieces.append(f"$ {line}\n= {result.status}\n")
        pieces += [f"> {text}\n" for text in result.out.splitlines()] + [f"! {text}\n" for text in result.err.splitlines()]
    path.write_text("".join(pieces))


def read(path: Path) -> list[tuple[str, Result]]:
    """Recorded answers."""
    answers: list[tuple[str, Result]] = []
    for block in ("\n" + path.read_text()).split("\n$ ")[1:]:
        line, *rest = block.splitlines()
        texts = {mark: "\n".join(text[2:] for text in rest if text[0] == mark) for mark in "=>!"}
        answers.append((line, Result(int(texts["="]), texts[">"], texts["!"])))
    return answers


if __name__ == "__main__":
    for path in sorted(LISTS.glob("*.txt")):
        write(path.with_suffix(".recorded"), reference(Path(os.environ["PYOVN_REFERENCE"]), commands(path)))
