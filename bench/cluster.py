"""The northbound of a cluster of nodes, as a container platform makes it: the shape that the compiler's figures are measured on.

Each node has a switch with its pods, a gateway router that translates their addresses, and a switch to the outside; one
router joins the nodes' switches, one switch the routers. Services are load balancers in a group that every node's switch
and gateway router has; policies are port groups with ACLs that name address sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pyovn.ovsdb.operation import Insert
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb

BACKENDS = 3
"""Pods behind a service."""

@dataclass(frozen=True, slots=True)
class Shape:
    """How large the cluster is."""

    nodes: int = 250
    pods: int = 40
    """On each node."""
    services: int = 500
    policies: int = 100


def uuid(kind: int, *numbers: int) -> str:
    """The uuid of a row of the cluster."""
    value = kind
    for number in numbers:
        value = value << 16 | number
    return str(UUID(int=value << 64 | 0x8000 << 48 | 1))


POD, SIDE, END, SWITCH, JOINED, JOIN_END, GATEWAY, OUTSIDE, OUT_END, OUT_SIDE, LOCALNET = range(1, 12)
SNAT, UP, OUT, BACK, SERVICE, GROUP, POLICY, ACL, SET, CLUSTER, JOIN, BETWEEN, REROUTE = range(12, 25)
"""Kinds of rows, for `uuid`."""


def pod_ip(node: int, pod: int) -> str:
    """The address of a pod."""
    return f"10.{128 + (node >> 8)}.{node & 255}.{pod + 2}"


def subnet(node: int, *, gateway: bool = False) -> str:
    """The network of a node's pods, or the router's address in it."""
    return f"10.{128 + (node >> 8)}.{node & 255}.{int(gateway)}/24"


def join_ip(node: int) -> str:
    """The address of a node's gateway router on the switch of routers."""
    return f"100.64.{node + 2 >> 8}.{node + 2 & 255}"


def outside_ip(node: int) -> str:
    """The address by which a node's pods are known outside."""
    return f"172.18.{node >> 8}.{node & 255}"


def mac(kind: int, node: int, pod: int = 0) -> str:
    """A MAC of a machine or a router's port."""
    return f"0a:{kind:02x}:{node >> 8:02x}:{node & 255:02x}:{pod >> 8:02x}:{pod & 255:02x}"


def insert(table: type[Table], ref: str, **columns: Any) -> Insert:
    """A row of the cluster; sets are put in order."""
    return Insert(table, {name: tuple(sorted(value)) if type(value) is list else value for name, value in columns.items()}, uuid=ref)


def pod(node: int, number: int) -> Insert:
    """A pod's port."""
    lives = (f"{mac(POD, node, number)} {pod_ip(node, number)}",)
    return insert(nb.LogicalSwitchPort, uuid(POD, node, number), name=f"pod-{node}-{number}", addresses=lives, port_security=lives)


def side(name: str, ref: str, end: str) -> Insert:
    """A switch's port towards a router's."""
    return insert(nb.LogicalSwitchPort, ref, name=name, type="router", addresses=["router"], options={"router-port": end})


def end(name: str, kind: int, node: int, network: str) -> Insert:
    """A router's port towards a switch's."""
    return insert(nb.LogicalRouterPort, uuid(kind, node), name=name, mac=mac(kind, node), networks=[network])


def route(kind: int, node: int, prefix: str, next_hop: str, **columns: Any) -> Insert:
    """A static route."""
    return insert(nb.LogicalRouterStaticRoute, uuid(kind, node), ip_prefix=prefix, nexthop=next_hop, **columns)


def node(shape: Shape, number: int) -> Iterator[Insert]:
    """A node's switch with its pods, its port on the cluster's router, its gateway router and its way out."""
    yield from (pod(number, each) for each in range(shape.pods))
    yield side(f"stor-{number}", uuid(SIDE, number), f"rtos-{number}")
    yield end(f"rtos-{number}", END, number, subnet(number, gateway=True))
    ports = [uuid(SIDE, number), *(uuid(POD, number, each) for each in range(shape.pods))]
    yield insert(nb.LogicalSwitch, uuid(SWITCH, number), name=f"node-{number}", ports=ports, load_balancer_group=[GROUPED])
    yield route(BACK, number, subnet(number), join_ip(number), policy="src-ip")
    match = f'inport == "rtos-{number}" && ip4.dst == {outside_ip(number)}'
    yield insert(
        nb.LogicalRouterPolicy, uuid(REROUTE, number), priority=1004, match=match, action="reroute", nexthops=[pod_ip(number, 0)]
    )
    yield from gateway(number)


