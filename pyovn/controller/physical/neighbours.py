"""Addresses learned or given: IP to MAC on routers, MAC to port on switches, as tables that `get_arp`, `lookup_arp`, `get_fdb` … read."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.addresses import ip_number, mac_number
from pyovn.controller.local_datapaths import datapath_key, is_local, port_ref
from pyovn.controller.physical.ports import spot_of
from pyovn.controller.rule import Rule, cookie_of, put
from pyovn.controller.tables import FLAGS, INPORT, OUTPORT, LogicalFlag, OFTable
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine
from pyovn.schemas import sb

FOUND = put(FLAGS, LogicalFlag.LOOKUP_MAC, LogicalFlag.LOOKUP_MAC)
LEARNED, STATIC, OVERRIDING = 100, 50, 150
"""Priorities: what was learned counts more than what was given, unless told otherwise."""

ARP, IPV4, IPV6, ICMPV6 = 0x0806, 0x0800, 0x86DD, 58


def _lookups(db: Engine, row: sb.MACBinding | sb.StaticMACBinding, priority: int) -> Iterator[Rule]:
    port = port_ref(db, row.logical_port)
    spot = spot_of(db, port) if port else None
    mac, address = mac_number(row.mac), ip_number(row.ip)
    if spot is None or mac is None or address is None:
        return
    version, number = address
    cookie = cookie_of(row.uuid)
    wanted, seen = ("reg0", "reg0") if version == 4 else ("xxreg1", "xxreg0")
    yield Rule(OFTable.MAC_BINDING, priority, spot.match(OUTPORT, **{wanted: number}), (put("eth_dst", mac), FOUND), cookie)
    kind: dict[str, Asked] = {"eth_type": ARP} if version == 4 else {"eth_type": IPV6, "nw_proto": ICMPV6, "icmpv6_code": 0}
    yield Rule(OFTable.MAC_LOOKUP, priority, spot.match(INPORT, **{seen: number}, eth_src=mac, **kind), (FOUND,), cookie)
    if isinstance(row, sb.MACBinding):
        # Packets that meet these rules are what says that the neighbour is still there.
        source: dict[str, Asked] = {"eth_type": IPV4, "ip_src": number} if version == 4 else {"eth_type": IPV6, "ipv6_src": number}
        yield Rule(OFTable.MAC_CACHE_USE, 100, spot.match(INPORT, eth_src=mac, **source), (), cookie)
        if version == 4:
            answer = spot.match(INPORT, eth_src=mac, eth_type=ARP, arp_op=2, arp_spa=number)
            yield Rule(OFTable.MAC_CACHE_USE, 100, answer, (), cookie)


def mac_binding_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """A neighbour that was learned."""
    row = db.get(sb.MACBinding, ref)
    if row:
        yield from _lookups(db, row, LEARNED)


def static_mac_binding_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """A neighbour that was given."""
    row = db.get(sb.StaticMACBinding, ref)
    if row:
        yield from _lookups(db, row, OVERRIDING if row.override_dynamic_mac else STATIC)


def fdb_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """Behind which port of a switch an address was seen."""
    row = db.get(sb.FDB, ref)
    datapath = next(iter(db.find(sb.DatapathBinding, "tunnel_key", row.dp_key)), None) if row else None
    mac = mac_number(row.mac) if row else None
    if row is None or datapath is None or mac is None or not is_local(db, datapath):
        return
    key, cookie = datapath_key(db, datapath), cookie_of(ref)
    assert key is not None
    yield Rule(OFTable.GET_FDB, 100, Match.of({"metadata": key, "eth_dst": mac}), (put(OUTPORT, row.port_key),), cookie)
    seen = Match.of({"metadata": key, "eth_src": mac, INPORT: row.port_key})
    yield Rule(OFTable.LOOKUP_FDB, 100, seen, (put(FLAGS, LogicalFlag.LOOKUP_FDB, LogicalFlag.LOOKUP_FDB),), cookie)
