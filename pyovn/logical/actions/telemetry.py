"""Actions of quality of service and observation: queues, meters, samples."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.reader import Reader, format_ref, subfield_of
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import FieldRef
from pyovn.openflow import action as openflow

MAX_QUEUE = 61440
COOKIE = "cookie"
"""`$cookie`: the logical flow's own number."""


@dataclass(frozen=True, slots=True)
class SetQueue:
    """`set_queue(QUEUE);`"""

    queue: int

    def format(self) -> str:
        """The call."""
        return f"set_queue({self.queue});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`set_queue`."""
        return [openflow.SetQueue(self.queue)]


@dataclass(frozen=True, slots=True)
class SetMeter:
    """`set_meter(RATE, BURST);`, in kbit/s and kbit."""

    rate_kbps: int
    burst_kb: int = 0

    def format(self) -> str:
        """The call."""
        return f"set_meter({self.rate_kbps}, {self.burst_kb});" if self.burst_kb else f"set_meter({self.rate_kbps});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A meter that drops what is above the rate."""
        if self.burst_kb:
            text = f"__string: kbps burst stats bands=type=drop rate={self.rate_kbps} burst_size={self.burst_kb}"
        else:
            text = f"__string: kbps stats bands=type=drop rate={self.rate_kbps}"
        return [openflow.Meter(environment.meter_id(text))]


@dataclass(frozen=True, slots=True)
class Sample:
    """`sample(probability=N, collector_set=N, obs_domain=N, obs_point=N | $cookie | FIELD);`"""

    probability: int
    collector_set: int = 0
    domain: int = 0
    point: int | str | FieldRef = 0

    def format(self) -> str:
        """The call."""
        point = format_ref(self.point) if isinstance(self.point, FieldRef) else f"${self.point}" if self.point == COOKIE else self.point
        return (
            f"sample(probability={self.probability},collector_set={self.collector_set},obs_domain={self.domain},obs_point={point});"
        )

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`sample` to a collector that this host knows; the domain is told apart by datapath."""
        if self.collector_set and not environment.has_collector_set(self.collector_set):
            return []
        domain = self.domain << 24 | environment.datapath_key & 0xFFFFFF
        if isinstance(self.point, FieldRef):
            point: int | openflow.Subfield = subfield_of(self.point)
        else:
            point = environment.cookie if isinstance(self.point, str) else self.point
        return [openflow.Sample(self.probability, self.collector_set, domain, point)]


def read_set_queue(reader: Reader) -> SetQueue:
    """`set_queue(QUEUE)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    queue = reader.plain_number()
    if queue is None:
        raise cursor.error("expecting `;'")
    cursor.expect(")")
    if queue > MAX_QUEUE:
        raise LogicalError(f"Queue ID {queue} for set_queue is not in valid range 0 to {MAX_QUEUE}.")
    return SetQueue(queue)


def read_set_meter(reader: Reader) -> SetMeter:
    """`set_meter(RATE)` or `set_meter(RATE, BURST)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    rate = reader.number("rate")
    if not rate:
        raise LogicalError("Rate 0 for set_meter is not in valid.")
    burst = reader.number("burst") if cursor.match(",") else 0
    cursor.expect(")")
    return SetMeter(rate, burst)


def _read_point(reader: Reader) -> int | str | FieldRef:
    cursor = reader.cursor
    number = reader.plain_number()
    if number is not None:
        return number
    if cursor.kind == "$" and cursor.token.name == COOKIE:
        cursor.at += 1
        return COOKIE
    ref = reader.field()
    reader.check(ref, 32)
    return ref


def _read_sample_argument(reader: Reader, found: dict[str, int | str | FieldRef]) -> None:
    cursor = reader.cursor
    name = cursor.token.name
    if name not in ("probability", "collector_set", "obs_domain", "obs_point"):
        raise cursor.error("unknown argument")
    cursor.at += 1
    cursor.expect("=")
    token = cursor.token
    if name == "obs_point":
        found["point"] = _read_point(reader)
        return
    value = reader.number(name)
    if name == "obs_domain" and value > 0xFF:
        raise LogicalError(f"Syntax error at {token} obs_domain must be 8-bit long.")
    if name == "probability" and value > 0xFFFF:
        raise LogicalError(f"Syntax error at {token} expecting probability.")
    found["domain" if name == "obs_domain" else name] = value


def read_sample(reader: Reader) -> Sample:
    """`sample(…)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    found: dict[str, int | str | FieldRef] = {}
    while not cursor.match(")"):
        _read_sample_argument(reader, found)
        cursor.match(",")
    probability, collector, domain = (found.get(name, 0) for name in ("probability", "collector_set", "domain"))
    assert isinstance(probability, int) and isinstance(collector, int) and isinstance(domain, int)
    if not probability:
        raise LogicalError("probability must be greater than zero")
    return Sample(probability, collector, domain, found.get("point", 0))
