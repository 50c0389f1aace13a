"""What encoding an action needs to know of its flow, its datapath and its host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyovn.logical.tables import Pipeline, Table
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield, whole

OpenFlowActions: TypeAlias = list[openflow.Action]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One choice of a group."""

    actions: tuple[openflow.Action, ...]
    weight: int = 100
    bucket_id: int | None = None
    watch_port: int | None = None
    """The OpenFlow port whose liveness decides whether the bucket may be chosen."""


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A select group as an action wants it; equal groups are one."""

    buckets: tuple[Bucket, ...]
    hash_fields: str = ""
    """Comma separated; empty: `dp_hash`, the hash that the datapath has anyway."""


def _low_half(name: str) -> Subfield:
    return Subfield(whole(name).field, 0, 16)


SWITCH_ZONE = _low_half("reg13")
"""The register that holds the conntrack zone of the logical port."""
DNAT_ZONE = _low_half("reg11")
"""The register that holds the router's DNAT zone, which is also its zone for both kinds."""
SNAT_ZONE = _low_half("reg12")


@dataclass(frozen=True, slots=True)
class EncodeEnvironment:
    """The world of one logical flow. The callables allocate on demand and answer the same for the same question."""

    port_key: Callable[[str], int | None]
    """The key of a port or multicast group of the datapath."""
    group_id: Callable[[GroupSpec], int] = lambda spec: 0
    meter_id: Callable[[str], int] = lambda text: 0
    """The meter called by a name, or `__string: TEXT` for one that a flow describes itself."""
    tunnel_port: Callable[[str], int | None] = lambda lport: None
    """The OpenFlow port of the tunnel towards a logical port's chassis."""
    has_collector_set: Callable[[int], bool] = lambda number: True
    is_local: Callable[[str], bool] = lambda lport: True
    """Whether the logical port is on this chassis."""
    is_switch: bool = True
    pipeline: Pipeline = Pipeline.INGRESS
    table: int = 0
    """The logical table of the flow."""
    output_table: int = Table.OUTPUT_LARGE_PACKET_DETECT
    """Where `output` leads: on in the ingress pipeline, out in the egress pipeline."""
    datapath_key: int = 0
    cookie: int = 0
    """The first 32 bits of the flow's uuid."""
    controller_meter: int | None = None
    zero_snat: bool = False
    """The switch takes `nat(src)` without an address: a commit then also takes care that its port is free for another connection."""

    @property
    def next_table(self) -> int:
        """The OpenFlow table after the flow's own."""
        return self.pipeline + self.table + 1

    def zone(self, router_zone: Subfield) -> Subfield:
        """The register with the conntrack zone: a switch has one per port, a router has its own."""
        return SWITCH_ZONE if self.is_switch else router_zone


class Action(Protocol):
    """One action of a logical flow."""

    def format(self) -> str:
        """The action in the language, with its semicolon."""

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """The action as OpenFlow actions; none where it has no effect on this host."""


def encode_all(actions: tuple[Action, ...], environment: EncodeEnvironment) -> OpenFlowActions:
    """The OpenFlow actions of several actions in a row."""
    return [encoded for action in actions for encoded in action.encode(environment)]


def format_actions(actions: tuple[Action, ...]) -> str:
    """The text of several actions; none is `drop;`."""
    return " ".join(action.format() for action in actions) or "drop;"
