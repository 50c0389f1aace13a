"""An expression that describes one packet, to the packet: what a trace or a test starts from."""

from __future__ import annotations

from collections.abc import Callable

from pyovn.logical.annotate import annotate
from pyovn.logical.expression import And, Compare, Expression, Or, Truth, format_expression
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import Scope, parse
from pyovn.openflow.fields import read, write
from pyovn.packet import slot
from pyovn.packet.flow import Flow, empty_flow

CONTRADICTORY = "Constraints are contradictory."


class _Known:
    """A packet in the making: bits, and which of them are settled."""

    __slots__ = ("flow", "mask", "port_key")

    def __init__(self, port_key: Callable[[str], int | None]) -> None:
        self.flow = empty_flow()
        self.mask = empty_flow()
        self.port_key = port_key

    def settle(self, compare: Compare) -> bool | None:
        """Whether the comparison holds given what is settled; None if that is open."""
        symbol, operator, value, mask = compare
        source = symbol.source
        assert source is not None, f"{symbol.name} is no field"
        if isinstance(value, str):
            value, mask = self.port_key(value) or 0, source.full
        mask &= source.full  # of an ARP operation a switch knows eight bits
        if operator not in ("==", "!="):
            return None
        settled = read(self.mask, source) & mask
        if (read(self.flow, source) ^ value) & settled:
            return operator == "!="
        return operator == "==" if settled == mask else None

    def assume(self, compare: Compare) -> bool:
        """Make an open comparison true, if it says what the bits are."""
        symbol, operator, value, mask = compare
        source = symbol.source
        assert source is not None
        if isinstance(value, str):
            value, mask = self.port_key(value) or 0, source.full
        mask &= source.full  # of an ARP operation a switch knows eight bits
        if operator == "!=" and mask & mask - 1 == 0:
            value ^= mask
        elif operator != "==":
            return False
        present = self.flow[slot.VLAN_TCI], self.mask[slot.VLAN_TCI]
        write(self.flow, source, read(self.flow, source) & ~mask | value)
        write(self.mask, source, read(self.mask, source) | mask)
        if source.slot == slot.VLAN_TCI and source.bits < 16:
            self.flow[slot.VLAN_TCI] |= present[0]
        return True


def _status(expression: Expression, known: _Known) -> bool | None:
    """Whether the expression holds given what is settled; None if that is open."""
    if isinstance(expression, Compare):
        return known.settle(expression)
    if isinstance(expression, And | Or):
        decisive = isinstance(expression, Or)
        found = [_status(part, known) for part in expression.parts]
        return decisive if decisive in found else None if None in found else not decisive
    return expression.value if isinstance(expression, Truth) else True


def _demand(expression: Expression, known: _Known) -> bool:
    """Settle what follows from the expression; whether anything was."""
    status = _status(expression, known)
    if status is False:
        raise LogicalError(CONTRADICTORY)
    if status:
        return False
    if isinstance(expression, Compare):
        return known.assume(expression)
    assert isinstance(expression, And | Or)
    if isinstance(expression, And):
        progress = [_demand(part, known) for part in expression.parts]
        return any(progress)
    possible = [part for part in expression.parts if _status(part, known) is not False]
    return len(possible) == 1 and _demand(possible[0], known)


def parse_microflow(text: str, scope: Scope, port_key: Callable[[str], int | None]) -> Flow:
    """The packet that the text describes; what it says nothing about is zero.

    Raises LogicalError if no packet fits, or if the text leaves a choice that its own fields depend on.
    """
    expression = annotate(parse(text, scope), scope)
    known = _Known(port_key)
    while _demand(expression, known):
        pass
    if not _status(expression, known):
        raise LogicalError(f"Constraints are ambiguous: {format_expression(expression)}.")
    return known.flow


