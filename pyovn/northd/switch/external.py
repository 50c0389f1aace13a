"""External ports: machines on a physical network that a localnet port reaches; one chassis speaks for each."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Addresses
from pyovn.northd.flow import DROP, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import SwitchPort, ports_of_type, sides_towards_routers, switch_port
from pyovn.query import Engine

STAGE = Stage.LS_IN_EXTERNAL_PORT


def admission(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """What comes from the physical network with an external port's MAC is that port's."""
    if port.type != "external":
        return
    for localnet in ports_of_type(db, port.switch, "localnet"):
        for lives in port.addresses:
            match = f"inport == {quoted(localnet)} && eth.src == {lives.mac}"
            yield Flow(Stage.LS_IN_CHECK_PORT_SEC, 75, match, f"flags.localnet = 1; inport = {port.json}; next;")


def only_its_chassis(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Every chassis hears the machine, but only the one that has the port lets it reach a router."""
    wires = ports_of_type(db, port.switch, "localnet")
    if port.type != "external" or not wires:
        return
    sides = (switch_port(db, ref) for ref in sides_towards_routers(db, port.switch))
    routers = [router for side in sides if side for router in side.addresses]
    for lives in port.addresses:
        sender = f"inport == {port.json} && eth.src == {lives.mac}"
        for router in routers:
            yield from _barred_from(router, port, sender, wires[0])


def _barred_from(router: Addresses, port: SwitchPort, sender: str, localnet: str) -> Iterator[Flow]:
    elsewhere = f"!is_chassis_resident({port.json})"
    for network in router.ipv4:
        match = f"{sender} && {elsewhere} && arp.tpa == {network.address} && arp.op == 1"
        yield Flow(STAGE, 100, match, DROP, hint=port.uuid, port=localnet, desc="Drop ARP for unknown router ports")
    for network in router.ipv6:
        asked = f"nd_ns && ip6.dst == {{{network.address}, {network.solicited_node}}} && nd.target == {network.address}"
        match = f"{sender} && {elsewhere} && {asked}"
        yield Flow(STAGE, 100, match, DROP, hint=port.uuid, port=localnet, desc="Drop ND for unbound router ports")
    match = f"{sender} && eth.dst == {router.mac} && {elsewhere}"
    yield Flow(STAGE, 100, match, DROP, hint=port.uuid, port=localnet, desc="Packet does not come from a chassis resident")
