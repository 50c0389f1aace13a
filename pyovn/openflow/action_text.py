"""Actions as text, as `ovs-ofctl` prints them: `load:0x1->NXM_NX_REG15[],resubmit(,9)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from pyovn.openflow import ports
from pyovn.openflow.action import (
    THIS_TABLE,
    Action,
    Actions,
    Bundle,
    CheckPktLarger,
    ClearActions,
    Clone,
    Conjunction,
    Controller,
    Ct,
    CtClear,
    DecMplsTtl,
    DecTtl,
    DeleteField,
    Enqueue,
    Exit,
    FinTimeout,
    GotoTable,
    Group,
    Learn,
    LearnLoad,
    LearnMatch,
    LearnOutput,
    Meter,
    Move,
    Multipath,
    Nat,
    Note,
    Output,
    OutputField,
    OutputTruncated,
    Pop,
    PopMpls,
    PopQueue,
    PopVlan,
    Push,
    PushMpls,
    PushVlan,
    Resubmit,
    Sample,
    SetField,
    SetQueue,
    SetTunnel,
    SetVlanPcp,
    SetVlanVid,
    WriteActions,
    WriteMetadata,
)
from pyovn.openflow.fields import Subfield
from pyovn.openflow.nicira.registers import load_runs
from pyovn.openflow.ports import format_port
from pyovn.openflow.value_text import format_value, hexadecimal

Names: TypeAlias = Mapping[int, str] | None
"""Interface names by port number."""
Writer: TypeAlias = Callable[[Any, Names], str]

REASONS = ("no_match", "action", "invalid_ttl", "action_set", "group", "packet_out")
ALGS = {21: "ftp", 69: "tftp"}


def format_actions(actions: Actions, names: Names = None) -> str:
    """An action list as it stands after `actions=`; `drop` for the empty one."""
    return ",".join(format_action(action, names) for action in actions) or "drop"


def format_action(action: Action, names: Names = None) -> str:
    """One action or instruction."""
    return _WRITERS[type(action)](action, names)


def _output(action: Output, names: Names) -> str:
    if action.port < ports.MAX:
        return f"output:{format_port(action.port, names)}"
    return format_port(action.port) + (f":{action.max_len}" if action.port == ports.CONTROLLER else "")


def _truncated(action: OutputTruncated, names: Names) -> str:
    return f"output(port={format_port(action.port, names)},max_len={action.max_len})"


def _controller(action: Controller, names: Names) -> str:
    if action == Controller(action.max_len):
        return f"CONTROLLER:{action.max_len}"
    return f"controller({','.join(_controller_parts(action))})"


def _controller_parts(action: Controller) -> Iterator[str]:
    if action.reason != 1:
        yield f"reason={REASONS[action.reason] if action.reason < len(REASONS) else action.reason}"
    if action.max_len != 0xFFFF:
        yield f"max_len={action.max_len}"
    if action.controller_id:
        yield f"id={action.controller_id}"
    if action.userdata:
        yield f"userdata={action.userdata.hex('.')}"
    if action.pause:
        yield "pause"
    if action.meter_id is not None:
        yield f"meter_id={action.meter_id}"


def _resubmit(action: Resubmit, names: Names) -> str:
    if action.port != ports.IN_PORT and action.table == THIS_TABLE:
        return f"resubmit:{format_port(action.port, names)}"
    port = format_port(action.port, names) if action.port != ports.IN_PORT else ""
    table = str(action.table) if action.table != THIS_TABLE else ""
    return f"resubmit({port},{table}{',ct' if action.ct else ''})"


def _bundle(action: Bundle, names: Names) -> str:
    target = f"{action.target}," if action.target else ""
    members = ",".join(format_port(member, names) for member in action.members)
    head = f"{action.fields},{action.basis},{action.algorithm},ofport,{target}"
    return f"{'bundle_load' if action.target else 'bundle'}({head}members:{members})"


def _set_field(action: SetField, names: Names) -> str:
    if action.load:
        runs = load_runs(action.field, action.mask)
        return ",".join(f"load:{hexadecimal(action.value >> run.offset & ((1 << run.bits) - 1))}->{run}" for run in runs)
    # OpenFlow's vlan_vid has a thirteenth bit, which says that there is a tag.
    value = action.value | 0x1000 if action.field.name == "vlan_vid" else action.value
    return f"set_field:{format_value(action.field, value, action.mask, names)}->{action.field.name}"


def _dec_ttl(action: DecTtl, names: Names) -> str:
    return "dec_ttl" if action.controllers == (0,) else f"dec_ttl({','.join(map(str, action.controllers))})"


def _nat(action: Nat, names: Names) -> str:
    parts = [f"{action.kind}={_nat_range(action)}" if action.address else action.kind] if action.kind else []
    parts += [word for word in ("persistent", "hash", "random") if getattr(action, word)]
    return f"nat({','.join(parts)})" if parts else "nat"


def _nat_range(action: Nat) -> str:
    # IPv6 addresses are in brackets where a port follows.
    form = "[{}]" if ":" in action.address and action.port else "{}"
    addresses = "-".join(form.format(address) for address in (action.address, action.last_address) if address)
    found = "-".join(str(port) for port in (action.port, action.last_port) if port)
    return f"{addresses}:{found}" if found else addresses


def _ct(action: Ct, names: Names) -> str:
    parts = [word for word in ("commit", "force") if getattr(action, word)]
    if action.table != THIS_TABLE:
        parts.append(f"table={action.table}")
    if action.zone:
        parts.append(f"zone={action.zone}")
    parts += [_nat(inner, names) for inner in action.actions if isinstance(inner, Nat)]
    inside = tuple(inner for inner in action.actions if not isinstance(inner, Nat))
    if inside:
        parts.append(f"exec({format_actions(inside, names)})")
    if action.alg:
        parts.append(f"alg={ALGS.get(action.alg, action.alg)}")
    return f"ct({','.join(parts)})"


def _learn(action: Learn, names: Names) -> str:
    parts = [f"table={action.table}"]
    for name in ("idle_timeout", "hard_timeout", "fin_idle_timeout", "fin_hard_timeout"):
        if getattr(action, name):
            parts.append(f"{name}={getattr(action, name)}")
    if action.priority != 0x8000:
        parts.append(f"priority={action.priority}")
    parts += [word for bit, word in ((1, "send_flow_rem"), (2, "delete_learned")) if action.flags & bit]
    if action.cookie:
        parts.append(f"cookie={hexadecimal(action.cookie)}")
    if action.limit:
        parts.append(f"limit={action.limit}")
    if action.result:
        parts.append(f"result_dst={action.result}")
    return f"learn({','.join((*parts, *(_learn_spec(spec) for spec in action.specs)))})"


def _learn_spec(spec: LearnMatch | LearnLoad | LearnOutput) -> str:
    if isinstance(spec, LearnOutput):
        return f"output:{spec.source}"
    if isinstance(spec, LearnLoad):
        return f"load:{spec.source if isinstance(spec.source, Subfield) else hexadecimal(spec.source)}->{spec.target}"
    if isinstance(spec.source, Subfield):
        return str(spec.target) if spec.source == spec.target else f"{spec.target}={spec.source}"
    if spec.target.bits == spec.target.field.bits:
        return f"{spec.target.field.name}={format_value(spec.target.field, spec.source)}"
    return f"{spec.target}={hexadecimal(spec.source)}"


def _sample(action: Sample, names: Names) -> str:
    parts = [
        f"probability={action.probability}", f"collector_set_id={action.collector_set_id}",
        f"obs_domain_id={action.obs_domain_id}", f"obs_point_id={action.obs_point_id}",
    ]  # fmt: skip
    if action.sampling_port != ports.NONE:
        parts.append(f"sampling_port={format_port(action.sampling_port, names)}")
    if action.direction:
        parts.append("ingress" if action.direction == 1 else "egress")
    return f"sample({','.join(parts)})"


def _multipath(action: Multipath, names: Names) -> str:
    return f"multipath({action.fields},{action.basis},{action.algorithm},{action.links},{action.arg},{action.target})"


def _fin_timeout(action: FinTimeout, names: Names) -> str:
    parts = [f"{name}={getattr(action, name)}" for name in ("idle_timeout", "hard_timeout") if getattr(action, name)]
    return f"fin_timeout({','.join(parts)})"


def _write_metadata(action: WriteMetadata, names: Names) -> str:
    mask = "" if action.mask == 0xFFFFFFFFFFFFFFFF else f"/{hexadecimal(action.mask)}"
    return f"write_metadata:{hexadecimal(action.value)}{mask}"


def _set_tunnel(action: SetTunnel, names: Names) -> str:
    return f"set_tunnel{'64' if action.tun_id > 0xFFFFFFFF else ''}:{hexadecimal(action.tun_id)}"


def _plain(text: str, action: Action, names: Names) -> str:
    """Words with the action's attributes put in."""
    return text.format(a=action)


