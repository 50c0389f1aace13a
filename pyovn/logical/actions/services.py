"""Actions that hand the packet to a service of the controller: logging, events, IGMP, virtual ports, probes, BFD."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.fields import encode_arguments
from pyovn.logical.actions.reader import Reader, format_ref, subfield_of
from pyovn.logical.actions.userdata import Opcode, controller
from pyovn.logical.lexer import LogicalError, quote
from pyovn.logical.parser import FieldRef
from pyovn.openflow import action as openflow

VERDICTS = ("allow", "drop", "reject", "pass")
SEVERITIES = ("alert", "warning", "notice", "info", "debug")
SEVERITY_CODES = {"alert": 1, "warning": 4, "notice": 5, "info": 6, "debug": 7}
"""As syslog numbers them (RFC 5424 6.2.1)."""


@dataclass(frozen=True, slots=True)
class Log:
    """`log(name="…", verdict=…, severity=…, meter="…");`"""

    verdict: str
    severity: str = "info"
    name: str = ""
    meter: str = ""

    def format(self) -> str:
        """The call."""
        parts = [f"name={quote(self.name)}"] if self.name else []
        parts += [f"verdict={self.verdict}", f"severity={self.severity}"]
        parts += [f"meter={quote(self.meter)}"] if self.meter else []
        return f"log({', '.join(parts)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in with verdict, severity and name, limited by the meter."""
        payload = bytes([VERDICTS.index(self.verdict), SEVERITY_CODES[self.severity]]) + self.name.encode()
        userdata = Opcode.LOG.to_bytes(4, "big") + bytes(4) + payload
        meter = environment.meter_id(self.meter) if self.meter else None
        return [openflow.Controller(userdata=userdata, meter_id=meter)]


SERVICES = {"igmp": (Opcode.IGMP, False), "handle_dhcpv6_reply": (Opcode.DHCP6_SERVER, False), "handle_bfd_msg": (Opcode.BFD_MSG, True)}
"""Words that only hand the packet over: the service, and whether the word is written with `()`."""


@dataclass(frozen=True, slots=True)
class Service:
    """`igmp;`, `handle_dhcpv6_reply;` or `handle_bfd_msg();`"""

    keyword: str

    def format(self) -> str:
        """The word."""
        return f"{self.keyword}();" if SERVICES[self.keyword][1] else f"{self.keyword};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in."""
        return [controller(SERVICES[self.keyword][0], environment)]


@dataclass(frozen=True, slots=True)
class BindVport:
    """`bind_vport("VPORT", PARENT);`: a virtual port now lives where this packet comes from."""

    vport: str
    parent: FieldRef

    def format(self) -> str:
        """The call."""
        return f"bind_vport({quote(self.vport)}, {format_ref(self.parent)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in with the virtual port's key, the parent as inport; nothing if there is no such port."""
        key = environment.port_key(self.vport)
        if key is None:
            return []
        setup, restore = encode_arguments((subfield_of(self.parent), "reg14"))
        return [*setup, controller(Opcode.BIND_VPORT, environment, key.to_bytes(4, "big")), *restore]


@dataclass(frozen=True, slots=True)
class HandleSvcCheck:
    """`handle_svc_check(PORT);`: the answer to a health probe."""

    port: FieldRef

    def format(self) -> str:
        """The call."""
        return f"handle_svc_check({format_ref(self.port)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in with the port as inport."""
        setup, restore = encode_arguments((subfield_of(self.port), "reg14"))
        return [*setup, controller(Opcode.HANDLE_SVC_CHECK, environment), *restore]


EVENTS = ("empty_lb_backends",)
EVENT_OPTIONS = {"vip": 1, "protocol": 2, "load_balancer": 3}


