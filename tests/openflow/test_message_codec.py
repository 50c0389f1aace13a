"""Messages: what is encoded is decoded in every version, and any cut or flipped byte is one error or another message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow import message as m
from pyovn.openflow import ports
from pyovn.openflow.action import Controller, Output, Resubmit, load, set_field
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import parse_subfield
from pyovn.openflow.match import ANY, Match
from pyovn.openflow.match_text import parse_match
from pyovn.openflow.message import OF10, OF13, OF14, OF15, Message
from pyovn.openflow.message_codec import VERSIONS, decode, encode
from tests.openflow.samples import ACTIONS, RECORDED, matches

UDP = parse_match("udp,reg14=0x1,metadata=0x1,tp_src=68")
PORT = m.Port(3, "vm1", 0x0A0B0C0D0E0F, m.PortConfig.DOWN, m.PortState.LIVE, 1, 2, 3, 4, 10_000_000, 10_000_000)
ACTS = (set_field("reg15", 5), Resubmit(table=9), Output(7))
FLOW = m.FlowStats(UDP, ACTS, 5, 100, 0xABCD, 7, 8, 9, 10, 11, packets=12, bytes=13)
PACKET = m.PacketIn(b"frame", 1, 17, 0x1234, Match.of({"in_port": 5, "reg0": 7}), 1500, None, b"user", b"continues")
MASTER = m.AsyncConfig((3, 1), (7, 0), (15, 2))
TLV = m.TlvMapping(0x0102, 0x80, 4, 0)

ALL = set(VERSIONS)
NEW = {OF13, OF14, OF15}
SESSION: list[tuple[Message, set[int]]] = [
    (m.Hello((1, 4, 6)), ALL),
    (m.Error(1, 6, b"xyz"), ALL),
    (m.Error(5, 3), ALL),
    (m.Error(21, 0, b"", 0x2320), ALL),
    (m.Error(35, 0, b"x", 0x2320), ALL),
    (m.Error(17, 4, b"x"), NEW),
    (m.EchoRequest(b"hi"), ALL),
    (m.EchoReply(b"hi"), ALL),
    (m.BarrierRequest(), ALL),
    (m.BarrierReply(), ALL),
    (m.RoleRequest(m.Role.MASTER, 5), NEW),
    (m.RoleRequest(m.Role.SLAVE), ALL),
    (m.RoleReply(m.Role.EQUAL), ALL),
    (m.RoleStatus(m.Role.SLAVE, 0, 7), NEW),
    (m.FeaturesRequest(), ALL),
    (m.FeaturesReply(5, 254, 0, 1, 0x4F, 0), NEW),
    (m.FeaturesReply(5, 254, 0, 0, 0x4F, 0xFFF, (replace(PORT, state=0, current_speed_kbps=0, max_speed_kbps=0),)), {OF10}),
    (m.GetConfigRequest(), ALL),
    (m.GetConfigReply(1, 2), ALL),
    (m.SetConfig(0, 65535), ALL),
    (m.SetAsync(MASTER), ALL),
    (m.GetAsyncRequest(), NEW),
    (m.GetAsyncReply(MASTER), NEW),
    (m.PortStatus(m.PortReason.ADD, PORT), NEW),
    (m.PortMod(5, 0xAA, 1, 3, 4), ALL),
    (m.PortMod(5, 0xAA, 1, 3), ALL),
    (m.SetPacketInFormat(m.PacketInFormat.NXT_PACKET_IN2), ALL),
    (m.SetFlowFormat(2), {OF10}),
    (m.FlowModTableId(True), ALL),
    (m.SetControllerId(7), ALL),
    (m.TlvTableMod(m.TlvCommand.ADD, (TLV,)), ALL),
    (m.TlvTableMod(m.TlvCommand.CLEAR), ALL),
    (m.TlvTableRequest(), ALL),
    (m.TlvTableReply((TLV,)), ALL),
]
BUCKETS = (m.Bucket(ACTS, 5, 0), m.Bucket((), 7, 1, 3, 9))
HASHED = m.GroupMod(m.GroupCommand.ADD, 5, m.GroupType.SELECT, BUCKETS, 0xFFFFFFFF, "hash", 3, Match.of({"ip_src": 0xFFFFFFFF}))
OLD_BUCKETS = tuple(replace(bucket, bucket_id=None) for bucket in BUCKETS)
FLUSHED = m.CtTuple(0x0A000001, 0x0A000002, 1, 2)
COMMANDS: list[tuple[Message, set[int]]] = [
    (m.FlowMod(UDP, ACTS, m.FlowCommand.ADD, 5, 100, 0xABCD, 0, 7, 8, m.FlowFlag.SEND_FLOW_REM), NEW),
    (m.FlowMod(UDP, (), m.FlowCommand.DELETE, 5, 100, 0xCD, 0xFF, out_port=7), ALL),
    (m.FlowMod(ANY, (), m.FlowCommand.DELETE_STRICT, m.ALL_TABLES, out_group=5), NEW),
    (m.FlowMod(ANY, (), importance=5), {OF14, OF15}),
    (m.FlowMod(UDP, (load(parse_subfield("reg15[0..3]"), 5), Controller(userdata=b"x")), table=3, cookie=5), {OF10, OF13, OF14}),
    (m.FlowRemoved(UDP, 100, m.RemovedReason.DELETE, 5, 0xABCD, 1, 2, 3, 0, 5, 6), ALL),
    (m.FlowRemoved(UDP, 100, m.RemovedReason.HARD_TIMEOUT, 5, 0xABCD, 1, 2, 3, 4, 5, 6), NEW),
    (PACKET, ALL),
    (m.Resume(PACKET), ALL),
    (m.PacketIn(b"frame", 1, 3, 4, Match.of({"in_port": 5, "reg0": 7}), 2000), ALL),
    (m.PacketOut(b"frame", ACTS, 5), NEW),
    (m.PacketOut(b"frame", (Output(7),), ports.CONTROLLER), ALL),
    (m.PacketOut(b"frame", (), 5, None, Match.of({"tun_id": 7})), {OF15}),
    (HASHED, {OF15}),
    (m.GroupMod(m.GroupCommand.ADD, 5, m.GroupType.SELECT, OLD_BUCKETS), {OF13, OF14}),
    (m.GroupMod(m.GroupCommand.DELETE, m.ALL_GROUPS), ALL),
    (m.GroupMod(m.GroupCommand.INSERT_BUCKET, 5, m.GroupType.SELECT, BUCKETS, 3), {OF15}),
    (m.MeterMod(m.MeterCommand.ADD, 5, 5, (m.Band(100, 10), m.Band(200, 0, 2, 3))), NEW),
    (m.BundleControl(5, m.BundleKind.OPEN_REQUEST), NEW),
    (m.BundleAdd(5, m.FlowMod(UDP, (Output(3),))), NEW),
    (m.CtFlushZone(5), ALL),
    (m.CtFlush(4, 6, 3, FLUSHED, m.CtTuple(), (1, 3), (5, 7)), ALL),
    (m.CtFlush(), ALL),
    (m.CtFlush(6, 58, None, m.CtTuple(src=1 << 100, icmp_id=3, icmp_type=8, icmp_code=0)), ALL),
]
GROUP = m.GroupDesc(5, m.GroupType.SELECT, BUCKETS, "dp_hash")
STATISTICS: list[tuple[Message, set[int]]] = [
    (m.DescRequest(), ALL),
    (m.DescReply("a", "b", "c", "d", "e"), ALL),
    (m.FlowStatsRequest(UDP, 3, 5, 6, 7, 8), NEW),
    (m.FlowStatsRequest(UDP, 3, 5), ALL),
    (m.AggregateRequest(UDP), ALL),
    (m.FlowStatsReply((FLOW,), True), {OF15}),
    (m.FlowStatsReply((replace(FLOW, idle_s=None),)), {OF14, OF15}),
    (m.FlowStatsReply((replace(FLOW, actions=(Output(7),), flags=0, importance=0),)), {OF10, OF15}),
    (m.AggregateReply(1, 2, 3), ALL),
    (m.TableStatsRequest(), ALL),
    (m.TableStatsReply((m.TableStats(1, 2, 3, 4, "table1"),)), {OF10}),
    (m.TableStatsReply((m.TableStats(1, 2, 3, 4),)), NEW),
    (m.TableFeaturesRequest(), NEW),
    (
        m.TableFeaturesReply(
            (m.TableFeatures(1, "t", properties=((0, b"\0\1\0\4"), (2, b""))), m.TableFeatures(2, properties=((2, b""),))),
        ),
        NEW,
    ),
    (m.PortStatsRequest(), ALL),
    (m.PortStatsRequest(5), ALL),
    (m.PortStatsReply((m.PortStats(5, 1, 2, 3, 4, 5, 6, 7, 8),)), ALL),
    (m.PortStatsReply((m.PortStats(5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),), True), NEW),
    (m.PortDescRequest(), ALL),
    (m.PortDescRequest(5), {OF15}),
    (m.PortDescReply((PORT, replace(PORT, number=ports.LOCAL))), NEW),
    (m.GroupDescRequest(), ALL),
    (m.GroupDescRequest(5), {OF10, OF15}),
    (m.GroupDescReply((GROUP,)), {OF15}),
    (m.GroupDescReply((m.GroupDesc(5, m.GroupType.ALL, OLD_BUCKETS),)), {OF13, OF14}),
    (m.GroupStatsRequest(5), ALL),
    (m.GroupStatsReply((m.GroupStats(1, 2, 3, 4, 5, 6, ((7, 8), (9, 10))),)), ALL),
    (m.GroupFeaturesRequest(), ALL),
    (m.GroupFeaturesReply(), ALL),
    (m.MeterConfigRequest(5), NEW),
    (m.MeterStatsRequest(), NEW),
    (m.MeterConfigReply((m.MeterConfig(1, 5, (m.Band(9),)),)), NEW),
    (m.MeterFeaturesRequest(), NEW),
    (m.MeterFeaturesReply(1, 2, 3, 4, 5), NEW),
    (m.MeterStatsReply((m.MeterStats(1, 2, 3, 4, 5, 6, ((7, 8),)),)), NEW),
]
CASES = [(message, version) for message, versions in (*SESSION, *COMMANDS, *STATISTICS) for version in sorted(versions)]


def check(message: Message, version: int) -> bytes:
    """The message's bytes mean the message."""
    data = encode(message, version, 77)
    found, xid, again = decode(data)
    assert (xid, again) == (77, message)
    assert found == (max(message.versions) if isinstance(message, m.Hello) else version)
    return data


