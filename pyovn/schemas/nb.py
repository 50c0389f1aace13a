"""OVSDB schema OVN_Northbound: the northbound database: the network as its owner wants it.

A table is a class, a column an attribute, and the sentence below each is its manual.
"""

from __future__ import annotations

from typing import Annotated

from pyovn.ovsdb.declare import EPHEMERAL, WEAK, Length, OneOf, Range, Size
from pyovn.ovsdb.row import Ref, Table

SCHEMA = "OVN_Northbound"
VERSION = "7.18.0"
CKSUM = "1537030958 45190"


class NBGlobal(Table, table="NB_Global", root=True, max_rows=1):
    """What holds for the whole northbound database; it has one row."""

    name: str
    """The name of the availability zone that this deployment is, for interconnection."""

    nb_cfg: int
    """A number that a client raises to ask when everything before it has been compiled and installed."""

    nb_cfg_timestamp: int
    """When northd saw the latest `nb_cfg`, in milliseconds since 1970."""

    sb_cfg: int
    """The latest `nb_cfg` that the southbound database has caught up with."""

    sb_cfg_timestamp: int
    """When it did, in milliseconds since 1970."""

    hv_cfg: int
    """The latest `nb_cfg` that every chassis has caught up with."""

    hv_cfg_timestamp: int
    """When the slowest chassis did, in milliseconds since 1970."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    connections: tuple[Ref[Connection], ...]
    """The remotes of the northbound server."""

    ssl: Ref[SSL] | None
    """The TLS files of the northbound server."""

    options: dict[str, str]
    """Settings of the compiler and of all controllers, such as `mac_prefix` or `northd_probe_interval`."""

    ipsec: bool
    """Whether tunnels between chassis are encrypted."""


class SampleCollector(Table, table="Sample_Collector", indexes=(("id",),), root=True):
    """Where packet samples go, and how many of them."""

    id: Annotated[int, Range(1, 255)]
    """The number by which samples name the collector."""

    name: str
    """What people call it."""

    probability: Annotated[int, Range(0, 65535)]
    """How many of 65535 packets are sampled."""

    set_id: Annotated[int, Range(1, 4294967295)]
    """The id of the Flow_Sample_Collector_Set in Open vSwitch that sends the samples."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Sample(Table, table="Sample", indexes=(("metadata",),)):
    """What is sampled where a rule refers to this row."""

    collectors: tuple[Ref[SampleCollector], ...]
    """The collectors that get the samples."""

    metadata: Annotated[int, Range(1, 4294967295)]
    """A number that travels with each sample and says which rule took it."""


class Copp(Table, table="Copp", indexes=(("name",),), root=True):
    """Control plane protection: which meters limit what packets may ask of the controllers."""

    name: str
    """What switches, routers and commands call it."""

    meters: dict[str, str]
    """The meter for each kind of packet, such as `arp` or `dhcpv4-opts`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LogicalSwitch(Table, table="Logical_Switch", root=True):
    """A virtual Ethernet switch, whose ports may be anywhere."""

    name: str
    """What people and commands call it; it need not be unique."""

    ports: tuple[Ref[LogicalSwitchPort], ...]
    """Its ports."""

    acls: tuple[Ref[ACL], ...]
    """Rules on what its ports may send and receive."""

    qos_rules: tuple[Ref[QoS], ...]
    """Rules that mark or limit traffic."""

    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]
    """The load balancers that its ports may use."""

    load_balancer_group: tuple[Ref[LoadBalancerGroup], ...]
    """Groups of load balancers, each as if it were named here."""

    dns_records: tuple[Annotated[Ref[DNS], WEAK], ...]
    """Names that it answers queries for itself."""

    copp: Annotated[Ref[Copp], WEAK] | None
    """How its requests to controllers are limited."""

    other_config: dict[str, str]
    """Address management (`subnet`, `exclude_ips`, `ipv6_prefix`), multicast snooping and other settings by key."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    forwarding_groups: tuple[Ref[ForwardingGroup], ...]
    """Virtual addresses that are served by several ports."""


