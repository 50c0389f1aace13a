"""Every page of the package plays as written, on one network."""

from __future__ import annotations

from pyovn.lab.__main__ import PAGES, find_page, main, three_nodes
from pyovn.lab.tutorial import parse, play


def test_every_page_plays_as_written() -> None:
    network = three_nodes()
    for name in PAGES:
        for played in play(parse(find_page(name).read_text()), network.sh):
            assert played.as_written, f"{name}, line {played.step.line}: {played.outcome}"


def test_a_page_that_is_not_there_has_one_message(capsys: object) -> None:
    assert main(["nowhere.md"]) == 1
