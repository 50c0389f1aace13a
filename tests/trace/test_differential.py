"""The same traces as the reference's, to the letter, of random packets in all sorts of networks."""

from __future__ import annotations

import io
import os
import re
import subprocess
from itertools import zip_longest
from pathlib import Path
from random import Random

import pytest

from pyovn.cli.client import Target
from pyovn.cli.main import connect
from pyovn.cli.trace import run, select_through
from pyovn.trace.output import OMITTED
from tests.controller import networks as of_hosts
from tests.controller.reference import deployment, hosts_are_there
from tests.northd.networks import NETWORKS as OF_THE_COMPILER
from tests.northd.reference import Central, central, is_there, program
from tests.trace.microflows import random_line, words_of
from tests.trace.recorded import Recorded, cases

PACKETS = int(os.environ.get("PYOVN_TRACED_PACKETS", "20"))
NETWORKS = {**OF_THE_COMPILER, **{f"{network.name} of hosts": network.commands for network in of_hosts.NETWORKS}}
FORMS = ("--all", "--detailed", "--summary", "--minimal")
TRIES = 6
"""Where the reference draws a backend by lot, it is asked again until it draws ours."""


def ours(argv: list[str]) -> str:
    """What our program prints."""
    out = io.StringIO()
    run(argv, {}, out=out, err=io.StringIO(), connect=connect)
    return out.getvalue()


def theirs(node: Central, argv: list[str]) -> str | None:
    """What the reference's prints; None if it breaks down."""
    path = program("ovn-trace")
    assert path
    done = subprocess.run([path, *argv], env=node.environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout if done.returncode >= 0 else None


def is_settled(node: Central, argv: list[str]) -> bool:
    """Whether the first difference of two answers is one that we mean.

    Of flows that match with the same priority each takes another. The reference's trace leaves things through that its own agent's
    port security drops, and heeds entries that its agent does not; and its packets keep registers on their way from one datapath to
    the next, so that one of them goes back where its switches drop it.
    """
    detailed = [word for word in argv if word not in FORMS]
    for _ in range(TRIES):
        pairs = zip_longest(*(text.splitlines() for text in (ours(detailed), theirs(node, detailed) or "")), fillvalue="")
        first = next(((mine, other) for mine, other in pairs if mine != other), None)
        if first is None:
            return False
        if "apply_port_sec" in "".join(first) or OMITTED in first[0] or _place(first[0]) == _place(first[1]) != "":
            return True
    return False


def _place(line: str) -> str:
    """Table and priority of the flow that a line of a trace is about."""
    found = re.match(r" *(\d+)\. .*, priority (\d+), uuid ", line)
    return f"{found[1]} {found[2]}" if found else ""


def differences(node: Central, seed: int, packets: int) -> list[str]:
    """Command lines whose answers differ, with both."""
    client = connect(Target(node.remote("sb"), "OVN_Southbound"))
    random, words = Random(seed), words_of(select_through(client))
    client.close()
    found = []
    for _ in range(packets if words.ports else 0):
        argv = [f"--db={node.remote('sb')}", *random_line(random, words)]
        mine = ours(argv)
        if all(theirs(node, argv) not in (mine, None) for _ in range(TRIES)) and not is_settled(node, argv):
            found.append("\n".join((repr(argv[1:]), "OURS", mine, "THEIRS", str(theirs(node, argv)))))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not is_there() or not program("ovn-trace"), reason="PYOVN_REFERENCE names no folder with the reference's programs")
@pytest.mark.parametrize("name", NETWORKS)
def test_traces_are_the_reference_s(name: str) -> None:
    with central() as node:
        node.shell(NETWORKS[name])
        node.settle()
        found = differences(node, len(name), PACKETS)
    assert not found, f"{len(found)} of {PACKETS} differ\n" + "\n".join(found[:3])


@pytest.mark.slow
@pytest.mark.skipif(not hosts_are_there(), reason="PYOVN_REFERENCE names no folder with the reference's programs")
@pytest.mark.parametrize("form", FORMS)
def test_the_rules_of_a_switch_are_shown(form: str) -> None:
    network = of_hosts.POLICY
    with deployment() as made:
        made.node.shell(network.commands)
        for host, port in network.plugged:
            made.plug(host, port)
        made.settle()
        bridge = f"--ovs=unix:{made.node.folder}/hv1/br-int.mgmt"
        packet = 'inport == "a" && eth.src == 00:00:00:00:00:0a && eth.dst == 00:00:00:00:00:0b && ip4.src == 10.0.0.10 && ip.ttl == 64'
        argv = [f"--db={made.node.remote('sb')}", form, bridge, "sw", packet]
        told = [re.sub(r"(duration|idle_age)=[\d.]+", r"\1=N", text) for text in (ours(argv), theirs(made.node, argv) or "")]
    assert told[0] == told[1]
    assert "cookie=" in told[0] or form == "--minimal"


def test_a_switch_that_cannot_be_asked_is_said_and_the_trace_goes_on(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    argv = [f"--ovs=unix:{tmp_path}/none.mgmt", *cases()[0].argv]
    assert run(argv, {}, out=out, err=err, connect=Recorded().connect) == 0
    assert (out.getvalue(), err.getvalue()) == (
        cases()[0].output, f"ovn-trace: unix:{tmp_path}/none.mgmt: connection failed (No such file or directory)\n",
    )  # fmt: skip
