"""Port security: a port sends from and receives for its own addresses only, and what no logical network carries is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import ALWAYS, DROP, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import PORT_SEC_DROP
from pyovn.northd.switch.defaults import TOO_BIG, TOO_BIG_V6
from pyovn.northd.topology import Switch, SwitchPort, gateway_chassis, router_port
from pyovn.query import Engine

CHECK, APPLY = Stage.LS_IN_CHECK_PORT_SEC, Stage.LS_IN_APPLY_PORT_SEC
CHECK_OUT, APPLY_OUT = Stage.LS_OUT_CHECK_PORT_SEC, Stage.LS_OUT_APPLY_PORT_SEC

UNDERLAY_TOO_BIG = f"({TOO_BIG} || {TOO_BIG_V6})"


def switch_port_security(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What holds for every packet that enters or leaves the switch."""
    # An error from the underlay is for a port that the flows of ports below know.
    yield Flow(CHECK, 105, f"{UNDERLAY_TOO_BIG} && flags.tunnel_rx == 1", DROP, desc="ICMP: packet too big")
    # A logical network has no VLANs, and nobody sends from a multicast address.
    if not switch.carries_vlans:
        yield Flow(CHECK, 100, "vlan.present", DROP, desc="VLANs blocked due to vlan-passthru option")
    yield Flow(CHECK, 100, "eth.src[40]", DROP, desc="Incoming Broadcast/multicast sourceaddress is invalid")
    # The chassis knows the addresses of its ports.
    yield Flow(CHECK, 50, ALWAYS, f"{PORT_SEC_DROP} = check_in_port_sec(); next;")
    yield Flow(APPLY, 50, f"{PORT_SEC_DROP} == 1", DROP, desc="Broadcast/multicast port security invalid")
    # Everyone may receive what is meant for a group.
    yield Flow(CHECK_OUT, 100, "eth.mcast", f"{PORT_SEC_DROP} = 0; next;")
    yield Flow(CHECK_OUT, 0, ALWAYS, f"{PORT_SEC_DROP} = check_out_port_sec(); next;")
    yield Flow(APPLY_OUT, 50, f"{PORT_SEC_DROP} == 1", DROP, desc="Packet does not follow port security rules")
    yield Flow(APPLY_OUT, 0, ALWAYS, "output;")


def port_admission(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """A disabled port sends nothing."""
    if not port.enabled and port.type != "external":
        yield Flow(CHECK, 100, f"inport == {port.json}", f"{PORT_SEC_DROP} = 1; next;", hint=port.uuid, port=port.name)


def too_big_turned_around(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """An error about a packet too big for a tunnel comes back from the underlay as if its receiver had sent it: turn it to the sender."""
    if port.is_router:
        yield from _turned_to_router(db, port)
    else:
        for lives in port.addresses:
            here = f"eth.src == {lives.mac} && outport == {port.json} && !is_chassis_resident({port.json})"
            yield Flow(CHECK, 110, f"{UNDERLAY_TOO_BIG} && {here} && flags.tunnel_rx == 1", "outport <-> inport; next;")


def _turned_to_router(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    peer = router_port(db, port.peer) if port.peer else None
    if peer is None:
        return
    if gateway_chassis(db, peer.router):
        # A gateway router is on another chassis: its packets come through the tunnel like a machine's.
        match = f"{UNDERLAY_TOO_BIG} && eth.src == {peer.mac} && outport == {port.json} && flags.tunnel_rx == 1"
        yield Flow(CHECK, 120, match, "outport <-> inport; next;")
    else:
        match = f"{UNDERLAY_TOO_BIG} && eth.dst == {peer.mac} && flags.tunnel_rx == 1"
        yield Flow(CHECK, 120, match, f"outport <-> inport; next(pipeline=ingress,table={Stage.LS_IN_L2_LKUP.number});")
