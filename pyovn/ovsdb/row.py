"""Rows: an immutable instance of its table's class, one slot a column; replaced, never edited, compared by identity.

Rows are made by the hundred thousand, so they are msgspec's structs: made in a tenth of the time that a class with slots
takes, and out of the cyclic collector's sight.

A value is what its column's type says: an atom, `None` for an absent optional, a sorted tuple for a set, a dict sorted
by key for a map (never mutated), a `Ref` for a uuid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    from pyovn.ovsdb.schema import TableSchema

    # A type checker would take a struct's fields for the parameters of its class.
    Struct = object
    _StructMeta = type
    HOW: dict[str, Any] = {}
else:
    from msgspec import Struct
    from msgspec import StructMeta as _StructMeta

    HOW = {"frozen": True, "eq": False, "gc": False}

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


class TableType(_StructMeta):
    """Makes the class of a table: a slot a column, and what the class statement said about the table."""

    __table__: str
    __indexes__: tuple[tuple[str, ...], ...]
    __root__: bool
    __max_rows__: int | None
    __columns__: tuple[str, ...]
    __fetch__: Callable[[Any], tuple[Any, ...]]
    __schema__: TableSchema | None

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *,
        table: str = "", indexes: tuple[tuple[str, ...], ...] = (), root: bool = False, max_rows: int | None = None,
    ) -> TableType:  # fmt: skip
        """`table` is the name in the schema; `indexes`, `root` and `max_rows` as in RFC 7047's <table-schema>."""
        columns = tuple(namespace.get("__annotations__", {})) if Struct not in bases else ()
        made = super().__new__(mcs, name, bases, namespace, **HOW)
        made.__table__ = table
        made.__indexes__ = indexes
        made.__root__ = root
        made.__max_rows__ = max_rows
        made.__columns__ = columns
        made.__fetch__ = fetcher(columns)
        made.__schema__ = None
        return made

    def __call__(self, uuid: str = NO_UUID, **columns: Any) -> Any:
        """A row of these columns; those not named hold their type's default. Values are taken as they are."""
        from pyovn.ovsdb.declare import defaults_of

        unknown = columns.keys() - set(self.__columns__)
        if unknown:
            raise TypeError(f"{self.__name__} has no column {', '.join(sorted(unknown))}")
        table = cast("type[Table]", self)
        return make(table, uuid, {**defaults_of(table), **columns}.values())


class Table(Struct, metaclass=TableType):
    """What every row has: its `uuid`, and the `version` that changes whenever a column does."""

    __table__: ClassVar[str]
    __indexes__: ClassVar[tuple[tuple[str, ...], ...]]
    __root__: ClassVar[bool]
    __max_rows__: ClassVar[int | None]
    __columns__: ClassVar[tuple[str, ...]]
    __fetch__: ClassVar[Callable[[Any], tuple[Any, ...]]]
    __schema__: ClassVar[Any]

    uuid: Ref[Self]
    version: str

    if TYPE_CHECKING:

        def __init__(self, uuid: str = NO_UUID, **columns: Any) -> None: ...

    @property
    def row_version(self) -> str:
        """What `_version` says: `version` is one for all rows of a commit, this is each row's own."""
        return _mixed(self.version, self.uuid) if self.version else NO_UUID

    def __repr__(self) -> str:
        columns = "".join(f", {name}={getattr(self, name)!r}" for name in type(self).__columns__)
        return f"{type(self).__name__}({self.uuid!r}{columns})"


Row = TypeVar("Row", bound=Table)

_make = _StructMeta.__call__


def make(table: type[Row], uuid: str, values: Iterable[object], version: str = "") -> Row:
    """A row whose columns hold `values`, in the order of the class; the cheap way, nothing is checked."""
    made: Row = _make(table, uuid, version, *values)
    return made


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
