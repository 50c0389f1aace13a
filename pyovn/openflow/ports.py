"""OpenFlow port numbers: 16 bits inside, as in OpenFlow 1.0; the reserved ones have names.

OpenFlow 1.1 and later write 32 bits, where the reserved ports are at the top; `to_wide` and `from_wide` translate.
"""

from __future__ import annotations

from collections.abc import Mapping

MAX = 0xFF00
"""The first number that is not an ordinary port's."""

UNSET = 0xFFF7
IN_PORT = 0xFFF8
TABLE = 0xFFF9
NORMAL = 0xFFFA
FLOOD = 0xFFFB
ALL = 0xFFFC
CONTROLLER = 0xFFFD
LOCAL = 0xFFFE
NONE = 0xFFFF
"""No port at all; called ANY where a request is for every port."""

RESERVED: dict[str, int] = {
    "UNSET": UNSET, "IN_PORT": IN_PORT, "TABLE": TABLE, "NORMAL": NORMAL, "FLOOD": FLOOD, "ALL": ALL,
    "CONTROLLER": CONTROLLER, "LOCAL": LOCAL, "NONE": NONE, "ANY": NONE,
}  # fmt: skip
_NAMES: dict[int, str] = {number: name for name, number in RESERVED.items()}


def to_wide(port: int) -> int:
    """The 32-bit number of a 16-bit port."""
    return port if port < MAX else port + 0xFFFF0000


def from_wide(port: int) -> int:
    """The 16-bit number of a 32-bit port; ValueError for one that has none."""
    if port < MAX:
        return port
    if port >= 0xFFFF0000 + MAX:
        return port - 0xFFFF0000
    raise ValueError(f"port {port} is outside the supported range")


def format_port(port: int, names: Mapping[int, str] | None = None) -> str:
    """The port as text: its reserved name, the interface's from `names` (quoted where it must be), or the number."""
    if port in _NAMES:
        return _NAMES[port]
    name = names.get(port) if names else None
    if name is None:
        return str(port)
    plain = name.replace("_", "a").replace("-", "a").replace(".", "a")
    return name if plain.isalnum() and not name[0].isdigit() and name.upper() not in RESERVED else f'"{name}"'


def parse_port(text: str, names: Mapping[int, str] | None = None) -> int:
    """The port that `text` means; ValueError if none."""
    bare = text.removeprefix("OFPP_").upper()
    if bare in RESERVED:
        return RESERVED[bare]
    for number, name in (names or {}).items():
        if text.strip('"') == name:
            return number
    try:
        return from_wide(int(text, 0))
    except ValueError:
        raise ValueError(f"{text}: unknown or out of range port") from None
