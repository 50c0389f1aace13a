"""The launchers find interpreter and package where an installation puts them, and where they were put by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


def launcher(place: Path, folder: str) -> Path:
    """A launcher of ovn-nbctl below `place`, beside an interpreter."""
    text = (ROOT / "launchers" / "launcher.sh").read_text()
    marks = {"PROGRAM": "ovn-nbctl", "MODULE": "pyovn.cli.nbctl", "FUNCTION": "main", "PYTHON": PYTHON, "FOLDER": folder}
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", value)
    file = place / "bin" / "ovn-nbctl"
    file.parent.mkdir()
    file.write_text(text)
    file.chmod(0o755)
    (place / "bin" / PYTHON).symlink_to(sys.executable)
    return file


def packages(place: Path) -> None:
    """The package as `pip install` leaves it."""
    folder = place / "lib" / PYTHON / "site-packages"
    folder.mkdir(parents=True)
    (folder / "pyovn").symlink_to(ROOT / "pyovn")


@pytest.mark.parametrize("editable", [False, True])
@pytest.mark.parametrize("linked", [False, True])
def test_a_launcher_finds_its_package(tmp_path: Path, editable: bool, linked: bool) -> None:
    file = launcher(tmp_path, str(ROOT) if editable else "")
    if not editable:
        packages(tmp_path)
    if linked:
        link = tmp_path / "elsewhere"
        link.symlink_to(file)
        file = link
    done = subprocess.run([file, "--version"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("ovn-nbctl ")


def test_arguments_and_status_pass_through(tmp_path: Path) -> None:
    file = launcher(tmp_path, str(ROOT))
    done = subprocess.run([file, "no such", "*"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "ovn-nbctl: unknown command 'no such'; use --help for help\n")
