"""What each action does to a packet on its way through the tables: one function an action."""

from __future__ import annotations

from pyovn.openflow import action as act
from pyovn.openflow import ports
from pyovn.openflow.commands import PacketInReason
from pyovn.openflow.fields import FIELDS, Subfield, read_bits
from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV4, ETH_IPV6, ETH_VLAN
from pyovn.packet.packet import MPLS_TYPES
from pyovn.vswitch import learning, output, selection, tracking
from pyovn.vswitch.action_set import add_to_set
from pyovn.vswitch.datapath import meter_of
from pyovn.vswitch.ops import ByLength, Police, Shape, Tell
from pyovn.vswitch.pipeline import look_up, performs
from pyovn.vswitch.walk import (
    Frame,
    Walk,
    commit,
    consult,
    depend,
    freeze,
    peek,
    pipeline_fields,
    put,
    read,
    remark,
    store,
    write,
)


@performs(act.Output)
def _output(walk: Walk, action: act.Output, frame: Frame) -> None:
    if action.port == ports.CONTROLLER:
        _tell(walk, frame, act.Controller(max_len=action.max_len), PacketInReason.ACTION)
    elif action.port == ports.TABLE:
        look_up(walk, 0, walk.flow[slot.IN_PORT], frame)
    else:
        output.to_port(walk, action.port)


@performs(act.OutputTruncated)
def _output_truncated(walk: Walk, action: act.OutputTruncated, frame: Frame) -> None:
    output.to_port(walk, action.port, action.max_len)


@performs(act.OutputField)
def _output_field(walk: Walk, action: act.OutputField, frame: Frame) -> None:
    _output(walk, act.Output(read(walk, action.source) & 0xFFFF, action.max_len), frame)


@performs(act.Controller)
def _controller(walk: Walk, action: act.Controller, frame: Frame) -> None:
    _tell(walk, frame, action, action.reason)


def _tell(walk: Walk, frame: Frame, action: act.Controller, reason: int) -> None:
    """Send the packet to controllers; a pause ends this walk, and the rest is done when the packet is resumed."""
    commit(walk)
    resume = freeze(walk, walk.frames) if action.pause else None
    meter = walk.bridge.meters.get(action.meter_id) if action.meter_id else None
    if action.meter_id:
        depend(walk, meter_of(walk.bridge, action.meter_id))
    walk.ops.append(
        Tell(
            walk.bridge, action.controller_id, reason, action.max_len, frame.table, frame.cookie, pipeline_fields(walk),
            action.userdata, resume, meter,
        )
    )  # fmt: skip
    if action.pause:
        walk.frames.clear()
        walk.action_set.clear()


@performs(act.Group)
def _group(walk: Walk, action: act.Group, frame: Frame) -> None:
    selection.run_group(walk, action.group_id, frame)


@performs(act.Resubmit)
def _resubmit(walk: Walk, action: act.Resubmit, frame: Frame) -> None:
    in_port = walk.flow[slot.IN_PORT] if action.port == ports.IN_PORT else action.port
    table = frame.table if action.table == act.THIS_TABLE else action.table
    if action.ct:
        tracking.look_up_original(walk, table, in_port, frame)
    else:
        look_up(walk, table, in_port, frame)


@performs(act.SetField)
def _set_field(walk: Walk, action: act.SetField, frame: Frame) -> None:
    put(walk, action.field, action.value, action.mask)


@performs(act.Move)
def _move(walk: Walk, action: act.Move, frame: Frame) -> None:
    write(walk, action.target, read(walk, action.source))


@performs(act.DeleteField)
def _delete_field(walk: Walk, action: act.DeleteField, frame: Frame) -> None:
    put(walk, action.field, 0, action.field.full)


@performs(act.Push)
def _push(walk: Walk, action: act.Push, frame: Frame) -> None:
    walk.stack.append((read(walk, action.source), action.source.bits))


@performs(act.Pop)
def _pop(walk: Walk, action: act.Pop, frame: Frame) -> None:
    if walk.stack:
        value, _ = walk.stack.pop()
        write(walk, action.target, value & ((1 << action.target.bits) - 1))
    else:
        remark(walk, "stack underflow")


@performs(act.DecTtl)
def _dec_ttl(walk: Walk, action: act.DecTtl, frame: Frame) -> None:
    if walk.flow[slot.ETH_TYPE] not in (ETH_IPV4, ETH_IPV6):
        return
    ttl = peek(walk, slot.NW_TTL)
    if ttl > 1:
        store(walk, slot.NW_TTL, ttl - 1, 0xFF)
        return
    remark(walk, "TTL exceeded")
    for controller in action.controllers:
        _tell(walk, frame, act.Controller(controller_id=controller), PacketInReason.INVALID_TTL)
    walk.frames.clear()
    walk.action_set.clear()


@performs(act.SetTunnel)
def _set_tunnel(walk: Walk, action: act.SetTunnel, frame: Frame) -> None:
    put(walk, FIELDS["tun_id"], action.tun_id, FIELDS["tun_id"].full)


@performs(act.SetQueue)
def _set_queue(walk: Walk, action: act.SetQueue, frame: Frame) -> None:
    store(walk, slot.SKB_PRIORITY, action.queue_id, -1)


@performs(act.PopQueue)
def _pop_queue(walk: Walk, action: act.PopQueue, frame: Frame) -> None:
    store(walk, slot.SKB_PRIORITY, 0, -1)


@performs(act.Enqueue)
def _enqueue(walk: Walk, action: act.Enqueue, frame: Frame) -> None:
    output.to_port(walk, action.port)


@performs(act.SetVlanVid)
def _set_vlan_vid(walk: Walk, action: act.SetVlanVid, frame: Frame) -> None:
    put(walk, FIELDS["vlan_vid"], action.vid, 0xFFF)


