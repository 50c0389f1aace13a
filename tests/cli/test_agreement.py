"""Every command list gets from our programs what the reference answered: outputs, error lines, exit statuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.agreement import LISTS, commands, ours, read, reference

NAMES = sorted(path.stem for path in LISTS.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_our_answers_are_the_recorded_ones(name: str) -> None:
    recorded = read(LISTS / f"{name}.recorded")
    answers = ours([line for line, _ in recorded])
    assert [pair for pair in zip(recorded, answers) if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_recording_is_what_the_reference_answers(name: str) -> None:
    folder = os.environ.get("PYOVN_REFERENCE")
    if not folder:
        pytest.skip("PYOVN_REFERENCE does not name a folder of the reference's programs")
    assert reference(Path(folder), commands(LISTS / f"{name}.txt")) == read(LISTS / f"{name}.recorded")
