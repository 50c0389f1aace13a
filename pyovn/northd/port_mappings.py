"""Where a load balancer's backends are: what `ip_port_mappings` says of an address, `PORT:SOURCE[:ZONE]`."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple


class Mapping(NamedTuple):
    """Where a backend is, and how it is probed."""

    logical_port: str
    source: str
    """The address that probes come from; empty if none was needed and none given."""
    az: str
    """The zone where the backend is, if it is in another deployment."""


def parse_mapping(text: str, *, needs_source: bool = True) -> Mapping:
    """What a mapping says; `ValueError` with the reason if it cannot be understood."""
    name, colon, rest = text.partition(":")
    if not colon:
        if needs_source:
            raise ValueError(f'Expected \':\' separator for: "{text}"')
        if not name:
            raise ValueError("Empty port name in distributed mode")
        return Mapping(name, "", "")
    if rest.startswith("["):
        source, bracket, rest = rest[1:].partition("]")
        if not bracket:
            raise ValueError(f'Malformed IPv6 address in backend "{text}"')
        colon, az = rest[:1], rest[1:]
    else:
        source, colon, az = rest.partition(":")
    if colon == ":" and not az:
        raise ValueError(f'Empty AZ name specified for backend "{name}"')
    try:
        return Mapping(name, str(ip_address(source)), az)
    except ValueError:
        raise ValueError(f'Invalid svc mon src IP "{source}": bad IP address') from None
