"""The commands that work on any table: list, find, get, set, add, remove, clear, create, destroy, wait-until, comment (ovs-vsctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError, TryAgain
from pyovn.cli.ctl import datum
from pyovn.cli.ctl.atom import atom_text, is_uuid, parse_atom, parse_uuid
from pyovn.cli.ctl.condition import OPERATORS, holds, pushed_down
from pyovn.cli.ctl.datum import to_wire
from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.records import ASSIGNMENT, check_names, find_column, find_record, find_table, get_record, parse_spec
from pyovn.cli.table import Cell, Grid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.cli.ctl.schema import Column, Table

family = Family("Database commands")


SETTINGS_FROM = {"find": 1, "get": 2, "set": 2, "wait-until": 2}
"""Where the arguments begin that start with a column."""

COLUMNS = {"add": slice(2, 3), "remove": slice(2, 3), "clear": slice(2, None)}
"""Which arguments are columns."""


def look_ahead(db: Rows, name: str, arguments: list[str], options: dict[str, Any]) -> None:
    """Refuse names of tables and columns that there are not; this comes before any command of a chain is run."""
    table = find_table(db.schema, arguments[0])
    if name == "create" and "id_" not in options and not table.is_root:
        text = f'applying "create" command to table {table.name} without --id option will have no effect'
        db.warnings.append(("db_ctl_base", text))
    if "columns" in options:
        columns_of(table, options["columns"])
    if name in SETTINGS_FROM:
        check_names(table, arguments[SETTINGS_FROM[name] :], writable=name == "set")
    for column in arguments[COLUMNS[name]] if name in COLUMNS else ():
        find_column(table, column, writable=True)


def columns_of(table: Table, given: str | None) -> list[Column]:
    """The columns of --columns, or all of them, the uuid first."""
    if given is None:
        return [table.column(name) for name in ("_uuid", *table.column_names)]
    columns = [find_column(table, word) for word in given.replace(",", " ").replace(":", " ").split()]
    if not columns:
        raise CommandError("must specify at least one column name")
    return columns


def grid(db: Rows, columns: list[Column], rows: Iterable[Row]) -> Grid:
    """Rows as a table."""
    return Grid([column.name for column in columns], [[cell(db, column, row[column.name]) for column in columns] for row in rows])


def cell(db: Rows, column: Column, value: Any) -> Cell:
    """A column's value as a cell."""
    return Cell(datum.text(column, value), datum.bare(column, value), to_wire(column, value, lambda _uuid: False))


def records(db: Rows, table: Table, names: Iterable[str], if_exists: bool) -> list[Row]:
    """The rows of these names; with `if_exists` those that there are."""
    if not if_exists:
        return [get_record(db, table, name) for name in names]
    return [row for row in (find_record(db, table, name) for name in names) if row is not None]


def modify(column: Column, table: Table) -> None:
    """Refuse to change what cannot be changed."""
    if not column.mutable:
        raise CommandError(f"cannot modify read-only column {column.name} in table {table.name}")


@family.command
def list_(db: Rows, table: str, *record: str, if_exists: bool = False, columns: str | None = None) -> Grid:
    """Every column of the rows named, or of all rows of TBL."""
    found = find_table(db.schema, table)
    wanted = columns_of(found, columns)
    names = [column.name for column in wanted]
    rows = records(db, found, record, if_exists) if record else db.all(found.name, *names)
    db.fetch(rows, names)
    return grid(db, wanted, rows)


@family.with_usage("TABLE [COLUMN[:KEY]=VALUE]...")
def find(db: Rows, table: str, *conditions: str, columns: str | None = None) -> Grid:
    """Every column of the rows of TBL that meet all conditions."""
    found = find_table(db.schema, table)
    wanted = columns_of(found, columns)
    names = [column.name for column in wanted]
    try:
        specs = [parse_spec(found, condition, OPERATORS) for condition in conditions]
    except CommandError:
        # A condition is for rows to be refused by; a table without rows answers anything.
        if db.all(found.name):
            raise
        return grid(db, wanted, [])
    pushed = next((lookup for lookup in (pushed_down(db, spec) for spec in specs) if lookup is not None), None)
    if pushed is None:
        rows = db.all(found.name, *names, *(spec.column.name for spec in specs))
    elif pushed[0] == "==":
        rows = db.find(found.name, pushed[1], pushed[2], *names)
    else:
        rows = db.holding(found.name, pushed[1], pushed[2], *names)
    matching = [row for row in rows if all(holds(db, row, spec) for spec in specs)]
    db.fetch(matching, names)
    return grid(db, wanted, matching)


