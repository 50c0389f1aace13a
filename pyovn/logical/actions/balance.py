"""Actions that choose one of several: backends of a load balancer, values, ports of a forwarding group. Each is an OpenFlow group."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import DNAT_ZONE, Bucket, EncodeEnvironment, GroupSpec, OpenFlowActions
from pyovn.logical.actions.reader import OUTPORT, Reader, format_ref, subfield_of
from pyovn.logical.constants import Format, format_ipv4, format_ipv6
from pyovn.logical.lexer import LogicalError, quote
from pyovn.logical.parser import FieldRef, bit_range
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import FIELDS, Subfield

NATTED, SKIP_SNAT, FORCE_SNAT = 2, 4, 8
"""Bits of the connection's mark (or label) that remember how it was balanced."""

CT_FLAGS = {"skip_snat": SKIP_SNAT, "force_snat": FORCE_SNAT}
BALANCERS = {"ct_lb": "ct_label", "ct_lb_mark": "ct_mark", "ct_lb_mark_local": "ct_mark"}
"""The words that balance, with the field that remembers."""

MAX_PORT = 0xFFFF


@dataclass(frozen=True, slots=True)
class Backend:
    """One of those who may answer."""

    address: str
    port: int = 0
    """0: the port is not translated."""
    lport: str = ""
    """The logical port behind which it is, where only those of this host are to answer."""

    def format(self) -> str:
        """`IP`, `IP:PORT`, `[IP]:PORT`, each perhaps after `"LPORT":`."""
        host = self.endpoint
        return f"{quote(self.lport)}:{host}" if self.lport else host

    @property
    def endpoint(self) -> str:
        """Address and port."""
        if not self.port:
            return self.address
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class CtLb:
    """`ct_lb_mark;` or `ct_lb_mark(backends=IP:PORT,…; hash_fields="…"; FLAG);`, and on to the next table."""

    keyword: str
    backends: tuple[Backend, ...] = ()
    hash_fields: str = ""
    flag: str = ""

    def format(self) -> str:
        """The call."""
        if not self.backends:
            return f"{self.keyword};"
        text = f"{self.keyword}(backends={','.join(backend.format() for backend in self.backends)}"
        text += f'; hash_fields="{self.hash_fields}"' if self.hash_fields else ""
        return text + (f"; {self.flag});" if self.flag else ");")

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """The translation that the connection has, or a group that gives it one; nothing where no backend is on this host."""
        zone = environment.zone(DNAT_ZONE)
        if not self.backends:
            return [openflow.Ct(zone=zone, table=environment.next_table, actions=(openflow.Nat(),))]
        local = [backend for backend in self.backends if not backend.lport or environment.is_local(backend.lport)]
        if not local:
            return []
        buckets = tuple(self._bucket(number, backend, zone, environment.next_table) for number, backend in enumerate(local))
        return [openflow.Group(environment.group_id(GroupSpec(buckets, self.hash_fields)))]

    def _bucket(self, number: int, backend: Backend, zone: Subfield, table: int) -> Bucket:
        memory = FIELDS[BALANCERS[self.keyword]]
        bits = [NATTED] + ([CT_FLAGS[self.flag]] if self.flag else [])
        remember = tuple(openflow.SetField(memory, bit, bit) for bit in bits)
        nat = openflow.Nat("dst", backend.address, "", backend.port)
        ct = openflow.Ct(commit=True, zone=zone, table=table, actions=(nat, *remember))
        return Bucket((ct,), 100, number)


@dataclass(frozen=True, slots=True)
class Select:
    """`R = select(VALUE=WEIGHT, …);` or `R = select(values=(…); hash_fields="…");`, and on to the next table."""

    target: FieldRef
    choices: tuple[tuple[int, int], ...]
    """(value, weight)."""
    hash_fields: str = ""

    def format(self) -> str:
        """The assignment."""
        choices = ", ".join(f"{value}={weight}" for value, weight in self.choices)
        if self.hash_fields:
            choices = f'values=({choices}); hash_fields="{self.hash_fields}"'
        return f"{format_ref(self.target)} = select({choices});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A group whose buckets load a value each."""
        target = subfield_of(self.target)
        resubmit = openflow.Resubmit(table=environment.next_table)
        buckets = tuple(
            Bucket((openflow.load(target, value), resubmit), weight, number) for number, (value, weight) in enumerate(self.choices)
        )
        return [openflow.Group(environment.group_id(GroupSpec(buckets, self.hash_fields)))]


@dataclass(frozen=True, slots=True)
class FwdGroup:
    """`fwd_group(liveness="true", childports="PORT", …);`"""

    ports: tuple[str, ...]
    liveness: bool = False

    def format(self) -> str:
        """The call."""
        ports = ", ".join(quote(port) for port in self.ports)
        liveness = 'liveness="true", ' if self.liveness else ""
        return f"fwd_group({liveness}childports={ports});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A group that outputs to one of the ports, with `liveness` one whose tunnel is alive."""
        low = Subfield(OUTPORT.field, 0, 16)
        out = openflow.Resubmit(table=environment.output_table)
        buckets = []
        for port in self.ports:
            key = environment.port_key(port)
            if key is not None:
                watch = environment.tunnel_port(port) if self.liveness else None
                buckets.append(Bucket((openflow.load(low, key), out), watch_port=watch))
        return [openflow.Group(environment.group_id(GroupSpec(tuple(buckets))))] if buckets else []


