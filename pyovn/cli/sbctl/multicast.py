"""Learned multicast groups: ip-multicast-flush (ovn-sbctl(8), "IP Multicast Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.records import find_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("IP multicast commands")


def flush(row: Row) -> None:
    """Have every chassis forget the groups it learned."""
    row["seq_no"] = row["seq_no"] + 1


@family.command
def ip_multicast_flush(sb: Rows, switch: str = "") -> None:
    """Forget who listens to which group on SWITCH, or on all switches."""
    if not switch:
        for row in sb.all("IP_Multicast", "seq_no"):
            flush(row)
        return
    datapath = find_record(sb, sb.schema.tables["Datapath_Binding"], switch)
    if datapath is None:
        raise CommandError(f"{switch} is not a valid datapath")
    for row in sb.find("IP_Multicast", "datapath", datapath.uuid):
        flush(row)
