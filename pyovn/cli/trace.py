"""`ovn-trace`: what becomes of a packet, told from the southbound database (ovn-trace(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError, ServerError, Target, TimedOut, Unreachable
from pyovn.cli.ctl.grammar import TLS, next_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, NoReturn

    from pyovn.cli.client import Client, Connect, Writer
    from pyovn.logical.actions.learned import Endpoint
    from pyovn.runtime.openflow_client import OpenFlowClient
    from pyovn.trace.network import Row, Select
    from pyovn.trace.request import Request

NAME = "ovn-trace"
DATABASE = "OVN_Southbound"
FORMS = ("detailed", "summary", "minimal")

OPTIONS: dict[str, bool | None] = {
    "detailed": False, "summary": False, "minimal": False, "all": False, "ct": True, "lb-dst": True, "select-id": True, "ovs": None,
    "friendly-names": False, "no-friendly-names": False, "db": True, "leader-only": False, "no-leader-only": False, "help": False,
    "detach": False, "no-chdir": False, "pidfile": None, "overwrite-pidfile": False, "monitor": False, "user": True, "unixctl": True,
    "version": False, "timeout": True, "verbose": None, "log-file": None, "syslog-method": True, "syslog-target": True,
    "private-key": True, "certificate": True, "ca-cert": True, "bootstrap-ca-cert": True, "ssl-protocols": True, "ssl-ciphers": True,
    "ssl-ciphersuites": True, "ssl-server-name": True,
}  # fmt: skip
"""Whether each option takes a value; None: perhaps."""

USAGE = """\
ovn-trace: OVN trace utility
usage: ovn-trace [OPTIONS] [DATAPATH] MICROFLOW
       ovn-trace [OPTIONS] --detach

Output format options:
  --detailed              what every table does (the usual form)
  --summary               actions alone, as nested blocks
  --minimal               only what a packet's receiver can see
  --all                   the three of them
Output style options:
  --no-friendly-names     datapaths by their uuids alone

Assumptions:
  --ct=FLAGS              what a pass through connection tracking reports; may be repeated
  --lb-dst=IP[:PORT]      the backend to which load balancers send the packet
  --select-id=ID          the value that a select action picks

Daemon options:
  --detach                stay, and answer `trace` on the control socket
  --unixctl=SOCKET        name of the control socket
  --pidfile[=FILE], --overwrite-pidfile, --monitor, --no-chdir, --user=USER[:GROUP]

Other options:
  --ovs[=REMOTE]          show the OpenFlow rules of each flow, asked of REMOTE
                          (default: {bridge})
  --db=DATABASE           connect to DATABASE
                          (default: {default})
  --no-leader-only        accept any cluster member, not just the leader
  -h, --help              display this help message
  -V, --version           display version information
