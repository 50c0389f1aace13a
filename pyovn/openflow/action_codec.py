"""Action lists and instructions to bytes and back, for OpenFlow 1.0 with Nicira's extensions, 1.3, 1.4 and 1.5."""

from __future__ import annotations

from pyovn.openflow import standard_actions
from pyovn.openflow.action_registry import decode_actions, encode_actions
from pyovn.openflow.instruction import decode_instructions, encode_instructions
from pyovn.openflow.nicira import control, controller, ct, learn, registers, sample

FAMILIES = (standard_actions, registers, control, controller, ct, learn, sample)
"""The modules whose actions are known."""

__all__ = ["FAMILIES", "decode_actions", "decode_instructions", "encode_actions", "encode_instructions"]
