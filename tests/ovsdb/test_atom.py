"""Atoms from JSON and from text, kept to their constraints."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.atom import atom_reader, atom_to_json, format_atom, parse_atom
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Named
from pyovn.ovsdb.schema import BaseType

ID = "550e8400-e29b-41d4-a716-446655440000"
INTEGER, REAL, BOOLEAN, STRING, UUID = (BaseType(kind) for kind in ("integer", "real", "boolean", "string", "uuid"))


@pytest.mark.parametrize(
    ("base", "json", "atom"),
    [
        (INTEGER, -1, -1),
        (INTEGER, 1e3, 1000),
        (INTEGER, 2**63 - 1, 2**63 - 1),
        (REAL, 2, 2.0),
        (REAL, 0.5, 0.5),
        (BOOLEAN, True, True),
        (STRING, "x", "x"),
        (UUID, ["uuid", ID], ID),
        (UUID, ["uuid", ID.upper()], ID),
        (UUID, ["named-uuid", "row1"], "<row1>"),
        (BaseType("integer", low=1, high=5), 5, 5),
        (BaseType("string", low=2), "𝄞x", "𝄞x"),
        (BaseType("string", enum=("a", "b")), "b", "b"),
    ],
)
def test_from_json(base: BaseType, json: Any, atom: Any) -> None:
    read = atom_reader(base)(json, lambda name: f"<{name}>")
    assert read == atom
    assert type(read) is type(atom)


@pytest.mark.parametrize(
    ("base", "json", "complaint"),
    [
        (INTEGER, 0.5, 'syntax "0.5": syntax error: expected integer'),
        (INTEGER, True, 'syntax "true": syntax error: expected integer'),
        (INTEGER, 2**63, f'syntax "{2**63}": syntax error: expected integer'),
        (REAL, "1", 'syntax ""1"": syntax error: expected real'),
        (BOOLEAN, "true", 'syntax ""true"": syntax error: expected boolean'),
        (STRING, 1, 'syntax "1": syntax error: expected string'),
        (UUID, ID, f'syntax ""{ID}"": syntax error: expected ["uuid", <string>]'),
        (UUID, ["uuid", "12"], 'syntax "["uuid","12"]": syntax error: "12" is not a valid UUID'),
        (UUID, ["named-uuid", "0"], 'syntax "["named-uuid","0"]": syntax error: expected ["uuid", <string>]'),
        (BaseType("integer", low=5), 4, "constraint violation: 4 is less than minimum allowed value 5"),
        (BaseType("integer", high=-1), 0, "constraint violation: 0 is greater than maximum allowed value -1"),
        (BaseType("integer", low=-1, high=1), 2, "constraint violation: 2 is not in the valid range -1 to 1 (inclusive)"),
        (BaseType("real", low=-2.5, high=1.75), -4, "constraint violation: -4 is not in the valid range -2.5 to 1.75 (inclusive)"),
        (BaseType("string", low=2), "a", 'constraint violation: "a" length 1 is less than minimum allowed length 2'),
        (BaseType("string", high=2), "abc", 'constraint violation: "abc" length 3 is greater than maximum allowed length 2'),
        (BaseType("string", enum=("abc", "def")), "", 'constraint violation: "" is not one of the allowed values ([abc, def])'),
        (BaseType("integer", enum=(1, 6)), 2, "constraint violation: 2 is not one of the allowed values ([1, 6])"),
    ],
)
def test_refused_json(base: BaseType, json: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        atom_reader(base)(json, None)
    assert str(refusal.value) == complaint


def test_a_name_must_be_an_identifier() -> None:
    with pytest.raises(OvsdbError, match="named-uuid string is not a valid <id>"):
        atom_reader(UUID)(["named-uuid", "0"], lambda name: name)


@pytest.mark.parametrize(
    ("kind", "atom", "json"),
    [("real", 1.0, 1), ("real", 0.5, 0.5), ("uuid", ID, ["uuid", ID]), ("uuid", Named("x"), ["named-uuid", "x"]), ("string", "a", "a")],
)
def test_to_json(kind: str, atom: Any, json: Any) -> None:
    assert atom_to_json(kind, atom) == json


@pytest.mark.parametrize(
    ("kind", "atom", "text"),
    [
        ("integer", -5, "-5"),
        ("real", 0.00390625, "0.00390625"),
        ("real", 1e37, "1e+37"),
        ("real", -0.0, "0"),
        ("boolean", True, "true"),
        ("string", "br-int.1", "br-int.1"),
        ("string", "", '""'),
        ("string", "two words", '"two words"'),
        ("string", "true", '"true"'),
        ("string", "10.0.0.1", '"10.0.0.1"'),
        ("string", ID, f'"{ID}"'),
        ("string", 'say "hi"\n', '"say \\"hi\\"\\n"'),
        ("uuid", ID, ID),
    ],
)
def test_text(kind: str, atom: Any, text: str) -> None:
    assert format_atom(kind, atom) == text
    assert parse_atom(BaseType(kind), text) == atom


@pytest.mark.parametrize(
    ("kind", "text", "atom"),
    [("boolean", "yes", True), ("boolean", "0", False), ("integer", "+7", 7), ("real", ".5", 0.5), ("string", "un quoted", "un quoted")],
)
def test_other_ways_to_write_it(kind: str, text: str, atom: Any) -> None:
    assert parse_atom(BaseType(kind), text) == atom


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("integer", "0.5", '"0.5" is not a valid integer or range'),
        ("integer", str(2**63), f'"{2**63}" is not a valid integer or range'),
        ("real", "x", '"x" is not a valid real number'),
        ("real", "nan", '"nan" is not a valid real number'),
        ("boolean", '"true"', '""true"" is not a valid boolean (use "true" or "false")'),
        ("string", "", 'An empty string is not valid as input; use "" to represent the empty string'),
        ("string", '"asdf', '"asdf: missing quote at end of quoted string'),
        ("string", '"as"df"', '"as"df": quoted string may not include unescaped "'),
        ("string", '"asdf\\"', '"asdf\\": quoted string may not end with backslash'),
        ("uuid", "1234-5678", '"1234-5678" is not a valid UUID'),
        ("uuid", "@x", '"@x" is not a valid UUID'),
    ],
)
def test_refused_text(kind: str, text: str, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        parse_atom(BaseType(kind), text)
    assert str(refusal.value) == complaint
