"""Which backends of a VIP are there for new connections: all, or those whose health checks succeed.

A backend is probed where its port is; what the chassis there found stands in the southbound, and counts as success until
it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.global_options import global_option
from pyovn.northd.load_balancers import Balancer, holders
from pyovn.northd.port_mappings import Mapping, parse_mapping
from pyovn.northd.southbound.global_rows import made_mac
from pyovn.northd.topology import RouterPort, SwitchPort, router_port, sides_towards_routers, switch_port
from pyovn.northd.vips import Endpoint, Vip
from pyovn.query import Engine, query
from pyovn.schemas import nb, sb

ONLINE = "online"


class Probe(NamedTuple):
    """How a backend is probed."""

    backend: Endpoint
    logical_port: str
    source: str
    """See `Mapping`."""
    az: str


@query
def health_check(db: Engine, balancer: str, vip: str) -> nb.LoadBalancerHealthCheck | None:
    """The health check of a VIP, named as the row names it."""
    row = db.get(nb.LoadBalancer, balancer)
    # Nobody knows how to probe with SCTP.
    found = (db.get(nb.LoadBalancerHealthCheck, ref) for ref in (row.health_check if row and row.protocol != "sctp" else ()))
    return next((check for check in found if check is not None and check.vip == vip), None)


def check_of(db: Engine, found: Balancer, vip: Vip) -> nb.LoadBalancerHealthCheck | None:
    """The health check of a VIP."""
    return health_check(db, found.uuid, vip.key)


def mapping_of(db: Engine, found: Balancer, vip: Vip, backend: Endpoint) -> Mapping | None:
    """Where a backend is; None if its row says nothing of it, `ValueError` if nothing that can be understood."""
    row = db.get(nb.LoadBalancer, found.uuid)
    address = f"[{backend.address}]" if backend.is_ipv6 else backend.address
    text = row.ip_port_mappings.get(address) if row else None
    needs_source = not found.has("distributed") or check_of(db, found, vip) is not None
    return None if text is None else parse_mapping(text, needs_source=needs_source)


def probe_of(db: Engine, found: Balancer, vip: Vip, backend: Endpoint) -> Probe | None:
    """How a backend is probed; None if its row says not, or nothing that can be understood."""
    try:
        mapping = mapping_of(db, found, vip, backend)
    except ValueError:
        return None
    return Probe(backend, *mapping) if mapping else None


def port_of(db: Engine, probe: Probe) -> SwitchPort | None:
    """The port where a backend is."""
    found = db.find(nb.LogicalSwitchPort, "name", probe.logical_port)
    return switch_port(db, found[0]) if found else None


def prober(db: Engine, found: Balancer, probe: Probe) -> RouterPort | None:
    """The port that has the source address of probes: on the backend's switch, of a router with the load balancer."""
    port = port_of(db, probe) if not probe.az else None
    for ref in sides_towards_routers(db, port.switch) if port else ():
        side = switch_port(db, ref)
        towards = router_port(db, side.peer) if side and side.peer else None
        if towards is not None and towards.router in holders(db, found.uuid, nb.LogicalRouter):
            if any(network.address == probe.source for network in towards.ipv4 + towards.ipv6):
                return towards
    return None


def probed(db: Engine, found: Balancer) -> Iterator[tuple[Vip, Probe]]:
    """The backends whose health is checked."""
    for vip in found.vips if not found.has("template") else ():
        for backend in vip.backends if check_of(db, found, vip) else ():
            probe = probe_of(db, found, vip, backend)
            if probe is not None:
                yield vip, probe


@query
def monitor_mac(db: Engine) -> str:
    """The MAC that probes come from where no router port has their source address."""
    return next((global_option(db, "svc_monitor_mac") or made_mac(f"{ref} monitor") for ref in db.every(nb.NBGlobal)), "")


@query
def monitored_mac(db: Engine) -> str:
    """The MAC that probes of network functions are for."""
    return next((global_option(db, "svc_monitor_mac_dst") or made_mac(f"{ref} monitored") for ref in db.every(nb.NBGlobal)), "")


def is_probed(db: Engine, probe: Probe) -> bool:
    """Whether somebody can probe the backend."""
    port = port_of(db, probe)
    return bool(probe.az) or (port is not None and port.enabled)


class Probed(NamedTuple):
    """What a probe is for; no two are for the same."""

    logical_port: str
    address: str
    port: int
    protocol: str


def probed_backend(found: Balancer, probe: Probe) -> Probed:
    """What the probe of a backend is for."""
    return Probed(probe.logical_port, probe.backend.address, int(probe.backend.port), found.protocol)


@query
def status(db: Engine, probed: Probed) -> str | None:
    """What was found; None: nothing yet."""
    for ref in db.find(sb.ServiceMonitor, "logical_port", probed.logical_port):
        row = db.get(sb.ServiceMonitor, ref)
        if row is not None and (row.ip, row.port, row.protocol) == probed[1:]:
            return row.status
    return None


def available(db: Engine, found: Balancer, vip: Vip) -> str:
    """The backends that may get a new connection, as actions write them; empty if there are none."""
    distributed, checked = found.has("distributed"), check_of(db, found, vip) is not None
    if not distributed and not checked:
        return vip.text if vip.backends else ""
    return ",".join(_available(db, found, vip, distributed, checked))


def _available(db: Engine, found: Balancer, vip: Vip, distributed: bool, checked: bool) -> Iterator[str]:
    for backend in vip.backends:
        probe = probe_of(db, found, vip, backend)
        if probe is None:
            continue
        if checked and (not is_probed(db, probe) or status(db, probed_backend(found, probe)) not in (None, ONLINE)):
            continue
        # A distributed load balancer sends to backends that are on the same chassis: it has to know their ports.
        port = f'"{probe.logical_port}":' if distributed else ""
        yield f"{port}[{backend.address}]:{backend.port}" if backend.is_ipv6 else f"{port}{backend.address}:{backend.port}"
