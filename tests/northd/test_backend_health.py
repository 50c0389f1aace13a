"""Health checks: who is probed from where, and which backends get new connections."""

from __future__ import annotations

import pytest

from pyovn.northd.backend_health import Probe, available, probe_of
from pyovn.northd.load_balancers import balancer
from pyovn.northd.southbound.monitors import service_monitors
from pyovn.northd.vips import Endpoint
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import LoadBalancer, LoadBalancerHealthCheck
from pyovn.schemas.sb import ServiceMonitor
from tests.northd.compiled import engine, port, switch

BACKEND = Endpoint("10.0.0.2", 80)


def checked(mapping: str, **options: str) -> list[Table]:
    """A load balancer with one backend, whose health is checked."""
    return [
        *switch(port("vm"), port("off", enabled=False), load_balancer=("lb",)),
        LoadBalancerHealthCheck("hc", vip="10.0.0.10:80", options={"interval": "5"}),
        LoadBalancer(
            "lb", name="lb", vips={"10.0.0.10:80": "10.0.0.2:80"}, health_check=("hc",), options=options,
            ip_port_mappings={"10.0.0.2": mapping},
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ("vm:10.0.0.8", Probe(BACKEND, "vm", "10.0.0.8", "")),
        ("vm:10.0.0.8:west", Probe(BACKEND, "vm", "10.0.0.8", "west")),
        ("vm:[fd00::8]:west", Probe(BACKEND, "vm", "fd00::8", "west")),
        ("vm:nonsense", None),
        ("vm", None),
    ],
)
def test_mappings(mapping: str, expected: Probe | None) -> None:
    db = engine(checked(mapping))
    found = balancer(db, "lb")
    assert found is not None and probe_of(db, found, found.vips[0], BACKEND) == expected


@pytest.mark.parametrize(
    ("mapping", "status", "expected"),
    [
        ("vm:10.0.0.8", None, "10.0.0.2:80"),
        ("vm:10.0.0.8", "online", "10.0.0.2:80"),
        ("vm:10.0.0.8", "offline", ""),
        ("off:10.0.0.8", None, ""),
        ("missing:10.0.0.8", None, ""),
    ],
)
def test_who_gets_new_connections(mapping: str, status: str | None, expected: str) -> None:
    name = mapping.partition(":")[0]
    heard = ServiceMonitor("m", logical_port=name, ip="10.0.0.2", port=80, protocol="tcp", status=status)
    db = engine([*checked(mapping), heard])
    found = balancer(db, "lb")
    assert found is not None and available(db, found, found.vips[0]) == expected


def test_a_distributed_load_balancer_names_its_ports() -> None:
    db = engine(checked("vm:10.0.0.8", distributed="true"))
    found = balancer(db, "lb")
    assert found is not None and available(db, found, found.vips[0]) == '"vm":10.0.0.2:80'


def test_a_probed_backend_has_a_monitor() -> None:
    (row,) = service_monitors(engine(checked("vm:10.0.0.8")), "lb")
    columns = dict(row.columns)
    assert row.key == ("vm", "10.0.0.2", 80, "tcp") and columns["src_ip"] == "10.0.0.8"
