"""The same traces as the reference's, to the letter, of random packets in all sorts of networks."""

from __future__ import annotations

import io
import os
import re
import subprocess
from itertools import zip_longest
from random import Random

import pytest

from pyovn.cli.client import Target
from pyovn.cli.main import connect
from pyovn.cli.trace import run, select_through
from pyovn.trace.output import OMITTED
from tests.controller import networks as of_hosts
from tests.northd.networks import NETWORKS as OF_THE_COMPILER
from tests.northd.reference import Central, central, is_there, program
from tests.trace.microflows import random_line, words_of

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
