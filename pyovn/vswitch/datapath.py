"""What the switch is made of while it runs: bridges with ports and tables, and the entrances at which packets begin or go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from pyovn.openflow import ports
from pyovn.openflow.action import Actions, Resubmit
from pyovn.openflow.commands import GroupMod
from pyovn.openflow.match import Match
from pyovn.openflow.session import TlvMapping
from pyovn.packet import slot
from pyovn.vswitch import classifier
from pyovn.vswitch.cache import Cache, Verdict, every_verdict
from pyovn.vswitch.changes import Changes, touch
from pyovn.vswitch.classifier import Classifier
from pyovn.vswitch.conntrack.table import Conntrack
from pyovn.vswitch.liveness import Liveness, Monitor
from pyovn.vswitch.mac_learning import MacTable
from pyovn.vswitch.meters import Meter
from pyovn.vswitch.ops import PIPELINE_END, REGISTERS_END
from pyovn.vswitch.rule import Rule

TABLES = 254
"""Flow tables that controllers may use, from 0."""

MOST_ENTRANCES = 20_000
"""More places to go on at than this are not remembered at once; those in use live on in the verdicts that lead there."""


class Kind(Enum):
    """How frames reach a port."""

    INTERNAL = "internal"
    SYSTEM = "system"
    TAP = "tap"
    DUMMY = "dummy"
    PATCH = "patch"
    GENEVE = "geneve"
    VXLAN = "vxlan"

    @property
    def is_tunnel(self) -> bool:
        """Do frames travel inside UDP?"""
        return self in (Kind.GENEVE, Kind.VXLAN)

    @property
    def is_device(self) -> bool:
        """Does the host have a network device for it?"""
        return self in (Kind.INTERNAL, Kind.SYSTEM, Kind.TAP, Kind.DUMMY)


class TunnelConfig(NamedTuple):
    """What a tunnel port was told; None: the packet's own fields decide (`flow`). Addresses as numbers, 0 for any."""

    remote: int | None = 0
    local: int | None = 0
    family: int = 4
    out_key: int | None = 0
    in_key: int | None = 0
    port: int = 6081
    tos: int = 0
    ttl: int = 64
    csum: bool = False


class VlanConfig(NamedTuple):
    """What NORMAL does with VLANs on a port (`Port.tag`, `trunks`, `vlan_mode`)."""

    mode: str = "trunk"
    tag: int = 0
    trunks: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Port:
    """A bridge's port."""

    number: int
    name: str
    kind: Kind
    mac: int = 0
    peer: str = ""
    tunnel: TunnelConfig | None = None
    vlan: VlanConfig = field(default_factory=VlanConfig)
    config: int = 0
    up: bool = True
    """The link's state."""
    admin_up: bool = True
    mtu: int = 1500
    created: float = 0.0
    rx_packets: int = 0
    rx_bytes: int = 0
    rx_dropped: int = 0
    tx_packets: int = 0
    tx_bytes: int = 0
    tx_dropped: int = 0
    entrance: Entrance | None = None
    monitor: Monitor | None = None
    """Who asks whether the other end is alive, if anybody does."""


@dataclass(slots=True, eq=False)
class Group:
    """A group of a bridge: what it was told, and what it has seen."""

    config: GroupMod
    created: float = 0.0
    packets: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Mirror:
    """Who is sent copies of which packets, and how many there were; equal if it does the same."""

    uuid: str
    sources: frozenset[str] | None
    """By which ports packets come, by name; None: any."""
    targets: frozenset[str] | None
    vlans: frozenset[int]
    """Empty: whatever the VLAN."""
    asks: Match
    output: str
    """The port that copies leave by; empty: all that carry `vlan`, if that is not 0."""
    vlan: int
    longest: int
    """So many bytes of a packet are copied; 0: all."""
    packets: int = field(default=0, compare=False)
    bytes: int = field(default=0, compare=False)


