"""Probes of backends on a switch: who asks for their source address is answered, and what backends answer goes to the controller."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.backend_health import Probe, monitor_mac, port_of, probed, prober
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import Flow
from pyovn.northd.load_balancers import Balancer, balancer
from pyovn.northd.pipeline import Stage
from pyovn.northd.port_health import checks
from pyovn.northd.switch.arp_responder import SEND_BACK, arp_reply
from pyovn.northd.topology import RouterPort, SwitchPort, switch_port
from pyovn.query import Engine
from pyovn.schemas import nb, sb


def flows(db: Engine, ref: str) -> Iterator[tuple[str, Flow]]:
    """What the probes of a load balancer's backends ask of the backends' switches; yields the switch with each flow."""
    found = balancer(db, ref)
    for _, probe in probed(db, found) if found else ():
        port = port_of(db, probe)
        if found is None or port is None or not probe.source:
            continue
        source = prober(db, found, probe)
        if source is None:
            yield port.switch, reserved(monitor_mac(db), probe.source, found.uuid)
        else:
            yield port.switch, _answered(db, found, probe, port, source)


def of_port(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """What the probes of a switch port ask of its switch."""
    for check in checks(db, port):
        yield reserved(monitor_mac(db), check.src_ip, port.uuid)


def asked_for_elsewhere(db: Engine, ref: str) -> Iterator[tuple[str, Flow]]:
    """What a probe for another zone's load balancer asks of the backend's switch; yields the switch with the flow."""
    row = db.get(sb.ServiceMonitor, ref)
    if row is None or not row.ic_learned or not row.src_ip:
        return
    for found in db.find(nb.LogicalSwitchPort, "name", row.logical_port):
        port = switch_port(db, found)
        if port is not None:
            yield port.switch, reserved(monitor_mac(db), row.src_ip, "")


def reserved(mac: str, source: str, hint: str) -> Flow:
    """No port has the source address of probes: it is answered for here."""
    if ":" in source:
        match = f"nd_ns && nd.target == {source}"
        actions = f"nd_na {{ eth.dst = eth.src; eth.src = {mac}; ip6.src = {source}; nd.target = {source}; nd.tll = {mac}; {SEND_BACK} }};"
    else:
        match = f"arp.tpa == {source} && arp.op == 1"
        actions = arp_reply(mac, source)
    return Flow(Stage.LS_IN_ARP_RSP, 110, match, actions, hint=hint)


def _answered(db: Engine, found: Balancer, probe: Probe, port: SwitchPort, source: RouterPort) -> Flow:
    """A router's port has the source address: the answer must not go there; a port that refuses says so with an error."""
    ip, refused = ("ip6", "icmp6.type == 1") if ":" in probe.source else ("ip4", "icmp4.type == 3")
    what = f"tcp.src == {probe.backend.port}" if found.protocol == "tcp" else refused
    match = (
        f"inport == {port.json} && {ip}.dst == {probe.source} && {ip}.src == {probe.backend.address} && eth.dst == {source.mac} && {what}"
    )
    meter = controller_meter(db, port.switch, "svc-monitor")
    return Flow(Stage.LS_IN_L2_LKUP, 110, match, "handle_svc_check(inport);", meter=meter)
