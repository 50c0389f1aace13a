"""Command lines as whole processes, on an almost empty and on a large database, beside the reference's where `PYOVN_REFERENCE` names it.

    python bench/startup.py [PORTS]

Medians of 30 runs each, through the launchers that `pip install` makes: the time of the whole process, and how much of it was its own work
(which a busy machine does not change as much). `bare` is what the interpreter alone takes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyovn.ovsdb.declare import schema_of
from pyovn.runtime.blocking import BlockingClient, ConnectError, connect
from pyovn.schemas import nb, sb, vswitch

RUNS = 30
PORTS = 10_000
PORTS_A_SWITCH = 40
TABLES = 25
"""Logical tables that each packet goes through; a datapath has one flow in each, and one a port in five of them."""

OURS = Path(sys.executable).parent
MICROFLOW = 'inport == "lsp0" && eth.src == 0a:00:00:00:00:00 && eth.dst == 0a:00:00:00:00:01'
NEW = "new%d"
"""A name of its own for each run."""

FILES = (("nb", nb), ("sb", sb), ("vs", vswitch))


def found(folder: Path, name: str) -> Path:
    """A program, wherever in its folder it is."""
    return next(folder / place / name for place in (".", "bin", "sbin") if (folder / place / name).exists())


@contextmanager
def served(programs: Path, work: Path) -> Iterator[str]:
    """A server of these programs with three empty databases; its remote."""
    for name, module in FILES:
        schema = work / f"{name}.schema"
        schema.write_text(json.dumps(schema_of(module).to_json()))
        subprocess.run([found(programs, "ovsdb-tool"), "create", work / f"{name}.db", schema], check=True)
    remote = f"unix:{work}/sock"
    options = [f"--remote=p{remote}", f"--unixctl={work}/ctl", "-vconsole:off", "--no-chdir"]
    server = subprocess.Popen([found(programs, "ovsdb-server"), *options, *(work / f"{name}.db" for name, _ in FILES)])
    try:
        yield remote
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def reached(remote: str) -> BlockingClient:
    """A connection, as soon as the server takes one."""
    for _ in range(200):
        try:
            return connect(remote)
        except ConnectError:
            time.sleep(0.05)
    raise ConnectError(f"{remote} does not come up")


def transact(client: BlockingClient, database: str, operations: list[dict[str, Any]]) -> None:
    """A transaction that must succeed."""
    results: Any = client.call("transact", [database, *operations])
    assert not any("error" in result for result in results), results[-1]


def fill(remote: str, ports: int) -> None:
    """One switch of so many ports in the northbound database, and as many ACLs, routes and load balancers, none of them on the rows that
    commands name; in the southbound one, datapaths of PORTS_A_SWITCH with their flows.
    """
    client = reached(remote)
    names = [f"lsp{number}" for number in range(ports)]
    made = [{"op": "insert", "table": "Logical_Switch_Port", "uuid-name": name, "row": {"name": name}} for name in names]
    references = ["set", [["named-uuid", name] for name in names]]
    switch = {"op": "insert", "table": "Logical_Switch", "row": {"name": "sw0", "ports": references}}
    transact(client, "OVN_Northbound", [*made, switch, {"op": "insert", "table": "NB_Global", "row": {}}])
    transact(client, "OVN_Northbound", crowd(ports))
    transact(client, "Open_vSwitch", [{"op": "insert", "table": "Open_vSwitch", "row": {}}])
    for first in range(0, ports, PORTS_A_SWITCH):
        transact(client, "OVN_Southbound", datapath(first, min(PORTS_A_SWITCH, ports - first)))
    client.close()


def crowd(number: int) -> list[dict[str, Any]]:
    """Rows that a command on one row has nothing to do with, and a switch, a router and a port group that it names."""
    operations: list[dict[str, Any]] = []
    holders = {"acl": ("Port_Group", "acls", "ACL"), "route": ("Logical_Router", "static_routes", "Logical_Router_Static_Route")}
    for kind, (table, column, member) in holders.items():
        names = [f"{kind}{at}" for at in range(number)]
        for at, name in enumerate(names):
            rows = {
                "acl": {"direction": "to-lport", "priority": at % 1000, "match": f"ip4.src == {at}", "action": "allow"},
                "route": {"ip_prefix": f"10.{at >> 8 & 255}.{at & 255}.0/24", "nexthop": "10.0.0.1"},
            }
            operations.append({"op": "insert", "table": member, "uuid-name": name, "row": rows[kind]})
        held = ["set", [["named-uuid", name] for name in names]]
        operations.append({"op": "insert", "table": table, "row": {"name": f"crowded_{kind}", column: held}})
    operations += [
        {"op": "insert", "table": "Load_Balancer", "row": {"name": f"crowded{at}", "vips": ["map", [["10.0.0.1:80", "10.0.0.2:80"]]]}}
        for at in range(number)
    ]
    named = (("Logical_Switch", "sw1"), ("Logical_Router", "r1"), ("Port_Group", "pg1"))
    return operations + [{"op": "insert", "table": table, "row": {"name": name}} for table, name in named]


def datapath(first: int, ports: int) -> list[dict[str, Any]]:
    """Operations that make one switch."""
    name = f"dp{first}"
    row = {"tunnel_key": first + 1, "external_ids": ["map", [["name", name], ["logical-switch", f"00000000-0000-4000-8000-{first:012x}"]]]}
    operations: list[dict[str, Any]] = [{"op": "insert", "table": "Datapath_Binding", "uuid-name": name, "row": row}]
    for number in range(first, first + ports):
        binding = {"logical_port": f"lsp{number}", "datapath": ["named-uuid", name], "tunnel_key": number - first + 1}
        operations.append({"op": "insert", "table": "Port_Binding", "row": binding})
        operations.append(flow(name, TABLES, 50, f"eth.dst == {mac(number)}", f'outport = "lsp{number}"; output;'))
        operations += [flow(name, table, 50, f'inport == "lsp{number}" && vlan.present', "drop;") for table in range(5)]
    operations += [flow(name, table, 0, "1", "next;") for table in range(TABLES)]
    return [*operations, flow(name, 0, 0, "1", "output;", pipeline="egress")]


def flow(name: str, table: int, priority: int, match: str, actions: str, *, pipeline: str = "ingress") -> dict[str, Any]:
    """The operation that makes a logical flow."""
    row = {"logical_datapath": ["named-uuid", name], "pipeline": pipeline, "table_id": table, "priority": priority}
    return {"op": "insert", "table": "Logical_Flow", "row": {**row, "match": match, "actions": actions}}


def mac(number: int) -> str:
    """The Ethernet address of a port."""
    return f"0a:00:00:00:{number >> 8:02x}:{number & 255:02x}"


def commands(programs: Path, remote: str) -> dict[str, list[str | Path]]:
    """What is measured."""
    nbctl: list[str | Path] = [found(programs, "ovn-nbctl"), f"--db={remote}"]
    vsctl: list[str | Path] = [found(programs, "ovs-vsctl"), f"--db={remote}", "--no-wait"]
    return {
        "ovn-nbctl ls-list": [*nbctl, "ls-list"],
        "ovn-nbctl lsp-add": [*nbctl, "lsp-add", "sw0", NEW],
        "ovn-nbctl lsp-set-addresses": [*nbctl, "lsp-set-addresses", "lsp1", "dynamic"],
        "ovn-nbctl lsp-get-addresses": [*nbctl, "lsp-get-addresses", "lsp1"],
        "ovn-nbctl set": [*nbctl, "set", "Logical_Switch_Port", "lsp1", "external_ids:a=b"],
        "ovn-nbctl acl-add": [*nbctl, "acl-add", "sw1", "to-lport", "100", f"outport == {NEW}", "drop"],
        "ovn-nbctl lr-route-add": [*nbctl, "--ecmp", "--may-exist", "lr-route-add", "r1", "10.0.0.0/8", "10.0.0.1"],
        "ovn-nbctl lb-add": [*nbctl, "lb-add", NEW, "10.0.0.1:80", "10.0.0.2:80"],
        "ovn-nbctl pg-set-ports": [*nbctl, "pg-set-ports", "pg1", "lsp1", "lsp2"],
        "ovn-sbctl lflow-list": [found(programs, "ovn-sbctl"), f"--db={remote}", "lflow-list", "dp0"],
        "ovs-vsctl get": [*vsctl, "get", "Open_vSwitch", ".", "_uuid"],
        "ovn-trace": [found(programs, "ovn-trace"), f"--db={remote}", "--minimal", "dp0", MICROFLOW],
    }


def median_ms(command: list[str | Path]) -> tuple[float, float]:
    """The median time of a whole process, and of its own work; one that fails is shown."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    times, works = [], []
    for run in range(RUNS):
        words = [word % run if isinstance(word, str) and NEW in word else word for word in command]
        start, before = time.perf_counter(), own_work()
        done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
        times.append(time.perf_counter() - start)
        works.append(own_work() - before)
        assert done.returncode == 0, done.stderr
    return statistics.median(times) * 1e3, statistics.median(works) * 1e3


