"""Load balancers without conntrack (`use_stateless_nat`): a hash picks the backend, the same at each of several gateway ports.

A client's packets may come by one gateway port and its answers leave by another: what one chassis tracks, the other does not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import NEXT, Flow, quoted
from pyovn.northd.load_balancers import Balancer
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import BACKEND_INDEX
from pyovn.northd.router.gateway import resident
from pyovn.northd.vips import Vip


def from_backends(found: Balancer, vip: Vip) -> str:
    """Matches what backends of a VIP send."""
    sources = []
    for backend in vip.backends:
        from_port = f" && {found.protocol}.src == {backend.port}" if backend.port else ""
        sources.append(f"({vip.ip}.src == {backend.address}{from_port})")
    return f"{vip.ip} && ({' || '.join(sources)})"


def picked_by_hash(found: Balancer, vip: Vip) -> str:
    """The action that picks a backend."""
    if len(vip.backends) < 2:
        return NEXT
    numbers = ",".join(str(number) for number in range(len(vip.backends)))
    chosen = f'values=({numbers}); hash_fields="{found.hash_fields}"' if found.hash_fields else numbers
    return f"{BACKEND_INDEX} = select({chosen});"


def without_conntrack(found: Balancer, vip: Vip, port: str, redirect: str, meter: str | None) -> Iterator[Flow]:
    """What becomes of packets to a VIP, and of answers, at one of several gateway ports: by the names of its halves."""
    here = resident(redirect) if vip.backends or not found.has("reject") else ""
    to_vip = f"{here} && {vip.ip} && {vip.ip}.dst == {vip.seen.address}"
    if vip.seen.port:
        to_vip += f" && {found.protocol} && {found.protocol}.dst == {vip.seen.port}"
    for number, backend in enumerate(vip.backends):
        picked = f" && {BACKEND_INDEX} == {number}" if len(vip.backends) > 1 else ""
        to_port = f"{found.protocol}.dst = {backend.port}; " if vip.seen.port else ""
        actions = f"{vip.ip}.dst = {backend.address}; {to_port}{NEXT}"
        yield Flow(Stage.LR_IN_DNAT, 120 if vip.seen.port else 110, to_vip + picked, actions, hint=found.uuid, meter=meter)
    if vip.backends:
        yield from _answers(found, vip, quoted(port), redirect)


def _answers(found: Balancer, vip: Vip, port: str, redirect: str) -> Iterator[Flow]:
    match = from_backends(found, vip)
    central = f"outport = {quoted(redirect)}; {NEXT}"
    yield Flow(Stage.LR_IN_GW_REDIRECT, 200, f"{match} && outport == {port}", central, hint=found.uuid)
    passes = f"{match} && (inport == {port} || outport == {port}) && {resident(redirect)} && {found.protocol}"
    yield Flow(Stage.LR_OUT_UNDNAT, 120, passes, NEXT, hint=found.uuid)
    from_port = f"{found.protocol}.src = {vip.seen.port}; " if vip.seen.port else ""
    yield Flow(Stage.LR_OUT_SNAT, 160, passes, f"{vip.ip}.src = {vip.seen.address}; {from_port}{NEXT}", hint=found.uuid)
