"""Open Virtual Network in Python: databases, compiler, host agent, switch and tools."""

__version__ = "26.3.0"
