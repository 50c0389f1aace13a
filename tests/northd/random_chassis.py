"""What chassis say in the southbound while a northbound changes at random: that they are there, which ports they have, what they heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

FEATURES = ("ct-no-masked-label", "mac-binding-timestamp", "ovn-ct-lb-related", "fdb-timestamp", "ct-commit-nat-v2", "ls-dpg-column")
"""Some of what a chassis may say that it can do."""


class Chassis:
    """Two chassis that talk now and then; what they say of what is not there comes to nothing."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def arrive(self) -> Iterator[str]:
        """They come."""
        yield "ovn-sbctl chassis-add hv0 geneve 127.0.0.1 -- chassis-add hv1 geneve 127.0.0.2"

    def next(self) -> str:
        """A line of shell."""
        return f"{self.random.choice(SAYINGS)(self)} || true"

    def number(self, high: int) -> int:
        """One of so many."""
        return self.random.randrange(high)

    def name(self) -> str:
        """One of the two."""
        return f"hv{self.number(2)}"

    def claim(self) -> str:
        """A chassis has a port."""
        return f"ovn-sbctl --may-exist lsp-bind p{self.number(12)} {self.name()}"

    def release(self) -> str:
        """A chassis has a port no more."""
        return f"ovn-sbctl --if-exists lsp-unbind p{self.number(12)}"

    def take(self) -> str:
        """A chassis is a gateway."""
        port = self.random.choice((f"cr-rp{self.number(8)}", f"rp{self.number(8)}"))
        return f"ovn-sbctl --may-exist lsp-bind {port} {self.name()}"

    def learn_neighbour(self) -> str:
        """A chassis has heard from a neighbour of a router."""
        datapath = f"$(ovn-sbctl --bare --columns _uuid find Datapath_Binding external_ids:name=lr{self.number(4)})"
        who = f"logical_port=rp{self.number(8)} ip=10.0.0.{self.number(9)} mac=00:00:00:00:0a:0{self.number(9)}"
        return f"ovn-sbctl create MAC_Binding {who} datapath={datapath}"

    def learn_route(self) -> str:
        """A chassis has learned a route at a port of a router."""
        binding = f"find Port_Binding logical_port=rp{self.number(8)}"
        where = f"datapath=$(ovn-sbctl --bare --columns datapath {binding}) logical_port=$(ovn-sbctl --bare --columns _uuid {binding})"
        return f"ovn-sbctl create Learned_Route {where} ip_prefix=172.21.{self.number(3)}.0/24 nexthop=10.0.0.{self.number(9)}"

    def can(self) -> str:
        """A chassis says what it can do."""
        return f"ovn-sbctl set Chassis {self.name()} other_config:{self.random.choice(FEATURES)}={self.random.choice(('true', 'false'))}"

    def hear_group(self) -> str:
        """A chassis has heard that somebody behind a port wants what is sent to a group."""
        port, name = f"p{self.number(12)}", self.name()
        binding, chassis = f"find Port_Binding logical_port={port}", f"$(ovn-sbctl --bare --columns _uuid find Chassis name={name})"
        columns = (
            f"address=239.0.0.{self.number(3)} datapath=$(ovn-sbctl --bare --columns datapath {binding}) chassis={chassis}"
            f" chassis_name={name} ports=$(ovn-sbctl --bare --columns _uuid {binding})"
        )
        return f"ovn-sbctl create IGMP_Group {columns}"


SAYINGS: tuple[Callable[[Chassis], str], ...] = (
    Chassis.claim, Chassis.claim, Chassis.claim, Chassis.release, Chassis.take, Chassis.learn_neighbour, Chassis.learn_route, Chassis.can,
    Chassis.hear_group,
)  # fmt: skip
