"""Named locks (RFC 7047 4.1.8): one owner each, others wait in line, and a thief goes straight to its head.

Whoever was robbed is next in line, as with the reference's server.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Locks:
    """Who holds each lock and who waits for it; whoever calls tells the sessions what comes of it."""

    lines: dict[str, list[Hashable]] = field(default_factory=dict)

    def request(self, name: str, session: Hashable, *, steal: bool = False) -> Hashable | None:
        """Ask for a lock, or take it; answers the session that lost it by that, if any."""
        line = self.lines.setdefault(name, [])
        if session in line:
            line.remove(session)
        robbed = line[0] if steal and line else None
        line.insert(0 if steal else len(line), session)
        return robbed

    def release(self, name: str, session: Hashable) -> Hashable | None:
        """Give a lock back, or leave the line; answers the session that holds it by that, if that is new."""
        line = self.lines.get(name, [])
        if session not in line:
            return None
        held = line[0] is session
        line.remove(session)
        if not line:
            del self.lines[name]
            return None
        return line[0] if held else None

    def forget(self, session: Hashable) -> list[tuple[str, Hashable]]:
        """The session is gone; answers each lock that another holds by that."""
        names = [name for name, line in self.lines.items() if session in line]
        heirs = [(name, self.release(name, session)) for name in names]
        return [(name, heir) for name, heir in heirs if heir is not None]

    def owner(self, name: str) -> Hashable | None:
        """Who holds the lock."""
        line = self.lines.get(name)
        return line[0] if line else None
