"""Random packets for a network, described as `ovn-trace` takes them: addresses and ports are those that its rows speak of, and others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

from pyovn.trace.network import Row, Select

_MAC = re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b")
_IPV4 = re.compile(r"(?<![\d./])(?:\d{1,3}\.){3}\d{1,3}(?![\d./])")
_IPV6 = re.compile(r"(?<![0-9a-f:/])(?:fd|fe80|aef|2001)[0-9a-f:]*::[0-9a-f:]+(?![0-9a-f:/])")
_PORT = re.compile(r"(?:tcp|udp)\.dst == (\d+)")
CT_STATES = ("trk,new", "trk,est", "trk,est,rpl", "trk,inv", "trk,rel", "new", "est,dnat")


@dataclass(slots=True)
class Words:
    """What a network's rows speak of."""

    ports: list[tuple[str, str]] = field(default_factory=list)
    """(datapath, port)."""
    macs: list[str] = field(default_factory=list)
    ipv4: list[str] = field(default_factory=list)
    ipv6: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    """Transport ports."""
    own: dict[str, list[str]] = field(default_factory=dict)
    """The addresses of each port."""


def words_of(select: Select) -> Words:
    """The words of a southbound database."""
    words = Words()
    names = {row["_uuid"]: row["external_ids"]["name"] for row in select("Datapath_Binding", [], ("_uuid", "external_ids"))}
    text = ""
    for row in select("Port_Binding", [], ("logical_port", "datapath", "mac", "type", "nat_addresses")):
        words.own[row["logical_port"]] = _strings(row, "mac")
        text += " ".join([*_strings(row, "mac"), *_strings(row, "nat_addresses"), ""])
        if row["type"] not in ("patch", "chassisredirect", "l3gateway"):
            words.ports.append((names[row["datapath"]], row["logical_port"]))
    for row in select("Logical_Flow", [], ("match", "actions")):
        text += f"{row['match']} {row['actions']} "
    words.macs, words.ipv4, words.ipv6 = (sorted(set(kind.findall(text))) for kind in (_MAC, _IPV4, _IPV6))
    words.numbers = sorted(set(_PORT.findall(text)))
    words.ports.sort()
    return words


def _strings(row: Row, column: str) -> list[str]:
    value = row[column]
    return value if isinstance(value, list) else [value]


def random_line(random: Random, words: Words) -> list[str]:
    """A command line for a packet that comes in by one of the ports."""
    datapath, port = random.choice(words.ports)
    own = " ".join(words.own[port])
    mac = _one(random, _MAC.findall(own) * 6 + words.macs, "02:00:00:00:00:99")
    to = _one(random, words.macs * 3 + ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05", "33:33:00:00:00:01"], "02:00:00:00:00:98")
    parts = [f'inport == "{port}"', f"eth.src == {mac}", f"eth.dst == {to}"]
    kind = random.choice(("ip4", "ip4", "ip4", "ip6", "ip6", "arp", "nd", "none", "dhcp"))
    parts += {"ip4": _ip4, "ip6": _ip6, "arp": _arp, "nd": _nd, "dhcp": _dhcp, "none": _nothing}[kind](random, words, own)
    return [*_options(random, words), datapath, " && ".join(parts)]


def _one(random: Random, texts: list[str], other: str) -> str:
    return random.choice([*texts, other])


def _ip4(random: Random, words: Words, own: str) -> list[str]:
    source = _one(random, _IPV4.findall(own) * 8 + words.ipv4, "192.0.2.1")
    target = _one(random, words.ipv4 * 4, random.choice(("8.8.8.8", "224.0.0.7", "255.255.255.255")))
    return [f"ip4.src == {source}", f"ip4.dst == {target}", *_transport(random, words, "4")]


def _ip6(random: Random, words: Words, own: str) -> list[str]:
    source = _one(random, _IPV6.findall(own) * 8 + words.ipv6, "fd0a::1")
    target = _one(random, words.ipv6 * 4, random.choice(("2001:db8::1", "ff02::1", "ff05::2")))
    return [f"ip6.src == {source}", f"ip6.dst == {target}", *_transport(random, words, "6")]


def _transport(random: Random, words: Words, version: str) -> list[str]:
    parts = [f"ip.ttl == {random.choice((64, 64, 64, 1, 0, 255))}"]
    kind = random.choice(("tcp", "udp", "icmp", "sctp", "", "frag"))
    number = _one(random, words.numbers * 2, random.choice(("80", "53", "443")))
    if kind in ("tcp", "udp", "sctp"):
        parts += [f"{kind}.src == {random.choice((1000, 53, 546))}", f"{kind}.dst == {number}"]
    elif kind == "icmp":
        parts += [f"icmp{version}.type == {random.choice((8, 128, 3, 135))}", f"icmp{version}.code == 0"]
    elif kind == "frag":
        parts.append("ip.frag" if version == "4" else "ip.proto == 89")
    return parts


def _arp(random: Random, words: Words, own: str) -> list[str]:
    sender = _one(random, _MAC.findall(own) * 6 + words.macs, "02:00:00:00:00:97")
    source, target = _one(random, _IPV4.findall(own) * 8 + words.ipv4, "192.0.2.1"), _one(random, words.ipv4 * 4, "192.0.2.2")
    operation = random.choice((1, 1, 2))
    return [f"arp.op == {operation}", f"arp.sha == {sender}", f"arp.spa == {source}", f"arp.tpa == {target}"]


def _nd(random: Random, words: Words, own: str) -> list[str]:
    source, target = _one(random, _IPV6.findall(own) * 8 + words.ipv6, "fd0a::1"), _one(random, words.ipv6 * 4, "fd0a::2")
    kind = random.choice((("nd_ns", "nd.sll"), ("nd_na", "nd.tll")))
    link = _one(random, _MAC.findall(own) * 6 + words.macs, "02:00:00:00:00:97")
    to = random.choice((f"ip6.dst == {target}", "ip6.dst == ff02::1:ff00:1"))
    return [kind[0], f"nd.target == {target}", f"{kind[1]} == {link}", f"ip6.src == {source}", to]


def _dhcp(random: Random, words: Words, own: str) -> list[str]:
    if random.random() < 0.5:
        return ["ip4.src == 0.0.0.0", "ip4.dst == 255.255.255.255", "udp.src == 68", "udp.dst == 67", "ip.ttl == 1"]
    return ["ip6.src == fe80::1", "ip6.dst == ff02::1:2", "udp.src == 546", "udp.dst == 547", "ip.ttl == 1"]


def _nothing(random: Random, words: Words, own: str) -> list[str]:
    return random.choice(([], ["vlan.present", "vlan.vid == 5"], ["eth.type == 0x88cc"], ["ip4"], ["ip6", "tcp"]))


def _options(random: Random, words: Words) -> list[str]:
    options = [random.choice(("--all", "--detailed", "--summary", "--minimal"))]
    options += [f"--ct={random.choice(CT_STATES)}" for _ in range(random.choice((0, 0, 1, 2)))]
    if random.random() < 0.5 and words.ipv4:
        port = random.choice(("", f":{_one(random, words.numbers, '8000')}"))
        options.append(f"--lb-dst={random.choice(words.ipv4)}{port}")
    if random.random() < 0.3:
        options.append(f"--select-id={random.randint(1, 3)}")
    if random.random() < 0.2:
        options.append("--no-friendly-names")
    return options
