"""Random command lines, right and wrong, on the databases that earlier ones made; ours must answer what the reference answers.

`PYOVN_REFERENCE=DIR python -m tests.cli.random_lines SEED [COUNT]` prints where they differ.
"""

from __future__ import annotations

import os
import random
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pyovn.cli.ctl.program import Command, Program
from pyovn.cli.ctl.usage import arguments_of
from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import ic_nb, ic_sb, nb, sb, vswitch, vtep
from tests.cli.agreement import front, normal, server
from tests.cli.beside import PROGRAMS, Bench, Result

SCHEMAS = {
    "ovn-nbctl": nb, "ovn-sbctl": sb, "ovn-ic-nbctl": ic_nb, "ovn-ic-sbctl": ic_sb, "ovs-vsctl": vswitch, "vtep-ctl": vtep,
}  # fmt: skip
WEIGHTS = {"ovn-nbctl": 60, "ovn-sbctl": 12, "ovn-ic-nbctl": 8, "ovn-ic-sbctl": 6, "ovs-vsctl": 18, "vtep-ctl": 10}
BATCH = 120
"""So many lines run on the same databases."""

LEFT_OUT = frozenset(("problems", "wait-until", "emer-reset", "init", "sync"))
"""Commands that only we have, that wait, or whose answer depends on more than the databases."""

