"""Rules as text, frames in, frames out: what the switch does with packets, and what the reference does with the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.vswitch.board import ethernet, icmp, make_board, parse_rule, tcp, udp
from tests.vswitch.reference import Reference, reference

A, B, C = "10.0.0.1", "10.0.0.2", "192.0.2.9"
OUT, BACK = udp(A, B, 1000, 53), udp(B, A, 53, 1000)
SYN, SYN_ACK, ACK = tcp(A, B, 1000, 80, 2), tcp(B, A, 80, 1000, 0x12), tcp(A, B, 1000, 80, 0x10)
LONG = udp(A, B, 1000, 53, bytes(500))
TAGGED = OUT[:12] + b"\x81\0\x20\5" + OUT[12:]
THERE, HITHER = ethernet(2, 4, 0x88CC, bytes(46)), ethernet(4, 2, 0x88CC, bytes(46))
SIX = ethernet(2, 4, 0x86DD, bytes.fromhex("6bc0000000081140") + bytes(15) + b"\1" + bytes(15) + b"\2" + bytes.fromhex("03e8003500080000"))


def labelled(frame: bytes, *entries: int) -> bytes:
    """The frame with label stack entries below its Ethernet header."""
    return frame[:12] + b"\x88\x47" + b"".join(entry.to_bytes(4, "big") for entry in entries) + frame[14:]


LABELLED, TWICE_LABELLED = labelled(OUT, 77 << 12 | 0x140), labelled(OUT, 5 << 12 | 0x30, 77 << 12 | 0x140)
OLDER, EXPIRING = labelled(OUT, 77 << 12 | 0x13F), labelled(OUT, 77 << 12 | 0x101)
FULL_TRACKING = """
    ct_state=-trk,ip actions=ct(table=0,zone=5)
    ct_state=+trk+new,ip actions=ct(commit,zone=5),load:1->NXM_NX_REG0[],resubmit(,1)
    ct_state=+trk+est-rpl,ip actions=load:2->NXM_NX_REG0[],resubmit(,1)
    ct_state=+trk+est+rpl,ip actions=load:3->NXM_NX_REG0[],resubmit(,1)
    ct_state=+trk+rel,ip actions=load:4->NXM_NX_REG0[],resubmit(,1)
    ct_state=+trk+inv,ip actions=load:5->NXM_NX_REG0[],resubmit(,1)
    table=1,actions=move:NXM_NX_REG0[0..15]->NXM_OF_ETH_DST[0..15],output:3
"""
"""Each packet leaves port 3 with what it is to its connection in its destination address."""

TRANSLATED_TWICE = """ct_state=-trk,ip actions=ct(table=1,zone=7,nat)
    table=1,ct_state=+new,ip,nw_dst=192.0.2.9 actions=ct(commit,table=2,zone=7,nat(dst=10.0.0.2))
    table=1,priority=1,ip actions=resubmit(,2)
    table=2,ip actions=ct(table=3,zone=7,nat)
    table=3,ct_state=+new,ip actions=ct(commit,zone=7),output:2
    table=3,priority=1,ip actions=output:2
    in_port=2,ct_state=-trk,ip actions=ct(table=4,zone=7,nat)
    table=4,ip actions=ct(commit,zone=7,table=5)
    table=5,ct_state=+rel,ip actions=output:1
    table=5,ct_state=+est+rpl,ip actions=output:1
    table=5,priority=1,ip actions=output:3
