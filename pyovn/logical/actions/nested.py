"""Actions that replace the packet by one made from it, and run others on that: `arp { … };`, `icmp4 { … };` and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pyovn.logical.actions.environment import Action, EncodeEnvironment, OpenFlowActions, encode_all, format_actions
from pyovn.logical.actions.userdata import Opcode, controller


class Replacement(NamedTuple):
    """How the controller makes the packet."""

    opcode: Opcode
    needs: str
    pause: bool = False
    """The original waits in the switch; the controller decides what becomes of it."""


REPLACEMENTS = {
    "arp": Replacement(Opcode.ARP, "ip", pause=True),
    "nd_ns": Replacement(Opcode.ND_NS, "ip", pause=True),
    "nd_na": Replacement(Opcode.ND_NA, "nd_ns"),
    "nd_na_router": Replacement(Opcode.ND_NA_ROUTER, "nd_ns"),
    "icmp4": Replacement(Opcode.ICMP, "ip4"),
    "icmp4_error": Replacement(Opcode.ICMP4_ERROR, "ip4"),
    "icmp6": Replacement(Opcode.ICMP, "ip6"),
    "icmp6_error": Replacement(Opcode.ICMP6_ERROR, "ip6"),
    "tcp_reset": Replacement(Opcode.TCP_RESET, "tcp"),
    "sctp_abort": Replacement(Opcode.SCTP_ABORT, "sctp"),
    "reject": Replacement(Opcode.REJECT, ""),
}
"""By keyword."""

NESTED_VERSION = 6
"""Nested actions travel in `userdata` as OpenFlow 1.5 actions (wire version)."""


@dataclass(frozen=True, slots=True)
class Nested:
    """A block of `REPLACEMENTS`."""

    keyword: str
    actions: tuple[Action, ...]

    def format(self) -> str:
        """The block."""
        return f"{self.keyword} {{ {format_actions(self.actions)} }};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in; the controller sends its packet through the nested actions."""
        from pyovn.openflow.action_codec import encode_actions

        opcode, _, pause = REPLACEMENTS[self.keyword]
        inner = encode_actions(tuple(encode_all(self.actions, environment)), NESTED_VERSION)
        return [controller(opcode, environment, inner, pause=pause)]
