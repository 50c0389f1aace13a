"""Addresses in the text of rows, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address


def mac_number(text: str) -> int | None:
    """The 48 bits of an Ethernet address; None for anything else."""
    parts = text.split(":")
    if len(parts) != 6 or not all(len(part) in (1, 2) and set(part) <= set("0123456789abcdefABCDEF") for part in parts):
        return None
    return int("".join(part.rjust(2, "0") for part in parts), 16)


def ip_number(text: str) -> tuple[int, int] | None:
    """Version and number of an IP address; None for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.version, int(address)


def first_mac(addresses: Sequence[str]) -> int | None:
    """The Ethernet address with which the first of `MAC [IP…]` begins."""
    return mac_number(addresses[0].split()[0]) if addresses and addresses[0].strip() else None
