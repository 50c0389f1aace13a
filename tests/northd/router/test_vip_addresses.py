"""Which VIPs a router answers for."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.northd.router.vip_addresses import ANSWERED
from pyovn.ovsdb.row import Table
from pyovn.query import Engine
from pyovn.schemas.nb import LoadBalancer
from tests.northd.compiled import check_among, engine, router, router_port

MAC = "00:00:00:00:00:01"


def beside(vip: str, **options: str) -> list[Table]:
    """A router at 10.0.0.1 that balances this VIP."""
    balancer = LoadBalancer("lb", name="lb", vips={vip: ""}, options=options)
    return [*router(router_port("out", MAC, "10.0.0.1/24"), load_balancer=("lb",)), balancer]


def answered(db: Engine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The VIPs of both families."""
    return ANSWERED(db, ("lr", False)), ANSWERED(db, ("lr", True))


@pytest.mark.parametrize(
    ("vip", "options", "expected"),
    [
        ("10.0.0.9:80", {}, (("10.0.0.9",), ())),
        ("172.16.0.9:80", {}, ((), ())),
        ("172.16.0.9:80", {"neighbor_responder": "all"}, (("172.16.0.9",), ())),
        ("10.0.0.9:80", {"neighbor_responder": "none"}, ((), ())),
        ("^vip:80", {"template": "true"}, ((), ())),
        ("^vip:80", {"template": "true", "neighbor_responder": "all"}, ((), ("^vip",))),
        ("172.16.0.9:80", {"template": "true", "neighbor_responder": "all"}, ((), ("172.16.0.9",))),
    ],
)
def test_what_is_answered(vip: str, options: dict[str, str], expected: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    assert answered(engine(beside(vip, **options))) == expected


def test_a_client_of_a_balancer_with_variables_keeps_a_backend_as_if_of_ipv6() -> None:
    balancer = LoadBalancer("lb", name="lb", vips={"^vip:80": "10.0.0.9:8080"}, options={"template": "true", "affinity_timeout": "60"})
    rows = [*router(router_port("out", MAC, "10.0.0.1/24"), load_balancer=("lb",), options={"chassis": "hv1"}), balancer]
    chosen = "150 reg9[6] == 1 && ct.new && ip6.dst == ^vip && xxreg1 == 10.0.0.9 && reg2[0..15] == 8080"
    check_among(rows, Stage.LR_IN_DNAT, f"{chosen} -> ct_lb_mark(backends=[10.0.0.9]:8080);")
