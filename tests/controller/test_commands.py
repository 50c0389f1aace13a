"""What the agent tells those who ask."""

from __future__ import annotations

import pytest

from pyovn.controller.commands import register
from pyovn.ovsdb.operation import Insert, Named
from pyovn.runtime.unixctl import CommandError, Commands
from pyovn.schemas import sb
from tests.controller.host import Host


def asked(host: Host, stopped: list[bool]) -> Commands:
    """The commands of a host's agent."""
    commands = Commands()
    register(commands, host.agent, lambda: True, lambda: stopped.append(True))
    return commands


def running() -> Host:
    """A host with one port."""
    host = Host()
    host.run()
    host.network(
        Insert(sb.DatapathBinding, {"tunnel_key": 7, "external_ids": {"name": "ls", "logical-switch": "x"}}, uuid_name="d"),
        Insert(sb.PortBinding, {"logical_port": "p1", "datapath": Named("d"), "tunnel_key": 1}),
    )
    host.plug("tap1", "p1", 5)
    host.run()
    return host


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("connection-status", "connected\n"),
        ("debug/status", "running\n"),
        ("ct-zone-list", "ls_dnat 1\nls_snat 2\np1 3\n"),
        ("group-table-list", ""),
        ("debug/dump-local-datapaths", "Local datapaths:\nDatapath: ls tunnel key: 7\n"),
    ],
)
def test_answers(command: str, answer: str) -> None:
    assert asked(running(), []).call(command, []) == answer


def test_bindings_are_named() -> None:
    answer = asked(running(), []).call("debug/dump-local-bindings", [])
    assert isinstance(answer, str)
    assert "name: [p1], OVS interface name : [tap1]" in answer


def test_a_paused_agent_does_nothing_until_resumed() -> None:
    host = running()
    commands = asked(host, [])
    commands.call("debug/pause", [])
    host.plug("tap2", "p2", 6)
    before = host.agent.spoken
    host.run()
    assert (host.agent.spoken, commands.call("debug/status", [])) == (before, "paused\n")
    commands.call("debug/resume", [])
    host.run()
    assert commands.call("debug/status", []) == "running\n"


def test_recompute_says_everything_again() -> None:
    host = running()
    before, bundled = dict(host.switch.rules), host.switch.bundled
    asked(host, []).call("recompute", [])
    host.run()
    assert host.switch.rules == before
    assert host.switch.bundled > bundled + len(before)


def test_exit_takes_the_host_out_and_restart_leaves_it() -> None:
    host, stopped = running(), [False]
    stopped.clear()
    asked(host, stopped).call("exit", ["--restart"])
    assert (stopped, bool(host.sb.rows(sb.Chassis))) == ([True], True)
    asked(host, stopped).call("exit", [])
    host.run()
    assert host.agent.left


def test_too_many_words_are_refused() -> None:
    with pytest.raises(CommandError):
        asked(running(), []).call("connection-status", ["now"])
