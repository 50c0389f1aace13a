"""ovn-ic-nbctl: the command line of the northbound database that interconnected zones share."""

from __future__ import annotations

from pyovn.cli.ctl.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.records import Key

FAMILIES = {
    "general": "init sync show",
    "transit_switch": "ts-add ts-del ts-list",
    "transit_router": "tr-add tr-del tr-list trp-add trp-del",
    "ctl.connection": "get-connection del-connection set-connection",
    "ctl.ssl": "get-ssl del-ssl set-ssl",
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}
"""Module → its commands, in the order of --help."""

OPTIONS = "may-exist if-exists inactivity-probe= bootstrap columns= id= all filter="
"""The commands' options: with `=` a value follows."""

KEYS: dict[str, tuple[Key, ...]] = {
    "IC_NB_Global": (("IC_NB_Global", None, None, None),),
    "SSL": (("SSL", None, None, None),),
    "Transit_Router": (("Transit_Router", "name", None, None),),
    "Transit_Router_Port": tuple(("Transit_Router_Port", column, None, None) for column in ("name", "tr_uuid", "mac")),
    "Transit_Switch": (("Transit_Switch", "name", None, None),),
}
"""How a row of each table can be named, beside its uuid."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of a node on this machine that all zones share."""
    return f"unix:{env.get('OVN_RUNDIR') or '/var/run/ovn'}/ovn_ic_nb_db.sock"


PROGRAM = Program(
    "ovn-ic-nbctl",
    "OVN interconnection northbound DB management utility",
    "OVN_IC_Northbound",
    families=FAMILIES,
    package="pyovn.cli.icnbctl",
    options=OPTIONS,
    global_options="leader-only no-leader-only no-wait wait=",
    waits_for=("sb",),
    keys=KEYS,
    root="IC_NB_Global",
    default_remote=default_remote,
    database_variable="OVN_IC_NB_DB",
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
