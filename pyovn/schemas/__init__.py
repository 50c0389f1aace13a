"""The schemas of OVN and Open vSwitch as typed classes, one module a database."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from pyovn.ovsdb.declare import schema_of, tables_for, tables_of
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import DatabaseSchema, canonical

MODULES = {
    "OVN_Northbound": "nb",
    "OVN_Southbound": "sb",
    "OVN_IC_Northbound": "ic_nb",
    "OVN_IC_Southbound": "ic_sb",
    "Open_vSwitch": "vswitch",
    "hardware_vtep": "vtep",
    "Local_Config": "local_config",
    "_Server": "server",
}
"""The module that declares each database."""


def classes_for(schema: DatabaseSchema) -> Mapping[str, type[Table]]:
    """The classes of a database's rows, by table: the declared ones where the schema is theirs, else classes made for it."""
    if schema.name in MODULES:
        module = importlib.import_module(f"{__name__}.{MODULES[schema.name]}")
        if canonical(schema_of(module)) == canonical(schema):
            return tables_of(module)
    return tables_for(schema)
