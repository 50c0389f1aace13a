"""TLS identities: what the options `--private-key --certificate --ca-cert` and their like say, as contexts that follow their files.

Rule: a file is read again when it has changed, so a renewed certificate needs no restart; one that cannot be read leaves what was there.
"""

from __future__ import annotations

import contextlib
import logging
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

log = logging.getLogger("stream_ssl")

VERSIONS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
DER = 2
"""The encoding of a certificate in binary (ssl's private ENCODING_DER)."""

Range = tuple[ssl.TLSVersion, ssl.TLSVersion]
EVERY_VERSION: Range = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MAXIMUM_SUPPORTED)


class GivenOptions(Protocol):
    """A command line's options, as far as they are needed here."""

    def last(self, name: str, default: str) -> str:
        """The last argument given to `--name`."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """What the options say; "" where they say nothing. `ca_cert` may be "none": whoever comes is trusted."""

    private_key: str = ""
    certificate: str = ""
    ca_cert: str = ""
    bootstrap_ca_cert: str = ""
    peer_ca_cert: str = ""
    ssl_protocols: str = ""
    ssl_ciphers: str = ""
    ssl_ciphersuites: str = ""
    ssl_server_name: str = ""

    @property
    def authority(self) -> str:
        """The file of the certificates that peers must be signed by."""
        return self.ca_cert or self.bootstrap_ca_cert

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are read."""
        named = (self.private_key, self.certificate, self.authority, self.peer_ca_cert)
        return tuple(name for name in named if name and name != "none")


def settings_from(options: GivenOptions) -> TlsSettings:
    """The settings that a command line makes."""
    return TlsSettings(**{name: options.last(name.replace("_", "-"), "") for name in TlsSettings.__dataclass_fields__})


class Tls:
    """The TLS identity of a process; `settings` may be replaced while it runs."""

    def __init__(self, settings: TlsSettings | None = None) -> None:
        self.settings = settings or TlsSettings()
        self._contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None] = (None, None)
        self._made_of: object = None

    @property
    def bootstrapping(self) -> bool:
        """Whether the first server met is to be trusted and its authority kept (--bootstrap-ca-cert)."""
        settings = self.settings
        return bool(settings.bootstrap_ca_cert) and not settings.ca_cert and not os.path.exists(settings.bootstrap_ca_cert)

    def client(self) -> ssl.SSLContext | None:
        """What connections are made with; None without an identity."""
        return self._current()[0]

    def server(self) -> ssl.SSLContext | None:
        """What connections are accepted with; None without an identity."""
        return self._current()[1]

    def server_name(self, host: str) -> str | None:
        """What a server is asked for by name (SNI): `--ssl-server-name`, or the host."""
        return self.settings.ssl_server_name or host or None

    def learn(self, sock: ssl.SSLSocket) -> str:
        """Keep the authority of a server met for the first time, so that only it is trusted from now on; why not, or ""."""
        shown: Any = sock
        chain = shown._sslobj.get_unverified_chain()  # public as SSLSocket.get_unverified_chain from Python 3.13 on
        if not chain:
            return "the server shows no certificate"
        said = chain[-1].get_info()
        if said["subject"] != said["issuer"]:
            return "could not bootstrap CA cert: no self-signed certificate sent by peer"
        Path(self.settings.bootstrap_ca_cert).write_text(ssl.DER_cert_to_PEM_cert(chain[-1].public_bytes(DER)))
        log.info("successfully bootstrapped CA cert to %s", self.settings.bootstrap_ca_cert)
        return ""

    def _current(self) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
        made_of = (self.settings, tuple(_stamp(name) for name in self.settings.files))
        if made_of != self._made_of:
            self._made_of = made_of
            try:
                self._contexts = _contexts(self.settings, self.bootstrapping)
            except (OSError, ValueError) as error:
                log.error("%s: %s", ", ".join(self.settings.files), error)
        return self._contexts


