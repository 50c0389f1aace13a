"""The bits and registers of the integration bridge that the agent's own tables read and write; the tables are `pyovn.logical.tables`."""

from __future__ import annotations

from enum import IntFlag

from pyovn.logical.tables import Table as OFTable


class LogicalFlag(IntFlag):
    """Bits of the register that holds `flags` (ovn-sb(5), Logical_Flow): those that the agent's own tables read or write."""

    ALLOW_LOOPBACK = 1 << 0
    FROM_RAMP_SWITCH = 1 << 1
    LOCAL_ONLY = 1 << 4
    NESTED_CONTAINER = 1 << 5
    LOOKUP_MAC = 1 << 6
    LOOKUP_LB_HAIRPIN = 1 << 7
    LOOKUP_FDB = 1 << 8
    LOCALPORT = 1 << 10
    CHECK_PORT_SECURITY = 1 << 12
    FROM_TUNNEL = 1 << 16
    NOT_LOCAL_ONLY = 1 << 18
    SNOOPED = 1 << 22
    LOOKED_UP_AGAIN = 1 << 24


FLAGS = "reg10"
DNAT_ZONE = "reg11"
SNAT_ZONE = "reg12"
PORT_ZONE = "reg13"
"""Conntrack zone of the port in the lower half, number of its encapsulation address in the upper."""
TUNNEL_PORT = "reg5"
"""In its upper half: the tunnel that the packet came through."""
INPORT = "reg14"
OUTPORT = "reg15"
LOGICAL_REGISTERS = tuple(f"reg{n}" for n in range(10))

GENEVE_CLASS = 0x0102
GENEVE_TYPE = 0x80
"""The Geneve option that carries the logical ports: ingress in bits 16 to 30, egress in the lowest 16 (ovn-architecture(7))."""

__all__ = ["DNAT_ZONE", "FLAGS", "GENEVE_CLASS", "GENEVE_TYPE", "INPORT", "LOGICAL_REGISTERS", "OUTPORT", "PORT_ZONE", "SNAT_ZONE",
           "TUNNEL_PORT", "LogicalFlag", "OFTable"]  # fmt: skip
