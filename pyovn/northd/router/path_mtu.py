"""Path MTU discovery: who sends more than a port's network takes (`gateway_mtu`) is told how much it takes (RFC 1191, RFC 8201)."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.chassis_features import COMMIT_NAT_V2, STATE_SAVED, everywhere
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import EGRESS_LOOPBACK, PACKET_TOO_LARGE, SAVED_STATE
from pyovn.northd.router.nat import Nat
from pyovn.northd.router.static_routes import router_ports
from pyovn.northd.topology import RouterPort, ports_of_type, switch_port
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPort

ETHERNET_HEADER, VLAN_TAG = 14, 4
"""Octets of a frame."""
TOO_LARGE = f"{PACKET_TOO_LARGE} && {EGRESS_LOOPBACK} == 0"
MARKED = f"{EGRESS_LOOPBACK} = 1; {PACKET_TOO_LARGE} = 0; "
def _is_translated_reply(db: Engine) -> str:
    """Matches packets back to who was translated: as conntrack says now, or said when the packet was measured."""
    return "reg4[5] && reg4[3] && reg4[7]" if everywhere(db, STATE_SAVED) else "ct.trk && ct.rpl && ct.dnat"




def mtu_of(port: RouterPort) -> int:
    """The largest packet that the port's network takes; 0 if nobody has said."""
    text = port.options.get("gateway_mtu", "")
    return int(text) if text.isdecimal() else 0


def measuring(db: Engine, port: RouterPort) -> str:
    """An action that notes whether the packet is too large for the port; nothing if the port takes any."""
    mtu = mtu_of(port)
    return f"{PACKET_TOO_LARGE} = check_pkt_larger({mtu + _header(db, port)}); " if mtu else ""


def _header(db: Engine, port: RouterPort) -> int:
    """Octets of a frame that are none of the packet: more where the switch's physical network is a VLAN."""
    side = switch_port(db, port.peer) if port.peer else None
    for name in ports_of_type(db, side.switch, "localnet") if side else ():
        rows = (db.get(LogicalSwitchPort, ref) for ref in db.find(LogicalSwitchPort, "name", name))
        if any(row is not None and row.tag_request is not None and (row.tag_request or row.parent_name) for row in rows):
            return ETHERNET_HEADER + VLAN_TAG
    return ETHERNET_HEADER


def unmeasured(port: RouterPort) -> str:
    """Matches what is not measured: what cannot be too large, and what the owner lets pass."""
    wish = port.options.get("gateway_mtu_bypass", "")
    return f"(arp || {wish})" if wish else "(arp)"


def leaving(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What leaves by the port is measured."""
    if mtu_of(port):
        kept = f"{SAVED_STATE} = ct_state_save(); " if everywhere(db, STATE_SAVED) else ""
        yield Flow(Stage.LR_IN_CHK_PKT_LEN, 50, f"outport == {port.json}", f"{measuring(db, port)}{kept}{NEXT}", hint=port.uuid)
        yield Flow(Stage.LR_IN_CHK_PKT_LEN, 55, f"outport == {port.json} && {unmeasured(port)}", f"{kept}{NEXT}", hint=port.uuid)


def refusals(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Who sent too much is told by the port where it came in: of that port's network, or of the one it was to leave by."""
    mtu = mtu_of(port)
    if not mtu:
        return
    for version in _versions(port):
        match, meter = f"inport == {port.json} && ip{version} && {TOO_LARGE}", _meter(db, port.router, version)
        yield Flow(Stage.LR_IN_IP_INPUT, 150, match, _refusal(port, version, mtu), hint=port.uuid, meter=meter)
    if everywhere(db, COMMIT_NAT_V2):
        match = "icmp && flags.icmp_snat == 1"
        yield Flow(Stage.LR_OUT_POST_SNAT, 100, match, "ct_commit_nat(snat);", hint=port.uuid)
    for other in router_ports(db, port.router):
        if other.uuid == port.uuid:
            continue
        for version in _versions(other):
            match = f"inport == {other.json} && outport == {port.json} && ip{version} && {TOO_LARGE}"
            meter = _meter(db, port.router, version)
            yield Flow(Stage.LR_IN_LARGER_PKTS, 150, match, _refusal(other, version, mtu), hint=other.uuid, meter=meter)
            # The sender knows its peer by a translated address: the error is translated too.
            translated = _refusal(other, version, mtu, "flags.icmp_snat = 1; ")
            yield Flow(Stage.LR_IN_LARGER_PKTS, 160, f"{match} && {_is_translated_reply(db)}", translated, hint=other.uuid, meter=meter)


def _meter(db: Engine, router: str, version: int) -> str | None:
    return controller_meter(db, router, f"icmp{version}-error")


def _versions(port: RouterPort) -> tuple[int, ...]:
    return tuple(version for version, networks in ((4, port.ipv4), (6, port.ipv6)) if networks)


def _refusal(port: RouterPort, version: int, mtu: int, prefix: str = "") -> str:
    """Turn the packet into the error, and route that."""
    networks = port.ipv6 if version == 6 else port.ipv4
    told = f"ip{version}.dst = ip{version}.src; ip{version}.src = {networks[0].address}; ip.ttl = 255; "
    again = f"next(pipeline=ingress, table={Stage.LR_IN_ADMISSION.number}); }};"
    return f"icmp{version}_error {{{prefix}{MARKED}eth.dst = {port.mac}; {told}{_error(version, mtu)}{again}"


def _error(version: int, mtu: int) -> str:
    if version == 6:
        return f"icmp6.type = 2; /* Packet Too Big. */ icmp6.code = 0; icmp6.frag_mtu = {mtu}; "
    unreachable, needed = "/* Destination Unreachable. */", "/* Frag Needed and DF was Set. */"
    return f"icmp4.type = 3; {unreachable} icmp4.code = 4; {needed} icmp4.frag_mtu = {mtu}; "


def refusal_by_translation(db: Engine, nat: Nat) -> Iterator[Flow]:
    """What is sent to a machine with an outside address and MAC of its own is refused in its name, where it is."""
    mtu = mtu_of(nat.port) if nat.port else 0
    if nat.port is None or not nat.mac or not mtu:
        return
    ip, address = nat.ip, nat.external.address
    match = f"inport == {nat.port.json} && {TOO_LARGE} && {ip} && {ip}.dst == {address}"
    meter = _meter(db, nat.router, 6 if nat.external.is_ipv6 else 4)
    told = f"eth.dst = eth.src; eth.src = {nat.mac}; {ip}.dst = {ip}.src; {ip}.src = {address}; ip.ttl = 254; "
    error = _error(6 if nat.external.is_ipv6 else 4, mtu)
    back = f"outport = {nat.port.json}; flags.loopback = 1; output; }};"
    yield Flow(Stage.LR_IN_IP_INPUT, 160, match, f"icmp{ip[2]}_error {{{MARKED}{told}{error}{back}", hint=nat.uuid, meter=meter)
