"""Zones of ours come to hold what the reference's come to hold."""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.interconnect.differential import differences, is_there
from tests.interconnect.random_lines import START, random_line

SEEDS = int(os.environ.get("PYOVN_SEEDS", "1"))
LINES = 12
"""So many are played after those that make the zones."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1000 + SEEDS))
def test_random_lines(seed: int) -> None:
    if not is_there():
        pytest.skip("PYOVN_REFERENCE does not name a folder of the reference's programs and schemas")
    random = Random(seed)
    assert list(differences([*START, *(random_line(random) for _ in range(LINES))])) == []
