"""Addresses that move between ports."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, port, switch


def vip(address: str, parents: str = "vm") -> list[object]:
    return [port("vip", type="virtual", options={"virtual-ip": address, "virtual-parents": parents}), port("vm")]


def test_who_speaks_for_the_address_gets_the_port() -> None:
    claims = "(arp.op == 1 && arp.spa == 10.0.0.9 && arp.tpa == 10.0.0.9) || (arp.op == 2 && arp.spa == 10.0.0.9)"
    rows = switch(*vip("10.0.0.9", "vm,nobody"))  # type: ignore[arg-type]
    check(rows, Stage.LS_IN_ARP_RSP, f'100 inport == "vm" && ({claims}) -> bind_vport("vip", inport); next;')


@pytest.mark.parametrize(("address", "parents"), [("nonsense", "vm"), ("10.0.0.9", "nobody"), ("", "vm")])
def test_what_names_nobody_is_nobodys(address: str, parents: str) -> None:
    check(switch(*vip(address, parents)), Stage.LS_IN_ARP_RSP)  # type: ignore[arg-type]
