"""Every kind of change of a cluster's northbound, each to be made many times: what the compiler's latency is measured on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster import (
    ACL,
    CLUSTER,
    END,
    GATEWAY,
    GROUPED,
    JOIN,
    POD,
    POLICY,
    SERVICE,
    SET,
    SWITCH,
    Shape,
    end,
    insert,
    mac,
    pod,
    pod_ip,
    route,
    service,
    side,
    subnet,
    uuid,
)

from pyovn.ovsdb.operation import Delete, Mutate, Mutation, Operation, Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb

NEW = 40
"""Kinds of rows that changes add, from here on."""

Change = Callable[[Shape, int], list[Operation]]
"""The operations of the so-many-th change of a kind."""


def add(table: type[Table], holder: str, column: str, *refs: str) -> Mutate:
    """A row refers to others too."""
    return Mutate(table, by_uuid(holder), [Mutation(column, "insert", refs)])


def update(table: type[Table], ref: str, **columns: Any) -> list[Operation]:
    """Other values in columns of one row."""
    return [Update(table, by_uuid(ref), columns)]


def port(shape: Shape, number: int) -> list[Operation]:
    """A pod more."""
    new = pod(number, shape.pods + 1)
    return [new, add(nb.LogicalSwitch, uuid(SWITCH, number), "ports", str(new.uuid))]


def port_less(shape: Shape, number: int) -> list[Operation]:
    """A pod less."""
    return [Mutate(nb.LogicalSwitch, by_uuid(uuid(SWITCH, number)), [Mutation("ports", "delete", (uuid(POD, number, 3),))])]


def address(shape: Shape, number: int) -> list[Operation]:
    """A pod has another address."""
    lives = (f"{mac(POD, number, 1)} {pod_ip(number, 200)}",)
    return update(nb.LogicalSwitchPort, uuid(POD, number, 1), addresses=lives, port_security=lives)


def security(shape: Shape, number: int) -> list[Operation]:
    """A pod may send from anywhere."""
    return update(nb.LogicalSwitchPort, uuid(POD, number, 2), port_security=())


def acl(shape: Shape, number: int) -> list[Operation]:
    """A policy has another rule."""
    columns = {"priority": 1002, "direction": "to-lport", "match": f"outport == @pg{number} && udp.dst == 53", "action": "allow-related"}
    new = insert(nb.ACL, uuid(NEW, number), **columns)
    return [new, add(nb.PortGroup, uuid(POLICY, number), "acls", str(new.uuid))]


def match(shape: Shape, number: int) -> list[Operation]:
    """A rule says something else."""
    return update(nb.ACL, uuid(ACL, number, 2), match=f"outport == @pg{number} && tcp.dst == {3000 + number}")


def address_set(shape: Shape, number: int) -> list[Operation]:
    """A set of addresses has one more."""
    return [Mutate(nb.AddressSet, by_uuid(uuid(SET, number)), [Mutation("addresses", "insert", (f"192.0.2.{number}",))])]


def port_group(shape: Shape, number: int) -> list[Operation]:
    """A policy speaks for one pod more."""
    return [add(nb.PortGroup, uuid(POLICY, number), "ports", uuid(POD, number, 5))]


def balancer(shape: Shape, number: int) -> list[Operation]:
    """A service more, on every node."""
    new = service(shape, shape.services + number)
    return [new, add(nb.LoadBalancerGroup, GROUPED, "load_balancer", str(new.uuid))]


def backends(shape: Shape, number: int) -> list[Operation]:
    """A service has other pods."""
    vips = {f"172.30.{number >> 8}.{number & 255}:80": f"{pod_ip(number, 7)}:8080"}
    return update(nb.LoadBalancer, uuid(SERVICE, number), vips=vips)


def translation(shape: Shape, number: int) -> list[Operation]:
    """A pod has an outside address of its own."""
    columns = {"type": "dnat_and_snat", "external_ip": f"172.18.100.{number}", "logical_ip": pod_ip(number, 4)}
    new = insert(nb.NAT, uuid(NEW + 1, number), **columns)
    return [new, add(nb.LogicalRouter, uuid(GATEWAY, number), "nat", str(new.uuid))]


def static_route(shape: Shape, number: int) -> list[Operation]:
    """A route more on the cluster's router."""
    new = route(NEW + 2, number, f"192.168.{number}.0/24", pod_ip(number, 6))
    return [new, add(nb.LogicalRouter, uuid(CLUSTER), "static_routes", str(new.uuid))]


def router_policy(shape: Shape, number: int) -> list[Operation]:
    """A policy more on the cluster's router."""
    columns = {"priority": 500 + number, "match": f"ip4.src == {pod_ip(number, 8)}", "action": "reroute", "nexthops": [pod_ip(number, 9)]}
    new = insert(nb.LogicalRouterPolicy, uuid(NEW + 3, number), **columns)
    return [new, add(nb.LogicalRouter, uuid(CLUSTER), "policies", str(new.uuid))]


