"""A client that asks a switch for its rules: one OpenFlow 1.5 session, one question at a time, for command lines."""

from __future__ import annotations

from collections.abc import Mapping

from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.flow_text import format_flow_stats
from pyovn.openflow.message import EchoReply, EchoRequest, Error, FlowStatsReply, FlowStatsRequest, Hello, Message
from pyovn.openflow.message_codec import decode, encode
from pyovn.openflow.statistics import FlowStats
from pyovn.runtime.blocking import ConnectError, dial

VERSION = 6
PORT = 6653
HEADER = 8
CHUNK = 1 << 16
WHOLE = (1 << 64) - 1


class OpenFlowClient:
    """A session with a switch. `ConnectError` says why there is none, or no longer."""

    def __init__(self, remote: str, tls: Mapping[str, str] | None = None) -> None:
        secure = None
        if remote.startswith("ssl:"):
            from pyovn.runtime.ctl_tls import secure_with

            secure = secure_with(dict(tls or {}))
        self._socket = dial(remote, default_port=PORT, secure=secure)
        self._bytes = bytearray()
        self._xid = 1
        self._say(Hello((VERSION,)), 0)

    def rules(self, cookie: int) -> list[str]:
        """The rules that come from one row, as `ovs-ofctl dump-flows` prints them."""
        return [format_flow_stats(flow) for flow in self.flows(cookie)]

    def flows(self, cookie: int) -> list[FlowStats]:
        """The rules that come from one row."""
        self._xid += 1
        self._say(FlowStatsRequest(cookie=cookie, cookie_mask=WHOLE), self._xid)
        found: list[FlowStats] = []
        while True:
            xid, message = self._hear()
            if xid != self._xid:
                continue
            if isinstance(message, Error):
                raise ConnectError(f"OpenFlow error of type {message.type}, code {message.code}")
            if isinstance(message, FlowStatsReply):
                found += message.flows
                if not message.more:
                    return found

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _say(self, message: Message, xid: int) -> None:
        try:
            self._socket.sendall(encode(message, VERSION, xid))
        except OSError as error:
            raise ConnectError(error.strerror or str(error)) from None

    def _hear(self) -> tuple[int, Message]:
        """The next message that is not the session's own affair."""
        while True:
            size = int.from_bytes(self._more(HEADER)[2:4], "big")
            data = bytes(self._more(max(size, HEADER))[:size])
            del self._bytes[:size]
            try:
                _, xid, message = decode(data)
            except OpenFlowError as error:
                raise ConnectError(str(error)) from None
            if not isinstance(message, EchoRequest):
                return xid, message
            self._say(EchoReply(message.data), xid)

    def _more(self, size: int) -> bytearray:
        """At least so many bytes of what has come and was not taken."""
        while len(self._bytes) < size:
            try:
                data = self._socket.recv(CHUNK)
            except OSError as error:
                raise ConnectError(error.strerror or str(error)) from None
            if not data:
                raise ConnectError("End of file")
            self._bytes += data
        return self._bytes
