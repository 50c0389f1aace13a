"""How action lists become bytes and come back: one table from classes to encoders, one from wire types to decoders.

Modules of this package register the actions that they know; `action_codec` gathers them all.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct, error
from typing import Any, TypeAlias, TypeVar

from pyovn.openflow.action import Action, Actions
from pyovn.openflow.error import NICIRA, Fault, OpenFlowError

Encoder: TypeAlias = Callable[[Any, int], bytes]
"""From an action and a version to bytes, header and padding included."""
Decoder: TypeAlias = Callable[[bytes, int], Action | None]
"""From a whole action's bytes and a version to the action; None for one that does nothing."""
D = TypeVar("D", bound=Decoder)
E = TypeVar("E", bound=Encoder)

ENCODERS: dict[type, Encoder] = {}
STANDARD: dict[tuple[int, bool], Decoder] = {}
"""By type, and whether the version is 1.0."""
VENDOR: dict[int, Decoder] = {}
"""Nicira's, by subtype."""

EXPERIMENTER = 0xFFFF
_HEAD = Struct(">HH")
_NICIRA_HEAD = Struct(">HHIH")
_NICIRA_BODY = Struct(">IH")


def encodes(*kinds: type) -> Callable[[E], E]:
    """Register how classes of actions are encoded."""

    def register(encoder: E) -> E:
        ENCODERS.update(dict.fromkeys(kinds, encoder))
        return encoder

    return register


def decodes(number: int, *, of10: bool = False) -> Callable[[D], D]:
    """Register how a standard action is decoded: OpenFlow 1.0's, or every later version's."""

    def register(decoder: D) -> D:
        STANDARD[number, of10] = decoder
        return decoder

    return register


def decodes_nicira(*subtypes: int) -> Callable[[D], D]:
    """Register how Nicira's actions are decoded."""

    def register(decoder: D) -> D:
        VENDOR.update(dict.fromkeys(subtypes, decoder))
        return decoder

    return register


def nicira(subtype: int, body: bytes) -> bytes:
    """A Nicira action, padded with zeros to a multiple of 8 bytes."""
    size = 10 + len(body)
    pad = -size % 8
    return _NICIRA_HEAD.pack(EXPERIMENTER, size + pad, NICIRA, subtype) + body + bytes(pad)


def standard(number: int, body: bytes) -> bytes:
    """A standard action, padded with zeros to a multiple of 8 bytes."""
    size = 4 + len(body)
    pad = -size % 8
    return _HEAD.pack(number, size + pad) + body + bytes(pad)


def encode_actions(actions: Actions, version: int) -> bytes:
    """An action list's bytes; OpenFlowError for an action that the version does not have."""
    try:
        return b"".join([ENCODERS[type(action)](action, version) for action in actions])
    except KeyError as unknown:
        raise OpenFlowError(Fault.ACTION_BAD_TYPE, f"{unknown.args[0].__name__} is not an action") from None


def decode_actions(data: bytes, version: int) -> Actions:
    """Read an action list; OpenFlowError names the action that is wrong."""
    actions = []
    at = 0
    while at < len(data):
        if len(data) < at + 8:
            raise OpenFlowError(Fault.ACTION_BAD_LEN, f"{len(data) - at} bytes where an action has 8")
        kind, size = _HEAD.unpack_from(data, at)
        if size < 8 or size % 8 or at + size > len(data):
            raise OpenFlowError(Fault.ACTION_BAD_LEN, f"action of {size} bytes in {len(data) - at}")
        try:
            action = _decoder(data, at, kind, version)(data[at : at + size], version)
        except error as problem:
            raise OpenFlowError(Fault.ACTION_BAD_LEN, f"action of type {kind}: {problem}") from None
        if action is not None:
            actions.append(action)
        at += size
    return tuple(actions)


def _decoder(data: bytes, at: int, kind: int, version: int) -> Decoder:
    if kind != EXPERIMENTER:
        found = STANDARD.get((kind, version == 1))
        if found is None:
            raise OpenFlowError(Fault.ACTION_BAD_TYPE, f"action of type {kind}")
        return found
    if len(data) < at + 16:
        raise OpenFlowError(Fault.ACTION_BAD_LEN, "experimenter action shorter than 16 bytes")
    experimenter, subtype = _NICIRA_BODY.unpack_from(data, at + 4)
    if experimenter != NICIRA:
        raise OpenFlowError(Fault.ACTION_BAD_EXPERIMENTER, f"action of experimenter {experimenter:#x}")
    if subtype not in VENDOR:
        raise OpenFlowError(Fault.ACTION_BAD_EXP_TYPE, f"Nicira action of type {subtype}")
    return VENDOR[subtype]
