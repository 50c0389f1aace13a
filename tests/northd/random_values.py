"""What may stand in the columns of a random northbound: for each column, and each key of its maps, how a value is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any


class Drawn:
    """Draws words from few, so that they meet."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def of(self, words: Sequence[str]) -> str:
        """One of these."""
        return self.random.choice(words)

    def number(self, low: int, high: int) -> int:
        """A number of these, both ends included."""
        return self.random.randint(low, high)

    def name(self, kind: str, count: int) -> str:
        """A name of so many of a kind."""
        return f"{kind}{self.number(0, count - 1)}"

    def mac(self) -> str:
        """One of sixty hardware addresses."""
        return f"00:00:00:00:00:{self.number(1, 60):02x}"

    def ipv4(self) -> str:
        """An address in one of four networks."""
        return f"10.0.{self.number(0, 3)}.{self.number(1, 30)}"

    def ipv6(self) -> str:
        """An address in one of three networks."""
        return f"fd0{self.number(0, 2)}::{self.number(1, 30):x}"

    def ip(self) -> str:
        """An address of either family."""
        return self.ipv4() if self.random.random() < 0.7 else self.ipv6()

    def prefix(self) -> str:
        """A destination."""
        four = ("0.0.0.0/0", f"172.16.{self.number(0, 3)}.0/24", f"10.0.{self.number(0, 3)}.0/24", self.ipv4())
        return self.of(four) if self.random.random() < 0.7 else self.of(("::/0", f"fd1{self.number(0, 2)}::/64", self.ipv6()))

    def addresses(self) -> str:
        """An element of a port's addresses."""
        kind = self.random.random()
        if kind < 0.15:
            return self.of(("dynamic", "unknown", "router", "dynamic " + self.ipv4(), self.mac() + " dynamic"))
        words = [self.mac(), *([self.ipv4()] if self.random.random() < 0.8 else []), *([self.ipv6()] if self.random.random() < 0.3 else [])]
        return " ".join(words)

    def match(self) -> str:
        """An expression."""
        port, addresses, ports = (self.name(kind, count) for kind, count in (("p", 12), ("as", 3), ("pg", 3)))
        narrow = (f"ip4.src == {self.ipv4()}", f"ip4.dst == {self.prefix4()}", f"tcp.dst == {self.number(1, 99)}")
        sets = (f"ip4.src == ${addresses}", f"ip4.src == ${ports}_ip4", f"outport == @{ports}")
        ends = (f'inport == "{port}"', f'outport == "{port}"')
        return self.of(("ip4", "ip6", "1", "udp && ip4", "icmp4", *narrow, *sets, *ends))

    def prefix4(self) -> str:
        """A network of IPv4."""
        return f"10.0.{self.number(0, 3)}.0/24"

    def vip(self) -> str:
        """An address, perhaps with a port."""
        port = f":{self.number(80, 83)}" if self.random.random() < 0.7 else ""
        if self.random.random() < 0.7:
            return f"172.20.0.{self.number(1, 5)}{port}"
        address = f"fd20::{self.number(1, 5):x}"
        return f"[{address}]{port}" if port else address

    def kinds(self) -> str:
        """Kinds of routes that are announced."""
        return ",".join(kind for kind in ("connected", "connected-as-host", "static", "nat", "lb") if self.random.random() < 0.5)

    def backends(self) -> str:
        """Where packets for a VIP of IPv4 with a port may go."""
        return ",".join(f"{self.ipv4()}:{self.number(8080, 8082)}" for _ in range(self.number(0, 3)))


Draw = Callable[[Drawn], Any]


def _vips(drawn: Drawn) -> Any:
    if drawn.random.random() < 0.1:
        return ["map", [[f"^vip{drawn.number(0, 1)}" + drawn.of(("", ":^port", ":80")), drawn.of(("^backends0", "^backends1:^port", ""))]]]
    pairs = {drawn.vip(): drawn for _ in range(drawn.number(0, 2))}
    return ["map", [[vip, _backends_of(vip, drawn)] for vip in pairs]]


def _backends_of(vip: str, drawn: Drawn) -> str:
    if drawn.random.random() < 0.1:
        return drawn.backends()
    port = drawn.number(8080, 8082) if vip.startswith("[") or vip.count(":") == 1 else None
    is_ipv6 = vip.count(":") > 1
    addresses = [drawn.ipv6() if is_ipv6 else drawn.ipv4() for _ in range(drawn.number(0, 3))]
    if port is None:
        return ",".join(addresses)
    return ",".join(f"[{address}]:{port}" if is_ipv6 else f"{address}:{port}" for address in addresses)


def _mappings(drawn: Drawn) -> Any:
    names = {drawn.ipv4(): f"{drawn.name('p', 12)}:{drawn.ipv4()}" for _ in range(drawn.number(0, 2))}
    return ["map", [list(pair) for pair in names.items()]]


