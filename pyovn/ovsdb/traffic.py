"""What passes on a JSON-RPC connection, in the log of those who set `jsonrpc` to debug."""

from __future__ import annotations

import logging

from pyovn.ovsdb.jsonrpc import Message, Notify, Request, encode, encode_json

log = logging.getLogger("jsonrpc")


def sent(peer: str, message: Message) -> bytes:
    """A message as bytes, for a peer."""
    _tell(peer, "send", message)
    return encode(message)


def received(peer: str, message: Message) -> None:
    """A message came from a peer."""
    _tell(peer, "received", message)


def _tell(peer: str, verb: str, message: Message) -> None:
    # Messages may be large, and are as good as never looked at.
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s: %s %s", peer, verb, described(message))


def described(message: Message) -> str:
    """A message as the log shows it."""
    if isinstance(message, (Request, Notify)):
        said = f'method="{message.method}", params={_json(message.params)}'
        return f"notification, {said}" if isinstance(message, Notify) else f"request, {said}, id={_json(message.id)}"
    if message.error is not None:
        return f"error, error={_json(message.error)}, id={_json(message.id)}"
    return f"reply, result={_json(message.result)}, id={_json(message.id)}"


def _json(value: object) -> str:
    return encode_json(value).decode()
