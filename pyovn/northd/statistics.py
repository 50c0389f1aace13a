"""How much work each part of the compiler had: its engine as `inc-engine/show-stats` shows it.

A part has the reference's name, and counts rounds: `recompute` those in which nothing was taken for granted (the first, and
those asked for), `compute` the others in which something that the part depends on had changed. A query counts its runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

from pyovn.northd.contents import COLLECTIONS, MEMBERS
from pyovn.query import Cross, Engine

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
    "fdb_aging": ("southbound.ageing._mac",),
    "global_config": ("global_options.", "southbound.global_rows.", "chassis_features."),
    "group_ecmp_route": ("router.route_groups.", "router.routes."),
    "lb_data": ("load_balancers.",),
    "learned_route_sync": ("router.learned_routes.", "router.routes._learned"),
    "lflow": (),
    "lr_nat": ("router.nat.",),
    "lr_stateful": ("router.nat.", "load_balancers.members_of_router", "load_balancers._on_routers"),
    "ls_stateful": ("switch.acl_policy.", "load_balancers.members_of_switch", "load_balancers._on_switches"),
    "mac_binding_aging": ("southbound.ageing._neighbour",),
    "multicast_igmp": ("multicast.", "southbound.multicast."),
    "northd": ("topology.", "ipam.", "load_balancers.", "port_groups."),
    "port_group": ("port_groups.", "southbound.groups.port_group_on_switch"),
    "route_policies": ("router.policies.",),
    "routes": ("router.static_routes.",),
    "sampling_app": ("drops.", "switch.acl_sample."),
    "sync_meters": ("southbound.meters.",),
    "sync_to_sb_addr_set": ("southbound.groups.address_set", "southbound.groups.port_group_sets", "southbound.balancers.vip_sets"),
    "sync_to_sb_lb": ("southbound.balancers.",),
    "sync_to_sb_pb": ("southbound.ports.",),
}
"""The reference's names for parts of the work, and which queries (by the beginning of their names) do that part here.

What flows are made by is also `lflow`'s part, whatever its name.
"""

Function = Callable[..., Any]

COUNTERS = ("recompute", "compute", "cancel")


def _flow_makers() -> Iterator[Function]:
    for collection in (*COLLECTIONS, MEMBERS):
        sources = (collection.left, collection.right) if isinstance(collection, Cross) else (collection,)
        for source in sources:
            yield from (function for _, function in source.parts)


_FLOW_MAKERS = frozenset(_flow_makers())


def name_of(function: Function) -> str:
    """A query's name, with its module's."""
    return f"{function.__module__.removeprefix('pyovn.northd.')}.{function.__name__}"


@cache
def nodes_of(function: Function) -> tuple[str, ...]:
    """The parts that a query does the work of."""
    name, makes_flows = name_of(function), function in _FLOW_MAKERS
    return tuple(node for node, beginnings in NODES.items() if name.startswith(beginnings) or (makes_flows and node == "lflow"))


class Statistics:
    """Counts the work of an engine from now on."""

    def __init__(self, db: Engine) -> None:
        self._ran: Counter[Function] = Counter()
        """In this round."""
        self._lost: set[Function] = set()
        """Of these, units went in this round."""
        self.runs: Counter[str] = Counter()
        """By query: how often it ran."""
        self.computed: Counter[str] = Counter()
        self.recomputed: Counter[str] = Counter()
        db.on_run = self._count
        db.on_loss = self._lost.add

    def _count(self, function: Function, args: tuple[Any, ...]) -> None:
        self._ran[function] += 1

    def close_round(self, anew: bool) -> None:
        """A round is over; `anew` if nothing was taken for granted in it."""
        worked = NODES.keys() if anew else {node for function in self._lost.union(self._ran) for node in nodes_of(function)}
        (self.recomputed if anew else self.computed).update(worked)
        for function, times in self._ran.items():
            self.runs[name_of(function)] += times
        self._ran.clear()
        self._lost.clear()

    def show(self, words: Sequence[str]) -> str:
        """All counters, those of a query or node, or one of these; `ValueError` if there is none such."""
        if len(words) == 2:
            if words[1] not in COUNTERS:
                raise ValueError(f"Invalid stat type : {words[1]}")
            return f"{self._counts(words[0])[COUNTERS.index(words[1])]}\n"
        return "".join(map(self._shown, words or chain(NODES, sorted(self.runs))))

    def _counts(self, name: str) -> tuple[int, int, int]:
        """As `COUNTERS` has them; nothing is ever cancelled."""
        return self.recomputed[name], self.computed[name] if name in NODES else self.runs[name], 0

    def _shown(self, name: str) -> str:
        if name not in NODES and name not in self.runs:
            return ""
        recompute, compute, cancel = self._counts(name)
        return f"Node: {name}\n- recompute: {recompute:12}\n- compute:   {compute:12}\n- cancel:    {cancel:12}\n"

    def clear(self) -> str:
        """Start counting anew."""
        for counter in (self.runs, self.computed, self.recomputed):
            counter.clear()
        return ""
