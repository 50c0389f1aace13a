"""Logical flows to OpenFlow rules: each flow on each of its datapaths that matters here, compiled by the language's own compiler."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pyovn.controller.binding import is_here
from pyovn.controller.facts import Allocators, allocators
from pyovn.controller.host import has_capability
from pyovn.controller.local_datapaths import datapath_key, is_local, port_ref
from pyovn.controller.numbers import number_of
from pyovn.controller.rule import Rule, cookie_of
from pyovn.controller.tables import INPORT, OUTPORT, OFTable
from pyovn.controller.variables import expanded
from pyovn.logical.actions.environment import EncodeEnvironment, GroupSpec, encode_all
from pyovn.logical.actions.read import Parsed, parse_actions
from pyovn.logical.actions.reader import Place
from pyovn.logical.annotate import annotate
from pyovn.logical.compile import Compiled, Lookups, compile_match, number_rule, parse_match
from pyovn.logical.compile import Rule as Matched
from pyovn.logical.expression import Expression, conjoin
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import Scope
from pyovn.logical.tables import Pipeline
from pyovn.openflow.action import Actions, Conjunction
from pyovn.openflow.fields import FIELDS, Field
from pyovn.openflow.match import Match
from pyovn.query import Engine, each, index, query
from pyovn.schemas import sb

log = logging.getLogger("lflow")

_METADATA = FIELDS["metadata"]
_SETS = re.compile(r"[$@]([\w.:-]+)")
_SPECIFIC = re.compile(r'["$@]')
"""What makes a match mean something else on another datapath or host."""


class Item(NamedTuple):
    """A logical flow on one datapath."""

    flow: str
    datapath: str


def _items(db: Engine, ref: str) -> Iterator[Item]:
    row = db.get(sb.LogicalFlow, ref)
    if row is None:
        return
    group = db.get(sb.LogicalDPGroup, row.logical_dp_group) if row.logical_dp_group else None
    single = (row.logical_datapath,) if row.logical_datapath else ()
    for datapath in (*single, *(group.datapaths if group else ())):
        if is_local(db, datapath):
            yield Item(ref, datapath)


ITEMS = each((sb.LogicalFlow, _items))
"""Every logical flow on every datapath where it matters."""


def _group_key(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], int]]:
    row = db.get(sb.MulticastGroup, ref)
    if row:
        yield (row.datapath, row.name), row.tunnel_key


GROUP_KEYS = index((sb.MulticastGroup, _group_key))
"""Keys of multicast groups by datapath and name."""


def _port_keys(db: Engine, ref: str) -> Iterator[tuple[tuple[str, int], str]]:
    row = db.get(sb.PortBinding, ref)
    if row:
        yield (row.datapath, row.tunnel_key), row.logical_port


PORTS_BY_KEY = index((sb.PortBinding, _port_keys))
"""Ports by datapath and key."""
FIRST_GROUP = 0x8000
"""Keys from here on are multicast groups'."""

NO_PORT = "none"
"""How a match says that no port was chosen."""


@query
def port_key(db: Engine, datapath: str, name: str) -> int | None:
    """The key of a port, or of a multicast group of the datapath; None if there is none of that name."""
    if name == NO_PORT:
        return 0
    ref = port_ref(db, name)
    row = db.get(sb.PortBinding, ref) if ref else None
    if row is not None and row.datapath == datapath:
        return row.tunnel_key
    return next(iter(GROUP_KEYS(db, (datapath, name))), None)


@query
def is_resident(db: Engine, name: str) -> bool:
    """Whether this host answers for the port of that name."""
    ref = port_ref(db, name)
    return ref is not None and is_here(db, ref)


ELSEWHERE = ("", "l2gateway", "l3gateway", "external")
"""Types of ports that live on one host."""


@query
def concerns(db: Engine, name: str) -> bool:
    """Whether packets of the port of that name come through this host: those of a port that is plugged in elsewhere do not."""
    ref = port_ref(db, name)
    port = db.get(sb.PortBinding, ref) if ref else None
    return port is not None and (port.type not in ELSEWHERE or is_here(db, port.uuid))


@query
def address_set(db: Engine, name: str) -> tuple[str, ...] | None:
    """The addresses of a set, or None if there is no such set."""
    ref = next(iter(db.find(sb.AddressSet, "name", name)), None)
    row = db.get(sb.AddressSet, ref) if ref else None
    return row.addresses if row else None


@query
def port_group(db: Engine, name: str) -> tuple[str, ...] | None:
    """The ports of a group that concern this host, or None if there is no such group."""
    ref = next(iter(db.find(sb.PortGroup, "name", name)), None)
    row = db.get(sb.PortGroup, ref) if ref else None
    return tuple(name for name in row.ports if concerns(db, name)) if row else None


def _group_at(db: Engine, datapath: int | None, name: str) -> tuple[str, ...] | None:
    """The group's ports on a datapath, of which this host may have none; or the group that is said of all datapaths at once."""
    there = port_group(db, f"{datapath}_{name}")
    return port_group(db, name) if there is None else there


