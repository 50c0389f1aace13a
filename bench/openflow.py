"""How long a rule takes to become bytes, and a frame to become a flow: `python bench/openflow.py` prints microseconds each."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable

from pyovn.openflow.action import Resubmit, set_field
from pyovn.openflow.match import Match
from pyovn.openflow.match_text import parse_match
from pyovn.openflow.message import OF15, FlowMod
from pyovn.openflow.message_codec import decode, encode
from pyovn.packet import slot
from pyovn.packet.flow import parse_flow
from pyovn.packet.packet import Packet

RULE = FlowMod(parse_match("udp,reg14=0x1,metadata=0x1,dl_src=50:54:00:00:00:01,tp_src=68"), (set_field("reg15", 5), Resubmit(table=9)))
FRAME = bytes.fromhex(
    "50540000000150540000000208004500002c0000000040111ca80a0000010a000002004400430018000000000000000000000000000000000000"
)
PACKET = Packet(FRAME)
BYTES = encode(RULE, OF15, 1)


def lower_ttl() -> bytes:
    """Take one from the TTL of a copy and make its frame."""
    packet = PACKET.copy()
    packet.flow[slot.NW_TTL] -= 1
    return packet.frame


SUBJECTS: dict[str, Callable[[], object]] = {
    "flow_mod to bytes (5 fields, 2 actions)": lambda: encode(RULE, OF15, 1),
    "flow_mod from bytes": lambda: decode(BYTES),
    "match built from fields": lambda: Match.of({"reg0": 5, "metadata": 1, "eth_type": 0x800}),
    "frame to flow (UDP over IPv4)": lambda: parse_flow(FRAME, 1),
    "TTL lowered, frame rewritten": lower_ttl,
}


def main() -> None:
    """Print the best of five rounds of each."""
    for name, subject in SUBJECTS.items():
        best = min(timeit.repeat(subject, number=10_000, repeat=5, timer=time.process_time)) / 10_000
        print(f"{name:42} {best * 1e6:6.2f} us")


if __name__ == "__main__":
    main()
