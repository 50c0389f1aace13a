"""Which connections a flush is about."""

from __future__ import annotations

from collections.abc import Callable

from pyovn.openflow.commands import CtFlush, CtTuple
from pyovn.packet.flow import ICMP, ICMPV6
from pyovn.vswitch.conntrack.key import Key
from pyovn.vswitch.conntrack.table import Connection


def meant_by(command: CtFlush) -> Callable[[Connection], bool]:
    """The test that tells a flush's connections from others."""
    return lambda connection: _meant(command, connection)


def _meant(command: CtFlush, connection: Connection) -> bool:
    key = connection.key
    if command.zone is not None and key.zone != command.zone:
        return False
    if (command.family and key.family != command.family) or (command.protocol and key.protocol != command.protocol):
        return False
    for wanted, have in ((command.mark, connection.mark), (command.labels, connection.label)):
        if wanted is not None and (wanted[0] ^ have) & wanted[1]:
            return False
    return _fits(command.original, key) and _fits(command.reply, connection.answer)


def _fits(wanted: CtTuple, key: Key) -> bool:
    pairs = [(wanted.src, key.src), (wanted.dst, key.dst)]
    if key.protocol in (ICMP, ICMPV6):
        pairs += [(wanted.icmp_id, key.sport), (wanted.icmp_type, key.dport), (wanted.icmp_code, 0)]
    else:
        pairs += [(wanted.src_port, key.sport), (wanted.dst_port, key.dport)]
    return all(value is None or value == have for value, have in pairs)