@family.with_usage("TABLE RECORD [COLUMN[:KEY]]...")
def get(db: Rows, table: str, record: str, *columns: str, if_exists: bool = False, id_: str | None = None) -> str | None:
    """The values of columns, or of keys in them, of one row."""
    if if_exists and id_ is not None:
        raise CommandError("--if-exists and --id may not be specified together")
    found = find_table(db.schema, table)
    specs = [parse_spec(found, column) for column in columns]
    row = find_record(db, found, record) if if_exists else get_record(db, found, record)
    if row is None:
        return None
    if id_ is not None:
        name_row(db, id_, row)
    db.fetch([row], [spec.column.name for spec in specs])
    lines = []
    for spec in specs:
        if spec.key is None:
            lines.append(datum.text(spec.column, row[spec.column.name]) + "\n")
        else:
            value = value_of_key(db, row, spec.column, spec.key)
            if value is None and not if_exists:
                raise CommandError(f'no key "{spec.key}" in {found.name} record "{record}" column {spec.column.name}')
            lines.append(f"{value or ''}\n")
    return "".join(lines)


def value_of_key(db: Rows, row: Row, column: Column, key: str) -> str | None:
    """The value that a map has under a key, as text, or None."""
    if column.value is None:
        raise CommandError(f"cannot specify key to get for non-map column {column.name}")
    wanted = parse_atom(key, column.key, db.symbols)
    held = row[column.name]
    return atom_text(held[wanted], column.value.type) if wanted in held else None


def name_row(db: Rows, name: str, row: Row) -> None:
    """Let @NAME stand for a row in the rest of the chain."""
    if not name.startswith("@"):
        raise CommandError(f'row id "{name}" does not begin with "@"')
    known = db.symbols.get(name)
    if known is not None and (known in db.own or not db.is_named(known)):
        raise CommandError(f'row id "{name}" may only be specified on one --id option')
    if known is not None:
        raise CommandError(f'row id "{name}" specified on "get" command was used before it was defined')
    db.symbols[name] = row.uuid


def new_uuid(db: Rows, name: str | None) -> str:
    """What the row to be made for --id=@NAME is known by; empty if it has no name."""
    if name is None:
        return ""
    if is_uuid(name):
        return name.lower()
    if not name.startswith("@"):
        raise CommandError(f'row id "{name}" does not begin with "@"')
    known = db.symbols.get(name)
    if known is not None and (known in db.own or not db.is_named(known)):
        raise CommandError(f'row id "{name}" may only be specified on one --id option')
    uuid: str = parse_uuid(name, db.symbols)
    return uuid


@family.with_usage("TABLE RECORD COLUMN[:KEY]=VALUE...", minimum=3)
def set_(db: Rows, table: str, record: str, *settings: str, if_exists: bool = False) -> None:
    """Give columns of a row, or keys in them, other values."""
    found = find_table(db.schema, table)
    for row in records(db, found, [record], if_exists):
        for setting in settings:
            assign(db, row, setting)


def assign(db: Rows, row: Row, setting: str) -> None:
    """COLUMN[:KEY]=VALUE, given as text."""
    spec = parse_spec(row.table, setting, ASSIGNMENT)
    column = spec.column
    if not row.inserted:
        modify(column, row.table)
    if spec.key is None:
        row[column.name] = datum.parse(column, spec.value, db.symbols)
        return
    if column.value is None:
        raise CommandError(f"cannot specify key to set for non-map column {column.name}")
    key = parse_atom(spec.key, column.key, db.symbols)
    row.insert(column.name, {key: parse_atom(spec.value, column.value, db.symbols)})


def too_many(operation: str, column: Column, table: Table, count: int, bound: str) -> CommandError:
    """What to say when a column would not have a number of values that it may have."""
    what = "pairs" if column.value is not None else "values"
    limit = column.maximum if bound == "maximum" else column.minimum
    return CommandError(
        f'"{operation}" operation would put {count} {what} in column {column.name} of table {table.name} but the {bound} number is {limit}'
    )


def size(column: Column, value: Any) -> int:
    """How many members a value has."""
    return len(value) if column.value is not None else len(datum.keys(column, value))


@family.with_usage("TABLE RECORD COLUMN [KEY=]VALUE...", minimum=4)
def add(db: Rows, table: str, record: str, column: str, *values: str, if_exists: bool = False) -> None:
    """Put values into sets or maps of a row."""
    found = find_table(db.schema, table)
    target = find_column(found, column, writable=True)
    for row in records(db, found, [record], if_exists):
        modify(target, found)
        for value in values:
            add_members(row, target, parse_members(db, target, value))


