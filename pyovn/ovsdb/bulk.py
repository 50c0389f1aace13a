"""The cyclic collector kept out of bulk loads: it would walk all that is being made, again and again, and find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

LARGE = 1024 * 1024
"""Bytes of JSON from which a message counts as a bulk load."""


@contextmanager
def collector_paused(bulk: bool = True) -> Iterator[None]:
    """Collect no cycles meanwhile, if this is a bulk load."""
    pause = bulk and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()
