"""The reference's hosts beside its central node: what they wrote, and the rules of their bridges, as text that can be kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyovn.ovsdb.declare import tables_of
from pyovn.schemas import sb, vswitch
from tests.northd.reference import Central, Dump, central, is_there, program, schema

HOSTS = ("hv1", "hv2")
KEPT = ("Open_vSwitch", "Bridge", "Port", "Interface", "Datapath")
NOT_KEPT = ("Flow_Table", "CT_Zone", "Connection", "RBAC_Role", "RBAC_Permission", "DHCP_Options", "DHCPv6_Options")


def hosts_are_there() -> bool:
    """All that is needed was found."""
    programs = ("ovn-controller", "ovs-vswitchd", "ovs-ofctl", "ovs-vsctl")
    return is_there() and all(map(program, programs)) and vswitch_schema() is not None


def vswitch_schema() -> str | None:
    """The schema of a host's database, beside the programs."""
    found = schema("../openvswitch/vswitch.ovsschema") or schema("vswitch.ovsschema")
    beside = Path(str(schema("ovn-sb.ovsschema"))).parent.parent / "openvswitch" / "vswitch.ovsschema"
    return found or (str(beside) if beside.is_file() else None)


@dataclass
class Deployment:
    """A central node and hosts, all the reference's."""

    node: Central

    def start_host(self, name: str, number: int) -> None:
        """A database, a switch without a data plane, and the agent."""
        folder = self.node.folder / name
        folder.mkdir()
        host = Central(folder)
        host.pids = self.node.pids
        host.run("ovsdb-tool", "create", f"{folder}/conf.db", str(vswitch_schema()))
        host.daemon("db", "ovsdb-server", f"--remote=punix:{folder}/db.sock", f"{folder}/conf.db")
        self.vsctl(name, "--no-wait", "init")
        host.daemon("switch", "ovs-vswitchd", "--enable-dummy=system", "--disable-system", f"unix:{folder}/db.sock")
        settings = {
            "system-id": name, "ovn-remote": self.node.remote("sb"), "ovn-encap-type": "geneve", "ovn-encap-ip": f"127.0.1.{number}",
            "hostname": name,
        }  # fmt: skip
        self.vsctl(name, "set", "Open_vSwitch", ".", *(f'external_ids:{key}="{value}"' for key, value in settings.items()))
        host.daemon("agent", "ovn-controller", f"unix:{folder}/db.sock")

    def vsctl(self, host: str, *words: str) -> str:
        """One ovs-vsctl command on a host."""
        return self.node.run("ovs-vsctl", f"--db=unix:{self.node.folder}/{host}/db.sock", *words)

    def plug(self, host: str, iface_id: str) -> None:
        """Plug a logical port in."""
        name = f"if-{iface_id}"[:15]
        self.vsctl(host, "add-port", "br-int", name, "--", "set", "Interface", name, f"external_ids:iface-id={iface_id}")

    def settle(self) -> None:
        """Wait until every host's switch has what the northbound asks for."""
        self.node.run("ovn-nbctl", f"--db={self.node.remote('nb')}", "--wait=hv", "--timeout=20", "sync")

    def record(self, host: str) -> dict[str, Any]:
        """Both databases and the rules, as JSON."""
        bridge = f"unix:{self.node.folder}/{host}/br-int.mgmt"
        flows = self.node.run("ovs-ofctl", "-O", "OpenFlow15", "--no-stats", "dump-flows", bridge)
        groups = groups_of(self.node.run("ovs-ofctl", "-O", "OpenFlow15", "dump-groups", bridge))
        return {
            "host": host,
            "sb": self._rows(self.node.remote("sb"), sb.SCHEMA, [table for table in tables_of(sb) if table not in NOT_KEPT]),
            "ovs": self._rows(f"unix:{self.node.folder}/{host}/db.sock", vswitch.SCHEMA, list(KEPT)),
            "flows": sorted(normal(line.strip(), groups) for line in flows.splitlines() if "actions=" in line),
        }

    def _rows(self, remote: str, name: str, tables: list[str]) -> Dump:
        select = [{"op": "select", "table": table, "where": []} for table in tables]
        answers = json.loads(self.node.run("ovsdb-client", "transact", remote, json.dumps([name, *select])))
        return {table: {row["_uuid"][1]: _kept(row) for row in answer["rows"]} for table, answer in zip(tables, answers)}


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    volatile = ("_uuid", "_version", "statistics", "flow_tables", "status")
    return {name: value for name, value in row.items() if name not in volatile}


def groups_of(dump: str) -> dict[str, str]:
    """What each group is, by its number as text."""
    lines = (line.strip().partition(",") for line in dump.splitlines() if "group_id=" in line)
    return {number.removeprefix("group_id="): content for number, _, content in lines}


def normal(flow: str, groups: Mapping[str, str]) -> str:
    """A rule's text without the numbers of conjunctions and meters, which are any that are not another's; and groups by what they are.

    The reference shows a tunnel's option in as many octets as are asked for, and of their mask nothing if it is whole.
    """
    text = re.sub(r"(conj_id=|conjunction\(|meter_id=|meter:)\d+", r"\1N", flow)
    text = re.sub(r"(tun_metadata\d+=\w+)/0x(?:ff)+\b", r"\1", text)
    return re.sub(r"group:(\d+)", lambda found: f"group:{{{groups.get(found[1], '?')}}}", text)


@contextmanager
def deployment() -> Iterator[Deployment]:
    """Two hosts and a central node, for as long as the block runs."""
    with central() as node:
        made = Deployment(node)
        for number, name in enumerate(HOSTS, 1):
            made.start_host(name, number)
        yield made
