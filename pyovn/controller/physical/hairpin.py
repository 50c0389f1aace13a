"""Load balancers whose backend is the client itself: how such packets are known, and the address they get so that their answers come back.

A packet that left for a virtual address and is now on its way to its own sender must seem to come from elsewhere, or the
sender would answer itself. Whoever is recognised teaches a rule by which the answer is recognised too.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.controller.local_datapaths import datapath_key, is_local
from pyovn.controller.rule import Rule, bits, cookie_of, put
from pyovn.controller.tables import FLAGS, SNAT_ZONE, LogicalFlag, OFTable
from pyovn.controller.variables import expanded
from pyovn.openflow.action import Ct, Learn, LearnLoad, LearnMatch, Nat
from pyovn.openflow.fields import whole
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, query
from pyovn.schemas import sb

IPV4, IPV6 = 0x0800, 0x86DD
PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
NATTED = 0x2
"""The bit of a connection's mark that says that a load balancer has chosen its backend (ovn-sb(5), `ct_mark.natted`)."""
DELETE_LEARNED = 2
"""What was learned goes with the rule that taught it."""


class Address(NamedTuple):
    """An address with a port, or with none (0), as `IP:PORT`, `[IP]:PORT` or `IP` says."""

    version: int
    number: int
    port: int
    text: str


def parse_address(text: str) -> Address | None:
    """The address in a text; None if there is none, as where a template was not filled in."""
    host, _, port = text.rpartition(":") if text.count(":") == 1 or "]:" in text else (text, "", "0")
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return None
    return Address(address.version, int(address), int(port), str(address)) if port.isdigit() and int(port) < 1 << 16 else None


class Balancer(NamedTuple):
    """What all virtual addresses of a load balancer share."""

    protocol: int
    cookie: int
    datapaths: tuple[str, ...]


@query
def local_in_group(db: Engine, group: str) -> tuple[str, ...]:
    """The datapaths of a group that matter here."""
    row = db.get(sb.LogicalDPGroup, group)
    return tuple(datapath for datapath in row.datapaths if is_local(db, datapath)) if row else ()


@query
def balanced_datapaths(db: Engine, ref: str) -> tuple[str, ...]:
    """The datapaths on which a load balancer runs that matter here."""
    row = db.get(sb.LoadBalancer, ref)
    if row is None:
        return ()
    groups = (row.datapath_group, row.ls_datapath_group, row.lr_datapath_group)
    found: list[str] = [datapath for datapath in row.datapaths if is_local(db, datapath)]
    found += [datapath for group in groups if group for datapath in local_in_group(db, group)]
    return tuple(dict.fromkeys(found))


def hairpin_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one load balancer."""
    row = db.get(sb.LoadBalancer, ref)
    datapaths = balanced_datapaths(db, ref)
    if row is None or not datapaths:
        return
    balancer = Balancer(PROTOCOLS[row.protocol or "tcp"], cookie_of(ref), datapaths)
    given = [found for found in map(parse_address, row.options.get("hairpin_snat_ip", "").split()) if found]
    for text, members in row.vips.items():
        vip = parse_address(expanded(db, text))
        if vip is None:
            continue
        own = next((address for address in given if address.version == vip.version), None)
        for member in filter(None, map(parse_address, expanded(db, members).split(","))):
            if member.version == vip.version:
                yield _recognised(vip, member, own or vip, balancer)
        yield from _translated(db, vip, own, balancer)


def _asked(vip: Address, protocol: int) -> dict[str, Asked]:
    """What a packet to the virtual address has kept of it in registers."""
    kept: dict[str, Asked] = {"eth_type": IPV4, "reg4": vip.number} if vip.version == 4 else {"eth_type": IPV6, "xxreg1": vip.number}
    return {**kept, **({"nw_proto": protocol, "reg2": (vip.port, 0xFFFF)} if vip.port else {})}


def _recognised(vip: Address, member: Address, seen_as: Address, balancer: Balancer) -> Rule:
    protocol, cookie, _ = balancer
    source, target = ("ip_src", "ip_dst") if vip.version == 4 else ("ipv6_src", "ipv6_dst")
    asked = {**_asked(vip, protocol), "ct_mark": (NATTED, NATTED), source: member.number, target: member.number}
    if vip.port:
        asked[f"{_word(protocol)}_dst"] = member.port
    hairpin = LogicalFlag.LOOKUP_LB_HAIRPIN
    teach = Learn(OFTable.CHECK_LB_HAIRPIN_REPLY, _answer(vip, seen_as, protocol), cookie=cookie, flags=DELETE_LEARNED)
    return Rule(OFTable.CHECK_LB_HAIRPIN, 100, Match.of(asked), (put(FLAGS, hairpin, hairpin), teach), cookie)


def _answer(vip: Address, seen_as: Address, protocol: int) -> tuple[LearnMatch | LearnLoad, ...]:
    """What tells the answer: from the same machine, to where the question seemed to come from."""
    source, target = ("ip_src", "ip_dst") if vip.version == 4 else ("ipv6_src", "ipv6_dst")
    kind, word = (IPV4 if vip.version == 4 else IPV6), _word(protocol)
    ports = (
        LearnMatch(protocol, whole("nw_proto")), LearnMatch(whole(f"{word}_dst"), whole(f"{word}_src")),
    ) if vip.port else (LearnMatch(whole("nw_proto"), whole("nw_proto")),)  # fmt: skip
    return (
        LearnMatch(whole("metadata"), whole("metadata")),
        LearnMatch(kind, whole("eth_type")),
        LearnMatch(whole(source), whole(source)),
        LearnMatch(seen_as.number, whole(target)),
        *ports,
        LearnLoad(1, bits(FLAGS, LogicalFlag.LOOKUP_LB_HAIRPIN.bit_length() - 1, 1)),
    )  # fmt: skip


def _translated(db: Engine, vip: Address, own: Address | None, balancer: Balancer) -> Iterator[Rule]:
    """The source address of a recognised packet: the virtual address, or one given for the purpose."""
    translate = (Ct(commit=True, zone=bits(SNAT_ZONE, 0, 16), actions=(Nat("src", (own or vip).text),)),)
    protocol, cookie, datapaths = balancer
    asked = _asked(vip, protocol)
    if own is None:
        yield Rule(OFTable.CT_SNAT_HAIRPIN, 100 if vip.port else 90, Match.of(asked), translate, cookie)
        return
    for datapath in datapaths:
        key = datapath_key(db, datapath)
        if key is not None:
            yield Rule(OFTable.CT_SNAT_HAIRPIN, 200 if vip.port else 190, Match.of({**asked, "metadata": key}), translate, cookie)


def _word(protocol: int) -> str:
    """How fields of the protocol begin."""
    return next(word for word, number in PROTOCOLS.items() if number == protocol)
