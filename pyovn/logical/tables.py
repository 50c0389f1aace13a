"""Where the parts of the pipelines lie in a bridge's OpenFlow tables."""

from __future__ import annotations

from enum import IntEnum


class Table(IntEnum):
    """The OpenFlow tables of an integration bridge. A logical table's number is added to its pipeline's first."""

    PHYSICAL_TO_LOGICAL = 0
    INGRESS = 8
    OUTPUT_LARGE_PACKET_DETECT = 42
    OUTPUT_LARGE_PACKET_PROCESS = 43
    REMOTE_OUTPUT = 44
    REMOTE_VTEP_OUTPUT = 45
    LOCAL_OUTPUT = 46
    CHECK_LOOPBACK = 47
    EGRESS = 48
    SAVE_INPORT = 64
    LOGICAL_TO_PHYSICAL = 65
    MAC_BINDING = 66
    MAC_LOOKUP = 67
    CHECK_LB_HAIRPIN = 68
    CHECK_LB_HAIRPIN_REPLY = 69
    CT_SNAT_HAIRPIN = 70
    GET_FDB = 71
    LOOKUP_FDB = 72
    CHECK_IN_PORT_SECURITY = 73
    CHECK_IN_PORT_SECURITY_ND = 74
    CHECK_OUT_PORT_SECURITY = 75
    ECMP_NEXT_HOP_MAC = 76
    ECMP_NEXT_HOP = 77
    CHECK_LB_AFFINITY = 78
    MAC_CACHE_USE = 79
    CT_ZONE_LOOKUP = 80
    CT_ORIG_NW_DST_LOAD = 81
    CT_ORIG_IP6_DST_LOAD = 82
    CT_ORIG_TP_DST_LOAD = 83
    FLOOD_REMOTE_CHASSIS = 84
    CT_STATE_SAVE = 85
    CT_ORIG_PROTO_LOAD = 86
    GET_REMOTE_FDB = 87
    LEARN_REMOTE_FDB = 88


INGRESS_LENGTH = 34
"""How many logical tables fit between the ingress pipeline's first table and the tables of output."""

EGRESS_LENGTH = 16


class Pipeline(IntEnum):
    """A datapath's two pipelines; the value is the OpenFlow table of the first logical one."""

    INGRESS = Table.INGRESS
    EGRESS = Table.EGRESS

    @property
    def word(self) -> str:
        """The pipeline's name in actions and in the database."""
        return self.name.lower()
