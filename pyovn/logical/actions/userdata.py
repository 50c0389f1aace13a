"""What a packet-in tells the controller to do: a number, and bytes that go with it."""

from __future__ import annotations

from enum import IntEnum

from pyovn.logical.actions.environment import EncodeEnvironment
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield


class Opcode(IntEnum):
    """The services of a controller, by their number in `userdata`."""

    ARP = 0
    PUT_ARP = 1
    PUT_DHCP_OPTS = 2
    ND_NA = 3
    PUT_ND = 4
    PUT_DHCPV6_OPTS = 5
    DNS_LOOKUP = 6
    LOG = 7
    PUT_ND_RA_OPTS = 8
    ND_NS = 9
    ICMP = 10
    TCP_RESET = 11
    ND_NA_ROUTER = 12
    PUT_ICMP4_FRAG_MTU = 13
    ICMP4_ERROR = 14
    EVENT = 15
    IGMP = 16
    BIND_VPORT = 17
    HANDLE_SVC_CHECK = 18
    DHCP6_SERVER = 19
    ICMP6_ERROR = 20
    PUT_ICMP6_FRAG_MTU = 21
    REJECT = 22
    BFD_MSG = 23
    SCTP_ABORT = 24
    PUT_FDB = 25
    ACTIVATION_STRATEGY = 26
    SPLIT_BUF_ACTION = 27
    DHCP_RELAY_REQ_CHK = 28
    DHCP_RELAY_RESP_CHK = 29


def controller(opcode: Opcode, environment: EncodeEnvironment, payload: bytes = b"", *, pause: bool = False) -> openflow.Controller:
    """The OpenFlow action that asks the controller for a service: 32 bits of opcode, 32 of padding, the payload."""
    userdata = opcode.to_bytes(4, "big") + bytes(4) + payload
    return openflow.Controller(userdata=userdata, pause=pause, meter_id=environment.controller_meter)


def result_bit(target: Subfield) -> bytes:
    """Where the controller is to leave its answer: the field's header and the bit's number."""
    header = target.field.nxm or target.field.oxm
    assert header is not None
    return header.exact + target.offset.to_bytes(4, "big")