def _read_port(reader: Reader) -> int:
    token = reader.cursor.token
    if token.kind != "int" or not token.text.isdigit() or int(token.text) > MAX_PORT:
        raise reader.cursor.error("expecting port number")
    reader.cursor.at += 1
    return int(token.text)


def _read_lport(reader: Reader) -> str:
    if reader.cursor.kind != "string":
        raise reader.cursor.error("expecting logical port name for distributed load balancer")
    name = reader.cursor.take().name
    reader.cursor.expect(":")
    return name


def _read_backend(reader: Reader, distributed: bool) -> Backend:
    cursor = reader.cursor
    lport = _read_lport(reader) if distributed else ""
    if cursor.match("["):
        address = reader.address(Format.IPV6)
        if address is None:
            raise cursor.error("expecting IPv6 address")
        cursor.expect("]")
    else:
        address = reader.address(Format.IPV4, Format.IPV6)
        if address is None:
            raise cursor.error("expecting IP address")
    text = format_ipv4(address.value) if address.format is Format.IPV4 else format_ipv6(address.value)
    port = _read_port(reader) if cursor.match(":") else 0
    return Backend(text, port, lport)


def _read_hash_fields(reader: Reader) -> str:
    """`= "FIELD,FIELD"`, after `hash_fields`."""
    if not reader.cursor.match("=") or reader.cursor.kind != "string":
        raise reader.cursor.error("invalid hash_fields")
    return reader.cursor.take().name


def read_ct_lb(reader: Reader) -> CtLb:
    """One of `BALANCERS`."""
    cursor = reader.cursor
    keyword = cursor.take().name
    reader.continues(keyword)
    reader.need("ip")
    if not cursor.match("(") or cursor.match(")"):
        return CtLb(keyword)
    if not cursor.match_id("backends"):
        raise cursor.error("expecting backends")
    cursor.expect("=")
    backends: list[Backend] = []
    hash_fields = flag = ""
    while not cursor.match(")"):
        if cursor.match(";"):
            if cursor.match_id("hash_fields"):
                hash_fields = _read_hash_fields(reader)
                cursor.match(";")
            flag = next((word for word in CT_FLAGS if cursor.match_id(word)), "")
            if not cursor.match(")"):
                raise cursor.error("expecting `;'")
            break
        backends.append(_read_backend(reader, keyword.endswith("_local")))
        cursor.match(",")
    return CtLb(keyword, tuple(backends), hash_fields, flag)


def _read_weight(reader: Reader) -> int:
    cursor = reader.cursor
    if not cursor.match("="):
        return 100
    token = cursor.token
    if token.kind != "int" or not token.text.isdigit() or int(token.text) > MAX_PORT:
        raise cursor.error("expecting weight")
    cursor.at += 1
    if token.text == "0":
        raise cursor.error("weight can't be 0")
    return int(token.text)


def _read_choices(reader: Reader) -> tuple[tuple[int, int], ...]:
    """`VALUE=WEIGHT, VALUE…)`."""
    cursor = reader.cursor
    choices: list[tuple[int, int]] = []
    while not cursor.match(")"):
        token = cursor.token
        if token.kind != "int" or not token.text.isdigit() or int(token.text) > MAX_PORT:
            raise cursor.error("expecting id")
        cursor.at += 1
        choices.append((int(token.text), _read_weight(reader)))
        cursor.match(",")
    return tuple(choices)


def read_select(reader: Reader, target: FieldRef) -> Select:
    """`select(…)`; the target has room for any value."""
    cursor = reader.cursor
    cursor.at += 1
    reader.check_modifiable(target)
    reader.use(target)
    if target.bits < 16:
        raise LogicalError(
            f"cannot use {target.bits}-bit field {target.symbol.name}{bit_range(target.offset, target.bits)} "
            'for "select", which requires at least 16 bits.'
        )
    cursor.expect("(")
    hash_fields = ""
    if cursor.match_id("values"):
        cursor.expect("=")
        cursor.expect("(")
        choices = _read_choices(reader)
        cursor.expect(";")
        if not cursor.match_id("hash_fields"):
            raise cursor.error("expecting hash_fields")
        hash_fields = _read_hash_fields(reader)
        cursor.expect(")")
    else:
        choices = _read_choices(reader)
    if len(choices) < 2:
        raise cursor.error("expecting at least 2 group members")
    return Select(target, choices, hash_fields)


def _read_liveness(reader: Reader) -> bool:
    cursor = reader.cursor
    cursor.expect("=")
    token = cursor.token
    if token.kind not in ("id", "string") or token.name not in ("true", "false"):
        raise cursor.error("expecting true or false")
    cursor.at += 1
    cursor.expect(",")
    return token.name == "true"


def read_fwd_group(reader: Reader) -> FwdGroup:
    """`fwd_group(…)`."""
    cursor = reader.cursor
    cursor.at += 1
    cursor.expect("(")
    liveness = cursor.match_id("liveness") and _read_liveness(reader)
    ports: list[str] = []
    if cursor.match_id("childports"):
        cursor.expect("=")
        while not cursor.match(")"):
            ports.append(reader.string("logical switch port"))
            cursor.match(",")
    if not ports:
        raise cursor.error("expecting `;'")
    return FwdGroup(tuple(ports), liveness)
