"""The one error of reading packets."""

from __future__ import annotations


class Malformed(ValueError):
    """Bytes that are not what they should be: which protocol, and what is wrong."""

    def __init__(self, protocol: str, fact: str) -> None:
        super().__init__(f"{protocol}: {fact}")
        self.protocol = protocol
        self.fact = fact
