"""The command lines' client against a peer that answers in pieces, unasked, or not at all."""

from __future__ import annotations

import json
import socket

import pytest

from pyovn.runtime.blocking import BlockingClient, CallError, ConnectError, connect


def ends() -> tuple[BlockingClient, socket.socket]:
    near, far = socket.socketpair()
    return BlockingClient(near), far


ANSWER: dict[str, object] = {"id": 0, "result": {"text": '}"{', "more": [{}, "é"]}, "error": None}
UPDATE: dict[str, object] = {"id": None, "method": "update2", "params": ["m", {}]}
ECHO: dict[str, object] = {"id": "echo", "method": "echo", "params": [1]}


def written(*messages: object) -> bytes:
    return b"\n".join(json.dumps(message, ensure_ascii=False).encode() for message in messages)


@pytest.mark.parametrize("messages", [[ANSWER], [UPDATE, ANSWER], [ECHO, ANSWER], [UPDATE, ECHO, ANSWER]])
def test_an_answer_is_found_among_what_comes_unasked(messages: list[dict[str, object]]) -> None:
    client, peer = ends()
    peer.sendall(written(*messages))
    assert client.call("x", []) == ANSWER["result"]
    client.wait(0)
    assert [method for method, _ in client.notifications] == ["update2"] * messages.count(UPDATE)
    heard = peer.recv(10_000)
    assert (b'"id":"echo","result":[1]' in heard) == (ECHO in messages)


def test_a_long_answer_comes_in_pieces() -> None:
    client, peer = ends()
    peer.setblocking(False)
    data = written({**ANSWER, "result": ["x" * 100] * 1000})
    sent = peer.send(data)
    assert sent == len(data)
    assert client.call("x", []) == ["x" * 100] * 1000


def test_errors_and_ends() -> None:
    client, peer = ends()
    peer.sendall(written({"id": 0, "result": None, "error": {"error": "x"}}))
    with pytest.raises(CallError) as caught:
        client.call("x", [])
    assert caught.value.error == {"error": "x"}
    peer.close()
    with pytest.raises(ConnectError):
        client.call("x", [])


def test_what_came_with_an_answer_is_there_for_the_next_wait() -> None:
    client, peer = ends()
    peer.sendall(written(ANSWER, UPDATE))
    client.call("x", [])
    client.wait(5)
    assert client.notifications == [("update2", ["m", {}])]


def test_waiting_ends_with_the_time() -> None:
    client, _peer = ends()
    client.wait(0.001)
    assert client.notifications == []


UNREACHABLE = [
    ("unix:/nonexistent", "No such file or directory"),
    ("tcp:127.0.0.1:1", "Connection refused"),
    ("tcp:127.0.0.1:99999", "Address family not supported by protocol"),
    ("foo:bar", "Address family not supported by protocol"),
    ("", "Address family not supported by protocol"),
    ("unix:/nonexistent,tcp:127.0.0.1:1", "Connection refused"),
]


@pytest.mark.parametrize(("remote", "reason"), UNREACHABLE)
def test_a_failure_has_the_systems_words(remote: str, reason: str) -> None:
    with pytest.raises(ConnectError) as caught:
        connect(remote)
    assert str(caught.value) == reason
