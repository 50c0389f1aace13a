"""What `--version` says: the release of the reference that a program stands in for, and our own."""

from __future__ import annotations

from pyovn import __version__

OVN_VERSION = "26.03.2"
OVS_VERSION = "3.7.0"


def version_text(name: str) -> str:
    """What `--version` and the `version` command print."""
    ours = f"pyovn {__version__}"
    if name.startswith("ovn-"):
        return f"{name} {OVN_VERSION}\nOpen vSwitch Library {OVS_VERSION} ({ours})\n"
    return f"{name} (Open vSwitch) {OVS_VERSION} ({ours})\n"
