"""What the administrator said, and what follows for this host alone."""

from __future__ import annotations

import pytest

from pyovn.controller.facts import PROCESS, Fact, Process
from pyovn.controller.host import Encapsulation, bridge_mappings, bridge_name, chassis_name, encapsulations, is_true, listed, setting
from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.row import make
from pyovn.query import Engine
from pyovn.schemas import vswitch

UUID = "00000001-0000-4000-8000-000000000000"


def host(external_ids: dict[str, str], name: str = "") -> Engine:
    """A host with these settings."""
    db = Engine()
    row = make(vswitch.OpenvSwitch, UUID, {**defaults_of(vswitch.OpenvSwitch), "external_ids": external_ids}.values())
    db.feed([Fact(Process, PROCESS, None, Process(name, "h", 0, "")), Fact(vswitch.OpenvSwitch, UUID, None, row)])
    return db


def test_the_command_line_names_the_chassis_first() -> None:
    assert chassis_name(host({"system-id": "a"})) == "a"
    assert chassis_name(host({"system-id": "a"}, "b")) == "b"
    assert chassis_name(host({})) is None


def test_a_chassis_s_own_setting_wins() -> None:
    db = host({"system-id": "a", "ovn-bridge": "br0", "ovn-bridge-a": "br1"})
    assert setting(db, "ovn-bridge") == "br1"
    assert bridge_name(host({"system-id": "b", "ovn-bridge-a": "br1"})) == "br-int"


def test_every_type_at_every_address() -> None:
    db = host({"system-id": "a", "ovn-encap-type": "geneve,vxlan,stt", "ovn-encap-ip": "192.0.2.1,192.0.2.2", "ovn-encap-csum": "false"})
    assert [(encap.type, encap.ip) for encap in encapsulations(db)] == [
        ("geneve", "192.0.2.1"), ("geneve", "192.0.2.2"), ("vxlan", "192.0.2.1"), ("vxlan", "192.0.2.2"),
    ]  # fmt: skip
    assert encapsulations(db)[0] == Encapsulation("geneve", "192.0.2.1", (("csum", "false"),))
    assert encapsulations(host({"ovn-encap-type": "geneve"})) == ()


@pytest.mark.parametrize(
    ("text", "pairs"),
    [("phys:br0", (("phys", "br0"),)), ("a:b, c:d", (("a", "b"), ("c", "d"))), ("a,b:,:c", ()), ("", ())],
)
def test_bridge_mappings(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert bridge_mappings(host({"ovn-bridge-mappings": text})) == pairs


@pytest.mark.parametrize(("text", "elements"), [(None, ()), ("a,,b , a", ("a", "b"))])
def test_listed(text: str | None, elements: tuple[str, ...]) -> None:
    assert listed(text) == elements


@pytest.mark.parametrize(("text", "value"), [("true", True), ("TRUE", True), ("1", False), (None, False)])
def test_is_true(text: str | None, value: bool) -> None:
    assert is_true(text) is value
