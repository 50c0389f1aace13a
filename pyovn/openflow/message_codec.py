"""Messages to bytes and back, for OpenFlow 1.0 with Nicira's extensions, 1.3, 1.4 and 1.5."""

from __future__ import annotations

from pyovn.openflow import (
    action_codec,
    bundle_codec,
    flow_codec,
    group_codec,
    meter_codec,
    packet_codec,
    port_codec,
    session_codec,
    table_codec,
)
from pyovn.openflow.message_registry import VERSIONS, decode, encode
from pyovn.openflow.nicira import flush, session

FAMILIES = (
    action_codec, session_codec, flow_codec, packet_codec, group_codec, meter_codec, bundle_codec, port_codec, table_codec, session, flush,
)  # fmt: skip
"""The modules whose messages are known."""

__all__ = ["FAMILIES", "VERSIONS", "decode", "encode"]