@performs(act.SetVlanPcp)
def _set_vlan_pcp(walk: Walk, action: act.SetVlanPcp, frame: Frame) -> None:
    put(walk, FIELDS["vlan_pcp"], action.pcp, 7)


@performs(act.PushVlan)
def _push_vlan(walk: Walk, action: act.PushVlan, frame: Frame) -> None:
    consult(walk, slot.VLAN_TCI, slot.VLAN_PRESENT)
    if walk.flow[slot.VLAN_TCI] & slot.VLAN_PRESENT or action.eth_type != ETH_VLAN:
        output.reshape(walk, Shape.PUSH_VLAN, action.eth_type)
    else:
        store(walk, slot.VLAN_TCI, slot.VLAN_PRESENT, 0xFFFF)


@performs(act.PopVlan)
def _pop_vlan(walk: Walk, action: act.PopVlan, frame: Frame) -> None:
    consult(walk, slot.VLAN_TCI, slot.VLAN_PRESENT)
    if not walk.flow[slot.VLAN_TCI] & slot.VLAN_PRESENT:
        return
    if walk.flow[slot.ETH_TYPE] in (0x8100, 0x88A8):
        output.reshape(walk, Shape.POP_VLAN)
    else:
        store(walk, slot.VLAN_TCI, 0, 0xFFFF)


@performs(act.Ct)
def _ct(walk: Walk, action: act.Ct, frame: Frame) -> None:
    tracking.through_tracker(walk, action)


@performs(act.CtClear)
def _ct_clear(walk: Walk, action: act.CtClear, frame: Frame) -> None:
    tracking.clear(walk)


@performs(act.Clone)
def _clone(walk: Walk, action: act.Clone, frame: Frame) -> None:
    inner = Frame(action.actions, 0, frame.table, frame.cookie, frame.depth + 1, frame.explain_depth + 1)
    output.on_a_copy(walk, inner)


@performs(act.Learn)
def _learn(walk: Walk, action: act.Learn, frame: Frame) -> None:
    learning.learn(walk, action)


@performs(act.CheckPktLarger)
def _check_pkt_larger(walk: Walk, action: act.CheckPktLarger, frame: Frame) -> None:
    """The length is no field, so the packet goes on in one of two walks."""
    kept = read_bits(walk.flow, action.target)
    write(walk, action.target, 1)
    longer = freeze(walk, walk.frames)
    write(walk, action.target, 0)
    other = freeze(walk, walk.frames)
    write(walk, action.target, kept)
    walk.ops.append(ByLength(action.length, longer, other))
    walk.frames.clear()
    walk.action_set.clear()


@performs(act.Multipath)
def _multipath(walk: Walk, action: act.Multipath, frame: Frame) -> None:
    link = selection.named_hash(walk, action.fields, action.basis) % (action.links + 1)
    write(walk, action.target, link)


@performs(act.Bundle)
def _bundle(walk: Walk, action: act.Bundle, frame: Frame) -> None:
    port = selection.live_member(walk, action)
    if action.target is not None:
        write(walk, action.target, port)
    elif port != ports.NONE:
        output.to_port(walk, port)


@performs(act.Exit)
def _exit(walk: Walk, action: act.Exit, frame: Frame) -> None:
    walk.frames.clear()
    walk.action_set.clear()


@performs(act.Meter)
def _meter(walk: Walk, action: act.Meter, frame: Frame) -> None:
    depend(walk, meter_of(walk.bridge, action.meter_id))
    meter = walk.bridge.meters.get(action.meter_id)
    if meter is not None:
        commit(walk)
        walk.ops.append(Police(meter))


@performs(act.ClearActions)
def _clear_actions(walk: Walk, action: act.ClearActions, frame: Frame) -> None:
    walk.action_set.clear()


@performs(act.WriteActions)
def _write_actions(walk: Walk, action: act.WriteActions, frame: Frame) -> None:
    add_to_set(walk.action_set, action.actions)


@performs(act.WriteMetadata)
def _write_metadata(walk: Walk, action: act.WriteMetadata, frame: Frame) -> None:
    store(walk, slot.METADATA, action.value & action.mask, action.mask)


@performs(act.GotoTable)
def _goto_table(walk: Walk, action: act.GotoTable, frame: Frame) -> None:
    look_up(walk, action.table, walk.flow[slot.IN_PORT], frame)


@performs(act.PushMpls)
def _push_mpls(walk: Walk, action: act.PushMpls, frame: Frame) -> None:
    output.reshape(walk, Shape.PUSH_MPLS, action.eth_type)


@performs(act.PopMpls)
def _pop_mpls(walk: Walk, action: act.PopMpls, frame: Frame) -> None:
    if walk.flow[slot.ETH_TYPE] in MPLS_TYPES:
        output.reshape(walk, Shape.POP_MPLS, action.eth_type)


@performs(act.DecMplsTtl)
def _dec_mpls_ttl(walk: Walk, action: act.DecMplsTtl, frame: Frame) -> None:
    if walk.flow[slot.ETH_TYPE] not in MPLS_TYPES:
        return
    ttl = read(walk, Subfield(FIELDS["mpls_ttl"], 0, 8))
    if ttl > 1:
        put(walk, FIELDS["mpls_ttl"], ttl - 1, 0xFF)
    else:
        _exit(walk, act.Exit(), frame)


@performs(act.Note)
@performs(act.Conjunction)
@performs(act.Sample)
@performs(act.FinTimeout)
def _nothing(walk: Walk, action: object, frame: Frame) -> None:
    """Notes say nothing to the switch; conjunctions are the classifier's; samples need a collector; time-outs follow the rule."""
