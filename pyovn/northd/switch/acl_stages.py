"""The stages around ACLs: what conntrack sees, what its answer allows ACLs to do, and how their verdict is carried out."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.copp import controller_meter
from pyovn.northd.drops import said
from pyovn.northd.flow import ALWAYS, NEXT, Flow
from pyovn.northd.global_options import is_on
from pyovn.northd.load_balancers import is_stateless
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import (
    ACL_ALLOW,
    ACL_DROP,
    ACL_PERSISTED,
    ACL_REJECT,
    ACL_TIER,
    ALLOWED_AS_RELATED,
    COMMIT_WANTED,
    CT_WANTED,
    MAY_ALLOW,
    MAY_ALLOW_NEW,
    MAY_BLOCK,
    MAY_DROP,
    NETWORK_FUNCTION,
)
from pyovn.northd.switch.acl_policy import EVAL, policy
from pyovn.northd.topology import Switch, SwitchPort, is_guarded
from pyovn.query import Engine

IN_EVAL, AFTER_LB_EVAL, OUT_EVAL = EVAL
ACTION = (Stage.LS_IN_ACL_ACTION, Stage.LS_IN_ACL_AFTER_LB_ACTION, Stage.LS_OUT_ACL_ACTION)
PRE = (Stage.LS_IN_PRE_ACL, Stage.LS_OUT_PRE_ACL)
HINT = (Stage.LS_IN_ACL_HINT, Stage.LS_OUT_ACL_HINT)

NEIGHBOR_TALK = "nd || nd_ra || nd_rs || mldv1 || mldv2"
ALLOWED = f"{ACL_ALLOW} = 1; {NEXT}"
FORGET = f"{ACL_ALLOW} = 0; {ACL_DROP} = 0; {ACL_REJECT} = 0; "
TURN_AROUND = "reg0 = 0; reject { /* eth.dst <-> eth.src; ip.dst <-> ip.src; is implicit. */ outport <-> inport; "

HINTS = (
    # The first packet of a connection: an ACL may allow it, which commits it, or drop it.
    (7, "ct.new && !ct.est", (MAY_ALLOW_NEW, MAY_DROP, COMMIT_WANTED)),
    # A connection that an ACL has ended, and another may allow anew.
    (6, "!ct.new && ct.est && !ct.rpl && ct_mark.blocked == 1", (MAY_ALLOW_NEW, MAY_DROP, COMMIT_WANTED)),
    # What conntrack has not seen is allowed or dropped on its own.
    (5, "!ct.trk", (MAY_ALLOW, MAY_DROP)),
    # A connection that goes on, unless an ACL now ends it.
    (4, "!ct.new && ct.est && !ct.rpl && ct_mark.blocked == 0", (MAY_ALLOW, MAY_BLOCK)),
    (3, "!ct.est", (MAY_DROP,)),
    (2, "ct.est && ct_mark.blocked == 1", (MAY_DROP,)),
    (1, "ct.est && ct_mark.blocked == 0", (MAY_BLOCK,)),
)
"""Priority, state of the connection, and what ACLs may do to it."""


def tracked(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Where some ACL allows what is related, conntrack sees everything but what belongs to no connection."""
    if not policy(db, switch.uuid).stateful_acls:
        return
    for stage in PRE:
        # Neighbour discovery, group management and DHCPv6 are never part of a connection.
        yield Flow(stage, 110, "nd || nd_rs || nd_ra || mldv1 || mldv2 || (udp && udp.src == 546 && udp.dst == 547)", NEXT)
        if not is_on(db, "acl_ct_translation"):
            yield Flow(stage, 110, "eth.mcast", NEXT)
        yield Flow(stage, 100, "ip", f"{CT_WANTED} = 1; {NEXT}")
    # An error that the underlay caused belongs to no connection here.
    too_big = "((ip4 && icmp4.type == 3 && icmp4.code == 4) || (ip6 && icmp6.type == 2 && icmp6.code == 0))"
    yield Flow(PRE[0], 110, f"{too_big} && flags.tunnel_rx == 1", NEXT)