def scope_of(db: Engine, match: str, datapath: str) -> Scope:
    """What the names of sets in a match mean; a port group is stored once for each datapath, under its key and name."""
    names = set(_SETS.findall(match))
    if not names:
        return Scope()
    key = datapath_key(db, datapath)
    sets = {name: address_set(db, name) for name in names}
    groups = {name: _group_at(db, key, name) for name in names}
    return Scope(
        address_sets={name: members for name, members in sets.items() if members is not None},
        port_groups={name: members for name, members in groups.items() if members is not None},
    )


@lru_cache(maxsize=1 << 16)
def read_actions(text: str, pipeline: Pipeline, table: int) -> Parsed:
    """The actions of a flow and what they ask of a packet besides the match, read once for every datapath.

    Raises LogicalError.
    """
    return parse_actions(text, Place(pipeline, table))


@lru_cache(maxsize=1 << 16)
def _compile_plain(match: str, needs: Expression | None) -> Compiled:
    """A match that means the same everywhere, compiled once."""
    return _compile(match, needs, Lookups())


def _compile(match: str, needs: Expression | None, lookups: Lookups) -> Compiled:
    expression = parse_match(match, lookups.scope)
    return compile_match(expression if needs is None else conjoin([expression, annotate(needs)]), lookups)


def compiled_match(db: Engine, match: str, needs: Expression | None, datapath: str) -> Compiled:
    """The OpenFlow matches of a flow on one datapath, without the datapath.

    Raises LogicalError.
    """
    if not _SPECIFIC.search(match):
        return _compile_plain(match, needs)
    lookups = Lookups(
        port_key=lambda name: port_key(db, datapath, name),
        is_resident=lambda name: is_resident(db, name),
        scope=scope_of(db, match, datapath),
    )
    return _compile(match, needs, lookups)


@query
def is_switch(db: Engine, datapath: str) -> bool:
    """Whether the datapath is a switch's."""
    row = db.get(sb.DatapathBinding, datapath)
    return row is not None and (row.type == "logical-switch" or "logical-switch" in row.external_ids)


def encode_environment(db: Engine, row: sb.LogicalFlow, datapath: str, pipeline: Pipeline) -> EncodeEnvironment:
    """The world of one flow on one datapath."""
    numbers = allocators(db)
    ingress = pipeline is Pipeline.INGRESS
    return EncodeEnvironment(
        port_key=lambda name: port_key(db, datapath, name),
        group_id=lambda spec: _group_id(numbers, spec),
        meter_id=lambda name: number_of(numbers.meters, name),
        is_local=lambda name: is_resident(db, name),
        is_switch=is_switch(db, datapath),
        pipeline=pipeline,
        table=row.table_id,
        output_table=OFTable.OUTPUT_LARGE_PACKET_DETECT if ingress else OFTable.SAVE_INPORT,
        datapath_key=datapath_key(db, datapath) or 0,
        cookie=cookie_of(row.uuid),
        zero_snat=has_capability(db, "ct_zero_snat"),
        controller_meter=number_of(numbers.meters, row.controller_meter) if row.controller_meter else None,
    )


def _group_id(numbers: Allocators, spec: GroupSpec) -> int:
    return number_of(numbers.groups, spec)


def flow_rules(db: Engine, item: Item) -> Iterator[Rule]:
    """The rules of one logical flow on one datapath; none, and a warning, if it cannot be read."""
    row, key = db.get(sb.LogicalFlow, item.flow), datapath_key(db, item.datapath)
    if row is None or key is None or ("in_out_port" in row.tags and not concerns(db, row.tags["in_out_port"])):
        return
    pipeline = Pipeline.INGRESS if row.pipeline == "ingress" else Pipeline.EGRESS
    try:
        read = read_actions(expanded(db, row.actions), pipeline, row.table_id)
        compiled = compiled_match(db, expanded(db, row.match), read.needs, item.datapath)
        actions = tuple(encode_all(read.actions, encode_environment(db, row, item.datapath, pipeline)))
    except LogicalError as error:
        log.warning("error parsing flow %s: match %s, actions %s: %s", row.uuid, row.match, row.actions, error)
        return
    own = FIELDS[INPORT if pipeline is Pipeline.INGRESS else OUTPORT] if is_switch(db, item.datapath) else None
    here = (rule for rule in compiled.rules if own is None or _passes_here(db, item.datapath, rule.match, own))
    yield from _rules(row, (key, pipeline + row.table_id), here, compiled.conjunctions, actions)


def _passes_here(db: Engine, datapath: str, match: Match, own: Field) -> bool:
    """Whether packets of the one port that a match names, if it does, come through this host."""
    port, mask = match.get(own)
    if not port or mask != own.full or port >= FIRST_GROUP:
        return True
    return any(concerns(db, name) for name in PORTS_BY_KEY(db, (datapath, port)))


def _rules(row: sb.LogicalFlow, place: tuple[int, int], found: Iterable[Matched], conjunctions: int, actions: Actions) -> Iterator[Rule]:
    cookie = cookie_of(row.uuid)
    datapath, table = place
    base = cookie - 1 if 0 < cookie <= 0xFFFFFFFF - conjunctions else 0
    for rule in found:
        match, parts = number_rule(rule, base)
        match = match.with_fields({_METADATA: datapath})
        clauses = tuple(Conjunction(part.conjunction, part.dimension + 1, part.dimensions) for part in parts)
        yield Rule(table, row.priority, match, clauses or actions, 0 if clauses else cookie)
