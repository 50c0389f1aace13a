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

FILES = {
    "ovn-nb.ovsschema": "nb",
    "ovn-sb.ovsschema": "sb",
    "ovn-ic-nb.ovsschema": "ic_nb",
    "ovn-ic-sb.ovsschema": "ic_sb",
    "vswitch.ovsschema": "vswitch",
    "vtep.ovsschema": "vtep",
    "local-config.ovsschema": "local_config",
}
"""The files that the reference installs, by the module that declares the same schema."""


def schema_of_file(path: str) -> DatabaseSchema | None:
    """The declared schema that a file of this name would hold, so that databases can be created where no such file is installed."""
    module = FILES.get(path.rpartition("/")[2])
    return None if module is None else schema_of(importlib.import_module(f"{__name__}.{module}"))
