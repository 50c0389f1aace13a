"""Numbers and flags among settings (`options`, `other_config`): what is neither counts as not said."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


def integer(settings: Mapping[str, str], name: str, default: int) -> int:
    """A number of 32 bits, signed."""
    return _within(settings, name, default, -(1 << 31), (1 << 31) - 1)


def unsigned(settings: Mapping[str, str], name: str, default: int = 0) -> int:
    """A number of 32 bits, not negative."""
    return _within(settings, name, default, 0, (1 << 32) - 1)


def number64(settings: Mapping[str, str], name: str, default: int) -> int:
    """A number of 64 bits, signed."""
    return _within(settings, name, default, -(1 << 63), (1 << 63) - 1)


def wrapped(settings: Mapping[str, str], name: str, default: int) -> int:
    """A number of 32 bits, not negative; one that is, or that has more bits, wraps around."""
    return _within(settings, name, default, -(1 << 63), (1 << 64) - 1) & 0xFFFFFFFF


def _within(settings: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = settings.get(name, "").strip()
    return number if _INTEGER.fullmatch(text) and low <= (number := int(text)) <= high else default


def clamped(value: int, low: int, high: int) -> int:
    """The nearest that is allowed."""
    return max(min(value, high), low)


def flag(settings: Mapping[str, str], name: str, default: bool = False) -> bool:
    """Whether something is said to be so, in letters of any size; what is neither `true` nor `false` counts as not said."""
    return settings.get(name, "").lower() != "false" if default else settings.get(name, "").lower() == "true"
