"""The file format: what was written is read, a torn tail is dropped, every other damage is refused."""

from __future__ import annotations

import errno
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import Log, decode, encode
from tests.ovsdb.memory_storage import MemoryStorage

RECORDS: list[dict[str, Any]] = [{"name": "sample"}, {"_date": 1, "a": {"x": "é"}}, {"_date": 2, "b": {"y": None}}]
DATA = b"".join(encode(record) for record in RECORDS)
LAST = DATA.rindex(b"OVSDB JSON")


def test_the_format() -> None:
    assert encode({"x": 0}) == b'OVSDB JSON 8 1ba3ca340bcf7c975bf730e953aa884f416dd2ec\n{"x":0}\n'
    contents = decode(DATA, "f")
    assert (contents.records, contents.end, contents.warning) == (RECORDS, len(DATA), None)


def test_a_torn_last_record_is_dropped_wherever_it_is_cut() -> None:
    for cut in range(LAST + 1, len(DATA)):
        contents = decode(DATA[:cut], "f")
        assert (contents.records, contents.end) == (RECORDS[:-1], LAST), cut
        assert contents.warning == f"f: the last record, at offset {LAST}, was cut short; dropping its {cut - LAST} bytes"


def test_a_flipped_bit_anywhere_is_refused_or_harmless() -> None:
    for position in range(len(DATA)):
        for bit in range(8):
            damaged = bytearray(DATA)
            damaged[position] ^= 1 << bit
            try:
                contents = decode(bytes(damaged), "f")
            except OvsdbError as error:
                assert str(error).count("f: ") >= 1
            else:
                pytest.fail(f"bit {bit} of byte {position} went unseen: {contents}")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (DATA + b"x" * 60 + b"\n", f'syntax error: f: parse error at offset {len(DATA)} in header line "{"x" * 60}"'),
        (b"OVSDB JSON x\n", 'syntax error: f: parse error at offset 0 in header line "OVSDB JSON x"'),
        (
            encode({"x": 0}).replace(b'"x":0', b'"x":1'),
            "syntax error: f: 8 bytes starting at offset 54 have SHA-1 hash 39f31dbac1cf3dffdd8b6b5c6ae2f2e41e9f2c6f but should have hash "
            "1ba3ca340bcf7c975bf730e953aa884f416dd2ec",
        ),
        (
            b"OVSDB JSON 5 d910b02871075d3156ec8675dfc95b7d5d640aa6\nnull\n",
            "syntax error: f: 5 bytes starting at offset 54 are not a JSON object",
        ),
        (b"OVSDB CLUSTER 5 x\n", "ovsdb error: f: cannot apply this operation to clustered database file"),
        (b'{"name": "x"}', "ovsdb error: f: unexpected file format"),
    ],
)
def test_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        decode(data, "f")
    expected, found = complaint.split("SHA-1 hash")[0], str(refusal.value).split("SHA-1 hash")[0]
    assert found == expected


def test_deep_json_is_refused() -> None:
    body = b'{"a":' + b"[" * 100_000 + b"\n"
    data = b"OVSDB JSON %d %s\n" % (len(body), hashlib.sha1(body).hexdigest().encode()) + body
    with pytest.raises(OvsdbError, match="are not valid JSON"):
        decode(data, "f")


def opened(storage: MemoryStorage) -> Log:
    """A log on a file that holds the records above."""
    storage.files["f"] = bytearray(DATA)
    return Log(storage.open("f"), "f", len(DATA))


def test_append_and_sync() -> None:
    storage = MemoryStorage()
    log = opened(storage)
    log.append({"x": 1}, durable=False)
    assert storage.synced["f"] == 0
    log.append({"x": 2}, durable=True)
    assert decode(bytes(storage.files["f"]), "f").records == [*RECORDS, {"x": 1}, {"x": 2}]
    assert storage.synced["f"] == len(storage.files["f"]) == log.end


@pytest.mark.parametrize("kept", [0, 1, 20, 60])
def test_a_write_that_fails_leaves_the_file_as_it_was(kept: int) -> None:
    storage = MemoryStorage()
    log = opened(storage)
    storage.fail_append = (kept, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OvsdbError, match=r"I/O error: f: write failed \(No space left on device\)"):
        log.append({"x": 1}, durable=True)
    storage.fail_append = None
    assert storage.files["f"] == DATA
    log.append({"x": 2}, durable=True)
    assert decode(bytes(storage.files["f"]), "f").records == [*RECORDS, {"x": 2}]


def test_what_could_not_be_cut_off_at_once_is_cut_off_before_the_next_record() -> None:
    storage = MemoryStorage()
    log = opened(storage)
    storage.fail_append = (7, OSError(errno.ENOSPC, "No space left on device"))
    storage.fail_truncate = OSError(errno.EIO, "Input/output error")
    with pytest.raises(OvsdbError):
        log.append({"x": 1}, durable=True)
    assert len(storage.files["f"]) == len(DATA) + 7
    with pytest.raises(OvsdbError):
        log.append({"x": 2}, durable=True)
    storage.fail_append = storage.fail_truncate = None
    log.append({"x": 3}, durable=True)
    assert decode(bytes(storage.files["f"]), "f").records == [*RECORDS, {"x": 3}]


def test_after_a_sync_that_failed_nothing_is_promised_any_more() -> None:
    storage = MemoryStorage()
    log = opened(storage)
    storage.fail_sync = OSError(errno.EIO, "Input/output error")
    with pytest.raises(OvsdbError, match="fsync failed"):
        log.append({"x": 1}, durable=True)
    storage.fail_sync = None
    with pytest.raises(OvsdbError, match="an earlier write may be lost"):
        log.append({"x": 2}, durable=True)


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3) | st.none(), max_size=3), min_size=1, max_size=5))
def test_what_is_encoded_is_decoded(records: list[dict[str, Any]]) -> None:
    assert decode(b"".join(encode(record) for record in records), "f").records == records


def test_what_is_less_than_a_record_at_the_end_is_dropped() -> None:
    contents = decode(DATA + b"xxx\n", "f")
    assert (contents.records, contents.end) == (decode(DATA, "f").records, len(DATA))
    assert contents.warning == f'syntax error: f: parse error at offset {len(DATA)} in header line "xxx"; dropping its 4 bytes'
