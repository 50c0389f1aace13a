"""A network of so many alike cells: a switch with machines, its port on the one router, a gateway router, and everything a cell may own.

They share what real networks share: the router, a switch between the gateway routers, a group of services that all have,
a policy for machines of every cell, and a policy for the control plane.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyovn.northd.chassis_features import FEATURES
from pyovn.ovsdb.operation import Insert, Operation, Update, by_uuid
from pyovn.ovsdb.row import Table, values_of
from pyovn.schemas import nb, sb
from tests.northd.stores import Pair


def cell(number: int) -> Iterator[Table]:
    """All rows of one cell; the names of the first one's end in `-0`."""
    yield nb.Meter(f"meter-{number}", name=f"meter-{number}", unit="pktps", bands=(f"band-{number}",))
    yield nb.MeterBand(f"band-{number}", action="drop", rate=100)
    yield nb.SampleCollector(f"collector-{number}", id=number + 1, name=f"collector-{number}", probability=65535, set_id=number + 1)
    yield nb.Sample(f"sample-{number}", collectors=(f"collector-{number}",), metadata=number + 1)
    yield nb.AddressSet(f"set-{number}", name=f"set{number}", addresses=(f"10.{number}.0.2",))
    columns: dict[str, Any] = {"match": f"ip4.src == $set{number}", "action": "allow-related", "log": True, "meter": f"meter-{number}"}
    yield nb.ACL(f"acl-{number}", priority=1000, direction="to-lport", sample_new=f"sample-{number}", **columns)
    columns = {"match": f"inport == @pg{number}", "action": "allow-related", "network_function_group": f"nfg-{number}"}
    yield nb.ACL(f"group-acl-{number}", priority=1001, direction="from-lport", **columns)
    yield nb.PortGroup(f"pg-{number}", name=f"pg{number}", ports=(f"vm-{number}",), acls=(f"group-acl-{number}",))
    yield nb.LoadBalancerHealthCheck(f"lb-check-{number}", vip=f"172.16.{number}.1:80")
    yield nb.LoadBalancer(
        f"lb-{number}", name=f"lb-{number}", vips={f"172.16.{number}.1:80": f"10.{number}.0.2:8080"}, protocol="tcp",
        health_check=(f"lb-check-{number}",), ip_port_mappings={f"10.{number}.0.2": f"vm-{number}:10.{number}.0.7"},
    )  # fmt: skip
    yield nb.LoadBalancer(f"service-{number}", name=f"service-{number}", vips={f"172.20.{number}.1:80": f"10.{number}.0.2:8080"})
    yield nb.LoadBalancerGroup(f"lbg-{number}", name=f"lbg-{number}", load_balancer=(f"lb-{number}",))
    yield nb.DHCPOptions(f"dhcp-{number}", cidr=f"10.{number}.0.0/24", options={
        "lease_time": "3600", "router": f"10.{number}.0.1", "server_id": f"10.{number}.0.1", "server_mac": "00:00:00:00:00:01",
    })  # fmt: skip
    yield nb.DNS(f"dns-{number}", records={f"vm{number}": f"10.{number}.0.2"})
    yield nb.ForwardingGroup(
        f"fg-{number}", name=f"fg-{number}", vip=f"10.{number}.0.90", vmac=f"00:00:00:02:{number:02x}:01", child_port=(f"vm-{number}",)
    )
    yield nb.LogicalSwitchPortHealthCheck(f"hc-{number}", protocol="tcp", src_ip=f"10.{number}.0.8", port=80, address=f"10.{number}.0.2")
    yield nb.MirrorRule(f"mirror-rule-{number}", priority=1, match="ip4", action="mirror")
    yield nb.Mirror(
        f"mirror-{number}", name=f"mirror-{number}", filter="both", type="lport", sink=f"afar-{number}",
        mirror_rules=(f"mirror-rule-{number}",),
    )  # fmt: skip
    yield nb.ChassisTemplateVar(f"var-{number}", chassis=f"hv{number}", variables={"vip": f"10.{number}.0.91"})
    yield nb.QoS(f"qos-{number}", priority=100, direction="to-lport", match="ip4", action={"dscp": 10}, bandwidth={"rate": 1000})
    yield nb.HAChassis(f"member-{number}", chassis_name=f"hv{number}", priority=10)
    yield nb.HAChassisGroup(f"hag-{number}", name=f"hag-{number}", ha_chassis=(f"member-{number}",))
    yield nb.NetworkFunctionHealthCheck(f"nf-check-{number}", name=f"nf-check-{number}")
    ports = {"inport": f"nf-in-{number}", "outport": f"nf-out-{number}"}
    yield nb.NetworkFunction(f"nf-{number}", name=f"nf-{number}", id=number + 1, health_check=f"nf-check-{number}", **ports)
    yield nb.NetworkFunction(f"spare-{number}", name=f"spare-{number}", id=number + 101, **ports)
    members = (f"nf-{number}", f"spare-{number}")
    columns = {"name": f"nfg-{number}", "id": number + 1, "mode": "inline", "network_function": members}
    yield nb.NetworkFunctionGroup(f"nfg-{number}", **columns)
    yield from machines_and_switch(number)
    yield from share_of_router(number)
    yield from gateway(number)
    yield from fabric(number)


