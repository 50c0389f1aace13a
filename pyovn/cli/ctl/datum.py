"""A whole column's value: JSON of the wire, Python, and the text of command lines.

Python values are those of `schema.Column`: an atom, an atom or None, a sorted list, a dict sorted by key.
"""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import DEFAULTS, atom_text, bare_text, parse_atom, parse_integer, token_end, unescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pyovn.cli.ctl.atom import Atom
    from pyovn.cli.ctl.schema import Base, Column

MAX_RANGE = 4096
"""A range of integers (1-9) may not stand for more values than this."""


def default(column: Column) -> Any:
    """What a new row has in a column that nobody set."""
    if column.kind == "atom":
        return DEFAULTS[column.key.type]
    return {"optional": None, "set": [], "map": {}}[column.kind]


def atom_from_wire(json: Any) -> Any:
    """An atom; a uuid becomes its text."""
    return json[1] if isinstance(json, list) else json


def from_wire(column: Column, json: Any) -> Any:
    """The Python value of a JSON <value>."""
    if column.kind == "map":
        return {atom_from_wire(key): atom_from_wire(value) for key, value in json[1]}
    if column.kind == "atom":
        return atom_from_wire(json)
    many = json[1] if isinstance(json, list) and json[0] == "set" else [json]
    atoms = [atom_from_wire(atom) for atom in many]
    if column.kind == "set":
        return atoms
    return atoms[0] if atoms else None


def keys(column: Column, value: Any) -> list[Any]:
    """The atoms of a value that is not a map, or a map's keys."""
    if column.kind == "atom":
        return [value]
    if column.kind == "optional":
        return [] if value is None else [value]
    return list(value)


def of_keys(column: Column, atoms: Iterable[Any]) -> Any:
    """The value that has just these atoms (the reverse of `keys`, but for maps)."""
    chosen = sorted(set(atoms))
    if column.kind == "set":
        return chosen
    return chosen[0] if chosen else None


def atom_to_wire(atom: Any, base: Base, is_named: Callable[[str], bool]) -> Any:
    """The JSON of an atom; `is_named` tells which uuids are of rows that this transaction inserts."""
    if base.type != "uuid":
        return atom
    return ["named-uuid", symbol(atom)] if is_named(atom) else ["uuid", atom]


def symbol(uuid: str) -> str:
    """The name of an inserted row within its transaction."""
    return "row" + uuid.replace("-", "_")


def to_wire(column: Column, value: Any, is_named: Callable[[str], bool]) -> Any:
    """The JSON <value> of a Python value."""
    if column.value is not None:
        base = column.value
        return ["map", [[atom_to_wire(k, column.key, is_named), atom_to_wire(v, base, is_named)] for k, v in value.items()]]
    atoms = [atom_to_wire(atom, column.key, is_named) for atom in keys(column, value)]
    return atoms[0] if len(atoms) == 1 else ["set", atoms]


def text(column: Column, value: Any) -> str:
    """The value as it can be read back: `[a, b]`, `{k=v}`, an atom."""
    if column.value is not None:
        key, val = column.key.type, column.value.type
        return "{" + ", ".join(f"{atom_text(k, key)}={atom_text(v, val)}" for k, v in sorted(value.items())) + "}"
    atoms = [atom_text(atom, column.key.type) for atom in keys(column, value)]
    bare_one = column.kind == "atom" or (column.kind == "optional" and atoms)
    return atoms[0] if bare_one else "[" + ", ".join(atoms) + "]"


def bare(column: Column, value: Any) -> str:
    """The value without quotes and brackets, for scripts."""
    if column.value is not None:
        key, val = column.key.type, column.value.type
        return " ".join(f"{bare_text(k, key)}={bare_text(v, val)}" for k, v in sorted(value.items()))
    return " ".join(bare_text(atom, column.key.type) for atom in keys(column, value))


def plural(base: Base) -> str:
    """The atoms of a type, in words."""
    return {"integer": "integers", "real": "reals", "boolean": "booleans", "string": "strings", "uuid": "uuids"}[base.type]


def type_text(column: Column) -> str:
    """What a column holds, in words."""
    if column.value is not None:
        return f"map of {column.key.type}-{column.value.type} pairs"
    return column.key.type if column.maximum == 1 else f"set of {plural(column.key)}"


