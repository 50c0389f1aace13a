"""What every switch does when nothing was asked of it: go on, and let conntrack alone."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import ALWAYS, NEXT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import (
    ACL_LABEL,
    ACL_PERSIST,
    ACL_STATELESS,
    COMMIT_WANTED,
    CT_WANTED,
    IS_FRAGMENT,
    NAT_WANTED,
    NETWORK_FUNCTION,
    NETWORK_FUNCTION_ID,
    SKIP_ARP_REPLY,
)  # fmt: skip
from pyovn.northd.switch.acl_policy import policy
from pyovn.northd.topology import Switch, SwitchPort, other_half
from pyovn.query import Engine

PASS_BY_DEFAULT = (
    Stage.LS_IN_APPLY_PORT_SEC, Stage.LS_IN_MIRROR, Stage.LS_IN_LOOKUP_FDB, Stage.LS_IN_PUT_FDB, Stage.LS_IN_PRE_ACL, Stage.LS_IN_PRE_LB,
    Stage.LS_IN_PRE_STATEFUL, Stage.LS_IN_ACL_SAMPLE, Stage.LS_IN_QOS, Stage.LS_IN_CT_EXTRACT,
    Stage.LS_IN_LB_AFF_CHECK, Stage.LS_IN_LB, Stage.LS_IN_LB_AFF_LEARN, Stage.LS_IN_PRE_HAIRPIN, Stage.LS_IN_NAT_HAIRPIN,
    Stage.LS_IN_HAIRPIN, Stage.LS_IN_ACL_AFTER_LB_SAMPLE,
    Stage.LS_IN_PRE_NETWORK_FUNCTION, Stage.LS_IN_STATEFUL, Stage.LS_IN_NETWORK_FUNCTION, Stage.LS_IN_ARP_RSP,
    Stage.LS_IN_DHCP_OPTIONS, Stage.LS_IN_DHCP_RESPONSE, Stage.LS_IN_DNS_LOOKUP, Stage.LS_IN_DNS_RESPONSE, Stage.LS_IN_EXTERNAL_PORT,
    Stage.LS_OUT_LOOKUP_FDB, Stage.LS_OUT_PUT_FDB, Stage.LS_OUT_PRE_ACL, Stage.LS_OUT_PRE_LB, Stage.LS_OUT_PRE_STATEFUL,
    Stage.LS_OUT_ACL_SAMPLE, Stage.LS_OUT_MIRROR, Stage.LS_OUT_QOS, Stage.LS_OUT_PRE_NETWORK_FUNCTION,
    Stage.LS_OUT_STATEFUL, Stage.LS_OUT_NETWORK_FUNCTION,
)  # fmt: skip
"""Stages that let pass what no feature has asked to be treated."""

NEIGHBOR_TALK = "nd || nd_rs || nd_ra || mldv1 || mldv2"
TOO_BIG = "(ip4 && icmp4.type == 3 && icmp4.code == 4)"
TOO_BIG_V6 = "(ip6 && icmp6.type == 2 && icmp6.code == 0)"


def empty_stages(db: Engine, switch: Switch) -> Iterator[Flow]:
    """A stage without a feature lets everything pass."""
    for stage in PASS_BY_DEFAULT:
        yield Flow(stage, 0, ALWAYS, NEXT)


def conntrack(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What the register bits that features set mean, and what never needs conntrack."""
    # Neighbour discovery and group management are never part of a connection.
    for stage in (Stage.LS_IN_PRE_LB, Stage.LS_OUT_PRE_LB):
        yield Flow(stage, 110, NEIGHBOR_TALK, NEXT)
        # A group of receivers has no backend,
        yield Flow(stage, 110, "eth.mcast", NEXT)
        # and a stateless ACL has asked for no tracking.
        yield Flow(stage, 110, f"{ACL_STATELESS} == 1", NEXT)
    # An error that the underlay caused belongs to no connection here.
    yield Flow(Stage.LS_IN_PRE_LB, 110, f"({TOO_BIG} ||{TOO_BIG_V6}) && flags.tunnel_rx == 1", NEXT)
    # The first fragment's ports have to be kept for the others.
    yield Flow(Stage.LS_IN_PRE_STATEFUL, 115, f"{NAT_WANTED} == 1 && ip.is_frag", f"{IS_FRAGMENT} = 1; ct_lb_mark;")
    for stage in (Stage.LS_IN_PRE_STATEFUL, Stage.LS_OUT_PRE_STATEFUL):
        # Load balancing wants the translation undone as well; ACLs want only the state.
        yield Flow(stage, 110, f"{NAT_WANTED} == 1", "ct_lb_mark;")
        yield Flow(stage, 100, f"{CT_WANTED} == 1", "ct_next;")
    yield from commits()


