"""ACL_ID: a number for each ACL that keeps what it once allowed; conntrack remembers connections by it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import AclNumber
from pyovn.northd.settings import flag
from pyovn.northd.southbound.datapaths import KeyRequest
from pyovn.northd.southbound.wanted import Wanted, wanted
from pyovn.query import Engine, each
from pyovn.schemas import nb, sb

MAX_ID = 32767


def _request(db: Engine, ref: str) -> Iterator[KeyRequest]:
    row = db.get(nb.ACL, ref)
    if row is not None and row.action == "allow-related" and flag(row.options, "persist-established"):
        yield KeyRequest("", ref, 0)


ACL_IDS = each((nb.ACL, _request))
"""Which ACLs need a number."""


def acl_id(db: Engine, ref: str) -> Iterator[Wanted]:
    """The row with an ACL's number."""
    allotted = db.get(AclNumber, ref)
    if allotted is not None:
        yield wanted(sb.ACLID, ref, id=allotted.key)
