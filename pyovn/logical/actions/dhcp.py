"""Actions that answer DHCP from flows: the options travel to the controller in `userdata`, the client's packet beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.options import Option
from pyovn.logical.actions.reader import Reader, format_ref, subfield_of
from pyovn.logical.actions.userdata import Opcode, controller, result_bit
from pyovn.logical.constants import Constant, Format, format_constant, format_ipv4
from pyovn.logical.lexer import LogicalError, quote
from pyovn.logical.parser import ConstantSet, FieldRef, parse_constants


@dataclass(frozen=True, slots=True)
class Setting:
    """One option and its value or values."""

    option: Option
    values: tuple[Constant | str, ...]

    def format(self) -> str:
        """`NAME = VALUE` or `NAME = {VALUE, VALUE}`."""
        texts = [quote(value) if isinstance(value, str) else format_constant(value) for value in self.values]
        text = texts[0] if len(texts) == 1 else "{" + ", ".join(texts) + "}"
        return f"{self.option.name} = {text}"


def _numbers(setting: Setting) -> Iterable[int]:
    for value in setting.values:
        assert isinstance(value, Constant)
        yield value.value


def _text(setting: Setting) -> bytes:
    value = setting.values[0]
    assert isinstance(value, str)
    return value.encode()


def _integers(size: int) -> Callable[[Setting], bytes]:
    def encode(setting: Setting) -> bytes:
        limit = (1 << 8 * size) - 1
        return b"".join((number & limit).to_bytes(size, "big") for number in _numbers(setting))

    return encode


def _first_integer(size: int) -> Callable[[Setting], bytes]:
    def encode(setting: Setting) -> bytes:
        return (next(iter(_numbers(setting))) & (1 << 8 * size) - 1).to_bytes(size, "big")

    return encode


def _routes(setting: Setting) -> bytes:
    """Pairs of network and router; of a network only the significant octets are sent (RFC 3442)."""
    found = b""
    values = list(setting.values)
    for network, router in zip(values[::2], values[1::2], strict=False):
        assert isinstance(network, Constant) and isinstance(router, Constant)
        length = 32 if network.mask is None else network.mask.bit_count()
        found += bytes([length]) + network.value.to_bytes(4, "big")[: (length + 7) // 8] + router.value.to_bytes(4, "big")
    return found


def _host(setting: Setting) -> bytes:
    """A name, or an address."""
    return _text(setting) if isinstance(setting.values[0], str) else _integers(4)(setting)


def encode_domain(name: str) -> bytes:
    """Labels with their lengths (RFC 1035 3.1)."""
    labels = [label.encode() for label in name.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _domains(setting: Setting) -> bytes:
    """A search list; a tail that was sent before is pointed at (RFC 3397, RFC 1035 4.1.4)."""
    found = b""
    known: dict[str, int] = {}
    for name in _text(setting).decode().split(","):
        labels = name.strip().rstrip(".").split(".")
        ending = b"\0"
        for place in range(len(labels)):
            tail = ".".join(labels[place:])
            if tail in known:
                ending = (0xC000 | known[tail]).to_bytes(2, "big")
                break
            known[tail] = len(found)
            found += bytes([len(labels[place])]) + labels[place].encode()
        found += ending
    return found


_V4_KINDS: Mapping[str, Callable[[Setting], bytes]] = {
    "bool": _first_integer(1), "uint8": _first_integer(1), "uint16": _first_integer(2), "uint32": _first_integer(4),
    "ipv4": _integers(4), "static_routes": _routes, "str": _text, "host_id": _host, "domains": _domains,
}  # fmt: skip
_V6_KINDS: Mapping[str, Callable[[Setting], bytes]] = {
    "ipv6": _integers(16), "mac": _integers(6), "str": _text, "domain": lambda setting: encode_domain(_text(setting).decode()),
}  # fmt: skip
_FIRST = ("bootfile_name", "bootfile_name_alt", "next_server")
"""What the controller wants to see before everything else, because it does not simply pass it on."""

_TEXT_KINDS = ("str", "domains", "domain")


@dataclass(frozen=True, slots=True)
class PutDhcpOptions:
    """`R = put_dhcp_opts(offerip = IP, NAME = VALUE…);`: make the client's message the server's reply."""

    target: FieldRef
    settings: tuple[Setting, ...]

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = put_dhcp_opts({', '.join(s.format() for s in self.settings)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in that waits: result, offered address, then code, length and value of each option."""
        payload = result_bit(subfield_of(self.target))
        offer = next(s for s in self.settings if s.option.code == 0)
        payload += next(iter(_numbers(offer))).to_bytes(4, "big")
        rest = [s for s in self.settings if s is not offer]
        first = [s for name in _FIRST for s in rest if s.option.name == name]
        for setting in (*first, *(s for s in rest if s.option.name not in _FIRST)):
            value = _V4_KINDS[setting.option.kind](setting)
            payload += bytes([setting.option.code, len(value)]) + value
        return [controller(Opcode.PUT_DHCP_OPTS, environment, payload, pause=True)]


