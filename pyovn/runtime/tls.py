"""TLS identities from the options `--private-key --certificate --ca-cert` (and their like)."""

from __future__ import annotations

import ssl

from pyovn.runtime.options import OptionError, Options


def tls_contexts(options: Options) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """The contexts of connections made and of connections accepted; None without a key, `OptionError` if the files cannot be used."""
    if "private-key" not in options or "certificate" not in options:
        return None, None
    ca_cert = options.last("ca-cert", options.last("bootstrap-ca-cert", ""))
    return _context(options, ca_cert, server=False), _context(options, options.last("peer-ca-cert", ca_cert), server=True)


def _context(options: Options, ca_cert: str, *, server: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE if ca_cert in ("", "none") else ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(options.last("certificate", ""), options.last("private-key", ""))
        if context.verify_mode is ssl.CERT_REQUIRED:
            context.load_verify_locations(ca_cert)
        if ciphers := options.last("ssl-ciphers", ""):
            context.set_ciphers(ciphers)
    except (OSError, ssl.SSLError) as error:
        raise OptionError(f"{options.last('private-key', '')}, {options.last('certificate', '')}, {ca_cert}: {error}") from None
    return context
