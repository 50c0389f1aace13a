"""Actions read from text, as `ovs-ofctl` takes them and `action_text` writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

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
    load,
)
from pyovn.openflow.action_text import ALGS, REASONS
from pyovn.openflow.fields import FIELDS, Subfield, parse_subfield
from pyovn.openflow.ports import parse_port
from pyovn.openflow.value_text import parse_value

Names: TypeAlias = Mapping[int, str] | None
Reader: TypeAlias = Callable[[str, Names], Action]
"""From what stands in brackets or after the colon."""


def split_list(text: str) -> list[str]:
    """Cut at commas and spaces that are in no bracket; ValueError for a bracket without its other half."""
    parts, depth, word = [], 0, ""
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
        if char in ", \t\n" and depth == 0:
            parts.append(word)
            word = ""
        else:
            word += char
    if depth:
        raise ValueError(f"{text}: unbalanced parentheses")
    return [part for part in (*parts, word) if part]


def parse_actions(text: str, names: Names = None) -> Actions:
    """Read an action list; `drop` is the empty one. ValueError names the part that is wrong."""
    parts = split_list(text)
    if "drop" in parts:
        if len(parts) > 1:
            raise ValueError("\"drop\" must not be accompanied by any other action or instruction")
        return ()
    return tuple(parse_action(part, names) for part in parts)


def parse_action(text: str, names: Names = None) -> Action:
    """Read one action."""
    end = min((at for at in (text.find("("), text.find(":")) if at >= 0), default=len(text))
    word, rest = text[:end], text[end:]
    reader = _READERS.get(word)
    if reader is None:
        return _port_or_unknown(text, names)
    if rest.startswith("("):
        close = rest.rfind(")")
        rest = rest[1:close] + rest[close + 1 :] if word != "check_pkt_larger" else rest
    else:
        rest = rest[1:]
    return reader(rest, names)


def _port_or_unknown(text: str, names: Names) -> Action:
    name, _, size = text.partition(":")
    try:
        port = parse_port(name, names)
    except ValueError:
        raise ValueError(f"unknown action {name}") from None
    if port == ports.CONTROLLER:
        return Output(port, int(size) if size else 0xFFFF)
    return Output(port)


def _number(text: str, bits: int = 32) -> int:
    try:
        value = int(text, 0)
    except ValueError:
        raise ValueError(f"{text}: not a number") from None
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{text}: not in range 0 to {(1 << bits) - 1}")
    return value


def _pairs(text: str) -> list[tuple[str, str]]:
    """The `key=value` parts of a list; a word alone has the value ""."""
    found = []
    for part in split_list(text):
        key, _, value = part.partition("=")
        found.append((key, value))
    return found


def _arrow(text: str) -> tuple[str, str]:
    source, arrow, target = text.partition("->")
    if not arrow:
        raise ValueError(f"{text}: missing `->'")
    return source, target


def _output(text: str, names: Names) -> Action:
    if "=" in text:
        given = dict(_pairs(text))
        return OutputTruncated(parse_port(given.get("port", ""), names), _number(given.get("max_len", "")))
    try:
        return Output(parse_port(text, names))
    except ValueError:
        return OutputField(parse_subfield(text), 0xFFFF)


def _controller(text: str, names: Names) -> Action:
    if text.isdecimal() or not text:
        return Controller(int(text or 0xFFFF))
    made = Controller()
    for key, value in _pairs(text):
        match key:
            case "max_len":
                made = replace(made, max_len=_number(value, 16))
            case "id":
                made = replace(made, controller_id=_number(value, 16))
            case "reason" if value in REASONS:
                made = replace(made, reason=REASONS.index(value))
            case "userdata":
                made = replace(made, userdata=_hex(value))
            case "pause":
                made = replace(made, pause=True)
            case "meter_id":
                made = replace(made, meter_id=_number(value))
            case _:
                raise ValueError(f"unknown key \"{key}\" parsing controller action")
    return made


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(".", ""))
    except ValueError:
        raise ValueError(f"{text}: bad hex digit") from None


def _resubmit(text: str, names: Names) -> Action:
    parts = text.split(",")
    if len(parts) > 3 or (len(parts) == 3 and parts[2].strip() != "ct"):
        raise ValueError(f"{text}: at most port, table and ct of resubmit")
    port = parse_port(parts[0].strip(), names) if parts[0].strip() else ports.IN_PORT
    table = _number(parts[1].strip(), 8) if len(parts) > 1 and parts[1].strip() else THIS_TABLE
    if port == ports.IN_PORT and table == THIS_TABLE:
        raise ValueError("at least one \"in_port\" or \"table\" must be specified on resubmit")
    return Resubmit(port, table, len(parts) == 3)


def _set_field(text: str, names: Names) -> Action:
    value_text, target = _arrow(text)
    field = FIELDS.get(target)
    if field is None:
        raise ValueError(f"{target} is not a valid OXM field name")
    if not field.writable:
        raise ValueError(f"{target} is read-only")
    value, mask = parse_value(field, value_text, names)
    return SetField(field, value & mask, mask & field.full)


def _load(text: str, names: Names) -> Action:
    value_text, target_text = _arrow(text)
    target, value = parse_subfield(target_text), _number(value_text, 992)
    if not target.field.writable:
        raise ValueError(f"{text}: {target.field.name} is read-only")
    if value >> target.bits:
        raise ValueError(f"{text}: value {value_text} does not fit into {target.bits} bits")
    return load(target, value)


def _move(text: str, names: Names) -> Action:
    source, target = (parse_subfield(part) for part in _arrow(text))
    if source.bits != target.bits:
        raise ValueError(f"{text}: source field is {source.bits} bits wide but destination is {target.bits} bits wide")
    return Move(source, target)


def _delete_field(text: str, names: Names) -> Action:
    if text not in FIELDS:
        raise ValueError(f"{text} is not a valid OXM field name")
    return DeleteField(FIELDS[text])


def _dec_ttl(text: str, names: Names) -> Action:
    return DecTtl(tuple(_number(part, 16) for part in split_list(text))) if text else DecTtl()


def _zone(text: str) -> int | Subfield:
    try:
        return _number(text, 16)
    except ValueError:
        return parse_subfield(text)


def _ct(text: str, names: Names) -> Action:
    made = Ct()
    for part in split_list(text):
        key, _, value = part.partition("=")
        if key in ("commit", "force"):
            made = replace(made, **{key: True})  # type: ignore[arg-type]
        elif key == "table":
            made = replace(made, table=_number(value, 8))
        elif key == "zone":
            made = replace(made, zone=_zone(value))
        elif key == "alg" and value in ALGS.values():
            made = replace(made, alg=next(number for number, name in ALGS.items() if name == value))
        elif part.startswith("nat"):
            made = replace(made, actions=(*made.actions, _nat(part[3:].removeprefix("(").removesuffix(")"), names)))
        elif part.startswith("exec("):
            made = replace(made, actions=made.actions + parse_actions(part[5:-1], names))
        else:
            raise ValueError(f"invalid argument to \"ct\" action: `{part}'")
    return made


def _nat(text: str, names: Names) -> Action:
    made = Nat()
    for key, value in _pairs(text):
        if key in ("src", "dst"):
            made = replace(made, kind=key)
            made = _nat_range(made, value) if value else made
        elif key in ("persistent", "hash", "random"):
            made = replace(made, **{key: True})  # type: ignore[arg-type]
        else:
            raise ValueError(f"invalid key \"{key}\" in \"nat\" argument")
    return made


def _nat_range(made: Nat, text: str) -> Nat:
    """`A`, `A-B`, each with `:p` or `:p-q`; IPv6 addresses in brackets where ports follow."""
    if text.count(":") > 1 and "]" not in text:
        addresses, found = text, ""
    elif "]" in text:
        addresses, _, found = text.rpartition("]")
        found = found.removeprefix(":")
    else:
        addresses, _, found = text.partition(":")
    first, _, last = addresses.replace("[", "").replace("]", "").partition("-")
    low, _, high = found.partition("-")
    for address in filter(None, (first, last)):
        parse_value(FIELDS["ipv6_src" if ":" in address else "ip_src"], address)
    return replace(
        made, address=first, last_address=last, port=_number(low, 16) if low else 0, last_port=_number(high, 16) if high else 0
    )


_LEARN_NUMBERS = {
    "table": 8, "idle_timeout": 16, "hard_timeout": 16, "fin_idle_timeout": 16, "fin_hard_timeout": 16, "priority": 16, "cookie": 64,
    "limit": 32,
}  # fmt: skip
_LEARN_FLAGS = {"send_flow_rem": 1, "delete_learned": 2}


def _learn(text: str, names: Names) -> Action:
    made, specs = Learn(1, ()), []
    for part in split_list(text):
        key, equals, value = part.partition("=")
        if key in _LEARN_NUMBERS and equals:
            made = replace(made, **{key: _number(value, _LEARN_NUMBERS[key])})  # type: ignore[arg-type]
        elif part in _LEARN_FLAGS:
            made = replace(made, flags=made.flags | _LEARN_FLAGS[part])
        elif key == "result_dst":
            made = replace(made, result=parse_subfield(value))
        else:
            specs.append(_learn_spec(part))
    return replace(made, specs=tuple(specs))


def _learn_spec(text: str) -> LearnMatch | LearnLoad | LearnOutput:
    if text.startswith("output:"):
        return LearnOutput(parse_subfield(text[7:]))
    if text.startswith("load:"):
        source, target = _arrow(text[5:])
        return LearnLoad(_constant_or_bits(source, parse_subfield(target)), parse_subfield(target))
    target_text, equals, source_text = text.partition("=")
    bits = parse_subfield(target_text)
    return LearnMatch(_constant_or_bits(source_text, bits) if equals else bits, bits)


def _constant_or_bits(text: str, target: Subfield) -> int | Subfield:
    try:
        return parse_subfield(text)
    except ValueError:
        if target.bits == target.field.bits:
            return parse_value(target.field, text)[0]
        return _number(text, target.bits)


def _conjunction(text: str, names: Names) -> Action:
    conj_id, comma, rest = text.partition(",")
    clause, slash, clauses = rest.partition("/")
    if not comma or not slash:
        raise ValueError(f"{text}: conjunction must be ID,K/N")
    k, n = _number(clause.strip(), 8), _number(clauses, 8)
    if not 2 <= n <= 64 or not 1 <= k <= n:
        raise ValueError(f"{text}: conjunction must have at least 2 clauses, at most 64, and K among them")
    return Conjunction(_number(conj_id), k, n)


def _sample(text: str, names: Names) -> Action:
    made = Sample(0, 0)
    for key, value in _pairs(text):
        if key in ("probability", "collector_set_id"):
            made = replace(made, **{key: _number(value, 16 if key == "probability" else 32)})
        elif key in ("obs_domain_id", "obs_point_id"):
            source: int | Subfield = _number(value) if value[:1].isdecimal() else parse_subfield(value)
            made = replace(made, obs_domain_id=source) if key == "obs_domain_id" else replace(made, obs_point_id=source)
        elif key == "sampling_port":
            made = replace(made, sampling_port=parse_port(value, names))
        elif key in ("ingress", "egress"):
            made = replace(made, direction=1 if key == "ingress" else 2)
        else:
            raise ValueError(f"invalid key \"{key}\" in \"sample\" argument")
    if not made.probability:
        raise ValueError("non-zero \"probability\" must be specified on sample")
    return made


def _check_pkt_larger(text: str, names: Names) -> Action:
    length, target = _arrow(text)
    return CheckPktLarger(_number(length.strip("()"), 16), parse_subfield(target))


def _multipath(text: str, names: Names) -> Action:
    parts = split_list(text)
    if len(parts) != 6:
        raise ValueError(f"{text}: not enough arguments to multipath action")
    fields, basis, algorithm, links, arg, target = parts
    return Multipath(fields, _number(basis, 16), algorithm, _number(links, 16), _number(arg), parse_subfield(target))


def _bundle(text: str, names: Names) -> Action:
    head, _, members = text.partition("members:")
    parts = split_list(head)
    if len(parts) not in (4, 5) or parts[3] != "ofport":
        raise ValueError(f"{text}: not enough arguments to bundle action")
    target = parse_subfield(parts[4]) if len(parts) == 5 else None
    ports_of = tuple(parse_port(member, names) for member in split_list(members))
    return Bundle(parts[0], _number(parts[1], 16), parts[2], ports_of, target)


def _fin_timeout(text: str, names: Names) -> Action:
    given = dict(_pairs(text))
    return FinTimeout(_number(given.get("idle_timeout", "0"), 16), _number(given.get("hard_timeout", "0"), 16))


def _write_metadata(text: str, names: Names) -> Action:
    value, slash, mask = text.partition("/")
    return WriteMetadata(_number(value, 64), _number(mask, 64) if slash else 0xFFFFFFFFFFFFFFFF)


def _old(name: str) -> Reader:
    """OpenFlow 1.0's actions, which set one field."""
    return lambda text, names: SetField(FIELDS[name], *_whole(name, text))


