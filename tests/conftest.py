"""What holds for every test: a property has as much time as a busy machine takes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
