"""A JSON-RPC client for command lines: one connection, one call at a time, and almost nothing to import."""

from __future__ import annotations

import contextlib
import json
import os
import socket

CHUNK = 256 * 1024
QUIET_S = 0.005
_ENDS = (b"}", b"\n")


class ConnectError(Exception):
    """No connection, or no longer one; the text is the reason, as the parentheses of `database connection failed (…)` hold it."""


class CallError(Exception):
    """The server answered with an error; `error` is its JSON value."""

    def __init__(self, error: object) -> None:
        super().__init__(error)
        self.error = error


class BlockingClient:
    """A connection to a database server (or any JSON-RPC peer); `notifications` holds what came unasked, oldest first."""

    def __init__(self, sock: socket.socket) -> None:
        self.notifications: list[tuple[str, object]] = []
        self._sock = sock
        self._text = b""
        self._next_id = 0

    def call(self, method: str, params: object, timeout_s: float | None = None) -> object:
        """Ask and wait for the answer; `CallError` if it is an error, `ConnectError` if none can come."""
        ident = self._next_id
        self._next_id += 1
        self._send({"id": ident, "method": method, "params": params})
        self._sock.settimeout(timeout_s)
        while True:
            message = self._receive()
            if "method" not in message and message.get("id") == ident:
                if message.get("error") is not None:
                    raise CallError(message["error"])
                return message.get("result")
            self._take_unasked(message)

    def wait(self, seconds: float) -> None:
        """Return when the server has said something, or after `seconds`."""
        if self.notifications:
            return
        self._sock.settimeout(max(seconds, 0.0) or 1e-6)
        with contextlib.suppress(TimeoutError):
            self._take_unasked(self._receive())

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _take_unasked(self, message: dict[str, object]) -> None:
        if message.get("method") == "echo":
            self._send({"id": message.get("id"), "result": message.get("params"), "error": None})
        elif "method" in message:
            self.notifications.append((str(message["method"]), message.get("params")))

    def _send(self, message: object) -> None:
        try:
            self._sock.settimeout(None)
            self._sock.sendall(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())
        except OSError as error:
            raise ConnectError(os.strerror(error.errno or 0)) from None

    def _receive(self) -> dict[str, object]:
        """The next message. Each try to read one looks at all that came, so a long one is tried only when it has doubled or paused."""
        tried = 0
        while True:
            if self._text.endswith(_ENDS) and (len(self._text) >= 2 * tried or self._is_quiet()):
                message = self._parse()
                if message is not None:
                    return message
                tried = len(self._text)
            self._text += self._recv()

    def _is_quiet(self) -> bool:
        """Whether nothing more comes for a moment."""
        timeout = self._sock.gettimeout()
        self._sock.settimeout(QUIET_S)
        try:
            self._text += self._recv()
        except TimeoutError:
            return True
        finally:
            self._sock.settimeout(timeout)
        return False

    def _parse(self) -> dict[str, object] | None:
        try:
            text = self._text.decode().lstrip()
            message, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return None
        self._text = text[end:].lstrip().encode()
        if not isinstance(message, dict):
            raise ConnectError("Protocol error")
        return message

    def _recv(self) -> bytes:
        try:
            data = self._sock.recv(CHUNK)
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectError(os.strerror(error.errno or 0)) from None
        if not data:
            raise ConnectError("End of file")
        return data


def end_after(seconds: int) -> None:
    """Have this process ended by SIGALRM after so many seconds, as the reference's programs are."""
    import signal

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)


def connect(remote: str, *, default_port: int = 6640) -> BlockingClient:
    """Connect to the first that answers of comma-separated `unix:FILE` and `tcp:HOST:PORT`; `ConnectError` with the last one's reason."""
    reason = os.strerror(97)
    for part in remote.split(","):
        try:
            return BlockingClient(_dial(part, default_port))
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and not isinstance(error, socket.gaierror) else str(error)
        except ValueError:
            reason = os.strerror(97)
    raise ConnectError(reason)


def _dial(remote: str, default_port: int) -> socket.socket:
    scheme, _, rest = remote.partition(":")
    if scheme == "unix" and rest:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        _connect_unix(sock, rest)
        return sock
    if scheme != "tcp" or not rest:
        raise ValueError(remote)
    host, _, port = rest[1:].partition("]") if rest.startswith("[") else rest.partition(":")
    number = int(port.removeprefix(":") or default_port)
    if number > 65535:
        raise ValueError(remote)
    sock = socket.create_connection((host, number))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _connect_unix(sock: socket.socket, file: str) -> None:
    """A name longer than the kernel takes is reached through its open folder."""
    if len(os.fsencode(file)) <= 107:
        sock.connect(file)
        return
    folder = os.open(os.path.dirname(file), os.O_PATH | os.O_DIRECTORY)
    try:
        sock.connect(f"/proc/self/fd/{folder}/{os.path.basename(file)}")
    finally:
        os.close(folder)
