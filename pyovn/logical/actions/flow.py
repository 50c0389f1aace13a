"""Actions that decide where a packet goes on: output, next, clone, and the like."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.logical.actions.environment import Action, EncodeEnvironment, OpenFlowActions, encode_all, format_actions
from pyovn.logical.actions.reader import OUTPORT, Reader
from pyovn.logical.lexer import LogicalError, quote
from pyovn.logical.parser import parse_int
from pyovn.logical.tables import Pipeline, Table
from pyovn.openflow import action as openflow
from pyovn.openflow import ports


@dataclass(frozen=True, slots=True)
class Output:
    """`output;`: on to the egress pipeline, or out of the logical port."""

    def format(self) -> str:
        """The word."""
        return "output;"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """On in the tables of output."""
        return [openflow.Resubmit(table=environment.output_table)]


@dataclass(frozen=True, slots=True)
class Next:
    """`next;`, `next(TABLE);` or `next(pipeline=PIPELINE, table=TABLE);`"""

    pipeline: Pipeline
    table: int
    own_pipeline: Pipeline
    own_table: int

    def format(self) -> str:
        """The shortest form."""
        if self.pipeline is not self.own_pipeline:
            return f"next(pipeline={self.pipeline.word}, table={self.table});"
        return "next;" if self.table == self.own_table + 1 else f"next({self.table});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`resubmit`."""
        return [openflow.Resubmit(table=self.pipeline + self.table)]


@dataclass(frozen=True, slots=True)
class Clone:
    """`clone { ACTION… };`: the actions on a copy."""

    actions: tuple[Action, ...]

    def format(self) -> str:
        """The block."""
        return f"clone {{ {format_actions(self.actions)} }};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`clone`."""
        return [openflow.Clone(tuple(encode_all(self.actions, environment)))]


@dataclass(frozen=True, slots=True)
class Mirror:
    """`mirror("PORT");`: a copy to another port of the datapath."""

    port: str

    def format(self) -> str:
        """The call."""
        return f"mirror({quote(self.port)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A clone that starts in the tables of output, or nothing if there is no such port."""
        key = environment.port_key(self.port)
        if key is None:
            return []
        out = openflow.SetField(OUTPORT.field, key, OUTPORT.mask)
        # As if from no port, so that a copy may leave by the port it came from.
        nowhere = openflow.set_field("in_port", ports.NONE)
        return [openflow.Clone((nowhere, out, openflow.Resubmit(table=Table.REMOTE_OUTPUT)))]


@dataclass(frozen=True, slots=True)
class Resubmission:
    """An action that is a lookup in one table and nothing else."""

    keyword: str
    table: Table

    def format(self) -> str:
        """The word."""
        return f"{self.keyword};"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """`resubmit`."""
        return [openflow.Resubmit(table=self.table)]


RESUBMISSIONS = {
    "ct_snat_to_vip": Table.CT_SNAT_HAIRPIN,
    "mac_cache_use": Table.MAC_CACHE_USE,
    "flood_remote": Table.FLOOD_REMOTE_CHASSIS,
}
"""The words of such actions, with their tables."""


def read_resubmission(reader: Reader) -> Resubmission:
    """One of those words."""
    keyword = reader.cursor.take().name
    return Resubmission(keyword, RESUBMISSIONS[keyword])


def read_output(reader: Reader) -> Output:
    """`output`."""
    reader.cursor.at += 1
    return Output()


def _read_pipeline(reader: Reader) -> Pipeline:
    cursor = reader.cursor
    for pipeline in Pipeline:
        if cursor.match_id(pipeline.word):
            return pipeline
    raise cursor.error('expecting "ingress" or "egress"')


def _read_target(reader: Reader, pipeline: Pipeline, table: int) -> tuple[Pipeline, int]:
    """`pipeline=PIPELINE, table=TABLE` in any order; what is not said stays."""
    cursor = reader.cursor
    while True:
        if cursor.match_id("pipeline"):
            cursor.expect("=")
            pipeline = _read_pipeline(reader)
        elif cursor.match_id("table"):
            cursor.expect("=")
            table = parse_int(cursor)
        else:
            raise cursor.error('expecting "pipeline" or "table"')
        if not cursor.match(","):
            return pipeline, table


def read_next(reader: Reader) -> Next:
    """`next`, with or without its target."""
    cursor, place = reader.cursor, reader.place
    cursor.at += 1
    pipeline, table = place.pipeline, place.table + 1
    if cursor.match("("):
        if cursor.kind == "int":
            table = parse_int(cursor)
        else:
            pipeline, table = _read_target(reader, pipeline, table)
        cursor.expect(")")
    if table >= place.length(pipeline):
        raise LogicalError(f'"next" action cannot advance beyond table {place.length(pipeline)}.')
    return Next(pipeline, table, place.pipeline, place.table)


def read_mirror(reader: Reader) -> Mirror:
    """`mirror("PORT")`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    port = reader.string("port name string")
    reader.cursor.expect(")")
    return Mirror(port)