class LogicalSwitchPort(Table, table="Logical_Switch_Port", indexes=(("name",),)):
    """Where a VM, a container, a router or a physical wire attaches to a switch."""

    name: str
    """What a chassis binds it by: an Interface whose external_ids:iface-id equals this is this port."""

    type: str
    """What attaches: nothing for a VM, else `router`, `localnet`, `localport`, `l2gateway`, `vtep`, `external`, `virtual`, `remote` or
    `switch`."""

    options: dict[str, str]
    """What the type needs, such as `router-port` or `network_name`, and limits and wishes of the port."""

    parent_name: str | None
    """The port of the VM inside which this one's container lives."""

    tag_request: Annotated[int, Range(0, 4095)] | None
    """The VLAN id wished for a container's traffic on its parent's interface; 0 lets northd choose."""

    tag: Annotated[int, Range(1, 4095)] | None
    """The VLAN id of a container's traffic, or of a physical network behind a localnet or gateway port."""

    addresses: tuple[str, ...]
    """Who lives here: "MAC [IP…]", "dynamic", "router" or "unknown"."""

    dynamic_addresses: str | None
    """The addresses that northd chose for a port whose `addresses` asks for them."""

    port_security: tuple[str, ...]
    """The addresses that may send from here, as "MAC [IP[/PREFIX]…]"; any where this is empty."""

    peer: str | None
    """The switch port at the other end, where two switches are joined directly."""

    up: bool | None
    """Whether a chassis has bound the port and made it work."""

    enabled: bool | None
    """Whether the port may be used; absent counts as yes."""

    dhcpv4_options: Annotated[Ref[DHCPOptions], WEAK] | None
    """The answers that the port's guest gets to DHCPv4."""

    dhcpv6_options: Annotated[Ref[DHCPOptions], WEAK] | None
    """The answers that the port's guest gets to DHCPv6."""

    mirror_rules: tuple[Annotated[Ref[Mirror], WEAK], ...]
    """Mirrors that get copies of the port's packets."""

    ha_chassis_group: Ref[HAChassisGroup] | None
    """For an external port: the chassis of which one answers for it."""

    health_checks: tuple[Ref[LogicalSwitchPortHealthCheck], ...]
    """Checks that tell whether what lives here works."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class NetworkFunctionHealthCheck(Table, table="Network_Function_Health_Check", indexes=(("name",),)):
    """How it is found out whether a network function works."""

    name: str
    """What network functions call it."""

    options: dict[str, str]
    """Intervals, time-outs and counts of the probes."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class NetworkFunction(Table, table="Network_Function", indexes=(("name",), ("id",),), root=True):
    """A middlebox that packets pass on their way: in at one port, out at another."""

    name: str
    """What groups call it."""

    outport: Ref[LogicalSwitchPort]
    """The switch port by which packets leave the network function."""

    inport: Ref[LogicalSwitchPort]
    """The switch port by which packets enter the network function."""

    health_check: Ref[NetworkFunctionHealthCheck] | None
    """How it is found out whether it works."""

    id: Annotated[int, Range(1, 255)]
    """A number of its own, by which flows name it."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class NetworkFunctionGroup(Table, table="Network_Function_Group", indexes=(("name",), ("id",),), root=True):
    """Network functions that stand in for each other."""

    name: str
    """What rules call it."""

    fallback: Annotated[str, OneOf("fail-close", "fail-open")] | None
    """What happens to packets when none works: `fail-open` passes them, `fail-close` drops them."""

    network_function: tuple[Ref[NetworkFunction], ...]
    """The members."""

    network_function_active: Ref[NetworkFunction] | None
    """The member in use now, chosen by northd."""

    mode: Annotated[str, OneOf("inline")]
    """How packets pass: `inline`."""

    id: Annotated[int, Range(1, 255)]
    """A number of its own, by which flows name it."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LogicalSwitchPortHealthCheck(Table, table="Logical_Switch_Port_Health_Check"):
    """A probe of what lives at a switch port."""

    protocol: Annotated[str, OneOf("icmp", "tcp", "udp")]
    """How it is probed: `tcp`, `udp` or `icmp`."""

    src_ip: str
    """The address that probes come from."""

    port: Annotated[int, Range(0, 65535)]
    """The port that is probed; none for ICMP."""

    address: str
    """The address that is probed; each of the switch port's where absent."""

    status: Annotated[str, OneOf("error", "offline", "online")] | None
    """What the latest probes found."""

    options: dict[str, str]
    """Interval, time-out and counts of the probes."""


