"""Random command lines get from our programs what the reference's say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.random_lines import differences


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ours_answer_as_the_reference_does(seed: int) -> None:
    folder = os.environ.get("PYOVN_REFERENCE")
    if not folder:
        pytest.skip("PYOVN_REFERENCE does not name a folder of the reference's programs")
    assert list(differences(Path(folder), seed, 240)) == []
