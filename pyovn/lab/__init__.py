"""A whole network in one process, on virtual time, without root."""

from pyovn.lab.network import Network

__all__ = ["Network"]
