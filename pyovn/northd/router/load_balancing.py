"""Load balancers on routers: a connection to a VIP is sent to a backend where the router is, or at its gateway port."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import global_options
from pyovn.northd.flow import NEXT, Flow, quoted
from pyovn.northd.load_balancers import BY_ADDRESS, Balancer, OnRouters, Placed, balancer, has_vips, is_on
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import HAS_BACKEND, TRACKED_PORT, TRACKED_PROTOCOL
from pyovn.northd.router.gateway import resident
from pyovn.northd.router.nat import Nat
from pyovn.northd.router.stateless_balancing import from_backends, picked_by_hash, without_conntrack
from pyovn.northd.topology import Router
from pyovn.northd.vip_actions import Verdict, event, is_backend, kept_backends, learned, tracked, verdict
from pyovn.northd.vips import Vip
from pyovn.query import Engine

DNAT = Stage.LR_IN_DNAT
FLAG = {"skip_snat": "flags.skip_snat_for_lb = 1; ", "force_snat": "flags.force_snat_for_lb = 1; ", "": ""}
"""How a client's source is treated, and the flag that tells the stages of sources."""


def connections(db: Engine, router: Router) -> Iterator[Flow]:
    """What goes on in a connection that was balanced keeps its backend, and errors about it find their way."""
    if not has_vips(db, router.uuid):
        return
    yield Flow(Stage.LR_IN_CT_EXTRACT, 100, "ct.new && ip", f"{TRACKED_PROTOCOL} = ct_proto(); {TRACKED_PORT} = ct_tp_dst(); {NEXT}")
    for state, actions in (
        ("ct.rel && !ct.est && !ct.new && !ct.rpl", "ct_commit_nat;"),
        ("ct.est && !ct.rel && !ct.new && !ct.rpl && ct_mark.natted", NEXT),
    ):
        yield Flow(DNAT, 50, state, actions)
        for manner in ("skip_snat", "force_snat"):
            yield Flow(DNAT, 70, f"{state} && ct_mark.{manner} == 1", FLAG[manner] + actions)


def balancer_flows(db: Engine, placed: Placed) -> Iterator[Flow]:
    """What a load balancer adds to routers of its."""
    found, traits = balancer(db, placed.balancer), placed.place.traits
    if found is None:
        return
    assert isinstance(traits, OnRouters)
    for vip in found.vips:
        to_vip = f"ip && {vip.ip}.dst == {vip.seen.address}"
        if found.has("use_stateless_nat"):
            yield Flow(Stage.LR_IN_CT_EXTRACT, 120, to_vip, picked_by_hash(found, vip), hint=found.uuid)
        else:
            # Conntrack has to see what is addressed to the VIP, fragments as well.
            yield Flow(Stage.LR_IN_DEFRAG, 100, to_vip, "ct_dnat;", hint=found.uuid)
        if vip.is_variable:
            # It may be an address of the router itself.
            yield Flow(Stage.LR_IN_IP_INPUT, 100, f"{vip.ip}.dst == {vip.seen.address}", NEXT, hint=found.uuid)
        yield from _told(found, vip, traits)
        yield from _balanced(db, found, vip, traits)
        if found.affinity_s:
            yield from _kept(found, vip, _manner(found, traits))
    if found.has("skip_snat"):
        yield Flow(Stage.LR_OUT_SNAT, 120, "flags.skip_snat_for_lb == 1 && ip", NEXT)


def _manner(found: Balancer, traits: OnRouters) -> str:
    """How a client's source is treated."""
    if found.has("skip_snat"):
        return "skip_snat"
    return "force_snat" if traits.forced else ""


def _told(found: Balancer, vip: Vip, traits: OnRouters) -> Iterator[Flow]:
    told = event(found, vip)
    if told is not None:
        yield Flow(DNAT, 130, *told, hint=found.uuid, meter=traits.meters.event or None)