NUMBERS = ("0", "1", "7", "100", "1000", "4095", "4096", "32767", "32768", "65535", "65536", "-1", "x", "1.5", "")
ADDRESSES = (
    "10.0.0.1", "10.0.0.2", "10.0.0.0/24", "10.0.0.1/24", "0.0.0.0/0", "fd00::1", "fd00::/64", "10.0.0.3000", "10.0.0.1/33", "nope", "",
)  # fmt: skip
ENDPOINTS = (
    "10.0.0.1:80", "10.0.0.2:8080,10.0.0.3:8080", "10.0.0.1", "[fd00::1]:80", "[fd00::2]:80,[fd00::3]:80", "10.0.0.1:99999", "x:80", "",
)  # fmt: skip
MACS = ("00:00:00:00:00:01", "00:00:00:00:00:02", "0a:bc:DE:00:00:03", "00:00:00:00:00", "dynamic", "unknown", "")
MATCHES = ("ip4", "1", "ip4.src == 10.0.0.1", 'inport == "p0"', "udp", "")
PAIRS = ("a=b", "key=value", "a", "=b", "a=", "router-port=rp0", "server_id=10.0.0.1", "lease_time=3600", "network_name=phys")
POOLS: dict[str, tuple[str, ...]] = {
    "SWITCH": ("sw0", "sw1", "nope"), "LOGICAL_SWITCH": ("sw0", "sw1", "nope"), "ROUTER": ("r0", "r1", "nope"),
    "LS": ("sw0", "sw1", "nope"), "LR": ("r0", "r1", "nope"), "PS": ("ps0", "ps1", "nope"),
    "PORT": ("p0", "p1", "p2", "rp0", "rp1", "nope"), "PARENT": ("p0", "nope", ""), "PORTGROUP": ("pg0", "pg1"),
    "PG": ("pg0", "pg1", "nope"), "LB": ("lb0", "lb1", "nope"), "BRIDGE": ("br0", "br1", "nope"),
    "NEW-BRIDGE": ("br0", "br1", "br2", ""), "NEW-PORT": ("e0", "e1", "br0", ""), "BOND": ("b0", "e0"),
    "IFACE": ("e0", "e1", "e2", "br0"), "NAME": ("m0", "m1", "nope"), "MIRROR": ("m0", "m1", "nope"), "MIRROR-NAME": ("m0", "nope"),
    "METER": ("m0", "nope"), "GROUP": ("g0", "g1"), "CHASSIS": ("hv0", "hv1", "nope"), "NETWORK-FUNCTION": ("nf0", "nf1"),
    "NETWORK-FUNCTION-GROUP": ("nfg0", "nfg1"), "PORT-IN": ("p0", "nope"), "PORT-OUT": ("p1", "nope"), "LRP_PEER": ("rp0", "nope"),
    "NETWORK": ("10.0.0.1/24", "fd00::1/64", "nope"), "LOGICAL_PORT": ("p0", "p1", "rp0", "nope"),
    "GATEWAY_PORT": ("rp0", "rp1", "nope"), "DIRECTION": ("from-lport", "to-lport", "to", "x", ""), "PRIORITY": NUMBERS,
    "MATCH": MATCHES, "ACTION": ("allow", "drop", "reject", "allow-related", "reroute", "jump", "mirror", "skip", "x"),
    "TYPE": ("snat", "dnat", "dnat_and_snat", "gre", "erspan", "local", "router", "localnet", "overlay", "bridged", "", "x"),
    "STATE": ("enabled", "disabled", "Enabled", "up"), "MODE": ("secure", "standalone", "service_node", "inline", "vtap", "x"),
    "PREFIX": ADDRESSES, "NEXTHOP": (*ADDRESSES, "discard"), "IP": ADDRESSES, "EXTERNAL_IP": ADDRESSES, "LOGICAL_IP": ADDRESSES,
    "MAC": MACS, "EXTERNAL_MAC": MACS, "VMAC": MACS, "ADDRESS": (*MACS, "00:00:00:00:00:01 10.0.0.5", "router", "dynamic 10.0.0.9"),
    "ADDRS": MACS, "VIP": ENDPOINTS, "IP[:PORT]": ENDPOINTS, "VIP[:PORT]": ENDPOINTS, "PROTOCOL": ("tcp", "udp", "sctp", "icmp", "x"),
    "ADDRESS_FAMILY": ("ipv4", "ipv6", "x"), "CIDR": ADDRESSES, "KEY=VALUE": PAIRS, "PROTO": ("arp", "bfd", "dhcpv4-opts", "x"),
    "RATE": NUMBERS, "UNIT": ("kbps", "pktps", "x"), "BURST": NUMBERS, "TAG": NUMBERS, "VLAN": NUMBERS, "NEW-VLAN": NUMBERS,
    "ID": NUMBERS, "rate=RATE": ("rate=100", "rate=0", "dscp=10", "dscp=64", "x"), "burst=BURST": ("burst=10", "burst=x"),
    "dscp=DSCP": ("dscp=1",), "mark=MARK": ("mark=1", "mark=x"), "peer=PEER": ("peer=p1", "x=y"), "INDEX": NUMBERS,
    "FILTER": ("from-lport", "to-lport", "both", "x"), "SINK": ("10.0.0.1", "p0", "x"),
    "TARGET": ("tcp:1.2.3.4", "ptcp:6640", "ssl:1.2.3.4:6640", "role=ovn-controller", "read-only", "x"),
    "EXTERNAL_PORT_RANGE": ("1-100", "5", "x"), "ENCAP-TYPE": ("geneve", "geneve,vxlan", "x"), "ENCAP-IP": ADDRESSES,
    "ENCAP": ("vxlan_over_ipv4", "x"), "KEY": ("a", "key"), "VALUE": ("b", ""), "I-SID": NUMBERS, "LIMIT": NUMBERS,
    "ZONE|default": (*NUMBERS, "default"), "zone=ZONE": ("zone=1", "zone=x"),
    "KEY=TIMEOUT": ("icmp_first=1", "tcp_syn_sent=x", "nope=1"), "DATAPATH": ("system", "sw0", "nope"), "SRC_IP": ADDRESSES,
    "DST_PORT": NUMBERS, "PRIVATE-KEY": ("k",), "CERTIFICATE": ("c",), "CA-CERT": ("ca",), "SSL-PROTOS": ("TLSv1.2",),
    "SSL-CIPHERS": ("HIGH",), "ADDRESS_SET": ("as0", "nope"), "LFLOW": ("0x1", "abcd", "x"), "EXTERNAL_IDS": PAIRS,
    "AZ": ("az0", "az1", "nope"), "ARGS": ("hello", "two words", ""), "REPLICATION": ("x",),
}  # fmt: skip
OPTION_VALUES = {
    "columns": ("name", "_uuid,name", "name,external_ids", "nope", ""), "id": ("@x", "x", "@y"), "type": ("switch", "port-group", "x"),
    "name": ("n", ""), "severity": ("info", "x"), "meter": ("m0",), "label": NUMBERS, "tier": NUMBERS, "policy": ("src-ip", "dst-ip", "x"),
    "route-table": ("rt", ""), "gateway-port": ("rp0", "nope"), "priority": NUMBERS, "match": MATCHES, "chain": ("c", ""), "bfd": ("x",),
    "output-port": ("rp0", "nope"), "inactivity-probe": NUMBERS, "filter": ("hv0", "port(e0)", "bridge(br0", "nope(x)"),
    "sample-new": ("@x", "x"), "sample-est": ("x",),
}  # fmt: skip
GLOBAL = (
    "--oneline", "--format=csv", "-f list", "--format=html", "--format=json", "-f nope", "--data=bare", "-d json", "-d nope", "--bare",
    "--no-headings", "--pretty", "--dry-run", "--onel", "--nope", "-x", "--timeout=30", "-t x", "--no-leader-only", "--no-shuffle-remotes",
    "--max-column-width=10", "--no-syslog", "-vconsole:off", "--help=1", "--data=string",
)  # fmt: skip


