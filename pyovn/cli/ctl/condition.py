"""COLUMN[:KEY]OP VALUE, as `find` and `wait-until` judge it (ovs-vsctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl import datum
from pyovn.cli.ctl.atom import parse_atom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.records import Spec
    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.cli.ctl.schema import Column

OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "{=}", "{!=}", "{<}", "{>}", "{<=}", "{>=}", "{in}", "{not-in}")


def holds(db: Rows, row: Row, spec: Spec) -> bool:
    """Whether a row satisfies a condition."""
    column = spec.column
    held = row[column.name]
    if spec.key is None:
        wanted = datum.parse(column, spec.value, db.symbols)
        return compare(members(column, held), members(column, wanted), spec.operator)
    if column.value is None:
        raise CommandError(f"cannot specify key to check for non-map column {column.name}")
    key = parse_atom(spec.key, column.key, db.symbols)
    values = datum.parse(values_of(column), spec.value, db.symbols)
    if key not in held and not spec.operator.startswith("{"):
        return False
    return compare([held[key]] if key in held else [], list(values), spec.operator)


def values_of(column: Column) -> Column:
    """The type of a set of a map's values."""
    from copy import copy

    assert column.value is not None
    found = copy(column)
    found.key, found.value, found.kind, found.minimum, found.maximum = column.value, None, "set", 0, 1 << 62
    return found


def members(column: Column, value: Any) -> list[Any]:
    """The atoms, or the pairs of a map."""
    return list(value.items()) if column.value is not None else datum.keys(column, value)


def compare(have: list[Any], want: list[Any], operator: str) -> bool:
    """One of OPERATORS: the plain ones order by size, then by members; those in braces compare sets."""
    if operator.startswith("{"):
        a, b = set(have), set(want)
        return {
            "{=}": a == b, "{!=}": a != b, "{<}": a < b, "{>}": a > b, "{<=}": a <= b, "{>=}": a >= b, "{in}": a <= b,
            "{not-in}": not a & b,
        }[operator]  # fmt: skip
    left, right = (len(have), sorted(have)), (len(want), sorted(want))
    return {
        "=": left == right, "!=": left != right, "<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right,
    }[operator]  # fmt: skip


def pushed_down(db: Rows, spec: Spec) -> tuple[str, str, Any] | None:
    """The condition as one that the server can judge (function, column, value), or None: only equality with one atom can be."""
    if spec.operator != "=":
        return None
    try:
        return question(db, spec)
    except CommandError:
        # It is for the rows to be refused; a table without rows answers anything.
        return None


def question(db: Rows, spec: Spec) -> tuple[str, str, Any] | None:
    """An equality as the server can judge it, or None."""
    column = spec.column
    if spec.key is not None and column.value is not None:
        key = parse_atom(spec.key, column.key, db.symbols)
        values = datum.parse(values_of(column), spec.value, db.symbols)
        return ("includes", column.name, {key: values[0]}) if len(values) == 1 else None
    if column.kind == "atom" and spec.key is None:
        return "==", column.name, datum.parse(column, spec.value, db.symbols)
    return None