@dataclass(frozen=True, slots=True)
class PutDhcpv6Options:
    """`R = put_dhcpv6_opts(NAME = VALUE…);`"""

    target: FieldRef
    settings: tuple[Setting, ...]

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = put_dhcpv6_opts({', '.join(s.format() for s in self.settings)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in that waits: result, then 16 bits each of code and length, and the value."""
        payload = result_bit(subfield_of(self.target))
        for setting in self.settings:
            value = _V6_KINDS[setting.option.kind](setting)
            payload += setting.option.code.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value
        return [controller(Opcode.PUT_DHCPV6_OPTS, environment, payload, pause=True)]


RELAY_OPCODES = {"dhcp_relay_req_chk": Opcode.DHCP_RELAY_REQ_CHK, "dhcp_relay_resp_chk": Opcode.DHCP_RELAY_RESP_CHK}


@dataclass(frozen=True, slots=True)
class DhcpRelayCheck:
    """`R = dhcp_relay_req_chk(RELAY, SERVER);` or `dhcp_relay_resp_chk`."""

    keyword: str
    target: FieldRef
    relay: int
    server: int

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = {self.keyword}({format_ipv4(self.relay)}, {format_ipv4(self.server)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in that waits: result and both addresses."""
        payload = result_bit(subfield_of(self.target)) + self.relay.to_bytes(4, "big") + self.server.to_bytes(4, "big")
        return [controller(RELAY_OPCODES[self.keyword], environment, payload, pause=True)]


def _check_kind(setting: Setting, constants: ConstantSet, noun: str) -> None:
    kind, name = setting.option.kind, setting.option.name
    if kind in _TEXT_KINDS and not constants.is_string:
        raise LogicalError(f"{noun} option {name} requires string value.")
    if kind not in (*_TEXT_KINDS, "host_id") and constants.is_string:
        raise LogicalError(f"{noun} option {name} requires numeric value.")


def read_settings(reader: Reader, options: Mapping[str, Option], noun: str) -> tuple[Setting, ...]:
    """`NAME = VALUE, …)`, after the opening parenthesis."""
    cursor = reader.cursor
    settings: list[Setting] = []
    while not cursor.match(")"):
        token = cursor.token
        if token.kind != "id":
            raise cursor.error()
        option = options.get(token.name)
        if option is None:
            raise cursor.error(f"expecting {noun} option name")
        cursor.at += 1
        cursor.expect("=")
        constants = parse_constants(cursor, reader.place.scope)
        setting = Setting(option, tuple(constants.values))
        _check_kind(setting, constants, noun)
        settings.append(setting)
        cursor.match(",")
    return tuple(settings)


def read_put_dhcp_options(reader: Reader, target: FieldRef) -> PutDhcpOptions:
    """`put_dhcp_opts(…)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    reader.result(target)
    settings = read_settings(reader, reader.place.dhcpv4_options, "DHCPv4")
    if not any(setting.option.code == 0 for setting in settings):
        raise LogicalError("put_dhcp_opts requires offerip to be specified.")
    return PutDhcpOptions(target, settings)


def read_put_dhcpv6_options(reader: Reader, target: FieldRef) -> PutDhcpv6Options:
    """`put_dhcpv6_opts(…)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    reader.result(target)
    return PutDhcpv6Options(target, read_settings(reader, reader.place.dhcpv6_options, "DHCPv6"))


def read_relay_check(reader: Reader, target: FieldRef) -> DhcpRelayCheck:
    """`dhcp_relay_req_chk(RELAY, SERVER)`."""
    reader.result(target)
    cursor = reader.cursor
    keyword = cursor.take().name
    cursor.expect("(")
    found: list[int] = []
    for ending in (",", ")"):
        address = reader.address(Format.IPV4)
        if address is None:
            raise cursor.error("expecting IPv4 dhcp relay and server ips")
        found.append(address.value)
        cursor.expect(ending)
    return DhcpRelayCheck(keyword, target, *found)