def not_replies(db: Engine, rule: Nat) -> Iterator[Flow]:
    """Where sources are translated to the address of a VIP, what is for the VIP must not be taken for a reply."""
    for ref in BY_ADDRESS(db, rule.external.address):
        found = balancer(db, ref) if is_on(db, ref, rule.router) else None
        for vip in found.vips if found else ():
            if found and vip.seen.address == rule.external.address:
                port = f" && {found.protocol}.dst == {vip.seen.port}" if vip.seen.port else ""
                match = f"{vip.ip} && {vip.ip}.dst == {vip.seen.address} && {found.protocol}{port}"
                yield Flow(Stage.LR_IN_UNSNAT, 120, match, NEXT, hint=found.uuid)


def _new(found: Balancer, vip: Vip) -> str:
    return f"ct.new && !ct.rel && {vip.ip} && {tracked(found, vip)}"


def _balanced(db: Engine, found: Balancer, vip: Vip, traits: OnRouters) -> Iterator[Flow]:
    decided, manner = verdict(db, found, vip, on_switch=False), _manner(found, traits)
    actions = (FLAG[manner] if decided.has_backend or decided.rejects else "") + decided.closed(manner)
    meter = traits.meters.reject or None if decided.rejects else None
    priority = 120 if vip.seen.port else 110
    if not traits.gateways:
        yield Flow(DNAT, priority, _new(found, vip), actions, hint=found.uuid, meter=meter)
    if found.has("use_stateless_nat") and len(traits.gateways) > 1:
        for port, redirect in traits.gateways:
            yield from without_conntrack(found, vip, port, redirect, meter)
        return
    for port, redirect in traits.gateways:
        # Only a refusal may be said anywhere: a backend is chosen in one place.
        central = not found.has("distributed") and (vip.backends or not found.has("reject"))
        where = f" && {resident(redirect)}" if central else ""
        yield Flow(DNAT, priority, _new(found, vip) + where, actions, hint=found.uuid, meter=meter)
        if vip.backends:
            restored = "ct_dnat_in_czone;" if global_options.is_on(db, "use_common_zone") else "ct_dnat;"
            yield from _answers_at(found, vip, (port, redirect), FLAG[manner] + NEXT if manner else restored)


def _answers_at(found: Balancer, vip: Vip, gateway: tuple[str, str], actions: str) -> Iterator[Flow]:
    """Answers of backends go to the gateway port's chassis, where the VIP is their source again."""
    match, (port, redirect) = from_backends(found, vip), gateway
    distributed = found.has("distributed")
    goes = quoted(port if distributed else redirect)
    yield Flow(Stage.LR_IN_GW_REDIRECT, 200, f"{match} && outport == {quoted(port)}", f"outport = {goes}; {NEXT}", hint=found.uuid)
    here = "" if distributed else f" && {resident(redirect)}"
    passes = f"(inport == {quoted(port)} || outport == {quoted(port)}){here}"
    yield Flow(Stage.LR_OUT_UNDNAT, 120, f"{match} && {passes}", actions, hint=found.uuid)


def _kept(found: Balancer, vip: Vip, manner: str) -> Iterator[Flow]:
    """A client's next connection goes to the backend of its last, for a while."""
    yield Flow(Stage.LR_IN_LB_AFF_CHECK, 100, _new(found, vip), f"{HAS_BACKEND} = chk_lb_aff(); {NEXT}", hint=found.uuid)
    if found.has("template"):
        # The reference takes every address beside variables for an IPv6 one here.
        vip = vip._replace(seen=vip.seen._replace(ipv6=True), backends=tuple(backend._replace(ipv6=True) for backend in vip.backends))
    for backend in kept_backends(vip):
        match, actions = learned(found, vip, backend)
        yield Flow(Stage.LR_IN_LB_AFF_LEARN, 100, match, actions, hint=found.uuid)
        chosen = f"{HAS_BACKEND} == 1 && ct.new && {vip.ip}.dst == {vip.seen.address} && {is_backend(vip, backend)}"
        decided = Verdict(f"ct_lb_mark(backends={backend}", True, False)
        yield Flow(DNAT, 150, chosen, FLAG[manner] + decided.closed(manner), hint=found.uuid)
