"""The memory that the C library keeps for what may come: after bulk work there is much of it, and other processes may want it."""

from __future__ import annotations


def trim() -> None:
    """Give free memory back to the system, where the C library can."""
    import ctypes

    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is not None:
        give_back(0)
