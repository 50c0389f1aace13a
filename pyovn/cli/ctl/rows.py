"""The rows one command line reads and means to write: what the server has, with this transaction's own changes over it.

Rule: only the rows and columns that are asked for are fetched. What a lookup found, and what a replaced column held, must still be so when
the transaction commits; `operations` says so to the server with RFC 7047 `wait` operations, and the command line is run again if it is not.
"""

from __future__ import annotations

from pyovn.cli.client import CommandError, ServerError
from pyovn.cli.ctl.atom import OWN_UUID
from pyovn.cli.ctl.datum import default, from_wire, keys, of_keys, symbol, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pyovn.cli.client import Client
    from pyovn.cli.ctl.records import Key
    from pyovn.cli.ctl.schema import Column, Schema, Table

BATCH = 1000
"""More rows than this are fetched by reading their table once."""

MISSING: Any = object()


class Row:
    """The handle of one row: `row["name"]` reads a column, `row["name"] = value` replaces it."""

    __slots__ = ("base", "gone", "inserted", "mutations", "rows", "table", "uuid", "written")

    def __init__(self, rows: Rows, table: Table, uuid: str, inserted: bool = False) -> None:
        self.rows = rows
        self.table = table
        self.uuid = uuid
        self.inserted = inserted
        self.gone = False
        self.base: dict[str, Any] = {"_uuid": uuid}
        """What the server has, as far as it was fetched."""
        self.written: dict[str, Any] = {}
        """Columns replaced."""
        self.mutations: dict[str, list[tuple[str, Any]]] = {}
        """Members put into or taken out of columns that were not replaced."""

    def __getitem__(self, column: str) -> Any:
        if column in self.written:
            return self.written[column]
        if column not in self.base:
            if self.inserted:
                self.base[column] = default(self.table.column(column))
            else:
                self.rows.fetch([self], (column,))
        value = self.base[column]
        for mutator, member in self.mutations.get(column, ()):
            value = mutated(self.table.column(column), value, mutator, member)
        return value

    def __setitem__(self, column: str, value: Any) -> None:
        self.rows.touch(self)
        self.written[column] = value
        self.mutations.pop(column, None)

    def insert(self, column: str, members: Any) -> None:
        """Put members into a set, or keys into a map (replacing those of the same name)."""
        self._mutate(column, "insert", members)

    def remove(self, column: str, members: Any) -> None:
        """Take members out of a set, or keys out of a map."""
        self._mutate(column, "delete", members)

    def _mutate(self, column: str, mutator: str, members: Any) -> None:
        self.rows.touch(self)
        described = self.table.column(column)
        if column in self.written or self.inserted or described.kind in ("atom", "optional"):
            self.written[column] = mutated(described, self[column], mutator, members)
        else:
            self.mutations.setdefault(column, []).append((mutator, members))

    def delete(self) -> None:
        """Remove the row."""
        self.rows.touch(self)
        self.gone = True


def mutated(column: Column, value: Any, mutator: str, members: Any) -> Any:
    """A set or map after a mutation; of a map, `delete` takes keys."""
    if column.value is not None:
        if mutator == "insert":
            return dict(sorted({**value, **members}.items()))
        return {key: val for key, val in value.items() if key not in members}
    if mutator == "insert":
        return of_keys(column, [*keys(column, value), *members])
    return of_keys(column, [atom for atom in keys(column, value) if atom not in members])


