"""The file format of a standalone database: records of `OVSDB JSON <length> <sha1>`, a line of JSON each (ovsdb(5)).

The first record is the schema, each further one a transaction. A last record that was cut short is dropped with a
warning; any other damage is refused with its offset, and the file stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from pyovn.coverage import counter
from pyovn.ovsdb.errors import OvsdbError

WRITES, SYNCS = counter("ovsdb_log_write"), counter("ovsdb_log_sync")

MAGIC = b"OVSDB JSON "
CLUSTER_MAGIC = b"OVSDB CLUSTER "
HEADER = re.compile(rb"OVSDB (?:JSON|CLUSTER) ([0-9]{1,19}) ([0-9a-f]{40})\n")
SMALLEST_RECORD = len(MAGIC) + len("3 ") + 40 + len("\n{}\n")
"""Bytes that a record has at least: fewer of them at the end of a file cannot have been one."""

CUT_HEADER = re.compile(rb"OVSDB JSON [0-9]{0,19}( [0-9a-f]{0,40})?\Z")


class File(Protocol):
    """A file open for appending; every method may raise `OSError`."""

    def append(self, data: bytes) -> None:
        """Write all of it at the end."""

    def sync(self) -> None:
        """Return when what was written is on disk."""

    def truncate(self, length: int) -> None:
        """Cut the file to `length` bytes."""

    def close(self) -> None:
        """Close the file."""


class Storage(Protocol):
    """The file system, as far as a database needs one; every method may raise `OSError`."""

    def real_path(self, path: str) -> str:
        """The path of the file itself, symbolic links followed."""

    def lock(self, path: str) -> Callable[[], None]:
        """Keep other writers away from a file until what this answers is called; `BlockingIOError` if somebody else does."""

    def read(self, path: str) -> bytes:
        """All of a file."""

    def open(self, path: str) -> File:
        """Open an existing file for appending."""

    def create(self, path: str) -> File:
        """Create a file that must not exist yet."""

    def replace(self, path: str, by: str) -> None:
        """Put the file `by` in the place of `path` in one step."""

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder that `path` is in are on disk."""

    def remove(self, path: str) -> None:
        """Delete a file; none is fine."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: its records, where the last whole one ends and begins, and a sentence about a tail that was dropped."""

    records: list[dict[str, Any]]
    end: int
    last: int
    warning: str | None = None


def encode(record: dict[str, Any], magic: bytes = MAGIC) -> bytes:
    """One record as it stands in the file."""
    body = _encode_json(record) + b"\n"
    return b"%b%d %b\n%b" % (magic, len(body), hashlib.sha1(body).hexdigest().encode(), body)


_encode_json = msgspec.json.Encoder().encode


class Total:
    """Length and hash of a record whose JSON, with its line end, comes in pieces."""

    def __init__(self) -> None:
        self._length = 0
        self._sha1 = hashlib.sha1()

    def add(self, piece: bytes) -> None:
        """Count the next piece."""
        self._length += len(piece)
        self._sha1.update(piece)

    def header(self, magic: bytes = MAGIC) -> bytes:
        """The line before the record."""
        return b"%b%d %s\n" % (magic, self._length, self._sha1.hexdigest().encode())


def decode(data: bytes, name: str, *, members: type = object) -> Contents:
    """The records of a file's bytes; `OvsdbError` for damage, naming the file and the offset.

    With `members=msgspec.Raw` the members of each record stay encoded, which takes a fraction of the memory.
    """
    found = []
    last = offset = 0
    refusal = warning = None
    try:
        for record, end in records(data, name, members):
            found.append(record)
            last, offset = offset, end
    except OvsdbError as error:
        # Less than a record can be was never acknowledged, whatever it is.
        if offset == 0 or len(data) - offset >= SMALLEST_RECORD:
            raise
        refusal = error
    if offset < len(data):
        what = str(refusal or f"{name}: the last record, at offset {offset}, was cut short")
        warning = f"{what}; dropping its {len(data) - offset} bytes"
    return Contents(found, offset, last, warning)


def records(data: bytes, name: str, members: type = object, magic: bytes = MAGIC) -> Iterator[tuple[dict[str, Any], int]]:
    """Each whole record of a file's bytes and the offset where it ends; `OvsdbError` where damage is met."""
    if magic == MAGIC:
        check_kind(data, name)
    for body, end in _bodies(data, name):
        yield _json(body, end - len(body), name, members), end


def check_kind(data: bytes, name: str) -> None:
    """Raise unless the bytes begin as a standalone database does."""
    if data.startswith(CLUSTER_MAGIC):
        raise OvsdbError("ovsdb error", f"{name}: cannot apply this operation to clustered database file")
    if not data.startswith(MAGIC):
        raise OvsdbError("ovsdb error", f"{name}: unexpected file format")