@dataclass(frozen=True, slots=True)
class TriggerEvent:
    """`trigger_event(event = "EVENT", KEY = "VALUE"…);`"""

    event: str
    settings: tuple[tuple[str, str], ...]

    def format(self) -> str:
        """The call."""
        parts = [f'event = "{self.event}"']
        parts += [f"{key} = {quote(value)}" for key, value in self.settings]
        return f"trigger_event({', '.join(parts)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in: the event's number, then number, length and text of each setting."""
        payload = EVENTS.index(self.event).to_bytes(4, "big")
        for key, value in self.settings:
            data = value.encode()
            payload += EVENT_OPTIONS[key].to_bytes(2, "big") + len(data).to_bytes(2, "big") + data
        return [controller(Opcode.EVENT, environment, payload)]


def _read_choice(reader: Reader, choices: tuple[str, ...], noun: str) -> str:
    token = reader.cursor.token
    if token.kind != "id" or token.name not in choices:
        raise reader.cursor.error(f"unknown {noun}")
    reader.cursor.at += 1
    return token.name


def _read_log_argument(reader: Reader, found: dict[str, str]) -> None:
    cursor = reader.cursor
    token = cursor.token
    if token.kind != "id" or token.name not in ("verdict", "name", "severity", "meter"):
        raise cursor.error()
    cursor.at += 1
    cursor.expect("=")
    if token.name == "verdict":
        found["verdict"] = _read_choice(reader, VERDICTS, "verdict")
    elif token.name == "severity":
        found["severity"] = _read_choice(reader, SEVERITIES, "severity")
    else:
        found[token.name] = reader.string()


def read_log(reader: Reader) -> Log:
    """`log(…)`."""
    cursor = reader.cursor
    cursor.at += 1
    found: dict[str, str] = {}
    if cursor.match("("):
        while not cursor.match(")"):
            _read_log_argument(reader, found)
            cursor.match(",")
    if "verdict" not in found:
        raise cursor.error("expecting verdict")
    return Log(**found)


def read_service(reader: Reader) -> Service:
    """One of `SERVICES`."""
    keyword = reader.cursor.take().name
    if SERVICES[keyword][1]:
        reader.cursor.expect("(")
        reader.cursor.expect(")")
    return Service(keyword)


def read_bind_vport(reader: Reader) -> BindVport:
    """`bind_vport("VPORT", PARENT)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    vport = reader.string("port name string")
    cursor.expect(",")
    parent = reader.sized_field(0)
    cursor.expect(")")
    return BindVport(vport, parent)


def read_handle_svc_check(reader: Reader) -> HandleSvcCheck:
    """`handle_svc_check(PORT)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    port = reader.sized_field(0)
    reader.cursor.expect(")")
    return HandleSvcCheck(port)


def _check_event(settings: dict[str, str]) -> None:
    protocol = settings.get("protocol", "tcp")
    if protocol not in ("tcp", "udp", "sctp"):
        raise LogicalError(f"Load balancer protocol '{protocol}' is not 'tcp', 'udp', or 'sctp'")
    balancer = settings.get("load_balancer")
    if balancer is not None and not is_uuid(balancer):
        raise LogicalError(f"Load balancer '{balancer}' is not a UUID")


def is_uuid(text: str) -> bool:
    """8-4-4-4-12 hexadecimal digits."""
    parts = text.split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(c in "0123456789abcdefABCDEF" for part in parts for c in part)


def _read_event(reader: Reader) -> str:
    """`event = "EVENT"`."""
    cursor = reader.cursor
    if not cursor.match_id("event"):
        raise cursor.error("Expecting 'event' option")
    cursor.expect("=")
    token = cursor.token
    event = reader.string()
    if event not in EVENTS:
        raise LogicalError(f"Syntax error at {token} Unknown event '-1'.")
    return event


def read_trigger_event(reader: Reader) -> TriggerEvent:
    """`trigger_event(event = "EVENT", …)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    event = _read_event(reader)
    cursor.match(",")
    settings: dict[str, str] = {}
    while not cursor.match(")"):
        token = cursor.token
        if token.kind != "id" or token.name not in EVENT_OPTIONS:
            raise cursor.error(f"expecting {event} option name")
        cursor.at += 1
        cursor.expect("=")
        settings[token.name] = reader.string()
        cursor.match(",")
    _check_event(settings)
    return TriggerEvent(event, tuple(settings.items()))
