"""Service_Monitor: a row for each backend, port and network function that is probed; the chassis that has the port says how it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyovn.northd import topology
from pyovn.northd.backend_health import (
    ONLINE,
    Probed,
    check_of,
    is_probed,
    monitor_mac,
    monitored_mac,
    probed,
    probed_backend,
    prober,
    status,
)
from pyovn.northd.function_health import probe_addresses, probed_function
from pyovn.northd.load_balancers import balancer
from pyovn.northd.port_health import checks
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.query import Engine, some
from pyovn.schemas import nb, sb


def service_monitors(db: Engine, ref: str) -> Iterator[Wanted]:
    """The probes of a load balancer's backends."""
    found = balancer(db, ref)
    for vip, probe in probed(db, found) if found else ():
        check = check_of(db, found, vip) if found else None
        if found is None or check is None or not is_probed(db, probe):
            continue
        source = prober(db, found, probe)
        options = {**check.options, "az-name": probe.az} if probe.az else check.options
        key = probed_backend(found, probe)
        yield wanted(
            sb.ServiceMonitor, tuple(key), type="load-balancer", ip=key.address, port=key.port, logical_port=key.logical_port,
            protocol=key.protocol, remote=bool(probe.az), ic_learned=False, options=options,
            src_ip=probe.source, src_mac=source.mac if source else monitor_mac(db),
            **({} if probe.az else _where(db, key, key.logical_port)),
        )  # fmt: skip


CHECKED_PORTS = some(nb.LogicalSwitchPort, lambda row: bool(row.health_checks))
"""The switch ports that are probed."""


def port_monitors(db: Engine, ref: str) -> Iterator[Wanted]:
    """The probes of what lives at a switch port."""
    port = topology.switch_port(db, ref)
    for check in checks(db, port) if port and port.enabled else ():
        key = Probed(port.name if port else "", check.address, check.port, check.protocol)
        yield wanted(
            sb.ServiceMonitor, tuple(key), type="logical-switch-port", ip=key.address, port=key.port, logical_port=key.logical_port,
            protocol=key.protocol, remote=False, ic_learned=False, options=check.options,
            src_ip=check.src_ip, src_mac=monitor_mac(db), **_where(db, key, key.logical_port),
        )  # fmt: skip


def function_monitor(db: Engine, ref: str) -> Iterator[Wanted]:
    """The probes of a network function."""
    row, addresses = db.get(nb.NetworkFunction, ref), probe_addresses(db)
    check = db.get(nb.NetworkFunctionHealthCheck, row.health_check) if row and row.health_check else None
    key = probed_function(db, row) if row else None
    outport, inport = (topology.switch_port(db, end) if row else None for end in ((row.outport, row.inport) if row else ("", "")))
    if key and addresses and check and outport and inport:
        yield wanted(
            sb.ServiceMonitor, tuple(key), type="network-function", ip=key.address, port=key.port, logical_port=key.logical_port,
            logical_input_port=inport.name, protocol=key.protocol, remote=False, ic_learned=False, options=check.options,
            src_ip=addresses.source, src_mac=monitor_mac(db), mac=monitored_mac(db), **_where(db, key, outport.name, inport.name),
        )  # fmt: skip


def _where(db: Engine, probed: Probed, *ports: str) -> dict[str, Any]:
    """The chassis that probes, as long as one has a port; what is behind a port that is down is not online."""
    columns: dict[str, Any] = {}
    for ref in (ref for port in ports for ref in db.find(sb.PortBinding, "logical_port", port)):
        row = db.get(sb.PortBinding, ref)
        chassis = db.get(sb.Chassis, row.chassis) if row and row.chassis else None
        if chassis is not None:
            columns.setdefault("chassis_name", chassis.name)
        if row is not None and not row.up and status(db, probed) == ONLINE:
            columns["status"] = "offline"
    return columns
