"""A long message says the same as a short one, whether its parts are decoded at once or when they are asked for."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.jsonrpc import ProtocolError, Reply, Request, decode, encode
from pyovn.ovsdb.undecoded import Undecoded, decode_long

FRAMES = [
    b'{"id":1,"method":"transact","params":["db",{"op":"comment","comment":"a"},{"op":"abort"}]}',
    b'{"params":["db"],"id":["a",2],"method":"transact"}',
    b'{"id":1,"method":"transact","params":[]}',
    b'{"id":1,"method":"transact","params":["db"],"result":null,"error":null}',
    '{"id":1,"method":"transact","params":["db",{"op":"comment","comment":"ä"}]}'.encode(),
    b'{"id":1,"method":"transact","params":null}',
    b'{"id":null,"method":"transact","params":["db"]}',
    b'{"id":1,"method":"monitor","params":["db",null,{}]}',
    b'{"id":1,"result":[{}],"error":null}',
    b'{"id":1,"result":{"a":[]},"error":null}',
    b'{"id":1,"result":null,"error":["no"]}',
]

REFUSED = [
    b'{"id":1,"method":"transact","params":["db"],"result":[]}',
    b'{"id":1,"method":"transact","params":["db",{"a":tru}]}',
    b'{"id":1,"method":"transact","params":["db","\xff"]}',
    b'{"id":1,"method":"transact","params":{}}',
    b'{"id":1,"method":"transact","params":[' + b"[" * 5000 + b"]" * 5000 + b"]}",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_message_is_the_same(frame: bytes) -> None:
    message, wanted = decode_long(frame), decode(frame)
    assert type(message) is type(wanted)
    if isinstance(message, Request) and isinstance(wanted, Request):
        assert (message.method, message.id, [*message.params]) == (wanted.method, wanted.id, wanted.params)
    elif isinstance(message, Reply) and isinstance(message.result, Undecoded):
        assert wanted == message._replace(result=[*message.result])
        assert encode(message) == encode(wanted)
    else:
        assert message == wanted


@pytest.mark.parametrize("frame", REFUSED)
def test_so_is_the_refusal(frame: bytes) -> None:
    with pytest.raises(ProtocolError) as refusal:
        decode_long(frame)
    with pytest.raises(ProtocolError) as wanted:
        decode(frame)
    assert str(refusal.value) == str(wanted.value)


def test_parts_are_a_sequence() -> None:
    message = decode_long(FRAMES[0])
    assert isinstance(message, Request) and isinstance(message.params, Undecoded)
    operations = message.params[1:]
    assert (message.params[0], len(operations), operations[0], [*operations][1]) == (
        "db", 2, {"op": "comment", "comment": "a"}, {"op": "abort"},
    )  # fmt: skip