def _variables(drawn: Drawn) -> Any:
    """The address, port and backends that balancers with variables name."""
    backends = f"{drawn.ipv4()}:8080,{drawn.ipv4()}:8081"
    values = {"vip0": f"172.20.1.{drawn.number(1, 3)}", "vip1": "fd20::99", "port": "80", "backends0": backends, "backends1": drawn.ipv4()}
    return ["map", [[name, value] for name, value in values.items() if drawn.random.random() < 0.7]]


def _records(drawn: Drawn) -> Any:
    return ["map", [[drawn.name("vm", 4) + ".ovn.org", drawn.ip()]]]


WORDS: dict[str, Draw] = {
    "NB_Global.name": lambda drawn: drawn.name("zone", 2),
    "Logical_Switch.name": lambda drawn: drawn.name("sw", 5),
    "Logical_Switch_Port.name": lambda drawn: drawn.name("p", 12),
    "Logical_Switch_Port.type": lambda drawn: drawn.of(
        ("",) * 8 + ("router",) * 6 + ("localnet", "localport", "external", "virtual", "l2gateway", "vtep", "remote", "switch")
    ),
    "Logical_Switch_Port.addresses": lambda drawn: ["set", sorted({drawn.addresses() for _ in range(drawn.number(1, 2))})],
    "Logical_Router.name": lambda drawn: drawn.name("lr", 4),
    "Logical_Router_Port.name": lambda drawn: drawn.name("rp", 8),
    "Logical_Router_Port.mac": lambda drawn: drawn.mac(),
    "Logical_Router_Port.networks": lambda drawn: [
        "set", sorted({f"{drawn.ipv4()}/24", *([f"{drawn.ipv6()}/64"] if drawn.random.random() < 0.3 else [])}),
    ],
    "ACL.match": lambda drawn: drawn.match(),
    "ACL.tier": lambda drawn: drawn.number(0, 3) if drawn.random.random() < 0.2 else 0,
    "ACL.label": lambda drawn: drawn.number(1, 9) if drawn.random.random() < 0.1 else 0,
    "QoS.match": lambda drawn: drawn.match(),
    "QoS.action": lambda drawn: ["map", [[drawn.of(("dscp", "mark")), drawn.number(0, 63)]]],
    "QoS.bandwidth": lambda drawn: ["map", [["rate", drawn.number(1, 9)]] if drawn.random.random() < 0.5 else []],
    "Logical_Router_Static_Route.ip_prefix": lambda drawn: drawn.prefix(),
    "Logical_Router_Static_Route.nexthop": lambda drawn: drawn.ip() if drawn.random.random() < 0.9 else "discard",
    "Logical_Router_Static_Route.route_table": lambda drawn: drawn.of(("", "", "", "main", "t1", "t2")),
    "Logical_Router_Policy.match": lambda drawn: drawn.match(),
    "NAT.external_ip": lambda drawn: f"172.30.0.{drawn.number(1, 9)}",
    "NAT.logical_ip": lambda drawn: drawn.ipv4() if drawn.random.random() < 0.7 else drawn.prefix4(),
    "NAT.match": lambda drawn: "" if drawn.random.random() < 0.9 else "tcp",
    "NAT.external_port_range": lambda drawn: "" if drawn.random.random() < 0.9 else drawn.of(("1-30000", "2000")),
    "Load_Balancer.name": lambda drawn: drawn.name("lb", 6),
    "Load_Balancer.vips": _vips,
    "Load_Balancer.ip_port_mappings": _mappings,
    "Load_Balancer_Health_Check.vip": lambda drawn: drawn.vip(),
    "Load_Balancer_Group.name": lambda drawn: drawn.name("lbg", 3),
    "Address_Set.name": lambda drawn: drawn.name("as", 3),
    "Address_Set.addresses": lambda drawn: ["set", sorted({drawn.ip() for _ in range(drawn.number(0, 3))})],
    "Port_Group.name": lambda drawn: drawn.name("pg", 3),
    "DHCP_Options.cidr": lambda drawn: drawn.of(("10.0.0.0/16", "10.0.1.0/24", "fd00::/64", "fd01::/64")),
    "DNS.records": _records,
    "Meter.name": lambda drawn: drawn.name("m", 3),
    "Meter_Band.rate": lambda drawn: drawn.number(1, 1000),
    "Copp.name": lambda drawn: drawn.name("copp", 3),
    "Gateway_Chassis.name": lambda drawn: drawn.name("gc", 9),
    "Gateway_Chassis.chassis_name": lambda drawn: drawn.name("hv", 3),
    "HA_Chassis_Group.name": lambda drawn: drawn.name("ha", 3),
    "HA_Chassis.chassis_name": lambda drawn: drawn.name("hv", 3),
    "BFD.logical_port": lambda drawn: drawn.name("rp", 8),
    "BFD.dst_ip": lambda drawn: drawn.ipv4(),
    "Static_MAC_Binding.logical_port": lambda drawn: drawn.name("rp", 8),
    "Static_MAC_Binding.ip": lambda drawn: drawn.ip(),
    "Static_MAC_Binding.mac": lambda drawn: drawn.mac(),
    "Chassis_Template_Var.chassis": lambda drawn: drawn.name("hv", 3),
    "Chassis_Template_Var.variables": _variables,
    "Forwarding_Group.name": lambda drawn: drawn.name("fwd", 3),
    "Forwarding_Group.vip": lambda drawn: drawn.ipv4(),
    "Forwarding_Group.vmac": lambda drawn: drawn.mac(),
    "Forwarding_Group.child_port": lambda drawn: ["set", sorted({drawn.name("p", 12) for _ in range(drawn.number(1, 2))})],
    "Network_Function.name": lambda drawn: drawn.name("nf", 4),
    "Network_Function_Group.name": lambda drawn: drawn.name("nfg", 3),
    "Network_Function_Health_Check.name": lambda drawn: drawn.name("nfhc", 3),
    "Mirror.name": lambda drawn: drawn.name("mirror", 3),
    "Mirror.sink": lambda drawn: drawn.of((drawn.name("p", 12), drawn.ipv4())),
    "Mirror_Rule.match": lambda drawn: drawn.match(),
    "Logical_Switch_Port_Health_Check.src_ip": lambda drawn: drawn.ipv4(),
    "Logical_Switch_Port_Health_Check.address": lambda drawn: drawn.of(("", drawn.ipv4())),
    "Sample_Collector.name": lambda drawn: drawn.name("collector", 3),
    "Sample_Collector.id": lambda drawn: drawn.number(1, 3),
    "Sample.metadata": lambda drawn: drawn.number(1, 99),
    "Sampling_App.id": lambda drawn: drawn.number(1, 9),
    "DHCP_Relay.name": lambda drawn: drawn.name("relay", 2),
}
"""By table and column: columns that are never left out."""

