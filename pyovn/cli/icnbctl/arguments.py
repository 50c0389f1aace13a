"""What the arguments of ovn-ic-nbctl's commands stand for, for tab completion."""

from __future__ import annotations

ARGUMENTS = {
    "SWITCH": "Transit_Switch.name",
    "ROUTER": "Transit_Router.name",
    "trp-del:PORT": "Transit_Router_Port.name",
    "trp-add:COLUMN[:KEY]=VALUE": "@Transit_Router_Port",
    "ts-add:SWITCH": "",
    "tr-add:ROUTER": "",
}  # fmt: skip
"""[COMMAND or its first word:]ARGUMENT → TABLE.COLUMN with its values, #TABLE of named rows, @TABLE of columns to set, or the values."""
