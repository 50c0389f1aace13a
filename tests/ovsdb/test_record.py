"""What is written of a commit, and of everything at once."""

from __future__ import annotations

from pyovn.ovsdb.log import Total, decode, encode
from pyovn.ovsdb.record import PIECE_ROWS, pieces_of_file, record_of, snapshot, snapshot_pieces
from tests.ovsdb.sample import run, sample_database, sample_schema


def test_a_snapshot_is_the_schema_and_one_record_of_every_row() -> None:
    database = sample_database()
    count = PIECE_ROWS + 1
    run(database, *({"op": "insert", "table": "House", "row": {"name": f"h{number}"}} for number in range(count)))
    schema, rows = decode(snapshot(database, 5, 'with "quotes"'), "f").records
    assert schema == sample_schema().to_json()
    assert (rows["_date"], rows["_comment"]) == (5, 'with "quotes"')
    assert [row["name"] for row in rows["House"].values()] == [f"h{number}" for number in range(count)]


def test_a_snapshot_is_of_the_moment_when_it_began() -> None:
    database, total = sample_database(), Total()
    run(database, {"op": "insert", "table": "House", "row": {"name": "before"}})
    pieces = []
    for piece in snapshot_pieces(database, 5, "x"):
        pieces.append(piece)
        total.add(piece)
        run(database, {"op": "update", "table": "House", "where": [], "row": {"name": f"later{len(pieces)}"}})
    (_, record) = decode(b"".join(pieces_of_file(database, pieces, total)), "f").records
    assert [row["name"] for row in record["House"].values()] == ["before"]


def test_an_empty_database_has_an_empty_record() -> None:
    assert decode(snapshot(sample_database(), 5, "x"), "f").records[1] == {"_date": 5, "_comment": "x"}


def test_only_what_is_kept_is_recorded() -> None:
    database = sample_database()
    records: list[bytes] = []
    database.listeners.append(lambda committed: records.append(encode(record_of(database, committed))))
    run(database, {"op": "insert", "table": "House", "row": {"name": "a", "seen": 1}})
    run(database, {"op": "update", "table": "House", "where": [], "row": {"seen": 2}})
    made, seen = decode(b"".join(records), "f").records
    assert [*made["House"].values()] == [{"name": "a"}]
    assert seen == {}
