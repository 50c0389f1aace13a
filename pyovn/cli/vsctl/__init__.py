"""ovs-vsctl: the command line of a host's Open_vSwitch database."""

from __future__ import annotations

from pyovn.cli.ctl.program import CLUSTER, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Client, Connect, Writer
    from pyovn.cli.ctl.records import Key
    from pyovn.cli.ctl.rows import Rows

FAMILIES = {
    "general": "init show emer-reset",
    "bridge": "add-br del-br list-br br-exists br-to-vlan br-to-parent br-set-external-id br-get-external-id",
    "port": (
        "list-ports add-port add-bond add-bond-iface del-bond-iface del-port port-to-br list-ifaces iface-to-br"
    ),
    "controller": "get-controller del-controller set-controller get-fail-mode del-fail-mode set-fail-mode",
    "ctl.managers": "get-manager del-manager set-manager",
    "ssl": "get-ssl del-ssl set-ssl",
    "auto_attach": "add-aa-mapping del-aa-mapping get-aa-mapping",
    "conntrack": (
        "add-zone-tp del-zone-tp list-zone-tp list-dp-cap set-zone-limit del-zone-limit list-zone-limits"
    ),
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}  # fmt: skip
"""Module → its commands, in the order of --help."""

OPTIONS = "may-exist if-exists real fake with-iface fake-iface inactivity-probe= bootstrap columns= id= all filter="
"""The commands' options: with `=` a value follows."""


def named(*tables: str) -> dict[str, tuple[Key, ...]]:
    """The keys of tables whose rows are known by their name."""
    return {table: ((table, "name", None, None),) for table in tables}


KEYS: dict[str, tuple[Key, ...]] = {
    **named("Bridge", "Flow_Table", "Interface", "Mirror", "Port"),
    "AutoAttach": (("Bridge", "name", None, "auto_attach"),),
    "Controller": (("Bridge", "name", None, "controller"),),
    "Flow_Sample_Collector_Set": (("Flow_Sample_Collector_Set", "id", None, None),),
    "IPFIX": (("Bridge", "name", None, "ipfix"),),
    "Manager": (("Manager", "target", None, None),),
    "NetFlow": (("Bridge", "name", None, "netflow"),),
    "Open_vSwitch": (("Open_vSwitch", None, None, None),),
    "QoS": (("Port", "name", None, "qos"),),
    "SSL": (("SSL", None, None, None),),
    "sFlow": (("Bridge", "name", None, "sflow"),),
}
"""How a row of each table can be named, beside its uuid."""


SET_UP_FAILED = 65
"""The exit status when the switch could not open an interface (EX_DATAERR)."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of this host."""
    return f"unix:{env.get('OVS_RUNDIR') or '/var/run/openvswitch'}/db.sock"


def report_interfaces(client: Client, db: Rows, err: Writer, env: Mapping[str, str]) -> int:
    """Say which of the interfaces that were added the switch could not open; the exit status."""
    names = [row["name"] for row in db.inserted() if row.table.name == "Interface"]
    selects = [
        {"op": "select", "table": "Interface", "where": [["name", "==", name]], "columns": ["name", "ofport", "error"]} for name in names
    ]
    failed = False
    answers = client.call("transact", [db.schema.name, *selects]) if selects else []
    for row in (row for answer in answers for row in answer["rows"]):
        if row["ofport"] == -1:
            reason = f": {row['error']}" if isinstance(row["error"], str) else ""
            err.write(f"ovs-vsctl: Error detected while setting up '{row['name']}'{reason}.  See ovs-vswitchd log for details.\n")
            failed = True
    if not failed:
        return 0
    err.write(f'ovs-vsctl: The default log directory is "{env.get("OVS_LOGDIR") or "/var/log/openvswitch"}".\n')
    return SET_UP_FAILED


PROGRAM = Program(
    "ovs-vsctl",
    "ovs-vswitchd management utility",
    "Open_vSwitch",
    families=FAMILIES,
    package="pyovn.cli.vsctl",
    options=OPTIONS,
    global_options=f"{CLUSTER} retry peer-ca-cert=",
    keys=KEYS,
    root="Open_vSwitch",
    default_remote=default_remote,
    after_commit=report_interfaces,
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
