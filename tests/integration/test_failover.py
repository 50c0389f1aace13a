"""Two gateways, one of which is cut off: with our switches, and with Open vSwitch as the switch of the host that uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.needs import OPEN_VSWITCH, need
from tests.integration.test_two_hosts import HERE, run_script

pytestmark = [pytest.mark.integration, pytest.mark.slow]

LONGEST_SILENCE_S = 4.5
"""Three lost control packets of a second each, and some time to claim and to announce."""

LEAST_ANSWERED = 60
"""Of the pings, ten a second: the pulled cable takes three to four seconds of twelve, and the way back a part of one."""


def check(printed: str) -> None:
    """The second took over and the first came back; meanwhile the outside waited no longer than it takes to miss three packets."""
    pulled = printed.partition("== pulled")[2]
    assert re.findall("leader: (.*)", printed) == ["hv1", "hv2", "hv1"]
    silence = re.search(r"longest silence: ([0-9.]+) s", pulled)
    assert silence is not None, pulled
    assert float(silence[1]) <= LONGEST_SILENCE_S, pulled
    answered = re.search("120 packets transmitted, ([0-9]+) received", pulled)
    assert answered is not None, pulled
    assert int(answered[1]) >= LEAST_ANSWERED, pulled
    assert pulled.count(" state=up") == 2, pulled


@pytest.mark.parametrize("third", ["", OPEN_VSWITCH], ids=["ours", "open_vswitch"])
def test_the_second_gateway_takes_over(tmp_path: Path, third: str) -> None:
    need(*([third] if third else []))
    check(run_script(tmp_path, AFTER=str(HERE / "failover.sh"), THIRD=third))