def machines_and_switch(number: int) -> Iterator[Table]:
    """A cell's switch and its ports."""
    lives = (f"00:00:00:00:{number:02x}:02 10.{number}.0.2",)
    yield nb.LogicalSwitchPort(
        f"vm-{number}", name=f"vm-{number}", addresses=lives, port_security=lives, dhcpv4_options=f"dhcp-{number}",
        mirror_rules=(f"mirror-{number}",), health_checks=(f"hc-{number}",),
    )  # fmt: skip
    yield nb.LogicalSwitchPort(
        f"afar-{number}", name=f"afar-{number}", type="external", addresses=(f"00:00:00:00:{number:02x}:03 10.{number}.0.3",),
        ha_chassis_group=f"hag-{number}",
    )  # fmt: skip
    for name in (f"nf-in-{number}", f"nf-out-{number}"):
        yield nb.LogicalSwitchPort(name, name=name, options={"is-nf": "true"})
    options = {"router-port": f"lrp-{number}"}
    yield nb.LogicalSwitchPort(f"side-{number}", name=f"side-{number}", type="router", addresses=("router",), options=options)
    ports = tuple(f"{kind}-{number}" for kind in ("afar", "nf-in", "nf-out", "side", "vm"))
    yield nb.LogicalSwitch(
        f"ls-{number}", name=f"ls-{number}", ports=ports, acls=(f"acl-{number}",),
        load_balancer_group=(f"lbg-{number}", "services"), forwarding_groups=(f"fg-{number}",), qos_rules=(f"qos-{number}",),
        dns_records=(f"dns-{number}",), copp="copp",
    )  # fmt: skip


def share_of_router(number: int) -> Iterator[Table]:
    """What a cell adds to the one router."""
    for name, priority in ((f"gwc-{number}", 1), (f"second-gwc-{number}", 2)):
        yield nb.GatewayChassis(name, name=name, chassis_name=f"hv{number}", priority=priority)
    yield nb.LogicalRouterPort(
        f"lrp-{number}", name=f"lrp-{number}", mac=f"00:00:00:01:{number:02x}:01", networks=(f"10.{number}.0.1/24",),
        gateway_chassis=(f"gwc-{number}", f"second-gwc-{number}"), dhcp_relay=f"relay-{number}",
    )  # fmt: skip
    yield nb.LogicalRouterStaticRoute(
        f"route-{number}", ip_prefix=f"10.{100 + number}.0.0/24", nexthop=f"10.{number}.0.2", route_table=f"t-{number}"
    )
    yield nb.DHCPRelay(f"relay-{number}", name=f"relay-{number}", servers=f"172.18.0.{number}")
    watched = {"nexthop": f"10.{number}.0.2", "bfd": f"bfd-{number}"}
    yield nb.LogicalRouterStaticRoute(f"watched-{number}", ip_prefix=f"10.{100 + number}.1.0/24", **watched)
    yield nb.LogicalRouterPolicy(f"policy-{number}", priority=number, match=f"ip4.src == 10.{number}.0.9", action="drop")
    hops = (f"10.{number}.0.2", f"10.{number}.0.3")
    yield nb.LogicalRouterPolicy(f"ways-{number}", priority=number, match=f"ip4.src == 10.{number}.0.8", action="reroute", nexthops=hops)
    for name, hop in zip((f"left-{number}", f"right-{number}"), hops):
        yield nb.LogicalRouterStaticRoute(name, ip_prefix=f"12.{number}.0.0/24", nexthop=hop)
    columns = {"external_ip": f"172.17.0.{number}", "logical_ip": f"10.{number}.0.2", "gateway_port": f"lrp-{number}"}
    yield nb.NAT(f"nat-{number}", type="dnat_and_snat", **columns)
    yield nb.BFD(f"bfd-{number}", logical_port=f"lrp-{number}", dst_ip=f"10.{number}.0.2")
    yield nb.StaticMACBinding(f"smb-{number}", logical_port=f"lrp-{number}", ip=f"10.{number}.0.77", mac="00:00:00:00:00:77")


