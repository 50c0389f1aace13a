"""The four pipelines, stage by stage: the network's program as a table of contents.

A stage's number is its position among the stages of its pipeline; prose uses names, never numbers. The name of a stage
in the southbound database is its name here in lower case: `ls_in_…` switch ingress, `ls_out_…` switch egress, `lr_in_…`
router ingress, `lr_out_…` router egress.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class Stage(Enum):
    """Every stage in the order in which a packet meets it; its value is the sentence that says what it is for."""

    LS_IN_CHECK_PORT_SEC = "Frames that no logical network carries are dropped; the sender's addresses are checked."
    LS_IN_APPLY_PORT_SEC = "Frames whose sender's addresses are not its own are dropped."
    LS_IN_MIRROR = "Packets from a mirrored port are cloned to the mirror's target."
    LS_IN_LOOKUP_FDB = "Is the sender's MAC already learned on this port?"
    LS_IN_PUT_FDB = "A sender's MAC that was not is learned."
    LS_IN_PRE_ACL = "Which packets does conntrack have to see before the ACLs of senders?"
    LS_IN_PRE_LB = "Which packets does conntrack have to see for load balancers?"
    LS_IN_PRE_STATEFUL = "Conntrack sees the packets that the two stages before have named."
    LS_IN_ACL_HINT = "The state of the connection becomes register bits, so that each ACL needs few flows."
    LS_IN_ACL_EVAL = "Each ACL on senders is a flow that leaves its verdict in registers."
    LS_IN_ACL_SAMPLE = "Packets that an ACL on senders samples are sampled."
    LS_IN_ACL_ACTION = "The verdict is carried out: go on, drop, reject, or ask the next tier."
    LS_IN_QOS = "Traffic of senders is marked and metered."
    LS_IN_CT_EXTRACT = "Protocol and port of a new connection are kept, for fragments."
    LS_IN_LB_AFF_CHECK = "Does this client already have a backend that it must keep?"
    LS_IN_LB = "A new connection to a VIP gets its backend."
    LS_IN_LB_AFF_LEARN = "A client's backend is remembered for as long as affinity lasts."
    LS_IN_PRE_HAIRPIN = "Is the backend that was chosen the client itself?"
    LS_IN_NAT_HAIRPIN = "If so the client's source becomes the VIP, and back."
    LS_IN_HAIRPIN = "And the packet returns to the port it came from."
    LS_IN_ACL_AFTER_LB_EVAL = "ACLs on senders that want to see the backend, not the VIP."
    LS_IN_ACL_AFTER_LB_SAMPLE = "Packets that such an ACL samples are sampled."
    LS_IN_ACL_AFTER_LB_ACTION = "The verdict of such ACLs is carried out."
    LS_IN_PRE_NETWORK_FUNCTION = "A group of network functions becomes the member that is active."
    LS_IN_STATEFUL = "Connections that an ACL allowed are committed."
    LS_IN_NETWORK_FUNCTION = "Packets for a network function are redirected to its port."
    LS_IN_ARP_RSP = "ARP requests and neighbour solicitations for known addresses are answered on the spot."
    LS_IN_DHCP_OPTIONS = "A DHCP client's message becomes the server's reply."
    LS_IN_DHCP_RESPONSE = "That reply is addressed and sent back."
    LS_IN_DNS_LOOKUP = "DNS queries for known names become replies."
    LS_IN_DNS_RESPONSE = "Those replies are addressed and sent back."
    LS_IN_EXTERNAL_PORT = "Only one chassis answers for what is reached through a localnet port."
    LS_IN_L2_LKUP = "The destination MAC becomes a port or a multicast group."
    LS_IN_L2_UNKNOWN = "A MAC that nobody knows goes to those who asked for unknown addresses, or nowhere."

    LS_OUT_LOOKUP_FDB = "Is the sender's MAC already learned on the remote port it came through?"
    LS_OUT_PUT_FDB = "If not, it is learned."
    LS_OUT_PRE_ACL = "Which packets does conntrack have to see before the ACLs of receivers?"
    LS_OUT_PRE_LB = "Which packets does conntrack have to see to undo load balancing?"
    LS_OUT_PRE_STATEFUL = "Conntrack sees the packets that the two stages above have named."
    LS_OUT_ACL_HINT = "The state of the connection becomes register bits on the way out too."
    LS_OUT_ACL_EVAL = "Each ACL on receivers is a flow that leaves its verdict in registers."
    LS_OUT_ACL_SAMPLE = "Packets that an ACL on receivers samples are sampled."
    LS_OUT_ACL_ACTION = "The verdict of ACLs on receivers is carried out."
    LS_OUT_MIRROR = "Packets to a mirrored port are cloned to the mirror's target."
    LS_OUT_QOS = "Traffic to receivers is marked and metered."
    LS_OUT_PRE_NETWORK_FUNCTION = "A group of network functions becomes its active member, on the way out."
    LS_OUT_STATEFUL = "Connections that an ACL on receivers allowed are committed."
    LS_OUT_NETWORK_FUNCTION = "Packets for a network function are redirected on the way out."
    LS_OUT_CHECK_PORT_SEC = "Is the receiver's address one that this port may have?"
    LS_OUT_APPLY_PORT_SEC = "If not the packet is dropped, else delivered."

    LR_IN_ADMISSION = "Frames that are not addressed to the port they arrive on are dropped."
    LR_IN_LOOKUP_NEIGHBOR = "Is the neighbour that speaks ARP or ND already known?"
    LR_IN_LEARN_NEIGHBOR = "A neighbour that is not known is learned."
    LR_IN_IP_INPUT = "The router as a host: what it answers itself, and what it never forwards."
    LR_IN_DHCP_RELAY_REQ = "A DHCP client's message that was checked goes to its server."
    LR_IN_UNSNAT = "Replies to translated sources get their destination back."
    LR_IN_POST_UNSNAT = "Was the packet tracked by now?"
    LR_IN_DEFRAG = "Conntrack sees what is addressed to a VIP or to an ECMP route's reply."
    LR_IN_CT_EXTRACT = "Protocol and port of a new connection to a VIP are kept, for fragments."
    LR_IN_LB_AFF_CHECK = "Does this client of a router's VIP already have a backend?"
    LR_IN_DNAT = "Destinations are translated: load balancers and NAT."
    LR_IN_LB_AFF_LEARN = "A client's backend is remembered."
    LR_IN_ECMP_STATEFUL = "Who sent a connection through an ECMP route is remembered for its replies."
    LR_IN_ND_RA_OPTIONS = "A router solicitation becomes an advertisement."
    LR_IN_ND_RA_RESPONSE = "That advertisement is sent back."
    LR_IN_IP_ROUTING_PRE = "The port of entry chooses the route table."
    LR_IN_IP_ROUTING = "The longest prefix gives next hop, source address and port."
    LR_IN_IP_ROUTING_ECMP = "One of several equal routes is chosen."
    LR_IN_POLICY = "Policies overrule routes."
    LR_IN_POLICY_ECMP = "One of a policy's several next hops is chosen."
    LR_IN_DHCP_RELAY_RESP_CHK = "A server's answer to a relayed DHCP message is checked."
    LR_IN_DHCP_RELAY_RESP = "And delivered to the client."
    LR_IN_ARP_RESOLVE = "The next hop's address becomes a MAC."
    LR_IN_CHK_PKT_LEN = "Packets larger than the port of exit takes are noted."
    LR_IN_LARGER_PKTS = "And answered with an error."
    LR_IN_GW_REDIRECT = "What only the gateway chassis may send goes there."
    LR_IN_NETWORK_ID = "Which of the port's networks is the next hop in?"
    LR_IN_ARP_REQUEST = "A next hop whose MAC nobody knows is asked for it."
    LR_IN_ECMP_STATEFUL_EGR = "Sessions that leave through an ECMP route keep it."

    LR_OUT_CHK_DNAT_LOCAL = "Does the packet still need translation on this chassis?"
    LR_OUT_UNDNAT = "Replies to translated destinations get their source back."
    LR_OUT_POST_UNDNAT = "What is left is committed."
    LR_OUT_SNAT = "Sources are translated."
    LR_OUT_POST_SNAT = "Connections from outside are committed in the zone of sources."
    LR_OUT_EGR_LOOP = "What one translated address sends to another comes back in."
    LR_OUT_DELIVERY = "The packet leaves through its port."

    __hash__ = object.__hash__
    """Members are unique: identity is cheaper than hashing the name for every flow."""

    @property
    def stage_name(self) -> str:
        """The name in external_ids:stage-name."""
        return NAMES[self]

    @property
    def pipeline(self) -> str:
        """`ingress` or `egress`."""
        return "ingress" if "_IN_" in self.name else "egress"

    @property
    def number(self) -> int:
        """The position in its pipeline: Logical_Flow's table_id."""
        return NUMBERS[self]


def _pipeline_of(stage: Stage) -> str:
    return stage.name[: stage.name.index("_", 3) + 1]


NAMES = {stage: stage.name.lower() for stage in Stage}
NUMBERS = {
    stage: number
    for pipeline in dict.fromkeys(map(_pipeline_of, Stage))
    for number, stage in enumerate(stage for stage in Stage if _pipeline_of(stage) == pipeline)
}
