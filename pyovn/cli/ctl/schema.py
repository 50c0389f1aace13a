"""The schema a server describes itself with (RFC 7047 section 3.2), parsed column by column as it is asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNLIMITED = 1 << 62


class Base:
    """The type of one atom, with what it may be."""

    __slots__ = ("choices", "high", "low", "max_length", "min_length", "table", "type", "weak")

    def __init__(self, json: Any) -> None:
        if isinstance(json, str):
            json = {"type": json}
        self.type: str = json["type"]
        """integer, real, boolean, string or uuid"""
        self.table: str = json.get("refTable", "")
        """The table a uuid refers to, or empty."""
        self.weak: bool = json.get("refType") == "weak"
        choices = json.get("enum")
        self.choices: list[Any] | None = None
        if choices is not None:
            self.choices = sorted(choices[1]) if isinstance(choices, list) and choices[:1] == ["set"] else [choices]
        self.low: float | None = json.get("minInteger", json.get("minReal"))
        self.high: float | None = json.get("maxInteger", json.get("maxReal"))
        self.min_length: int = json.get("minLength", 0)
        self.max_length: int = json.get("maxLength", UNLIMITED)


class Column:
    """One column: `kind` says which Python value it has.

    atom: an int, float, bool or str; optional: that or None; set: a list, sorted; map: a dict. A uuid is a str.
    """

    __slots__ = ("ephemeral", "key", "kind", "maximum", "minimum", "mutable", "name", "value")

    def __init__(self, name: str, json: Any) -> None:
        type_ = json["type"]
        if isinstance(type_, str):
            type_ = {"key": type_}
        self.name = name
        self.key = Base(type_["key"])
        self.value = Base(type_["value"]) if "value" in type_ else None
        self.minimum: int = type_.get("min", 1)
        maximum = type_.get("max", 1)
        self.maximum: int = UNLIMITED if maximum == "unlimited" else maximum
        self.mutable: bool = json.get("mutable", True)
        self.ephemeral: bool = json.get("ephemeral", False)
        if self.value is not None:
            self.kind = "map"
        elif self.maximum > 1:
            self.kind = "set"
        else:
            self.kind = "atom" if self.minimum else "optional"


UUID_COLUMN = Column("_uuid", {"type": "uuid", "mutable": False})


class Table:
    """One table: its columns by name, in alphabetical order."""

    __slots__ = ("_columns", "_json", "is_root", "max_rows", "name")

    def __init__(self, name: str, json: Any) -> None:
        self.name = name
        self._json = json
        self._columns: dict[str, Column] = {}
        self.is_root: bool = json.get("isRoot", False)
        self.max_rows: int = json.get("maxRows", UNLIMITED)

    @property
    def column_names(self) -> list[str]:
        """Every column but `_uuid`."""
        return sorted(self._json["columns"])

    def column(self, name: str) -> Column:
        """The column of exactly this name."""
        found = self._columns.get(name)
        if found is None:
            found = UUID_COLUMN if name == "_uuid" else Column(name, self._json["columns"][name])
            self._columns[name] = found
        return found


class Schema:
    """A database's tables by name, in alphabetical order."""

    __slots__ = ("name", "tables", "version")

    def __init__(self, json: Any) -> None:
        self.name: str = json["name"]
        self.version: str = json.get("version", "")
        self.tables = {name: Table(name, json["tables"][name]) for name in sorted(json["tables"])}
