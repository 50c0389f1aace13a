"""SB_Global and what the compiler says back in NB_Global: options for everyone, and how far it has come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pyovn.northd.global_options import is_on
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.query import Engine, index, projection, query
from pyovn.schemas import nb, sb

VERSION = f"26.03.2-{sb.VERSION}-82.14"
"""What chassis that insist on the compiler's version compare: release, southbound schema, and the language of actions."""

MAX_TUNNEL_ID = (1 << 24) - (1 << 16)
"""Geneve has 24 bits for a datapath; the uppermost are kept for VTEP gateways."""

MAX_VXLAN_TUNNEL_ID = (1 << 12) - 1
"""VXLAN has to share its 24 bits between datapath and port."""

MAX_VXLAN_TUNNEL_ID_OF_ZONE = (1 << 10) - 1
"""Where zones are connected by VXLAN the others are for the switches that they share."""

MAX_PORT_KEY = (1 << 15) - 1
MAX_VXLAN_PORT_KEY = (1 << 11) - 1


def made_mac(seed: str) -> str:
    """A locally administered unicast MAC that depends on `seed` alone."""
    octets = bytearray(hashlib.blake2b(seed.encode(), digest_size=6).digest())
    octets[0] = octets[0] & 0xFC | 0x02
    return octets.hex(":")


@projection
def _chosen_options(db: Engine, ref: str) -> dict[str, str] | None:
    row = db.get(nb.NBGlobal, ref)
    return row.options if row else None


@query
def completed_options(db: Engine, ref: str) -> dict[str, str]:
    """NB_Global's options with those that the compiler adds where the owner has not chosen."""
    chosen = _chosen_options(db, ref)
    if chosen is None:
        return {}
    options = {
        "mac_prefix": made_mac(f"{ref} prefix")[:8],
        "svc_monitor_mac": made_mac(f"{ref} monitor"),
        "svc_monitor_mac_dst": made_mac(f"{ref} monitored"),
        **chosen,
    }
    options["max_tunid"] = str(max_tunnel_id(db))
    options["northd_internal_version"] = VERSION
    return dict(sorted(options.items()))


@query
def shares_tunnel_ids(db: Engine) -> bool:
    """Some chassis has VXLAN tunnels, and the owner has not declined to reckon with them."""
    return bool(db.find(sb.Encap, "type", "vxlan")) and is_on(db, "vxlan_mode", True)


def _of_another_zone(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(nb.LogicalSwitch, ref)
    if row is not None and "ic-vxlan_mode" in row.other_config:
        yield "", True


_BETWEEN_ZONES = index((nb.LogicalSwitch, _of_another_zone))
"""Whether switches that several zones share leave part of VXLAN's keys to these."""


@query
def max_tunnel_id(db: Engine) -> int:
    """The largest tunnel key of a datapath that every chassis' tunnels can carry."""
    if _BETWEEN_ZONES(db, ""):
        return MAX_VXLAN_TUNNEL_ID_OF_ZONE
    return MAX_VXLAN_TUNNEL_ID if shares_tunnel_ids(db) else MAX_TUNNEL_ID


@query
def max_port_key(db: Engine) -> int:
    """The largest tunnel key of a port that every chassis' tunnels can carry; the upper half is for multicast groups."""
    return MAX_VXLAN_PORT_KEY if shares_tunnel_ids(db) else MAX_PORT_KEY


def sb_global(db: Engine, ref: str) -> Iterator[Wanted]:
    """The southbound's only row: the northbound's options, plus what this compiler's flows count on."""
    row = db.get(nb.NBGlobal, ref)
    if row is None:
        return
    options = {**completed_options(db, ref), "arp_ns_explicit_output": "true", "register_consolidation": "true"}
    yield wanted(sb.SBGlobal, "", options=options, ipsec=row.ipsec, nb_cfg=row.nb_cfg)
