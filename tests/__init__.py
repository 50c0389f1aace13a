"""The tests mirror the package; what hypothesis draws has no deadline, since machines are shared."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