SETS: dict[str, Draw] = {
    "Logical_Switch_Port.port_security": lambda drawn: drawn.addresses(),
    "Logical_Switch_Port.parent_name": lambda drawn: drawn.name("p", 12),
    "Logical_Switch_Port.tag_request": lambda drawn: drawn.number(0, 5),
    "Logical_Switch_Port.peer": lambda drawn: drawn.name("p", 12),
    "Logical_Router_Port.peer": lambda drawn: drawn.name("rp", 8),
    "Logical_Router_Static_Route.output_port": lambda drawn: drawn.name("rp", 8),
    "Logical_Router_Policy.nexthops": lambda drawn: drawn.ipv4(),
    "Logical_Router_Policy.nexthop": lambda drawn: drawn.ipv4(),
    "Logical_Router_Policy.chain": lambda drawn: drawn.name("chain", 2),
    "Logical_Router_Policy.jump_chain": lambda drawn: drawn.name("chain", 2),
    "NAT.logical_port": lambda drawn: drawn.name("p", 12),
    "NAT.external_mac": lambda drawn: drawn.mac(),
    "ACL.name": lambda drawn: drawn.name("acl", 9),
    "ACL.meter": lambda drawn: drawn.name("m", 3),
    "DHCP_Relay.servers": lambda drawn: drawn.ipv4(),
    "BFD.min_tx": lambda drawn: drawn.number(100, 1000),
    "BFD.min_rx": lambda drawn: drawn.number(100, 1000),
    "BFD.detect_mult": lambda drawn: drawn.number(1, 9),
}
"""By table and column: an element of a set, or an optional value."""

RARELY = frozenset(
    (
        "Logical_Switch_Port.parent_name", "Logical_Switch_Port.peer", "Logical_Router.enabled", "Logical_Router_Port.enabled",
        "Logical_Switch_Port.enabled", "Logical_Router_Port.peer", "Logical_Router.options", "Logical_Router_Port.ipv6_ra_configs",
        "Logical_Router_Policy.chain", "Logical_Switch.copp", "Logical_Router.copp",
        "Logical_Router_Port.dhcp_relay", "Logical_Switch_Port.tag_request",
    )
)  # fmt: skip
"""Columns that change what everything else means."""

KEPT_OUT = frozenset(("NB_Global", "Connection", "SSL", "Meter_Band"))
"""Tables that nothing is made of, or not by themselves."""

SAID_BACK = frozenset(
    ("BFD.status", "Logical_Switch_Port.up", "Logical_Switch_Port_Health_Check.status", "Network_Function_Group.network_function_active")
)
"""Columns that are the compiler's to write."""

OFTEN = {
    "Logical_Switch": 3, "Logical_Switch_Port": 12, "Logical_Router": 3, "Logical_Router_Port": 8, "ACL": 4, "Load_Balancer": 4, "NAT": 4,
    "Logical_Router_Static_Route": 4, "Logical_Router_Policy": 3, "Gateway_Chassis": 2, "Port_Group": 2, "DHCP_Options": 2,
    "Network_Function": 3, "Network_Function_Group": 2,
}
"""Tables that are changed more often than the others."""
