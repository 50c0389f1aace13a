"""Byte streams that never block: connections made, connections accepted, and what waits to be written.

A stream reads only while its user wants it to and keeps what the peer has not taken yet, so a slow peer costs its own backlog
and nobody else anything.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from ipaddress import ip_address
from typing import Protocol

from pyovn.coverage import counter
from pyovn.runtime.loop import Loop
from pyovn.runtime.remote import Remote, RemoteError, format_address
from pyovn.runtime.tape import Player
from pyovn.runtime.tls import Tls
from pyovn.runtime.unixsocket import bind_unix, connect_unix

log = logging.getLogger("socket_util")
tls_log = logging.getLogger("stream_ssl")

STREAMS, LISTENERS, ACCEPTED = counter("stream_open"), counter("pstream_open"), counter("stream_accept")

READ_SIZE = 256 * 1024
BACKLOG_LIMIT = 1024 * 1024
"""Bytes that may wait for a peer before it counts as slow."""

WRITE_PARTS = 64
ACCEPT_BATCH = 64
LISTEN_BACKLOG = 1024
WORD_OF_NO_TLS = os.strerror(errno.ENOPROTOOPT)


class StreamUser(Protocol):
    """Who is told what happens on a stream; never called from inside `Stream.send`."""

    def opened(self, stream: Stream) -> None:
        """The connection stands."""

    def arrived(self, stream: Stream, data: bytes) -> None:
        """`data`, never empty, came in."""

    def closed(self, stream: Stream, reason: str) -> None:
        """The connection is gone; `reason` is "" when the peer just closed it."""


class Stream:
    """One connection, perhaps still being made; `backlog` is how many bytes wait to be written."""

    def __init__(self, loop: Loop, sock: socket.socket | None, name: str, user: StreamUser | None = None) -> None:
        self.name = name
        self.user = user
        self.backlog = 0
        self.open = False
        self._loop = loop
        self._sock = sock
        self._queue: deque[memoryview] = deque()
        self._reading = True
        self._writing = False
        """Whether the loop says when the peer takes more."""
        self.on_handshake: Callable[[ssl.SSLSocket], str] | None = None
        """Asked when TLS's handshake is over; anything but "" ends the connection."""
        self.certified_name = ""
        """The common name on the certificate that the peer has shown and that was verified, "" without one."""
        self._recorder = loop.recorder
        self._number = loop.recorder.number() if loop.recorder is not None else loop.player.add(self) if loop.player is not None else 0

    def _name_shown(self) -> str:
        shown = self._sock.getpeercert() if isinstance(self._sock, ssl.SSLSocket) else None
        fields = (shown or {}).get("subject", ())
        return next((str(pair[1]) for part in fields for pair in part if pair[0] == "commonName"), "")

    def send(self, data: bytes) -> None:
        """Queue `data`; it leaves at the next `flush`, the rest when the peer takes it."""
        if self._sock is not None and data:
            self._queue.append(memoryview(data))
            self.backlog += len(data)

    def flush(self) -> None:
        """Write what the kernel takes now."""
        if self._loop.player is not None:
            self._play_loss(self._loop.player)
        if not self.open or self._sock is None:
            return
        try:
            while self._queue and self._write_some(self._sock):
                pass
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            pass
        except OSError as error:
            self._fail(error)
            return
        if self._writing != bool(self._queue):
            self._writing = bool(self._queue)
            self._loop.watch_write(self._sock.fileno(), self.flush if self._writing else None)

    def is_slow(self, *, was_slow: bool) -> bool:
        """Whether what waits is too much: from the limit on until everything has left."""
        if self._loop.player is not None:
            slow = was_slow is not bool(self._loop.player.happened("slow", self._number))
            self.backlog = int(slow)
            return slow
        slow = self.backlog > (0 if was_slow else BACKLOG_LIMIT)
        if slow is not was_slow and self._recorder is not None:
            self._recorder.write("slow", self._number, self._recorder.now)
        return slow

    def want_reading(self, wanted: bool) -> None:
        """Stop or resume reading: what the peer sends meanwhile stays with the peer."""
        if wanted != self._reading:
            self._reading = wanted
            if self.open and self._sock is not None:
                self._loop.watch_read(self._sock.fileno(), self._read if wanted else None)

    def close(self) -> None:
        """Write what can be written at once and close; the user hears nothing of it."""
        self.user = None
        self.flush()
        self._drop()

    def begin(self) -> None:
        """Serve a connection that stands, after TLS's handshake if it has one; the user is told when."""
        if isinstance(self._sock, ssl.SSLSocket):
            self._handshake()
        elif self._sock is not None:
            self._announce()

    def fail(self, reason: str) -> None:
        """Give up, telling the user why."""
        user, self.user = self.user, None
        self._drop()
        if user is not None:
            if self._recorder is not None:
                self._recorder.write("closed", self._number, self._recorder.now, reason)
            user.closed(self, reason)

    def now_open(self, certified_name: str) -> None:
        """The connection stands; tell the user."""
        self.open = True
        self.certified_name = certified_name
        if self._recorder is not None:
            self._recorder.write("opened", self._number, self._recorder.now, certified_name)
        if self.user is not None:
            self.user.opened(self)

    def hear(self, data: bytes) -> None:
        """Bytes have come; tell the user."""
        if self.user is not None:
            if self._recorder is not None:
                self._recorder.write("data", self._number, self._recorder.now, data=data)
            self.user.arrived(self, data)

    def _play_loss(self, player: Player) -> None:
        """A stream that is played is lost here if the recorded one was lost when it was written to."""
        words = player.happened("closed", self._number)
        if words is not None:
            self.fail(words[-1])

    def connect_with(self, sock: socket.socket) -> None:
        """Wait for the connect under way on `sock`."""
        self._sock = sock
        self._loop.watch_write(sock.fileno(), self._connected)

    def _connected(self) -> None:
        assert self._sock is not None
        number = self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self.fail(os.strerror(number))
        else:
            self.begin()

    def _announce(self) -> None:
        assert self._sock is not None
        self._loop.watch_write(self._sock.fileno(), None)
        self._loop.watch_read(self._sock.fileno(), self._read if self._reading else None)
        self.now_open(self._name_shown())

    def _handshake(self) -> None:
        assert isinstance(self._sock, ssl.SSLSocket)
        fd = self._sock.fileno()
        try:
            self._sock.do_handshake()
        except ssl.SSLWantReadError:
            self._loop.watch_write(fd, None)
            self._loop.watch_read(fd, self._handshake)
        except ssl.SSLWantWriteError:
            self._loop.watch_read(fd, None)
            self._loop.watch_write(fd, self._handshake)
        except OSError as error:
            tls_log.warning("SSL_%s: %s", "accept" if self._sock.server_side else "connect", error)
            self._fail(error)
        else:
            self._shake_on()

    def _shake_on(self) -> None:
        assert isinstance(self._sock, ssl.SSLSocket)
        refusal = "" if self.on_handshake is None else self.on_handshake(self._sock)
        if refusal:
            self.fail(refusal)
        else:
            self._announce()

    def _read(self) -> None:
        assert self._sock is not None
        try:
            data = self._sock.recv(READ_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            self._fail(error)
            return
        if not data:
            self.fail("")
        else:
            self.hear(data)
            self._read_decrypted()

    def _read_decrypted(self) -> None:
        """TLS may hold decrypted bytes that the kernel no longer tells of."""
        while isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() and self.user is not None:
            self.hear(self._sock.recv(READ_SIZE))

    def _write_some(self, sock: socket.socket) -> int:
        if len(self._queue) == 1 or isinstance(sock, ssl.SSLSocket):
            written = sock.send(self._queue[0])
        else:
            parts = [self._queue[i] for i in range(min(WRITE_PARTS, len(self._queue)))]
            written = sock.sendmsg(parts)
        self.backlog -= written
        rest = written
        while rest:
            head = self._queue[0]
            if rest < len(head):
                self._queue[0] = head[rest:]
                break
            rest -= len(head)
            self._queue.popleft()
        return written

    def _fail(self, error: OSError) -> None:
        self.fail(_reason(error))

    def _drop(self) -> None:
        self.open = False
        self._queue.clear()
        self.backlog = 0
        if self._sock is not None:
            self._loop.forget(self._sock.fileno())
            self._sock.close()
            self._sock = None


class Listener:
    """Something to connect to; every connection is given to `accept` as a stream that does nothing before `begin`."""

    def __init__(self, loop: Loop, sock: socket.socket | None, name: str, accept: Callable[[Stream], object]) -> None:
        self.name = name
        self.tls: Tls | None = None
        self.port = 0
        """The TCP port listened on (0 for a unix socket)."""
        self._loop = loop
        self._sock = sock
        self._accept = accept
        self._file = name.removeprefix("punix:") if name.startswith("punix:") else ""
        self._count = 0
        self._number = 0
        if sock is not None:
            self.port = 0 if self._file else int(sock.getsockname()[1])
            loop.watch_read(sock.fileno(), self._on_readable)
        if loop.recorder is not None:
            self._number = loop.recorder.listening(self.port)
        elif loop.player is not None:
            self.port = loop.player.listening(lambda name: accept(Stream(loop, None, name)))

    def close(self) -> None:
        """Stop listening and remove the socket's file."""
        if self._sock is None:
            return
        self._loop.forget(self._sock.fileno())
        self._sock.close()
        if self._file:
            remove_file(self._file)

    def _on_readable(self) -> None:
        assert self._sock is not None
        for _ in range(ACCEPT_BATCH):
            try:
                sock, address = self._sock.accept()
            except OSError:
                return
            sock.setblocking(False)
            self._count += 1
            if self._file:
                name = f"unix#{self._count}"
            else:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                name = f"{'ssl' if self.tls else 'tcp'}:{format_address(address[0], address[1])}"
            if self.tls is not None:
                context = self.tls.server()
                if context is None:
                    tls_log.warning("%s: rejecting a connection before there is an identity to show", name)
                    sock.close()
                    continue
                sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            ACCEPTED.count += 1
            if self._loop.recorder is not None:
                self._loop.recorder.write("accepted", self._number, self._loop.recorder.now, name)
            self._accept(Stream(self._loop, sock, name))


def open_stream(loop: Loop, remote: Remote, name: str, user: StreamUser, *, tls: Tls | None = None) -> Stream:
    """Begin to connect to `remote`; `RemoteError` when it fails at once, otherwise `user` hears how it went."""
    stream = Stream(loop, None, name, user)
    if tls is not None and remote.scheme == "ssl" and tls.bootstrapping:
        # The connection that an authority is learned by proves nothing: the next one, checked by it, does.
        stream.on_handshake = lambda sock: tls.learn(sock) or "the certificate of the authority was kept; connecting anew"
    STREAMS.count += 1
    if loop.player is not None:
        loop.player.asked("dial", RemoteError)
        return stream
    with loop.recorder.asking("dial", RemoteError) if loop.recorder is not None else contextlib.nullcontext():
        if remote.scheme == "unix" or _is_numeric(remote.host):
            stream.connect_with(_dial(remote, tls))
        else:
            _dial_by_name(loop, remote, stream, tls)
    return stream


def listen(loop: Loop, remote: Remote, accept: Callable[[Stream], object], *, tls: Tls | None = None) -> Listener:
    """Listen on `remote`; `RemoteError` when that cannot be."""
    name = f"punix:{remote.file}" if remote.file else f"{remote.scheme}:{remote.port}" + (f":{remote.host}" if remote.host else "")
    LISTENERS.count += 1
    if loop.player is not None:
        loop.player.asked("listen", RemoteError)
        return Listener(loop, None, name, accept)
    with loop.recorder.asking("listen", RemoteError) if loop.recorder is not None else contextlib.nullcontext():
        sock = _listening_socket(remote)
    listener = Listener(loop, sock, name, accept)
    # A process with an identity also listens on sockets without TLS; one without refuses whoever comes until it has one.
    listener.tls = (tls or Tls()) if remote.scheme == "pssl" else None
    if not remote.port and listener.port:
        log.info("%d:%s: listening on port %d", remote.port, remote.host, listener.port)
    return listener


def _listening_socket(remote: Remote) -> socket.socket:
    if remote.scheme == "punix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        _at_once(sock, lambda: bind_unix(sock, remote.file))
    else:
        version6 = ":" in remote.host
        sock = socket.socket(socket.AF_INET6 if version6 else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _at_once(sock, lambda: sock.bind((remote.host, remote.port)))
    _at_once(sock, lambda: sock.listen(LISTEN_BACKLOG))
    return sock


def remove_file(name: str) -> None:
    """Remove a file if it is there."""
    with contextlib.suppress(OSError):
        os.unlink(name)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _dial(remote: Remote, tls: Tls | None, name: str = "") -> socket.socket:
    """A socket that is connected or about to be."""
    if remote.scheme == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        _at_once(sock, lambda: connect_unix(sock, remote.file))
        return sock
    context = tls.client() if tls is not None and remote.scheme == "ssl" else None
    if remote.scheme == "ssl" and context is None:
        raise RemoteError(WORD_OF_NO_TLS)
    sock = socket.socket(socket.AF_INET6 if ":" in remote.host else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _at_once(sock, lambda: sock.connect((remote.host, remote.port)))
    if context is None or tls is None:
        return sock
    try:
        return context.wrap_socket(sock, do_handshake_on_connect=False, server_hostname=tls.server_name(name or remote.host))
    except OSError as error:
        # A server nearby that is not there refuses before the socket is wrapped.
        raise RemoteError(_reason(error)) from None


def _dial_by_name(loop: Loop, remote: Remote, stream: Stream, tls: Tls | None) -> None:
    """Look a host's name up in a thread, since the system's resolver waits, then connect to its first address."""

    def resolved(address: str, problem: str) -> None:
        if stream.user is None:
            return
        try:
            if problem:
                raise RemoteError(problem)
            stream.connect_with(_dial(Remote(remote.scheme, host=address, port=remote.port), tls, remote.host))
        except RemoteError as error:
            stream.fail(str(error))

    def resolve() -> None:
        try:
            address, problem = str(socket.getaddrinfo(remote.host, remote.port, type=socket.SOCK_STREAM)[0][4][0]), ""
        except OSError as error:
            address, problem = "", _reason(error)
        loop.post(lambda: resolved(address, problem))

    threading.Thread(target=resolve, daemon=True).start()


def _at_once(sock: socket.socket, attempt: Callable[[], None]) -> None:
    """Do `attempt`; close the socket and raise `RemoteError` unless it worked or is under way."""
    try:
        attempt()
    except OSError as error:
        if error.errno != errno.EINPROGRESS:
            sock.close()
            raise RemoteError(_reason(error)) from None


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno and not isinstance(error, (ssl.SSLError, socket.gaierror)) else str(error)