def gateway(number: int) -> Iterator[Table]:
    """A cell's gateway router, on the switch that all have."""
    options = {"router-port": f"gw-end-{number}"}
    yield nb.LogicalSwitchPort(f"gw-side-{number}", name=f"gw-side-{number}", type="router", addresses=("router",), options=options)
    yield nb.LogicalRouterPort(
        f"gw-end-{number}", name=f"gw-end-{number}", mac=f"00:00:00:03:{number:02x}:01", networks=(f"100.64.{number}.1/16",)
    )
    yield nb.NAT(f"snat-{number}", type="snat", external_ip=f"172.18.{number}.1", logical_ip=f"10.{number}.0.0/24")
    yield nb.LogicalRouterStaticRoute(f"default-{number}", ip_prefix="0.0.0.0/0", nexthop="100.64.255.1")
    yield nb.LogicalRouter(
        f"gw-{number}", name=f"gw-{number}", ports=(f"gw-end-{number}",), nat=(f"snat-{number}",), static_routes=(f"default-{number}",),
        options={"chassis": f"hv{number}"}, load_balancer_group=("services",), copp=f"copp-{number}",
    )  # fmt: skip
    yield nb.Copp(f"copp-{number}", name=f"copp-{number}", meters={"arp": f"meter-{number}"})


def fabric(number: int) -> Iterator[Table]:
    """A router that tells others outside what there is, and one with translations and services beside it."""
    kinds = {"dynamic-routing": "true", "dynamic-routing-redistribute": "connected-as-host,static,nat,lb"}
    options = {**kinds, "chassis": f"hv{number}", "ct-commit-all": "true"}
    yield nb.LogicalRouter(f"edge-{number}", name=f"edge-{number}", ports=(f"edge-end-{number}",), options=options)
    yield nb.NAT(f"inner-nat-{number}", type="snat", external_ip=f"172.19.{number}.1", logical_ip=f"10.{number}.0.0/24")
    yield nb.LogicalRouter(
        f"inner-{number}", name=f"inner-{number}", ports=(f"inner-end-{number}",), nat=(f"inner-nat-{number}",),
        options={"chassis": f"hv{number}"}, load_balancer=(f"lb-{number}",),
    )  # fmt: skip
    for last, name in enumerate(("edge", "inner"), start=1):
        end, side, network = f"{name}-end-{number}", f"{name}-side-{number}", f"10.{200 + number}.0.{last}/24"
        yield nb.LogicalRouterPort(end, name=end, mac=f"00:00:00:05:{number:02x}:{last:02x}", networks=(network,))
        yield nb.LogicalSwitchPort(side, name=side, type="router", options={"router-port": end})
    vpn = {"dynamic-routing-vni": "7", "dynamic-routing-redistribute": "ip"}
    sides = (f"edge-side-{number}", f"inner-side-{number}")
    yield nb.LogicalSwitch(f"fabric-{number}", name=f"fabric-{number}", ports=sides, other_config=vpn)