def gateway(number: int) -> Iterator[Insert]:
    """A node's gateway router between the switch of routers and the switch to the outside."""
    yield side(f"jtor-{number}", uuid(JOINED, number), f"rtoj-{number}")
    yield end(f"rtoj-{number}", JOIN_END, number, f"{join_ip(number)}/16")
    yield end(f"rtoe-{number}", OUT_END, number, f"{outside_ip(number)}/16")
    yield insert(nb.NAT, uuid(SNAT, number), type="snat", external_ip=outside_ip(number), logical_ip=subnet(number))
    yield route(UP, number, "10.128.0.0/14", "100.64.0.1")
    yield route(OUT, number, "0.0.0.0/0", "172.18.255.1", output_port=f"rtoe-{number}")
    yield insert(
        nb.LogicalRouter, uuid(GATEWAY, number), name=f"gateway-{number}", ports=[uuid(JOIN_END, number), uuid(OUT_END, number)],
        nat=[uuid(SNAT, number)], static_routes=[uuid(UP, number), uuid(OUT, number)], load_balancer_group=[GROUPED],
        options={"chassis": f"host-{number}", "lb_force_snat_ip": "router_ip"},
    )  # fmt: skip
    yield side(f"etor-{number}", uuid(OUT_SIDE, number), f"rtoe-{number}")
    yield insert(
        nb.LogicalSwitchPort, uuid(LOCALNET, number), name=f"physical-{number}", type="localnet", addresses=["unknown"],
        options={"network_name": "physnet"},
    )  # fmt: skip
    yield insert(nb.LogicalSwitch, uuid(OUTSIDE, number), name=f"outside-{number}", ports=[uuid(OUT_SIDE, number), uuid(LOCALNET, number)])


GROUPED = uuid(GROUP)


def joining(shape: Shape) -> Iterator[Insert]:
    """The cluster's router and the switch between the routers."""
    nodes = range(shape.nodes)
    # A server that is busy with the whole network is not to be taken for dead.
    yield insert(nb.NBGlobal, uuid(BETWEEN, 2), options={"northd_probe_interval": "600000"})
    yield insert(nb.LogicalRouterPort, uuid(BETWEEN, 1), name="rtoj", mac=mac(BETWEEN, 1), networks=["100.64.0.1/16"])
    yield insert(
        nb.LogicalRouter, uuid(CLUSTER), name="cluster", ports=[uuid(BETWEEN, 1), *(uuid(END, each) for each in nodes)],
        static_routes=[uuid(BACK, each) for each in nodes], policies=[uuid(REROUTE, each) for each in nodes],
    )  # fmt: skip
    yield side("jtor", uuid(BETWEEN), "rtoj")
    yield insert(nb.LogicalSwitch, uuid(JOIN), name="join", ports=[uuid(BETWEEN), *(uuid(JOINED, each) for each in nodes)])


def service(shape: Shape, number: int) -> Insert:
    """A service in front of some pods."""
    total = shape.nodes * shape.pods
    pods = (divmod((number * 17 + 101 * each) % total, shape.pods) for each in range(BACKENDS))
    backends = ",".join(f"{pod_ip(*each)}:8080" for each in pods)
    vips = {f"172.30.{number >> 8}.{number & 255}:80": backends}
    return insert(nb.LoadBalancer, uuid(SERVICE, number), name=f"service-{number}", vips=vips, protocol="tcp")


def policy(shape: Shape, number: int) -> Iterator[Insert]:
    """A policy: who may speak to its pods, and to whom they may."""
    total = shape.nodes * shape.pods
    chosen = [divmod(each, shape.pods) for each in range(total) if number in {each % shape.policies, (each // 7) % shape.policies}]
    yield insert(nb.AddressSet, uuid(SET, number), name=f"as{number}", addresses=[pod_ip(*each) for each in chosen])
    rules = (
        ("to-lport", f"ip4.src == $as{number} && outport == @pg{number}", "allow-related"),
        ("from-lport", f"ip4.dst == $as{number} && inport == @pg{number}", "allow-related"),
        ("to-lport", f"outport == @pg{number} && tcp.dst == {1000 + number}", "allow-related"),
        ("to-lport", f"outport == @pg{number} && ip4", "drop"),
    )
    for each, (direction, match, action) in enumerate(rules):
        priority = 1000 if action == "drop" else 1001
        yield insert(nb.ACL, uuid(ACL, number, each), priority=priority, direction=direction, match=match, action=action)
    acls = [uuid(ACL, number, each) for each in range(len(rules))]
    yield insert(nb.PortGroup, uuid(POLICY, number), name=f"pg{number}", ports=[uuid(POD, *each) for each in chosen], acls=acls)


def cluster(shape: Shape) -> Iterator[Insert]:
    """Every row of the northbound."""
    yield from joining(shape)
    for number in range(shape.nodes):
        yield from node(shape, number)
    yield from (service(shape, number) for number in range(shape.services))
    yield insert(nb.LoadBalancerGroup, GROUPED, name="services", load_balancer=[uuid(SERVICE, each) for each in range(shape.services)])
    for number in range(shape.policies):
        yield from policy(shape, number)
