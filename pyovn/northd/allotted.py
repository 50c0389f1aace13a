"""What the compiler hands out and must remember: tunnel keys and dynamic addresses, fed to the queries as rows of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatapathKey:
    """The tunnel key of a switch or router."""

    uuid: str
    """Of the Logical_Switch or Logical_Router."""
    key: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that got none of the numbers that it must have, for all are taken; a switch or router is then as if it were not there."""

    uuid: str
    """As in the row that it would have got."""


@dataclass(frozen=True, slots=True)
class PortKey:
    """The tunnel key of a port, within its datapath."""

    uuid: str
    """The logical port's name: chassis-redirect ports have no northbound row."""
    key: int


@dataclass(frozen=True, slots=True)
class ContainerTag:
    """The VLAN by which a machine tells a container in it from others."""

    uuid: str
    """Of the container's Logical_Switch_Port."""
    key: int


@dataclass(frozen=True, slots=True)
class DynamicAddresses:
    """The addresses handed to a switch port that asked for some: "MAC [IP…]"."""

    uuid: str
    """Of the Logical_Switch_Port."""
    text: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of a port whose traffic is shaped."""

    uuid: str
    """The logical port's name."""
    key: int


@dataclass(frozen=True, slots=True)
class SessionPort:
    """Which of the UDP ports for BFD a session's packets come from, from 1."""

    uuid: str
    """The session's router port and the address that it watches."""
    key: int


@dataclass(frozen=True, slots=True)
class GroupKey:
    """The tunnel key of a multicast group that somebody asked for, counted from the first there is."""

    uuid: str
    """Of the switch or router, and the group's name."""
    key: int


@dataclass(frozen=True, slots=True)
class AclNumber:
    """The number of an ACL that keeps what it once allowed."""

    uuid: str
    """Of the ACL."""
    key: int


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The number of a route table in registers."""

    uuid: str
    """The table's name."""
    key: int


@dataclass(frozen=True, slots=True)
class RoutingNumber:
    """The number by which registers know a group of next hops, or a chain of policies."""

    uuid: str
    """Of the policy with several next hops; else the router's and what tells the group or chain from its others."""
    key: int
