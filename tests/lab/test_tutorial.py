"""Pages that run: steps are found, outputs compared."""

from __future__ import annotations

import pytest

from pyovn.lab.shell import Outcome
from pyovn.lab.tutorial import Step, matches, parse, play

PAGE = """# A page

```console
node1# ovn-nbctl ls-add net0
node1# ovn-nbctl set logical_switch net0 \\
    other_config:subnet=10.0.0.0/24
node2# ovn-nbctl show
switch 1cb6a5cf-cc94-4d9d-ac12-875e7521aeb1 (net0)
    …

```

```
node1# not a command: the block is not a console
```
"""


def test_parse() -> None:
    assert parse(PAGE) == [
        Step("node1", "ovn-nbctl ls-add net0", (), 4),
        Step("node1", "ovn-nbctl set logical_switch net0 other_config:subnet=10.0.0.0/24", (), 5),
        Step("node2", "ovn-nbctl show", ("switch 1cb6a5cf-cc94-4d9d-ac12-875e7521aeb1 (net0)", "    …"), 7),
    ]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "b\na\n", True),
        ("a\nb", "a\nc\n", False),
        ("a\nb", "a\nb\nb\n", False),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…\nd", "a\nd\n", True),
        ("time=… ms", "time=0.5 ms\n", True),
        ("time=… ms", "time=0.5 s\n", False),
        ("1cb6a5cf-cc94-4d9d-ac12-875e7521aeb1 x", "00000000-cc94-4d9d-ac12-000000000000 x\n", True),
        ("1cb6a5cf-cc94-4d9d-ac12-875e7521aeb1 x", "nothing x\n", False),
        ("a (b) [c]", "a (b) [c]\n", True),
    ],
)
def test_matches(expected: str, printed: str, same: bool) -> None:
    assert matches(tuple(expected.splitlines()), printed) is same


def test_play_tells_what_is_not_as_written() -> None:
    answers = {"right": Outcome("yes\n"), "wrong": Outcome("no\n"), "fails": Outcome(err="x: no\n", status=1)}
    steps = [Step("h", "right", ("yes",), 1), Step("h", "wrong", ("yes",), 2), Step("h", "fails", (), 3), Step("h", "fails", ("x: no",), 4)]
    assert [played.as_written for played in play(steps, lambda host, command: answers[command])] == [True, False, False, True]
