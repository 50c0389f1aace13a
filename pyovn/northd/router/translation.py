"""NAT: addresses inside become addresses outside and back, on a gateway router or at a distributed gateway port."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.global_options import is_on
from pyovn.northd.load_balancers import has_vips
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import DESTINATION_IS_HERE, EGRESS_LOOPBACK, SOURCE_IPV4, SOURCE_IPV6
from pyovn.northd.router.committing import commits_all, names_zones
from pyovn.northd.router.force_snat import forced_addresses
from pyovn.northd.router.gateway import resident
from pyovn.northd.router.nat import Nat, translates
from pyovn.northd.settings import flag
from pyovn.northd.topology import Router, gateway_chassis, has_gateway_port, router
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPort

NOT_A_REPLY = " && (!ct.trk || !ct.rpl)"
CONDITIONAL = 300
"""Translations with a condition of their own come before all others, by the priority they name."""
TURNED_HERE = "flags.use_snat_zone"
AT_GATEWAY_PORT = 128
"""Translations at a distributed gateway port come before those of a gateway router."""


def tracking(db: Engine, router: Router) -> Iterator[Flow]:
    """On a gateway router everything goes through conntrack on the way out, so that replies are recognised."""
    if gateway_chassis(db, router.uuid) and (translates(db, router.uuid) or has_vips(db, router.uuid)):
        # Neighbour discovery is no part of a connection.
        yield Flow(Stage.LR_OUT_UNDNAT, 100, "nd || nd_rs || nd_ra", NEXT)
        yield Flow(Stage.LR_OUT_UNDNAT, 50, "ip", "flags.loopback = 1; ct_dnat;")
        if not commits_all(db, router.uuid):
            yield Flow(Stage.LR_OUT_POST_UNDNAT, 50, "ip && ct.new", f"ct_commit {{ }} ; {NEXT} ")


def uses_common_zone(db: Engine, nat: Nat) -> bool:
    """Sources and destinations are translated in one zone of conntrack: not on a gateway router, whose packets pass both."""
    return nat.port is not None and is_on(db, "use_common_zone")


def _comes_in(nat: Nat) -> str:
    """The end of a match for packets from outside."""
    if nat.port is None:
        return ""
    return f" && inport == {nat.port.json}" + ("" if nat.mac else f" && {resident(nat.place)}")


def _goes_out(nat: Nat, *, distributed_too: bool) -> str:
    """The end of a match for packets to the outside; what a distributed translation sends is recognised by its source."""
    if nat.port is None:
        return ""
    where = f" && {resident(nat.place)}" if distributed_too or not nat.mac else ""
    return f" && outport == {nat.port.json}{where}"


def _condition(nat: Nat) -> str:
    return f" && ({nat.match})" if nat.match else ""


def _only_with(nat: Nat, field: str) -> str:
    return f" && {nat.ip}.{field} == ${nat.allowed}" if nat.allowed and not nat.exempted else ""


def restored_destinations(db: Engine, nat: Nat) -> Iterator[Flow]:
    """Replies to who was translated get their destination back."""
    if nat.translates_sources:
        match = f"ip && {nat.ip}.dst == {nat.external.address}{_comes_in(nat)}"
        priority = 100 if nat.port else 90
        if uses_common_zone(db, nat) and not nat.stateless:
            yield Flow(Stage.LR_IN_UNSNAT, priority, f"{match} && flags.loopback == 0", "ct_snat_in_czone;", hint=nat.uuid)
            # What came back in was translated in the zone of sources.
            yield Flow(Stage.LR_IN_UNSNAT, priority, f"{match} && flags.loopback == 1 && {TURNED_HERE} == 1", "ct_snat;", hint=nat.uuid)
            return
        yield Flow(Stage.LR_IN_UNSNAT, priority, match, NEXT if nat.stateless else "ct_snat;", hint=nat.uuid)


def destinations(db: Engine, nat: Nat) -> Iterator[Flow]:
    """What is sent to the external address goes to the machine inside."""
    if not nat.translates_destinations:
        return
    priority = CONDITIONAL + nat.priority if nat.match else 100
    match = f"ip && {nat.ip}.dst == {nat.external.address}{_comes_in(nat)}"
    if nat.exempted:
        yield Flow(Stage.LR_IN_DNAT, priority + 2, f"{match} && {nat.ip}.src == ${nat.exempted}", NEXT, hint=nat.uuid)
    prefix = "" if nat.port else f"{_forced(db, nat)}flags.loopback = 1; "
    if nat.stateless:
        actions = f"{nat.ip}.dst={nat.internal.address}; {NEXT}"
    else:
        zone = "_in_czone" if uses_common_zone(db, nat) else ""
        actions = f"ct_dnat{zone}({_target(nat.internal.address, nat)});"
    yield Flow(Stage.LR_IN_DNAT, priority, f"{match}{_only_with(nat, 'src')}{_condition(nat)}", prefix + actions, hint=nat.uuid)


def _forced(db: Engine, nat: Nat) -> str:
    """Whose destination was translated gets its source translated too, if the router's owner asks for that."""
    return "flags.force_snat_for_dnat = 1; " if forced_addresses(db, nat.router, "dnat") else ""