class Rows:
    """A database as one transaction sees it."""

    def __init__(self, client: Client, schema: Schema, record_keys: Mapping[str, tuple[Key, ...]]) -> None:
        self.client = client
        self.schema = schema
        self.record_keys = record_keys
        """How a row of each table can be named on the command line."""
        self.warnings: list[tuple[str, str]] = []
        """What the log should say: the module, the text."""
        self.comments: list[str] = []
        self.env: Mapping[str, str] = {}
        self.tls: Mapping[str, str] = {}
        """What a command that talks to others than the database needs of the command line: its environment, its TLS options."""
        self.symbols: dict[str, str] = {}
        """Rows named with --id=@NAME: the name → the uuid, of a row that is there or that is still to be made."""
        self._known: dict[tuple[str, str], Row] = {}
        self._touched: dict[str, dict[str, Row]] = {}
        self._lookups: dict[tuple[str, str, str, Any], list[Row]] = {}
        self._scans: dict[str, list[Row]] = {}
        self._absent: set[str] = set()
        """Tables that were found empty and get their only row here."""
        self.own: set[str] = set()
        """The uuids of the rows inserted here."""
        self._inserted = 0

    # Reading

    def find(self, table: str, column: str, value: Any, *fetch: str) -> list[Row]:
        """The rows whose column equals `value`."""
        return self._lookup(table, column, "==", value, fetch)

    def first(self, table: str, column: str, name: str) -> Row | None:
        """A row that has this name in `column`, or None."""
        return next(iter(self.find(table, column, name)), None)

    def named(self, table: str, column: str, name: str, noun: str) -> Row:
        """A row that has this name in `column`; `CommandError` says which `noun` is missing."""
        found = self.first(table, column, name)
        if found is None:
            raise CommandError(f"no {noun} named {name}")
        return found

    def holding(self, table: str, column: str, member: Any, *fetch: str) -> list[Row]:
        """The rows whose set contains `member`, or whose map contains the pair `member`."""
        return self._lookup(table, column, "includes", member, fetch)

    def all(self, table: str, *fetch: str) -> list[Row]:
        """Every row of a table, with some columns fetched at once."""
        description = self.schema.tables[table]
        known = self._scans.get(table)
        if known is None or (known and not all(column in known[0].base for column in fetch)):
            known = [self._absorb(description, wire) for wire in self._select(description, [], fetch)[0]]
            self._scans[table] = known
        fresh = [row for row in self._touched.get(table, {}).values() if row.inserted]
        return [row for row in [*known, *fresh] if not row.gone]

    def row(self, table: str, uuid: str, *fetch: str) -> Row | None:
        """The row with this uuid, or None."""
        found = self._known.get((table, uuid)) or next(iter(self._lookup(table, "_uuid", "==", uuid, fetch)), None)
        return None if found is None or found.gone else found

    def rows(self, table: str, uuids: Iterable[str], *fetch: str) -> list[Row]:
        """The rows that a column refers to, in its order, with some columns fetched at once."""
        description = self.schema.tables[table]
        found = [self._handle(description, uuid) for uuid in uuids]
        self.fetch(found, fetch or ("_uuid",))
        return [row for row in found if not row.gone]

    def one(self, table: str, uuid: str | None, *fetch: str) -> Row | None:
        """The row that an optional column refers to, or None."""
        return self.rows(table, [uuid], *fetch)[0] if uuid else None

    def singleton(self, table: str) -> Row:
        """The only row of a table such as NB_Global, made if it is not there."""
        found = self.all(table)
        if found:
            return found[0]
        self._absent.add(table)
        return self.new(table)

    def fetch(self, rows: Sequence[Row], columns: Sequence[str]) -> None:
        """Get columns of rows, where they are not known yet."""
        wanting = [row for row in rows if not row.inserted and not all(column in row.base for column in columns)]
        if not wanting:
            return
        table = wanting[0].table
        if len(wanting) > BATCH:
            answers = self._select(table, [], columns)
        else:
            answers = self._select_each(table, [row.uuid for row in wanting], columns)
        for answer in answers:
            for wire in answer:
                self._absorb(table, wire)
        for row in wanting:
            if not all(column in row.base for column in columns):
                row.gone = True

    # Writing

    def new(self, table: str, /, uuid: str = "", **columns: Any) -> Row:
        """Insert a row; what is not given has its default. `uuid` is what it is known by until it is committed."""
        self._inserted += 1
        uuid = uuid or f"{OWN_UUID}8000-{self._inserted:012x}"
        row = Row(self, self.schema.tables[table], uuid, inserted=True)
        self.own.add(uuid)
        row.written.update(columns)
        self._known[(table, uuid)] = row
        self.touch(row)
        return row

    def touch(self, row: Row) -> None:
        """Remember that this row has changes."""
        self._touched.setdefault(row.table.name, {})[row.uuid] = row

    # Committing

    def operations(self) -> list[Any]:
        """The transaction: what must still hold, then the changes. Empty if nothing changes."""
        changes = [op for table in self._touched.values() for row in table.values() for op in self._changes(row)]
        if not changes:
            return []
        return [*self._guards(), *changes, *({"op": "comment", "comment": comment} for comment in self.comments)]

    def inserted(self) -> list[Row]:
        """The rows this transaction inserts, in the order of their operations."""
        return [row for table in self._touched.values() for row in table.values() if row.inserted and not row.gone]

    def changed(self) -> list[Row]:
        """The rows with changes that stay."""
        return [row for table in self._touched.values() for row in table.values() if not row.gone]

    def is_named(self, uuid: str) -> bool:
        """Whether a uuid stands for a row that this transaction inserts."""
        return uuid.startswith(OWN_UUID)

    def _changes(self, row: Row) -> list[Any]:
        if row.inserted:
            return [] if row.gone else [self._insertion(row)]
        where = [["_uuid", "==", ["uuid", row.uuid]]]
        if row.gone and not row.table.is_root:
            # It goes with the last reference to it, and not before.
            return []
        if row.gone:
            return [{"op": "delete", "table": row.table.name, "where": where}]
        changed = {c: v for c, v in row.written.items() if row.base.get(c, MISSING) != v}
        ops: list[Any] = []
        if changed:
            wire = {c: self._wire(row.table.column(c), v) for c, v in changed.items()}
            ops.append({"op": "update", "table": row.table.name, "where": where, "row": wire})
        mutations = [m for c in row.mutations for m in self._wire_mutations(row.table.column(c), row.mutations[c])]
        if mutations:
            ops.append({"op": "mutate", "table": row.table.name, "where": where, "mutations": mutations})
        return ops

    def _insertion(self, row: Row) -> Any:
        wire = {c: self._wire(row.table.column(c), v) for c, v in row.written.items()}
        name = {"uuid-name": symbol(row.uuid)} if self.is_named(row.uuid) else {"uuid": row.uuid}
        return {"op": "insert", "table": row.table.name, **name, "row": wire}

    def _wire(self, column: Column, value: Any) -> Any:
        return to_wire(column, value, self.is_named)

    def _wire_mutations(self, column: Column, mutations: list[tuple[str, Any]]) -> list[Any]:
        out: list[Any] = []
        for mutator, members in mutations:
            if column.value is None or mutator == "delete":
                base = ["set", [self._atom(column, atom) for atom in members]]
                out.append([column.name, mutator, base])
            else:
                out.append([column.name, "delete", ["set", [self._atom(column, key) for key in members]]])
                out.append([column.name, "insert", self._wire(column, members)])
        return out

    def _atom(self, column: Column, atom: Any) -> Any:
        if column.key.type != "uuid":
            return atom
        return ["named-uuid", symbol(atom)] if self.is_named(atom) else ["uuid", atom]

    def _guards(self) -> list[Any]:
        ops = [guard(table, [], ["_uuid"], []) for table in sorted(self._absent)]
        for (table, column, function, value), found in self._lookups.items():
            where = [[column, function, self._condition(self.schema.tables[table].column(column), value)]]
            rows = [{"_uuid": ["uuid", row.uuid]} for row in found]
            ops.append(guard(table, where, ["_uuid"], rows))
        for table_rows in self._touched.values():
            for row in table_rows.values():
                columns = [c for c in row.written if c in row.base and not row.inserted and not row.gone]
                if columns:
                    before = {c: self._wire(row.table.column(c), row.base[c]) for c in columns}
                    ops.append(guard(row.table.name, [["_uuid", "==", ["uuid", row.uuid]]], columns, [before]))
        return ops

    # Talking to the server

    def _lookup(self, table: str, column: str, function: str, value: Any, fetch: Sequence[str]) -> list[Row]:
        description = self.schema.tables[table]
        hashable = tuple(value.items()) if isinstance(value, dict) else value
        key = (table, column, function, hashable)
        if key not in self._lookups:
            if self._is_own(description.column(column), value):
                found = []
            else:
                where = [[column, function, self._condition(description.column(column), hashable)]]
                found = [self._absorb(description, wire) for wire in self._select(description, where, fetch)[0]]
                self._lookups[key] = found
        else:
            found = self._lookups[key]
        touched = self._touched.get(table, {})
        known = [row for row in found if row.uuid not in touched]
        own = [row for row in touched.values() if not row.gone and self._matches(row, column, function, value, row in found)]
        return known + own

    def _is_own(self, column: Column, value: Any) -> bool:
        """Whether only rows of this transaction can have this value: it names one of them."""
        return column.key.type == "uuid" and isinstance(value, str) and self.is_named(value)

    def _matches(self, row: Row, column: str, function: str, value: Any, was_found: bool) -> bool:
        if column == "_uuid":
            return bool(row.uuid == value)
        if not row.inserted and column not in row.written and column not in row.mutations:
            return was_found
        has = row[column]
        if function == "==":
            return bool(has == value)
        if isinstance(value, dict):
            return all(has.get(key, MISSING) == val for key, val in value.items())
        return value in keys(row.table.column(column), has)

    def _condition(self, column: Column, value: Any) -> Any:
        if column.value is not None:
            return self._wire(column, dict(value))
        if column.key.type == "uuid":
            return ["uuid", value]
        return value

    def _select(self, table: Table, where: list[Any], columns: Sequence[str]) -> list[list[Any]]:
        wanted = list(dict.fromkeys(["_uuid", *columns]))
        return self._transact([{"op": "select", "table": table.name, "where": where, "columns": wanted}])

    def _select_each(self, table: Table, uuids: list[str], columns: Sequence[str]) -> list[list[Any]]:
        wanted = list(dict.fromkeys(["_uuid", *columns]))
        return self._transact(
            [{"op": "select", "table": table.name, "where": [["_uuid", "==", ["uuid", u]]], "columns": wanted} for u in uuids]
        )

    def _transact(self, operations: list[Any]) -> list[list[Any]]:
        answers = self.client.call("transact", [self.schema.name, *operations])
        out = []
        for answer in answers:
            if answer is None or "error" in answer:
                raise ServerError(answer)
            out.append(answer["rows"])
        return out

    def _handle(self, table: Table, uuid: str) -> Row:
        found = self._known.get((table.name, uuid))
        if found is None:
            found = self._known[(table.name, uuid)] = Row(self, table, uuid)
        return found

    def _absorb(self, table: Table, wire: Any) -> Row:
        row = self._handle(table, wire["_uuid"][1])
        for name, value in wire.items():
            if name not in row.base:
                row.base[name] = from_wire(table.column(name), value)
        return row


def guard(table: str, where: list[Any], columns: list[str], rows: list[Any]) -> Any:
    """The operation that fails at once unless the rows are so."""
    return {"op": "wait", "table": table, "where": where, "columns": columns, "rows": rows, "until": "==", "timeout": 0}
