"""Which member of a group of network functions packets pass: of those that work, the one that did so far.

A network function is probed by echo requests that go in by its one port and must come out by the other. Unlike a load balancer's
backend, one that is to be probed counts as working only when a chassis has said so.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

from pyovn.northd.backend_health import ONLINE, Probed, status
from pyovn.northd.global_options import global_option
from pyovn.query import Engine, query
from pyovn.schemas.nb import LogicalSwitchPort, NetworkFunction, NetworkFunctionGroup

FAIL_OPEN, FAIL_CLOSE = "fail-open", "fail-close"


class ProbeAddresses(NamedTuple):
    """Between which addresses network functions are probed."""

    source: str
    destination: str


@query
def probe_addresses(db: Engine) -> ProbeAddresses | None:
    """The addresses that the network's owner has set aside; None if one is missing or is none: then nothing is probed."""
    found = ProbeAddresses(global_option(db, "svc_monitor_ip"), global_option(db, "svc_monitor_ip_dst"))
    return found if all(map(_is_address, found)) else None


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def port_name(db: Engine, ref: str) -> str:
    """The name of a network function's port."""
    row = db.get(LogicalSwitchPort, ref)
    return row.name if row else ""


def probed_function(db: Engine, row: NetworkFunction) -> Probed | None:
    """What the probe of a network function is for."""
    addresses = probe_addresses(db)
    return Probed(port_name(db, row.outport), addresses.destination, 0, "icmp") if addresses else None


@query
def works(db: Engine, ref: str) -> bool:
    """A network function is found to work, or is not probed."""
    row = db.get(NetworkFunction, ref)
    if row is None or row.health_check is None:
        return row is not None
    probed = probed_function(db, row)
    return probed is not None and status(db, probed) == ONLINE


@query
def active(db: Engine, group: str) -> str | None:
    """The member of a group that packets pass, by uuid; None if none works."""
    row = db.get(NetworkFunctionGroup, group)
    working = [member for member in (row.network_function if row else ()) if works(db, member)]
    if row is not None and row.network_function_active in working:
        return row.network_function_active
    return working[0] if working else None


def fallback(row: NetworkFunctionGroup) -> str:
    """What becomes of packets if no member works: they pass, or are dropped."""
    return row.fallback or FAIL_CLOSE
