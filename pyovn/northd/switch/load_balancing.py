"""Load balancers on switches: a client's connection to a VIP is sent to a backend where the client is."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import parse_network
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.load_balancers import Balancer, Meters, OnSwitches, Placed, balancer
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import (
    ACL_STATELESS,
    HAIRPIN,
    HAIRPIN_REPLY,
    HAS_BACKEND,
    IS_FRAGMENT,
    NAT_WANTED,
    TRACKED_PORT,
    TRACKED_PROTOCOL,
    VIP_IPV4,
    VIP_IPV6,
    VIP_PORT,
)
from pyovn.northd.switch.acl_policy import policy
from pyovn.northd.topology import Switch
from pyovn.northd.vip_actions import addressed, event, is_backend, kept_backends, learned, remembered, tracked, verdict
from pyovn.northd.vips import Vip
from pyovn.query import Engine

LB = Stage.LS_IN_LB
PRE_STATEFUL = Stage.LS_IN_PRE_STATEFUL
IN_REQUESTS = "ct.trk && ct.est && !ct.rpl"


def connections(db: Engine, switch: Switch) -> Iterator[Flow]:
    """A switch with a VIP lets conntrack see every packet: an answer that conntrack finds wrong must not reach the client as it is."""
    if not policy(db, switch.uuid).has_vips:
        return
    for stage in (Stage.LS_IN_PRE_LB, Stage.LS_OUT_PRE_LB):
        yield Flow(stage, 100, "ip", f"{NAT_WANTED} = 1; {NEXT}")
    # The port is kept for fragments, which have none.
    extract = f"{TRACKED_PROTOCOL} = ct_proto(); {TRACKED_PORT} = ct_tp_dst(); {NEXT}"
    yield Flow(Stage.LS_IN_CT_EXTRACT, 100, "ct.new && ip", extract)
    for ip, register, field in (("ip4", VIP_IPV4, "ct_nw_dst"), ("ip6", VIP_IPV6, "ct_ip6_dst")):
        kept = f"{register} = {field}(); {VIP_PORT} = ct_tp_dst(); {NEXT}"
        yield Flow(LB, 110, f"{IN_REQUESTS} && {IS_FRAGMENT} == 1 && {ip}", kept)


def hairpins(db: Engine, switch: Switch) -> Iterator[Flow]:
    """A client that is its own backend must not see its own address as the source: it becomes the VIP, and back."""
    if not policy(db, switch.uuid).has_vips:
        return
    hint = switch.uuid
    asked = f"{HAIRPIN} = chk_lb_hairpin(); {HAIRPIN_REPLY} = chk_lb_hairpin_reply(); {NEXT}"
    yield Flow(Stage.LS_IN_PRE_HAIRPIN, 100, "ip && ct.trk", asked, hint=hint)
    yield Flow(Stage.LS_IN_NAT_HAIRPIN, 100, f"ip && ct.new && ct.trk && {HAIRPIN} == 1", f"ct_snat_to_vip; {NEXT}", hint=hint)
    yield Flow(Stage.LS_IN_NAT_HAIRPIN, 100, f"ip && ct.est && ct.trk && {HAIRPIN} == 1", "ct_snat;", hint=hint)
    yield Flow(Stage.LS_IN_NAT_HAIRPIN, 90, f"ip && {HAIRPIN_REPLY} == 1", "ct_snat;", hint=hint)
    back = "eth.dst <-> eth.src; outport = inport; flags.loopback = 1; output;"
    yield Flow(Stage.LS_IN_HAIRPIN, 1, f"({HAIRPIN} == 1 || {HAIRPIN_REPLY} == 1)", back)


def balancer_flows(db: Engine, placed: Placed) -> Iterator[Flow]:
    """What a load balancer adds to switches of its."""
    found, traits = balancer(db, placed.balancer), placed.place.traits
    if found is None:
        return
    assert isinstance(traits, OnSwitches)
    for vip in found.vips:
        yield from _told(found, vip, traits.meters)
        yield from _tracked(found, vip)
        if traits.stateless:
            yield from _tracked_though_stateless(found, vip)
        yield from _balanced(db, found, vip, traits.meters)
        if found.affinity_s:
            yield from _kept(found, vip)
    if traits.stateless:
        # Stateless ACLs would keep answers from conntrack, which has to undo the translation.
        yield Flow(Stage.LS_OUT_PRE_LB, 115, f"{ACL_STATELESS} == 1", f"{NAT_WANTED} = 1; {NEXT}")
        yield Flow(Stage.LS_OUT_STATEFUL, 110, f"{ACL_STATELESS} == 1 && ct.new", NEXT)


def _told(found: Balancer, vip: Vip, meters: Meters) -> Iterator[Flow]:
    told = event(found, vip)
    if told is not None:
        meter = meters.event or None
        yield Flow(Stage.LS_IN_PRE_LB, 130, *told, hint=found.uuid, meter=meter)


def _tracked(found: Balancer, vip: Vip) -> Iterator[Flow]:
    """The VIP is kept before conntrack turns it into the backend."""
    match = f"{NAT_WANTED} == 1 && {addressed(found, vip)}"
    yield Flow(PRE_STATEFUL, 120, match, f"{remembered(vip)}ct_lb_mark;", hint=found.uuid)


def _tracked_though_stateless(found: Balancer, vip: Vip) -> Iterator[Flow]:
    """What stateless ACLs kept from conntrack is tracked nevertheless if it is for a VIP, or comes back to one."""
    yield Flow(PRE_STATEFUL, 150, addressed(found, vip), f"{remembered(vip)}ct_lb_mark;")
    own = parse_network(found.options.get("hairpin_snat_ip", ""))
    address = own.address if own and own.is_host and not own.is_ipv6 else ""
    if address or vip.seen.port:
        yield Flow(PRE_STATEFUL, 105, f"{found.protocol} && {vip.ip}.dst == {address or vip.seen.address}", "ct_lb_mark;")


def _balanced(db: Engine, found: Balancer, vip: Vip, meters: Meters) -> Iterator[Flow]:
    decided = verdict(db, found, vip, on_switch=True)
    meter = meters.reject or None if decided.rejects else None
    # A VIP with a port is more than one without.
    yield Flow(LB, 120 if vip.seen.port else 110, f"ct.new && {tracked(found, vip)}", decided.closed(), hint=found.uuid, meter=meter)


def _kept(found: Balancer, vip: Vip) -> Iterator[Flow]:
    """A client's next connection goes to the backend of its last, for a while."""
    check = f"ct.new && {vip.ip} && {tracked(found, vip)}"
    yield Flow(Stage.LS_IN_LB_AFF_CHECK, 100, check, f"{HAS_BACKEND} = chk_lb_aff(); {NEXT}", hint=found.uuid)
    for backend in kept_backends(vip):
        match, actions = learned(found, vip, backend)
        yield Flow(Stage.LS_IN_LB_AFF_LEARN, 100, match, actions, hint=found.uuid)
        chosen = f"{HAS_BACKEND} == 1 && ct.new && {vip.ip}.dst == {vip.seen.address} && {is_backend(vip, backend)}"
        yield Flow(LB, 150, chosen, f"{remembered(vip)}ct_lb_mark(backends={backend});", hint=found.uuid)
