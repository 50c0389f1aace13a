"""TLS for command lines: loaded only when a remote is `ssl:`."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyovn.cli.client import CommandError
from pyovn.runtime.blocking import ConnectError
from pyovn.runtime.options import OptionError, Options
from pyovn.runtime.tls import tls_contexts

DER = 2
"""The encoding of a certificate in binary (ssl's private ENCODING_DER)."""

if TYPE_CHECKING:
    import socket as sockets
    from collections.abc import Mapping

    from pyovn.runtime.blocking import Secure


LOG = "stream_ssl"
NEEDED = (("private-key", "Private key"), ("certificate", "Certificate"), ("ca-cert", "CA certificate"))


def secure_with(options: Mapping[str, str]) -> Secure:
    """What makes a connection secure, from `--private-key --certificate --ca-cert` and their like; `ConnectError` without."""
    bootstrap = options.get("bootstrap-ca-cert", "")
    given = dict(options) | ({"ca-cert": bootstrap} if bootstrap and not options.get("ca-cert") else {})
    lacking = tuple((LOG, "ERR", f"{word} must be configured to use SSL") for name, word in NEEDED if not given.get(name))
    if lacking:
        raise ConnectError("Protocol not available", lacking)
    trusting = bool(bootstrap) and not Path(bootstrap).exists()
    used = {name: value for name, value in options.items() if not (trusting and name == "bootstrap-ca-cert")}
    values: dict[str, tuple[str, ...]] = {name: (value,) for name, value in used.items()}
    try:
        context, _ = tls_contexts(Options(values))
    except OptionError as error:
        raise CommandError(str(error)) from None
    assert context is not None

    def secure(sock: Any, host: str) -> sockets.socket:
        try:
            wrapped = context.wrap_socket(sock, server_hostname=options.get("ssl-server-name") or name_of(host))
        except ssl.SSLError as error:
            raise ConnectError("Protocol error", ((LOG, "WARN", f"SSL_connect: {error.reason or error}"),)) from None
        if trusting:
            keep_authority(wrapped, bootstrap)
            # Whoever trusts a server for the first time does so before it says anything to it.
            raise ConnectError("Protocol error")
        return wrapped

    return secure


def name_of(host: str) -> str | None:
    """The name that a server is asked for (RFC 6066 section 3), which no address is."""
    return None if ":" in host or host.replace(".", "").isdigit() else host


def keep_authority(sock: ssl.SSLSocket, file: str) -> None:
    """Write down the certificate of a server met for the first time, so that only it is trusted from now on (--bootstrap-ca-cert)."""
    shown: Any = sock
    chain = shown._sslobj.get_unverified_chain()  # public as SSLSocket.get_unverified_chain from Python 3.13 on
    if not chain:
        raise ConnectError("the server shows no certificate")
    Path(file).write_text(ssl.DER_cert_to_PEM_cert(chain[-1].public_bytes(DER)))
