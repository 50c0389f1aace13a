"""Matches of northbound rows that do not parse, or name sets and groups that do not exist: chassis would skip their flows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import Scope, parse
from pyovn.northd.flow import Problem
from pyovn.query import Engine
from pyovn.schemas.nb import ACL, NAT, AddressSet, LogicalRouterPolicy, MirrorRule, PortGroup, QoS

NAMED = re.compile(r'"(?:[^"\\]|\\.)*"|([$@])([\w.]+)')
"""Names of sets and groups; quoted strings are skipped."""

FAMILY = re.compile(r"_ip[46]$")
"""What the compiler adds to a port group's name for the addresses of its ports."""


class _Anything(Mapping[str, tuple[str, ...]]):
    """Every name is there, and stands for nothing: whether it exists is asked apart."""

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, name: str, default: Any = None) -> tuple[str, ...]:
        """Nothing, whatever the name."""
        return ()


SCOPE = Scope(_Anything(), _Anything())


@lru_cache(maxsize=1 << 12)
def fault(match: str) -> str:
    """Why a match does not parse; empty if it does."""
    try:
        parse(match, SCOPE)
    except LogicalError as error:
        return str(error)
    return ""


def _faults(db: Engine, match: str) -> Iterator[str]:
    found = fault(match)
    if found:
        yield f'match "{match}" does not parse: {found} It has no effect until it is corrected'
        return
    for found_name in NAMED.finditer(match) if "$" in match or "@" in match else ():
        kind, name = found_name.groups()
        if kind and not _exists(db, kind, name):
            command = "pg-add" if kind == "@" else "create address_set"
            yield f'match "{match}" names {kind}{name}, which does not exist; it has no effect until {command} makes it'


def _exists(db: Engine, kind: str, name: str) -> bool:
    if kind == "$" and db.find(AddressSet, "name", name):
        return True
    group = FAMILY.sub("", name) if kind == "$" else name
    # The compiler has sets of its own, whose names no user's can be.
    return bool(db.find(PortGroup, "name", group)) or name.startswith(("rtr_lb_", "svc_monitor", "lrp_"))


def acl(db: Engine, ref: str) -> Iterator[Problem]:
    """An ACL's match."""
    row = db.get(ACL, ref)
    for fact in _faults(db, row.match) if row else ():
        yield Problem("ACL", (row.name if row else "") or ref, fact)


def qos(db: Engine, ref: str) -> Iterator[Problem]:
    """A QoS rule's match."""
    row = db.get(QoS, ref)
    for fact in _faults(db, row.match) if row else ():
        yield Problem("QoS", ref, fact)


def policy(db: Engine, ref: str) -> Iterator[Problem]:
    """A routing policy's match."""
    row = db.get(LogicalRouterPolicy, ref)
    for fact in _faults(db, row.match) if row else ():
        yield Problem("Logical_Router_Policy", ref, fact)


def translation(db: Engine, ref: str) -> Iterator[Problem]:
    """A translation's match, which it may be without."""
    row = db.get(NAT, ref)
    for fact in _faults(db, row.match) if row and row.match else ():
        yield Problem("NAT", ref, fact)


def mirror_rule(db: Engine, ref: str) -> Iterator[Problem]:
    """A mirror rule's match."""
    row = db.get(MirrorRule, ref)
    for fact in _faults(db, row.match) if row else ():
        yield Problem("Mirror_Rule", ref, fact)
