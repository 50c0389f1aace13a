"""DHCP relay (RFC 2131): a switch hands its clients' messages to a router, and that passes them to a server elsewhere and back."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import RELAY_DESTINATION, RELAY_REQUEST_GOOD, RELAY_RESPONSE_GOOD
from pyovn.northd.topology import RouterPort, SwitchPort, router_port, switch, switch_port
from pyovn.northd.vips import parse_endpoint
from pyovn.query import Engine, query
from pyovn.schemas import nb

REQUEST, RESPONSE = "/* DHCP_RELAY_REQ */", "/* DHCP_RELAY_RESP */"
FROM_CLIENT = "ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255"
CLIENT_PORTS, SERVER_PORTS = "udp.src == 68 && udp.dst == 67", "udp.src == 67 && udp.dst == 67"


@query
def server(db: Engine, ref: str) -> str | None:
    """The address of the server that a router port relays to."""
    row = db.get(nb.LogicalRouterPort, ref)
    relay = db.get(nb.DHCPRelay, row.dhcp_relay) if row and row.dhcp_relay else None
    found = parse_endpoint(relay.servers) if relay and relay.servers else None
    return found.address if found else None


@query
def relaying_port(db: Engine, switch_ref: str) -> str | None:
    """The name of the switch's port whose router relays; empty names count too."""
    facts = switch(db, switch_ref)
    return facts.other_config.get("dhcp_relay_port") if facts else None


def from_clients(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """A client's message goes to the router that relays."""
    name = relaying_port(db, port.switch) if port.is_vif and port.addresses else None
    found = db.find(nb.LogicalSwitchPort, "name", name) if name else ()
    side = switch_port(db, found[0]) if found else None
    relay = router_port(db, side.peer) if side and side.peer else None
    if side is None or relay is None or relay.peer != side.uuid or server(db, relay.uuid) is None:
        return
    match = f"inport == {port.json} && eth.src == {port.addresses[0].mac} && {FROM_CLIENT} && {CLIENT_PORTS}"
    actions = f"eth.dst = {relay.mac}; outport = {side.json}; {NEXT} {REQUEST}"
    yield Flow(Stage.LS_IN_L2_LKUP, 100, match, actions, hint=port.uuid, port=port.name)


def by_router(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """The router checks what it relays, says that it is the relay, and puts its address where the client's will be."""
    address = server(db, port.uuid) if port.ipv4 else None
    side = switch_port(db, port.peer) if port.peer else None
    if address is None or side is None or relaying_port(db, side.switch) is None:
        return
    own, hint, meter = port.ipv4[0].address, port.uuid, controller_meter(db, port.router, "dhcpv4-relay")
    asks = f"inport == {port.json} && {FROM_CLIENT}"
    check = f"{RELAY_REQUEST_GOOD} = dhcp_relay_req_chk({own}, {address});{NEXT} {REQUEST}"
    yield Flow(Stage.LR_IN_IP_INPUT, 110, f"{asks} && ip.frag == 0 && {CLIENT_PORTS}", check, hint=hint, meter=meter)
    asked = f"{asks} && {CLIENT_PORTS} && {RELAY_REQUEST_GOOD}"
    onwards = f"ip4.src = {own}; ip4.dst = {address}; udp.src = 67; {NEXT} {REQUEST}"
    yield Flow(Stage.LR_IN_DHCP_RELAY_REQ, 100, asked, onwards, hint=hint)
    yield Flow(Stage.LR_IN_DHCP_RELAY_REQ, 1, f"{asked} == 0", f"{DROP} {REQUEST}", hint=hint)
    replies = f"ip4.src == {address} && ip4.dst == {own}"
    yield Flow(Stage.LR_IN_IP_INPUT, 110, f"{replies} && ip.frag == 0 && {SERVER_PORTS}", f"{NEXT} {RESPONSE}", hint=hint)
    check = f"{RELAY_DESTINATION} = ip4.dst; {RELAY_RESPONSE_GOOD} = dhcp_relay_resp_chk({own}, {address}); {NEXT} {RESPONSE}"
    yield Flow(Stage.LR_IN_DHCP_RELAY_RESP_CHK, 100, f"{replies} && {SERVER_PORTS}", check, hint=hint, meter=meter)
    replied = f"ip4.src == {address} && {RELAY_DESTINATION} == {own} && {SERVER_PORTS} && {RELAY_RESPONSE_GOOD}"
    back = f"ip4.src = {own}; udp.dst = 68; outport = {port.json}; output; {RESPONSE}"
    yield Flow(Stage.LR_IN_DHCP_RELAY_RESP, 100, replied, back, hint=hint)
    yield Flow(Stage.LR_IN_DHCP_RELAY_RESP, 1, f"{replied} == 0", f"{DROP} {RESPONSE}", hint=hint)
