"""The OpenFlow rules that a switch has for a southbound row, for `lflow-list --ovs`: the row's uuid begins with their cookie."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.runtime.openflow_client import OpenFlowClient


class Rules:
    """Lines for the rules of a row; none at all without a switch."""

    def __init__(self, switch: OpenFlowClient | None = None, *, stats: bool = False) -> None:
        self.switch = switch
        self.stats = stats

    def of(self, row: Row) -> str:
        """The rules of a row."""
        if self.switch is None:
            return ""
        from pyovn.openflow.flow_text import format_flow_stats, format_rule

        form = format_flow_stats if self.stats else format_rule
        return "".join(f"    {form(flow)}\n" for flow in self.switch.flows(int(row.uuid[:8], 16)))


def rules_of(sb: Rows, ovs: str | bool, stats: bool) -> Rules:
    """What --ovs and --stats ask for; a switch that cannot be reached gets a word in the log."""
    if ovs is False:
        return Rules()
    from pyovn.cli.packages import reach_packages

    reach_packages()
    from pyovn.runtime.blocking import ConnectError
    from pyovn.runtime.openflow_client import OpenFlowClient

    remote = ovs if isinstance(ovs, str) else f"unix:{sb.env.get('OVS_RUNDIR') or '/var/run/openvswitch'}/br-int.mgmt"
    try:
        return Rules(OpenFlowClient(remote, sb.tls), stats=stats)
    except ConnectError as error:
        sb.warnings.append(("sbctl", f"{remote}: connection failed ({error})"))
        return Rules()
