"""The packages of others, which a launcher leaves out because finding them takes longer than a short command."""

from __future__ import annotations

import sys


def reach_packages() -> None:
    """Make them importable from now on."""
    if sys.flags.no_site:
        import site

        site.main()
