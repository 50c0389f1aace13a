"""A rule with what it saw, as `ovs-ofctl dump-flows` prints it."""

from __future__ import annotations

from pyovn.openflow.action_text import format_actions
from pyovn.openflow.match_text import DEFAULT_PRIORITY, Names, format_match
from pyovn.openflow.statistics import FlowStats

FLAGS = ("send_flow_rem", "check_overlap", "reset_counts", "no_packet_counts", "no_byte_counts")
"""The words for a rule's flags, lowest bit first."""


def format_duration(seconds: int, nanoseconds: int) -> str:
    """`3s`, `3.020s`: three decimals, or as many as it takes."""
    if not nanoseconds:
        return f"{seconds}s"
    whole, rest = divmod(nanoseconds, 1_000_000)
    return f"{seconds}." + (f"{nanoseconds:09d}".rstrip("0") if rest else f"{whole:03d}") + "s"


def format_rule(flow: FlowStats, names: Names | None = None) -> str:
    """What a rule does, without what it saw."""
    match = format_match(flow.match, DEFAULT_PRIORITY, names)
    return f"table={flow.table} {match}{' ' if match else ''}actions={format_actions(flow.actions, names)}"


def format_flow_stats(flow: FlowStats, names: Names | None = None) -> str:
    """The line for a rule."""
    parts = [
        f"cookie={flow.cookie:#x}", f"duration={format_duration(flow.duration_s, flow.duration_ns)}", f"table={flow.table}",
        f"n_packets={flow.packets}", f"n_bytes={flow.bytes}",
    ]  # fmt: skip
    parts += [f"{name}={value}" for name, value in (("idle_timeout", flow.idle_timeout), ("hard_timeout", flow.hard_timeout)) if value]
    flags = "".join(f"{word} " for bit, word in enumerate(FLAGS) if flow.flags >> bit & 1)
    after = [f"importance={flow.importance}"] if flow.importance else []
    after += [f"idle_age={flow.idle_s}"] if flow.idle_s is not None else []
    head = ", ".join(parts) + ", " + flags + "".join(f"{part}, " for part in after)
    match = format_match(flow.match, flow.priority, names)
    return f"{head}{match}{' ' if match else ''}actions={format_actions(flow.actions, names)}"
