"""Does a match hold for a packet? The same question that compiled matches answer, asked of the expression itself."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from pyovn.logical.expression import And, Compare, Expression, Or, Resident
from pyovn.openflow.fields import read
from pyovn.packet.flow import Flow

_ORDERS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(
    expression: Expression, flow: Flow, port_key: Callable[[str], int | None], is_resident: Callable[[str], bool] = lambda port: True
) -> bool:
    """Whether an annotated expression holds for the packet.

    `port_key` gives a port's number by name, None if there is no such port: then no packet comes from or goes to it.
    """
    if isinstance(expression, Compare):
        symbol, relation, value, mask = expression
        assert symbol.source is not None, f"{symbol.name} is no field"
        found = read(flow, symbol.source)
        if isinstance(value, str):
            key = port_key(value)
            return key is not None and (found == key) == (relation == "==")
        return _ORDERS[relation](found & mask, value)
    if isinstance(expression, And):
        return all(evaluate(part, flow, port_key, is_resident) for part in expression.parts)
    if isinstance(expression, Or):
        return any(evaluate(part, flow, port_key, is_resident) for part in expression.parts)
    if isinstance(expression, Resident):
        return is_resident(expression.port) != expression.negated
    return expression.value
