"""Installs the short-lived programs as shell launchers, for what pip makes of `[project.scripts]` takes four times as long to start."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.dist import Distribution

from distutils.command.build_scripts import build_scripts  # isort: skip  (setuptools provides it)

ROOT = Path(__file__).resolve().parent
TEMPLATE = "launchers/launcher.sh"

COMPILER = "mypy>=1.18,<3"
WANTED = os.environ.get("PYOVN_COMPILED", "") not in ("", "0")

COMPILED = [
    f"pyovn/{room}/{module}.py"
    for room, modules in {
        "ovsdb": (
            "agenda", "atom", "condition", "copy", "database", "difference", "history", "index", "initial", "integrity", "jsonrpc", "log",
            "members", "mutation", "record", "request", "server", "session", "tabledata", "transaction", "value", "wire",
        ),
        "query": ("cell", "engine", "live"),
        "northd": ("addresses", "keys"),
        "northd/southbound": ("flow_table", "reconcile"),
        "runtime": ("endpoints", "link", "loop", "storage", "stream"),
    }.items()
    for module in modules
]  # fmt: skip
"""What mypyc compiles where `PYOVN_COMPILED` asks for it: where daemons spend their time, nothing that short-lived programs import."""

PROGRAMS = {
    "ovn-nbctl": "pyovn.cli.nbctl:main",
    "ovn-sbctl": "pyovn.cli.sbctl:main",
    "ovn-ic-nbctl": "pyovn.cli.icnbctl:main",
    "ovn-ic-sbctl": "pyovn.cli.icsbctl:main",
    "ovs-vsctl": "pyovn.cli.vsctl:main",
    "vtep-ctl": "pyovn.cli.vtepctl:main",
    "ovn-trace": "pyovn.cli.trace:main",
    "ovs-appctl": "pyovn.cli.appctl:main",
    "ovn-appctl": "pyovn.cli.appctl:main_ovn",
}

COMPLETED = ("ovn-nbctl", "ovn-sbctl", "ovn-ic-nbctl", "ovn-ic-sbctl", "ovs-vsctl", "vtep-ctl", "ovn-appctl", "ovs-appctl")
COMPLETIONS = ("share/bash-completion/completions", [f"launchers/completions/{program}" for program in COMPLETED])
"""Where bash looks for what completes a program's command lines, by the program's name."""


class BuildLaunchers(build_scripts):
    """Writes one launcher a program; that of an editable installation knows the folder, the others find it beside themselves."""

    editable_mode = False
    distribution: Distribution

    def run(self) -> None:
        """Write them where the installation takes scripts from."""
        template = (ROOT / TEMPLATE).read_text()
        folder = Path(self.build_dir)
        folder.mkdir(parents=True, exist_ok=True)
        for program, entry in PROGRAMS.items():
            module, _, function = entry.partition(":")
            text = template
            for mark, value in {
                "@PROGRAM@": program,
                "@MODULE@": module,
                "@FUNCTION@": function,
                "@PYTHON@": f"python{sys.version_info.major}.{sys.version_info.minor}",
                "@FOLDER@": shlex.quote(str(ROOT)) if self.editable_mode else "",
            }.items():
                text = text.replace(mark, value)
            file = folder / program
            file.write_text(text)
            file.chmod(0o755)


def extensions() -> list[Extension]:
    """The compiled modules, if they are asked for; those who only ask what a build needs get none."""
    if not WANTED or "egg_info" in sys.argv:
        return []
    from mypyc.build import mypycify

    return mypycify(COMPILED, opt_level="2", group_name="pyovn.compiled")


setup(
    ext_modules=extensions(),
    setup_requires=[COMPILER] if WANTED and "egg_info" in sys.argv else [],
    scripts=[TEMPLATE],
    data_files=[COMPLETIONS],
    cmdclass={"build_scripts": BuildLaunchers},
)
