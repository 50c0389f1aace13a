"""Names of connection methods: what is read, what is refused."""

from __future__ import annotations

import pytest

from pyovn.runtime.remote import Remote, RemoteError, format_address, parse_remote

GOOD = [
    ("unix:/a/b.sock", Remote("unix", file="/a/b.sock")),
    ("punix:x", Remote("punix", file="x")),
    ("tcp:10.0.0.1:6641", Remote("tcp", host="10.0.0.1", port=6641)),
    ("tcp:10.0.0.1", Remote("tcp", host="10.0.0.1", port=6640)),
    ("tcp:[::1]:6641", Remote("tcp", host="::1", port=6641)),
    ("tcp:[fe80::1%eth0]:1", Remote("tcp", host="fe80::1%eth0", port=1)),
    ("tcp:[::1]", Remote("tcp", host="::1", port=6640)),
    ("ssl:host.example:1", Remote("ssl", host="host.example", port=1)),
    ("ptcp:6641", Remote("ptcp", port=6641)),
    ("ptcp:", Remote("ptcp", port=6640)),
    ("ptcp:0:127.0.0.1", Remote("ptcp", host="127.0.0.1", port=0)),
    ("pssl:6641:[::1]", Remote("pssl", host="::1", port=6641)),
    ("ptcp:6641:[::]", Remote("ptcp", host="::", port=6641)),
]
BAD = ["", "foo", "foo:bar", "tcp:", "tcp:h:x", "tcp:h:65536", "tcp:h:-1", "tcp:[::1", "tcp:[::1]x", "ptcp:1:host", "unix:", "tcp:h:१"]


@pytest.mark.parametrize(("text", "remote"), GOOD)
def test_read(text: str, remote: Remote) -> None:
    assert parse_remote(text) == remote
    assert remote.passive == text.startswith("p")


@pytest.mark.parametrize("text", BAD)
def test_refused(text: str) -> None:
    with pytest.raises(RemoteError):
        parse_remote(text)


def test_addresses_as_text() -> None:
    assert [format_address(host, 1) for host in ("10.0.0.1", "::1")] == ["10.0.0.1:1", "[::1]:1"]
