"""Health checks of switch ports: what lives there is probed by the port's chassis."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from pyovn.northd.topology import SwitchPort
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPortHealthCheck


def checks(db: Engine, port: SwitchPort) -> Iterator[LogicalSwitchPortHealthCheck]:
    """The health checks of a switch port whose address lives there."""
    for ref in port.health_checks:
        row = db.get(LogicalSwitchPortHealthCheck, ref)
        if row is not None and any(_is(row.address, network.address) for own in port.addresses for network in own.ipv4 + own.ipv6):
            yield row


def _is(text: str, address: str) -> bool:
    try:
        return str(ip_address(text)) == address
    except ValueError:
        return False
