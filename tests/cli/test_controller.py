"""What the agent's daemon takes from the host's database beside what the agent does."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.cli.controller import identity, interests
from pyovn.ovsdb.change import Change
from pyovn.query import Engine
from pyovn.runtime.tls import TlsSettings
from pyovn.schemas import vswitch

GIVEN = TlsSettings(private_key="k", certificate="c", ca_cert="a", ssl_protocols="TLSv1.3")
KEPT = {"private_key": "key", "certificate": "cert", "ca_cert": "ca"}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (None, GIVEN),
        (KEPT, TlsSettings("key", "cert", "ca", ssl_protocols="TLSv1.3")),
        ({**KEPT, "bootstrap_ca_cert": True}, TlsSettings("key", "cert", "", "ca", ssl_protocols="TLSv1.3")),
    ],
)
def test_the_hosts_identity_comes_before_the_one_that_was_given(columns: dict[str, Any] | None, expected: TlsSettings) -> None:
    db = Engine()
    if columns is not None:
        db.feed([Change(vswitch.SSL, "ssl", None, vswitch.SSL("ssl", **columns))])
    assert identity(db, GIVEN) == expected


def test_it_is_copied() -> None:
    assert vswitch.SSL in interests()
