"""TLS: contexts from options, and streams over them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator

import pytest

from pyovn.runtime.loop import Loop
from pyovn.runtime.options import OptionError, Options
from pyovn.runtime.remote import Remote
from pyovn.runtime.stream import Stream, listen, open_stream
from pyovn.runtime.tls import tls_contexts
from tests.runtime.test_stream import Ear

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """A key, its certificate, which is its own authority."""
    folder = tmp_path_factory.mktemp("pki")
    subject = ["-subj", "/CN=test", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], cwd=folder, check=True, capture_output=True)
    files = {"private-key": "key.pem", "certificate": "cert.pem", "ca-cert": "cert.pem"}
    return Options({name: (str(folder / file),) for name, file in files.items()})


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def connect(loop: Loop, server: ssl.SSLContext | None, client: ssl.SSLContext | None) -> tuple[Ear, Ear, Stream]:
    """The ears of both ends, and the stream of the one that connects."""
    near, far = Ear(), Ear()

    def accept(stream: Stream) -> None:
        stream.user = far
        stream.begin()

    listener = listen(loop, Remote("pssl", host="127.0.0.1", port=0), accept, tls=server)
    stream = open_stream(loop, Remote("ssl", host="127.0.0.1", port=listener.port), "x", near, tls=client)
    loop.run(until=lambda: (near.up and far.up) or near.reason is not None or far.reason is not None, timeout_s=5)
    return near, far, stream


def test_bytes_cross(loop: Loop, identity: Options) -> None:
    client, server = tls_contexts(identity)
    near, far, stream = connect(loop, server, client)
    assert near.up
    stream.send(b"x" * 1_000_000)
    stream.flush()
    assert loop.run(until=lambda: len(far.data) == 1_000_000, timeout_s=5)


def test_a_stranger_is_refused(loop: Loop, identity: Options) -> None:
    _, server = tls_contexts(identity)
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    stranger.check_hostname = False
    stranger.verify_mode = ssl.CERT_NONE
    near, far, _ = connect(loop, server, stranger)
    loop.run(until=lambda: far.reason is not None, timeout_s=5)
    assert far.reason and not far.up
    assert near.data == b""


def test_without_a_key_there_is_no_tls() -> None:
    assert tls_contexts(Options({})) == (None, None)


def test_files_that_are_not_there_are_refused() -> None:
    with pytest.raises(OptionError, match="No such file or directory"):
        tls_contexts(Options({"private-key": ("/no",), "certificate": ("/no",)}))


def test_only_pssl_speaks_tls(loop: Loop, identity: Options) -> None:
    _, server = tls_contexts(identity)
    for remote, speaks in ((Remote("ptcp", host="127.0.0.1", port=0), False), (Remote("pssl", host="127.0.0.1", port=0), True)):
        listener = listen(loop, remote, lambda stream: None, tls=server)
        assert (listener.tls is not None) is speaks
        listener.close()
