"""Network functions: packets that an ACL allows are sent through a middlebox before they go on, and their answers back through it.

On the way in they enter the function by its first port and come out of its second, on the way out of a switch the other way round. On a
switch that the function is not on, a child of its port there stands for the port.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.flow import DROP, NEXT, OUTPUT, Flow
from pyovn.northd.function_health import FAIL_OPEN, active, fallback, port_name
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import (
    ACL_ID,
    ACL_LABEL,
    ACL_PERSIST,
    FROM_NETWORK_FUNCTION,
    IS_REQUEST,
    NETWORK_FUNCTION,
    NETWORK_FUNCTION_ID,
    TUNNEL_INTERFACE,
)
from pyovn.northd.switch.acl_policy import redirections
from pyovn.northd.switch.defaults import OBSERVATION
from pyovn.northd.topology import Switch, SwitchPort, switch_port
from pyovn.query import Engine
from pyovn.schemas.nb import LogicalSwitchPort, NetworkFunction, NetworkFunctionGroup

IN, OUT = Stage.LS_IN_NETWORK_FUNCTION, Stage.LS_OUT_NETWORK_FUNCTION
PRE_IN, PRE_OUT = Stage.LS_IN_PRE_NETWORK_FUNCTION, Stage.LS_OUT_PRE_NETWORK_FUNCTION

REQUESTED = f"{NETWORK_FUNCTION} == 1 && {IS_REQUEST} == 1"


class Pair(NamedTuple):
    """What stands on a switch for the ports of a network function."""

    first: SwitchPort
    second: SwitchPort


def redirected(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Packets that ACLs send to groups of network functions pass the members in use."""
    yield from _no_member()
    for ref, on_the_way_in in redirections(db, switch.uuid):
        group = db.get(NetworkFunctionGroup, ref)
        if group is not None:
            yield from _through(db, switch, group, on_the_way_in)


def _no_member() -> Iterator[Flow]:
    """Where no network function is active, packets meant for one are dropped rather than let around it."""
    for stage in (PRE_IN, PRE_OUT):
        yield Flow(stage, 1, REQUESTED, f"{NETWORK_FUNCTION_ID} = 0; {NEXT}")
    for stage in (IN, OUT):
        # Groups of receivers are not redirected: a copy could come back for ever.
        yield Flow(stage, 100, f"{NETWORK_FUNCTION} == 1 && eth.mcast", NEXT)
        yield Flow(stage, 1, f"{NETWORK_FUNCTION} == 1", DROP)


def _through(db: Engine, switch: Switch, group: NetworkFunctionGroup, on_the_way_in: bool) -> Iterator[Flow]:
    choose = PRE_IN if on_the_way_in else PRE_OUT
    asked = f"{REQUESTED} && {NETWORK_FUNCTION_ID} == {group.id}"
    if fallback(group) == FAIL_OPEN:
        yield Flow(choose, 10, asked, f"{NETWORK_FUNCTION} = 0; {NETWORK_FUNCTION_ID} = 0; {NEXT}")
    function = db.get(NetworkFunction, active(db, group.uuid) or "")
    pair = pair_on(db, switch.uuid, function) if function else None
    if function is None or pair is None:
        return
    yield Flow(choose, 99, asked, f"{NETWORK_FUNCTION_ID} = {function.id}; {NEXT}")
    yield from _sent(function, pair, on_the_way_in=on_the_way_in)
    yield from _passing(pair)
    for port in pair:
        yield from _remembered(port)


def pair_on(db: Engine, switch: str, function: NetworkFunction) -> Pair | None:
    """The ports of a network function on a switch; None if it is not to be reached there."""
    first, second = _standing_for(db, switch, function.inport), _standing_for(db, switch, function.outport)
    return Pair(first, second) if first and second else None


def _standing_for(db: Engine, switch: str, ref: str) -> SwitchPort | None:
    """A port if it is on the switch, or a child of it there."""
    children = db.find(LogicalSwitchPort, "parent_name", port_name(db, ref))
    found = [port for each in (ref, *children) if (port := switch_port(db, each)) and port.switch == switch]
    return min(found, key=lambda port: (port.uuid != ref, port.name), default=None)


def _sent(function: NetworkFunction, pair: Pair, *, on_the_way_in: bool) -> Iterator[Flow]:
    """Requests go to the member that was chosen, answers to the one that has seen the requests, as conntrack knows."""
    requests = f"{REQUESTED} && {NETWORK_FUNCTION_ID} == {function.id}"
    answers = f"{NETWORK_FUNCTION} == 1 && {IS_REQUEST} == 0 && ct_label.nf_id == {function.id}"
    here, there = (requests, answers) if on_the_way_in else (answers, requests)
    yield Flow(IN, 99, here, f"outport = {pair.first.json}; {OUTPUT}")
    # Who is on the way out already has to be forwarded anew.
    anew = f"{FROM_NETWORK_FUNCTION} = 1; next(pipeline=ingress, table={Stage.LS_IN_L2_LKUP.number});"
    yield Flow(OUT, 99, there, f"outport = {pair.second.json}; {anew}")


def _passing(pair: Pair) -> Iterator[Flow]:
    """What comes from a function, or is on its way to it, is not redirected again."""
    for port in pair:
        # It returns to the chassis that it came from.
        yield Flow(IN, 100, f"inport == {port.json}", f"{TUNNEL_INTERFACE} = ct_label.tun_if_id; {NEXT}")
        yield Flow(OUT, 100, f"outport == {port.json}", NEXT)
    # What was redirected on the way out has been through the stages before, and conntrack has counted it.
    skipped = f"next(pipeline=egress, table={OUT.number + 1});"
    yield Flow(Stage.LS_OUT_PRE_ACL, 110, f"inport == {pair.first.json}", skipped)


def _remembered(port: SwitchPort) -> Iterator[Flow]:
    """The tunnel by which a packet for a function has come is kept with its connection."""
    for labelled, observation in ((0, ""), (1, OBSERVATION)):
        allowed = f"ct_mark.blocked = 0; ct_mark.allow_established = {ACL_PERSIST}; ct_label.acl_id = {ACL_ID}; "
        commit = f"ct_commit {{ {allowed}{observation}ct_label.tun_if_id = {TUNNEL_INTERFACE}; }}; {NEXT}"
        yield Flow(Stage.LS_OUT_STATEFUL, 120, f"outport == {port.json} && {ACL_LABEL} == {labelled}", commit)
