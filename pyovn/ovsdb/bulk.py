"""Bulk work with Python's cyclic collector at rest: it would look at every row again and again, and rows make no cycles.

What was made in bulk is out of its sight afterwards too (`gc.freeze`); rows that go are freed by their reference counts.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BULK = 2_000
"""From how many rows on it is worth it."""

LARGE = 1024 * 1024
"""From how many bytes of JSON on it is worth it."""


@contextmanager
def collector_at_rest(bulk: bool = True) -> Iterator[None]:
    """No collections within, if this is bulk work; afterwards as before."""
    was_enabled = gc.isenabled()
    if bulk:
        gc.disable()
    try:
        yield
    finally:
        if bulk:
            gc.freeze()
        if was_enabled:
            gc.enable()
