"""Answers to questions about rules, ports, groups, meters and tables, with their counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pyovn.openflow import ports
from pyovn.openflow import statistics as st
from pyovn.openflow.action import Group, Meter
from pyovn.openflow.commands import ALL_GROUPS, MeterFlag
from pyovn.openflow.message import Message
from pyovn.openflow.session import Port as PortDescription
from pyovn.openflow.session import PortConfig, PortState
from pyovn.vswitch.datapath import TABLES, Bridge, Datapath, Port, every_rule, settle
from pyovn.vswitch.flow_mods import leads_to, nested, select
from pyovn.vswitch.rule import Rule

AT_ONCE = 100
"""Rules told in one message; it must not exceed 64 KiB."""

VERSION = "3.7.0"
"""The Open vSwitch that this switch is compatible with."""

ALL_METERS = 0xFFFFFFFF


def reply(datapath: Datapath, bridge: Bridge, message: Message, now: float) -> Sequence[Message] | None:
    """The answer to a request for statistics or a description; None if it is none."""
    answer = _ANSWER.get(type(message))
    return None if answer is None else list(answer(datapath, bridge, message, now))


def sorted_ports(bridge: Bridge) -> list[Port]:
    """Ports by number."""
    return [bridge.ports[number] for number in sorted(bridge.ports)]


def describe_port(port: Port) -> PortDescription:
    """A port as OpenFlow describes it."""
    config = port.config | (0 if port.admin_up else PortConfig.DOWN)
    state = PortState.LIVE if port.up else PortState.LINK_DOWN
    return PortDescription(port.number, port.name, port.mac, config, state)


def lasted(duration_s: float) -> tuple[int, int]:
    """A duration as whole seconds and nanoseconds; like every clock of the switch it counts milliseconds."""
    seconds, milliseconds = divmod(int(duration_s * 1000 + 1e-6), 1000)
    return seconds, milliseconds * 1_000_000


Answer = Callable[[Datapath, Bridge, Any, float], Iterator[Message]]


def _desc(datapath: Datapath, bridge: Bridge, message: st.DescRequest, now: float) -> Iterator[Message]:
    yield st.DescReply("Nicira, Inc.", "Open vSwitch", VERSION, "None", bridge.name)


def _selected(bridge: Bridge, message: st.FlowStatsRequest | st.AggregateRequest) -> Iterator[Rule]:
    for rule in select(bridge, message.match, message.table, cookie=(message.cookie, message.cookie_mask)):
        if leads_to(rule, message.out_port, message.out_group):
            yield rule


def _flows(datapath: Datapath, bridge: Bridge, message: st.FlowStatsRequest, now: float) -> Iterator[Message]:
    settle(datapath)
    rules = sorted(_selected(bridge, message), key=lambda rule: (rule.table, -rule.priority))
    for start in range(0, max(1, len(rules)), AT_ONCE):
        part = rules[start : start + AT_ONCE]
        yield st.FlowStatsReply(tuple(flow_stats(rule, now) for rule in part), more=start + AT_ONCE < len(rules))


def flow_stats(rule: Rule, now: float) -> st.FlowStats:
    """A rule as statistics tell it."""
    seconds, nanoseconds = lasted(now - rule.created)
    return st.FlowStats(
        rule.match, rule.actions, rule.table, rule.priority, rule.cookie, seconds, nanoseconds, rule.idle_timeout,
        rule.hard_timeout, int(now - rule.used), rule.flags, rule.importance, rule.packets, rule.bytes,
    )  # fmt: skip


def _aggregate(datapath: Datapath, bridge: Bridge, message: st.AggregateRequest, now: float) -> Iterator[Message]:
    settle(datapath)
    rules = list(_selected(bridge, message))
    yield st.AggregateReply(sum(rule.packets for rule in rules), sum(rule.bytes for rule in rules), len(rules))


def _tables(datapath: Datapath, bridge: Bridge, message: st.TableStatsRequest, now: float) -> Iterator[Message]:
    settle(datapath)
    told = []
    for number in range(TABLES):
        table = bridge.tables.get(number)
        count = 0 if table is None else table.count
        matched = sum(rule.packets for rule in every_rule(bridge) if rule.table == number) if count else 0
        told.append(st.TableStats(number, count, matched, matched))
    yield st.TableStatsReply(tuple(told))


def _table_features(datapath: Datapath, bridge: Bridge, message: st.TableFeaturesRequest, now: float) -> Iterator[Message]:
    yield st.TableFeaturesReply(tuple(st.TableFeatures(number) for number in range(TABLES)))


def _port_stats(datapath: Datapath, bridge: Bridge, message: st.PortStatsRequest, now: float) -> Iterator[Message]:
    wanted = [port for port in sorted_ports(bridge) if message.port in (ports.NONE, port.number)]
    told = []
    for port in wanted:
        seconds, nanoseconds = lasted(now - port.created)
        told.append(
            st.PortStats(
                port.number, port.rx_packets, port.tx_packets, port.rx_bytes, port.tx_bytes, port.rx_dropped, port.tx_dropped,
                duration_s=seconds, duration_ns=nanoseconds,
            )
        )  # fmt: skip
    yield st.PortStatsReply(tuple(told))


def _port_desc(datapath: Datapath, bridge: Bridge, message: st.PortDescRequest, now: float) -> Iterator[Message]:
    wanted = (port for port in sorted_ports(bridge) if message.port in (ports.NONE, port.number))
    yield st.PortDescReply(tuple(describe_port(port) for port in wanted))


def _group_numbers(bridge: Bridge, asked: int) -> list[int]:
    return [number for number in sorted(bridge.groups) if asked in (ALL_GROUPS, number, 0xFFFFFFFF)]


def _group_desc(datapath: Datapath, bridge: Bridge, message: st.GroupDescRequest, now: float) -> Iterator[Message]:
    told = []
    for number in _group_numbers(bridge, message.group_id):
        config = bridge.groups[number].config
        told.append(
            st.GroupDesc(number, config.type, config.buckets, config.selection_method, config.selection_param, config.selection_fields)
        )
    yield st.GroupDescReply(tuple(told))


def _group_stats(datapath: Datapath, bridge: Bridge, message: st.GroupStatsRequest, now: float) -> Iterator[Message]:
    told = []
    for number in _group_numbers(bridge, message.group_id):
        group = bridge.groups[number]
        references = sum(isinstance(a, Group) and a.group_id == number for rule in every_rule(bridge) for a in nested(rule.actions))
        seconds, nanoseconds = lasted(now - group.created)
        counts = tuple((0, 0) for _ in group.config.buckets)
        told.append(st.GroupStats(number, references, group.packets, group.bytes, seconds, nanoseconds, counts))
    yield st.GroupStatsReply(tuple(told))


def _group_features(datapath: Datapath, bridge: Bridge, message: st.GroupFeaturesRequest, now: float) -> Iterator[Message]:
    yield st.GroupFeaturesReply(capabilities=0x7)


def _meter_numbers(bridge: Bridge, asked: int) -> list[int]:
    return [number for number in sorted(bridge.meters) if asked in (ALL_METERS, number)]


def _meter_config(datapath: Datapath, bridge: Bridge, message: st.MeterConfigRequest, now: float) -> Iterator[Message]:
    wanted = (bridge.meters[number] for number in _meter_numbers(bridge, message.meter_id))
    yield st.MeterConfigReply(tuple(st.MeterConfig(m.meter_id, m.flags, tuple(b.band for b in m.buckets)) for m in wanted))


def _meter_stats(datapath: Datapath, bridge: Bridge, message: st.MeterStatsRequest, now: float) -> Iterator[Message]:
    told = []
    for number in _meter_numbers(bridge, message.meter_id):
        meter = bridge.meters[number]
        users = sum(any(isinstance(a, Meter) and a.meter_id == number for a in rule.actions) for rule in every_rule(bridge))
        seconds, nanoseconds = lasted(now - meter.created)
        bands = tuple((bucket.packets, bucket.bytes) for bucket in meter.buckets)
        told.append(st.MeterStats(number, users, meter.packets, meter.bytes, seconds, nanoseconds, bands))
    yield st.MeterStatsReply(tuple(told))


def _meter_features(datapath: Datapath, bridge: Bridge, message: st.MeterFeaturesRequest, now: float) -> Iterator[Message]:
    offered = MeterFlag.KBPS | MeterFlag.PKTPS | MeterFlag.BURST | MeterFlag.STATS
    yield st.MeterFeaturesReply(262144, 1 << 1, int(offered), 8, 0)


_ANSWER: dict[type[object], Answer] = {
    st.DescRequest: _desc,
    st.FlowStatsRequest: _flows,
    st.AggregateRequest: _aggregate,
    st.TableStatsRequest: _tables,
    st.TableFeaturesRequest: _table_features,
    st.PortStatsRequest: _port_stats,
    st.PortDescRequest: _port_desc,
    st.GroupDescRequest: _group_desc,
    st.GroupStatsRequest: _group_stats,
    st.GroupFeaturesRequest: _group_features,
    st.MeterConfigRequest: _meter_config,
    st.MeterStatsRequest: _meter_stats,
    st.MeterFeaturesRequest: _meter_features,
}