class ForwardingGroup(Table, table="Forwarding_Group"):
    """A virtual address that several ports of a switch serve in turn."""

    name: str
    """What people call it."""

    vip: str
    """The virtual IPv4 address."""

    vmac: str
    """The MAC address that answers to it."""

    liveness: bool
    """Whether only ports whose tunnels are alive get traffic."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    child_port: Annotated[tuple[str, ...], Size(1, None)]
    """The ports that serve it."""


class AddressSet(Table, table="Address_Set", indexes=(("name",),), root=True):
    """A named set of addresses, written `$NAME` in matches."""

    name: str
    """What matches call it."""

    addresses: tuple[str, ...]
    """IP or Ethernet addresses, or prefixes, all of one kind."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class PortGroup(Table, table="Port_Group", indexes=(("name",),), root=True):
    """A named set of switch ports, written `@NAME` in matches, with rules of its own."""

    name: str
    """What matches call it."""

    ports: tuple[Annotated[Ref[LogicalSwitchPort], WEAK], ...]
    """The members."""

    acls: tuple[Ref[ACL], ...]
    """Rules that hold on every switch with a member."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LoadBalancer(Table, table="Load_Balancer", root=True):
    """Virtual addresses whose traffic is spread over backends."""

    name: str
    """What people and commands call it."""

    vips: dict[str, str]
    """For each virtual `IP[:PORT]` the backends, separated by commas."""

    protocol: Annotated[str, OneOf("sctp", "tcp", "udp")] | None
    """The protocol of virtual addresses with a port; absent means `tcp`."""

    health_check: tuple[Ref[LoadBalancerHealthCheck], ...]
    """Checks that take backends that do not answer out of use."""

    ip_port_mappings: dict[str, str]
    """For each checked backend address: its switch port and the address that probes come from."""

    selection_fields: tuple[Annotated[str, OneOf(
        "eth_dst", "eth_src", "ip_dst", "ip_src", "ipv6_dst", "ipv6_src", "tp_dst", "tp_src",
    )], ...]
    """The header fields whose hash chooses the backend; all of the connection's where empty."""

    options: dict[str, str]
    """Affinity, hairpin, rejection and other behaviour by key."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LoadBalancerGroup(Table, table="Load_Balancer_Group", indexes=(("name",),), root=True):
    """Load balancers that switches and routers take together."""

    name: str
    """What commands call it."""

    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]
    """The members."""


class LoadBalancerHealthCheck(Table, table="Load_Balancer_Health_Check"):
    """How the backends of one virtual address are checked."""

    vip: str
    """The virtual address, as in the load balancer's `vips`."""

    options: dict[str, str]
    """Intervals, time-outs and counts of the probes."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class ACL(Table, table="ACL"):
    """A rule on what may enter or leave the ports of a switch or port group."""

    name: Annotated[str, Length(None, 63)] | None
    """What log lines call it."""

    priority: Annotated[int, Range(0, 32767)]
    """Of rules that match, the one with the highest counts."""

    direction: Annotated[str, OneOf("from-lport", "to-lport")]
    """`from-lport` looks at what a port sends, `to-lport` at what it is about to receive."""

    match: str
    """Which packets: an expression of the logical language."""

    action: Annotated[str, OneOf("allow", "allow-related", "allow-stateless", "drop", "pass", "reject")]
    """What happens to them; `allow-related` lets replies pass too, `pass` leaves the decision to the next tier."""

    network_function_group: Ref[NetworkFunctionGroup] | None
    """The network functions that allowed packets are sent through."""

    log: bool
    """Whether packets that match are logged."""

    severity: Annotated[str, OneOf("alert", "debug", "info", "notice", "warning")] | None
    """How important the log lines are."""

    meter: str | None
    """The meter that limits logging."""

    label: Annotated[int, Range(0, 4294967295)]
    """A number that is put into the connection tracker's label, for those who collect flows; 0 for none."""

    tier: Annotated[int, Range(0, 3)]
    """Rules of a lower tier are asked first."""

    sample_new: Ref[Sample] | None
    """What to sample of new connections."""

    sample_est: Ref[Sample] | None
    """What to sample of connections that are established."""

    options: dict[str, str]
    """Settings by key, such as `apply-after-lb` and `log-related`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class QoS(Table, table="QoS"):
    """A rule that marks or limits traffic of a switch."""

    priority: Annotated[int, Range(0, 32767)]
    """Of rules that match, the one with the highest counts."""

    direction: Annotated[str, OneOf("from-lport", "to-lport")]
    """`from-lport` looks at what a port sends, `to-lport` at what it is about to receive."""

    match: str
    """Which packets: an expression of the logical language."""

    action: dict[Annotated[str, OneOf("dscp", "mark")], Annotated[int, Range(0, 4294967295)]]
    """What is written into the packet: `dscp` and `mark`."""

    bandwidth: dict[Annotated[str, OneOf("burst", "rate")], Annotated[int, Range(1, 4294967295)]]
    """The limit: `rate` in kbit/s and `burst` in kbit."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Mirror(Table, table="Mirror", indexes=(("name",),), root=True):
    """Where copies of packets go."""

    name: str
    """What ports and commands call it."""

    filter: Annotated[str, OneOf("both", "from-lport", "to-lport")]
    """Which packets of a port: those it sends, those it receives, or both."""

    sink: str
    """Where copies go: an address for `gre` and `erspan`, a port's name for `local` and `lport`."""

    type: Annotated[str, OneOf("erspan", "gre", "local", "lport")]
    """How copies travel: a GRE or ERSPAN tunnel, a local interface, or a logical port."""

    index: int
    """The key of the tunnel: a GRE key or an ERSPAN id."""

    mirror_rules: tuple[Ref[MirrorRule], ...]
    """Rules on which packets are copied; all where empty."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class MirrorRule(Table, table="Mirror_Rule"):
    """Which packets a mirror copies."""

    match: str
    """An expression of the logical language."""

    action: Annotated[str, OneOf("mirror", "skip")]
    """`mirror` copies what matches, `skip` does not."""

    priority: Annotated[int, Range(0, 32767)]
    """Of rules that match, the one with the highest counts."""


class Meter(Table, table="Meter", indexes=(("name",),), root=True):
    """A limit on how much may pass."""

    name: str
    """What rules call it; names that begin with `__` are kept for OVN."""

    unit: Annotated[str, OneOf("kbps", "pktps")]
    """Whether bands count kilobits or packets a second."""

    bands: Annotated[tuple[Ref[MeterBand], ...], Size(1, None)]
    """What happens above which rate."""

    fair: bool | None
    """Whether each rule that names the meter has the whole rate for itself."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class MeterBand(Table, table="Meter_Band"):
    """What a meter does above a rate."""

    action: Annotated[str, OneOf("drop")]
    """What happens to the surplus: it is dropped."""

    rate: Annotated[int, Range(1, 4294967295)]
    """The rate, in the meter's unit."""

    burst_size: Annotated[int, Range(0, 4294967295)]
    """How much may exceed the rate for a moment, in kilobits or packets."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LogicalRouter(Table, table="Logical_Router", root=True):
    """A virtual IP router."""

    name: str
    """What people and commands call it; it need not be unique."""

    ports: tuple[Ref[LogicalRouterPort], ...]
    """Its ports."""

    static_routes: tuple[Ref[LogicalRouterStaticRoute], ...]
    """Routes that somebody wrote."""

    policies: tuple[Ref[LogicalRouterPolicy], ...]
    """Rules that override routing."""

    enabled: bool | None
    """Whether it forwards; absent counts as yes."""

    nat: tuple[Ref[NAT], ...]
    """Translations of addresses."""

    load_balancer: tuple[Annotated[Ref[LoadBalancer], WEAK], ...]
    """The load balancers that it runs."""

    load_balancer_group: tuple[Ref[LoadBalancerGroup], ...]
    """Groups of load balancers, each as if it were named here."""

    copp: Annotated[Ref[Copp], WEAK] | None
    """How its requests to controllers are limited."""

    options: dict[str, str]
    """Settings by key, such as `chassis`, which makes it a gateway router on that chassis."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LogicalRouterPort(Table, table="Logical_Router_Port", indexes=(("name",),)):
    """Where a network attaches to a router."""

    name: str
    """What the switch port's options:router-port calls it."""

    gateway_chassis: tuple[Ref[GatewayChassis], ...]
    """Chassis that may host the port's gateway, by priority; an older way to say `ha_chassis_group`."""

    ha_chassis_group: Ref[HAChassisGroup] | None
    """The chassis that may host the port's gateway."""

    options: dict[str, str]
    """Settings by key, such as `gateway_mtu` or `redirect-type`."""

    networks: tuple[str, ...]
    """The port's addresses with their prefix lengths, such as `192.168.0.1/24`."""

    mac: str
    """The port's Ethernet address."""

    peer: str | None
    """The router port at the other end, where two routers are joined directly."""

    enabled: bool | None
    """Whether the port may be used; absent counts as yes."""

    ipv6_ra_configs: dict[str, str]
    """What router advertisements say, and whether they are sent."""

    ipv6_prefix: tuple[str, ...]
    """The prefixes that were delegated to the port."""

    dhcp_relay: Ref[DHCPRelay] | None
    """Where DHCP requests from the network behind the port are relayed to."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    status: dict[str, str]
    """What is known about the port, such as `hosting-chassis`."""


class LogicalRouterStaticRoute(Table, table="Logical_Router_Static_Route"):
    """One route of a router."""

    route_table: str
    """The table that the route is in; the main one where empty."""

    ip_prefix: str
    """The destinations (or sources, as `policy` says), such as `10.0.0.0/8`."""

    policy: Annotated[str, OneOf("dst-ip", "src-ip")] | None
    """Whether the prefix is that of destinations or of sources; destinations where absent."""

    nexthop: str
    """The next router's address, a router port's name, or `discard`."""

    output_port: str | None
    """The router port to leave by; found by the next hop's address where absent."""

    bfd: Annotated[Ref[BFD], WEAK] | None
    """The session whose state decides whether the route is used."""

    selection_fields: tuple[Annotated[str, OneOf(
        "eth_dst", "eth_src", "ip_dst", "ip_proto", "ip_src", "ipv6_dst", "ipv6_src", "tp_dst", "tp_src",
    )], ...]
    """Of routes that are equal, the header fields whose hash chooses one."""

    options: dict[str, str]
    """Settings by key, such as `ecmp_symmetric_reply`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class LogicalRouterPolicy(Table, table="Logical_Router_Policy"):
    """A rule that overrides a router's routes."""

    priority: Annotated[int, Range(0, 32767)]
    """Of policies that match, the one with the highest counts."""

    chain: str | None
    """The chain that the policy belongs to; the one where routing begins where absent."""

    match: str
    """Which packets: an expression of the logical language."""

    action: Annotated[str, OneOf("allow", "drop", "jump", "reroute")]
    """What happens to them: they pass, are dropped, sent elsewhere, or the rules of another chain are asked."""

    jump_chain: str | None
    """The chain that is asked next."""

    nexthop: str | None
    """Where packets are sent; an older way to say `nexthops`."""

    nexthops: tuple[str, ...]
    """Where packets are sent; one is chosen for each connection."""

    output_port: Annotated[Ref[LogicalRouterPort], WEAK] | None
    """The router port to leave by; found by the next hop's address where absent."""

    bfd_sessions: tuple[Annotated[Ref[BFD], WEAK], ...]
    """The sessions whose states decide which next hops are used."""

    options: dict[str, str]
    """Settings by key, such as `pkt_mark`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class NAT(Table, table="NAT"):
    """A translation of addresses at a router."""

    external_ip: str
    """The address outside."""

    external_mac: str | None
    """The Ethernet address that answers for `external_ip` on the chassis where the logical port is."""

    external_port_range: str
    """The ports that translated sources get, `LOW-HIGH`."""

    logical_ip: str
    """The address inside, or the prefix for `snat`."""

    logical_port: str | None
    """The switch port whose chassis does the translation itself."""

    type: Annotated[str, OneOf("dnat", "dnat_and_snat", "snat")]
    """Whether sources, destinations, or both are translated."""

    allowed_ext_ips: Ref[AddressSet] | None
    """Only traffic with these outside addresses is translated."""

    exempted_ext_ips: Ref[AddressSet] | None
    """Traffic with these outside addresses is not translated."""

    gateway_port: Annotated[Ref[LogicalRouterPort], WEAK] | None
    """The distributed gateway port that the translation belongs to, where there are several."""

    priority: Annotated[int, Range(0, 32767)]
    """Of translations that match, the one with the highest counts."""

    match: str
    """Further conditions: an expression of the logical language."""

    options: dict[str, str]
    """Settings by key, such as `stateless`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class DHCPOptions(Table, table="DHCP_Options", root=True):
    """What guests are told by DHCP."""

    cidr: str
    """The network that the options are for; its kind says whether they are of DHCPv4 or DHCPv6."""

    options: dict[str, str]
    """The options by name, such as `server_id`, `router` or `lease_time`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class DHCPRelay(Table, table="DHCP_Relay", root=True):
    """Servers that DHCP requests are relayed to."""

    name: str
    """What router ports call it."""

    servers: str | None
    """The server's address."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class Connection(Table, table="Connection", indexes=(("target",),)):
    """A remote that the database server listens on or connects to."""

    target: str
    """Where: `ptcp:PORT[:HOST]` or `pssl:…` to listen, `tcp:HOST:PORT` or `ssl:…` to connect."""

    max_backoff: Annotated[int, Range(1000, None)] | None
    """The longest wait between two attempts to connect, in milliseconds."""

    inactivity_probe: int | None
    """How long a silent peer is left alone before it is probed, in milliseconds; 0 never probes."""

    other_config: dict[str, str]
    """Settings by key, for what has no column of its own."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    is_connected: Annotated[bool, EPHEMERAL]
    """Whether a client is connected now."""

    status: Annotated[dict[str, str], EPHEMERAL]
    """What the server reports: state, seconds since, last error, bound port, locks held."""


class DNS(Table, table="DNS", root=True):
    """Names that are answered for by the network itself."""

    records: dict[str, str]
    """For each name the addresses, separated by spaces."""

    options: dict[str, str]
    """Settings by key, such as `ovn-owned`."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class SSL(Table, table="SSL", max_rows=1):
    """The server's TLS files."""

    private_key: str
    """The file of the server's private key."""

    certificate: str
    """The file of the certificate that vouches for the private key."""

    ca_cert: str
    """The file of the authority that peers' certificates are checked against."""

    bootstrap_ca_cert: bool
    """Whether to trust, and store in `ca_cert`, the first authority that a peer shows."""

    ssl_protocols: str
    """The TLS versions that may be used, in one string."""

    ssl_ciphers: str
    """The ciphers that may be used up to TLS 1.2, in OpenSSL's notation."""

    ssl_ciphersuites: str
    """The cipher suites that may be used from TLS 1.3 on, in OpenSSL's notation."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class GatewayChassis(Table, table="Gateway_Chassis", indexes=(("name",),)):
    """A chassis that may host a router port's gateway."""

    name: str
    """What commands call it, usually port and chassis joined."""

    chassis_name: str
    """The chassis."""

    priority: Annotated[int, Range(0, 32767)]
    """Of chassis that are alive, the one with the highest hosts the gateway."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""


class HAChassis(Table, table="HA_Chassis"):
    """A chassis of a group of which one is active."""

    chassis_name: str
    """The chassis."""

    priority: Annotated[int, Range(0, 32767)]
    """Of chassis that are alive, the one with the highest is active."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class HAChassisGroup(Table, table="HA_Chassis_Group", indexes=(("name",),), root=True):
    """Chassis of which one is active."""

    name: str
    """What commands call it."""

    ha_chassis: tuple[Ref[HAChassis], ...]
    """The members."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class BFD(Table, table="BFD", indexes=(("logical_port", "dst_ip"),), root=True):
    """A session that watches whether the way to a next hop works (RFC 5880)."""

    logical_port: str
    """The router port that runs the session."""

    dst_ip: str
    """The address that is watched."""

    min_tx: Annotated[int, Range(1, None)] | None
    """The shortest interval between packets that we send, in milliseconds."""

    min_rx: int | None
    """The shortest interval between packets that we can take, in milliseconds."""

    detect_mult: Annotated[int, Range(1, None)] | None
    """How many packets may be missed before the way counts as broken."""

    status: Annotated[str, OneOf("admin_down", "down", "init", "up")] | None
    """The session's state."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""

    options: dict[str, str]
    """Settings by key, for what has no column of its own."""


class StaticMACBinding(Table, table="Static_MAC_Binding", indexes=(("logical_port", "ip"),), root=True):
    """An Ethernet address that a router need not ask for."""

    logical_port: str
    """The router port."""

    ip: str
    """The address of the neighbour."""

    mac: str
    """The Ethernet address of the neighbour."""

    override_dynamic_mac: bool
    """Whether this counts even if the neighbour says otherwise."""


class ChassisTemplateVar(Table, table="Chassis_Template_Var", indexes=(("chassis",),), root=True):
    """What variables in templates of load balancers stand for on one chassis."""

    chassis: str
    """The chassis."""

    variables: dict[str, str]
    """The value of each variable, written `^NAME` in templates."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""


class SamplingApp(Table, table="Sampling_App", indexes=(("type",),), root=True):
    """The number by which samples of one kind are told apart."""

    type: Annotated[str, OneOf("acl-est", "acl-new", "drop")]
    """The kind: dropped packets, or new or established connections that ACLs sample."""

    id: Annotated[int, Range(1, 255)]
    """The observation domain's upper bits."""

    external_ids: dict[str, str]
    """Pairs for whoever manages the row; a key that means something elsewhere is said there."""
