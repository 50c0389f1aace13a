"""How often each query ran: the compiler's engine as `inc-engine/show-stats` shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pyovn.query import Engine

NODES: dict[str, tuple[str, ...]] = {
    "acl_id": ("southbound.acl_ids.",),
    "advertised_mac_binding_sync": ("southbound.advertised_macs.",),
    "advertised_route_sync": ("southbound.advertised_routes.",),
    "bfd": ("bfd.",),
    "bfd_sync": ("southbound.sessions.",),
    "datapath_logical_router": ("southbound.datapaths._router_key",),
    "datapath_logical_switch": ("southbound.datapaths._switch_key",),
    "datapath_sync": ("southbound.datapaths.",),
    "datapath_synced_logical_router": ("southbound.datapaths.router_binding",),
    "datapath_synced_logical_switch": ("southbound.datapaths.switch_binding",),
    "dynamic_routes": ("router.announcers.",),
    "ecmp_nexthop": ("southbound.neighbours.next_hop",),
    "global_config": ("global_options.", "southbound.global_rows.", "chassis_features."),
    "group_ecmp_route": ("router.route_groups.", "router.routes."),
    "lb_data": ("load_balancers.",),
    "learned_route_sync": ("router.learned_routes.",),
    "lflow": ("contents.",),
    "lr_nat": ("router.nat.",),
    "lr_stateful": ("router.nat.", "load_balancers.members_of_router", "load_balancers._on_routers"),
    "ls_stateful": ("switch.acl_policy.", "load_balancers.members_of_switch", "load_balancers._on_switches"),
    "northd": ("topology.", "ipam.", "load_balancers.", "port_groups."),
    "port_group": ("port_groups.", "southbound.groups.port_group_on_switch", "southbound.groups._group_members"),
    "route_policies": ("router.policies.",),
    "routes": ("router.static_routes.",),
    "sync_meters": ("southbound.meters.",),
    "sync_to_sb_addr_set": ("southbound.groups.address_set", "southbound.groups.port_group_sets", "southbound.balancers.vip_sets"),
    "sync_to_sb_lb": ("southbound.balancers.",),
    "sync_to_sb_pb": ("southbound.ports.",),
}
"""The reference's names for parts of the work, and which queries (by the beginning of their names) do that part here."""

COUNTERS = ("recompute", "compute", "cancel")


class Statistics:
    """Counts the runs of every query of an engine from now on."""

    def __init__(self, db: Engine) -> None:
        self.runs: Counter[str] = Counter()
        db.on_run = self._ran

    def _ran(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.runs[f"{function.__module__.removeprefix('pyovn.northd.')}.{function.__name__}"] += 1

    def show(self, words: Sequence[str]) -> str:
        """All counters, those of a query or node, or one of these; `ValueError` if there is none such. Nothing is ever recomputed."""
        if len(words) == 2:
            if words[1] not in COUNTERS:
                raise ValueError(f"Invalid stat type : {words[1]}")
            return f"{self._count(words[0]) if words[1] == 'compute' else 0}\n"
        return "".join(self._shown(words or (*NODES, *sorted(self.runs))))

    def _count(self, name: str) -> int:
        parts = NODES.get(name)
        return self.runs[name] if parts is None else sum(count for query, count in self.runs.items() if query.startswith(parts))

    def _shown(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            if name in NODES or name in self.runs:
                yield f"Node: {name}\n- recompute: {0:12}\n- compute:   {self._count(name):12}\n- cancel:    {0:12}\n"

    def clear(self) -> str:
        """Start counting anew."""
        self.runs.clear()
        return ""