"""


class Line:
    """A command line taken apart."""

    __slots__ = ("flags", "lists", "operands")

    def __init__(self) -> None:
        self.flags: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self.operands: list[str] = []


def parse(argv: list[str]) -> Line:
    """Options may stand anywhere before `--`."""
    line = Line()
    at = 0
    while at < len(argv):
        word = argv[at]
        if word == "--":
            line.operands += argv[at + 1 :]
            break
        if word.startswith("-") and word != "-":
            name, value, at = next_option(OPTIONS, argv, at)
            line.flags[name] = "" if value is True else str(value)
            line.lists.setdefault(name, []).append(line.flags[name])
        else:
            line.operands.append(word)
            at += 1
    return line


def _ct_states(words: Sequence[str]) -> tuple[int, ...]:
    from pyovn.trace.tracking import CT_FLAGS

    states = []
    for word in words:
        state = CT_FLAGS["trk"]
        for flag in word.replace(",", " ").split():
            if flag not in CT_FLAGS:
                raise CommandError(f"{flag}: unknown connection tracking state flag")
            state |= CT_FLAGS[flag]
        states.append(state)
    return tuple(states)


def _destination(text: str) -> Endpoint:
    from pyovn.logical.actions.learned import parse_endpoint

    endpoint = parse_endpoint(text)
    if endpoint is None:
        raise CommandError(f"{text}: bad address")
    return endpoint


def make_request(line: Line, words: Line) -> Request:
    """What the command line asks; of the packet, and of how to print it, `words` tell, which a daemon is given later."""
    from pyovn.trace.engine import Assumptions
    from pyovn.trace.request import Request

    if not 1 <= len(words.operands) <= 2:
        raise CommandError("one or two non-option arguments are required (use --help for help)")
    forms = FORMS if "all" in words.flags else tuple(form for form in FORMS if form in words.flags) or FORMS[:1]
    select_id = line.flags.get("select-id")
    if select_id is not None and not select_id.isdigit():
        raise CommandError(f"{select_id}: bad select-id")
    assumptions = Assumptions(
        _ct_states(line.lists.get("ct", [])),
        _destination(line.flags["lb-dst"]) if "lb-dst" in line.flags else None,
        None if select_id is None else int(select_id),
    )
    datapath = words.operands[0] if len(words.operands) == 2 else ""
    return Request(words.operands[-1], datapath, forms, assumptions, "no-friendly-names" not in line.flags)


def select_through(client: Client) -> Select:
    """Rows by `select` operations: the server looks them up, and only they travel."""
    from pyovn.trace.network import plain

    def select(table: str, where: Sequence[list[Any]], columns: Sequence[str]) -> list[Row]:
        operation = {"op": "select", "table": table, "where": list(where), "columns": list(columns)}
        result = client.call("transact", [DATABASE, operation])[0]
        if "error" in result:
            raise ServerError(result)
        return [{column: plain(value) for column, value in row.items()} for row in result["rows"]]

    return select


def default_remote(env: Mapping[str, str]) -> str:
    """The southbound database of this machine."""
    return env.get("OVN_SB_DB") or f"unix:{env.get('OVN_RUNDIR') or '/var/run/ovn'}/ovnsb_db.sock"


def default_bridge(env: Mapping[str, str]) -> str:
    """The integration bridge of this machine."""
    return f"unix:{env.get('OVS_RUNDIR') or '/var/run/openvswitch'}/br-int.mgmt"


def target_of(line: Line, env: Mapping[str, str]) -> Target:
    """The database that a command line means."""
    return Target(
        line.flags.get("db") or default_remote(env),
        DATABASE,
        leader_only="no-leader-only" not in line.flags,
        timeout_s=int(line.flags.get("timeout", "0")),
        tls=tls_of(line),
    )


def tls_of(line: Line) -> dict[str, str]:
    """The options of TLS that a command line has."""
    return {name: value for name, value in line.flags.items() if name in TLS}


def answer(request: Request, line: Line, env: Mapping[str, str], *, err: Writer, connect: Connect) -> str:
    """What there is to print for a request."""
    from dataclasses import replace

    from pyovn.trace.network import Network
    from pyovn.trace.request import answer as trace

    def warn(text: str) -> None:
        err.write(f"{NAME}: {text}\n")

    client = connect(target_of(line, env))
    bridge = open_bridge(line, env, warn) if "ovs" in line.flags else None
    try:
        return trace(Network(select_through(client)), replace(request, rules=rules_through(bridge) if bridge else None), warn)
    finally:
        client.close()
        if bridge is not None:
            bridge.close()


def open_bridge(line: Line, env: Mapping[str, str], warn: Callable[[str], None]) -> OpenFlowClient | None:
    """A session with the switch whose rules are to be shown; without one the trace goes on all the same."""
    from pyovn.runtime.blocking import ConnectError
    from pyovn.runtime.openflow_client import OpenFlowClient

    remote = line.flags["ovs"] or default_bridge(env)
    try:
        return OpenFlowClient(remote, tls_of(line))
    except ConnectError as error:
        warn(f"{remote}: connection failed ({error})")
        return None


def rules_through(bridge: OpenFlowClient) -> Callable[[str], list[str]]:
    """The rules that come from a row: the first 32 bits of its uuid are their cookie."""
    from pyovn.runtime.blocking import ConnectError

    def rules(uuid: str) -> list[str]:
        try:
            return bridge.rules(int(uuid[:8], 16))
        except ConnectError as error:
            raise LookupError(str(error)) from None

    return rules


def detach(line: Line, argv: list[str], env: Mapping[str, str]) -> int:
    """Become the daemon."""
    if line.operands:
        raise CommandError("non-option arguments not supported with --detach (use --help for help)")
    from pyovn.runtime.trace_daemon import serve

    return serve(line, argv, env)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """The whole program; the exit status. A microflow that cannot be traced is said on `out`, with status 0, as scripts know it."""
    try:
        line = parse(list(argv))
        if "help" in line.flags:
            out.write(USAGE.format(default=default_remote(env), bridge=default_bridge(env)))
        elif "version" in line.flags:
            from pyovn.runtime.version import version_text

            out.write(version_text(NAME))
        elif "detach" in line.flags:
            return detach(line, list(argv), env)
        else:
            out.write(answer(make_request(line, line), line, env, err=err, connect=connect))
        return 0
    except CommandError as error:
        err.write(f"{NAME}: {error}\n")
    except Unreachable as error:
        err.write(f"{NAME}: {error.remote}: database connection failed ({error})\n")
    except ServerError as error:
        err.write(f"{NAME}: transaction error: {error.error}\n")
    except TimedOut:
        return 142
    return 1


def main(argv: list[str] | None = None) -> NoReturn:
    """Run as this process."""
    import os
    import sys

    from pyovn.cli.main import connect, end

    words = sys.argv[1:] if argv is None else argv
    end(run(words, os.environ, out=sys.stdout, err=sys.stderr, connect=connect))
