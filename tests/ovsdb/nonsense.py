"""Rows that keep to a schema and to nothing else: what a careless or hostile client may write into any table."""

from __future__ import annotations

from random import Random
from typing import Any

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.schema import BaseType, Column, DatabaseSchema, TableSchema, Type
from pyovn.ovsdb.wire import transact_json

WORDS = (
    "", " ", "x", "sw0", "p1", "p2", "lr0", "rp", "sw1", "router", "unknown", "dynamic", "localnet", "l2gateway", "vtep", "virtual",
    "external", "localport", "patch", "switch", "remote", "l3gateway", "chassisredirect", "cr-rp", "hv1", "hv2", "none", "true", "false",
    "geneve", "vxlan", "00:00:00:00:00:01", "00:00:00:00:00:01 10.0.0.1", "00:00:00:00:00:0g", "ff:ff:ff:ff:ff:ff",
    "00:00:00:00:00:01 10.0.0.256", "00:00:00:00:00:01 10.0.0.1/99 fd00::1", "router 10.0.0.1", "dynamic 10.0.0.1 10.0.0.2",
    "00:00:00:00:00:01 dynamic", "unknown 1.2.3.4", "10.0.0.0/24", "10.0.0.1/24", "10.0.0.1/33", "0.0.0.0/0", "10.0.0.1", "10.0.0.1:80",
    "10.0.0.1:99999", "255.255.255.255", "fd00::1/64", "fd00::/129", "::", "fe80::1", "[fd00::1]:80", "[fd00::1", ":80",
    "10.0.0.1..10.0.0.9", "10.0.0.9..10.0.0.1 x", "224.0.0.1", "1", "0", "ip", "-1", "65536", "4294967296", "99999999999999999999999",
    "1.5", "0x10", "1e9", "NaN", "1,2,3", ",,,", "1-4", "9-1", "ip4.src == 10.0.0.1", "ip4.src ==", "(((((", "ip4 && ip6",
    "inport == \"p1\"", "tcp.dst == 99999", "ip4.src == $nope", "nope == 1", "ip4.src == {10.0.0.1, 10.0.0.2}", "outport == @nope",
    "!" * 50, "(" * 200, "ip4 || " * 40 + "ip6", "\"", "\\", "\x01", "ü☃", "a\nb", "{}", "{", "next;", "drop;", "output;", "next(",
    "ct_lb();", "put_dhcp_opts(", "reg0 = ;", "ip.ttl--; next;", "clone { output; };", "x" * 3000, "10.0.0.1/24,10.0.1.1/24", "fip4",
    "snat", "dnat", "physnet", "2001:db8::/32 10.0.0.0/8", "p1 p2", "src-ip", "dst-ip", "force_snat_ip",
)  # fmt: skip
KEYS = (
    "router-port", "requested-tnl-key", "ovn-chassis-id", "requested-chassis", "network_name", "vxlan_mode", "vlan-passthru", "server_id",
    "route_table", "nat-addresses", "mac_prefix", "l3gateway-chassis", "iface-id", "dynamic_neigh_routers", "disable_garp_rarp",
    "chassis", "always_learn_from_arp_request", "svc_monitor_mac", "server_mac", "peer", "mcast_table_size", "mcast_snoop",
    "mcast_querier", "mcast_query_interval", "mcast_ip4_src", "mcast_ip6_src", "mcast_eth_src", "mcast_idle_timeout",
    "mcast_query_max_response", "max_tunid", "mac_only", "localnet_learn_fdb", "ipv6_prefix", "subnet", "exclude_ips", "encap-ip",
    "ecmp_symmetric_reply", "distributed-port", "dhcpv6_stateless", "ct_zero_snat", "arp_cache_timeout", "lease_time", "router",
    "dns_server", "netmask", "mtu", "redirect-chassis", "redirect-type", "gateway_mtu", "gateway_mtu_bypass",
    "reside-on-redirect-chassis", "lb_force_snat_ip", "dnat_force_snat_ip", "qos_max_rate", "qos_burst", "qos_min_rate", "virtual-ip",
    "virtual-parents", "send_periodic", "address_mode", "max_interval", "min_interval", "rdnss", "route_map", "mcast_flood",
    "mcast_relay", "mcast_flood_reports", "arp_proxy", "hostname", "prefix_delegation", "prefix", "stateless", "event", "reject",
    "hairpin_snat_ip", "skip_snat", "affinity_timeout", "add_route", "interconn-ts", "ic-vxlan_mode", "use_ct_inv_match",
    "use_logical_dp_groups", "ignore_lsp_down", "lsp_has_address", "tunnel-ip", "fdb_age_threshold", "mac_binding_age_threshold",
    "ct-zone-limit", "mac-binding-timestamp", "enable-stateless-acl-with-lb", "default_acl_drop", "pkt_clone_type", "force_fdb_lookup",
    "activation-strategy", "logical-switch", "logical-router", "name", "name2", "snat-ct-zone", "copp", "interconn-ls",
    "requested-additional-chassis", "is-remote", "vlan_id", "ovn-encap-type", "ovn-bridge-mappings", "csum", "dst_port", "", "x",
    "requested-encap-ip", "tag", "ovn-nb-cfg", "pinctrl", "dynamic-routing", "dynamic-routing-redistribute", "dynamic-routing-vrf-id",
    "hosting-chassis", "nb_cfg_timestamp", "chassis-mirror",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 10, 255, 4095, 4096, 32767, 65535, 65536, 16711680, 16777215, 16777216, 2**31, 2**32, 2**63 - 1, -(2**63))


