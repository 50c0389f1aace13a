"""Long names that orchestrators make up, and the short ones that people gave."""

from __future__ import annotations

import re

from pyovn.logical.actions.services import is_uuid
from pyovn.trace.network import Datapath, Network

SHORT = 6
"""So many characters of a uuid tell it from others."""

_QUOTED = re.compile(r'"([^"]*)"')


class Names:
    """Puts friendly names for long ones, in whatever is quoted."""

    def __init__(self, network: Network, wanted: bool = True) -> None:
        self._network = network
        self._wanted = wanted
        self._known: dict[str, str] = {}

    def friendly(self, text: str) -> str:
        """The text with its quoted names replaced."""
        return _QUOTED.sub(lambda found: f'"{self._name(found[1])}"', text) if self._wanted and '"' in text else text

    def datapath(self, datapath: Datapath) -> str:
        """What a datapath is called; without friendly names, the uuid that it has in the northbound database."""
        return datapath.friendly or datapath.name if self._wanted else datapath.northbound

    def _name(self, name: str) -> str:
        if name not in self._known:
            known = self._network.port(name) if name else None
            friendly = known.friendly if known else ""
            self._known[name] = friendly or (name[:SHORT] if is_uuid(name) else name)
        return self._known[name]
