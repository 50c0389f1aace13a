"""A frame and its flow, kept equal: fields are set in the flow, and the frame is rewritten when it is asked for.

Only what differs is written, and checksums are adjusted by the difference, so a checksum that was wrong stays wrong.
"""

from __future__ import annotations

from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV6, ETH_MPLS, ETH_MPLS_MULTICAST, ETH_VLAN, Flow, Layers, dissect
from pyovn.packet.rewrite import rewrite

_HEADER_SLOTS = slice(slot.ETH_SRC, slot.REG0)
"""The slots that a frame's bytes decide."""

MPLS_TYPES = (ETH_MPLS, ETH_MPLS_MULTICAST)
BOTTOM, DEFAULT_TTL, EXPLICIT_NULL_6 = 0x100, 64, 2
"""Of a label stack entry: the bit of the last one, and what it has where the packet says nothing."""


class Packet:
    """A packet on its way through a pipeline. `flow` may be written at any time, header fields and others alike."""

    __slots__ = ("_frame", "_layers", "_seen", "flow", "vlan_limit")

    def __init__(self, frame: bytes, in_port: int = 0, vlan_limit: int = 1) -> None:
        self._frame = frame
        self.vlan_limit = vlan_limit
        self.flow: Flow = [0] * slot.SLOTS
        self._layers = dissect(frame, self.flow, vlan_limit)
        self._seen = self.flow[_HEADER_SLOTS]
        self.flow[slot.IN_PORT] = in_port

    @property
    def frame(self) -> bytes:
        """The frame, with everything that was set in the flow."""
        wanted = self.flow[_HEADER_SLOTS]
        if wanted != self._seen:
            before = self.flow.copy()
            before[_HEADER_SLOTS] = self._seen
            self._frame = rewrite(self._frame, self._layers, before, self.flow)
            self._parse()
        return self._frame

    @frame.setter
    def frame(self, frame: bytes) -> None:
        self._frame = frame
        self._parse()

    @property
    def length(self) -> int:
        """Bytes of the frame as it was last written; cheaper than asking for the frame."""
        return len(self._frame)

    @property
    def layers(self) -> Layers:
        """Where the layers of `frame` are."""
        if self.flow[_HEADER_SLOTS] != self._seen:
            assert self.frame
        return self._layers

    def copy(self) -> Packet:
        """A packet that goes its own way from here."""
        other = Packet.__new__(Packet)
        other._frame, other._layers, other._seen = self._frame, self._layers, self._seen
        other.flow, other.vlan_limit = self.flow.copy(), self.vlan_limit
        return other

    def push_vlan(self, tpid: int = ETH_VLAN) -> None:
        """Add an outermost tag of zeros."""
        frame = self.frame
        if len(frame) >= 14:
            self.frame = frame[:12] + tpid.to_bytes(2, "big") + b"\0\0" + frame[12:]

    def pop_vlan(self) -> None:
        """Take the outermost tag off, if any."""
        frame = self.frame
        if self.flow[slot.VLAN_TCI]:
            self.frame = frame[:12] + frame[16:]

    def push_mpls(self, eth_type: int) -> None:
        """Add a label below the Ethernet header and its tags; its numbers are those of what was there (RFC 3032, RFC 3443)."""
        frame, flow = self.frame, self.flow
        at = self._layers.l3
        if at < 14:
            return
        if flow[slot.ETH_TYPE] in MPLS_TYPES:
            entry = flow[slot.MPLS_LSE] & ~BOTTOM
        else:
            label = EXPLICIT_NULL_6 if flow[slot.ETH_TYPE] == ETH_IPV6 else 0
            entry = label << 12 | (flow[slot.NW_TOS] >> 2 & 7) << 9 | BOTTOM | (flow[slot.NW_TTL] or DEFAULT_TTL)
        self.frame = frame[: at - 2] + eth_type.to_bytes(2, "big") + entry.to_bytes(4, "big") + frame[at:]

    def pop_mpls(self, eth_type: int) -> None:
        """Take the outermost label off, if any; what is below is of this type."""
        frame, at = self.frame, self._layers.l3
        if self.flow[slot.ETH_TYPE] in MPLS_TYPES and len(frame) >= at + 4:
            self.frame = frame[: at - 2] + eth_type.to_bytes(2, "big") + frame[at + 4 :]

    def _parse(self) -> None:
        """Read the header fields from the frame again."""
        self.flow[_HEADER_SLOTS] = _NO_HEADERS
        self._layers = dissect(self._frame, self.flow, self.vlan_limit)
        self._seen = self.flow[_HEADER_SLOTS]


_NO_HEADERS = [0] * (slot.REG0 - slot.ETH_SRC)
