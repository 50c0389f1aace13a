"""Copies of packets for those who watch, and what the reference copies of the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from pyovn.ovsdb.operation import EVERY, Condition, Insert, Named, Operation, Update
from pyovn.schemas import vswitch as db
from tests.vswitch.board import Board, ethernet, make_board, parse_rule, udp
from tests.vswitch.reference import Reference, reference

OUT = udp("10.0.0.1", "10.0.0.2", 1000, 53)
TAGGED = OUT[:12] + b"\x81\0\x20\5" + OUT[12:]
THERE = ethernet(2, 4, 0x88CC, bytes(46))


class Case(NamedTuple):
    """Mirrors by column and value (ports by number), rules, arrivals, and what leaves for each."""

    mirrors: list[dict[str, object]]
    rules: str
    arrivals: list[tuple[int, bytes]]
    expected: list[list[tuple[int, bytes]]]
    tags: dict[int, int] = {}  # noqa: RUF012


CASES = {
    "what comes": Case([{"select_src_port": [1], "output_port": 3}], "actions=output:2", [(1, OUT), (2, OUT)], [[(2, OUT), (3, OUT)], []]),
    "what goes": Case(
        [{"select_dst_port": [2], "output_port": 3}], "in_port=1 actions=mod_dl_dst:00:00:00:00:00:09,output:2\nin_port=2 actions=output:1",
        [(1, OUT), (2, OUT)],
        [[(2, bytes(5) + b"\x09" + OUT[6:]), (3, bytes(5) + b"\x09" + OUT[6:])], [(1, OUT)]],
    ),
    "everything, once": Case([{"select_all": True, "output_port": 3}], "actions=output:2", [(1, OUT)], [[(2, OUT), (3, OUT)]]),
    "what is dropped": Case([{"select_all": True, "output_port": 3}], "actions=drop", [(1, OUT)], [[(3, OUT)]]),
    "a VLAN": Case(
        [{"select_all": True, "select_vlan": [5], "output_port": 3}], "actions=drop", [(1, OUT), (1, TAGGED)], [[], [(3, TAGGED)]],
    ),
    "only the beginning": Case(
        [{"select_all": True, "output_port": 3, "snaplen": 20}], "actions=output:2", [(1, OUT)], [[(2, OUT), (3, OUT[:20])]],
    ),
    "a filter": Case(
        [{"select_all": True, "output_port": 3, "filter": "udp,udp_dst=53"}], "actions=output:2", [(1, OUT), (1, THERE)],
        [[(2, OUT), (3, OUT)], [(2, THERE)]],
    ),
    "a filter that cannot be read": Case(
        [{"select_all": True, "output_port": 3, "filter": "nonsense"}], "actions=output:2", [(1, OUT)], [[(2, OUT)]],
    ),
    "a filter on where it came from": Case(
        [{"select_all": True, "output_port": 3, "filter": "in_port=1"}], "actions=output:2", [(1, OUT)], [[(2, OUT)]],
    ),
    "on a VLAN of its own": Case(
        [{"select_src_port": [1], "output_vlan": 7}], "actions=drop", [(1, OUT)],
        [[(1, OUT[:12] + b"\x81\0\0\7" + OUT[12:]), (2, OUT), (3, OUT[:12] + b"\x81\0\0\7" + OUT[12:])]],
        {2: 7},
    ),
    "an ordinary switch leaves the watcher alone": Case(
        [{"select_src_port": [2], "output_port": 3}], "actions=NORMAL", [(1, THERE), (3, THERE), (2, OUT)],
        [[(2, THERE)], [], [(1, OUT), (3, OUT)]],
    ),
    "after the tracker": Case(
        [{"select_all": True, "output_port": 3}], "ip,ct_state=-trk actions=ct(table=1,zone=1)\ntable=1,actions=output:2", [(1, OUT)],
        [[(2, OUT), (3, OUT)]],
    ),
}  # fmt: skip


def operations(board: Board, case: Case) -> list[Operation]:
    """Make the mirrors."""
    ports = {row.name: row.uuid for row in board.store.rows(db.Port).values()}
    made: list[Operation] = []
    for number, tag in case.tags.items():
        made.append(Update(db.Port, [Condition("name", "==", f"p{number}")], {"tag": tag}))
    for index, mirror in enumerate(case.mirrors):
        row = {"name": f"m{index}", **mirror}
        for column in ("select_src_port", "select_dst_port"):
            numbers = mirror.get(column, [])
            assert isinstance(numbers, list)
            row[column] = tuple(ports[f"p{number}"] for number in numbers)
        row["select_vlan"] = tuple(row.get("select_vlan", ()))  # type: ignore[arg-type]
        if "output_port" in mirror:
            row["output_port"] = ports[f"p{mirror['output_port']}"]
        made.append(Insert(db.Mirror, row, f"m{index}"))
    names = tuple(Named(f"m{index}") for index in range(len(case.mirrors)))
    return [*made, Update(db.Bridge, [Condition("name", "==", "br0")], {"mirrors": names})]


def watched(case: Case) -> Board:
    board = make_board("p1", "p2", "p3")
    board.transact(*operations(board, case))
    assert board.ask(*map(parse_rule, case.rules.splitlines())) == []
    return board


def ours(case: Case) -> list[list[tuple[int, bytes]]]:
    """What leaves for each arrival, by port."""
    board = watched(case)
    return [sorted((int(port[1:]), out) for port, out in board.send(f"p{number}", frame)) for number, frame in case.arrivals]


@pytest.mark.parametrize("name", CASES)
def test_copies(name: str) -> None:
    assert ours(CASES[name]) == CASES[name].expected


def test_copies_are_counted_and_a_mirror_can_go() -> None:
    board = watched(CASES["only the beginning"])
    board.send("p1", OUT)
    board.now = 10.0
    board.settle()
    (row,) = board.store.rows(db.Mirror).values()
    assert row.statistics == {"tx_packets": 1, "tx_bytes": len(OUT)}
    board.transact(Update(db.Bridge, EVERY, {"mirrors": ()}))
    assert board.send("p1", OUT) == [("p2", OUT)]


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    yield from reference(tmp_path_factory.mktemp("reference"))


def words(case: Case) -> list[str]:
    """The same for ovs-vsctl."""
    found = [word for number, tag in case.tags.items() for word in ("--", "set", "port", "{port}" + str(number), f"tag={tag}")]
    for number in (1, 2, 3):
        found += ["--", f"--id=@p{number}", "get", "port", "{port}" + str(number)]
    for index, mirror in enumerate(case.mirrors):
        found += ["--", f"--id=@m{index}", "create", "mirror", f"name=m{index}"]
        for column, value in mirror.items():
            refs = [f"@p{number}" for number in (value if isinstance(value, list) else [value])]
            text = ",".join(refs if "port" in column else map(str, value if isinstance(value, list) else [value]))
            found.append(f"{column}={text.lower()}" if column != "filter" else f'filter="{text}"')
    names = ",".join(f"@m{index}" for index in range(len(case.mirrors)))
    return [*found[1:], "--", "set", "bridge", "{bridge}", f"mirrors={names}"]


@pytest.mark.parametrize("name", CASES)
def test_the_reference_copies_the_same(name: str, peer: Reference) -> None:
    case = CASES[name]
    assert peer.course(case.rules.splitlines(), case.arrivals, words(case)) == ours(case)
