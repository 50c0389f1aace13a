"""ARP and ND responders: who asks for an address that the northbound knows is answered where it asks, and nobody else is disturbed."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.global_options import is_on
from pyovn.northd.pipeline import Stage
from pyovn.northd.settings import flag
from pyovn.northd.switch.arp_proxy import has_proxy
from pyovn.northd.topology import SwitchPort, ports_of_type, switch
from pyovn.query import Engine, query
from pyovn.schemas.nb import LogicalSwitchPort

ARP_RSP = Stage.LS_IN_ARP_RSP
SEND_BACK = "outport = inport; flags.loopback = 1; output;"


def arp_reply(mac: str, address: str) -> str:
    """Turn an ARP request into the reply that `address` is at `mac`."""
    return (
        f"eth.dst = eth.src; eth.src = {mac}; arp.op = 2; /* ARP reply */ "
        f"arp.tha = arp.sha; arp.sha = {mac}; arp.tpa = arp.spa; arp.spa = {address}; {SEND_BACK}"
    )


def nd_reply(action: str, mac: str, address: str) -> str:
    """Answer a neighbour solicitation: `address` is at `mac`; `action` is `nd_na` or, for a router, `nd_na_router`."""
    return f"{action} {{ eth.src = {mac}; ip6.src = {address}; nd.target = {address}; nd.tll = {mac}; {SEND_BACK} }};"


def arp_request(address: str) -> str:
    """Matches a broadcast ARP request for an address."""
    return f"arp.tpa == {address} && arp.op == 1 && eth.dst == ff:ff:ff:ff:ff:ff"


def solicitation(network: Network) -> str:
    """Matches a multicast neighbour solicitation for an address."""
    return f"nd_ns_mcast && ip6.dst == {network.solicited_node} && nd.target == {network.address}"


def replies(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Answer for the addresses of a port."""
    if not _is_answered_for(db, port):
        return
    meter = controller_meter(db, port.switch, "nd-na")
    nd_action = "nd_na_router" if port.is_router else "nd_na"
    # On a physical network only the chassis where the port lives answers, or every chassis would.
    where = ""
    if ports_of_type(db, port.switch, "localnet"):
        where = f" && ((flags.localnet == 1 && is_chassis_resident({port.json})) || flags.localnet == 0)"
    for lives in port.addresses:
        for network in lives.ipv4:
            asked = arp_request(network.address)
            yield from _answer(port, asked, where, arp_reply(lives.mac, network.address))
        for network in lives.ipv6:
            asked = solicitation(network)
            yield from _answer(port, asked, where, nd_reply(nd_action, lives.mac, network.address), meter)


def addressed_to_owner(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who asks the owner itself reaches it, where a proxy would answer for it."""
    if not has_proxy(db, port.switch) or not _is_answered_for(db, port):
        return
    meter = controller_meter(db, port.switch, "nd-na")
    for lives in port.addresses:
        for network in lives.ipv4:
            yield Flow(ARP_RSP, 50, f"arp.tpa == {network.address} && arp.op == 1 && eth.dst == {lives.mac}", NEXT, hint=port.uuid)
        for network in lives.ipv6:
            match = f"nd_ns && ip6.dst == {network.address} && nd.target == {network.address}"
            yield Flow(ARP_RSP, 50, match, NEXT, hint=port.uuid, meter=meter)


def _is_answered_for(db: Engine, port: SwitchPort) -> bool:
    holder = switch(db, port.switch)
    # A switch that carries VLANs does not know in which of them an address is.
    if holder is None or holder.carries_vlans or port.unknown or port.type in ("virtual", "external"):
        return False
    if port.is_vif and flag(port.options, "disable_arp_nd_rsp"):
        return False
    # By default nobody has to be there to be answered for.
    return is_on(db, "ignore_lsp_down", True) or port.type in ("router", "localport") or _is_up(db, port.uuid)


@query
def _is_up(db: Engine, ref: str) -> bool:
    row = db.get(LogicalSwitchPort, ref)
    return row is not None and row.up is True


def _answer(port: SwitchPort, asked: str, where: str, reply: str, meter: str | None = None) -> Iterator[Flow]:
    yield Flow(ARP_RSP, 50, asked + where, reply, hint=port.uuid, meter=meter)
    # The owner who asks for its own address looks for a duplicate: silence means there is none.
    yield Flow(ARP_RSP, 100, f"{asked} && inport == {port.json}", NEXT, hint=port.uuid, port=port.name)