@dataclass(slots=True, eq=False)
class Bridge:
    """One OpenFlow switch."""

    name: str
    uuid: str
    datapath_id: int = 0
    secure: bool = False
    is_alone: bool = False
    """No controller can be reached, so that it is an ordinary switch for the time being."""
    ports: dict[int, Port] = field(default_factory=dict)
    tables: dict[int, Classifier] = field(default_factory=dict)
    """Only those that were ever used."""
    by_cookie: dict[int, set[Rule]] = field(default_factory=dict)
    timed: set[Rule] = field(default_factory=set)
    """The rules that have a time-out."""
    groups: dict[int, Group] = field(default_factory=dict)
    meters: dict[int, Meter] = field(default_factory=dict)
    macs: MacTable = field(default_factory=MacTable)
    mirrors: tuple[Mirror, ...] = ()
    tlv: dict[int, TlvMapping] = field(default_factory=dict)
    """Tunnel options by index."""
    lookups: dict[int, list[int]] = field(default_factory=dict)


class Todo(NamedTuple):
    """Actions still to be carried out, of a rule with this cookie, in the course of a look-up in this table."""

    actions: Actions
    table: int = 0
    cookie: int = 0
    depth: int = 0


class State(NamedTuple):
    """Everything the pipeline knows at an entrance; a value, so that equal ones share an entrance and its cache."""

    bridge: str
    head: tuple[int, ...]
    """The slots below PIPELINE_END."""
    registers: tuple[int, ...]
    todo: tuple[Todo, ...]
    """What to do, the last first."""
    stack: tuple[tuple[int, int], ...] = ()
    action_set: Actions = ()
    tracked: bool = False
    """The connection tracker has said something that is on the packet."""
    tunnelled: bool = False
    """The packet has tunnel fields."""
    mirrored: frozenset[str] = frozenset()
    """The mirrors that have had it."""


@dataclass(slots=True, eq=False)
class Entrance:
    """A place where packets enter, or enter again: what is known there, and the verdicts reached from there."""

    state: State
    number: int
    cache: Cache = field(default_factory=Cache)


@dataclass(slots=True, eq=False)
class Datapath:
    """All bridges, and what they share."""

    bridges: dict[str, Bridge] = field(default_factory=dict)
    """By name."""
    conntrack: Conntrack = field(default_factory=Conntrack)
    liveness: Liveness = field(default_factory=Liveness)
    changes: Changes = field(default_factory=Changes)
    entrances: dict[State, Entrance] = field(default_factory=dict)
    by_number: dict[int, Entrance] = field(default_factory=dict)
    unsettled: list[Verdict] = field(default_factory=list)
    """Verdicts whose hits their rules have not counted yet."""
    by_device: dict[str, tuple[Bridge, Port]] = field(default_factory=dict)
    """The ports that are network devices, by name."""
    patches: dict[str, tuple[Bridge, Port]] = field(default_factory=dict)
    tunnels: list[tuple[Bridge, Port]] = field(default_factory=list)
    effects: list[object] = field(default_factory=list)
    packet_ins: list[object] = field(default_factory=list)
    hits: int = 0
    misses: int = 0
    next_entrance: int = 0


Dependency: TypeAlias = tuple[str, str]


def enter_here(datapath: Datapath, state: State) -> Entrance:
    """The entrance for a state: the one it already has, or a new one."""
    entrance = datapath.entrances.get(state)
    if entrance is None:
        if len(datapath.entrances) >= MOST_ENTRANCES:
            forget_entrances(datapath)
        datapath.next_entrance += 1
        entrance = datapath.entrances[state] = Entrance(state, datapath.next_entrance)
        datapath.by_number[entrance.number] = entrance
    return entrance


def forget_entrances(datapath: Datapath) -> None:
    """Begin to collect entrances anew; verdicts keep those that they lead to."""
    datapath.entrances.clear()
    datapath.by_number.clear()
    for bridge in datapath.bridges.values():
        for port in bridge.ports.values():
            port.entrance = None


def fresh_state(bridge: Bridge, in_port: int, todo: tuple[Todo, ...], *, tunnelled: bool = False) -> State:
    """The state in which a packet begins: everything zero but where it came from."""
    return State(bridge.name, (in_port, *_NO_HEAD), _NO_REGISTERS, todo, tunnelled=tunnelled)


