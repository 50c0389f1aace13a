"""Command lines taken apart."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.cli import nbctl, vsctl
from pyovn.cli.client import CommandError
from pyovn.cli.ctl.grammar import parse


def parsed(line: str) -> list[tuple[str, dict[str, Any], list[str]]]:
    _, calls = parse(nbctl.PROGRAM, line.split())
    return [(call.command.name, call.options, call.arguments) for call in calls]


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("ls-add a", [("ls-add", {}, ["a"])]),
        ("--may-exist ls-add a -- --if-exists ls-del b", [("ls-add", {"may_exist": True}, ["a"]), ("ls-del", {"if_exists": True}, ["b"])]),
        ("-t 5 -- -- ls-list --", [("ls-list", {}, [])]),
        ("--columns _uuid list nat", [("list", {"columns": "_uuid"}, ["nat"])]),
        ("--bfd lr-route-add r p n", [("lr-route-add", {"bfd": True}, ["r", "p", "n"])]),
        ("--bfd=u lr-route-add r p n", [("lr-route-add", {"bfd": "u"}, ["r", "p", "n"])]),
        ("--id=@a create nat type=snat", [("create", {"id_": "@a"}, ["nat", "type=snat"])]),
        ("--all destroy nat", [("destroy", {"all_": True}, ["nat"])]),
    ],
)
def test_lines(line: str, calls: list[tuple[str, dict[str, Any], list[str]]]) -> None:
    assert parsed(line) == calls


def test_global_options() -> None:
    line = "--db=unix:x -t5 --wait=sb --no-leader-only --form=csv -d bare --oneline -p key sync"
    options, _ = parse(nbctl.PROGRAM, line.split())
    assert (options.database, options.timeout_s, options.wait, options.leader_only) == ("unix:x", 5, "sb", False)
    assert (options.style.format, options.style.data, options.oneline, options.tls) == ("csv", "bare", True, {"private-key": "key"})


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("--foo ls-list", "unrecognized option '--foo'"),
        ("--ma ls-list", "unrecognized option '--ma'"),
        ("-x", "unrecognized option 'x'"),
        ("--db", "option '--db' requires an argument"),
        ("--help=1", "option '--help=1' doesn't allow an argument"),
        ("--may-exist --may-exist ls-add", "'--may-exist' option specified multiple times"),
        ("-- --type acl-list x", "missing argument to '--type' option on 'acl-list' command"),
        ("-- --may-exist=1 ls-add x", "'--may-exist' option on 'ls-add' does not accept an argument"),
        ("--if-exists ls-add x", "'ls-add' command has no '--if-exists' option"),
        ("ls-del", "'ls-del' command requires at least 1 arguments"),
        ("ls-del a b", "'ls-del' command takes at most 1 arguments"),
        ("nope", "unknown command 'nope'; use --help for help"),
        ("", "missing command name (use --help for help)"),
        ("--timeout=x sync", "value x on -t or --timeout is invalid"),
        ("--wait=me sync", 'argument to --wait must be "none", "sb", or "hv"'),
    ],
)
def test_errors(line: str, error: str) -> None:
    with pytest.raises(CommandError) as raised:
        parse(nbctl.PROGRAM, line.split())
    assert str(raised.value) == error


def test_only_the_module_of_the_command_is_loaded() -> None:
    assert [module for module, names in vsctl.PROGRAM.families.items() if "add-port" in names.split()] == ["port"]
