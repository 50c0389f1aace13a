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


def secure_with(options: Mapping[str, str]) -> Secure:
    """What makes a connection secure, from `--private-key --certificate --ca-cert` and their like; `CommandError` without."""
    for name in ("private-key", "certificate"):
        if not options.get(name):
            raise CommandError(f"ssl: needs --{name} (the file of this program's own identity)")
    bootstrap = options.get("bootstrap-ca-cert", "")
    trusting = bool(bootstrap) and not Path(bootstrap).exists()
    if not (options.get("ca-cert") or bootstrap):
        raise CommandError("ssl: needs --ca-cert (the file of the authorities whose servers are trusted)")
    given: dict[str, tuple[str, ...]] = {name: (value,) for name, value in options.items()}
    if trusting:
        del given["bootstrap-ca-cert"]
    try:
        context, _ = tls_contexts(Options(given))
    except OptionError as error:
        raise CommandError(str(error)) from None
    assert context is not None

    def secure(sock: Any) -> sockets.socket:
        try:
            wrapped = context.wrap_socket(sock, server_hostname=options.get("ssl-server-name") or None)
        except ssl.SSLError as error:
            raise ConnectError(error.reason or str(error)) from None
        if trusting:
            keep_authority(wrapped, bootstrap)
        return wrapped

    return secure


def keep_authority(sock: ssl.SSLSocket, file: str) -> None:
    """Write down the certificate of a server met for the first time, so that only it is trusted from now on (--bootstrap-ca-cert)."""
    shown: Any = sock
    chain = shown._sslobj.get_unverified_chain()  # public as SSLSocket.get_unverified_chain from Python 3.13 on
    if not chain:
        raise ConnectError("the server shows no certificate")
    Path(file).write_text(ssl.DER_cert_to_PEM_cert(chain[-1].public_bytes(DER)))
