"""Tables on a terminal, in the five formats of `--format` and the three cell formats of `--data` (ovs-vsctl(8), "Table Formatting")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.json_values import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMATS = ("table", "list", "html", "csv", "json")
DATA = ("string", "bare", "json")
LIST_WIDTH = 20


class Style:
    """How tables are to look; an empty format is the command's own."""

    __slots__ = ("data", "format", "headings", "max_column_width", "pretty")

    def __init__(self) -> None:
        self.format = ""
        self.data = "string"
        self.headings = True
        self.pretty = False
        self.max_column_width = 0

    def set_format(self, name: str) -> None:
        """Take the argument of --format."""
        if name not in FORMATS:
            raise CommandError(f'unknown output format "{name}"')
        self.format = name

    def set_data(self, name: str) -> None:
        """Take the argument of --data."""
        if name not in DATA:
            raise CommandError(f'unknown data format "{name}"')
        self.data = name

    def set_bare(self) -> None:
        """--bare."""
        self.format, self.data, self.headings = "list", "bare", False


class Cell:
    """One value in its three forms; `json` is a JSON value. A `plain` one is text whatever form data has."""

    __slots__ = ("bare", "json", "plain", "string")

    def __init__(self, string: str, bare: str, json: Any, plain: bool = False) -> None:
        self.string = string
        self.bare = bare
        self.json = json
        self.plain = plain


def word(text: str) -> Cell:
    """A cell that holds no data of a column."""
    return Cell(text, text, text, True)


class Grid:
    """A table: headings and rows of cells."""

    __slots__ = ("headings", "rows")

    def __init__(self, headings: list[str], rows: list[list[Cell]]) -> None:
        self.headings = headings
        self.rows = rows


def json_text(value: Any, pretty: bool = False) -> str:
    """JSON with sorted members."""
    if pretty:
        return pretty_text(value, "\n  ")
    return text_of(value, sort_keys=True)


def pretty_text(value: Any, break_: str) -> str:
    """JSON over many lines; what closes stands behind the last member."""
    if isinstance(value, dict) and value:
        members = [f"{text_of(key)}: {pretty_text(value[key], break_ + '  ')}" for key in sorted(value)]
        return "{" + break_ + ("," + break_).join(members) + "}"
    if isinstance(value, list) and value:
        return "[" + break_ + ("," + break_).join(pretty_text(member, break_ + "  ") for member in value) + "]"
    return text_of(value, spaced=True)


def render(grid: Grid, style: Style) -> str:
    """The table as text."""
    name = style.format or "list"
    if name == "json":
        return as_json(grid, style)
    cells = [[cell_text(cell, style) for cell in row] for row in grid.rows]
    if name == "list":
        return as_list(grid.headings, cells, style)
    if name == "table":
        return as_table(grid.headings, cells, style)
    return as_html(grid.headings, cells, style) if name == "html" else as_csv(grid.headings, cells, style)


def cell_text(cell: Cell, style: Style) -> str:
    """A cell in the format of --data."""
    if style.data == "json" and not cell.plain:
        return json_text(cell.json, style.pretty)
    return cell.bare if style.data == "bare" else cell.string


def as_list(headings: list[str], rows: list[list[str]], style: Style) -> str:
    """One line a column, an empty line between rows."""
    records = []
    for row in rows:
        if style.headings:
            records.append("".join(f"{heading:<{LIST_WIDTH}}: {cell}\n" for heading, cell in zip(headings, row)))
        else:
            records.append("".join(f"{cell}\n" for cell in row))
    return "\n".join(records)


def as_table(headings: list[str], rows: list[list[str]], style: Style) -> str:
    """Columns under headings and dashes."""
    limit = style.max_column_width
    shown = [[cell[:limit] if limit else cell for cell in row] for row in rows]
    widths = [max((len(row[i]) for row in ([headings, *shown] if style.headings else shown)), default=0) for i in range(len(headings))]
    lines = [headings, ["-" * width for width in widths]] if style.headings else []
    return "".join(" ".join(f"{cell:<{width}}" for cell, width in zip(line, widths)).rstrip() + "\n" for line in [*lines, *shown])


def as_csv(headings: list[str], rows: list[list[str]], style: Style) -> str:
    """RFC 4180."""
    lines = [headings, *rows] if style.headings else rows
    return "".join(",".join(csv_cell(cell) for cell in line) + "\n" for line in lines)


def csv_cell(text: str) -> str:
    """A cell, quoted if it has to be."""
    if any(c in text for c in '\n", '):
        return '"' + text.replace('"', '""') + '"'
    return text


def as_html(headings: list[str], rows: list[list[str]], style: Style) -> str:
    """An HTML table."""
    lines = ["<table border=1>"]
    if style.headings:
        lines += ["  <tr>", *(f"    <th>{escaped(heading)}</th>" for heading in headings), "  </tr>"]
    for row in rows:
        lines += ["  <tr>", *(f"    <td>{escaped(cell)}</td>" for cell in row), "  </tr>"]
    return "\n".join([*lines, "</table>"]) + "\n"


def escaped(text: str) -> str:
    """Text within HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def as_json(grid: Grid, style: Style) -> str:
    """One JSON object for the whole table."""
    value = {"headings": grid.headings, "data": [[cell.json for cell in row] for row in grid.rows]}
    return json_text(value, style.pretty) + "\n"