def own_work() -> float:
    """The processor time, in seconds, of the processes that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(programs: Path, ports: int) -> dict[str, tuple[float, float]]:
    """Every command's median on a database of so many ports."""
    with tempfile.TemporaryDirectory() as work, served(programs, Path(work)) as remote:
        fill(remote, ports)
        return {name: median_ms(command) for name, command in commands(programs, remote).items()}


def main() -> None:
    """Print the table."""
    large = int(sys.argv[1]) if len(sys.argv) > 1 else PORTS
    folders = {"ours": OURS} | ({"reference": Path(os.environ["PYOVN_REFERENCE"])} if "PYOVN_REFERENCE" in os.environ else {})
    bare = [median_ms([sys.executable, *flags, "-c", "pass"]) for flags in ([], ["-I", "-S"])]
    print(f"bare python -c pass {shown(bare[0])}, -I -S {shown(bare[1])}")
    for name, folder in folders.items():
        small, big = measure(folder, PORTS_A_SWITCH), measure(folder, large)
        for command in small:
            print(f"{name:10} {command:28} {shown(small[command])} with {PORTS_A_SWITCH} ports, {shown(big[command])} with {large}")


def shown(figure: tuple[float, float]) -> str:
    """A time and the work in it."""
    return f"{figure[0]:7.1f} ms ({figure[1]:.1f} of work)"


if __name__ == "__main__":
    main()
