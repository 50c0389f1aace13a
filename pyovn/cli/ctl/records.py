"""How a command line names things: tables and columns by any unambiguous beginning, rows by what their table is known by."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import HEX, is_uuid, token_end, unescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.cli.ctl.schema import Column, Schema, Table

    Key = tuple[str, str | None, str | None, str | None]
    """(table, column, map key, reference): the row of `table` whose column (or that key of it) is the name; with a reference, the row that
    this column of it refers to. Without a column, "." names the only row."""

SHORTEST_UUID = 4
"""So many digits of a uuid name a row, if no other begins so."""


def likeness(name: str, given: str) -> int:
    """3: equal; 2: equal but for case and -_; 1: `given` is a beginning; 0: no match."""
    if name == given:
        return 3
    if not given:
        return 0
    folded, wanted = (text.lower().replace("-", "_") for text in (name, given))
    if folded == wanted:
        return 2
    return 1 if folded.startswith(wanted) else 0


def best(names: Iterable[str], given: str) -> list[str]:
    """The names that `given` may stand for: the closest, or all of them if they are equally close."""
    scored = [(likeness(name, given), name) for name in names]
    top = max((score for score, _ in scored), default=0)
    return [name for score, name in scored if score == top] if top else []


def find_table(schema: Schema, given: str) -> Table:
    """The table that this text names."""
    found = best(schema.tables, given)
    if not found:
        raise CommandError(f'unknown table "{given}"')
    if len(found) > 1:
        raise CommandError(f'"{given}" matches multiple table names: {", ".join(found)}')
    return schema.tables[found[0]]


def find_column(table: Table, given: str, *, writable: bool = False) -> Column:
    """The column that this text names; for a writer the uuid is none."""
    found = best([*([] if writable else ["_uuid"]), *table.column_names], given)
    if not found:
        raise CommandError(f'{table.name} does not contain a column whose name matches "{given}"')
    if len(found) > 1:
        raise CommandError(f'{table.name} contains more than one column whose name matches "{given}": {", ".join(found)}')
    return table.column(found[0])


ASSIGNMENT = ("=",)
"""The only operator of a command that writes."""


class Spec:
    """COLUMN[:KEY][OP VALUE], taken apart."""

    __slots__ = ("column", "key", "operator", "value")

    def __init__(self, column: Column, key: str | None, operator: str, value: str) -> None:
        self.column = column
        self.key = key
        self.operator = operator
        self.value = value


def check_names(table: Table, given: Iterable[str], *, writable: bool = False) -> None:
    """Refuse arguments that begin with what names no column; this comes before anything else is looked at."""
    for argument in given:
        at = token_end(argument, 0)
        if at == 0:
            raise CommandError(f"{argument}: missing column name")
        find_column(table, unescape(argument[:at]), writable=writable)


def parse_spec(table: Table, given: str, operators: tuple[str, ...] = ()) -> Spec:
    """Take apart COLUMN[:KEY], followed by one of `operators` and a value if there are any."""
    at = token_end(given, 0)
    if at == 0:
        raise CommandError(f"{given}: missing column name")
    column = find_column(table, unescape(given[:at]), writable=operators == ASSIGNMENT)
    key = None
    if given[at : at + 1] == ":":
        end = token_end(given, at + 1)
        key = unescape(given[at + 1 : end])
        at = end
    rest = given[at:]
    if not operators:
        if rest:
            raise CommandError(f'{given}: trailing garbage "{rest}" in argument')
        return Spec(column, key, "", "")
    operator = max((op for op in operators if rest.startswith(op)), key=len, default="")
    value = rest[len(operator) :]
    if not operator or not value:
        quoted = [f'"{op}"' for op in operators]
        listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f", or {quoted[-1]}"
        raise CommandError(f"{given}: argument does not end in {listed} followed by a value.")
    return Spec(column, key, operator, value)


def find_record(db: Rows, table: Table, name: str) -> Row | None:
    """The row of this name, or None."""
    if name.startswith("@"):
        uuid = db.symbols.get(name)
        return db.row(table.name, uuid) if uuid in db.own and uuid is not None else None
    if is_uuid(name) and (row := db.row(table.name, name.lower())) is not None:
        return row
    if name == "." and len(rows := db.all(table.name)) == 1:
        return rows[0]
    for key in db.record_keys.get(table.name, ()):
        found = by_key(db, table, key, name)
        if len(found) > 1:
            raise CommandError(f'multiple rows in {table.name} match "{name}"')
        if found:
            return found[0]
    return by_beginning_of_uuid(db, table, name)


def by_key(db: Rows, table: Table, key: Key, name: str) -> list[Row]:
    """The rows of `table` that one of its keys finds."""
    where, column, map_key, reference = key
    if column is None:
        rows = []
    elif map_key is not None:
        rows = db.holding(where, column, {map_key: name})
    elif db.schema.tables[where].column(column).key.type == "uuid":
        rows = db.find(where, column, name.lower()) if is_uuid(name) else []
    elif db.schema.tables[where].column(column).key.type == "integer":
        rows = db.find(where, column, int(name)) if name.isdigit() else []
    else:
        rows = db.find(where, column, name)
    if reference is None or len(rows) != 1:
        return rows
    target = rows[0][reference]
    uuids = target if isinstance(target, list) else [target]
    row = db.row(table.name, uuids[0]) if len(uuids) == 1 and uuids[0] else None
    return [row] if row else []


def by_beginning_of_uuid(db: Rows, table: Table, name: str) -> Row | None:
    """The only row whose uuid begins so."""
    if len(name) < SHORTEST_UUID or not all(c in HEX or (c == "-" and i in (8, 13, 18, 23)) for i, c in enumerate(name)):
        return None
    found = [row for row in db.all(table.name) if row.uuid.startswith(name.lower())]
    if len(found) > 1:
        raise CommandError(
            f"{table.name} contains 2 or more rows whose UUIDs begin with {name}: at least {found[0].uuid} and {found[1].uuid}"
        )
    return found[0] if found else None


def get_record(db: Rows, table: Table, name: str) -> Row:
    """The row of this name; an error if there is none."""
    found = find_record(db, table, name)
    if found is None:
        raise CommandError(f'no row "{name}" in table {table.name}')
    return found