ROWS = (
    ("ovn-nbctl", "ls-add sw0 -- ls-add sw1 -- lsp-add sw0 p0 -- lsp-add sw0 p1 -- lsp-add sw1 p2 -- lr-add r0 -- lr-add r1"),
    ("ovn-nbctl", "lrp-add r0 rp0 00:00:00:00:00:01 10.0.0.1/24 -- lrp-add r1 rp1 00:00:00:00:00:02 fd00::1/64 -- pg-add pg0 p0"),
    ("ovn-nbctl", "lb-add lb0 10.0.0.1:80 10.0.0.2:8080 -- lb-add lb0 [fd00::1]:80 [fd00::2]:80 udp -- ls-lb-add sw0 lb0"),
    ("ovn-nbctl", "acl-add sw0 from-lport 100 ip4 drop -- acl-add pg0 to-lport 7 1 allow -- meter-add m0 drop 10 kbps"),
    ("ovn-nbctl", "mirror-add m0 gre 1 both 10.0.0.1 -- lr-route-add r0 0.0.0.0/0 10.0.0.2 -- lr-nat-add r0 snat 10.0.0.1 10.0.0.0/24"),
    ("ovn-nbctl", "lr-policy-add r0 100 ip4 drop -- qos-add sw0 from-lport 100 ip4 dscp=1"),
    ("ovn-nbctl", "ha-chassis-group-add g0 -- copp-add m0 arp m0 -- static-mac-binding-add rp0 10.0.0.9 00:01:02:03:04:05"),
    ("ovn-nbctl", "nf-add nf0 1 p0 p1 -- nfg-add nfg0 1 inline nf0 -- lsp-set-addresses p0 unknown"),
    ("ovn-sbctl", "chassis-add hv0 geneve,vxlan 10.0.0.1 -- create datapath_binding tunnel_key=1 external_ids:name=sw0"),
    ("ovn-ic-nbctl", "ts-add sw0 -- ts-add sw1 -- tr-add r0 -- tr-add r1 -- trp-add r0 rp0 00:00:00:00:00:01 10.0.0.1/24 chassis=hv0"),
    ("ovn-ic-sbctl", "--id=@z create availability_zone name=az0 -- create port_binding logical_port=p0 availability_zone=@z tunnel_key=1"),
    ("ovs-vsctl", "add-br br0 -- add-br br1 br0 100 -- add-port br0 e0 -- add-bond br0 b0 e1 e2 -- set-controller br0 tcp:1.2.3.4"),
    ("vtep-ctl", "add-ps ps0 -- add-port ps0 p0 -- add-ls sw0 -- add-lr r0 -- bind-ls ps0 p0 100 sw0"),
)
"""What the databases hold at first."""