@pytest.mark.parametrize(
    ("message", "version"), CASES, ids=lambda value: type(value).__name__ if not isinstance(value, int) else str(value)
)
def test_what_is_encoded_is_decoded_and_no_cut_is_worse_than_an_error(message: Message, version: int) -> None:
    data = check(message, version)
    for end in range(len(data)):
        short = data[:2] + end.to_bytes(2, "big") + data[4:end] if end >= 4 else data[:end]
        for cut in (data[:end], short):
            try:
                decode(cut)
            except OpenFlowError as error:
                assert error.fault in Fault


def test_every_message_is_tried() -> None:
    tried = {type(message) for message, _ in CASES}
    assert {kind.__name__ for kind in Message.__args__} - {kind.__name__ for kind in tried} == {"Experimenter"}


@settings(max_examples=100)
@given(matches(), ACTIONS, st.integers(0, 4), st.integers(0, 254), st.integers(0, 0xFFFF))
def test_flow_mods(match: Match, actions: tuple[()], command: int, table: int, priority: int) -> None:
    check(m.FlowMod(match, actions, m.FlowCommand(command), table, priority, 0x123456789), OF15)


@settings(max_examples=200)
@given(st.sampled_from(CASES), st.data())
def test_a_flipped_byte_is_one_error_or_another_message(case: tuple[Message, int], data: st.DataObject) -> None:
    encoded = bytearray(encode(*case, 1))
    encoded[data.draw(st.integers(4, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(encoded))
    except OpenFlowError as error:
        assert error.fault in Fault


def test_what_ovs_ofctl_sends_means_the_same_when_sent_back() -> None:
    for recorded in RECORDED:
        version, xid, message = decode(recorded.data)
        again = encode(message, version, xid)
        if version != OF10:
            assert decode(again)[2] == message
            assert abs(len(again) - len(recorded.data)) <= 16, recorded


REFUSED: list[tuple[Message, int]] = [
    (m.MeterMod(m.MeterCommand.ADD, 5), OF10),
    (m.BundleControl(1, m.BundleKind.OPEN_REQUEST), OF10),
    (m.GroupMod(m.GroupCommand.INSERT_BUCKET, 5), OF13),
    (m.FlowMod(ANY, (Output(1),) * 5000), OF13),
    (m.TableFeaturesRequest(), OF10),
]


@pytest.mark.parametrize(("message", "version"), REFUSED)
def test_what_a_version_cannot_say(message: Message, version: int) -> None:
    with pytest.raises(OpenFlowError):
        encode(message, version, 1)