def protocol_range(text: str) -> Range:
    """The versions that `--ssl-protocols` allows: a list, `A-B`, or `A+` for A and later; `ValueError` for anything else."""
    if text.endswith("+"):
        return _version(text[:-1], text), EVERY_VERSION[1]
    words = text.split("-") if text.count("-") == 1 else text.replace(",", " ").split()
    versions = [_version(word, text) for word in words]
    return (min(versions), max(versions)) if versions else EVERY_VERSION


def _version(word: str, text: str) -> ssl.TLSVersion:
    if word not in VERSIONS:
        raise ValueError(f"{text}: SSL/TLS protocol not recognized")
    return VERSIONS[word]


def _stamp(name: str) -> object:
    """What tells a file from what it was before."""
    try:
        status = os.stat(name)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _contexts(settings: TlsSettings, bootstrapping: bool) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    if not settings.private_key or not settings.certificate or not settings.authority:
        return None, None
    # While an authority has still to be learned from a server, nobody's certificate could be checked: nobody is let in.
    return _context(settings, ssl.PROTOCOL_TLS_CLIENT, not bootstrapping), (
        None if bootstrapping else _context(settings, ssl.PROTOCOL_TLS_SERVER, True)
    )


def _asked_for(_sock: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
    """Say in the log by which name a client asks for this server."""
    if name is not None:
        log.debug("connection indicated server name %s", name)


def _context(settings: TlsSettings, role: int, checked: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(role)
    context.check_hostname = False
    if role == ssl.PROTOCOL_TLS_SERVER:
        context.sni_callback = _asked_for
    context.verify_mode = ssl.CERT_REQUIRED if checked and settings.authority != "none" else ssl.CERT_NONE
    _allow(context, settings)
    with _chain(settings) as certificate:
        context.load_cert_chain(certificate, settings.private_key)
    if context.verify_mode is ssl.CERT_REQUIRED:
        context.load_verify_locations(settings.authority)
    return context


def _allow(context: ssl.SSLContext, settings: TlsSettings) -> None:
    """Set versions and ciphers; what is not understood is complained of, and leaves the defaults."""
    context.minimum_version, context.maximum_version = EVERY_VERSION
    try:
        if settings.ssl_protocols:
            least, most = context.minimum_version, context.maximum_version = protocol_range(settings.ssl_protocols)
            names = {version: name for name, version in VERSIONS.items()}
            log.debug("Enabled protocol range: %s%s", names[least], f" - {names[most]}" if most in names else " or later")
    except ValueError as error:
        log.error("%s", error)
    try:
        if settings.ssl_ciphers:
            context.set_ciphers(settings.ssl_ciphers)
        if settings.ssl_ciphersuites:
            set_ciphersuites(context, settings.ssl_ciphersuites)
    except ssl.SSLError as error:
        log.error("%s %s: %s", settings.ssl_ciphers, settings.ssl_ciphersuites, error.reason or error)


def set_ciphersuites(context: ssl.SSLContext, suites: str) -> None:
    """Choose the ciphers of TLS 1.3; `ssl.SSLError` if there are none such. Python offers this from 3.15 on."""
    own: Any = getattr(context, "set_ciphersuites", None)
    if own is not None:
        own(suites)
        return
    import _ssl
    import ctypes

    call = ctypes.CDLL(_ssl.__file__).SSL_CTX_set_ciphersuites
    call.argtypes, call.restype = (ctypes.c_void_p, ctypes.c_char_p), ctypes.c_int
    # OpenSSL's context is the first thing that CPython keeps in its own.
    handle = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
    if not call(handle.value, suites.encode()):
        raise ssl.SSLError(1, "No cipher can be selected.")


@contextlib.contextmanager
def _chain(settings: TlsSettings) -> Iterator[str]:
    """A file with the certificate and those that are sent along with it (--peer-ca-cert)."""
    if not settings.peer_ca_cert:
        yield settings.certificate
        return
    text = Path(settings.certificate).read_bytes() + b"\n" + Path(settings.peer_ca_cert).read_bytes()
    descriptor = os.memfd_create("certificates")
    try:
        os.write(descriptor, text)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
