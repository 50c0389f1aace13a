"""Rules that are the same on every host."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.rule import Rule, bits, move, put, resubmit
from pyovn.controller.tables import FLAGS, LOGICAL_REGISTERS, OUTPORT, LogicalFlag, OFTable
from pyovn.openflow.action import Actions
from pyovn.openflow.match import ANY, Asked, Match

T = OFTable
ETH_IPV4, ETH_IPV6 = 0x0800, 0x86DD
NEW, ESTABLISHED, TRACKED = 0x01, 0x02, 0x20


def fixed_rules() -> Iterator[Rule]:
    """Every rule that depends on nothing."""
    yield from _output()
    yield from _conntrack()


def _flag(flag: int, mask: int | None = None) -> Match:
    return Match.of({FLAGS: (flag, flag if mask is None else mask)})


def _output() -> Iterator[Rule]:
    """The way from the end of ingress to the start of egress, where nothing else is said."""
    # A packet from nowhere, for a port that is not here, or looked up in vain, is dropped.
    for table in (T.PHYSICAL_TO_LOGICAL, T.LOCAL_OUTPUT, T.LOGICAL_TO_PHYSICAL):
        yield Rule(table, 0, ANY, ())
    yield Rule(T.OUTPUT_LARGE_PACKET_DETECT, 0, ANY, (resubmit(T.REMOTE_OUTPUT),))
    yield Rule(T.OUTPUT_LARGE_PACKET_PROCESS, 10, _flag(LogicalFlag.ALLOW_LOOPBACK), (resubmit(T.LOCAL_OUTPUT),))
    yield Rule(T.OUTPUT_LARGE_PACKET_PROCESS, 0, ANY, (resubmit(T.REMOTE_OUTPUT),))
    # What came by a ramp switch was already sent to every chassis; what must not leave this host does not.
    ramp = _flag(LogicalFlag.FROM_RAMP_SWITCH, LogicalFlag.FROM_RAMP_SWITCH | LogicalFlag.ALLOW_LOOPBACK)
    yield Rule(T.REMOTE_OUTPUT, 150, ramp, (resubmit(T.LOCAL_OUTPUT),))
    yield Rule(T.REMOTE_OUTPUT, 150, _flag(LogicalFlag.LOCAL_ONLY), (resubmit(T.LOCAL_OUTPUT),))
    yield Rule(T.REMOTE_OUTPUT, 0, ANY, (resubmit(T.REMOTE_VTEP_OUTPUT),))
    yield Rule(T.REMOTE_VTEP_OUTPUT, 0, ANY, (resubmit(T.LOCAL_OUTPUT),))
    # The registers belong to each pipeline anew.
    cleared = tuple(put(register, 0) for register in LOGICAL_REGISTERS)
    yield Rule(T.CHECK_LOOPBACK, 0, ANY, (*cleared, resubmit(T.EGRESS)))
    yield Rule(T.SAVE_INPORT, 0, ANY, (resubmit(T.LOGICAL_TO_PHYSICAL),))
    yield Rule(T.GET_FDB, 0, ANY, (put(OUTPORT, 0),))
    yield Rule(T.CT_ZONE_LOOKUP, 0, ANY, (resubmit(T.INGRESS),))
    yield Rule(T.GET_REMOTE_FDB, 0, ANY, (put("reg1", 0),))


def _conntrack() -> Iterator[Rule]:
    """What a connection's first packet was sent to, for actions that ask."""
    result = "xxreg1"
    loads = (
        (T.CT_ORIG_NW_DST_LOAD, ETH_IPV4, move("ct_nw_dst", bits(result, 0, 32))),
        (T.CT_ORIG_IP6_DST_LOAD, ETH_IPV6, move("ct_ipv6_dst", result)),
        (T.CT_ORIG_TP_DST_LOAD, None, move("ct_tp_dst", bits(result, 0, 16))),
        (T.CT_ORIG_PROTO_LOAD, None, move("ct_nw_proto", bits(result, 0, 8))),
    )
    for table, eth_type, load in loads:
        kind: dict[str, Asked] = {} if eth_type is None else {"eth_type": eth_type}
        # Once is enough; the first packet's is said twice by the reference, and rules are compared with its.
        actions: tuple[tuple[int, Actions], ...] = ((NEW, (load, load)), (ESTABLISHED, (load,)))
        for state, actions_of_state in actions:
            yield Rule(table, 100, Match.of({**kind, "ct_state": (state | TRACKED, state | TRACKED)}), actions_of_state)
    yield Rule(T.CT_STATE_SAVE, 65535, Match.of({"ct_state": (0, TRACKED)}), (put("reg4", 0, 0xFF),))
    yield Rule(T.CT_STATE_SAVE, 65534, ANY, (move(bits("ct_state", 0, 8), bits("reg4", 0, 8)),))
