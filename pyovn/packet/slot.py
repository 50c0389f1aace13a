"""Where each base field lives in a `Flow`: one number a field, shared by every spelling and view of it.

As in Open vSwitch, fields that can never be in one packet share a slot: ARP's addresses and operation live in IPv4's, ICMP's
type and code in the transport ports, ND's link-layer addresses in ARP's.
"""

from __future__ import annotations

(
    # Where the packet came from, and what the pipeline remembers about it.
    IN_PORT, METADATA, PKT_MARK, CONJ_ID, SKB_PRIORITY, DP_HASH, RECIRC_ID, ACTSET_OUTPUT, PACKET_TYPE,
    # The tunnel it came through, or will leave through.
    TUN_ID, TUN_SRC, TUN_DST, TUN_IPV6_SRC, TUN_IPV6_DST, TUN_FLAGS, TUN_TTL, TUN_TOS, TUN_GBP_ID, TUN_GBP_FLAGS,
    # What connection tracking said.
    CT_STATE, CT_ZONE, CT_MARK, CT_LABEL, CT_NW_PROTO, CT_NW_SRC, CT_NW_DST, CT_IPV6_SRC, CT_IPV6_DST, CT_TP_SRC, CT_TP_DST,
    # Layer 2; an MPLS slot holds a whole label stack entry, a VLAN slot a whole TCI with 0x1000 set where the tag is there.
    ETH_SRC, ETH_DST, ETH_TYPE, VLAN_TCI, VLAN_TCI1, MPLS_LSE, MPLS_LSE1, MPLS_LSE2,
    # Layer 3.
    NW_SRC, NW_DST, IPV6_SRC, IPV6_DST, IPV6_LABEL, NW_PROTO, NW_TOS, NW_TTL, NW_FRAG,
    # Layer 4, and what ARP and ND say of link layers.
    TP_SRC, TP_DST, TCP_FLAGS, ARP_SHA, ARP_THA, ND_TARGET, ND_RESERVED, ND_OPTIONS_TYPE,
) = range(55)  # fmt: skip

REG0 = 55
"""The first of 32 registers of 32 bits; wide registers are runs of two or four of them, most significant first."""
REGISTERS = 32

TUN_METADATA0 = REG0 + REGISTERS
"""The first of 64 tunnel options."""
TUN_OPTIONS = 64

SLOTS = TUN_METADATA0 + TUN_OPTIONS
"""The length of a `Flow`."""

# Bits of NW_FRAG.
FRAG_ANY = 1
FRAG_LATER = 2

VLAN_PRESENT = 0x1000
"""Set in a VLAN slot where the packet carries the tag, so that untagged (0) differs from priority-tagged."""
