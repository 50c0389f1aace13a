"""Rows: an immutable instance of its table's class, one slot a column; replaced, never edited, compared by identity.

A value is what its column's type says: an atom, `None` for an absent optional, a sorted tuple for a set, a dict sorted
by key for a map (never mutated), a `Ref` for a uuid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    from pyovn.ovsdb.schema import TableSchema

T = TypeVar("T")

NO_UUID = "00000000-0000-0000-0000-000000000000"
"""What a uuid column holds when nobody said otherwise."""


class Ref(str, Generic[T]):
    """The uuid of a row of table T: 36 characters, lower case; at run time a plain `str`, which dicts find fastest."""

    __slots__ = ()

    def __new__(cls, uuid: str) -> Ref[T]:
        return cast("Ref[T]", str(uuid))


def fetcher(columns: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that gets what a row holds in these columns, at once."""
    if len(columns) > 1:
        return attrgetter(*columns)
    return lambda row: tuple(getattr(row, column) for column in columns)


class TableType(type):
    """Makes the class of a table: a slot a column, and what the class statement said about the table."""

    __table__: str
    __indexes__: tuple[tuple[str, ...], ...]
    __root__: bool
    __max_rows__: int | None
    __columns__: tuple[str, ...]
    __stores__: tuple[Any, ...]
    __fetch__: Callable[[Any], tuple[Any, ...]]
    __schema__: TableSchema | None

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *,
        table: str = "", indexes: tuple[tuple[str, ...], ...] = (), root: bool = False, max_rows: int | None = None,
    ) -> TableType:  # fmt: skip
        """`table` is the name in the schema; `indexes`, `root` and `max_rows` as in RFC 7047's <table-schema>."""
        columns = tuple(namespace.get("__annotations__", {})) if bases else ()
        if bases:
            namespace["__slots__"] = columns
        made = super().__new__(mcs, name, bases, namespace)
        made.__table__ = table
        made.__indexes__ = indexes
        made.__root__ = root
        made.__max_rows__ = max_rows
        made.__columns__ = columns
        made.__stores__ = tuple(made.__dict__[column].__set__ for column in columns)
        made.__fetch__ = fetcher(columns)
        made.__schema__ = None
        return made


class Table(metaclass=TableType):
    """What every row has: its `uuid`, and the `version` that changes whenever a column does."""

    __slots__ = ("uuid", "version")
    __table__: ClassVar[str]
    __indexes__: ClassVar[tuple[tuple[str, ...], ...]]
    __root__: ClassVar[bool]
    __max_rows__: ClassVar[int | None]
    __columns__: ClassVar[tuple[str, ...]]
    __stores__: ClassVar[tuple[Any, ...]]
    __fetch__: ClassVar[Callable[[Any], tuple[Any, ...]]]
    __schema__: ClassVar[Any]

    uuid: Ref[Self]
    version: str

    def __init__(self, uuid: str = NO_UUID, **columns: Any) -> None:
        """A row of these columns; those not named hold their type's default. Values are taken as they are."""
        from pyovn.ovsdb.declare import defaults_of

        unknown = columns.keys() - set(type(self).__columns__)
        if unknown:
            raise TypeError(f"{type(self).__name__} has no column {', '.join(sorted(unknown))}")
        _fill(self, uuid, {**defaults_of(type(self)), **columns}.values(), "")

    @property
    def row_version(self) -> str:
        """What `_version` says: `version` is one for all rows of a commit, this is each row's own."""
        return _mixed(self.version, self.uuid) if self.version else NO_UUID

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name}: a row is replaced, never edited")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name}: a row is replaced, never edited")

    def __repr__(self) -> str:
        columns = "".join(f", {name}={getattr(self, name)!r}" for name in type(self).__columns__)
        return f"{type(self).__name__}({self.uuid!r}{columns})"


Row = TypeVar("Row", bound=Table)

_new = object.__new__
_store_uuid = Table.__dict__["uuid"].__set__
_store_version = Table.__dict__["version"].__set__


def _fill(row: Table, uuid: str, values: Iterable[object], version: str) -> None:
    _store_uuid(row, uuid)
    _store_version(row, version)
    for store, value in zip(type(row).__stores__, values):
        store(row, value)


def make(table: type[Row], uuid: str, values: Iterable[object], version: str = "") -> Row:
    """A row whose columns hold `values`, in the order of the class; the cheap way, nothing is checked."""
    row = _new(table)
    _fill(row, uuid, values, version)
    return row


def _mixed(one: str, other: str) -> str:
    """A uuid that two uuids determine, of version 4."""
    mixed = int(one.replace("-", ""), 16) ^ int(other.replace("-", ""), 16)
    text = f"{mixed & ~_VERSION_BITS | _VERSION_4:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_VERSION_BITS, _VERSION_4 = 0xF000_C000_0000_0000_0000, 0x4000_8000_0000_0000_0000


def columns_of(row: Table) -> tuple[Any, ...]:
    """What the row's columns hold, in the order of the class."""
    return type(row).__fetch__(row)


def values_of(row: Table) -> dict[str, Any]:
    """The row's columns by name, in the order of the class."""
    return dict(zip(type(row).__columns__, columns_of(row)))


def replace(row: Row, **columns: Any) -> Row:
    """The same row (same uuid) with these columns instead."""
    assert columns.keys() <= set(type(row).__columns__), f"{type(row).__name__} has no column among {sorted(columns)}"
    return replaced(row, columns, row.version)


def replaced(row: Row, columns: Mapping[str, Any], version: str) -> Row:
    """The same row with these columns instead, at this version."""
    values = values_of(row)
    values.update(columns)
    return make(type(row), row.uuid, values.values(), version)