def _target(address: str, nat: Nat) -> str:
    return f"{address},{nat.port_range}" if nat.port_range else address


def restored_sources(db: Engine, nat: Nat) -> Iterator[Flow]:
    """Replies from the machine inside get the external address back; a gateway router does that for all at once."""
    if nat.port is not None and nat.translates_destinations:
        match = f"ip && {nat.ip}.src == {nat.internal.address}{_goes_out(nat, distributed_too=False)}"
        restored = "ct_dnat_in_czone;" if uses_common_zone(db, nat) else "ct_dnat;"
        actions = _as_own_mac(nat) + (NEXT if nat.stateless else restored)
        yield Flow(Stage.LR_OUT_UNDNAT, 100, match, actions, hint=nat.uuid)


def _as_own_mac(nat: Nat) -> str:
    return f"eth.src = {nat.mac}; " if nat.mac else ""


def _inside(nat: Nat) -> str:
    whole = nat.internal.prefix == (128 if nat.internal.is_ipv6 else 32)
    return nat.internal.address if whole else nat.internal.cidr


def source_priority(nat: Nat) -> int:
    """The smaller network first; at a gateway port before all of a gateway router; with a condition, as the row says."""
    if nat.match:
        return CONDITIONAL + nat.priority
    return nat.internal.prefix + 1 + (AT_GATEWAY_PORT if nat.port else 0)


def sources(db: Engine, nat: Nat) -> Iterator[Flow]:
    """What a machine or network inside sends to the outside appears to come from the external address; the smaller network first."""
    if not nat.translates_sources:
        return
    priority = source_priority(nat)
    match = f"ip && {nat.ip}.src == {_inside(nat)}{_goes_out(nat, distributed_too=True)}"
    if nat.exempted:
        yield Flow(Stage.LR_OUT_SNAT, priority + 2, f"{match} && {nat.ip}.dst == ${nat.exempted}", NEXT, hint=nat.uuid)
    match += _only_with(nat, "dst") + _condition(nat)
    if nat.stateless:
        actions = f"{nat.ip}.src={nat.external.address}; {NEXT}"
    else:
        match += NOT_A_REPLY
        source = _target(nat.external.address, nat)
        actions = f"ct_snat({source});"
        if uses_common_zone(db, nat):
            turned = f"{_as_own_mac(nat)}{DESTINATION_IS_HERE} = 0; {actions}"
            yield Flow(Stage.LR_OUT_SNAT, priority + 1, f"{match} && {DESTINATION_IS_HERE} == 1", turned, hint=nat.uuid)
            actions = f"ct_snat_in_czone({source});"
    yield Flow(Stage.LR_OUT_SNAT, priority, match, _as_own_mac(nat) + actions, hint=nat.uuid)