OBSERVATION = "ct_mark.obs_stage = reg8[19..20]; ct_mark.obs_collector_id = reg8[8..15]; ct_label.obs_point_id = reg9; "


def commits() -> Iterator[Flow]:
    """A connection that is to be committed keeps what later packets of it need: who allowed it, who observes it, where it is redirected."""
    for stage in (Stage.LS_IN_STATEFUL, Stage.LS_OUT_STATEFUL):
        for labelled, observation in ((0, ""), (1, OBSERVATION)):
            allowed = f"ct_mark.blocked = 0; ct_mark.allow_established = {ACL_PERSIST}; {observation}ct_label.acl_id = reg2[16..31]; "
            wanted = f"{COMMIT_WANTED} == 1 && {ACL_LABEL} == {labelled}"
            redirected = f"ct_label.nf = 1; ct_label.nf_id = {NETWORK_FUNCTION_ID}; "
            yield Flow(stage, 110, f"{wanted} && {NETWORK_FUNCTION} == 1", f"ct_commit {{ {allowed}{redirected}}}; next;")
            yield Flow(stage, 100, wanted, f"ct_commit {{ {allowed}ct_label.nf = 0; ct_label.nf_id = 0; }}; next;")


def service_monitor(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Probes of load balancers' backends pass ACLs and load balancers, and their answers go to the controller."""
    for stage in (Stage.LS_IN_PRE_ACL, Stage.LS_IN_PRE_LB):
        yield Flow(stage, 110, "eth.dst == $svc_monitor_mac", NEXT)
    for stage in (Stage.LS_OUT_PRE_ACL, Stage.LS_OUT_PRE_LB):
        yield Flow(stage, 110, "eth.src == $svc_monitor_mac", NEXT)
    answered = "eth.dst == $svc_monitor_mac && (tcp || icmp || icmp6)"
    yield Flow(Stage.LS_IN_L2_LKUP, 110, answered, "handle_svc_check(inport);", meter=controller_meter(db, switch.uuid, "svc-monitor"))


def router_and_localnet_bypass(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Connections are tracked where machines are, not where packets pass to or from a router or a physical network."""
    if port.is_router and port.enabled:
        # What a router sends was asked for by the router: no proxy answers it.
        for name in (port.name, other_half(db, port.uuid)):
            if name is not None:
                marked = f"{SKIP_ARP_REPLY} = 1; next;"
                yield Flow(Stage.LS_IN_CHECK_PORT_SEC, 70, f"inport == {quoted(name)}", marked, hint=port.uuid, port=name)
    asked = policy(db, port.switch)
    # What comes from a physical network may be for a VIP.
    if not port.peer and port.type != "switch" and not (port.is_localnet and not asked.has_vips):
        return
    yield Flow(Stage.LS_IN_PRE_LB, 110, f"ip && inport == {port.json}", NEXT, hint=port.uuid, port=port.name)
    # ACLs on receivers still want what conntrack said.
    leave = NEXT if asked.stateful_acls or port.type == "switch" else "flags.pkt_sampled = 0; ct_clear; next;"
    yield Flow(Stage.LS_OUT_PRE_LB, 110, f"ip && outport == {port.json}", leave, hint=port.uuid, port=port.name)
