"""The table of symbols."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyovn.logical.expression import And, Compare, Expression, Or
from pyovn.logical.parser import parse
from pyovn.logical.symbols import SYMBOLS, Level, Symbol, symbol_definition

DEFINITIONS = {
    "reg0": "xxreg0[96..127]", "reg9": "xreg4[0..31]", "xreg2": "xxreg1[64..127]", "xreg4": "OXM_OF_PKT_REG4", "flags.loopback": "flags[0]",
    "ct.trk": "ct_state[5]", "ip4": "eth.type == 0x800", "vlan.pcp": "vlan.tci[13..15]",
    "eth.mcast": "eth.dst[40]", "inport": "NXM_NX_REG14",
}  # fmt: skip


def comparisons(expression: Expression) -> Iterator[Compare]:
    if isinstance(expression, Compare):
        yield expression
    elif isinstance(expression, And | Or):
        for part in expression.parts:
            yield from comparisons(part)


@pytest.mark.parametrize(("name", "definition"), DEFINITIONS.items())
def test_definition(name: str, definition: str) -> None:
    assert symbol_definition(SYMBOLS[name]) == definition


@pytest.mark.parametrize("symbol", [s for s in SYMBOLS.values() if s.predicate], ids=lambda s: s.name)
def test_a_predicate_is_nominal_if_it_compares_something_nominal(symbol: Symbol) -> None:
    compared = {compare.symbol.level for compare in comparisons(parse(symbol.predicate))}
    assert (symbol.level is Level.NOMINAL) == (Level.NOMINAL in compared)


@pytest.mark.parametrize("symbol", [s for s in SYMBOLS.values() if s.needs], ids=lambda s: s.name)
def test_what_a_symbol_needs_can_be_parsed(symbol: Symbol) -> None:
    assert list(comparisons(parse(symbol.needs)))


def test_views_lie_within_their_registers() -> None:
    for symbol in SYMBOLS.values():
        if symbol.parent is not None:
            assert symbol.offset + symbol.bits <= symbol.base.bits