def port_entrance(datapath: Datapath, bridge: Bridge, port: Port) -> Entrance:
    """Where packets that a port receives begin."""
    if port.entrance is None:
        port.entrance = enter_here(datapath, fresh_state(bridge, port.number, FROM_THE_START, tunnelled=port.kind.is_tunnel))
    return port.entrance


def every_cached_verdict(datapath: Datapath) -> Iterator[tuple[Entrance, tuple[tuple[int, int], ...], object, Verdict]]:
    """(entrance, masks, values, verdict) of all caches."""
    for entrance in datapath.entrances.values():
        for terms, key, verdict in every_verdict(entrance.cache):
            yield entrance, terms, key, verdict


def table_of(bridge: Bridge, number: int) -> Classifier:
    """A flow table, made when first asked for."""
    table = bridge.tables.get(number)
    if table is None:
        table = bridge.tables[number] = Classifier()
    return table


def every_rule(bridge: Bridge) -> Iterator[Rule]:
    """All rules of a bridge by table, in no particular order within one."""
    for number in sorted(bridge.tables):
        yield from classifier.every_rule(bridge.tables[number])


def ports_of(bridge: Bridge) -> tuple[str, str]:
    """What verdicts depend on that look at the bridge's ports."""
    return (bridge.name, "ports")


def macs_of(bridge: Bridge) -> tuple[str, str]:
    """What verdicts depend on that look at the bridge's learned addresses."""
    return (bridge.name, "macs")


def group_of(bridge: Bridge, group_id: int) -> tuple[str, str, int]:
    """What verdicts depend on that run a group."""
    return (bridge.name, "group", group_id)


def meter_of(bridge: Bridge, meter_id: int) -> tuple[str, str, int]:
    """What verdicts depend on that ask a meter."""
    return (bridge.name, "meter", meter_id)


def count(datapath: Datapath, verdict: Verdict, length: int, now: float) -> None:
    """A packet of `length` bytes was treated as the verdict says; its rules count that when they are next asked."""
    if not verdict.packets:
        datapath.unsettled.append(verdict)
        if len(datapath.unsettled) > MOST_UNSETTLED:
            settle(datapath)
    verdict.packets += 1
    verdict.bytes += length
    verdict.used = now


MOST_UNSETTLED = 10_000


def settle(datapath: Datapath) -> None:
    """Let the rules count the hits of the verdicts that they took part in."""
    for verdict in datapath.unsettled:
        for rule in verdict.rules:
            rule.packets += verdict.packets
            rule.bytes += verdict.bytes
            rule.used = max(rule.used, verdict.used)
        verdict.packets = verdict.bytes = 0
    datapath.unsettled.clear()


def add_port(datapath: Datapath, bridge: Bridge, port: Port) -> None:
    """Put a port on a bridge."""
    bridge.ports[port.number] = port
    if port.kind.is_device:
        datapath.by_device[port.name] = (bridge, port)
    elif port.kind is Kind.PATCH:
        datapath.patches[port.name] = (bridge, port)
    else:
        datapath.tunnels.append((bridge, port))
    _touch_ports(datapath, bridge)


def remove_port(datapath: Datapath, bridge: Bridge, port: Port) -> None:
    """Take a port off its bridge."""
    del bridge.ports[port.number]
    datapath.by_device.pop(port.name, None)
    datapath.patches.pop(port.name, None)
    if port.kind.is_tunnel:
        datapath.tunnels.remove((bridge, port))
    _touch_ports(datapath, bridge)


def _touch_ports(datapath: Datapath, bridge: Bridge) -> None:
    touch(datapath.changes, ports_of(bridge))
    # Whoever outputs to a patch port depends on the bridge behind it.
    touch(datapath.changes, PATCHES)


PATCHES = ("", "patches")
"""What verdicts depend on that went through a patch port."""

_NO_HEAD = (0,) * (PIPELINE_END - 1)
_NO_REGISTERS = (0,) * (REGISTERS_END - slot.REG0)
FROM_THE_START = (Todo((Resubmit(ports.IN_PORT, 0),)),)
"""What a packet that arrives has to do."""
