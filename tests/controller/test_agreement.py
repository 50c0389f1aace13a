"""The same rules as the reference's, to the letter: on recordings, and where the reference is there, live.

With PYOVN_RECORD set besides PYOVN_REFERENCE, what the reference did is kept as the new recording.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.controller.agree import RECORDED, engine, our_rules, read, write
from tests.controller.networks import NETWORKS, Network
from tests.controller.reference import HOSTS, Deployment, deployment, hosts_are_there


def check(recording: dict[str, Any]) -> None:
    """Ours are theirs."""
    ours, theirs = set(our_rules(engine(recording))), set(recording["flows"])
    assert sorted(ours - theirs) == [], "only ours"
    assert sorted(theirs - ours) == [], "only the reference's"


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json.gz")), ids=lambda path: path.name.split(".")[0])
def test_rules_are_the_recorded_ones(path: Path) -> None:
    check(read(path))


def build(made: Deployment, network: Network) -> None:
    """Make the network and plug its machines in."""
    made.node.shell(network.commands)
    for number, host in enumerate(HOSTS, 1):
        if network.host_settings:
            made.vsctl(host, *(word.replace("{n}", str(number)) for word in network.host_settings))
    for host, port in network.plugged:
        made.plug(host, port)
    made.settle()
    # Patch ports get their numbers after the configuration is acknowledged.
    time.sleep(1 if network.host_settings else 0)
    made.settle()


@pytest.mark.slow
@pytest.mark.skipif(not hosts_are_there(), reason="PYOVN_REFERENCE names no folder with the reference's programs")
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_rules_are_the_reference_s(network: Network) -> None:
    with deployment() as made:
        build(made, network)
        for host in HOSTS:
            recording = made.record(host)
            if "PYOVN_RECORD" in os.environ:
                write(RECORDED / f"{network.name}-{host}.json.gz", recording)
            check(recording)