def _word(text: str) -> Writer:
    return partial(_plain, text)


_WRITERS: dict[type, Writer] = {
    Output: _output, OutputTruncated: _truncated, OutputField: _word("output:{a.source}"), Controller: _controller,
    Group: _word("group:{a.group_id}"), Resubmit: _resubmit, Bundle: _bundle, SetField: _set_field,
    Move: _word("move:{a.source}->{a.target}"), DeleteField: _word("delete_field:{a.field.name}"),
    Push: _word("push:{a.source}"), Pop: _word("pop:{a.target}"), DecTtl: _dec_ttl, SetTunnel: _set_tunnel,
    SetQueue: _word("set_queue:{a.queue_id}"), PopQueue: _word("pop_queue"), Enqueue: _word("enqueue:{a.port}:{a.queue_id}"),
    SetVlanVid: _word("mod_vlan_vid:{a.vid}"),
    SetVlanPcp: _word("mod_vlan_pcp:{a.pcp}"), PushVlan: _word("push_vlan:{a.eth_type:#06x}"), PopVlan: _word("pop_vlan"),
    PushMpls: _word("push_mpls:{a.eth_type:#06x}"), PopMpls: _word("pop_mpls:{a.eth_type:#06x}"), DecMplsTtl: _word("dec_mpls_ttl"),
    Nat: _nat, Ct: _ct, CtClear: _word("ct_clear"), Note: lambda action, names: f"note:{action.data.hex('.')}",
    Clone: lambda action, names: f"clone({format_actions(action.actions, names)})", Learn: _learn,
    Conjunction: _word("conjunction({a.conj_id},{a.clause}/{a.clauses})"), Sample: _sample,
    CheckPktLarger: _word("check_pkt_larger({a.length})->{a.target}"), Multipath: _multipath, FinTimeout: _fin_timeout,
    Exit: _word("exit"), Meter: _word("meter:{a.meter_id}"), ClearActions: _word("clear_actions"),
    WriteActions: lambda action, names: f"write_actions({format_actions(action.actions, names)})", WriteMetadata: _write_metadata,
    GotoTable: _word("goto_table:{a.table}"),
}  # fmt: skip
