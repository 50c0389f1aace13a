"""The global rows."""

from __future__ import annotations

import re

from pyovn.northd.southbound.global_rows import made_mac


def test_made_macs_are_local_unicast_and_repeatable() -> None:
    for seed in ("a", "b", "c"):
        assert re.fullmatch(r"[0-9a-f][26ae](:[0-9a-f]{2}){5}", made_mac(seed))
        assert made_mac(seed) == made_mac(seed)
    assert made_mac("a") != made_mac("b")
