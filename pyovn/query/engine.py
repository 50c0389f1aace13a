"""Memoized queries: reads are recorded, dirtiness is pushed along the recorded edges, an unchanged answer stops it.

A query is a plain function of an engine and of plain values (references of rows, names). It must depend on nothing but
its arguments and what it reads through the engine, and changes nothing. The work after a change is proportional to what
read the thing changed, never to the network.

    @query
    def port_name(db: Engine, port: str) -> str:
        row = db.get(LogicalSwitchPort, port)
        return row.name if row else ""

    def ports_by_peer(db: Engine, port: str) -> Iterator[tuple[str, str]]:
        row = db.get(LogicalSwitchPort, port)
        if row and "router-port" in row.options:
            yield row.options["router-port"], port

    PEERS = index((LogicalSwitchPort, ports_by_peer))         # PEERS(db, "lrp0") -> the ports that name it
    FLOWS = each((LogicalSwitchPort, port_flows), (LogicalSwitch, switch_flows))

    db = Engine()
    db.feed(nb.take_changes())                                # rows of several databases may be fed to one engine
    port_name(db, port)                                       # computed once, and again only if what it read changed
    gained, lost = db.take(FLOWS)                             # what the collection gained and lost since last asked
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from heapq import heappop
from types import GeneratorType
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from pyovn.query.cell import CLEAN, DEAD, DIRTY, STAINED, Cell, stain
from pyovn.query.each import Cross, Declared, Difference, Each, Index, Some
from pyovn.query.live import Live

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - item
K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)
P = ParamSpec("P")
R = TypeVar("R")

IDLE = float("inf")


class Change(Protocol):
    """A row that appeared (`old` is None), changed, or went (`new` is None)."""

    @property
    def table(self) -> type[Any]:
        """The row's class."""

    @property
    def uuid(self) -> str:
        """The row's reference."""

    @property
    def old(self) -> Any:
        """The row before, or None."""

    @property
    def new(self) -> Any:
        """The row now, or None."""