def untracked_port(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Connections are tracked where machines are: what passes to or from a router or a physical network would be tracked twice."""
    if port.type not in ("localnet", "switch") and (not port.peer or is_guarded(db, port)):
        return
    if policy(db, port.switch).stateful_acls:
        yield Flow(PRE[0], 110, f"ip && inport == {port.json}", NEXT, hint=port.uuid, port=port.name)
        yield Flow(PRE[1], 110, f"ip && outport == {port.json}", NEXT, hint=port.uuid, port=port.name)


def hints(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What ACLs may do, by the state of the connection; a switch without ACLs and load balancers skips it all."""
    asked = policy(db, switch.uuid)
    for stage in HINT:
        yield Flow(stage, 0 if asked.has_acls or asked.has_vips else 65535, ALWAYS, NEXT)
        for priority, state, bits in HINTS if asked.is_stateful else ():
            yield Flow(stage, priority, state, "".join(f"{bit} = 1; " for bit in bits) + NEXT)


def evaluation(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What holds whatever the ACLs say."""
    asked = policy(db, switch.uuid)
    skipped = not asked.has_acls and not asked.has_vips
    for stage in (IN_EVAL, OUT_EVAL):
        yield Flow(stage, 65535 if skipped else 0, ALWAYS, NEXT)
    yield Flow(AFTER_LB_EVAL, 0, ALWAYS, NEXT)
    # Neighbour discovery is always allowed: without it IPv6 has no neighbours.
    for stage in EVAL:
        yield Flow(stage, 65532, NEIGHBOR_TALK, ALLOWED)
    if not skipped:
        # Probes of backends are the network's own.
        yield Flow(IN_EVAL, 34000, "eth.dst == $svc_monitor_mac", ALLOWED)
        yield Flow(OUT_EVAL, 34000, "eth.src == $svc_monitor_mac", ALLOWED)


def established(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What conntrack knows decides before any ACL is asked."""
    if not policy(db, switch.uuid).is_stateful:
        return
    invalid = "ct.inv || " if is_on(db, "use_ct_inv_match", True) and not is_stateless(db, switch.uuid) else ""
    for stage, related, kept in (
        (IN_EVAL, f"{ALLOWED_AS_RELATED} = 1; ", f"{ACL_PERSISTED} = 1; "),
        (OUT_EVAL, "", ""),
    ):
        # By default a connection is allowed, so one that was ended goes on once no ACL ends it any more.
        yield Flow(stage, 1, "ip && ct.est && ct_mark.blocked == 1", ALLOWED)
        yield Flow(stage, 1, "ip && !ct.est", NEXT)
        # Answers within a connection that was ended are dropped, like what conntrack makes no sense of.
        yield Flow(stage, 65532, f"{invalid}(ct.est && ct.rpl && ct_mark.blocked == 1)", f"{ACL_DROP} = 1; {NEXT}")
        # Answers need no ACL of their own,
        settled = f"{MAY_DROP} = 0; {MAY_BLOCK} = 0; " if related else ""
        redirected = f"{NETWORK_FUNCTION} = ct_label.nf; {ACL_ALLOW} = 1; "
        yield Flow(stage, 65532, "ct.est && !ct.rel && ct.rpl && ct_mark.blocked == 0", f"{settled}{related}{redirected}{NEXT}")
        # nor do errors about a connection,
        yield Flow(stage, 65532, "!ct.est && ct.rel && !ct.new && ct_mark.blocked == 0", f"{related}{redirected}ct_commit_nat;")
        # nor connections that were promised to last.
        yield Flow(stage, 65532, "ct.est && ct_mark.allow_established == 1", f"{kept}{redirected}{NEXT}")
    for known in (ALLOWED_AS_RELATED, ACL_PERSISTED):
        yield Flow(AFTER_LB_EVAL, 65532, f"{known} == 1", ALLOWED)


def verdicts(db: Engine, switch: Switch) -> Iterator[Flow]:
    """The verdict that ACLs left in registers is carried out; without one the next tier is asked."""
    asked = policy(db, switch.uuid)
    default = said(db) if is_on(db, "default_acl_drop") else NEXT
    for stage, eval_stage, last_tier in zip(ACTION, EVAL, asked.tiers):
        if not asked.has_acls:
            yield Flow(stage, 0, ALWAYS, NEXT)
            continue
        forget = FORGET + (f"{ACL_TIER} = 0; " if last_tier else "")
        yield Flow(stage, 1000, f"{ACL_ALLOW} == 1", forget + NEXT)
        yield Flow(stage, 1000, f"{ACL_DROP} == 1", forget + said(db))
        rejection = f"{forget}{TURN_AROUND}{_way_back(stage)}; }};"
        yield Flow(stage, 1000, f"{ACL_REJECT} == 1", rejection, meter=controller_meter(db, switch.uuid, "reject"))
        yield Flow(stage, 0, ALWAYS, forget + default)
        for tier in range(last_tier):
            again = f"next(pipeline={stage.pipeline},table={eval_stage.number});"
            yield Flow(stage, 500, f"{ACL_TIER} == {tier}", f"{ACL_TIER} = {tier + 1}; {again}")


def _way_back(stage: Stage) -> str:
    """A rejection goes back past the ACLs: a sender's through the way out, a receiver's by being forwarded anew."""
    if stage.pipeline == "ingress":
        return f"next(pipeline=egress,table={Stage.LS_OUT_QOS.number})"
    return f"next(pipeline=ingress,table={Stage.LS_IN_L2_LKUP.number})"
