"""Random expressions, answered by us and by the reference's test program (PYOVN_OVSTEST, or beside PYOVN_REFERENCE)."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from pyovn.logical.annotate import annotate
from pyovn.logical.evaluate import evaluate
from pyovn.logical.expression import format_expression
from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import parse
from tests.logical.recorded import PORTS, SCOPE

COUNT = 400
TERMS = [
    "ip4", "tcp", "udp.dst == 5", "udp.dst > 3", "udp.dst <= 9", "ip4.src == 10.0.0.0/30", "ip4.src != 10.0.0.1", "ip4.dst == $set1",
    "reg0 == 5", "reg0[3..7] >= 2", "!reg1[4]", "vlan.present", "!vlan.vid",
    "ct.new && !ct.est", 'inport == {"eth0", "eth1"}', 'outport == "LOCAL"',
    "eth.mcast", "!eth.bcast", "ip.first_frag", "!ip.is_frag", "ip.ttl == {0, 1}", "1", "0", "flags.loopback", "eth.src == $set3",
]  # fmt: skip
PACKET = (
    "ip4.src == 10.0.0.2 && ip4.dst == 10.0.0.3 && udp.dst == 5 && reg0 == 45 && ct.new && ip.ttl == 1 && vlan.vid == 0"
    ' && inport == "{}"'
)


def program() -> str:
    folder = os.environ.get("PYOVN_REFERENCE")
    beside = Path(folder) / "../ovn/tests/ovstest" if folder else None
    found = os.environ.get("PYOVN_OVSTEST") or (str(beside) if beside and beside.exists() else "")
    if not found:
        pytest.skip("neither PYOVN_OVSTEST nor PYOVN_REFERENCE leads to the reference's ovstest")
    return found


def ask(*arguments: str, lines: list[str]) -> list[str]:
    command = [program(), "test-ovn", *arguments]
    answered = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True, timeout=60)
    return answered.stdout.splitlines()


def draw_expression(draw: random.Random, depth: int = 3) -> str:
    if depth == 0 or draw.random() < 0.3:
        return f"({draw.choice(TERMS)})"
    joint = draw.choice([" && ", " || "])
    return "(" + joint.join(draw_expression(draw, depth - 1) for _ in range(draw.randint(2, 3))) + ")"


def expressions() -> list[str]:
    draw = random.Random(11)
    return [draw_expression(draw) for _ in range(COUNT)]


@pytest.mark.slow
def test_printed_alike() -> None:
    texts = expressions()
    assert [format_expression(parse(text, SCOPE)) for text in texts] == ask("parse-expr", lines=texts)
    assert [format_expression(annotate(parse(text, SCOPE), SCOPE)) for text in texts] == ask("annotate-expr", lines=texts)


@pytest.mark.slow
def test_evaluated_alike() -> None:
    texts = expressions()
    packet = parse_microflow(PACKET.format("eth0"), SCOPE, PORTS.get)
    ours = [str(int(evaluate(annotate(parse(text, SCOPE), SCOPE), packet, PORTS.get))) for text in texts]
    # Here the reference's test program takes ports by number, in quotes, and knows no sets.
    plain = {'"eth0"': '"5"', '"eth1"': '"6"', '"LOCAL"': '"65534"'}
    plain |= {f"${name}": "{" + ", ".join(members) + "}" for name, members in SCOPE.address_sets.items()}
    for known, spelled in plain.items():
        texts = [text.replace(known, spelled) for text in texts]
    assert ours == ask("evaluate-expr", PACKET.format("5"), lines=texts)
