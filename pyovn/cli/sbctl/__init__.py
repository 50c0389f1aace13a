"""ovn-sbctl: the southbound database's command line."""

from __future__ import annotations

from pyovn.cli.ctl.program import CLUSTER, WAITING, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.records import Key

FAMILIES = {
    "general": "init show",
    "chassis": "chassis-add chassis-del",
    "binding": "lsp-bind lsp-unbind",
    "flows": "lflow-list dump-flows count-flows",
    "multicast": "ip-multicast-flush",
    "ctl.connection": "get-connection del-connection set-connection",
    "ctl.ssl": "get-ssl del-ssl set-ssl",
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}
"""Module → its commands, in the order of --help."""

OPTIONS = "may-exist if-exists uuid ovs? stats vflows? inactivity-probe= bootstrap columns= id= all filter="
"""The commands' options: with `=` a value follows, with `?` perhaps."""


def named(*tables: str) -> dict[str, tuple[Key, ...]]:
    """The keys of tables whose rows are known by their name."""
    return {table: ((table, "name", None, None),) for table in tables}


KEYS: dict[str, tuple[Key, ...]] = {
    **named("Address_Set", "Chassis", "Chassis_Private", "DHCP_Options", "DHCPv6_Options", "Gateway_Chassis", "HA_Chassis_Group"),
    **named("Load_Balancer", "Meter", "Mirror", "Multicast_Group", "Port_Group", "RBAC_Role"),
    "Chassis_Template_Var": (("Chassis_Template_Var", "chassis", None, None),),
    "Connection": (("Connection", "target", None, None),),
    "Datapath_Binding": (
        ("Datapath_Binding", "external_ids", "name", None),
        ("Datapath_Binding", "external_ids", "name2", None),
        ("Datapath_Binding", "nb_uuid", None, None),
    ),
    "MAC_Binding": (("MAC_Binding", "logical_port", None, None),),
    "Port_Binding": (("Port_Binding", "logical_port", None, None), ("Port_Binding", "external_ids", "name", None)),
    "RBAC_Permission": (("RBAC_Permission", "table", None, None),),
    "SB_Global": (("SB_Global", None, None, None),),
    "SSL": (("SSL", None, None, None),),
    "Service_Monitor": (("Service_Monitor", "logical_port", None, None),),
}
"""How a row of each table can be named, beside its uuid."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of a central node on this machine."""
    return f"unix:{env.get('OVN_RUNDIR') or '/var/run/ovn'}/ovnsb_db.sock"


PROGRAM = Program(
    "ovn-sbctl",
    "OVN southbound DB management utility",
    "OVN_Southbound",
    families=FAMILIES,
    package="pyovn.cli.sbctl",
    options=OPTIONS,
    global_options=f"{CLUSTER} {WAITING}",
    unsupported=("no-wait", "wait", "print-wait-time"),
    keys=KEYS,
    root="SB_Global",
    default_remote=default_remote,
    database_variable="OVN_SB_DB",
    options_variable="OVN_SBCTL_OPTIONS",
    daemon_variable="OVN_SB_DAEMON",
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
