"""ovn-ic-sbctl: the command line of the southbound database that interconnected zones share."""

from __future__ import annotations

from pyovn.cli.ctl.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.records import Key

FAMILIES = {
    "general": "init show",
    "ctl.connection": "get-connection del-connection set-connection",
    "ctl.ssl": "get-ssl del-ssl set-ssl",
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}
"""Module → its commands, in the order of --help."""

OPTIONS = "if-exists inactivity-probe= bootstrap columns= id= all"
"""The commands' options: with `=` a value follows."""

KEYS: dict[str, tuple[Key, ...]] = {
    "Availability_Zone": (("Availability_Zone", "name", None, None),),
    "Datapath_Binding": (("Datapath_Binding", "transit_switch", None, None),),
    "Gateway": (("Gateway", "name", None, None),),
    "IC_SB_Global": (("IC_SB_Global", None, None, None),),
    "Port_Binding": (("Port_Binding", "logical_port", None, None),),
    "SSL": (("SSL", None, None, None),),
}
"""How a row of each table can be named, beside its uuid."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of a node on this machine that all zones share."""
    return f"unix:{env.get('OVN_RUNDIR') or '/var/run/ovn'}/ovn_ic_sb_db.sock"


PROGRAM = Program(
    "ovn-ic-sbctl",
    "OVN interconnection southbound DB management utility",
    "OVN_IC_Southbound",
    families=FAMILIES,
    package="pyovn.cli.icsbctl",
    options=OPTIONS,
    global_options="leader-only no-leader-only",
    keys=KEYS,
    root="IC_SB_Global",
    default_remote=default_remote,
    database_variable="OVN_IC_SB_DB",
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
