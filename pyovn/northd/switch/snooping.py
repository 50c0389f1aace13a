"""Multicast on switches: who asks for a group tells the controller, and packets to the group go where somebody asked."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import GroupKey
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, OUTPUT, Flow, quoted
from pyovn.northd.multicast import FLOOD, FLOOD_L2, MROUTERS, STATIC, Group, is_looked_up, snooping, too_many
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import Switch, SwitchPort, switch
from pyovn.query import Engine

LOOKUP = Stage.LS_IN_L2_LKUP
REPORTS = ("igmp", "(mldv1 || mldv2)")
NOT_OURS = "flags.igmp_loopback == 0"
"""The controller has not sent it itself."""


def _copy(group: str) -> str:
    return f'clone {{ outport = "{group}"; output; }}; '


def reports(db: Engine, switch: Switch) -> Iterator[Flow]:
    """What hosts and routers say about groups is heard; groups of the link go to everybody."""
    if not snooping(db, switch.uuid).enabled:
        return
    meter = controller_meter(db, switch.uuid, "igmp")
    for talk in REPORTS:
        yield Flow(LOOKUP, 100, f"{NOT_OURS} && {talk}", "igmp;", meter=meter)
    yield Flow(LOOKUP, 85, "ip4.mcast && ip4.dst == 224.0.0.0/24", f'outport = "{FLOOD_L2}"; {OUTPUT}')
    yield Flow(LOOKUP, 85, "ip6.mcast_flood", f'outport = "{FLOOD}"; {OUTPUT}')


def reports_from_afar(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """On a switch that spans zones, what comes from another one is heard where it leaves."""
    holder = switch(db, port.switch)
    if holder is None or port.type != "remote" or "interconn-ts" not in holder.other_config or not snooping(db, port.switch).enabled:
        return
    meter = controller_meter(db, port.switch, "igmp")
    for talk in REPORTS:
        match = f"inport == {port.json} && {talk} && {NOT_OURS}"
        yield Flow(Stage.LS_OUT_PRE_LB, 120, match, f"clone {{ igmp; }}; {NEXT}", meter=meter)


def unasked(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Packets to groups that nobody asked for: to routers that relay, to ports that get everything, and by default to all machines."""
    asked = snooping(db, switch.uuid)
    relayed, static = _copy(MROUTERS) if asked.relays else "", _copy(STATIC) if asked.floods else ""
    # Other routers would drop them.
    yield Flow(LOOKUP, 71, "eth.mcast && ip", f'{relayed}{static}outport = "{FLOOD_L2}"; {OUTPUT}')
    if not asked.enabled or asked.floods_unknown:
        return
    last = f'outport ="{STATIC}"; {OUTPUT}' if asked.floods else ""
    yield Flow(LOOKUP, 80, "ip4.mcast || ip6.mcast", relayed + last or DROP)


def asked_for(db: Engine, group: Group) -> Iterator[Flow]:
    """Packets to a group go to those who asked."""
    ipv6 = ":" in group.name
    if db.get(GroupKey, group.owner) is None or not is_looked_up(group.name) or group.name in too_many(db, group.datapath, ipv6):
        return
    asked, ip = snooping(db, group.datapath), "ip6" if ipv6 else "ip4"
    relayed = f'clone {{ outport = "{MROUTERS}"; output; }};' if asked.relays else ""
    static = f'clone {{ outport ="{STATIC}"; output; }};' if asked.floods else ""
    yield Flow(LOOKUP, 90, f"eth.mcast && {ip} && {ip}.dst == {group.name} ", f"{relayed}{static}outport = {quoted(group.name)}; output; ")