def _bodies(data: bytes, name: str) -> Iterator[tuple[bytes, int]]:
    """The JSON of each whole record, and where it ends; stops before a record that was cut short."""
    offset = 0
    while offset < len(data):
        header = HEADER.match(data, offset)
        if header is None:
            if data.find(b"\n", offset) < 0 and _begins_header(data[offset:]):
                return
            line = data[offset:].split(b"\n", 1)[0][:100].decode("utf-8", "replace")
            raise OvsdbError("syntax error", f'{name}: parse error at offset {offset} in header line "{line}"')
        start, length = header.end(), int(header[1])
        body = data[start : start + length]
        if len(body) < length and not _is_whole(body, header[2]):
            return
        _check_body(body, length, header[2].decode(), f"{name}: {length} bytes starting at offset {start}")
        offset = start + length
        yield body, offset


def _begins_header(tail: bytes) -> bool:
    """Could the bytes at the end of a file be the beginning of a record?"""
    return MAGIC.startswith(tail) or CUT_HEADER.match(tail) is not None


def _is_whole(body: bytes, sha1: bytes) -> bool:
    """What should be longer than the rest of the file was cut short, unless the rest is that record, or holds more of them."""
    return hashlib.sha1(body).hexdigest().encode() == sha1 or b"\nOVSDB " in body


def _check_body(body: bytes, length: int, sha1: str, what: str) -> None:
    found = hashlib.sha1(body).hexdigest()
    if len(body) < length:
        raise OvsdbError("syntax error", f"{what} would go {length - len(body)} bytes past the end of the file, whose records are whole")
    if found != sha1:
        raise OvsdbError("syntax error", f"{what} have SHA-1 hash {found} but should have hash {sha1}")


def _json(body: bytes, offset: int, name: str, members: type) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, members])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        raise OvsdbError("syntax error", f"{name}: {len(body)} bytes starting at offset {offset} are not a JSON object") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OvsdbError("syntax error", f"{name}: {len(body)} bytes starting at offset {offset} are not valid JSON ({error})") from None


class Log:
    """A file to which records are added; what fails leaves it as it was, and a failed sync ends its use."""

    def __init__(self, file: File, name: str, end: int) -> None:
        self.name = name
        self.end = end
        self._file = file
        self._cut_first = False
        self._broken: OSError | None = None

    @property
    def problem(self) -> str:
        """Why nothing more can be added, "" if something can."""
        return "" if self._broken is None else str(_io_error(f"{self.name}: an earlier write may be lost", self._broken))

    def append(self, record: dict[str, Any], *, durable: bool) -> bytes:
        """Add one record, on disk before this returns if `durable`, and answer its bytes; `OvsdbError` if it could not be."""
        if self._broken is not None:
            raise _io_error(f"{self.name}: an earlier write may be lost; restart the server", self._broken)
        data = encode(record)
        try:
            if self._cut_first:
                self._clear_tail()
            self._cut_first = True
            self._file.append(data)
        except OSError as error:
            self._try_clear_tail()
            raise _io_error(f"{self.name}: write failed", error) from None
        self._cut_first = False
        WRITES.count += 1
        self.end += len(data)
        if durable:
            self.sync()
        return data

    def sync(self) -> None:
        """Return when every record is on disk."""
        SYNCS.count += 1
        try:
            self._file.sync()
        except OSError as error:
            # The system may have forgotten the unwritten pages: what it says about later syncs is worth nothing.
            self._broken = error
            raise _io_error(f"{self.name}: fsync failed", error) from None

    def _clear_tail(self) -> None:
        """Cut off what a failed write left behind."""
        if self._cut_first:
            self._file.truncate(self.end)
            self._cut_first = False

    def _try_clear_tail(self) -> None:
        try:
            self._clear_tail()
        except OSError:
            self._cut_first = True

    def continue_in(self, file: File, end: int) -> None:
        """Add further records to this file instead, which holds `end` bytes."""
        old, self._file, self.end = self._file, file, end
        self._cut_first, self._broken = False, None
        with contextlib.suppress(OSError):
            old.close()

    def distrust(self, error: OSError) -> None:
        """Add nothing more: what is written from now on may not be there after a crash."""
        self._broken = error

    def cut(self) -> None:
        """Cut the file where the last whole record ends, before the next one is added."""
        self._cut_first = True

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _io_error(details: str, error: OSError) -> OvsdbError:
    return OvsdbError("I/O error", details, io_error=error.strerror or str(error))
