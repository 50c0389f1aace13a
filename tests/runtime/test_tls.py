"""TLS: contexts from options, and streams over them."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pyovn.runtime.loop import Loop
from pyovn.runtime.remote import Remote, RemoteError
from pyovn.runtime.stream import Stream, listen, open_stream
from pyovn.runtime.tls import EVERY_VERSION, Tls, TlsSettings, protocol_range
from tests.runtime.test_stream import Ear

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")




def certify(folder: Path, name: str) -> TlsSettings:
    """A key and its certificate, which is its own authority."""
    subject = ["-subj", f"/CN={name}", "-days", "2", "-keyout", f"{name}-key.pem", "-out", f"{name}.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], cwd=folder, check=True, capture_output=True)
    key, certificate = str(folder / f"{name}-key.pem"), str(folder / f"{name}.pem")
    return TlsSettings(private_key=key, certificate=certificate, ca_cert=certificate)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture(scope="module")
def identity(folder: Path) -> TlsSettings:
    return certify(folder, "test")


@pytest.fixture(scope="module")
def stranger(folder: Path) -> TlsSettings:
    return certify(folder, "stranger")


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def connect(loop: Loop, server: Tls, client: Tls) -> tuple[Ear, Ear, Stream]:
    """The ears of both ends, and the stream of the one that connects."""
    near, far = Ear(), Ear()

    def accept(stream: Stream) -> None:
        stream.user = far
        stream.begin()

    listener = listen(loop, Remote("pssl", host="127.0.0.1", port=0), accept, tls=server)
    stream = open_stream(loop, Remote("ssl", host="127.0.0.1", port=listener.port), "x", near, tls=client)
    loop.run(until=lambda: (near.up and far.up) or near.reason is not None or far.reason is not None, timeout_s=5)
    listener.close()
    return near, far, stream


def meets(loop: Loop, server: Tls, client: Tls) -> bool:
    """Whether both ends come to trust each other."""
    near, far, _ = connect(loop, server, client)
    loop.run(until=lambda: near.reason is not None or far.reason is not None, timeout_s=0.05)
    return near.up and far.up and near.reason is None and far.reason is None


def test_bytes_cross(loop: Loop, identity: TlsSettings) -> None:
    near, far, stream = connect(loop, Tls(identity), Tls(identity))
    assert near.up
    stream.send(b"x" * 1_000_000)
    stream.flush()
    assert loop.run(until=lambda: len(far.data) == 1_000_000, timeout_s=5)


def test_a_stranger_is_refused(loop: Loop, identity: TlsSettings, stranger: TlsSettings) -> None:
    near, far, _ = connect(loop, Tls(identity), Tls(replace(stranger, ca_cert="none")))
    loop.run(until=lambda: far.reason is not None, timeout_s=5)
    assert far.reason and not far.up
    assert near.data == b""


INCOMPLETE: list[dict[str, str]] = [
    {"private_key": ""}, {"certificate": ""}, {"ca_cert": ""}, {"private_key": "/no"}, {"ca_cert": "/no"}, {"private_key": "db:x,y,z"},
]


@pytest.mark.parametrize("without", INCOMPLETE, ids=str)
def test_what_cannot_be_used_is_no_identity(identity: TlsSettings, without: dict[str, str]) -> None:
    tls = Tls(replace(identity, **without))
    assert tls.client() is None
    assert tls.server() is None


def test_without_an_identity_whoever_comes_is_refused(loop: Loop, identity: TlsSettings) -> None:
    assert not meets(loop, Tls(), Tls(identity))


def test_only_pssl_speaks_tls(loop: Loop, identity: TlsSettings) -> None:
    for remote, speaks in ((Remote("ptcp", host="127.0.0.1", port=0), False), (Remote("pssl", host="127.0.0.1", port=0), True)):
        listener = listen(loop, remote, lambda stream: None, tls=Tls(identity))
        assert (listener.tls is not None) is speaks
        listener.close()


def test_files_that_change_are_read_again(loop: Loop, tmp_path: Path, identity: TlsSettings, stranger: TlsSettings) -> None:
    for name in ("private_key", "certificate", "ca_cert"):
        shutil.copy(getattr(identity, name), tmp_path / name)
    server = Tls(TlsSettings(**{name: str(tmp_path / name) for name in ("private_key", "certificate", "ca_cert")}))
    assert meets(loop, server, Tls(identity))
    for name in ("private_key", "certificate", "ca_cert"):
        shutil.copy(getattr(stranger, name), tmp_path / "new")
        os.replace(tmp_path / "new", tmp_path / name)
    assert meets(loop, server, Tls(stranger))
    assert not meets(loop, server, Tls(identity))
    (tmp_path / "certificate").write_text("nonsense")
    assert meets(loop, server, Tls(stranger)), "what cannot be read leaves what was there"


def test_the_first_server_met_is_trusted_from_then_on(loop: Loop, tmp_path: Path, identity: TlsSettings, stranger: TlsSettings) -> None:
    learned = tmp_path / "learned.pem"
    client = Tls(replace(identity, ca_cert="", bootstrap_ca_cert=str(learned)))
    assert client.bootstrapping and client.server() is None
    near, _, _ = connect(loop, Tls(identity), client)
    assert not near.up and "kept" in str(near.reason)
    assert learned.read_text().strip() == Path(identity.certificate).read_text().strip()
    assert meets(loop, Tls(identity), client)
    assert not meets(loop, Tls(replace(stranger, ca_cert="none")), client)


ALLOWED: list[tuple[dict[str, str], dict[str, str], bool]] = [
    ({"ssl_protocols": "TLSv1.3"}, {"ssl_protocols": "TLSv1.2"}, False),
    ({"ssl_protocols": "TLSv1.3"}, {"ssl_protocols": "TLSv1.2-TLSv1.3"}, True),
    ({"ssl_protocols": "TLSv1.1"}, {}, True),
    (
        {"ssl_ciphersuites": "TLS_CHACHA20_POLY1305_SHA256"},
        {"ssl_protocols": "TLSv1.3", "ssl_ciphersuites": "TLS_AES_256_GCM_SHA384"}, False,
    ),
    ({"ssl_ciphers": "ECDHE-RSA-AES128-GCM-SHA256"}, {"ssl_ciphers": "ECDHE-RSA-AES256-GCM-SHA384", "ssl_protocols": "TLSv1.2"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("server", "client", "met"), ALLOWED)
def test_versions_and_ciphers(loop: Loop, identity: TlsSettings, server: dict[str, str], client: dict[str, str], met: bool) -> None:
    assert meets(loop, Tls(replace(identity, **server)), Tls(replace(identity, **client))) is met


V2, V3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
LATER = EVERY_VERSION[1]
RANGES: list[tuple[str, Any]] = [
    ("TLSv1.2,TLSv1.3", (V2, V3)), ("TLSv1.3 TLSv1.2", (V2, V3)), ("TLSv1.3-TLSv1.2", (V2, V3)), ("TLSv1.3", (V3, V3)),
    ("TLSv1.3+", (V3, LATER)), ("TLSv1.2-TLSv1.3,TLSv1.3+", None), ("TLSv1.2+TLSv1.3", None), ("TLSv1+", None), ("SSLv3", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "versions"), RANGES)
def test_ranges_of_versions(text: str, versions: Any) -> None:
    if versions is None:
        with pytest.raises(ValueError, match="protocol not recognized"):
            protocol_range(text)
    else:
        assert protocol_range(text) == versions


def test_a_server_is_asked_for_by_name(loop: Loop, identity: TlsSettings) -> None:
    asked = []
    server = Tls(identity)
    context = server.server()
    assert context is not None
    context.sni_callback = lambda sock, name, made: asked.append(name)
    assert meets(loop, server, Tls(replace(identity, ssl_server_name="central.example")))
    assert meets(loop, server, Tls(identity))
    assert asked == ["central.example", None]


def test_nobody_there(loop: Loop, identity: TlsSettings) -> None:
    listener = listen(loop, Remote("pssl", host="127.0.0.1", port=0), lambda stream: None, tls=Tls(identity))
    port = listener.port
    listener.close()
    with pytest.raises(RemoteError, match="Connection refused"):
        open_stream(loop, Remote("ssl", host="127.0.0.1", port=port), "x", Ear(), tls=Tls(identity))
