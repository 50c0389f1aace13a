"""ovn-nbctl problems: rows that ask for what cannot be had."""

from __future__ import annotations

from tests.cli.beside import Bench, Result


def test_rows_are_named_with_what_is_wrong() -> None:
    bench = Bench()
    assert bench.run("ovn-nbctl", *["ls-add", "sw0", "--", "lsp-add", "sw0", "p1", "--", "lsp-add", "sw0", "p2"]).status == 0
    assert bench.run("ovn-nbctl", "problems") == Result(0, "", "")
    bench.run("ovn-nbctl", "lsp-set-addresses", "p1", "00:00:00:00:00:01 10.0.0.300")
    bench.run("ovn-nbctl", *["set", "logical_switch_port", "p2", "type=nope"])
    found = bench.run("ovn-nbctl", "problems")
    assert (found.status, found.err) == (0, "")
    assert [line.partition(": ")[0] for line in found.out.splitlines()] == ["Logical_Switch_Port p1", "Logical_Switch_Port p2"]
