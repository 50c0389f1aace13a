"""A JSON-RPC client for command lines: one connection, one call at a time.

Rule: it imports next to nothing (the C half of `socket`, not the half that is written in Python), for it is most of a short command's life.
"""

from __future__ import annotations

import os
from _socket import AF_UNIX, SOCK_STREAM, gaierror, socket

from pyovn.cli.json_values import text_of, value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pyovn.runtime.taped_socket import Taped

    Secure = Callable[[socket, str], socket]
    """What makes a socket that is connected to a host one that speaks TLS."""

CHUNK = 256 * 1024
QUIET_S = 0.005
_ENDS = (b"}", b"\n")


class ConnectError(Exception):
    """No connection, or no longer one; the text is the reason, as the parentheses of `database connection failed (…)` hold it."""

    def __init__(self, text: str, log: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(text)
        self.log = log
        """What the log should say of it: module, level, text."""


class CallError(Exception):
    """The server answered with an error; `error` is its JSON value."""

    def __init__(self, error: object) -> None:
        super().__init__(error)
        self.error = error


class BlockingClient:
    """A connection to a database server (or any JSON-RPC peer); `notifications` holds what came unasked, oldest first."""

    def __init__(self, sock: socket | Taped) -> None:
        self.notifications: list[tuple[str, object]] = []
        self._sock = sock
        self._text = b""
        self._next_id = 0

    def call(self, method: str, params: object, timeout_s: float | None = None) -> object:
        """Ask and wait for the answer; `CallError` if it is an error, `ConnectError` if none can come."""
        return self.answer(self.ask(method, params), timeout_s)

    def ask(self, method: str, params: object) -> int:
        """Send a request; the number that `answer` wants."""
        self._next_id += 1
        self._send({"id": self._next_id - 1, "method": method, "params": params})
        return self._next_id - 1

    def answer(self, ident: int, timeout_s: float | None = None) -> object:
        """Wait for the answer to a request; see `call`."""
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
        try:
            message = self._receive()
        except TimeoutError:
            return
        self._take_unasked(message)

    def take(self) -> list[tuple[str, object]]:
        """What has come unasked by now."""
        while True:
            known = len(self.notifications)
            self._sock.settimeout(1e-6)
            try:
                message = self._receive()
            except TimeoutError:
                break
            self._take_unasked(message)
            if len(self.notifications) == known and not self._text:
                break
        taken, self.notifications = self.notifications, []
        return taken

    def fileno(self) -> int:
        """The descriptor that can be read when something comes."""
        return self._sock.fileno()

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
            self._sock.sendall(text_of(message).encode(errors="surrogateescape"))
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
            message, end = value_at(text)
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


def connect(remote: str, *, default_port: int = 6640, secure: Secure | None = None) -> BlockingClient:
    """Connect to the first that answers of comma-separated `unix:FILE`, `tcp:HOST:PORT` and, given `secure`, `ssl:HOST:PORT`.

    `punix:FILE` and `ptcp:PORT[:HOST]` wait for the server to connect. `ConnectError` has the last one's reason.
    """
    return BlockingClient(dial(remote, default_port=default_port, secure=secure))


def dial(remote: str, *, default_port: int, secure: Secure | None = None) -> socket:
    """The stream to the first that answers; see `connect`."""
    reason = os.strerror(97)
    for part in remote.split(","):
        try:
            return _dial(part, default_port, secure)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and not isinstance(error, gaierror) else error.strerror or str(error)
        except ValueError:
            reason = os.strerror(97)
    raise ConnectError(reason)


def _dial(remote: str, default_port: int, secure: Secure | None) -> socket:
    scheme, _, rest = remote.partition(":")
    if scheme in ("punix", "ptcp") and rest:
        return _accept(scheme, rest)
    if scheme == "unix" and rest:
        sock = socket(AF_UNIX, SOCK_STREAM)
        _connect_unix(sock, rest)
        return sock
    if not rest or not (scheme == "tcp" or (scheme == "ssl" and secure)):
        raise ValueError(remote)
    host, _, port = rest[1:].partition("]") if rest.startswith("[") else rest.partition(":")
    number = int(port.removeprefix(":") or default_port)
    if number > 65535:
        raise ValueError(remote)
    return secure(_dial_tcp(host, number), host) if scheme == "ssl" and secure else _dial_tcp(host, number)


def _accept(scheme: str, place: str) -> socket:
    """The first connection that comes in at a file, or at PORT[:HOST]."""
    from socket import create_server
    from socket import socket as full_socket

    if scheme == "punix":
        listener = full_socket(AF_UNIX, SOCK_STREAM)
        listener.bind(place)
        listener.listen(1)
    else:
        port, _, host = place.partition(":")
        listener = create_server((host, int(port)))
    try:
        return listener.accept()[0]
    finally:
        listener.close()
        if scheme == "punix":
            os.unlink(place)


def _dial_tcp(host: str, port: int) -> socket:
    from socket import IPPROTO_TCP, TCP_NODELAY, create_connection

    sock = create_connection((host, port))
    sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return sock


def _connect_unix(sock: socket, file: str) -> None:
    """A name longer than the kernel takes is reached through its open folder."""
    if len(os.fsencode(file)) <= 107:
        sock.connect(file)
        return
    folder = os.open(os.path.dirname(file), os.O_PATH | os.O_DIRECTORY)
    try:
        sock.connect(f"/proc/self/fd/{folder}/{os.path.basename(file)}")
    finally:
        os.close(folder)