def switch(shape: Shape, number: int) -> list[Operation]:
    """A switch more, with a port."""
    new = pod(shape.nodes + number, 0)
    return [new, insert(nb.LogicalSwitch, uuid(NEW + 4, number), name=f"more-{number}", ports=[str(new.uuid)])]


def node_switch(shape: Shape, number: int) -> list[Operation]:
    """A switch more with the services of a node."""
    return [insert(nb.LogicalSwitch, uuid(NEW + 5, number), name=f"node-more-{number}", load_balancer_group=[GROUPED])]


def router(shape: Shape, number: int) -> list[Operation]:
    """A router more, connected to nothing yet."""
    new = end(f"alone-{number}", NEW + 6, number, "192.0.2.1/24")
    return [new, insert(nb.LogicalRouter, uuid(NEW + 7, number), name=f"alone-{number}", ports=[str(new.uuid)])]


def joining_router(shape: Shape, number: int) -> list[Operation]:
    """A gateway router more among those of all nodes: two flows on each, two of each on it, a thousand rows."""
    new = end(f"joins-{number}", NEW + 8, number, f"100.64.100.{number}/16")
    towards = side(f"join-joins-{number}", uuid(NEW + 9, number), f"joins-{number}")
    options = {"chassis": f"more-{number}"}
    holder = insert(nb.LogicalRouter, uuid(NEW + 10, number), name=f"joins-{number}", ports=[str(new.uuid)], options=options)
    return [new, holder, towards, add(nb.LogicalSwitch, uuid(JOIN), "ports", str(towards.uuid))]


def router_port(shape: Shape, number: int) -> list[Operation]:
    """A network more at the cluster's router, with the switch's end."""
    new = end(f"rtos-more-{number}", NEW + 11, number, subnet(shape.nodes + 256 + number, gateway=True))
    towards = side(f"stor-more-{number}", uuid(NEW + 12, number), f"rtos-more-{number}")
    joined = add(nb.LogicalRouter, uuid(CLUSTER), "ports", str(new.uuid))
    return [new, joined, towards, insert(nb.LogicalSwitch, uuid(NEW + 13, number), name=f"far-{number}", ports=[str(towards.uuid)])]


def port_mac(shape: Shape, number: int) -> list[Operation]:
    """A port of the cluster's router has another MAC."""
    return update(nb.LogicalRouterPort, uuid(END, number), mac=mac(NEW + 14, number))


def dhcp(shape: Shape, number: int) -> list[Operation]:
    """A pod gets its address by DHCP."""
    server = {"server_id": "10.0.0.1", "server_mac": mac(NEW + 15, number), "lease_time": "3600", "router": "10.0.0.1"}
    new = insert(nb.DHCPOptions, uuid(NEW + 15, number), cidr=subnet(number), options=server)
    return [new, *update(nb.LogicalSwitchPort, uuid(POD, number, 10), dhcpv4_options=str(new.uuid))]


def dns(shape: Shape, number: int) -> list[Operation]:
    """A switch knows a name."""
    new = insert(nb.DNS, uuid(NEW + 16, number), records={f"pod-{number}.cluster": pod_ip(number, 0)})
    return [new, add(nb.LogicalSwitch, uuid(SWITCH, number), "dns_records", str(new.uuid))]


def state(shape: Shape, number: int) -> list[Operation]:
    """Somebody wants to know when the southbound has everything (`--wait=sb`)."""
    return [Update(nb.NBGlobal, [], {"nb_cfg": number + 1})]


def balancer_less(shape: Shape, number: int) -> list[Operation]:
    """A service less, on every node."""
    return [Delete(nb.LoadBalancer, by_uuid(uuid(SERVICE, number)))]


def policy_less(shape: Shape, number: int) -> list[Operation]:
    """A policy less, with its four rules and its pods on every node."""
    return [Delete(nb.PortGroup, by_uuid(uuid(POLICY, number)))]


def switch_less(shape: Shape, number: int) -> list[Operation]:
    """A node's switch less, with all its pods."""
    return [Delete(nb.LogicalSwitch, by_uuid(uuid(SWITCH, number)))]


CHANGES: dict[str, Change] = {
    "port": port, "port less": port_less, "port's address": address, "port's security": security, "ACL": acl, "ACL's match": match,
    "address set": address_set, "port group": port_group, "load balancer": balancer, "load balancer's backends": backends,
    "NAT": translation, "route": static_route, "policy": router_policy, "switch": switch, "switch of a node": node_switch, "router": router,
    "router among 250": joining_router, "router port": router_port, "router port's MAC": port_mac, "DHCP": dhcp, "DNS": dns,
    "number of the state": state, "load balancer less": balancer_less, "policy less": policy_less, "switch less": switch_less,
}  # fmt: skip
"""By kind; the first time of each is not counted, as it may bring an index into being."""
