"""A run as a whole: chains are one transaction, races are tried again, what is wrong changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pyovn.cli.client import Unreachable
from tests.cli.beside import Bench

WRONG = [
    "ls-add a -- ls-add a",
    "ls-add a -- ls-del nope",
    "ls-add a -- set logical_switch a nope=1",
    "ls-add a -- lsp-add a p -- lsp-set-addresses p nonsense",
    "ls-add a -- create acl priority=99999",
    "ls-add a -- list nope",
    "ls-add a -- add logical_switch a ports @nobody",
    "ls-add a -- lr-add r -- lr-nat-add r snat 1.2.3 10.0.0.0/8",
    "ls-add a -- acl-add a from-lport 70000 ip drop",
    "ls-add a -- nope",
]


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_gets_one_line_and_changes_nothing(line: str) -> None:
    bench = Bench()
    result = bench.run("ovn-nbctl", *line.split())
    errors = [text for text in result.err.splitlines() if "|WARN|" not in text]
    assert (result.status, result.out, len(errors)) == (1, "", 1)
    assert errors[0].startswith("ovn-nbctl: ")
    assert bench.run("ovn-nbctl", "ls-list").out == ""


def test_a_chain_sees_what_it_did_before() -> None:
    bench = Bench()
    made = "ls-add a -- lsp-add a p -- lsp-set-type p router -- lsp-get-type p"
    line = f"{made} -- lsp-del p -- lsp-list a -- set logical_switch a name=b -- show b"
    result = bench.run("ovn-nbctl", *line.split())
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines()[0] == "router"
    assert "(b)" in result.out.splitlines()[1]


def test_create_prints_the_uuid_that_the_server_gave() -> None:
    bench = Bench()
    made = bench.run("ovn-nbctl", "create", "address_set", "name=x").out.strip()
    assert bench.run("ovn-nbctl", "get", "address_set", "x", "_uuid").out.strip() == made


def test_a_race_is_tried_again() -> None:
    bench = Bench()
    bench.run("ovn-nbctl", "ls-add", "a")
    call = bench.client.call
    raced: list[str] = []

    def late(method: str, params: list[Any], /) -> Any:
        """Somebody else adds the same switch between our look and our commit."""
        if not raced and any(op.get("op") == "insert" for op in params[1:] if isinstance(op, dict)):
            raced.append("b")
            call("transact", ["OVN_Northbound", {"op": "insert", "table": "Logical_Switch", "row": {"name": "b"}}])
        return call(method, params)

    bench.client.call = late  # type: ignore[method-assign]
    result = bench.run("ovn-nbctl", "ls-add", "b")
    assert (raced, result.status, result.err) == (["b"], 1, "ovn-nbctl: b: a switch with this name already exists\n")


def test_dry_run_changes_nothing() -> None:
    bench = Bench()
    assert bench.run("ovn-nbctl", "--dry-run", "ls-add", "a").status == 0
    assert bench.run("ovn-nbctl", "ls-list").out == ""


def test_wait_counts_up_and_follows() -> None:
    bench = Bench()
    bench.run("ovn-nbctl", "init")
    bench.run("ovn-nbctl", "set", "nb_global", ".", "sb_cfg=1")
    assert bench.run("ovn-nbctl", "--wait=sb", "ls-add", "a").status == 0
    assert bench.run("ovn-nbctl", "get", "nb_global", ".", "nb_cfg").out == "1\n"
    assert bench.run("ovn-nbctl", "--wait=sb", "ls-list").status == 0
    assert bench.run("ovn-nbctl", "get", "nb_global", ".", "nb_cfg").out == "1\n"


def test_how_long_the_others_took() -> None:
    bench = Bench()
    bench.run("ovn-nbctl", "set", "nb_global", ".", "sb_cfg=1", "hv_cfg=1")
    told = bench.run("ovn-nbctl", "--wait=hv", "--print-wait-time", "ls-add", "a")
    assert re.sub(r"-\d+ms", "ms", told.out).splitlines() == [
        "Time spent on processing nb_cfg 1:",
        "\tovn-northd delay before processing:\tms",
        "\tovn-northd completion:\t\t\tms",
        "\tovn-controller(s) completion:\t\tms",
    ]


def test_one_row_costs_a_few_requests_and_no_table() -> None:
    bench = Bench()
    bench.run("ovn-nbctl", "ls-add", "a")
    bench.client.calls.clear()
    bench.run("ovn-nbctl", "lsp-add", "a", "p")
    assert bench.client.calls == ["get_schema", "transact", "transact", "transact", "transact"]


def test_no_server() -> None:
    bench = Bench()

    def connect(target: object) -> Any:
        raise Unreachable("unix:/nope", "No such file or directory")

    bench.connect = connect  # type: ignore[method-assign]
    result = bench.run("ovn-nbctl", "show")
    assert result == (1, "", "ovn-nbctl: unix:/nope: database connection failed (No such file or directory)\n")


def test_an_interface_that_cannot_be_opened_is_reported() -> None:
    bench = Bench()
    bench.run("ovs-vsctl", "--no-wait", "add-br", "br0", "--", "set", "open", ".", "cur_cfg=5")
    call = bench.client.call

    def failing(method: str, params: list[Any], /) -> Any:
        answer = call(method, params)
        for result in answer if isinstance(answer, list) else []:
            for row in result.get("rows", []):
                row |= {"ofport": -1, "error": "no device"} if "ofport" in row else {}
        return answer

    bench.client.call = failing  # type: ignore[method-assign]
    result = bench.run("ovs-vsctl", "add-port", "br0", "eth9")
    assert result.status == 65
    assert result.err.splitlines()[0] == "ovs-vsctl: Error detected while setting up 'eth9': no device.  See ovs-vswitchd log for details."