def tracked(db: Engine, nat: Nat) -> Iterator[Flow]:
    """Connections of machines behind a translation at a gateway port, from either side, are in a zone: whether they are new decides.

    Those from inside are translated unless they answer one from outside, which is not.
    """
    if nat.port is None or nat.stateless or not nat.translates_sources or uses_common_zone(db, nat):
        return
    facts = router(db, nat.router)
    if not names_zones(db) or facts is None or flag(facts.options, "ct-commit-all"):
        return
    zone, more = ("snat", 0) if nat.kind == "snat" else ("dnat", 5)
    outwards = f"ip && {nat.ip}.src == {_inside(nat)}{_goes_out(nat, distributed_too=True)}{_only_with(nat, 'dst')}{_condition(nat)}"
    yield Flow(Stage.LR_OUT_POST_UNDNAT, 70 + more, outwards + NOT_A_REPLY, f"ct_next({zone});")
    inwards = f"ip && {nat.ip}.dst == {_inside(nat)} && inport == {nat.port.json} && {resident(nat.place)}"
    if nat.exempted:
        exempted = (CONDITIONAL + nat.priority if nat.match else 100) + 2
        yield Flow(Stage.LR_IN_DNAT, exempted, f"{inwards} && {nat.ip}.src == ${nat.exempted}", NEXT, hint=nat.uuid)
    inwards += _only_with(nat, "src") + _condition(nat)
    priority = source_priority(nat) + more
    yield Flow(Stage.LR_OUT_SNAT, priority, inwards + NOT_A_REPLY, f"ct_{zone};")
    yield Flow(Stage.LR_OUT_POST_SNAT, priority, f"{inwards} && ct.new", f"ct_commit_to_zone({zone});")


def local_destinations(db: Engine, nat: Nat) -> Iterator[Flow]:
    """With a common zone: where the destination's translation is carried out on this chassis too, it needs the other zone."""
    if nat.port is not None and is_on(db, "use_common_zone"):
        match = f"ip && {nat.ip}.dst == {nat.external.address} && {resident(nat.place)}"
        yield Flow(Stage.LR_OUT_CHK_DNAT_LOCAL, 50, match, f"{DESTINATION_IS_HERE} = 1; {NEXT}", hint=nat.uuid)


def translated_before(db: Engine, router: Router) -> Iterator[Flow]:
    """With a common zone: what was translated on its way in was translated here."""
    placed = gateway_chassis(db, router.uuid) or has_gateway_port(db, router.uuid)
    if placed and is_on(db, "use_common_zone") and translates(db, router.uuid):
        actions = f"{DESTINATION_IS_HERE} = 1; {NEXT}"
        yield Flow(Stage.LR_OUT_CHK_DNAT_LOCAL, 50, "ip && ct_mark.natted == 1", actions, hint=router.uuid)


def hairpin(db: Engine, nat: Nat) -> Iterator[Flow]:
    """What one translated address sends to another has left by the gateway port: it comes back in as if from outside."""
    if nat.port is None:
        return
    match = f"{nat.ip}.dst == {nat.external.address} && outport == {nat.port.json} && {resident(nat.place)}"
    turned = f"{TURNED_HERE} = {DESTINATION_IS_HERE}; " if is_on(db, "use_common_zone") else ""
    forget = "".join(f"reg{number} = 0; " for number in range(10))
    again = (
        'clone { ct_clear; inport = outport; outport = ""; eth.dst <-> eth.src; flags = 0; flags.loopback = 1; '
        f"{turned}{forget}{EGRESS_LOOPBACK} = 1; next(pipeline=ingress, table={Stage.LR_IN_ADMISSION.number}); }};"
    )
    yield Flow(Stage.LR_OUT_EGR_LOOP, 100, match, again, hint=nat.uuid)


def without_detour(db: Engine, nat: Nat) -> Iterator[Flow]:
    """What a distributed translation sends leaves where its machine is, not by the gateway's chassis."""
    if nat.port is not None and nat.mac:
        leaves = f"{nat.ip}.src == {nat.internal.address} && outport == {nat.port.json}"
        found = db.find(LogicalSwitchPort, "name", nat.place)
        machine = db.get(LogicalSwitchPort, found[0]) if found else None
        if machine is not None and machine.type == "virtual":
            # As long as nobody has the address, the gateway's chassis must not speak for it either: the wire would learn it there.
            yield Flow(Stage.LR_IN_GW_REDIRECT, 80, leaves, DROP, hint=nat.uuid)
        match = f"{leaves} && {resident(nat.place)}"
        register = SOURCE_IPV6 if nat.external.is_ipv6 else SOURCE_IPV4
        actions = f"eth.src = {nat.mac}; {register} = {nat.external.address}; {NEXT}"
        yield Flow(Stage.LR_IN_GW_REDIRECT, 100, match, actions, hint=nat.uuid)
