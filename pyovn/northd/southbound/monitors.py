"""Service_Monitor: a row for each backend whose health is checked; the chassis that has its port says how it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyovn.northd.backend_health import ONLINE, Probe, check_of, is_probed, monitor_mac, probed, prober, status
from pyovn.northd.load_balancers import Balancer, balancer
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.query import Engine
from pyovn.schemas import sb


def service_monitors(db: Engine, ref: str) -> Iterator[Wanted]:
    """The probes of a load balancer's backends."""
    found = balancer(db, ref)
    for vip, probe in probed(db, found) if found else ():
        check = check_of(db, found, vip) if found else None
        if found is None or check is None or not is_probed(db, probe):
            continue
        source = prober(db, found, probe)
        options = {**check.options, "az-name": probe.az} if probe.az else check.options
        key = (probe.logical_port, probe.backend.address, probe.backend.port, found.protocol)
        yield wanted(
            sb.ServiceMonitor, key, type="load-balancer", ip=probe.backend.address, port=probe.backend.port,
            logical_port=probe.logical_port, protocol=found.protocol, remote=bool(probe.az), ic_learned=False, options=options,
            src_ip=probe.source, src_mac=source.mac if source else monitor_mac(db), **_where(db, probe, found),
        )  # fmt: skip


def _where(db: Engine, probe: Probe, found: Balancer) -> dict[str, Any]:
    """The chassis that probes, as long as one has the port; a backend whose port is down is not online."""
    if probe.az:
        return {}
    columns: dict[str, Any] = {}
    for ref in db.find(sb.PortBinding, "logical_port", probe.logical_port):
        row = db.get(sb.PortBinding, ref)
        chassis = db.get(sb.Chassis, row.chassis) if row and row.chassis else None
        if chassis is not None:
            columns["chassis_name"] = chassis.name
        if row is not None and not row.up and status(db, probe.logical_port, probe.backend, found.protocol) == ONLINE:
            columns["status"] = "offline"
    return columns
