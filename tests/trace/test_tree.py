"""The three ways to print a trace."""

from __future__ import annotations

from pyovn.trace.tree import Kind, Node, format_trace


def a_trace() -> list[Node]:
    root = Node(Kind.PIPELINE, "root")
    table = root.add(Kind.PIPELINE, 'ingress(dp="d", inport="p")').add(Kind.TABLE, " 0. first: 1, priority 0, uuid 12345678")
    table.add(Kind.ACTION, "eth.dst = eth.src;")
    table.add(Kind.CHANGE, "eth.dst = 00:00:00:00:00:01")
    table.add(Kind.TRANSFORMATION, "clone").add(Kind.OUTPUT, '/* output to "q", type "" */', 'output("q")')
    table.add(Kind.ACTION, "next;")
    table.add(Kind.TABLE, " 1. second: 1, priority 0, uuid 12345678").add(Kind.ACTION, "drop;")
    return root.children


DETAILED = """\

ingress(dp="d", inport="p")
---------------------------
 0. first: 1, priority 0, uuid 12345678
    eth.dst = eth.src;

    clone
    -----
            /* output to "q", type "" */
    next;
 1. second: 1, priority 0, uuid 12345678
    drop;
"""
SUMMARY = """\
ingress(dp="d", inport="p") {
    eth.dst = eth.src;
    clone {
        /* output to "q", type "" */;
    };
    next;
    drop;
};
"""
MINIMAL = """\
eth.dst = 00:00:00:00:00:01;
clone {
    output("q");
};
"""


def test_each_form() -> None:
    assert format_trace(a_trace(), ["detailed"]) == DETAILED
    assert format_trace(a_trace(), ["summary"]) == SUMMARY
    assert format_trace(a_trace(), ["minimal"]) == MINIMAL


def test_several_forms_have_headings() -> None:
    expected = f"# Summary trace.\n{SUMMARY}# Minimal trace.\n{MINIMAL}"
    assert format_trace(a_trace(), ["minimal", "summary"]) == expected