class Nonsense:
    """Draws rows for one schema."""

    def __init__(self, schema: DatabaseSchema, random: Random, favourites: tuple[str, ...] = ()) -> None:
        self.schema = schema
        self.random = random
        self.tables = [*schema.tables, *favourites * 5]
        """The tables to draw from; favourites come more often."""
        self._taken: set[tuple[str, str]] = set()

    def operations(self, count: int) -> list[dict[str, Any]]:
        """So many inserts as JSON operations, to be run in one transaction; they refer to each other."""
        drawn = [(self.random.choice(self.tables), f"n{number}") for number in range(count)]
        names = [(table, name) for table, name in drawn if self.schema.tables[table].max_rows is None]
        made: dict[str, list[str]] = {}
        for table, name in names:
            made.setdefault(table, []).append(name)
        while lonely := [table for table in made if any(other not in made for other in _needed(self.schema.tables[table]))]:
            for table in lonely:
                del made[table]
        updates = [self._update(table, made) for table in self.schema.tables.values() if table.max_rows is not None]
        return [*(self._insert(self.schema.tables[table], name, made) for table, name in names if table in made), *updates]

    def _update(self, table: TableSchema, made: dict[str, list[str]]) -> dict[str, Any]:
        """The one row that a table may have, changed."""
        columns = [column for column in table.columns.values() if column.mutable and self.random.random() < 0.3]
        row = {column.name: self.value(column.type, made) for column in columns if column.type.key.kind != "uuid"}
        return {"op": "update", "table": table.name, "where": [], "row": row}

    def _insert(self, table: TableSchema, name: str, made: dict[str, list[str]]) -> dict[str, Any]:
        columns = (column for column in table.columns.values() if self.random.random() < 0.7 or not _can_be_missing(column))
        row = {column.name: self.value(column.type, made) for column in columns}
        kept = {column: value for column, value in row.items() if value is not None}
        for index in table.indexes:
            self._make_unique(table, index[0], kept)
        return {"op": "insert", "table": table.name, "row": kept, "uuid-name": name}

    def _make_unique(self, table: TableSchema, column: str, row: dict[str, Any]) -> None:
        """What an index begins with is a word that the table does not have yet, where it is a word."""
        type_ = table.columns[column].type
        if type_.key.kind != "string" or not type_.is_scalar or type_.key.enum:
            return
        word = str(row.get(column, ["set", [""]])[1][0])
        while (table.name, word) in self._taken:
            word += "x"
        self._taken.add((table.name, word))
        row[column] = word

    def value(self, type_: Type, made: dict[str, list[str]]) -> Any:
        """A value of a column's type; None if there is none."""
        most = 3 if type_.max is None else type_.max
        wanted = self.random.randint(type_.min, max(type_.min, most))
        atoms = (self.atom(type_.key, made, KEYS if type_.value else WORDS) for _ in range(wanted))
        keys = {repr(atom): atom for atom in atoms if atom is not None}
        if len(keys) < type_.min:
            return None
        if type_.value is None:
            return ["set", list(keys.values())]
        pairs = [[key, self.atom(type_.value, made, WORDS)] for key in keys.values()]
        return ["map", [pair for pair in pairs if pair[1] is not None]]

    def atom(self, base: BaseType, made: dict[str, list[str]], words: tuple[str, ...]) -> Any:
        """An atom of a base type; None if there is none."""
        if base.enum:
            return self.random.choice(base.enum)
        if base.kind == "uuid":
            names = made.get(base.ref_table or "")
            if names:
                return ["named-uuid", self.random.choice(names)]
            return ["uuid", "00000000-0000-4000-8000-00000000dead"] if base.weak or not base.ref_table else None
        if base.kind == "string":
            return self.random.choice(words)
        if base.kind == "boolean":
            return self.random.random() < 0.5
        number = self.random.choice(NUMBERS)
        low = base.low if base.low is not None else -(2**63)
        high = base.high if base.high is not None else 2**63 - 1
        return min(max(number, low), high)


def _needed(table: TableSchema) -> list[str]:
    """The tables that a row cannot be without a row of."""
    bases = [column.type.key for column in table.columns.values() if column.type.min > 0]
    return [base.ref_table for base in bases if base.ref_table is not None]


def _can_be_missing(column: Column) -> bool:
    """Whether the default of a column keeps to its type."""
    base = column.type.key
    return column.type.min == 0 or (base.kind != "uuid" and base.enum is None and not (base.low or 0) > 0)


def say(database: Database, operations: list[dict[str, Any]]) -> int:
    """Run the operations in one transaction, without those that it is refused for; how many were left."""
    left = list(operations)
    while left:
        results = transact_json(database, left, elapsed_ms=0)
        assert results is not None
        bad = next((at for at, result in enumerate(results) if result is not None and "error" in result), None)
        if bad is None:
            return len(left)
        if bad < len(left):
            left.pop(bad)
        else:
            del left[len(left) // 2 :]
    return 0
