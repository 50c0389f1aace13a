"""Wrong command lines of every program: one line in the usual words, a failing status, nothing changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.agreement import commands, read
from tests.cli.wrong import COMPARED, LISTS, answers, our_argv, reference_argv


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_ours_refuse_as_recorded(name: str) -> None:
    recorded = read(LISTS / f"{name}.recorded")
    given = answers([line for line, _ in recorded], our_argv)
    assert [pair for pair in zip(recorded, given) if pair[0] != pair[1]] == []


@pytest.mark.slow
def test_ours_refuse_in_one_line_what_the_reference_refuses_in_other_words() -> None:
    for line, result in answers(commands(LISTS / "in_other_words.txt"), our_argv):
        assert result.status == 1, line
        assert result.err.startswith(f"{line.split()[0]}: "), line


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_the_recording_is_what_the_reference_answers(name: str) -> None:
    folder = os.environ.get("PYOVN_REFERENCE")
    if not folder:
        pytest.skip("PYOVN_REFERENCE does not name a folder of the reference's programs")
    recorded = read(LISTS / f"{name}.recorded")
    assert answers([line for line, _ in recorded], reference_argv(Path(folder))) == recorded
