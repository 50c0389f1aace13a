"""Messages that ask for and tell rules, ports, groups, meters and their counters: values, the same for every version.

A reply may come in parts: `more` is set in all but the last.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.openflow import ports
from pyovn.openflow.action import Actions
from pyovn.openflow.commands import ALL_GROUPS, ALL_TABLES, ANY_GROUP, DEFAULT_PRIORITY, Band, Bucket, GroupType
from pyovn.openflow.match import ANY, Match
from pyovn.openflow.session import Port


@dataclass(frozen=True, slots=True)
class DescRequest:
    """What are you made of?"""


@dataclass(frozen=True, slots=True)
class DescReply:
    """The switch in words."""

    manufacturer: str = ""
    hardware: str = ""
    software: str = ""
    serial: str = ""
    datapath: str = ""


@dataclass(frozen=True, slots=True)
class FlowStatsRequest:
    """Which rules are there?"""

    match: Match = ANY
    table: int = ALL_TABLES
    out_port: int = ports.NONE
    out_group: int = ANY_GROUP
    cookie: int = 0
    cookie_mask: int = 0


@dataclass(frozen=True, slots=True)
class FlowStats:
    """A rule and what it saw; `idle_s`: seconds since it was last hit."""

    match: Match
    actions: Actions
    table: int = 0
    priority: int = DEFAULT_PRIORITY
    cookie: int = 0
    duration_s: int = 0
    duration_ns: int = 0
    idle_timeout: int = 0
    hard_timeout: int = 0
    idle_s: int | None = None
    flags: int = 0
    importance: int = 0
    packets: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class FlowStatsReply:
    """Rules."""

    flows: tuple[FlowStats, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class AggregateRequest:
    """How many rules fit, and what did they see together?"""

    match: Match = ANY
    table: int = ALL_TABLES
    out_port: int = ports.NONE
    out_group: int = ANY_GROUP
    cookie: int = 0
    cookie_mask: int = 0


@dataclass(frozen=True, slots=True)
class AggregateReply:
    """Sums."""

    packets: int
    bytes: int
    flows: int


@dataclass(frozen=True, slots=True)
class TableStatsRequest:
    """How full are the tables?"""


@dataclass(frozen=True, slots=True)
class TableStats:
    """A table's counters."""

    table: int
    active: int = 0
    lookups: int = 0
    matched: int = 0
    name: str = ""
    max_entries: int = 1000000


@dataclass(frozen=True, slots=True)
class TableStatsReply:
    """The tables."""

    tables: tuple[TableStats, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class TableFeaturesRequest:
    """What can the tables do?"""


@dataclass(frozen=True, slots=True)
class TableFeatures:
    """A table, in the words of OpenFlow 1.3 7.3.5.5; `properties` as (type, bytes)."""

    table: int
    name: str = ""
    metadata_match: int = 0xFFFFFFFFFFFFFFFF
    metadata_write: int = 0xFFFFFFFFFFFFFFFF
    config: int = 0
    max_entries: int = 1000000
    properties: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class TableFeaturesReply:
    """The tables' abilities."""

    tables: tuple[TableFeatures, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class PortStatsRequest:
    """What did the ports see? NONE: every port."""

    port: int = ports.NONE


@dataclass(frozen=True, slots=True)
class PortStats:
    """A port's counters."""

    port: int
    rx_packets: int = 0
    tx_packets: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0
    rx_dropped: int = 0
    tx_dropped: int = 0
    rx_errors: int = 0
    tx_errors: int = 0
    duration_s: int = 0
    duration_ns: int = 0


@dataclass(frozen=True, slots=True)
class PortStatsReply:
    """The ports' counters."""

    ports: tuple[PortStats, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class PortDescRequest:
    """Which ports are there?"""

    port: int = ports.NONE


@dataclass(frozen=True, slots=True)
class PortDescReply:
    """The ports."""

    ports: tuple[Port, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class GroupDescRequest:
    """Which groups are there?"""

    group_id: int = ALL_GROUPS


@dataclass(frozen=True, slots=True)
class GroupDesc:
    """A group."""

    group_id: int
    type: GroupType
    buckets: tuple[Bucket, ...] = ()
    selection_method: str = ""
    selection_param: int = 0
    selection_fields: Match = ANY


@dataclass(frozen=True, slots=True)
class GroupDescReply:
    """The groups."""

    groups: tuple[GroupDesc, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class GroupStatsRequest:
    """What did the groups see?"""

    group_id: int = ALL_GROUPS


@dataclass(frozen=True, slots=True)
class GroupStats:
    """A group's counters; `buckets` as (packets, bytes)."""

    group_id: int
    references: int = 0
    packets: int = 0
    bytes: int = 0
    duration_s: int = 0
    duration_ns: int = 0
    buckets: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GroupStatsReply:
    """The groups' counters."""

    groups: tuple[GroupStats, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class GroupFeaturesRequest:
    """What can groups do?"""


@dataclass(frozen=True, slots=True)
class GroupFeaturesReply:
    """By group type: how many, and which actions as bits."""

    types: int = 0xF
    capabilities: int = 0xF
    max_groups: tuple[int, int, int, int] = (0xFFFFFF00,) * 4
    actions: tuple[int, int, int, int] = (0,) * 4


@dataclass(frozen=True, slots=True)
class MeterConfigRequest:
    """Which meters are there?"""

    meter_id: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class MeterConfig:
    """A meter."""

    meter_id: int
    flags: int
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class MeterConfigReply:
    """The meters."""

    meters: tuple[MeterConfig, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class MeterStatsRequest:
    """What did the meters see?"""

    meter_id: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class MeterStats:
    """A meter's counters; `bands` as (packets, bytes)."""

    meter_id: int
    flows: int = 0
    packets: int = 0
    bytes: int = 0
    duration_s: int = 0
    duration_ns: int = 0
    bands: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MeterStatsReply:
    """The meters' counters."""

    meters: tuple[MeterStats, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class MeterFeaturesRequest:
    """What can meters do?"""


@dataclass(frozen=True, slots=True)
class MeterFeaturesReply:
    """How many meters, and of what kinds (bits)."""

    max_meters: int = 0
    band_types: int = 0
    capabilities: int = 0
    max_bands: int = 0
    max_color: int = 0
