"""Wishes for routes and MACs to be exchanged with others outside that come to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyovn.northd.flow import Problem
from pyovn.northd.router.dynamic_routing import KINDS, REDISTRIBUTE
from pyovn.northd.settings import number64
from pyovn.northd.switch.evpn import INTERFACES, MAX_VNI, SWITCHES, VNI, fits
from pyovn.query import Engine, some
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalSwitch


def _kinds(table: str, name: str, options: dict[str, str]) -> Iterator[Problem]:
    for word in options.get(REDISTRIBUTE, "").split(","):
        if word and word not in KINDS:
            yield Problem(table, name, f"unknown {REDISTRIBUTE} option '{word}'; there are {', '.join(KINDS)}")


def router(db: Engine, ref: str) -> Iterator[Problem]:
    """Kinds of routes that are none."""
    row = db.get(LogicalRouter, ref)
    return _kinds("Logical_Router", row.name, row.options) if row else iter(())


def port(db: Engine, ref: str) -> Iterator[Problem]:
    """The same of a router's port."""
    row = db.get(LogicalRouterPort, ref)
    return _kinds("Logical_Router_Port", row.name, row.options) if row else iter(())


def switch(db: Engine, ref: str) -> Iterator[Problem]:
    """A VPN that is none, or interfaces that chassis cannot find."""
    row = db.get(LogicalSwitch, ref)
    config = row.other_config if row else {}
    name = row.name if row else ""
    if not 0 <= number64(config, VNI, -1) <= MAX_VNI:
        yield Problem("Logical_Switch", name, f'{VNI} "{config.get(VNI)}" is no VNI; it must be one of 0 to {MAX_VNI}')
        return
    for option in INTERFACES:
        if option not in config:
            yield Problem("Logical_Switch", name, f"Missing {option}; chassis exchange no MACs without it")
        elif not fits(option, config[option]):
            yield Problem("Logical_Switch", name, f"{option} {config[option]} is too long; no interface has such a name")


PARTS: tuple[tuple[Any, Callable[[Engine, Any], Iterator[Problem]]], ...] = (
    (some(LogicalRouter, lambda row: REDISTRIBUTE in row.options), router),
    (some(LogicalRouterPort, lambda row: REDISTRIBUTE in row.options), port),
    (SWITCHES, switch),
)
"""What rows show by themselves: which, and how."""
