"""DHCP relay: from a switch's clients by its router to a server."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import DHCPRelay
from tests.northd.compiled import check, check_among, port, router, router_port, switch, towards

MAC = "00:00:00:00:ff:01"
CLIENT = "00:00:00:00:00:01"


def rows(servers: str | None = "172.16.0.1", relaying: str | None = "side") -> list[Table]:
    """A client on a switch whose router relays."""
    relay = DHCPRelay("relay", name="relay", servers=servers)
    config = {"dhcp_relay_port": relaying} if relaying else {}
    around = switch(towards("side", "lrp"), port("vm", f"{CLIENT} 10.0.0.2"), other_config=config)
    return [*router(router_port("lrp", MAC, "10.0.0.1/24", dhcp_relay="relay")), *around, relay]


def test_a_clients_message_goes_to_the_router() -> None:
    asks = f'inport == "vm" && eth.src == {CLIENT} && ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255 && udp.src == 68 && udp.dst == 67'
    onwards = f'eth.dst = {MAC}; outport = "side"; next; /* DHCP_RELAY_REQ */'
    check_among(rows(), Stage.LS_IN_L2_LKUP, f"100 {asks} -> {onwards}")


def test_the_router_relays_what_it_has_checked() -> None:
    asks = 'inport == "lrp" && ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255 && udp.src == 68 && udp.dst == 67 && reg9[7]'
    check(
        rows(),
        Stage.LR_IN_DHCP_RELAY_REQ,
        f"100 {asks} -> ip4.src = 10.0.0.1; ip4.dst = 172.16.0.1; udp.src = 67; next; /* DHCP_RELAY_REQ */",
        f"1 {asks} == 0 -> drop; /* DHCP_RELAY_REQ */",
    )
    replied = "ip4.src == 172.16.0.1 && reg2 == 10.0.0.1 && udp.src == 67 && udp.dst == 67 && reg9[8]"
    check(
        rows(),
        Stage.LR_IN_DHCP_RELAY_RESP,
        f'100 {replied} -> ip4.src = 10.0.0.1; udp.dst = 68; outport = "lrp"; output; /* DHCP_RELAY_RESP */',
        f"1 {replied} == 0 -> drop; /* DHCP_RELAY_RESP */",
    )


@pytest.mark.parametrize("idle", [rows(servers=None), rows(servers="nonsense"), rows(relaying=None)])
def test_without_a_server_or_a_switch_that_asks_nothing_is_relayed(idle: list[Table]) -> None:
    check(idle, Stage.LR_IN_DHCP_RELAY_REQ)
