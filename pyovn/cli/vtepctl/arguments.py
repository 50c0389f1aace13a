"""What the arguments of vtep-ctl's commands stand for, for tab completion."""

from __future__ import annotations

ARGUMENTS = {
    "PS": "Physical_Switch.name",
    "PORT": "Physical_Port.name",
    "LS": "Logical_Switch.name",
    "LR": "Logical_Router.name",
    "MODE": "service_node source_node",
    "ENCAP": "vxlan_over_ipv4",
    "add-ps:PS": "",
    "add-port:PORT": "",
    "add-ls:LS": "",
    "add-lr:LR": "",
}  # fmt: skip
"""[COMMAND or its first word:]ARGUMENT → TABLE.COLUMN with its values, #TABLE of named rows, @TABLE of columns to set, or the values."""
