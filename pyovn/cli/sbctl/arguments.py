"""What the arguments of ovn-sbctl's commands stand for, for tab completion."""

from __future__ import annotations

ARGUMENTS = {
    "CHASSIS": "Chassis.name",
    "PORT": "Port_Binding.logical_port",
    "DATAPATH": "#Datapath_Binding",
    "SWITCH": "#Datapath_Binding",
    "ENCAP-TYPE": "geneve vxlan",
}  # fmt: skip
"""[COMMAND or its first word:]ARGUMENT → TABLE.COLUMN with its values, #TABLE of named rows, @TABLE of columns to set, or the values."""