class Reader:
    """A place in the text of a value, moved along by the functions below."""

    __slots__ = ("at", "column", "symbols", "text")

    def __init__(self, column: Column, text: str, symbols: dict[str, str]) -> None:
        self.column = column
        self.text = text
        self.symbols = symbols
        self.at = 0

    @property
    def next(self) -> str:
        """The character at hand, empty at the end."""
        return self.text[self.at : self.at + 1]

    def skip(self, characters: str) -> None:
        """Move past any of these."""
        while self.next and self.next in characters:
            self.at += 1

    def atom(self, base: Base) -> Atom:
        """Read one atom."""
        return parse_atom(self.word(base), base, self.symbols)

    def word(self, base: Base) -> str:
        """Read one word; it must be there."""
        end = token_end(self.text, self.at)
        if end == self.at:
            if self.next:
                raise CommandError(f'{self.text}: unexpected "{self.next}" parsing {type_text(self.column)}')
            raise CommandError(f"{self.text}: unexpected end parsing {type_text(self.column)}")
        word = unescape(self.text[self.at : end])
        self.at = end
        return word


def parse(column: Column, given: str, symbols: dict[str, str], *, any_count: bool = False) -> Any:
    """The value written in `given`; `any_count` lifts the limits on how many atoms (for add, remove and conditions)."""
    reader = Reader(column, given, symbols)
    closing = ""
    is_map = column.value is not None
    reader.skip(" ")
    if reader.next == ("{" if is_map else "["):
        closing = "}" if is_map else "]"
        reader.at += 1
        reader.skip(" ")
    pairs: list[tuple[Any, Any]] = []
    while reader.next and reader.next not in "]}":
        pairs += read_member(reader)
        reader.skip(", ")
    if closing:
        if reader.next != closing:
            raise CommandError(f'{given}: missing "{closing}" at end of data')
        reader.at += 1
        reader.skip(" ")
    if reader.next:
        raise CommandError(f'{given}: trailing garbage at "{given[reader.at:]}"')
    check_count(column, given, len(pairs), any_count)
    return collect(column, given, pairs)


def check_count(column: Column, given: str, count: int, any_count: bool) -> None:
    """Refuse too few or too many values."""
    if any_count:
        return
    if count > column.maximum:
        raise CommandError(f"{given}: {count} value(s) specified but the maximum number is {column.maximum}")
    if count < column.minimum:
        raise CommandError(f"{given}: {count} value(s) specified but the minimum number is {column.minimum}")


def read_member(reader: Reader) -> list[tuple[Any, Any]]:
    """One member of a set or map; a range of integers gives several."""
    column = reader.column
    if column.value is None and column.key.type == "integer":
        word = reader.word(column.key)
        first, dash, last = word[:1], "-", ""
        head, dash, last = word[1:].partition("-")
        if not dash:
            return [(parse_atom(word, column.key, reader.symbols), None)]
        low, high = parse_integer(first + head), parse_integer(last)
        if high < low:
            raise CommandError(f'"{word}" is not a valid range. Range end cannot be before start.')
        if high - low >= MAX_RANGE:
            raise CommandError(f'"{word}" is not a valid range. Range size is too large.')
        return [(number, None) for number in range(low, high + 1)]
    start = reader.at
    key = reader.atom(column.key)
    if column.value is None:
        return [(key, None)]
    reader.skip(" ")
    if reader.next != "=":
        place = f'"{reader.next}" expecting "="' if reader.next else '"'
        raise CommandError(f"{reader.text[start:]}: syntax error at {place}")
    reader.at += 1
    reader.skip(" ")
    return [(key, reader.atom(column.value))]


def collect(column: Column, given: str, pairs: list[tuple[Any, Any]]) -> Any:
    """The value that these members make; doubles are an error in a set and in a map."""
    if column.value is not None:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise CommandError(f"{given}: map contains duplicate key")
        return dict(sorted(found.items()))
    atoms = [key for key, _ in pairs]
    if len(set(atoms)) != len(atoms):
        raise CommandError(f"{given}: set contains duplicate value")
    return of_keys(column, atoms)