class Query(Generic[P, R]):
    """A memoized function; called like the function itself."""

    def __init__(self, function: Callable[Concatenate[Engine, P], R]) -> None:
        self.function = function

    def __call__(self, db: Engine, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer, from memory if nothing it read has changed."""
        assert not kwargs, "a query's arguments are its key: positional"
        reading, cell = db.reading, db.cells.get((self.function, *args))
        if reading is None or cell is None or cell.state != CLEAN:
            return db.answer(self.function, args)  # type: ignore[no-any-return]
        reading[cell] = None
        return cell.value  # type: ignore[no-any-return]


_PROJECTIONS: set[Callable[..., Any]] = set()
"""What reads nothing but rows."""


def projection(function: Callable[Concatenate[Engine, P], R]) -> Query[P, R]:
    """A query that reads rows (`get`, `every`, `find`) and nothing else, such as some columns of one that is large or often changed.

    It is answered anew as soon as a row has changed, before anybody who reads it is told, so that a row which thousands
    depend on may change where they do not look, and none of them hears of it.
    """
    _PROJECTIONS.add(function)
    return Query(function)


def query(function: Callable[Concatenate[Engine, P], R]) -> Query[P, R]:
    """Make a plain function of an engine and hashable values a memoized query; what a generator yields is kept as a tuple."""
    return Query(function)


def _bucket_keys(value: Any) -> Collection[Any]:
    """Under which keys of a column's index a row with this value stands: elements of a set, (key, value) pairs of a map."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Mapping):
        return value.items()
    return (value,)


class Engine:
    """Rows, answers, and who read what."""

    def __init__(self) -> None:
        self._rows: dict[type[Any], dict[str, Any]] = {}
        self._indexes: dict[type[Any], dict[str, dict[Any, dict[str, None]]]] = {}
        self.cells: dict[tuple[Any, ...], Cell] = {}
        """Rows, parts of indexes, and answers, by what they are."""
        self.reading: dict[Cell, None] | None = None
        """What the query that runs now has read so far."""
        self._live_of: dict[Declared, Live] = {}
        self._restless: list[tuple[int, Live]] = []
        """A heap, by order, of the collections in which something waits."""
        self._followers: dict[Any, list[tuple[Live, int]]] = {}
        """By source, the collections that have a unit for each of its items, with the position of the part."""
        self._tested: dict[type[Any], list[Some]] = {}
        """By table, the sources that are some of its rows."""
        self._projected: list[Cell] = []
        """Projections of rows that have changed."""
        self._unread: list[Cell] = []
        """Cells that lost a reader, perhaps their last."""
        self.on_run: Callable[[Callable[..., Any], tuple[Any, ...]], None] | None = None
        """Told of every query that runs, with its arguments: for tests and statistics."""
        self.on_loss: Callable[[Callable[..., Any]], None] | None = None
        """Told of every collection's unit that goes, with its item: for statistics."""
        self.reads = 0
        """How many things queries have read, counted anew with each run: for tests."""
        self.looks = 0
        """At how many units of collections it was looked whether they have to run: for tests."""

    # Feeding

    def feed(self, changes: Iterable[Change]) -> None:
        """Take what happened to rows; nothing is computed yet."""
        assert self.reading is None, "a query changes nothing"
        for change in changes:
            rows = self._rows.setdefault(change.table, {})
            old = rows.get(change.uuid)
            if change.new is None:
                rows.pop(change.uuid, None)
            else:
                rows[change.uuid] = change.new
            self._reindex(change.table, change.uuid, old, change.new)
            self._touch((change.table, change.uuid))
            if (old is None) is not (change.new is None):
                self._touch((change.table,))
                self._enter_or_leave(change.table, change.uuid, change.new is not None)
            for source in self._tested.get(change.table, ()):
                was, now = (row is not None and source.test(row) for row in (old, change.new))
                if was is not now:
                    self._enter_or_leave(source, change.uuid, now)

    def _reindex(self, table: type[Any], ref: str, old: Any, new: Any) -> None:
        for column, buckets in self._indexes.get(table, {}).items():
            was = _bucket_keys(getattr(old, column)) if old is not None else ()
            now = _bucket_keys(getattr(new, column)) if new is not None else ()
            if was == now:
                continue
            for key in set(was).difference(now):
                del buckets[key][ref]
                self._touch((table, column, key))
            for key in set(now).difference(was):
                buckets.setdefault(key, {})[ref] = None
                self._touch((table, column, key))

    def _touch(self, key: tuple[Any, ...]) -> None:
        cell = self.cells.get(key)
        if cell is not None:
            cell.value = None
            self._projected += stain(cell, _PROJECTIONS)

    def _project(self) -> None:
        """Answer anew what is projected of rows that have changed; who reads it hears of it where it differs."""
        projected, self._projected = self._projected, []
        for cell in projected:
            if cell.state == DIRTY:
                before, cell.value = cell.value, self._run(cell)
                if cell.value != before:
                    stain(cell)

    def _enter_or_leave(self, source: Any, item: Any, entered: bool) -> None:
        for live, part in self._followers.get(source, ()):
            self._pass_on(live, part, item, entered)

    def sources(self) -> set[type[Any]]:
        """The tables that queries have read, or that collections have a unit for each row of: for tests and statistics."""
        followed = (source.table if isinstance(source, Some) else source for source in self._followers)
        return {source for source in (*(key[0] for key in self.cells), *followed) if isinstance(source, type)}

    def _pass_on(self, live: Live, part: int, item: Any, entered: bool) -> None:
        if entered:
            live.gain_source(part, item)
            return
        unit = live.lose_source(part, item)
        if self.on_loss is not None:
            self.on_loss(unit.key[0])
        self._forget_reads(unit)
        for answer in unit.value or ():
            self._withdraw(live, answer)

    # Reading, by queries

    def get(self, table: type[T], ref: str) -> T | None:
        """The row, or None if it does not exist."""
        reading = self.reading
        if reading is not None:
            cell = self.cells.get((table, ref))
            reading[cell or self._new_cell((table, ref))] = None
        rows = self._rows.get(table)
        return rows.get(ref) if rows else None

    def every(self, table: type[Any]) -> tuple[str, ...]:
        """The references of all rows, sorted; changes with rows that come and go, not with what is in them."""
        return self._sorted((table,), self.cells.get((table,)), self._rows.get(table, ()))

    def find(self, table: type[Any], column: str, value: Hashable) -> tuple[str, ...]:
        """The rows whose column is `value`, whose set has it, or whose map has that (key, value) pair: references, sorted."""
        key = table, column, value
        cell = self.cells.get(key)
        if cell is not None and cell.value is not None and self.reading is not None:
            self.reading[cell] = None
            return cell.value  # type: ignore[no-any-return]
        return self._sorted(key, cell, self._buckets(table, column).get(value, ()))

    def _buckets(self, table: type[Any], column: str) -> dict[Any, dict[str, None]]:
        """The index of a column, made when first asked for."""
        indexes = self._indexes.setdefault(table, {})
        buckets = indexes.get(column)
        if buckets is None:
            buckets = indexes[column] = {}
            for ref, row in self._rows.get(table, {}).items():
                for key in _bucket_keys(getattr(row, column)):
                    buckets.setdefault(key, {})[ref] = None
        return buckets

    def referrers(self, table: type[Any], column: str, ref: Hashable) -> tuple[str, ...]:
        """`referrers(LogicalSwitch, "ports", ref)`: the rows whose reference column names `ref`."""
        return self.find(table, column, ref)

    def bucket(self, declared: Index[K, V], key: K) -> tuple[V, ...]:
        """The values of an index under `key`, sorted."""
        live = self._live_of.get(declared) or self._live(declared)
        restless = self._restless
        if restless and restless[0][0] <= declared.order:
            self._settle(declared.order)
        where = declared, key
        cell = self.cells.get(where)
        if cell is not None and cell.value is not None and self.reading is not None:
            self.reading[cell] = None
            return cell.value  # type: ignore[no-any-return]
        assert live.buckets is not None
        live.is_read = True
        return self._sorted(where, cell, live.buckets.get(key, ()))

    def _sorted(self, key: tuple[Any, ...], cell: Cell | None, members: Collection[Any]) -> tuple[Any, ...]:
        """What is read under `key`, in order; many queries may read it, so it is kept until it is touched."""
        value = tuple(sorted(members)) if len(members) > 1 else tuple(members)
        if self.reading is not None:
            cell = cell or self._new_cell(key)
            cell.value = value
            self.reading[cell] = None
        return value

    def _new_cell(self, key: tuple[Any, ...]) -> Cell:
        cell = self.cells[key] = Cell(key)
        return cell

    def answer(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """The answer of a query."""
        if self.reading is None:
            self.settle()
        key = (function, *args)
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell(key, DIRTY)
        if self.reading is not None:
            self.reading[cell] = None
        if cell.state != CLEAN:
            self._refresh(cell)
        return cell.value

    # Computing

    def _refresh(self, cell: Cell) -> None:
        """Make a cell's answer good: ask what it read, in the order it read it, and compute only if something differs."""
        if cell.state == STAINED:
            for read in cell.reads:
                if read.state != CLEAN:
                    self._refresh(read)
                if cell.state == DIRTY:
                    break
            else:
                cell.state = CLEAN
                return
        value = self._run(cell)
        if value != cell.value:
            cell.value = value
            for reader in cell.readers:
                reader.state = DIRTY

    def _run(self, cell: Cell) -> Any:
        key = cell.key
        outer, self.reading = self.reading, {}
        try:
            value = key[0](self, *key[1:])
            if type(value) is GeneratorType:
                value = tuple(value)
            reads = tuple(self.reading)
        finally:
            self.reading = outer
        if self.on_run is not None:
            self.reads += len(reads)
            self.on_run(key[0], key[1:])
        cell.state = CLEAN
        if reads != cell.reads:
            self._record_reads(cell, reads)
        return value

    def _record_reads(self, cell: Cell, reads: tuple[Cell, ...]) -> None:
        before, cell.reads = cell.reads, reads
        assert cell not in reads, "a query that reads itself"
        assert cell.key[0] not in _PROJECTIONS or all(isinstance(read.key[0], type) for read in reads), "a projection reads rows only"
        if not before:
            for read in reads:
                if read.readers:
                    read.add_reader(cell)
                else:
                    read.readers = (cell,)
            return
        known = set(before)
        for read in reads:
            if read not in known:
                read.add_reader(cell)
        for read in known.difference(reads):
            self._lose_reader(read, cell)

    def _lose_reader(self, read: Cell, reader: Cell) -> None:
        read.remove_reader(reader)
        if not read.readers:
            self._unread.append(read)

    def _forget_reads(self, cell: Cell) -> None:
        for read in cell.reads:
            self._lose_reader(read, cell)
        cell.reads = ()

    def collect(self) -> None:
        """Drop the memory of what nobody reads any more; what was only ever asked from outside stays."""
        while self._unread:
            cell = self._unread.pop()
            if not cell.readers and cell.state != DEAD:
                cell.state = DEAD
                del self.cells[cell.key]
                self._forget_reads(cell)

    # Collections

    def take(self, declared: Each[I] | Cross[I]) -> Difference[I]:
        """What the collection gained and lost since last asked; the first time: everything, as gained."""
        self.settle_with(declared)
        return self._live(declared).take()

    @overload
    def items(self, declared: Each[I] | Cross[I]) -> Collection[I]: ...

    @overload
    def items(self, declared: Index[K, V]) -> Collection[tuple[K, V]]: ...

    def items(self, declared: Declared) -> Collection[Any]:
        """All that the collection holds now, of an index its pairs; not to be read by queries."""
        self.settle_with(declared)
        return self._live(declared).items()

    def settle_with(self, declared: Declared) -> None:
        """Bring a collection into being, and up to date; those declared after it, which it cannot read, wait until somebody asks."""
        assert self.reading is None, "a query reads collections by key, not whole"
        self._live(declared)
        self._project()
        self._settle(declared.order)
        self.collect()

    def settle(self) -> None:
        """Bring every collection up to date and drop what nobody reads."""
        self._project()
        self._settle(IDLE)
        self.collect()

    def _live(self, declared: Declared) -> Live:
        live = self._live_of.get(declared)
        if live is None:
            live = self._live_of[declared] = Live(declared, self._restless, self._followers.setdefault(declared, []))
            if isinstance(declared, Cross):
                self._follow_sides(live, declared)
            for part, (source, _) in enumerate(declared.parts):
                assert not isinstance(source, Each) or source.counted, "nobody is told what comes into a bag"
                self._followers.setdefault(source, []).append((live, part))
                for item in self._items_of(source):
                    live.gain_source(part, item)
        return live

    def _items_of(self, source: Any) -> Iterable[Any]:
        """What a source has now."""
        if isinstance(source, Each):
            return self._live(source).items()
        if isinstance(source, Index):
            return self._live(source).buckets or ()
        if not isinstance(source, Some):
            return self._rows.get(source, {})
        tested = self._tested.setdefault(source.table, [])
        if source not in tested:
            tested.append(source)
        return [ref for ref, row in self._rows.get(source.table, {}).items() if source.test(row)]

    def _follow_sides(self, product: Live, declared: Cross[Any]) -> None:
        for side, of in enumerate((declared.left, declared.right)):
            live = self._live(of)
            live.crossings.append((product, side))
            for key, bucket in (live.buckets or {}).items():
                for value in bucket:
                    product.hear(side, key, value, True)

    def _settle(self, upto: float) -> None:
        while self._restless and self._restless[0][0] <= upto:
            _, live = heappop(self._restless)
            live.stirred = False
            self._drain(live)

    def _drain(self, live: Live) -> None:
        assert not live.draining, "a collection that reads itself, or one declared after it"
        live.draining = True
        live.multiply()
        pending, live.pending = live.pending, []
        self.looks += len(pending)
        for unit in pending:
            if unit.state == DIRTY and unit.value is None:
                self._begin_unit(live, unit)
            elif unit.state != DEAD:
                self._refresh_unit(live, unit)
        live.draining = False
        changed, live.changed = live.changed, []
        for key in dict.fromkeys(changed):
            self._touch((live.declared, key))

    def _begin_unit(self, live: Live, unit: Cell) -> None:
        """A unit that has answered nothing yet is run."""
        value = self._run(unit)
        if not value:
            return
        unit.value = value = tuple(dict.fromkeys(value)) if len(value) > 1 else tuple(value)
        if live.counts is None:
            live.gained += value
        else:
            for answer in value:
                self._vouch(live, answer)

    def _refresh_unit(self, live: Live, unit: Cell) -> None:
        was = unit.value or ()
        self._refresh(unit)
        now = unit.value
        if now is was or not (now or was):
            return
        unit.value = now = tuple(dict.fromkeys(now))
        held = set(was)
        for answer in now:
            if answer not in held:
                self._vouch(live, answer)
        kept = set(now)
        for answer in was:
            if answer not in kept:
                self._withdraw(live, answer)

    def _vouch(self, live: Live, answer: Any) -> None:
        """One more unit answers this."""
        if live.vouch(answer) and live.followers:
            self._tell(live, answer, True)

    def _withdraw(self, live: Live, answer: Any) -> None:
        """One unit less answers this."""
        if live.withdraw(answer) and live.followers:
            self._tell(live, answer, False)

    def _tell(self, live: Live, answer: Any, came: bool) -> None:
        """Tell the followers of a collection what came into it or left it: answers, or of an index keys."""
        item = answer
        if live.buckets is not None:
            item = answer[0]
            if len(live.buckets.get(item, ())) > came:
                # Other values stand under the key.
                return
        for follower, part in live.followers:
            self._pass_on(follower, part, item, came)
