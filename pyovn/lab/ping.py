"""What ping(8) says: its options, a line for each answer, and the statistics at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

LINGER_S = 10.0
"""How long an answer to the last request is waited for (`-W`)."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ping that the guests know; times are in seconds, sizes in bytes."""

    destination: str
    count: int = 4
    interval: float = 1.0
    linger: float = LINGER_S
    ttl: int = 64
    size: int = 56


class UsageError(ValueError):
    """A ping command line that is not understood."""


_NUMBERS = {"-c": ("count", int), "-i": ("interval", float), "-W": ("linger", float), "-t": ("ttl", int), "-s": ("size", int)}
_IGNORED = {"-n", "-4", "-6", "-q"}


def parse_options(words: list[str]) -> Options:
    """The options of `ping WORDS…`; raises UsageError."""
    values: dict[str, float] = {}
    destinations: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in _NUMBERS:
            name, kind = _NUMBERS[word]
            values[name] = kind(_number(word, next(rest, "")))
        elif word in _IGNORED:
            continue
        elif word.startswith("-"):
            raise UsageError(f"ping: {word}: not an option that guests know")
        else:
            destinations.append(word)
    if len(destinations) != 1:
        raise UsageError("ping: usage error: Destination address required")
    return Options(destinations[0], **values)  # type: ignore[arg-type]


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"ping: {option}: invalid argument: '{text}'") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """An echo reply, or an error about a request."""

    sequence: int
    source: str
    ttl: int
    rtt: float
    """Seconds since the request was sent."""
    error: str | None = None
    """What an ICMP error says; None for a reply."""


@dataclass(slots=True)
class Ping:
    """One run of ping: what was sent and what came back."""

    options: Options
    started: float
    sent: dict[int, float] = field(default_factory=dict)
    """When each sequence number was sent."""
    answers: list[Answer] = field(default_factory=list)
    finished: float | None = None

    def received(self) -> int:
        """How many requests were answered."""
        return len({a.sequence for a in self.answers if a.error is None})

    def status(self) -> int:
        """The exit status: 0 if anything was answered."""
        return 0 if self.received() else 1


def report(ping: Ping) -> str:
    """All that ping prints of a run that is over."""
    options = ping.options
    lines = [f"PING {options.destination} ({options.destination}) {options.size}({options.size + 28}) bytes of data."]
    lines += [_answer(options, answer) for answer in ping.answers]
    return "\n".join([*lines, "", *_statistics(ping)]) + "\n"


def _answer(options: Options, answer: Answer) -> str:
    if answer.error is not None:
        return f"From {answer.source} icmp_seq={answer.sequence} {answer.error}"
    return f"{options.size + 8} bytes from {answer.source}: icmp_seq={answer.sequence} ttl={answer.ttl} time={_milliseconds(answer.rtt)} ms"


def _milliseconds(seconds: float) -> str:
    """Three significant digits or so, as ping prints them."""
    value = seconds * 1000
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _statistics(ping: Ping) -> list[str]:
    sent, received = len(ping.sent), ping.received()
    errors = sum(a.error is not None for a in ping.answers)
    loss = 100 * (sent - received) / sent if sent else 0
    took = ((ping.finished or ping.started) - ping.started) * 1000
    lines = [
        f"--- {ping.options.destination} ping statistics ---",
        f"{sent} packets transmitted, {received} received, "
        + (f"+{errors} errors, " if errors else "")
        + f"{loss:.6g}% packet loss, time {took:.0f}ms",
    ]
    times = [a.rtt * 1000 for a in ping.answers if a.error is None]
    if times:
        mean = sum(times) / len(times)
        deviation = sqrt(max(0.0, sum(t * t for t in times) / len(times) - mean * mean))
        lines.append(f"rtt min/avg/max/mdev = {min(times):.3f}/{mean:.3f}/{max(times):.3f}/{deviation:.3f} ms")
    return lines
