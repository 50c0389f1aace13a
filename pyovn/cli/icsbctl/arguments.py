"""What the arguments of ovn-ic-sbctl's commands stand for, for tab completion."""

from __future__ import annotations

ARGUMENTS = {
    "AZ": "Availability_Zone.name",
}  # fmt: skip
"""[COMMAND or its first word:]ARGUMENT → TABLE.COLUMN with its values, #TABLE of named rows, @TABLE of columns to set, or the values."""
