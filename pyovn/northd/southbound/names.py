"""DNS and Chassis_Template_Var: rows that a chassis reads as the northbound has them, under the same uuid."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.settings import flag
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.northd.topology import switches_with
from pyovn.query import Engine
from pyovn.schemas import nb, sb


def dns(db: Engine, ref: str) -> Iterator[Wanted]:
    """The names that some switches know; they are looked up in lower case."""
    row = db.get(nb.DNS, ref)
    switches = switches_with(db, "dns_records", ref)
    if row is not None and switches:
        # Chassis answer for their owner's names even where the answer is that there is no such record.
        options = {"ovn-owned": "true" if flag(row.options, "ovn-owned") else "false"}
        records = {name: value.lower() for name, value in row.records.items()}
        yield wanted(sb.DNS, ref, records=records, datapaths=tuple(map(datapath, switches)), options=options)


def template_variables(db: Engine, ref: str) -> Iterator[Wanted]:
    """What a chassis puts for variables in flows."""
    row = db.get(nb.ChassisTemplateVar, ref)
    if row is not None:
        yield wanted(sb.ChassisTemplateVar, ref, chassis=row.chassis, variables=row.variables)
