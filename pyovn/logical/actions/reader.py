"""Reading actions: where the reader stands, what it may refer to, and the pieces that many actions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyovn.logical.actions.options import DHCPV4_OPTIONS, DHCPV6_OPTIONS, Option
from pyovn.logical.annotate import field_needs
from pyovn.logical.constants import Constant, Format
from pyovn.logical.expression import Expression
from pyovn.logical.lexer import Cursor, LogicalError
from pyovn.logical.parser import FieldRef, Scope, bit_range, parse, parse_field
from pyovn.logical.symbols import SYMBOLS
from pyovn.logical.tables import EGRESS_LENGTH, INGRESS_LENGTH, Pipeline
from pyovn.openflow.fields import Subfield, whole


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which pipeline the actions stand, and what names in them mean."""

    pipeline: Pipeline = Pipeline.INGRESS
    table: int = 0
    """The logical table of the flow."""
    scope: Scope = field(default_factory=Scope)
    dhcpv4_options: Mapping[str, Option] = field(default_factory=lambda: DHCPV4_OPTIONS)
    dhcpv6_options: Mapping[str, Option] = field(default_factory=lambda: DHCPV6_OPTIONS)
    ingress_length: int = INGRESS_LENGTH
    egress_length: int = EGRESS_LENGTH

    def length(self, pipeline: Pipeline) -> int:
        """How many logical tables a pipeline has."""
        return self.ingress_length if pipeline is Pipeline.INGRESS else self.egress_length


COMMITTED = ("ct_mark", "ct_label")
"""The fields that belong to a connection."""


class Reader:
    """A cursor over actions, with what the actions read so far ask of the packet."""

    __slots__ = ("committing", "cursor", "depth", "needs", "place")

    def __init__(self, text: str, place: Place) -> None:
        self.cursor = Cursor(text)
        self.place = place
        self.needs: list[Expression] = []
        self.depth = 0
        self.committing = False
        """Inside `ct_commit`, where only the connection's own fields may be written; elsewhere they may not."""

    def need(self, text: str) -> None:
        """Add what must hold of the packet for the action to make sense."""
        self.needs.append(parse(text, self.place.scope))

    def field(self) -> FieldRef:
        """A field or some of its bits, with what it needs."""
        return parse_field(self.cursor, self.place.scope)

    def use(self, ref: FieldRef) -> None:
        """Add what the field needs."""
        needs = field_needs(ref.symbol, self.place.scope)
        if needs is not None:
            self.needs.append(needs)

    def sized_field(self, bits: int, *, written: bool = False) -> FieldRef:
        """A field of exactly so many bits, 0 for a string."""
        ref = self.field()
        self.check(ref, bits, written=written)
        return ref

    def check(self, ref: FieldRef, bits: int, *, written: bool = False) -> None:
        """The field has so many bits, and may be written if it is to be; what it needs is added."""
        name = ref.symbol.name
        if bits and not ref.bits:
            raise LogicalError(f"Cannot use string field {name} where numeric field is required.")
        if not bits and ref.bits:
            raise LogicalError(f"Cannot use numeric field {name} where string field is required.")
        if ref.bits != bits:
            raise LogicalError(
                f"Cannot use {ref.bits}-bit field {name}{bit_range(ref.offset, ref.bits)} where {bits}-bit field is required."
            )
        if written:
            self.check_modifiable(ref)
        self.use(ref)

    def check_modifiable(self, ref: FieldRef) -> None:
        """The field may stand left of `=`."""
        symbol = ref.symbol
        check_readable(ref)
        if not (symbol.base.name in COMMITTED if self.committing else symbol.modifiable):
            raise LogicalError(f"Field {symbol.name} is not modifiable.")

    def result(self, ref: FieldRef, bits: int = 1) -> FieldRef:
        """The field left of `=`, which the action writes."""
        self.check(ref, bits, written=True)
        return ref

    def continues(self, keyword: str) -> None:
        """The action goes on in the next table, so there has to be one."""
        if self.place.table + 1 >= self.place.length(self.place.pipeline):
            raise LogicalError(f'"{keyword}" action not allowed in last table.')

    def open_close(self, name: str) -> None:
        """`NAME()`."""
        self.cursor.at += 1
        self.cursor.expect("(")
        if not self.cursor.match(")"):
            raise LogicalError(f"{name} doesn't take any parameters")

    def string(self, wanted: str = "string") -> str:
        """A string constant."""
        token = self.cursor.token
        if token.kind != "string":
            raise self.cursor.error(f"expecting {wanted}")
        self.cursor.at += 1
        return token.name

    def number(self, wanted: str = "integer") -> int:
        """A decimal or hexadecimal number without mask."""
        found = self.plain_number()
        if found is None:
            raise self.cursor.error(f"expecting {wanted}")
        return found

    def plain_number(self) -> int | None:
        """The number at the cursor, which moves on, or None."""
        constant = self.cursor.token.constant
        if constant is None or constant.mask is not None or constant.format not in (Format.DECIMAL, Format.HEX):
            return None
        self.cursor.at += 1
        return constant.value

    def address(self, *formats: Format) -> Constant | None:
        """An address of one of the formats, without mask; the cursor moves on if there is one."""
        constant = self.cursor.token.constant
        if constant is None or constant.mask is not None or constant.format not in formats:
            return None
        self.cursor.at += 1
        return constant


def check_readable(ref: FieldRef) -> None:
    """The symbol is a field, not a predicate."""
    if ref.symbol.predicate:
        raise LogicalError(f"Predicate symbol {ref.symbol.name} used where lvalue required.")


def subfield_of(ref: FieldRef) -> Subfield:
    """The same bits of the OpenFlow field."""
    base = ref.symbol.base
    assert base.source is not None, f"{base.name} is no OpenFlow field"
    return Subfield(base.source, ref.symbol.offset + ref.offset, ref.bits or base.source.bits)


def format_ref(ref: FieldRef) -> str:
    """The field as written, whole or with its bits."""
    if not ref.bits or ref.bits == ref.symbol.bits:
        return ref.symbol.name
    return f"{ref.symbol.name}[{ref.offset}]" if ref.bits == 1 else ref.symbol.name + bit_range(ref.offset, ref.bits)


def ref_to(name: str) -> FieldRef:
    """A whole symbol."""
    return FieldRef(SYMBOLS[name], 0, SYMBOLS[name].bits)


INPORT = whole("reg14")
OUTPORT = whole("reg15")
