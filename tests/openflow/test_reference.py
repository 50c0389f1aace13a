"""The reference's `ovs-ofctl` reads every message that is made here; run where PYOVN_REFERENCE names a folder of its programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pyovn.openflow.match_text import format_flow
from pyovn.openflow.message import Message, PacketIn, Resume, TableFeaturesReply
from pyovn.openflow.message_codec import encode
from pyovn.packet.flow import parse_flow
from tests.openflow.test_message_codec import CASES
from tests.packet.frames import FRAMES


def _program(name: str) -> str:
    folder = Path(os.environ.get("PYOVN_REFERENCE", "/nonexistent"))
    found = next((path for path in (folder / name, folder / "bin" / name) if path.exists()), None)
    if found is None:
        pytest.skip(f"PYOVN_REFERENCE names no folder with {name}")
    return str(found)


def _is_private(message: Message) -> bool:
    """What a switch continues with is its own; table features must be all or none for the reference."""
    packet = message.packet if isinstance(message, Resume) else message
    return isinstance(packet, TableFeaturesReply) or (isinstance(packet, PacketIn) and bool(packet.continuation))


@pytest.mark.integration
def test_every_message_is_understood(tmp_path: Path) -> None:
    program = _program("ovs-ofctl")
    cases = [case for case in CASES if not _is_private(case[0])]
    messages = b"".join(encode(message, version, number) for number, (message, version) in enumerate(cases))
    (tmp_path / "messages").write_bytes(messages)
    printed = subprocess.run([program, "ofp-parse", str(tmp_path / "messages")], capture_output=True, text=True, timeout=60)
    lines = printed.stdout.splitlines()
    assert [line for line in lines if "decode error" in line] == []
    assert sum("(xid=0x" in line for line in lines) >= len(cases)


@pytest.mark.integration
def test_every_frame_has_the_same_fields() -> None:
    program = _program("ovs-ofctl")
    for frame in FRAMES:
        printed = subprocess.run([program, "parse-packet"], input=frame, capture_output=True, timeout=10).stdout.decode()
        assert format_flow(parse_flow(frame, vlan_limit=2)) == printed.split("\n")[0].split(" ")[0]
