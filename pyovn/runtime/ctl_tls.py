"""TLS for command lines: loaded only when a remote is `ssl:`."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from pyovn.cli.client import CommandError
from pyovn.runtime.blocking import ConnectError
from pyovn.runtime.options import Options
from pyovn.runtime.tls import Tls, settings_from

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
    tls = Tls(settings_from(Options({name: (value,) for name, value in options.items()})))
    context, learns = tls.client(), tls.bootstrapping
    if context is None:
        raise CommandError(f"{', '.join(tls.settings.files)}: cannot be used as a TLS identity")

    def secure(sock: Any, host: str) -> sockets.socket:
        try:
            wrapped = context.wrap_socket(sock, server_hostname=tls.server_name(host))
        except ssl.SSLError as error:
            raise ConnectError("Protocol error", ((LOG, "WARN", f"SSL_connect: {error}"),)) from None
        if learns:
            # Whoever trusts a server for the first time does so before it says anything to it.
            raise ConnectError(tls.learn(wrapped) or "Protocol error")
        return wrapped

    return secure
