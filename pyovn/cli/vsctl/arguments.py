"""What the arguments of ovs-vsctl's commands stand for, for tab completion."""

from __future__ import annotations

ARGUMENTS = {
    "BRIDGE": "Bridge.name",
    "PARENT": "Bridge.name",
    "PORT": "Port.name",
    "BOND": "Port.name",
    "IFACE": "Interface.name",
    "add-bond:BOND": "",
    "add-bond:IFACE": "",
    "add-bond-iface:IFACE": "",
    "add-port:COLUMN[:KEY]=VALUE": "@Port",
    "add-bond:COLUMN[:KEY]=VALUE": "@Port",
    "br-get-external-id:KEY": "Bridge.external_ids",
    "MODE": "secure standalone",
    "DATAPATH": "Open_vSwitch.datapaths",
}  # fmt: skip
"""[COMMAND or its first word:]ARGUMENT → TABLE.COLUMN with its values, #TABLE of named rows, @TABLE of columns to set, or the values."""
