"""What becomes of a new connection to a VIP, on switches and routers alike: a backend, a refusal, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.backend_health import available
from pyovn.northd.flow import DROP
from pyovn.northd.load_balancers import PROTOCOL_NUMBERS, Balancer
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import HAS_BACKEND, TRACKED_PORT, TRACKED_PROTOCOL, VIP_IPV4, VIP_IPV6, VIP_PORT
from pyovn.northd.vips import PREFIX, Endpoint, Vip
from pyovn.query import Engine


class Verdict(NamedTuple):
    """What becomes of a new connection."""

    actions: str
    """`actions` ends before the closing parenthesis if there is a backend, so that a router can add how sources are treated."""
    has_backend: bool
    rejects: bool

    def closed(self, manner: str = "") -> str:
        """The whole actions; `manner`: `skip_snat` or `force_snat` on a router that does so."""
        if not self.has_backend:
            return self.actions
        return f"{self.actions}; {manner});" if manner else f"{self.actions});"


def verdict(db: Engine, balancer: Balancer, vip: Vip, *, on_switch: bool) -> Verdict:
    """What becomes of a new connection to a VIP."""
    backends = available(db, balancer, vip)
    if not backends:
        if not balancer.has("reject"):
            return Verdict(DROP, False, False)
        stage = Stage.LS_OUT_QOS if on_switch else Stage.LR_OUT_SNAT
        refusal = f"reg0 = 0; reject {{ outport <-> inport; next(pipeline=egress,table={stage.number});}};"
        return Verdict(refusal, False, True)
    # A switch must know the VIP when a client turns out to be its own backend; affinity is kept by VIP.
    known = remembered(vip) if on_switch or balancer.affinity_s else ""
    action = "ct_lb_mark_local" if balancer.has("distributed") else "ct_lb_mark"
    fields = f'; hash_fields="{balancer.hash_fields}"' if balancer.hash_fields else ""
    return Verdict(f"{known}{action}(backends={backends}{fields}", True, False)


def register_of(vip: Vip) -> str:
    """The register for an address of the VIP's family."""
    return VIP_IPV6 if vip.seen.is_ipv6 else VIP_IPV4


def remembered(vip: Vip) -> str:
    """Keeps the VIP in registers."""
    port = f"{VIP_PORT} = {vip.seen.port}; " if vip.seen.port else ""
    return f"{register_of(vip)} = {vip.seen.address}; {port}"


def addressed(balancer: Balancer, vip: Vip) -> str:
    """Matches what is addressed to a VIP, by the packet's own headers."""
    port = f" && {balancer.protocol}.dst == {vip.seen.port}" if vip.seen.port else ""
    return f"{vip.ip}.dst == {vip.seen.address}{port}"


def tracked(balancer: Balancer, vip: Vip) -> str:
    """Matches what is addressed to a VIP, its port as conntrack knows it."""
    port = f" && {TRACKED_PROTOCOL} == {PROTOCOL_NUMBERS[balancer.protocol]} && {TRACKED_PORT} == {vip.seen.port}"
    return f"{vip.ip}.dst == {vip.seen.address}{port if vip.seen.port else ''}"


def event(balancer: Balancer, vip: Vip) -> tuple[str, str] | None:
    """Match and actions that tell the owner of a client of a VIP without backends; None if nobody asked to be told."""
    if not balancer.has("event") or vip.backends or balancer.has("reject"):
        return None
    match = f"{vip.ip}.dst == {vip.seen.address} && {balancer.protocol}"
    if vip.seen.port:
        match += f" && {balancer.protocol}.dst == {vip.seen.port}"
    facts = f'vip = "{vip.seen}", protocol = "{balancer.protocol}", load_balancer = "{balancer.uuid}"'
    return match, f'trigger_event(event = "empty_lb_backends", {facts});'


def is_backend(vip: Vip, backend: Endpoint) -> str:
    """Matches the backend that registers name."""
    port = f" && {VIP_PORT} == {backend.port}" if backend.port else ""
    return f"{register_of(vip)} == {backend.address}{port}"


def kept_backends(vip: Vip) -> Iterator[Endpoint]:
    """The backends that a client may keep, as flows about that name them: a variable by itself, for it may have a port in it."""
    for backend in vip.backends:
        yield backend._replace(port=0) if backend.address.startswith(PREFIX) else backend


def learned(found: Balancer, vip: Vip, backend: Endpoint) -> tuple[str, str]:
    """Match and actions that remember a client's backend."""
    seen_port = f" && {VIP_PORT} == {vip.seen.port}" if vip.seen.port else ""
    backend_port = f" && {found.protocol}.dst == {backend.port}" if backend.port else ""
    asked = f"{register_of(vip)} == {vip.seen.address}{seen_port}"
    match = f"{HAS_BACKEND} == 0 && ct.new && {vip.ip} && {asked} && {vip.ip}.dst == {backend.address}{backend_port}"
    protocol = f", proto = {found.protocol}" if vip.seen.port else ""
    facts = f'vip = "{vip.seen}", backend = "{backend}"{protocol}, timeout = {found.affinity_s}'
    return match, f"commit_lb_aff({facts}); /* drop */"
