"""The script of two hosts, then a gateway router to an outside network: routed, translated and balanced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.needs import need
from tests.integration.test_two_hosts import HERE, mixed, run_script

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def check_routed(printed: str) -> None:
    """Every ping came back through as many routers as there are between."""
    gateway = printed.partition("== to-the-gateway")[2]
    near, _, rest = gateway.partition("== from-outside")
    outside, _, rest = rest.partition("== translated")
    translated = rest.partition("== balanced")[0]
    assert near.count("64 bytes from 192.168.223.120: icmp_seq=2 ttl=253") == 1, near
    assert near.count("64 bytes from 192.168.223.120: icmp_seq=2 ttl=254") == 1, near
    assert near.count("64 bytes from 172.19.255.1: icmp_seq=2 ttl=253") == 1, near
    assert outside.count("64 bytes from 172.18.100.10: icmp_seq=2 ttl=62") == 1, outside
    assert translated.count("64 bytes from 192.168.223.161: icmp_seq=2 ttl=62") == 1, translated


def check_balanced(printed: str) -> None:
    """Both web servers were heard, by everyone; one of them by itself."""
    balanced = printed.partition("== balanced")[2]
    for client in ("out", "vm4", "vm1"):
        heard = {line for line in balanced.splitlines() if line.startswith(client)}
        assert heard == {f"{client} heard: i am vm1", f"{client} heard: i am vm3"}, balanced


def test_every_program_is_ours(tmp_path: Path) -> None:
    need("curl")
    printed = run_script(tmp_path, AFTER=str(HERE / "gateway.sh"))
    check_routed(printed)
    check_balanced(printed)


def test_the_agent_is_ours(tmp_path: Path) -> None:
    need("curl")
    programs = mixed(tmp_path, ("ovn-controller",))
    printed = run_script(tmp_path, programs, DATAPATH="netdev", AFTER=str(HERE / "gateway.sh"))
    check_routed(printed)
    check_balanced(printed)
