"""What the management commands of the switch print."""

from __future__ import annotations

from collections.abc import Sequence

from pyovn.openflow.action_text import format_actions
from pyovn.openflow.match import Match
from pyovn.openflow.match_text import format_match, parse_match
from pyovn.openflow.value_text import format_ipv4, format_ipv6
from pyovn.packet import slot
from pyovn.packet.flow import ICMP, ICMPV6, SCTP, TCP, UDP, empty_flow
from pyovn.vswitch import datapath as dp
from pyovn.vswitch import liveness
from pyovn.vswitch.cache import unpack_key
from pyovn.vswitch.changes import touch
from pyovn.vswitch.conntrack.key import Key
from pyovn.vswitch.conntrack.table import Connection, connections, flush
from pyovn.vswitch.datapath import Bridge, Datapath, Kind
from pyovn.vswitch.explain import datapath_actions, explain, parse_ct_state
from pyovn.vswitch.wanted import mac_text

_PROTOCOLS = {TCP: "tcp", UDP: "udp", SCTP: "sctp", ICMP: "icmp", ICMPV6: "icmpv6"}


class CommandRefused(ValueError):
    """A command's arguments name something that is not there or cannot be read."""


def bridge_of(datapath: Datapath, name: str, error: str) -> Bridge:
    """The bridge called `name`."""
    bridge = datapath.bridges.get(name)
    if bridge is None:
        raise CommandRefused(error)
    return bridge


def trace(datapath: Datapath, arguments: Sequence[str]) -> str:
    """`ofproto/trace BRIDGE FLOW [--ct-next STATES]…`."""
    states, rest, words = [], [], list(arguments)
    while words:
        word = words.pop(0)
        try:
            if word.startswith("--ct-next"):
                states.append(parse_ct_state(word.partition("=")[2] or (words.pop(0) if words else "")))
            elif word != "-generate":
                rest.append(word)
        except ValueError as error:
            raise CommandRefused(str(error)) from None
    if len(rest) != 2:
        raise CommandRefused("Must specify bridge name")
    bridge = bridge_of(datapath, rest[0], f"{rest[0]}: unknown bridge")
    names = {number: port.name for number, port in bridge.ports.items()}
    try:
        match = parse_match(rest[1], names)
    except ValueError as error:
        raise CommandRefused(f"Bad openflow flow syntax: {rest[1]}: {error}") from None
    flow = empty_flow()
    for at, value, _ in match.terms:
        flow[at] = value
    return explain(datapath, bridge, flow, states)


def show_fdb(bridge: Bridge, now: float) -> str:
    """`fdb/show BRIDGE`."""
    lines = [" port  VLAN  MAC                Age"]
    for (vlan, address), learned in bridge.macs.learned.items():
        port = "LOCAL" if learned.port == 0xFFFE else str(learned.port)
        lines.append(f"{port:>5}  {vlan:4d}  {mac_text(address)}  {int(now - learned.heard):3d}")
    return "\n".join(lines) + "\n"


def flush_fdb(datapath: Datapath, arguments: Sequence[str]) -> str:
    """`fdb/flush [BRIDGE]`."""
    bridges = [bridge_of(datapath, arguments[0], "no such bridge")] if arguments else list(datapath.bridges.values())
    for bridge in bridges:
        bridge.macs.learned.clear()
        touch(datapath.changes, dp.macs_of(bridge))
    return "table successfully flushed"


def show_dpif(datapath: Datapath) -> str:
    """`dpif/show`."""
    lines = [f"system@ovs-system: hit:{datapath.hits} missed:{datapath.misses}"]
    for name in sorted(datapath.bridges):
        lines.append(f"  {name}:")
        for port in sorted(datapath.bridges[name].ports.values(), key=lambda port: port.name):
            lines.append(f"    {port.name} {port.number}/{_place(port)}: ({port.kind.value}{_peer(port)})")
    return "\n".join(lines) + "\n"


def _place(port: dp.Port) -> str:
    return "none" if port.kind is Kind.PATCH else str(port.number)


def _peer(port: dp.Port) -> str:
    return f": peer={port.peer}" if port.peer else ""


