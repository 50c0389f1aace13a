"""What a trace found, as a tree, and the three ways to print it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a node of a trace is."""

    PIPELINE = "a pipeline of a datapath, or a multicast group"
    TABLE = "a flow that matched"
    ACTION = "an action as written"
    CHANGE = "what became of the packet's own fields"
    OUTPUT = "where the packet left"
    REMARK = "an assumption or a fault"
    TRANSFORMATION = "what happened to a packet that is another from here on"


_TITLED = (Kind.PIPELINE, Kind.TRANSFORMATION)
_LEAVES = (Kind.ACTION, Kind.CHANGE, Kind.OUTPUT, Kind.REMARK)
INDENT = "    "


@dataclass(slots=True)
class Node:
    """One step. `text` is as shown in detail; `brief` in the minimal form, where that differs."""

    kind: Kind
    text: str
    brief: str = ""
    indented: bool = False
    """Stands deeper than its predecessor even as the last of its siblings."""
    children: list[Node] = field(default_factory=list)

    def add(self, kind: Kind, text: str, brief: str = "", *, indented: bool = False) -> Node:
        """A further step below this one."""
        node = Node(kind, text, brief, indented)
        self.children.append(node)
        return node


def _detailed(nodes: list[Node], depth: int) -> Iterator[str]:
    """Every step. The last of several continues at its parent's depth, as a call in tail position needs no frame."""
    shown = [node for node in nodes if node.kind is not Kind.CHANGE]
    for node in shown:
        inner = node is not nodes[-1] or node.indented or node.kind in _LEAVES
        margin = INDENT * (depth + inner)
        if node.kind in _TITLED:
            yield ""
            yield margin + node.text
            yield margin + "-" * len(node.text)
        else:
            yield margin + node.text
        yield from _detailed(node.children, depth + 2 * inner)


def _block(title: str, inner: list[str], margin: str) -> Iterator[str]:
    """A title with what belongs to it in braces, if anything does."""
    if not inner:
        yield f"{margin}{title};"
        return
    yield f"{margin}{title} {{"
    yield from inner
    yield f"{margin}}};"


def _summary(nodes: list[Node], depth: int) -> Iterator[str]:
    """Pipelines and actions as blocks."""
    for node in nodes:
        margin = INDENT * depth
        if node.kind is Kind.TABLE:
            yield from _summary(node.children, depth)
        elif node.kind is Kind.ACTION:
            if not node.text.startswith("next("):
                yield margin + node.text
        elif node.kind in (Kind.OUTPUT, Kind.REMARK):
            yield f"{margin}{node.text};"
        elif node.kind in _TITLED:
            yield from _block(node.text, list(_summary(node.children, depth + 1)), margin)


def _minimal(nodes: list[Node], depth: int) -> Iterator[str]:
    """Only what can be seen from outside."""
    for node in nodes:
        margin = INDENT * depth
        if node.kind in (Kind.TABLE, Kind.PIPELINE):
            yield from _minimal(node.children, depth)
        elif node.kind in (Kind.CHANGE, Kind.REMARK):
            yield f"{margin}{node.text};"
        elif node.kind is Kind.OUTPUT and node.brief:
            yield f"{margin}{node.brief};"
        elif node.kind is Kind.TRANSFORMATION:
            yield from _block(node.text, list(_minimal(node.children, depth + 1)), margin)


FORMS = {"detailed": _detailed, "summary": _summary, "minimal": _minimal}
"""The forms by the names of their options, in the order in which they are printed."""


def format_trace(nodes: list[Node], forms: list[str]) -> str:
    """The trace in each form; a line above each if there are several."""
    lines: list[str] = []
    for name, form in FORMS.items():
        if name in forms:
            lines += [f"# {name.capitalize()} trace."] if len(forms) > 1 else []
            lines += form(nodes, 0)
    return "".join(line + "\n" for line in lines)
