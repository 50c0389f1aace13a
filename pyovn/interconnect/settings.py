"""Options that say yes or no: everything but "true" is no."""

from __future__ import annotations

from collections.abc import Mapping


def is_set(options: Mapping[str, str], name: str) -> bool:
    """Whether an option says yes."""
    return options.get(name, "").lower() == "true"
