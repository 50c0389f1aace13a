"""Path MTU discovery: who sends more than a port's network takes (`gateway_mtu`) is told how much it takes (RFC 1191, RFC 8201)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.chassis_features import COMMIT_NAT_V2, STATE_SAVED, everywhere
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.places import Placed
from pyovn.northd.registers import EGRESS_LOOPBACK, PACKET_TOO_LARGE, SAVED_STATE
from pyovn.northd.router.nat import Nat
from pyovn.northd.topology import RouterPort, ports_of_type, router_port, switch_port
from pyovn.query import Engine, cross, index, query
from pyovn.schemas.nb import LogicalRouterPort, LogicalSwitchPort

ETHERNET_HEADER, VLAN_TAG = 14, 4
"""Octets of a frame."""
TOO_LARGE = f"{PACKET_TOO_LARGE} && {EGRESS_LOOPBACK} == 0"
MARKED = f"{EGRESS_LOOPBACK} = 1; {PACKET_TOO_LARGE} = 0; "


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
    """Who sent too much by the port where it came in is told by the port."""
    mtu = mtu_of(port)
    if not mtu:
        return
    for teller in _tellers(db, port):
        match = f"inport == {port.json} && ip{teller.version} && {TOO_LARGE}"
        yield Flow(Stage.LR_IN_IP_INPUT, 150, match, _refusal(teller, mtu), hint=port.uuid, meter=teller.meter)
    if everywhere(db, COMMIT_NAT_V2):
        match = "icmp && flags.icmp_snat == 1"
        yield Flow(Stage.LR_OUT_POST_SNAT, 100, match, "ct_commit_nat(snat);", hint=port.uuid)


class Narrow(NamedTuple):
    """A router's port whose network takes only so much."""

    router: str
    port: str
    """Its uuid."""
    json: str
    mtu: int
    translated: str
    """Matches packets back to who was translated: as conntrack says now, or said when the packet was measured."""


class Teller(NamedTuple):
    """A router's port that tells senders of an IP version that they sent too much."""

    port: str
    """Its uuid."""
    json: str
    mac: str
    version: int
    address: str
    meter: str | None


def _tellers(db: Engine, port: RouterPort) -> Iterator[Teller]:
    for version, networks in ((4, port.ipv4), (6, port.ipv6)):
        if networks:
            yield Teller(port.uuid, port.json, port.mac, version, networks[0].address, _meter(db, port.router, version))


def _narrow(db: Engine, ref: str) -> Iterator[tuple[str, Narrow]]:
    port = router_port(db, ref)
    if port is not None and mtu_of(port):
        translated = "reg4[5] && reg4[3] && reg4[7]" if everywhere(db, STATE_SAVED) else "ct.trk && ct.rpl && ct.dnat"
        yield port.router, Narrow(port.router, ref, port.json, mtu_of(port), translated)


_NARROW = index((LogicalRouterPort, _narrow))


@query
def _has_narrow(db: Engine, router: str) -> bool:
    return bool(_NARROW(db, router))


def _telling(db: Engine, ref: str) -> Iterator[tuple[str, Teller]]:
    port = router_port(db, ref)
    if port is not None and _has_narrow(db, port.router):
        yield from ((port.router, teller) for teller in _tellers(db, port))


def _refused(narrow: Narrow, teller: Teller) -> Iterator[Placed]:
    """Who sent too much for the port it was to leave by is told by the port where it came in."""
    if narrow.port == teller.port:
        return
    match = f"inport == {teller.json} && outport == {narrow.json} && ip{teller.version} && {TOO_LARGE}"
    # Where the sender knows its peer by a translated address the error is translated too.
    for priority, matched, prefix in ((150, match, ""), (160, f"{match} && {narrow.translated}", "flags.icmp_snat = 1; ")):
        refusal = _refusal(teller, narrow.mtu, prefix)
        yield Placed(narrow.router, Flow(Stage.LR_IN_LARGER_PKTS, priority, matched, refusal, hint=teller.port, meter=teller.meter))


REFUSALS = cross(_NARROW, index((LogicalRouterPort, _telling)), _refused)
"""What is told of packets that are too large for the port they were to leave by."""


def _meter(db: Engine, router: str, version: int) -> str | None:
    return controller_meter(db, router, f"icmp{version}-error")


def _refusal(teller: Teller, mtu: int, prefix: str = "") -> str:
    """Turn the packet into the error, and route that."""
    ip = f"ip{teller.version}"
    told = f"{ip}.dst = {ip}.src; {ip}.src = {teller.address}; ip.ttl = 255; "
    again = f"next(pipeline=ingress, table={Stage.LR_IN_ADMISSION.number}); }};"
    return f"icmp{teller.version}_error {{{prefix}{MARKED}eth.dst = {teller.mac}; {told}{_error(teller.version, mtu)}{again}"


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
