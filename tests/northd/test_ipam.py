"""Dynamic addresses: lowest first, kept for life, never twice."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from pyovn.northd.addresses import parse_addresses
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb
from tests.northd.compiled import port, switch
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"
GLOBAL = nb.NBGlobal("global", options={"mac_prefix": "0a:00:00"})


def given_out(rows: Iterable[Table]) -> dict[str, str | None]:
    pair = Pair()
    pair.load([GLOBAL, *rows])
    return {row.name: row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)}


def check(config: dict[str, str], ports: dict[str, str], expected: dict[str, str | None]) -> None:
    """What ports that ask for these addresses are given on a switch with this other_config."""
    rows = switch(*(port(name, text) for name, text in ports.items()), other_config=config)
    assert given_out(rows) == expected


def test_the_first_address_is_the_routers() -> None:
    check({"subnet": "10.0.0.0/24"}, {"a": f"{MAC} dynamic"}, {"a": f"{MAC} 10.0.0.2"})


def test_what_is_excluded_or_static_is_not_given() -> None:
    config = {"subnet": "10.0.0.0/24", "exclude_ips": "10.0.0.1..10.0.0.9 10.0.0.11"}
    check(config, {"a": f"{MAC} dynamic", "b": "00:00:00:00:00:02 10.0.0.10"}, {"a": f"{MAC} 10.0.0.12", "b": None})


def test_a_mac_is_made_of_the_address() -> None:
    check({"subnet": "10.0.0.0/24"}, {"a": "dynamic"}, {"a": "0a:00:00:00:00:03 10.0.0.2"})
    check({"mac_only": "true"}, {"a": "dynamic"}, {"a": "0a:00:00:00:00:01"})


def test_ipv6_follows_the_mac() -> None:
    check({"ipv6_prefix": "fd05::"}, {"a": f"{MAC} dynamic"}, {"a": f"{MAC} fd05::200:ff:fe00:1"})


def test_who_insists_comes_first() -> None:
    ports = {"a": f"{MAC} dynamic", "b": "dynamic 10.0.0.2"}
    check({"subnet": "10.0.0.0/24"}, ports, {"a": f"{MAC} 10.0.0.3", "b": "0a:00:00:00:00:03 10.0.0.2"})


def test_who_insists_where_there_is_no_subnet_gets_a_mac() -> None:
    check({"mac_only": "true"}, {"a": "dynamic 10.0.0.9"}, {"a": "0a:00:00:00:00:0a"})


def test_who_insists_on_what_is_not_offered_takes_any() -> None:
    config = {"subnet": "10.0.0.0/24", "exclude_ips": "10.0.0.9"}
    check(config, {"a": f"{MAC} dynamic 10.0.1.9"}, {"a": f"{MAC} 10.0.0.2"})
    check(config, {"a": "dynamic 10.0.0.9"}, {"a": "0a:00:00:00:00:0a 10.0.0.2"})


def test_a_mac_alone_is_given_only_where_there_is_no_subnet() -> None:
    check({"mac_only": "true", "subnet": "10.0.0.0/24"}, {"a": f"{MAC} dynamic"}, {"a": f"{MAC} 10.0.0.2"})


@pytest.mark.parametrize(
    "config",
    [
        {}, {"subnet": "nonsense"}, {"subnet": "10.0.0.0"}, {"subnet": "10.0.0.0/32"}, {"subnet": "10.0.0.0/-69"}, {"subnet": "fd05::/64"},
        {"ipv6_prefix": "fd05g::"}, {"ipv6_prefix": "fd05::/900"}, {"ipv6_prefix": "fd05::/32"}, {"ipv6_prefix": "fd05::/128"},
    ],
    ids=str,
)  # fmt: skip
def test_without_anything_to_give_nothing_is_given(config: dict[str, str]) -> None:
    check(config, {"a": "dynamic"}, {"a": None})


@pytest.mark.parametrize(
    ("subnet", "excluded", "given"),
    [
        ("10.0.0.0/29", "", "2 3 4 5 6"),
        ("10.0.0.0/29", "10.0.0.3", "2 4 5 6"),
        ("10.0.0.0/29", "10.0.0.3 10.0.0.5", "2 4 6"),
        ("10.0.0.0/29", "10.0.0.3..10.0.0.5", "2 6"),
        ("10.0.0.0/29", "10.0.0.9 10.0.1.3..10.0.1.5", "2 3 4 5 6"),
        ("10.0.0.0/29", "10.0.0.5..10.0.0.11", "2 3 4"),
        ("10.0.0.8/29", "10.0.0.5..10.0.0.11", "12 13 14"),
        ("10.0.0.8/29", "10.0.0.5..10.0.0.18", ""),
        ("10.0.0.0/29", "10.0.0.5..10.0.0.2", "2 3 4 5 6"),
        ("10.0.0.0/29", "10.0.0.2 junk 10.0.0.3", "3 4 5 6"),
        ("10.0.0.0/29", "10.0.0.2..junk 10.0.0.3", "2 3 4 5 6"),
        ("10.0.0.0/31", "", ""),
    ],
)
def test_which_addresses_a_subnet_has_to_give(subnet: str, excluded: str, given: str) -> None:
    ports = {str(number): f"00:00:00:00:00:0{number} dynamic" for number in range(6)}
    config = {"subnet": subnet, "exclude_ips": excluded}
    rest = [f" 10.0.0.{number}" for number in given.split()] + [""] * 6
    check(config, ports, {name: f"00:00:00:00:00:0{name}{address}" for name, address in zip(ports, rest)})


def test_a_prefix_has_64_bits() -> None:
    for text in ("fd05::", "fd05::/64", "fd05::2323", "fd05::2323/64"):
        check({"ipv6_prefix": text}, {"a": f"{MAC} dynamic"}, {"a": f"{MAC} fd05::200:ff:fe00:1"})


def test_where_none_is_left_the_rest_is_given_until_one_is_free() -> None:
    pair = Pair()
    pair.load([GLOBAL, *switch(port("a", "dynamic"), port("b", f"{MAC} dynamic"), other_config={"subnet": "10.0.0.0/30"})])
    given = {row.name: row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)}
    assert given == {"a": "0a:00:00:00:00:03 10.0.0.2", "b": MAC}
    assert [problem.row for problem in pair.northd.problems] == ["b"]
    pair.say(Mutate(nb.LogicalSwitch, by_uuid("sw"), [Mutation("ports", "delete", ("a",))]))
    assert [row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)] == [f"{MAC} 10.0.0.2"]
    assert not pair.northd.problems


def test_a_mac_of_ones_own_is_not_kept() -> None:
    pair = Pair()
    pair.load([GLOBAL, *switch(port("a", f"{MAC} dynamic"), other_config={"subnet": "10.0.0.0/24"})])
    pair.say(Update(nb.LogicalSwitchPort, by_uuid("a"), {"addresses": ("dynamic",)}))
    assert [row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)] == ["0a:00:00:00:00:03 10.0.0.2"]


def test_addresses_outlive_the_compiler() -> None:
    pair = Pair()
    pair.load([GLOBAL, *switch(port("a", "dynamic"), port("b", "dynamic"), other_config={"subnet": "10.0.0.0/24"})])
    pair.say(Mutate(nb.LogicalSwitch, by_uuid("sw"), [Mutation("ports", "delete", ("a",))]))
    before = [row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)]
    pair.northd = pair.another_northd()
    pair.northd.tick(0.0)
    assert [row.dynamic_addresses for row in pair.northbound(nb.LogicalSwitchPort)] == before


wishes = st.sampled_from(["dynamic", f"{MAC} dynamic", "gone", "", "dynamic 10.0.0.3"])
steps = st.lists(st.tuples(st.sampled_from("abcdef"), wishes), max_size=15)


@settings(max_examples=40, deadline=None)
@examples(steps)
def test_no_address_is_given_twice(history: list[tuple[str, str]]) -> None:
    pair = Pair()
    pair.load([GLOBAL, *switch(other_config={"subnet": "10.0.0.0/29"})])
    for name, wish in history:
        there = {row.name: row.uuid for row in pair.northbound(nb.LogicalSwitchPort)}
        addresses = (wish,) if wish else ()
        if wish == "gone":
            pair.say(Mutate(nb.LogicalSwitch, by_uuid("sw"), [Mutation("ports", "delete", tuple(there.values()))]), Delete(nb.DNS, []))
        elif name in there:
            pair.say(Update(nb.LogicalSwitchPort, by_uuid(there[name]), {"addresses": addresses}))
        else:
            uuid = f"00000000-0000-4000-8000-00000000000{name}"
            new = Insert(nb.LogicalSwitchPort, {"name": name, "addresses": addresses}, uuid=uuid)
            pair.say(new, Mutate(nb.LogicalSwitch, by_uuid("sw"), [Mutation("ports", "insert", (uuid,))]))
    given_now = [parse_addresses(row.dynamic_addresses or "") for row in pair.northbound(nb.LogicalSwitchPort)]
    wished = {"10.0.0.3"}
    addresses_now = [network.address for found in given_now if found for network in found.ipv4 if network.address not in wished]
    assert len(addresses_now) == len(set(addresses_now))