class Author:
    """Writes command lines from a seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.programs: dict[str, Program] = {name: import_module(module).PROGRAM for name, module in PROGRAMS.items()}
        self.commands = {
            name: [command for family in program.all_families() for command in family.commands.values() if command.name not in LEFT_OUT]
            for name, program in self.programs.items()
        }
        self.schemas = {name: schema_of(module).to_json()["tables"] for name, module in SCHEMAS.items()}

    def chance(self, probability: float) -> bool:
        """Whether it comes so."""
        return self.draw.random() < probability

    def line(self) -> tuple[str, list[str]]:
        """A program and its words."""
        program = self.draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        words: list[str] = []
        while self.chance(0.15):
            words += self.draw.choice(GLOBAL).split()
        for number in range(self.draw.choice((1, 1, 1, 1, 2, 3))):
            words += ["--"] if number or self.chance(0.1) else []
            words += self.call(program)
        return program, words

    def call(self, program: str) -> list[str]:
        """A command with its options and arguments, sometimes too many or too few."""
        command = self.draw.choice(self.commands[program])
        if command.usage.startswith("TABLE") and self.chance(0.8):
            return [*self.options(command), command.name, *self.database_arguments(program, command)]
        given: list[str] = []
        for text, missing in arguments_of(command.usage):
            if missing and self.chance(0.5):
                break
            many = text.endswith("...")
            given += [self.argument(program, text.removesuffix("...")) for _ in range(self.draw.choice((1, 1, 2)) if many else 1)]
        if self.chance(0.03):
            given = given[:-1] if self.chance(0.5) else [*given, "more"]
        name = command.name if not self.chance(0.01) else command.name[:-1]
        return [*self.options(command), name, *given]

    def options(self, command: Command) -> list[str]:
        """Options of a command, sometimes those of another."""
        found = []
        for name, form in command.options.items():
            if self.chance(0.25):
                found.append(f"--{name}" + (f"={self.draw.choice(OPTION_VALUES.get(name, ('x',)))}" if form == "str | None" else ""))
        if self.chance(0.02):
            found.append(self.draw.choice(("--may-exist", "--if-exists", "--nope", "--may-exist=1")))
        return found

    def argument(self, program: str, name: str) -> str:
        """A value for an argument of a usage line."""
        part = self.draw.choice(name.split("|")) if name not in POOLS else name
        if "COLUMN" in part:
            return self.setting(program, self.draw.choice(list(self.schemas[program])))
        return self.draw.choice(POOLS.get(part, ("x", "1", "")))

    def database_arguments(self, program: str, command: Command) -> list[str]:
        """TABLE, perhaps RECORD, and columns of it."""
        table = self.draw.choice(list(self.schemas[program]))
        given = [self.misspelt(table)]
        if "RECORD" in command.usage:
            if "[RECORD]" not in command.usage or self.chance(0.6):
                given.append(self.draw.choice(("sw0", "r0", "p0", "rp0", ".", "br0", "e0", "lb0", "hv0", "ps0", "m0", "nope", "1234", "")))
            else:
                return given
        if command.name in ("list", "destroy"):
            return given
        if command.name in ("add", "remove"):
            column = self.draw.choice(list(self.schemas[program][table]["columns"]))
            return [*given, self.misspelt(column), self.value(self.schemas[program][table]["columns"][column]["type"])]
        for _ in range(self.draw.choice((1, 1, 2))):
            form = {"get": "COLUMN", "clear": "NAME"}.get(command.name, "SETTING")
            given.append(self.setting(program, table, form))
        return given

    def misspelt(self, name: str) -> str:
        """A name, or something like it."""
        forms = (name, name, name, name, name.lower(), name.replace("_", "-"), name[:4], name[:1], name + "x", "")
        return self.draw.choice(forms)

    def setting(self, program: str, table: str, form: str = "SETTING") -> str:
        """COLUMN, COLUMN:KEY, COLUMN=VALUE or COLUMN:KEY=VALUE."""
        columns = self.schemas[program][table]["columns"]
        column = self.draw.choice(list(columns))
        word = self.misspelt(column)
        if form == "NAME":
            return word
        is_map = isinstance(columns[column]["type"], dict) and "value" in columns[column]["type"]
        if self.chance(0.6 if is_map else 0.05):
            word += ":" + self.draw.choice(("a", "key", '"a b"', ""))
            return word if form == "COLUMN" else f"{word}{self.operator()}{self.draw.choice(('b', '1', ''))}"
        return word if form == "COLUMN" else f"{word}{self.operator()}{self.value(columns[column]['type'])}"

    def operator(self) -> str:
        """= mostly."""
        return "=" if self.chance(0.85) else self.draw.choice(("!=", "<", ">=", "{<=}", "{in}", "==", ""))

    def value(self, kind: Any) -> str:
        """A value of a type, or of another."""
        key = kind["key"] if isinstance(kind, dict) else kind
        base = key["type"] if isinstance(key, dict) else key
        atoms = {
            "integer": NUMBERS, "real": NUMBERS, "boolean": ("true", "false", "yes", "x"), "uuid": ("@x", "nope", "[]"),
            "string": ("abc", '"a b"', "a b", "", '""', "a,b", "[]", "true", "1"),
        }  # fmt: skip
        choices = key.get("enum", ["set", []])[1] if isinstance(key, dict) else []
        pool = [*atoms[base], *(choices if isinstance(choices, list) else [choices])]
        if isinstance(kind, dict) and "value" in kind and self.chance(0.8):
            return self.draw.choice(("a=b", "{a=b,c=d}", "{}", "a=b,c=d", '"a"="b c"', "a", "a=1"))
        if isinstance(kind, dict) and kind.get("max") == "unlimited" and self.chance(0.4):
            return "[" + ",".join(str(self.draw.choice(pool)) for _ in range(2)) + "]"
        return str(self.draw.choice(pool))


LIBRARY_LOG = re.compile(r"^.*\|socket_util\|ERR\|.*\n", re.MULTILINE)
"""What the reference's parser of addresses says in the log; we do not."""


