"""A small part of what `python -m tests.ovsdb.fuzz` tries, and every input that ever went wrong."""

from __future__ import annotations

import pytest

from tests.ovsdb.fuzz import TARGETS, fuzz

COUNT = 1000

REGRESSIONS = [
    ("files", 4500, "the schema's strings are no text"),
]
"""Target, number, and what had gone wrong."""


@pytest.mark.parametrize("target", TARGETS)
def test_a_beginning(target: str) -> None:
    fuzz(target, 0, COUNT)


@pytest.mark.parametrize(("target", "number", "what"), REGRESSIONS)
def test_it_goes_wrong_no_more(target: str, number: int, what: str) -> None:
    fuzz(target, number, 1)