def shared(numbers: range) -> Iterator[Table]:
    """What all cells have in common."""
    yield nb.NBGlobal("global", options={"svc_monitor_ip": "169.254.0.1", "svc_monitor_ip_dst": "169.254.0.2"})
    yield nb.Copp("copp", name="copp", meters={"arp": "meter-0"})
    yield nb.SamplingApp("app", type="acl-new", id=7)
    yield nb.LoadBalancerGroup("services", name="services", load_balancer=_all("service", numbers))
    yield nb.ACL("acl", priority=1002, direction="to-lport", match="outport == @everybody && tcp.dst == 22", action="allow-related")
    yield nb.ACL("acl-too", priority=1003, direction="to-lport", match="outport == @everybody && icmp4", action="allow-related")
    yield nb.ACL("acl-back", priority=1003, direction="from-lport", match="inport == @everybody && icmp4", action="allow-related")
    yield nb.PortGroup("everybody", name="everybody", ports=_all("vm", numbers), acls=("acl", "acl-back", "acl-too"))
    yield nb.LogicalSwitch("join", name="join", ports=tuple(sorted(("join-side", *_all("gw-side", numbers)))))
    options = {"router-port": "join-end", "nat-addresses": "router"}
    yield nb.LogicalSwitchPort("join-side", name="join-side", type="router", addresses=("router",), options=options)
    yield nb.LogicalRouterPort("join-end", name="join-end", mac="00:00:00:04:00:01", networks=("100.64.255.1/16",))
    symmetric = {"ecmp_symmetric_reply": "true"}
    yield nb.LogicalRouterStaticRoute("symmetric", ip_prefix="11.0.0.0/8", nexthop="10.0.0.2", options=symmetric)
    yield nb.LogicalRouter(
        "lr", name="lr", ports=tuple(sorted(("join-end", *_all("lrp", numbers)))), policies=_all("policy ways", numbers),
        static_routes=tuple(sorted(("symmetric", *_all("left right route watched", numbers)))), nat=_all("nat", numbers),
        load_balancer=_all("lb", numbers),
    )  # fmt: skip


def network(cells: int) -> Pair:
    """So many cells on one router, compiled."""
    pair, numbers = Pair(), range(cells)
    pair.load([*shared(numbers), *(row for number in numbers for row in cell(number))])
    pair.hear(*(Insert(type(row), values_of(row), uuid=row.uuid) for number in numbers for row in chassis(number)), now=1.0)
    pair.hear(*(operation for number in numbers for operation in learned(pair, number)), now=1.0)
    return pair


def chassis(number: int) -> Iterator[Table]:
    """A cell's chassis."""
    features = dict.fromkeys(FEATURES.values(), "true")
    yield sb.Encap(f"encap-{number}", type="geneve", ip=f"192.168.0.{number}", chassis_name=f"hv{number}")
    yield sb.Chassis(f"hv{number}", name=f"hv{number}", hostname=f"hv{number}", encaps=(f"encap-{number}",), other_config=features)
    yield sb.ChassisPrivate(f"private-{number}", name=f"hv{number}", chassis=f"hv{number}")


def learned(pair: Pair, number: int) -> Iterator[Operation]:
    """What a cell's chassis does and has learned."""
    datapaths = {str(row.nb_uuid): row for row in pair.southbound(sb.DatapathBinding)}
    bound = {"chassis": f"hv{number}", "up": True}
    binding = binding_of(pair, f"vm-{number}")
    yield Update(sb.PortBinding, by_uuid(binding.uuid), bound)
    switch, router = (datapaths[uuid] for uuid in (f"ls-{number}", "lr"))
    columns: dict[str, Any] = {"logical_port": f"lrp-{number}", "ip": f"10.{number}.0.40", "mac": "00:00:00:00:00:40"}
    yield Insert(sb.MACBinding, {**columns, "datapath": router.uuid}, uuid=f"neighbour-{number}")
    columns = {"mac": "00:00:00:00:00:41", "dp_key": switch.tunnel_key, "port_key": binding.tunnel_key}
    yield Insert(sb.FDB, columns, uuid=f"fdb-{number}")
    columns = {"address": "225.0.0.1", "datapath": switch.uuid, "chassis": f"hv{number}", "ports": (binding.uuid,), "protocol": "IGMPv2"}
    yield Insert(sb.IGMPGroup, columns, uuid=f"heard-{number}")


def binding_of(pair: Pair, port: str) -> sb.PortBinding:
    """The binding of a port."""
    return next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == port)


def _all(kinds: str, numbers: range) -> tuple[str, ...]:
    return tuple(sorted(f"{kind}-{number}" for kind in kinds.split() for number in numbers))
