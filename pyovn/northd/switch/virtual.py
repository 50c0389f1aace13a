"""Virtual ports: an address that moves between ports; the one that speaks for it last has it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import SwitchPort, switch_port
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPort


def bindings(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who claims the address, unasked or when asked for it, gets the port."""
    address = virtual_ip(port)
    for parent in parents(db, port) if address else ():
        assert address is not None
        match = f"inport == {parent.json} && ({_claims(address)})"
        actions = f"bind_vport({port.json}, inport); {NEXT}"
        yield Flow(Stage.LS_IN_ARP_RSP, 100, match, actions, hint=parent.uuid, port=parent.name)


def virtual_ip(port: SwitchPort) -> Network | None:
    """The address of a virtual port; None if it is none, or the port is of another type."""
    text = port.options.get("virtual-ip", "") if port.type == "virtual" else ""
    return parse_network(text) if "/" not in text else None


def parents(db: Engine, port: SwitchPort) -> Iterator[SwitchPort]:
    """The ports that may have it: those of its switch among the names that it gives."""
    for name in port.options.get("virtual-parents", "").split(","):
        for ref in db.find(LogicalSwitchPort, "name", name) if name else ():
            parent = switch_port(db, ref)
            if parent is not None and parent.switch == port.switch:
                yield parent


def _claims(address: Network) -> str:
    ip = address.address
    if address.is_ipv6:
        return f"(nd_ns && ip6.dst == {{{ip}, {address.solicited_node}}} && nd.target == {ip}) ||(nd_na && nd.target == {ip})"
    return f"(arp.op == 1 && arp.spa == {ip} && arp.tpa == {ip}) || (arp.op == 2 && arp.spa == {ip})"