def add_members(row: Row, target: Column, members: Any) -> None:
    """Put members into a column; a map keeps the values it has."""
    if target.value is not None:
        members = {key: val for key, val in members.items() if key not in row[target.name]}
    if target.maximum < datum.MAX_RANGE and (over := count_with(target, row, members)) > target.maximum:
        raise too_many("add", target, row.table, over, "maximum")
    row.insert(target.name, members)


def count_with(column: Column, row: Row, members: Any) -> int:
    """How many members a column would have with these."""
    held = row[column.name]
    return len({*held, *members}) if column.value is not None else len({*datum.keys(column, held), *members})


def parse_members(db: Rows, column: Column, text: str) -> Any:
    """Any number of members: a list of atoms, or a dict."""
    value = datum.parse(many(column), text, db.symbols, any_count=True)
    return value if isinstance(value, dict | list) else datum.keys(column, value)


def many(column: Column) -> Column:
    """The column's type without a limit to its size."""
    from copy import copy

    wide = copy(column)
    wide.minimum, wide.maximum = 0, 1 << 62
    if wide.kind != "map":
        wide.kind = "set"
    return wide


@family.with_usage("TABLE RECORD COLUMN KEY|VALUE|KEY=VALUE...", minimum=4)
def remove(db: Rows, table: str, record: str, column: str, *values: str, if_exists: bool = False) -> None:
    """Take values out of sets or maps of a row."""
    found = find_table(db.schema, table)
    target = find_column(found, column, writable=True)
    for row in records(db, found, [record], if_exists):
        modify(target, found)
        for value in values:
            doomed = members_to_remove(db, row, target, value)
            left = size(target, row[target.name]) - sum(1 for member in doomed if member in datum.keys(target, row[target.name]))
            if left < target.minimum:
                raise too_many("remove", target, found, left, "minimum")
            row.remove(target.name, doomed)


def members_to_remove(db: Rows, row: Row, column: Column, text: str) -> list[Any]:
    """The atoms, or the keys of a map whose values are as given."""
    if column.value is None:
        return list(parse_members(db, column, text))
    try:
        pairs = parse_members(db, column, text)
    except CommandError:
        keys_only = many(column)
        keys_only.value, keys_only.kind = None, "set"
        return list(datum.parse(keys_only, text, db.symbols, any_count=True))
    held = row[column.name]
    return [key for key, value in pairs.items() if held.get(key) == value]


@family.with_usage("TABLE RECORD COLUMN...", minimum=3)
def clear(db: Rows, table: str, record: str, *columns: str, if_exists: bool = False) -> None:
    """Empty columns of a row."""
    found = find_table(db.schema, table)
    targets = [find_column(found, name, writable=True) for name in columns]
    for row in records(db, found, [record], if_exists):
        for column in targets:
            modify(column, found)
            if column.minimum:
                raise CommandError(
                    f'"clear" operation cannot be applied to column {column.name} of table {found.name}, which is not allowed to be empty'
                )
            row[column.name] = datum.default(column)


@family.with_usage("TABLE COLUMN[:KEY]=VALUE...", minimum=2)
def create(db: Rows, table: str, *settings: str, id_: str | None = None) -> Row:
    """Make a row of TBL with these values, and print its uuid."""
    found = find_table(db.schema, table)
    row = db.new(found.name, new_uuid(db, id_))
    for setting in settings:
        assign(db, row, setting)
    return row


@family.with_usage("TABLE [RECORD]...", minimum=1)
def destroy(db: Rows, table: str, *record: str, if_exists: bool = False, all_: bool = False) -> None:
    """Do away with the rows named."""
    found = find_table(db.schema, table)
    for other, given in (("records argument", bool(record)), ("--if-exists", if_exists)):
        if all_ and given:
            raise CommandError(f"--all and {other} should not be specified together")
    if not all_ and not record:
        db.warnings.append(("db_ctl_base", "either --all or records argument should be specified"))
    for row in db.all(found.name) if all_ else records(db, found, record, if_exists):
        row.delete()


@family.with_usage("TABLE RECORD [COLUMN[:KEY]=VALUE]...")
def wait_until(db: Rows, table: str, record: str, *conditions: str) -> None:
    """Return when the row is there and meets all conditions."""
    found = find_table(db.schema, table)
    row = find_record(db, found, record)
    if row is None:
        raise TryAgain
    specs = [parse_spec(found, condition, OPERATORS) for condition in conditions]
    if not all(holds(db, row, spec) for spec in specs):
        raise TryAgain


@family.command
def comment(db: Rows, *args: str) -> None:
    """Write words into the log of the database, beside the transaction."""
    db.comments.append(" ".join(args))