def _whole(name: str, text: str) -> tuple[int, int]:
    return parse_value(FIELDS[name], text)[0], FIELDS[name].full


def _enqueue(text: str, names: Names) -> Action:
    """`PORT:QUEUE` or `PORT,QUEUE`."""
    port, _, queue = text.replace(",", ":").partition(":")
    return Enqueue(parse_port(port, names), _number(queue))


_READERS: dict[str, Reader] = {
    "output": _output, "controller": _controller, "CONTROLLER": lambda text, names: Output(ports.CONTROLLER, int(text or 0xFFFF)),
    "group": lambda text, names: Group(_number(text)), "resubmit": _resubmit, "bundle": _bundle, "bundle_load": _bundle,
    "set_field": _set_field, "load": _load, "move": _move, "delete_field": _delete_field,
    "push": lambda text, names: Push(parse_subfield(text)), "pop": lambda text, names: Pop(parse_subfield(text)), "dec_ttl": _dec_ttl,
    "set_tunnel": lambda text, names: SetTunnel(_number(text)), "set_tunnel64": lambda text, names: SetTunnel(_number(text, 64)),
    "set_queue": lambda text, names: SetQueue(_number(text)), "pop_queue": lambda text, names: PopQueue(),
    "enqueue": _enqueue,
    "mod_vlan_vid": lambda text, names: SetVlanVid(_number(text, 12)), "set_vlan_vid": lambda text, names: SetVlanVid(_number(text, 12)),
    "mod_vlan_pcp": lambda text, names: SetVlanPcp(_number(text, 3)), "set_vlan_pcp": lambda text, names: SetVlanPcp(_number(text, 3)),
    "push_vlan": lambda text, names: PushVlan(_number(text, 16)), "pop_vlan": lambda text, names: PopVlan(),
    "strip_vlan": lambda text, names: PopVlan(), "push_mpls": lambda text, names: PushMpls(_number(text, 16)),
    "pop_mpls": lambda text, names: PopMpls(_number(text, 16)), "dec_mpls_ttl": lambda text, names: DecMplsTtl(),
    "mod_dl_src": _old("eth_src"), "mod_dl_dst": _old("eth_dst"), "mod_nw_src": _old("ip_src"), "mod_nw_dst": _old("ip_dst"),
    "mod_nw_tos": _old("nw_tos"), "mod_tp_src": _old("tcp_src"), "mod_tp_dst": _old("tcp_dst"), "mod_nw_ttl": _old("nw_ttl"),
    "nat": _nat, "ct": _ct, "ct_clear": lambda text, names: CtClear(),
    "note": lambda text, names: Note(_hex(text).ljust(6, b"\0") + bytes(-(max(len(_hex(text)), 6) + 2) % 8)),
    "clone": lambda text, names: Clone(parse_actions(text, names)), "learn": _learn, "conjunction": _conjunction, "sample": _sample,
    "check_pkt_larger": _check_pkt_larger, "multipath": _multipath, "fin_timeout": _fin_timeout, "exit": lambda text, names: Exit(),
    "meter": lambda text, names: Meter(_number(text)), "clear_actions": lambda text, names: ClearActions(),
    "write_actions": lambda text, names: WriteActions(parse_actions(text, names)), "write_metadata": _write_metadata,
    "goto_table": lambda text, names: GotoTable(_number(text, 8)),
}  # fmt: skip
