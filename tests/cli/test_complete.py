"""Tab completion: what can follow on a command line, and bash asking for it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from pyovn.cli.ctl.complete import FILE_WANTED, run
from pyovn.cli.ctl.shell_words import split
from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import nb
from tests.cli.beside import PROGRAMS, Bench
from tests.runtime.processes import Place

ROOT = Path(__file__).resolve().parents[2]
BREAKS = " \t\n\"'><=;|&(:"
ROWS = (
    ("ovn-nbctl", "ls-add sw0 -- ls-add sw1 -- lsp-add sw0 p1 -- lsp-add sw0 p2"),
    ("ovn-nbctl", "lr-add r0 -- lrp-add r0 rp1 00:00:00:00:00:01 10.0.0.1/24"),
    ("ovn-nbctl", "set logical_switch sw0 other_config:subnet=10.0.0.0/8 other_config:mcast_snoop=true"),
    ("ovn-sbctl", "chassis-add hv1 geneve 10.0.0.1 -- create datapath_binding tunnel_key=1 external_ids:name=sw0"),
    ("ovs-vsctl", "--no-wait add-br br0 -- add-port br0 eth1 -- set open_vswitch . external_ids:system-id=hv1"),
    ("vtep-ctl", "add-ps ps1 -- add-port ps1 p1 -- add-ls ls1"),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    made = Bench()
    for program, line in ROWS:
        assert made.run(program, *line.split()).status == 0
    return made


def asked(bench: Bench, line: str) -> tuple[int, list[str]]:
    """What bash is answered for a line."""
    out = io.StringIO()
    program = import_module(PROGRAMS[line.split()[0]]).PROGRAM
    return run(program, [line, BREAKS], {}, out=out, connect=bench.connect), out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ovn-nbctl ls-a", ["ls-add"]),
        ("ovn-nbctl --may-e", ["--may-exist"]),
        ("ovn-nbctl --time", ["--timeout="]),
        ("ovn-nbctl --may-exist --a", ["--add-duplicate", "--add-route", "--apply-after-lb"]),
        ("ovn-nbctl --may-exist --add-duplicate ", ["lb-add", "lr-add", "ls-add"]),
        ("ovn-nbctl -- --if-exists lsp-d", ["lsp-del"]),
        ("ovn-nbctl ls-list -- --wai", []),
        ("ovn-nbctl --wait=", ["hv", "none", "sb"]),
        ("ovn-nbctl --format ta", ["table"]),
        ("ovn-nbctl lsp-add ", ["sw0", "sw1"]),
        ("ovn-nbctl --wait=sb lsp-del p", ["p1", "p2"]),
        ("ovn-nbctl lrp-del ", ["rp1"]),
        ("ovn-nbctl show ", ["--", "r0", "sw0", "sw1"]),
        ("ovn-nbctl acl-add sw0 f", ["from-lport"]),
        ("ovn-nbctl ls-list ", ["--"]),
        ("ovn-nbctl set Logical_Router_P", ["Logical_Router_Policy", "Logical_Router_Port"]),
        ("ovn-nbctl set logical_switch ", ["sw0", "sw1"]),
        ("ovn-nbctl set logical_switch sw0 o", ["other_config:"]),
        ("ovn-nbctl set logical_switch sw0 other_config:", ["mcast_snoop=", "subnet="]),
        ("ovn-nbctl set acl 1234 log=", ["false", "true"]),
        ("ovn-nbctl get nb_global . na", ["name"]),
        ("ovn-nbctl clear logical_switch sw0 po", ["ports"]),
        ("ovn-nbctl add acl 1234 action a", ["allow", "allow-related", "allow-stateless"]),
        ("ovn-nbctl list nat ", ["--"]),
        ("ovn-nbctl set nope ", []),
        ("ovn-nbctl nope ", []),
        ("ovn-nbctl --nope ", []),
        ("ovn-sbctl lsp-bind lp0 ", ["hv1"]),
        ("ovn-sbctl lflow-list s", ["sw0"]),
        ("ovs-vsctl add-port ", ["br0"]),
        ("ovs-vsctl del-port br0 e", ["eth1"]),
        ("ovs-vsctl add-port br0 eth0 ta", ["tag="]),
        ("ovs-vsctl get open_vswitch . external_ids:", ["system-id"]),
        ("ovs-vsctl set-fail-mode br0 ", ["secure", "standalone"]),
        ("vtep-ctl bind-ls ps1 p1 10 ", ["ls1"]),
    ],
)
def test_what_can_follow(bench: Bench, line: str, words: list[str]) -> None:
    assert asked(bench, line) == (0, words)


def test_a_file_is_for_bash_to_complete(bench: Bench) -> None:
    assert asked(bench, "ovn-nbctl --private-key=/et") == (FILE_WANTED, [])
    assert asked(bench, "ovn-nbctl -p /et") == (FILE_WANTED, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ovn-nbctl ", ["ovn-nbctl", ""]),
        ("a  b", ["a", "b"]),
        ("a 'b c' \"d\\\"e\" f\\ g", ["a", "b c", 'd"e', "f g"]),
        ("a 'b ", ["a", "b "]),
    ],
)
def test_lines_split_as_bash_does(line: str, words: list[str]) -> None:
    assert split(line) == words


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder with a server of the northbound database in it."""
    if shutil.which("bash") is None:
        pytest.skip("there is no bash")
    here = Place(tmp_path_factory.mktemp("complete"))
    (here.folder / "nb.ovsschema").write_text(json.dumps(schema_of(nb).to_json()))
    assert here.run("ovsdb-tool", "create", "nb.db", "nb.ovsschema").returncode == 0
    here.start("ovsdb-server", "--remote=punix:ovnnb_db.sock", "nb.db")
    bin_folder = here.folder / "bin"
    bin_folder.mkdir()
    for name, module in (("ovn-nbctl", "nbctl:main"), ("ovs-appctl", "appctl:main")):
        file, function = module.split(":")
        (bin_folder / name).write_text(
            f"#!/bin/sh\nPYTHONPATH={ROOT} exec {shutil.which('python3')} -c 'import sys; sys.argv[0] = \"{name}\"; "
            f"from pyovn.cli.{file} import {function} as main; main()' \"$@\"\n"
        )
        (bin_folder / name).chmod(0o755)
    assert here.run("ovn-nbctl", "ls-add", "sw 0", "--", "ls-add", "sw1").returncode == 0
    yield here
    here.end()


SCRIPT = """
source {root}/launchers/completions/pyovn.bash
compopt() {{ echo "compopt $*"; }}
COMP_LINE=$1; COMP_POINT=${{#1}}
_pyovn_complete "${{1%% *}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("ovn-nbctl ls-del ", ["sw\\ 0", "sw1"]),
        ("ovn-nbctl ls-del sw\\ ", ["sw\\ 0"]),
        ("ovn-nbctl --timeo", ["compopt -o nospace", "--timeout="]),
        ("ovn-nbctl --ca-cert=", ["compopt -o default", ""]),
        ("ovs-appctl -t ovsdb-server ovsdb-server/list-r", ["ovsdb-server/list-remotes"]),
        ("ovs-appctl -t ", ["ovsdb-server"]),
        ("ovs-appctl --targ", ["compopt -o nospace", "--target="]),
    ],
)
def test_bash_asks(place: Place, line: str, printed: list[str]) -> None:
    env = place.env | {"PATH": f"{place.folder}/bin:{os.environ['PATH']}"}
    words = ["bash", "-c", SCRIPT.format(root=ROOT), "bash", line]
    done = subprocess.run(words, env=env, cwd=place.folder, capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout.splitlines(), done.stderr) == (printed, "")
