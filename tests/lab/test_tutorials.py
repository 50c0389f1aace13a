"""Every page of the package plays as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyovn.lab.__main__ import PAGES, main


def test_every_page_plays_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PAGES) == 0, capsys.readouterr().out


WRONG = [
    ("nowhere.md", "lab: nowhere.md: No such file or directory"),
    ("```topology\nnode\n```\n", "topology: node: not a node, a machine or a lan"),
    ("```topology\nlan x node1:eth0\n```\n", "topology: lan x node1:eth0: 'node1'"),
    ("```topology\nmachine a\nlan x a\n```\n", "topology: lan x a: a is not HOST:DEVICE"),
]


@pytest.mark.parametrize(("page", "message"), WRONG)
def test_a_page_that_cannot_be_played_has_one_message(
    page: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.md"
    file.write_text(page)
    assert main([str(file) if "\n" in page else page]) == 1
    assert capsys.readouterr().err.rstrip().endswith(message)