def flat(result: Result) -> Result:
    """A result without what differs from run to run; the lines within a line of --oneline in order."""
    result = result._replace(err=LIBRARY_LOG.sub("", result.err))
    out = "\n".join("\\n".join(sorted(line.split("\\n"))) for line in normal(result.out).splitlines())
    return Result(result.status, normal(out), normal(result.err))


def differences(folder: Path, seed: int, count: int) -> Iterator[tuple[str, Result, Result]]:
    """Lines that the reference in `folder` answers otherwise than ours: the line, the reference's answer, ours."""
    author = Author(seed)
    for first in range(0, count, BATCH):
        lines = [(program, line.split()) for program, line in ROWS] + [author.line() for _ in range(min(BATCH, count - first))]
        yield from differences_in(folder, lines)


def differences_in(folder: Path, lines: list[tuple[str, list[str]]]) -> Iterator[tuple[str, Result, Result]]:
    """Those of lines that are run one after the other on the same databases."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as work, server(folder, Path(work)) as run:
        for program, words in lines:
            theirs = flat(run(program, words))
            ours = flat(bench.run(program, *front(program), *words))
            if theirs != ours:
                yield f"{program} {shlex.join(words)}", theirs, ours


if __name__ == "__main__":
    found = list(differences(Path(os.environ["PYOVN_REFERENCE"]), int(sys.argv[1]), int(sys.argv[2])))
    for line, theirs, ours in found:
        print(f"$ {line}\n  reference {theirs}\n  ours      {ours}")
    print(f"{len(found)} differences")
