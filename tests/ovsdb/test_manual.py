"""Sentences are read from the source."""

from __future__ import annotations

from pyovn.ovsdb.manual import column_docs
from pyovn.schemas import nb, vswitch
from tests.ovsdb.sample import Room


def test_column_docs() -> None:
    assert column_docs(nb.HAChassis)["chassis_name"] == "The chassis."
    assert column_docs(vswitch.CTTimeoutPolicy)["timeouts"].startswith("Seconds by kind of connection")
    assert column_docs(Room) == {"number": "", "label": "", "ports": "", "next": ""}
