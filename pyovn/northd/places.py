"""Where a flow holds: on one switch or router, or on all of those that are alike for it, for which it is made once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from pyovn.northd.flow import Flow


class Place(NamedTuple):
    """The switches, or the routers, that something was put on together and that have the same traits; who they are is said elsewhere."""

    via: str
    """The uuid of what they have in common: a load balancer or a group of them, a port group."""
    traits: Hashable
    """All that the flows depend on, a tuple."""


class Member(NamedTuple):
    """A switch or router in a place."""

    place: Place
    datapath: str


Somewhere = str | Place
"""A switch or router by its uuid, or a place."""


class Placed(NamedTuple):
    """A flow and where it holds."""

    where: Somewhere
    flow: Flow
