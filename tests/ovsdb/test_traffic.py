"""What the log says of messages."""

from __future__ import annotations

import logging

import pytest

from pyovn.ovsdb.jsonrpc import Message, Notify, Reply, Request
from pyovn.ovsdb.traffic import received, sent

CASES: list[tuple[Message, str]] = [
    (Request("transact", ["db", {"op": "abort"}], 3), 'request, method="transact", params=["db",{"op":"abort"}], id=3'),
    (Notify("update", [None, {}]), 'notification, method="update", params=[null,{}]'),
    (Reply("echo", []), 'reply, result=[], id="echo"'),
    (Reply(4, None, "unknown method"), 'error, error="unknown method", id=4'),
]


@pytest.mark.parametrize(("message", "shown"), CASES)
def test_messages_are_shown(message: Message, shown: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "jsonrpc"):
        sent("unix:x", message)
        received("unix:x", message)
    assert caplog.messages == [f"unix:x: send {shown}", f"unix:x: received {shown}"]


def test_by_default_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "jsonrpc"):
        sent("unix:x", Notify("update", []))
    assert not caplog.messages
