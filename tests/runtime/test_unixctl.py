"""The control socket: commands, refusals in the reference's words, clients that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyovn.machine import Close, Opened
from pyovn.runtime.blocking import BlockingClient, CallError, connect
from pyovn.runtime.link import Network
from pyovn.runtime.loop import Loop
from pyovn.runtime.unixctl import CommandError, Commands, ControlServer, serve_commands, socket_file


def commands() -> Commands:
    made = Commands()
    made.register("list-commands", lambda words: made.listing())
    made.register("greet", lambda words: f"hello {' '.join(words)}", usage="NAME [NAME]", least=1, most=2)
    made.register("fail", _fail)
    return made


def _fail(words: list[str]) -> str:
    raise CommandError("it cannot be")


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Callable[..., object]]:
    """A function that has a command done over a real socket."""
    loop = Loop()
    service, listener = serve_commands(Network(loop, str(tmp_path)), commands(), str(tmp_path / "ctl"))
    loop.add(service)
    thread = threading.Thread(target=loop.run)
    thread.start()
    clients: list[BlockingClient] = []

    def run(name: str, *words: object) -> object:
        clients.append(connect(f"unix:{tmp_path}/ctl"))
        return clients[-1].call(name, list(words), 5)

    yield run
    for client in clients:
        client.close()
    loop.post(loop.stop)
    thread.join()
    listener.close()
    loop.close()


REFUSALS = [
    (["nope"], '"nope" is not a valid command (use "list-commands" to see a list of valid commands)\n'),
    (["greet"], '"greet" command requires at least 1 arguments\n'),
    (["greet", "a", "b", "c"], '"greet" command takes at most 2 arguments\n'),
    (["greet", 1], '"greet" command has non-string argument\n'),
    (["fail"], "it cannot be\n"),
]


def test_commands_are_done(call: Callable[..., object]) -> None:
    assert call("greet", "you") == "hello you"
    listing = "The available commands are:\n  fail                    \n  greet                   NAME [NAME]\n  list-commands           \n"
    assert call("list-commands") == listing


@pytest.mark.parametrize(("words", "text"), REFUSALS)
def test_refusals(call: Callable[..., object], words: list[str], text: str) -> None:
    with pytest.raises(CallError) as caught:
        call(*words)
    assert caught.value.error == text


def test_replies_in_json_when_asked_for() -> None:
    server = ControlServer(commands())
    server.receive(1, Opened("unix#1"), 0)
    server.receive(1, b'{"id":0,"method":"set-options","params":["--format","json"]}{"id":1,"method":"greet","params":["a"]}', 0)
    server.receive(2, Opened("unix#2"), 0)
    server.receive(2, b"nonsense", 0)
    replies = server.take()
    assert replies[1] == (1, b'{"id":1,"result":{"reply-format":"plain","reply":"hello a"},"error":null}')
    assert replies[2][0] == 2 and isinstance(replies[2][1], Close)


@pytest.mark.parametrize(("option", "file"), [("none", ""), ("/x/y", "/x/y"), ("y", "/run/y")])
def test_where_the_socket_is(option: str, file: str) -> None:
    assert socket_file("/run", "prog", option) == file
