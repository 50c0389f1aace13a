"""Text of actions to actions: which word begins which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pyovn.logical.actions import balance, checks, conntrack, dhcp, fields, flow, learned, neighbours, services, telemetry
from pyovn.logical.actions.environment import Action
from pyovn.logical.actions.nested import REPLACEMENTS, Nested
from pyovn.logical.actions.reader import Place, Reader
from pyovn.logical.actions.router_advertisement import read_put_ra_options
from pyovn.logical.expression import Expression, conjoin
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import FieldRef

MAX_DEPTH = 16
"""How deep blocks may nest."""


class Parsed(NamedTuple):
    """The actions of a flow, and what they ask of the packet beyond its match (to be annotated); None: nothing."""

    actions: tuple[Action, ...]
    needs: Expression | None


def _read_block(reader: Reader) -> tuple[Action, ...]:
    """`{ ACTION… }`."""
    reader.cursor.expect("{")
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise LogicalError("Actions nested too deeply.")
    actions = _read_sequence(reader)
    reader.cursor.expect("}")
    reader.depth -= 1
    return actions


def _read_clone(reader: Reader) -> flow.Clone:
    reader.cursor.at += 1
    return flow.Clone(_read_block(reader))


def _read_nested(reader: Reader) -> Nested:
    """A block on another packet: what its actions need, that packet has."""
    keyword = reader.cursor.take().name
    outer, reader.needs = reader.needs, []
    actions = _read_block(reader)
    reader.needs = outer
    if REPLACEMENTS[keyword].needs:
        reader.need(REPLACEMENTS[keyword].needs)
    return Nested(keyword, actions)


def _read_ct_commit(reader: Reader) -> conntrack.CtCommit:
    reader.cursor.at += 1
    reader.need("ip")
    if reader.cursor.kind != "{":
        return conntrack.CtCommit()
    outer, reader.needs, reader.committing = reader.needs, [], True
    actions = _read_block(reader)
    reader.needs, reader.committing = outer, False
    return conntrack.CtCommit(actions)


_WORDS: Mapping[str, Callable[[Reader], Action]] = {
    "output": flow.read_output,
    "next": flow.read_next,
    "clone": _read_clone,
    "mirror": flow.read_mirror,
    "push": fields.read_push,
    "pop": fields.read_pop,
    "ct_next": conntrack.read_ct_next,
    "ct_commit": _read_ct_commit,
    "ct_commit_to_zone": conntrack.read_ct_commit_to_zone,
    "ct_commit_nat": conntrack.read_ct_commit_nat,
    "ct_clear": conntrack.read_ct_clear,
    "get_arp": neighbours.read_get_mac,
    "get_nd": neighbours.read_get_mac,
    "put_arp": neighbours.read_put_mac,
    "put_nd": neighbours.read_put_mac,
    "put_fdb": neighbours.read_put_fdb,
    "fwd_group": balance.read_fwd_group,
    "set_queue": telemetry.read_set_queue,
    "set_meter": telemetry.read_set_meter,
    "sample": telemetry.read_sample,
    "log": services.read_log,
    "trigger_event": services.read_trigger_event,
    "bind_vport": services.read_bind_vport,
    "handle_svc_check": services.read_handle_svc_check,
    "commit_ecmp_nh": learned.read_commit_ecmp,
    "commit_lb_aff": learned.read_commit_lb_affinity,
    **dict.fromkeys(conntrack.NAT_WORDS, conntrack.read_nat),
    **dict.fromkeys(balance.BALANCERS, balance.read_ct_lb),
    **dict.fromkeys(flow.RESUBMISSIONS, flow.read_resubmission),
    **dict.fromkeys(services.SERVICES, services.read_service),
    **dict.fromkeys(REPLACEMENTS, _read_nested),
}
"""The words that begin an action."""

_RESULTS: Mapping[str, Callable[[Reader, FieldRef], Action]] = {
    "put_dhcp_opts": dhcp.read_put_dhcp_options,
    "put_dhcpv6_opts": dhcp.read_put_dhcpv6_options,
    "put_nd_ra_opts": read_put_ra_options,
    "dns_lookup": checks.read_dns_lookup,
    "check_pkt_larger": checks.read_check_pkt_larger,
    "select": balance.read_select,
    "lookup_arp": neighbours.read_lookup_mac,
    "lookup_nd": neighbours.read_lookup_mac,
    "lookup_arp_ip": neighbours.read_lookup_mac_ip,
    "lookup_nd_ip": neighbours.read_lookup_mac_ip,
    "lookup_fdb": neighbours.read_lookup_fdb,
    **dict.fromkeys(neighbours.FDB_TABLES, neighbours.read_get_fdb),
    **dict.fromkeys(dhcp.RELAY_OPCODES, dhcp.read_relay_check),
    **dict.fromkeys(checks.QUESTIONS, checks.read_check),
    **dict.fromkeys(checks.ORIGINALS, checks.read_ct_original),
}
"""The words that may stand right of `=`, with `(` after them."""


def _read_assignment(reader: Reader) -> Action:
    """`FIELD = …` or `FIELD <-> FIELD`."""
    cursor = reader.cursor
    target = reader.field()
    if cursor.match("<->"):
        return fields.read_exchange(reader, target)
    if not cursor.match("="):
        raise cursor.error("expecting `=' or `<->'")
    if cursor.kind != "id":
        return fields.read_load(reader, target)
    read = _RESULTS.get(cursor.token.name)
    if read is not None and cursor.peek() == "(":
        return read(reader, target)
    return fields.read_move(reader, target)


def _read_action(reader: Reader) -> Action:
    """One action without its semicolon."""
    cursor = reader.cursor
    token = cursor.token
    if token.kind != "id":
        raise cursor.error()
    after = cursor.peek()
    if token.name == "ip.ttl" and after not in ("=", "<->", "["):
        return _read_dec_ttl(reader)
    if after in ("=", "<->", "["):
        return _read_assignment(reader)
    read = _WORDS.get(token.name)
    if read is None:
        if token.name in reader.place.scope.symbols and after == "==":
            return _read_assignment(reader)
        raise cursor.error("expecting action")
    return read(reader)


def _read_dec_ttl(reader: Reader) -> fields.DecTtl:
    reader.cursor.at += 1
    reader.cursor.expect("--")
    reader.need("ip")
    return fields.DecTtl()


def _read_sequence(reader: Reader) -> tuple[Action, ...]:
    """Actions up to the end or a closing brace; `drop;` stands for none."""
    cursor = reader.cursor
    if cursor.token.name == "drop" and cursor.kind == "id" and cursor.peek() == ";":
        cursor.at += 2
        if not reader.depth and cursor.kind:
            raise cursor.error("expecting end of input")
        return ()
    actions: list[Action] = []
    while cursor.kind and cursor.kind != "}":
        actions.append(_read_action(reader))
        cursor.expect(";")
    return tuple(actions)


HERE = Place()


def parse_actions(text: str, place: Place = HERE) -> Parsed:
    """The actions of a flow that stands at `place`.

    Raises LogicalError with the sentence to show.
    """
    reader = Reader(text, place)
    actions = _read_sequence(reader)
    if reader.cursor.kind:
        raise reader.cursor.error("expecting end of input")
    return Parsed(actions, conjoin(reader.needs) if reader.needs else None)