"""
ABOUT_PING = icmp("10.0.0.254", A, 3, 1, bytes(4) + icmp(A, B, 8)[14:])
ABOUT_UDP = icmp("10.0.0.254", A, 3, 1, bytes(4) + udp(A, B, 1000, 53)[14:])


class Case(NamedTuple):
    """Rules, arrivals as (port number, frame), and what is expected to leave: (port number, frame) for each arrival."""

    rules: str
    arrivals: list[tuple[int, bytes]]
    expected: list[list[tuple[int, bytes]]] | None = None
    """None: whatever the reference does is right; only compared there."""


def to(frame: bytes, dst: int = 4, src: int = 2) -> bytes:
    """The frame with other Ethernet addresses."""
    return dst.to_bytes(6, "big") + src.to_bytes(6, "big") + frame[12:]


CASES = {
    "output": Case("in_port=1 actions=output:2", [(1, OUT), (2, OUT)], [[(2, OUT)], []]),
    "not back": Case("actions=output:1,output:2", [(1, OUT)], [[(2, OUT)]]),
    "back when told": Case("actions=in_port", [(1, OUT)], [[(1, OUT)]]),
    "priorities": Case("priority=1,actions=output:2\npriority=2,udp,actions=output:3", [(1, OUT), (1, SYN)], [[(3, OUT)], [(2, SYN)]]),
    "set fields": Case(
        "ip actions=mod_dl_dst:00:00:00:00:00:09,output:2,mod_dl_src:00:00:00:00:00:08,output:3",
        [(1, OUT)], [[(2, to(OUT, 9)), (3, to(OUT, 9, 8))]],
    ),
    "ttl": Case("ip actions=dec_ttl,output:2", [(1, OUT), (1, udp(A, B, 1, 2, ttl=1))], [[(2, udp(A, B, 1000, 53, ttl=63))], []]),
    "registers": Case("actions=load:7->NXM_NX_REG0[],resubmit(,1)\ntable=1,reg0=7,actions=output:2", [(1, OUT)], [[(2, OUT)]]),
    "wide registers": Case(
        "actions=load:7->NXM_NX_XXREG0[0..31],resubmit(,1)\ntable=1,reg3=7,actions=move:NXM_NX_XXREG0[0..15]->NXM_OF_ETH_DST[0..15],output:2",
        [(1, OUT)], [[(2, to(OUT, 7))]],
    ),
    "clone": Case("ip actions=clone(mod_dl_dst:00:00:00:00:00:09,output:2),output:3", [(1, OUT)], [[(2, to(OUT, 9)), (3, OUT)]]),
    "stack": Case("actions=push:NXM_OF_ETH_DST[],pop:NXM_OF_ETH_SRC[],output:2", [(1, OUT)], [[(2, to(OUT, 4, 4))]]),
    "flood": Case("actions=flood", [(2, OUT)], [[(1, OUT), (3, OUT)]]),
    "vlans": Case(
        "in_port=1,vlan_tci=0 actions=mod_vlan_vid:5,mod_vlan_pcp:1,output:2\nin_port=1,dl_vlan=5 actions=strip_vlan,output:3",
        [(1, OUT), (1, TAGGED)], [[(2, TAGGED)], [(3, OUT)]],
    ),
    "a second tag": Case("actions=push_vlan:0x8100,mod_vlan_vid:7,output:2", [(1, TAGGED)]),
    "length": Case(
        "actions=check_pkt_larger(200)->NXM_NX_REG0[0],resubmit(,1)\ntable=1,reg0=1,actions=output:2\ntable=1,reg0=0,actions=output:3",
        [(1, OUT), (1, LONG)], [[(3, OUT)], [(2, LONG)]],
    ),
    "nested lists go on": Case("actions=resubmit(,1),output:3\ntable=1,actions=output:2", [(1, OUT)], [[(2, OUT), (3, OUT)]]),
    "another port": Case("in_port=1 actions=resubmit(2,1)\ntable=1,in_port=2,actions=output:1,output:3", [(1, OUT)], [[(3, OUT)]]),
    "learn": Case(
        "actions=learn(table=1,priority=5,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),resubmit(,1)\n"
        "table=1,priority=1,actions=output:3",
        [(1, to(OUT)), (2, to(BACK, 2, 4)), (1, to(OUT))], [[(3, to(OUT))], [(1, to(BACK, 2, 4))], [(2, to(OUT))]],
    ),
    "conjunction": Case(
        "ip,nw_src=10.0.0.1,actions=conjunction(1,1/2)\nudp,tp_dst=53,actions=conjunction(1,2/2)\nudp,tp_dst=54,actions=conjunction(1,2/2)\n"
        "conj_id=1,ip,actions=output:2\npriority=1,actions=output:3",
        [(1, OUT), (1, BACK), (1, udp(A, B, 1, 54)), (1, udp(A, B, 1, 55))],
    ),
    "endless resubmits": Case("actions=output:2,resubmit(,1)\ntable=1,actions=resubmit(,0)", [(1, OUT)], [[]]),
    "udp connection": Case(FULL_TRACKING, [(1, OUT), (1, OUT), (1, OUT), (2, BACK), (1, OUT), (2, BACK)]),
    "tcp connection": Case(FULL_TRACKING, [(1, SYN), (1, SYN), (2, SYN_ACK), (1, ACK), (1, ACK)]),
    "ping": Case(FULL_TRACKING, [(1, icmp(A, B, 8)), (1, icmp(A, B, 8)), (2, icmp(B, A, 0)), (1, icmp(A, B, 8))]),
    "untrackable": Case(FULL_TRACKING, [(2, icmp(B, A, 0)), (2, SYN_ACK), (1, tcp(A, B, 1, 2, 0)), (1, tcp(A, B, 1, 2, 3)), (1, ACK)]),
    "errors": Case(FULL_TRACKING, [(1, OUT), (2, icmp(C, A, 3, 3, bytes(4) + OUT[14:42])), (2, icmp(C, A, 3, 3, bytes(4) + BACK[14:42]))]),
    "source nat": Case(
        "in_port=1,ip actions=ct(commit,zone=1,nat(src=192.0.2.9)),output:2\n"
        "in_port=2,ct_state=-trk,ip actions=ct(zone=1,nat,table=1)\ntable=1,ct_state=+trk+est,actions=output:1",
        [(1, OUT), (2, udp(B, C, 53, 1000)), (1, SYN), (2, tcp(B, C, 80, 1000, 0x12)), (2, udp(B, C, 53, 7))],
    ),
    "destination nat": Case(
        "in_port=1,ip actions=ct(commit,zone=1,nat(dst=192.0.2.9:8080)),output:2\n"
        "in_port=2,ct_state=-trk,ip actions=ct(zone=1,nat,table=1)\ntable=1,ct_state=+trk+est+rpl+snat,actions=output:1",
        [(1, SYN), (2, tcp(C, A, 8080, 1000, 0x12)), (1, ACK)],
    ),
    "translated, then committed again": Case(
        "in_port=1,ct_state=-trk,ip actions=load:7->NXM_NX_REG11[],ct(table=1,zone=NXM_NX_REG11[0..15],nat)\n"
        "table=1,ct_state=+new,ip,nw_dst=192.0.2.9 "
        "actions=ct(commit,table=2,zone=NXM_NX_REG11[0..15],nat(dst=10.0.0.2:80),exec(load:1->NXM_NX_CT_MARK[1]))\n"
        "table=1,priority=1,ip actions=resubmit(,2)\n"
        "table=2,ip actions=ct(table=3,zone=NXM_NX_REG11[0..15],nat)\n"
        "table=3,ct_state=+new,ip actions=ct(commit,zone=NXM_NX_REG11[0..15]),output:2\ntable=3,priority=1,ip actions=output:2\n"
        "in_port=2,ct_state=-trk,ip actions=ct(table=4,zone=7,nat)\ntable=4,ct_state=+est+rpl,ct_mark=2,actions=output:1",
        [(1, tcp(A, C, 1000, 8000, 2)), (2, SYN_ACK), (1, tcp(A, C, 1000, 8000, 0x10))],
        [[(2, SYN)], [(1, tcp(C, A, 8000, 1000, 0x12))], [(2, ACK)]],
    ),
    "a ping and an error translated, then committed again": Case(
        f"in_port=1,{TRANSLATED_TWICE}",
        [(1, icmp(A, C, 8)), (2, icmp(B, A, 0)), (1, icmp(A, C, 8)), (1, udp(A, C, 1000, 53)), (2, ABOUT_PING), (2, ABOUT_UDP)],
    ),
    "marks": Case(
        "in_port=1,ip actions=ct(commit,zone=1,exec(load:0x5->NXM_NX_CT_MARK[],load:1->NXM_NX_CT_LABEL[96..127])),output:3\n"
        "in_port=2,ct_state=-trk,ip actions=ct(zone=1,table=1)\n"
        "table=1,ct_mark=5,ct_label=0x1000000000000000000000000,actions=output:1\ntable=1,priority=1,actions=output:3",
        [(1, OUT), (2, BACK), (2, SYN_ACK)],
    ),
    "original tuple": Case(
        "in_port=1,ip actions=ct(commit,zone=1,nat(dst=192.0.2.9)),output:2\n"
        "in_port=2,ct_state=-trk,ip actions=ct(zone=1,nat,table=1)\n"
        "table=1,ct_state=+trk+est,ct_nw_dst=10.0.0.2,ct_nw_proto=17,ct_tp_dst=53,udp,actions=output:1",
        [(1, OUT), (2, udp(C, A, 53, 1000))],
    ),
    "cleared": Case(
        "ct_state=-trk,ip actions=ct(zone=1,table=1)\ntable=1,actions=ct_clear,resubmit(,2)\n"
        "table=2,ct_state=-trk,actions=output:2\ntable=2,ct_state=+trk,actions=output:3",
        [(1, OUT)], [[(2, OUT)]],
    ),
    "queues": Case("actions=enqueue:2:5,set_queue:7,output:3,pop_queue", [(1, OUT)], [[(2, OUT), (3, OUT)]]),
    "a label": Case(
        "ip actions=push_mpls:0x8847,set_field:77->mpls_label,set_field:3->mpls_tc,output:2", [(1, OUT), (1, SIX), (1, TAGGED)],
    ),
    "a label and what is below": Case(
        "ip actions=push_mpls:0x8847,push_mpls:0x8848,set_field:9->mpls_label,dec_mpls_ttl,output:2,pop_mpls:0x8847,output:3", [(1, OUT)],
    ),
    "a label taken off": Case(
        "table=0,mpls,mpls_label=77,mpls_bos=1 actions=pop_mpls:0x0800,resubmit(,1)\n"
        "table=0,mpls,mpls_bos=0 actions=pop_mpls:0x8847,output:3\ntable=1,udp,tp_dst=53 actions=output:2",
        [(1, LABELLED), (1, TWICE_LABELLED), (1, OUT)],
        [[(2, OUT)], [(3, LABELLED)], []],
    ),
    "a label that expires": Case("mpls actions=dec_mpls_ttl,output:2", [(1, LABELLED), (1, EXPIRING)], [[(2, OLDER)], []]),
    "learning switch": Case(
        "actions=NORMAL", [(1, THERE), (3, HITHER), (1, THERE)], [[(2, THERE), (3, THERE)], [(1, HITHER)], [(3, THERE)]],
    ),
}  # fmt: skip


def lines(case: Case) -> list[str]:
    return [line.strip() for line in case.rules.strip().splitlines()]


def ours(case: Case) -> list[list[tuple[int, bytes]]]:
    """What leaves for each arrival, by port."""
    board = make_board("p1", "p2", "p3")
    assert board.ask(*(parse_rule(line) for line in lines(case))) == []
    return [sorted((int(port[1:]), out) for port, out in board.send(f"p{number}", frame)) for number, frame in case.arrivals]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.expected is not None])
def test_forwarding(name: str) -> None:
    case = CASES[name]
    assert ours(case) == case.expected


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    yield from reference(tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("name", CASES)
def test_as_the_reference_does(name: str, peer: Reference) -> None:
    case = CASES[name]
    assert ours(case) == peer.course(lines(case), case.arrivals)

