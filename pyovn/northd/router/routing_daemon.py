"""A routing daemon beside a router (`routing-protocol-redirect`): a machine on the port's switch speaks BGP and BFD in the port's name."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import bfd
from pyovn.northd.addresses import Network
from pyovn.northd.flow import NEXT, OUTPUT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import PORT_SEC_DROP
from pyovn.northd.topology import RouterPort, SwitchPort, switch_port
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPort

PROTOCOLS = {"BGP": "tcp.{side} == 179", "BFD": f"udp.{{side}} == {bfd.PORT}"}
"""What may be redirected: matches of a protocol's packets, with the server's `side` left open."""
LOOKUP = Stage.LS_IN_L2_LKUP


def protocols(port: RouterPort) -> tuple[str, ...]:
    """The protocols that a port leaves to the daemon."""
    said = port.options.get("routing-protocols", "").split(",")
    return tuple(name for name in PROTOCOLS if name in said)


def daemon(db: Engine, port: RouterPort) -> SwitchPort | None:
    """The machine that speaks for a port: it must be on the port's switch."""
    side = switch_port(db, port.peer) if port.peer else None
    found = db.find(LogicalSwitchPort, "name", port.options.get("routing-protocol-redirect", "")) if side else ()
    machine = switch_port(db, found[0]) if found else None
    return machine if side and machine and machine.switch == side.switch else None


def redirection(db: Engine, port: RouterPort) -> Iterator[tuple[str, Flow]]:
    """The daemon hears what is for the port, and does not answer for its addresses; yields the switch with each flow."""
    machine = daemon(db, port) if "routing-protocol-redirect" in port.options and protocols(port) else None
    side = switch_port(db, port.peer) if port.peer else None
    if machine is None or side is None:
        return
    to_daemon = f"outport = {machine.json}; {OUTPUT}"
    both = f"clone {{ outport = {machine.json}; output; }}; outport = {side.json}; {OUTPUT}"
    for network in port.ipv4 + port.ipv6:
        for name in protocols(port):
            # Sessions of the chassis itself go on.
            actions = both if name == "BFD" and bfd.is_run(db, port.name) else to_daemon
            for end in ("dst", "src"):
                yield side.switch, Flow(LOOKUP, 100, f"{_for(network)} && {PROTOCOLS[name].format(side=end)}", actions)
        heard = f"{_for(network)} && nd_na" if network.is_ipv6 else f"arp.op == 2 && arp.tpa == {network.address}"
        yield side.switch, Flow(LOOKUP, 100, heard, both)
    for answer in ("arp.op == 2", "nd_na", "nd_ra"):
        match = f"inport == {quoted(machine.name)} && {answer}"
        yield side.switch, Flow(Stage.LS_IN_CHECK_PORT_SEC, 80, match, f"{PORT_SEC_DROP} = 1; {NEXT}")


def _for(network: Network) -> str:
    return f"ip{6 if network.is_ipv6 else 4}.dst == {network.address}"