def dump_rules(datapath: Datapath, bridge: Bridge, now: float) -> str:
    """`bridge/dump-flows BRIDGE`."""
    dp.settle(datapath)
    lines = []
    for rule in sorted(dp.every_rule(bridge), key=lambda rule: (rule.table, -rule.priority)):
        head = [f"table_id={rule.table}"] if rule.table else []
        head += [f"cookie={rule.cookie:#x}"] if rule.cookie else []
        head += [f"duration={int(now - rule.created)}s", f"n_packets={rule.packets}", f"n_bytes={rule.bytes}"]
        match = format_match(rule.match, rule.priority)
        lines.append(", ".join([*head, *([match] if match else [])]) + f",actions={format_actions(rule.actions)}")
    return "\n".join(lines) + "\n"


def dump_cache(datapath: Datapath, bridge: Bridge | None = None) -> str:
    """`dpif/dump-flows` and `dpctl/dump-flows`: what the cache holds."""
    lines = []
    for entrance, terms, key, verdict in dp.every_cached_verdict(datapath):
        if bridge is not None and entrance.state.bridge != bridge.name:
            continue
        head = f"recirc_id({entrance.number:#x}),in_port({entrance.state.head[slot.IN_PORT]})"
        match = format_match(_asked(terms, key))
        lines.append(f"{head},{match} packets:{verdict.packets}, bytes:{verdict.bytes}, actions:{datapath_actions(verdict.ops)}")
    return "\n".join(lines) + "\n" if lines else ""


def _asked(terms: tuple[tuple[int, int], ...], key: object) -> Match:
    """A verdict's masks and values as a match; how the values are packed is the cache's affair."""
    values = unpack_key(terms, key)
    return Match(tuple((at, value & mask, mask) for (at, mask), value in zip(terms, values)))


def dump_connections(datapath: Datapath, zone: int | None = None) -> str:
    """`dpctl/dump-conntrack [zone=N]`."""
    wanted = (each for each in connections(datapath.conntrack) if zone is None or each.key.zone == zone)
    return "".join(f"{_connection(each)}\n" for each in wanted)


def flush_connections(datapath: Datapath, zone: int | None = None) -> str:
    """`dpctl/flush-conntrack [zone=N]`."""
    flush(datapath.conntrack, lambda connection: zone is None or connection.key.zone == zone)
    return ""


def parse_zone(arguments: Sequence[str]) -> int | None:
    """The N of `zone=N` among a command's arguments."""
    for word in arguments:
        if word.startswith("zone="):
            if not word[5:].isdigit():
                raise CommandRefused(f"invalid zone {word[5:]}")
            return int(word[5:])
    return None


def _connection(connection: Connection) -> str:
    key = connection.key
    parts = [_PROTOCOLS.get(key.protocol, str(key.protocol)), f"orig=({_tuple(key)})", f"reply=({_tuple(connection.answer)})"]
    parts += [f"zone={key.zone}"] if key.zone else []
    parts += [f"mark={connection.mark}"] if connection.mark else []
    parts += [f"labels={connection.label:#x}"] if connection.label else []
    if connection.peers is not None:
        first, second = (peer.phase.name for peer in connection.peers)
        parts.append(f"protoinfo=(state={first if first == second else f'{first},{second}'})")
    return ",".join(parts)


def _tuple(key: Key) -> str:
    text = format_ipv4 if key.family == 4 else format_ipv6
    ends = f"src={text(key.src)},dst={text(key.dst)}"
    if key.protocol in (ICMP, ICMPV6):
        return f"{ends},id={key.sport},type={key.dport},code=0"
    return f"{ends},sport={key.sport},dport={key.dport}"


def show_bfd(datapath: Datapath, interfaces: Sequence[str], now: float) -> str:
    """`bfd/show [INTERFACE]`."""
    monitors = datapath.liveness.monitors
    if interfaces:
        return liveness.show(_monitor(datapath, interfaces[0]), now)
    return "".join(f"---- {name} ----\n{liveness.show(monitors[name], now)}" for name in sorted(monitors))


def set_forwarding(datapath: Datapath, words: Sequence[str], now: float) -> str:
    """`bfd/set-forwarding [INTERFACE] normal|false|true`."""
    meant = {"true": True, "false": False, "normal": None}
    word = words[-1].lower()
    if word not in meant:
        raise CommandRefused("unknown fault string")
    for monitor in [_monitor(datapath, words[0])] if len(words) > 1 else list(datapath.liveness.monitors.values()):
        monitor.override = meant[word]
        monitor.note(now)
    return "OK"


def _monitor(datapath: Datapath, interface: str) -> liveness.Monitor:
    monitor = datapath.liveness.monitors.get(interface)
    if monitor is None:
        raise CommandRefused("no such BFD object")
    return monitor
