"""BFD messages (RFC 5881) for a router's own addresses: those of its sessions go to the chassis that runs them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import any_of
from pyovn.northd.bfd import PORT, is_run
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import Flow
from pyovn.northd.router.own_addresses import INPUT
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine


def messages(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What a port with sessions sends itself passes; what comes for it is handled."""
    if not is_run(db, port.name):
        return
    meter = controller_meter(db, port.router, "bfd")
    for ip, networks in (("ip4", port.ipv4), ("ip6", port.ipv6)):
        if networks:
            own = any_of(networks)
            yield Flow(INPUT, 110, f"{ip}.src == {own} && udp.dst == {PORT}", "next; ", hint=port.uuid)
            yield Flow(INPUT, 110, f"{ip}.dst == {own} && udp.dst == {PORT}", "handle_bfd_msg(); ", hint=port.uuid, meter=meter)
