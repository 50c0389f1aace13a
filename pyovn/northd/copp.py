"""Control-plane protection: the meter that a switch or router has chosen for what its flows send to the controller."""

from __future__ import annotations

from pyovn.northd import topology
from pyovn.query import Engine, query
from pyovn.schemas.nb import Copp, Meter

PROTOCOLS = (
    "arp", "arp-resolve", "bfd", "dhcpv4-opts", "dhcpv4-relay", "dhcpv6-opts", "dns", "event-elb", "icmp4-error", "icmp6-error", "igmp",
    "nd-na", "nd-ns", "nd-ns-resolve", "nd-ra-opts", "reject", "svc-monitor", "tcp-reset",
)  # fmt: skip
"""The kinds of packets that can have a meter: keys of Copp.meters."""


@query
def meters(db: Engine, datapath: str) -> dict[str, str]:
    """The meters of a switch or router that exist, by kind of packets."""
    holder = topology.switch(db, datapath) or topology.router(db, datapath)
    row = db.get(Copp, holder.copp) if holder and holder.copp else None
    return {protocol: name for protocol, name in row.meters.items() if db.find(Meter, "name", name)} if row else {}


def controller_meter(db: Engine, datapath: str, protocol: str) -> str | None:
    """The meter of a switch or router for a kind of packets, if it exists."""
    return meters(db, datapath).get(protocol)
