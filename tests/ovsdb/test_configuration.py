"""What a configuration file says, and how what is wrong with it is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyovn.ovsdb.configuration import (
    Configuration,
    ConfigurationError,
    DatabaseConfig,
    configuration_to_json,
    excluded_tables,
    parse_configuration,
    relay_operand,
)
from pyovn.ovsdb.remotes import PLAIN, RemoteOptions

COMPLEX = {
    "remotes": {
        "punix:db.sock": {"inactivity-probe": 0, "read-only": False},
        "pssl:0": {"max-backoff": 8000, "read-only": True, "role": "ovn-controller", "dscp": 48},
        "db:a,b,c": None,
    },
    "databases": {
        "nb.db": None,
        "sb.db": {
            "service-model": "active-backup", "backup": True, "source": {"unix:x": {"inactivity-probe": 9}}, "exclude-tables": [["T"]],
        },
        "OVN": {"service-model": "relay", "source": {"tcp:1.2.3.4:1,tcp:1.2.3.5:1": None}},
        "ic.db": {"service-model": "active-backup", "backup": False},
    },
}  # fmt: skip
READ = Configuration(
    {
        "nb.db": DatabaseConfig(),
        "sb.db": DatabaseConfig("active-backup", "unix:x", RemoteOptions(9), True, frozenset({"T"})),
        "OVN": DatabaseConfig("relay", "tcp:1.2.3.4:1,tcp:1.2.3.5:1"),
        "ic.db": DatabaseConfig("active-backup"),
    },
    {
        "punix:db.sock": RemoteOptions(0),
        "pssl:0": RemoteOptions(None, 8000, True, "ovn-controller"),
        "db:a,b,c": PLAIN,
    },
)


def parse(given: Any) -> tuple[Configuration | None, list[str]]:
    """What is read, None if it cannot be used, and the complaints."""
    lines: list[str] = []
    try:
        return parse_configuration(given if isinstance(given, str) else json.dumps(given), lines.append), lines
    except ConfigurationError:
        return None, lines


def test_all_that_can_be_said_is_read() -> None:
    assert parse(COMPLEX) == (READ, [])


def test_what_is_written_is_read_as_the_same() -> None:
    assert parse(configuration_to_json(READ)) == (READ, [])


def database(**said: Any) -> dict[str, Any]:
    return {"remotes": {}, "databases": {"db": {name.replace("_", "-"): value for name, value in said.items()}}}


FAILED = "config: failed to parse 'databases'"
REFUSED: list[tuple[Any, list[str]]] = [
    (database(service_model="x"), [
        "Unrecognized database service model: 'x'",
        'syntax "{"service-model":"x"}": syntax error: Parsing database db failed: \'x\' is not a valid service model', FAILED,
    ]),
    (database(service_model="relay"), [
        'syntax "{"service-model":"relay"}": syntax error: Parsing database db failed: Required \'source\' member is missing.', FAILED,
    ]),
    (database(unknown=1), [
        'syntax "{"unknown":1}": syntax error: Parsing database db failed: Member \'unknown\' is present but not allowed here.', FAILED,
    ]),
    (database(service_model="active-backup", backup=True), [
        'syntax "{"backup":true,"service-model":"active-backup"}": syntax error: Parsing database db failed: '
        "Required 'source' member is missing.", FAILED,
    ]),
    ('\n{\n    "remotes": { "punix:db.sock": {}, },\n    "databases": {}\n}', [
        "config: reading JSON failed (line 2, column 38, byte 41: syntax error parsing object expecting string)",
    ]),
    ("[]", ["config: a JSON object was expected"]),
    ({"remotes": []}, ["syntax error: config: 'remotes' must be a JSON object", "config: failed to parse 'remotes'"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "lines"), REFUSED)
def test_what_is_wrong_is_said_in_the_references_words(given: Any, lines: list[str]) -> None:
    assert parse(given) == (None, lines)


def test_options_that_do_not_fit_are_left_out() -> None:
    given = database(service_model="relay", source={"unix:x": {"role": "r", "max-backoff": 5}})
    found, lines = parse(given)
    assert found is not None and found.databases["db"].source_options.max_backoff_ms == 5
    assert lines == [
        'syntax "{"max-backoff":5,"role":"r"}": syntax error: Parsing JSON-RPC options failed: '
        "Member 'role' is present but not allowed here."
    ]


def test_words_of_command_lines() -> None:
    assert relay_operand("relay:OVN:tcp:1.2.3.4:5") == ("OVN", DatabaseConfig("relay", "tcp:1.2.3.4:5"))
    assert relay_operand("nb.db") is None and relay_operand("relay:OVN") is None
    assert excluded_tables("a:x,a:y,b:z") == {"a": frozenset({"x", "y"}), "b": frozenset({"z"})}
    with pytest.raises(ValueError, match="DB:TABLE"):
        excluded_tables("a")
