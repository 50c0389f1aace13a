"""Router advertisements that nobody asked for (RFC 4861 6.2.4): each chassis tells its own machines, from time to time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zlib import crc32

from pyovn.controller.addresses import ip_number, mac_number
from pyovn.controller.local_datapaths import datapath_key, is_local, peer_of
from pyovn.controller.physical.ports import L3GATEWAY
from pyovn.controller.services.frame import IPV6, ethernet, icmpv6
from pyovn.controller.services.request import enter
from pyovn.controller.services.turns import Turns
from pyovn.controller.tables import LogicalFlag
from pyovn.logical.actions.router_advertisement import advertisement
from pyovn.logical.lexer import LogicalError, quote
from pyovn.openflow.message import PacketOut
from pyovn.query import Engine, each
from pyovn.schemas import sb

ALL_NODES, ALL_NODES_MAC = 0xFF02 << 112 | 1, bytes.fromhex("333300000001")
FIRST, FIRST_S = 3, 16.0
"""So many advertisements come no further apart than this, so that a new router is soon known (RFC 4861 6.2.4)."""
MAX_INTERVAL_S, MIN_INTERVAL_S = 600, 200
TEXTS = ("dnssl", "route_info")


class Advertised(NamedTuple):
    """What is said at which port of a switch, and the shortest and longest time from one to the next."""

    datapath: int
    port: int
    flags: int
    mac: int
    src: int
    options: str
    """As the logical action writes them."""
    shortest_s: float
    longest_s: float


def _advertised(db: Engine, ref: str) -> Iterator[Advertised]:
    row = db.get(sb.PortBinding, ref)
    if row is None or row.options.get("ipv6_ra_send_periodic") != "true" or not is_local(db, row.datapath):
        return
    peer = db.get(sb.PortBinding, peer_of(db, ref) or "")
    key = datapath_key(db, peer.datapath) if peer else None
    said = {name.removeprefix("ipv6_ra_"): value for name, value in row.options.items() if name.startswith("ipv6_ra_")}
    mac, source = mac_number(said.get("src_eth", "")), ip_number(said.get("src_addr", ""))
    if peer is None or key is None or mac is None or source is None or source[0] != 6:
        return
    # Machines elsewhere are told by their own chassis, but for a gateway's, which has only one.
    flags = LogicalFlag.LOCAL_ONLY | (LogicalFlag.NOT_LOCAL_ONLY if row.type == L3GATEWAY else 0)
    pace = _number(said, "min_interval", MIN_INTERVAL_S), _number(said, "max_interval", MAX_INTERVAL_S)
    yield Advertised(key, peer.tunnel_key, int(flags), mac, source[1], ", ".join(_options(said)), *pace)


def _number(said: Mapping[str, str], key: str, default: int) -> int:
    return int(said[key]) if said.get(key, "").isdecimal() else default


def _options(said: Mapping[str, str]) -> Iterator[str]:
    yield f"addr_mode = {quote(said.get('address_mode', ''))}"
    if said.get("prf", "MEDIUM") != "MEDIUM":
        yield f"router_preference = {quote(said['prf'])}"
    yield f"slla = {said['src_eth']}"
    yield from (f"{name} = {said[name]}" for name in ("mtu", "rdnss") if name in said)
    yield from (f"prefix = {prefix}" for prefix in said.get("prefixes", "").split())
    yield from (f"{name} = {quote(said[name])}" for name in TEXTS if name in said)


ADVERTISED = each((sb.PortBinding, _advertised))
"""All that this chassis says."""


def announcement(of: Advertised) -> PacketOut | None:
    """The advertisement to all machines at its port; None for options that make none."""
    try:
        message = advertisement(of.options)
    except LogicalError:
        return None
    frame = ethernet(ALL_NODES_MAC, of.mac.to_bytes(6, "big"), IPV6, icmpv6(of.src, ALL_NODES, message))
    return enter(frame, of.datapath, of.port, of.flags)


class Advertiser:
    """The machine that says it again and again."""

    def __init__(self, db: Engine) -> None:
        self._turns = Turns(db, ADVERTISED)

    def tick(self, now: float) -> Iterator[PacketOut]:
        """The advertisements that are due."""
        for of, times in self._turns.ripe(now):
            self._turns.put_off(of, now + _wait_s(of, times))
            packet = announcement(of)
            if packet is not None:
                yield packet

    def due(self) -> float:
        """When the next one is."""
        return self._turns.due()


def _wait_s(of: Advertised, said: int) -> float:
    """Somewhere between the shortest and the longest, so that routers do not fall into step."""
    draw = crc32(f"{of.mac} {said}".encode()) / 2**32
    wait = of.shortest_s + draw * max(0.0, of.longest_s - of.shortest_s)
    return min(wait, FIRST_S) if said < FIRST else wait
