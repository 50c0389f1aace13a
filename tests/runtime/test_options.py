"""Command lines of daemons: what getopt takes, ours takes; what it refuses is refused in its words."""

from __future__ import annotations

import pytest

from pyovn.runtime.options import Option, OptionError, Options, parse_options

KNOWN = (
    Option("help", short="h"),
    Option("remote", "required", short="r"),
    Option("pidfile", "optional"),
    Option("verbose", "optional", short="v"),
    Option("detach"),
    Option("data"),
)

GOOD: list[tuple[list[str], Options]] = [
    ([], Options({})),
    (["--remote=a", "--remote", "b", "x"], Options({"remote": ("a", "b")}, ("x",))),
    (["--rem=a"], Options({"remote": ("a",)})),
    (["-ra", "-r", "b"], Options({"remote": ("a", "b")})),
    (["--pidfile", "x"], Options({"pidfile": ("",)}, ("x",))),
    (["--pidfile=f"], Options({"pidfile": ("f",)})),
    (["-vconsole:off", "-v"], Options({"verbose": ("console:off", "")})),
    (["x", "--detach", "y"], Options({"detach": ("",)}, ("x", "y"))),
    (["--", "--detach", "-"], Options({}, ("--detach", "-"))),
    (["-hra"], Options({"help": ("",), "remote": ("a",)})),
]

BAD = [
    (["--x"], "unrecognized option '--x'"),
    (["--x=1"], "unrecognized option '--x'"),
    (["-x"], "invalid option -- 'x'"),
    (["--remote"], "option '--remote' requires an argument"),
    (["-r"], "option requires an argument -- 'r'"),
    (["--detach=3"], "option '--detach' doesn't allow an argument"),
    (["--d"], "option '--d' is ambiguous; possibilities: '--detach' '--data'"),
]


@pytest.mark.parametrize(("words", "options"), GOOD)
def test_taken(words: list[str], options: Options) -> None:
    assert parse_options(words, KNOWN) == options


@pytest.mark.parametrize(("words", "text"), BAD)
def test_refused(words: list[str], text: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_options(words, KNOWN)
    assert str(caught.value) == text


def test_operands_may_end_the_options() -> None:
    assert parse_options(["-h", "vlog/set", "-v"], KNOWN, stop_at_operand=True) == Options({"help": ("",)}, ("vlog/set", "-v"))


def test_the_last_argument_that_says_something_counts() -> None:
    options = parse_options(["--pidfile=a", "--pidfile=b", "--pidfile"], KNOWN)
    assert (options.last("pidfile", "c"), options.last("remote", "c"), "pidfile" in options) == ("b", "c", True)
