"""The reference's programs, where `PYOVN_REFERENCE` names a folder of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def program(name: str) -> str:
    """The path of one of the reference's programs; skips the test without it."""
    root = os.environ.get("PYOVN_REFERENCE", "")
    if not root:
        pytest.skip("PYOVN_REFERENCE names no folder of the reference's programs")
    found = [path for folder in ("", "bin", "sbin") if (path := Path(root) / folder / name).is_file()]
    if not found:
        pytest.skip(f"{name}: not below PYOVN_REFERENCE={root}")
    return str(found[0])


def output(*words: str) -> str:
    """What a command prints; it must succeed."""
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
