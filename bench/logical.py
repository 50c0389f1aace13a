"""The language: a match parsed and expanded, compiled, and the complement of many addresses, in processor time."""

from __future__ import annotations

import json
import random
import time
import timeit
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyovn.logical.compile import Lookups, compile_clauses, compile_match, parse_match
from pyovn.logical.lexer import LogicalError
from pyovn.logical.normalize import normalize
from pyovn.logical.parser import NO_SCOPE, parse
from pyovn.logical.simplify import simplify

RECORDED = Path(__file__).resolve().parent.parent / "tests/trace/data/southbound.json"
ADDRESSES = 500


def best(subject: Callable[[], object], repeat: int = 15) -> float:
    """Seconds of the fastest of several runs."""
    return min(timeit.repeat(subject, number=1, repeat=repeat, timer=time.process_time))


def matches() -> list[str]:
    """The different matches of a recorded southbound database that mean the same everywhere."""
    found = []
    for text in sorted({row["match"] for row in json.loads(RECORDED.read_text())["Logical_Flow"]}):
        try:
            parse_match(text, NO_SCOPE)
        except LogicalError:
            continue
        found.append(text)
    return found


def compiled(text: str) -> object:
    """A match's rules, without anything remembered."""
    return compile_clauses(normalize(simplify(parse_match(text, NO_SCOPE), lambda port: True)), lambda name: 1)


def every(subject: Callable[[str], object], texts: list[str]) -> None:
    """Do it to each."""
    for text in texts:
        subject(text)


def main() -> None:
    """Print one line a figure."""
    texts = matches()
    expanded = partial(parse_match, scope=NO_SCOPE)
    for name, subject in (("parsed", parse), ("parsed and expanded", expanded), ("compiled", compiled)):
        seconds = best(partial(every, subject, texts))
        print(f"logical: a match {name}: {seconds / len(texts) * 1e6:.1f} us, of {len(texts)}")
    chance = random.Random(1)
    for count in (1, 2):
        sets = (", ".join(".".join(str(chance.randrange(256)) for _ in range(4)) for _ in range(ADDRESSES)) for _ in range(count))
        text = " && ".join(f"{field} != {{{some}}}" for field, some in zip(("ip4.src", "ip4.dst"), sets))
        seconds = best(partial(compiled, text), 5)
        rules = len(compile_match(text, Lookups()).rules)
        print(f"logical: complement of {count} x {ADDRESSES} addresses: {seconds:.3f} s, {rules} rules")


if __name__ == "__main__":
    main()
