"""vtep-ctl: the command line of a hardware VTEP's database."""

from __future__ import annotations

from pyovn.cli.ctl.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.records import Key

FAMILIES = {
    "general": "show",
    "ctl.managers": "get-manager del-manager set-manager",
    "physical": "add-ps del-ps list-ps ps-exists list-ports add-port del-port",
    "logical": (
        "add-ls del-ls list-ls ls-exists list-bindings bind-ls unbind-ls set-replication-mode get-replication-mode "
        "add-lr del-lr list-lr lr-exists"
    ),
    "macs": (
        "add-ucast-local del-ucast-local add-mcast-local del-mcast-local clear-local-macs list-local-macs "
        "add-ucast-remote del-ucast-remote add-mcast-remote del-mcast-remote clear-remote-macs list-remote-macs"
    ),
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}
"""Module → its commands, in the order of --help."""

OPTIONS = "may-exist if-exists inactivity-probe= columns= id= all filter="
"""The commands' options: with `=` a value follows."""

KEYS: dict[str, tuple[Key, ...]] = {
    **{table: ((table, "name", None, None),) for table in ("Logical_Router", "Logical_Switch", "Physical_Port", "Physical_Switch")},
    "Global": (("Global", None, None, None),),
    "Manager": (("Manager", "target", None, None),),
}
"""How a row of each table can be named, beside its uuid."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of this host."""
    return f"unix:{env.get('OVS_RUNDIR') or '/var/run/openvswitch'}/db.sock"


PROGRAM = Program(
    "vtep-ctl",
    "VTEP configuration utility",
    "hardware_vtep",
    families=FAMILIES,
    package="pyovn.cli.vtepctl",
    options=OPTIONS,
    global_options="peer-ca-cert=",
    keys=KEYS,
    root="Global",
    default_remote=default_remote,
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
