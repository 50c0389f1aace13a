"""What a process heard is played to it again: entries one by one, and a database server as a whole."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.log import decode
from pyovn.runtime.blocking import CallError, connect
from pyovn.runtime.storage import new_uuid
from pyovn.runtime.tape import FILE, Player, Recorder, TapeError
from pyovn.schemas import nb
from tests.runtime.processes import Place

NB = "OVN_Northbound"


class Told:
    """A stream that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def now_open(self, certified_name: str) -> None:
        self.told.append(("open", certified_name))

    def hear(self, data: bytes) -> None:
        self.told.append(data)

    def fail(self, reason: str) -> None:
        self.told.append(("gone", reason))


def recorded(folder: Path) -> Recorder:
    """A tape of one listener, a stream that it got, and one that could not be opened."""
    tape = Recorder(str(folder))
    with tape.asking("listen", OSError):
        pass
    tape.listening(6641)
    with pytest.raises(OSError, match="no"), tape.asking("dial", OSError):
        raise OSError("no")
    tape.write("wait")
    tape.write("accepted", 0, tape.stamp(), "tcp:peer")
    tape.write("opened", tape.number(), tape.stamp(), "peer")
    tape.write("data", 1, tape.stamp(), data=b"a\nb\xff")
    tape.turn()
    tape.write("closed", 1, tape.stamp(), "broken pipe")
    tape.turn()
    tape.close()
    return tape


def test_what_was_recorded_is_played(tmp_path: Path) -> None:
    end = recorded(tmp_path).now
    tape, stream = Player(str(tmp_path)), Told()
    tape.asked("listen", OSError)
    assert tape.listening(lambda name: stream.told.append((name, tape.add(stream)))) == 6641
    with pytest.raises(OSError, match="no"):
        tape.asked("dial", OSError)
    assert tape.happened("closed", 1) is None
    assert tape.play_until_turn() and stream.told == [("tcp:peer", 1), ("open", "peer"), b"a\nb\xff"]
    assert tape.happened("closed", 1) == [1, pytest.approx(end, abs=5), "broken pipe"]
    assert tape.play_until_turn() and tape.now == end
    assert not tape.play_until_turn()
    tape.close()


def test_a_program_that_does_something_else_is_told_so(tmp_path: Path) -> None:
    recorded(tmp_path)
    tape = Player(str(tmp_path))
    with pytest.raises(TapeError, match="listen was recorded, but the program asks for dial"):
        tape.asked("dial", OSError)
    tape.close()


@pytest.mark.parametrize(("text", "complaint"), [(None, "No such file"), (b"", "not a recording"), (b'["else", 0]\n', "not a recording")])
def test_no_tape(tmp_path: Path, text: bytes | None, complaint: str) -> None:
    if text is not None:
        (tmp_path / FILE).write_bytes(text)
    with pytest.raises(TapeError, match=complaint):
        Player(str(tmp_path))


def test_a_tape_that_was_cut_short_is_played_to_there(tmp_path: Path) -> None:
    recorded(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    for end in range(len(whole)):
        (tmp_path / FILE).write_bytes(whole[:end])
        with contextlib.suppress(TapeError, OSError):
            play(Player(str(tmp_path)))


def play(tape: Player) -> None:
    """Be the program that was recorded."""
    tape.asked("listen", OSError)
    tape.listening(lambda name: tape.add(Told()))
    with pytest.raises(OSError, match="no"):
        tape.asked("dial", OSError)
    while tape.play_until_turn():
        pass


def rows(file: Path) -> list[dict[str, Any]]:
    """The records of a database but for their dates."""
    return [{name: said for name, said in record.items() if name != "_date"} for record in decode(file.read_bytes(), "f").records]


def insert(name: str) -> dict[str, Any]:
    return {"op": "insert", "table": "Logical_Switch", "row": {"name": name}}


def work(place: Place) -> None:
    """What clients do to a server: transactions, monitors, locks, a wait that fails, nonsense, a hang-up, commands."""
    one, two, rude = (connect(f"unix:{place.folder}/db.sock") for _ in range(3))
    two.call("monitor_cond", [NB, None, {"Logical_Switch": [{}]}])
    one.call("transact", [NB, insert("a"), insert("b")])
    two.call("lock", ["l"])
    wait = {"op": "wait", "timeout": 20, "table": "Logical_Switch", "where": [], "columns": ["name"], "until": "==", "rows": []}
    two.call("transact", [NB, wait])
    with pytest.raises(CallError):
        one.call("transact", ["Nonsense"])
    rude.ask("monitor_cond", [NB, None, {"Logical_Switch": [{}]}])
    rude.close()
    two.call("transact", [NB, {"op": "update", "table": "Logical_Switch", "where": [["name", "==", "b"]], "row": {"name": "c"}}])
    place.appctl("ovsdb-server/compact")
    one.call("transact", [NB, insert("d")])
    place.appctl("ovsdb-server/add-remote", "ptcp:0:127.0.0.1")


def test_a_server_is_played_without_sockets_and_comes_to_the_same(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (tmp_path / "nb.ovsschema").write_text(json.dumps(schema_of(nb).to_json()))
    place.run("ovsdb-tool", "create", "nb.db", "nb.ovsschema")
    shutil.copy(tmp_path / "nb.db", tmp_path / "before.db")
    words = ("--remote=punix:db.sock", "--remote=ptcp:0:127.0.0.1", "nb.db")
    assert place.start("ovsdb-server", f"--record={tmp_path}", *words).returncode == 0
    work(place)
    place.appctl("exit")
    place.started.clear()
    wanted = rows(tmp_path / "nb.db")
    assert len(wanted) > 2
    shutil.copy(tmp_path / "before.db", tmp_path / "nb.db")
    done = place.run("ovsdb-server", f"--replay={tmp_path}", *words)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "|WARN|" not in line and "|INFO|" not in line]) == (0, [])
    assert rows(tmp_path / "nb.db") == wanted
    assert not (tmp_path / "db.sock").exists()


def test_whom_a_monitor_starts_anew_draws_other_uuids() -> None:
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        os.write(write, new_uuid().encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(read, 36).decode() != new_uuid()


@pytest.mark.parametrize("words", [("--record", "--replay"), ("--replay=/nowhere",), ("--record=/nowhere",)])
def test_complaints(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = Place(tmp_path).run("ovsdb-server", "--no-dbs", *words)
    assert done.returncode == 1 and done.stderr.startswith("ovsdb-server: ")
