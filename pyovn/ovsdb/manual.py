"""The sentences of declared tables, from the source of their classes; the manuals are made of them."""

from __future__ import annotations

import ast
import inspect
import itertools

from pyovn.ovsdb.row import Table


def column_docs(table: type[Table]) -> dict[str, str]:
    """The sentence below each column in the source of its class."""
    (node,) = ast.parse(inspect.getsource(table)).body
    assert isinstance(node, ast.ClassDef)
    docs: dict[str, str] = {}
    for statement, following in itertools.pairwise([*node.body, ast.Pass()]):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            said = following.value.value if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant) else ""
            docs[statement.target.id] = " ".join(str(said).split())
    return docs
