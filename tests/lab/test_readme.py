"""The README's first network is run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_first_network_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    exec(compile(block[1], str(README), "exec"), {})
    printed = capsys.readouterr().out
    assert "3 packets transmitted, 3 received, 0% packet loss" in printed
    assert printed.rstrip().endswith('output("p2");')
