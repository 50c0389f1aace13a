"""The machine's file system under databases."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pyovn.ovsdb.atom import UUID
from pyovn.ovsdb.log import Storage
from pyovn.runtime.storage import Disk, new_uuid


def test_append_truncate_read(tmp_path: Path) -> None:
    disk: Storage = Disk()
    path = str(tmp_path / "db")
    file = disk.create(path)
    file.append(b"one")
    file.append(b"two")
    file.truncate(4)
    file.append(b"!")
    file.sync()
    file.close()
    assert disk.read(path) == b"onet!"
    assert stat.S_IMODE(os.stat(path).st_mode) & 0o137 == 0
    with pytest.raises(FileExistsError):
        disk.create(path)
    with pytest.raises(FileNotFoundError):
        disk.open(str(tmp_path / "none"))


def test_replace_and_remove(tmp_path: Path) -> None:
    disk = Disk()
    path, other = str(tmp_path / "db"), str(tmp_path / "db.tmp")
    for name, data in ((path, b"old"), (other, b"new")):
        file = disk.create(name)
        file.append(data)
        file.close()
    file = disk.open(other)
    disk.replace(path, other)
    file.append(b"er")
    file.close()
    assert disk.read(path) == b"newer"
    disk.remove(path)
    disk.remove(path)
    assert not os.path.exists(path)


def test_links_are_followed(tmp_path: Path) -> None:
    disk = Disk()
    (tmp_path / "dir").mkdir()
    link = tmp_path / "db"
    link.symlink_to(tmp_path / "dir" / "db")
    disk.create(str(link)).close()
    assert (tmp_path / "dir" / "db").is_file()
    assert disk.real_path(str(link)) == str(tmp_path / "dir" / "db")


LOCK = """
import sys
from pyovn.runtime.storage import Disk
try:
    Disk().lock(sys.argv[1])
except OSError as error:
    print(error.strerror)
"""


def test_a_lock_keeps_out_other_processes_and_this_one(tmp_path: Path) -> None:
    path = str(tmp_path / "db")
    unlock = Disk().lock(path)
    assert (tmp_path / ".db.~lock~").exists()
    with pytest.raises(BlockingIOError):
        Disk().lock(path)
    command = [sys.executable, "-c", LOCK, path]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "Resource temporarily unavailable\n"
    unlock()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""
    Disk().lock(path)()


def test_uuids_are_random_and_of_version_4() -> None:
    drawn = {new_uuid() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(UUID.match(uuid) and uuid[14] == "4" and uuid[19] in "89ab" for uuid in drawn)
