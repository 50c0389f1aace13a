"""What a machine can check of the house style: sizes, imports that only go down, the world only in `runtime`, words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "pyovn").rglob("*.py"))
EVERYTHING = SOURCES + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "bench").rglob("*.py"))

MAX_FILE_LINES = 600
MAX_BODY_LINES = 50
MAX_NESTING = 3
MAX_POSITIONAL = 5

ROOMS = (
    ("machine", "coverage"), ("packet",), ("ovsdb",), ("schemas",), ("query",), ("openflow",), ("logical",),
    ("northd", "controller", "vswitch", "trace", "interconnect"), ("cli",), ("lab",), ("runtime",),
)  # fmt: skip
"""From the ground up; a room imports those of earlier rows and itself. Programs of one row never meet."""

LEVEL = {room: level for level, row in enumerate(ROOMS) for room in row}
OUTSIDE_WORLD = {"socket", "asyncio", "select", "selectors", "time", "random", "subprocess", "secrets", "signal", "fcntl"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
TABLES_OF_DATA = {f"pyovn/schemas/{name}.py" for name in ("nb", "sb", "vswitch", "vtep")} | {"pyovn/openflow/fields.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def nesting(node: ast.AST, depth: int = 0) -> int:
    """How deep blocks stand in blocks; an `elif` is no deeper than its `if`."""
    deepest = depth
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                continue
            block = isinstance(child, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match | ast.AsyncFor | ast.AsyncWith)
            is_elif = field == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If) and len(node.orelse) == 1
            deepest = max(deepest, nesting(child, depth + (1 if block and not is_elif else 0)))
    return deepest


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "pyovn":
                yield from (f"pyovn.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    """The room of a dotted module below pyovn, or the empty string."""
    parts = module.split(".")
    return parts[1] if parts[0] == "pyovn" and len(parts) > 1 else ""


def check_sizes(path: Path, tree: ast.Module, text: str) -> Iterator[str]:
    if text.count("\n") > MAX_FILE_LINES and name_of(path) not in TABLES_OF_DATA:
        yield f"{text.count(chr(10))} lines"
    for function in functions(tree):
        where = f"{function.name} (line {function.lineno})"
        if body_lines(function) > MAX_BODY_LINES:
            yield f"{where}: a body of {body_lines(function)} lines"
        if nesting(function) > MAX_NESTING:
            yield f"{where}: blocks nest {nesting(function)} deep"
        positional = [a.arg for a in function.args.posonlyargs + function.args.args if a.arg not in ("self", "cls")]
        if len(positional) > MAX_POSITIONAL:
            yield f"{where}: {len(positional)} positional parameters"


def check_imports(path: Path, tree: ast.Module) -> Iterator[str]:
    here = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for module in imports(tree):
        if module.split(".")[0] in OUTSIDE_WORLD and here != "runtime":
            yield f"imports {module}; only runtime touches the world"
        there = room(module)
        if there and there in LEVEL and here in LEVEL and there != here:
            lazily = here == "cli" and there == "runtime"
            if LEVEL[there] >= LEVEL[here] and not lazily:
                yield f"imports {module}, which is not below it"


def check_words(tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "has no sentence that says what it is for"
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):  # type: ignore[arg-type]
            yield f"{node.name}: no docstring"  # type: ignore[attr-defined]


NUMBERED_STAGE = re.compile(r"#.*\b(stage|logical table) \d+", re.IGNORECASE)


def check_prose(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if NUMBERED_STAGE.search(line):
            yield f"line {number}: prose names a stage by its number"


def test_compiled_modules_are_those_of_the_sources() -> None:
    made = max((path.stat().st_mtime for path in (ROOT / "pyovn").glob("compiled__mypyc.*.so")), default=0.0)
    sources = [path.with_name(f"{path.name.partition('.')[0]}.py") for path in (ROOT / "pyovn").rglob("*/*.so")]
    stale = [name_of(path) for path in sources if not path.exists() or path.stat().st_mtime > made]
    assert not stale, "`make compiled` compiles them anew, `make pure` removes what was compiled"


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_sizes(path: Path) -> None:
    text = path.read_text()
    assert not list(check_sizes(path, ast.parse(text), text))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_words_and_imports(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert not [*check_imports(path, tree), *check_words(tree), *check_prose(text)]
    assert path.stem not in VAGUE_NAMES
    assert len(path.relative_to(ROOT / "pyovn").parts) <= 3
