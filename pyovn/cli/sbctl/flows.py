"""Logical flows as text: lflow-list, dump-flows and count-flows (ovn-sbctl(8), "Logical Flow Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import HEX
from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.records import find_record
from pyovn.cli.sbctl.rules import Rules, rules_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical flow commands")

COLUMNS = ("logical_datapath", "logical_dp_group", "pipeline", "table_id", "priority", "match", "actions", "external_ids")
PIPELINES = ("ingress", "egress")


class Placed:
    """A logical flow in one of its datapaths."""

    __slots__ = ("datapath", "flow", "order")

    def __init__(self, datapath: Row, flow: Row) -> None:
        self.datapath = datapath
        self.flow = flow
        name = datapath["external_ids"].get("name", "")
        place = PIPELINES.index(flow["pipeline"]), flow["table_id"], -flow["priority"]
        self.order = (name, datapath.uuid, *place, flow["match"], flow["actions"])


def datapath_name(datapath: Row) -> str:
    """"NAME" aka "OTHER" (UUID)."""
    ids = datapath["external_ids"]
    names = [f'"{ids[key]}"' for key in ("name", "name2") if key in ids]
    return " aka ".join(names) + f" ({datapath.uuid})"


def uuid_beginning(text: str) -> str:
    """The digits of a uuid or of its beginning, as it is written in a row or after 0x."""
    digits = text.removeprefix("0x")
    if not digits or len(digits) > 36 or not all(c in HEX or (c == "-" and i in (8, 13, 18, 23)) for i, c in enumerate(digits)):
        raise CommandError(f"{text} is not a UUID or the beginning of a UUID")
    return digits.lower().lstrip("0")


def flows_of(sb: Rows, datapath: Row) -> list[Row]:
    """The flows of one datapath, its own and those of the groups it is in."""
    flows = sb.find("Logical_Flow", "logical_datapath", datapath.uuid, *COLUMNS)
    for group in sb.holding("Logical_DP_Group", "datapaths", datapath.uuid):
        flows += sb.find("Logical_Flow", "logical_dp_group", group.uuid, *COLUMNS)
    return flows


def placed(sb: Rows, datapath: Row | None) -> list[Placed]:
    """Every flow in each of its datapaths, in the order of the listing."""
    if datapath is not None:
        sb.fetch([datapath], ("external_ids",))
        return sorted((Placed(datapath, flow) for flow in flows_of(sb, datapath)), key=lambda one: one.order)
    datapaths = {row.uuid: row for row in sb.all("Datapath_Binding", "external_ids")}
    groups = {row.uuid: row["datapaths"] for row in sb.all("Logical_DP_Group", "datapaths")}
    found = []
    for flow in sb.all("Logical_Flow", *COLUMNS):
        homes = [flow["logical_datapath"]] if flow["logical_datapath"] else []
        homes += groups.get(flow["logical_dp_group"], [])
        found += [Placed(datapaths[uuid], flow) for uuid in homes if uuid in datapaths]
    return sorted(found, key=lambda one: one.order)


def chosen(sb: Rows, arguments: tuple[str, ...]) -> tuple[Row | None, list[str]]:
    """The datapath that the first argument names, if it does, and the beginnings of the flows wanted."""
    datapath = find_record(sb, sb.schema.tables["Datapath_Binding"], arguments[0]) if arguments else None
    return datapath, [uuid_beginning(text) for text in (arguments[1:] if datapath is not None else arguments)]


def flow_line(flow: Row, with_uuid: bool) -> str:
    """One flow."""
    ident = f"uuid=0x{flow.uuid[:8]}, " if with_uuid else ""
    stage = flow["external_ids"].get("stage-name", "")
    return (
        f"  {ident}table={flow['table_id']:<2}({stage:<19}), priority={flow['priority']:<5}, "
        f"match=({flow['match']}), action=({flow['actions']})\n"
    )


def listing(sb: Rows, datapath: Row | None, wanted: list[str], rules: Rules, with_uuid: bool) -> str:
    """The flows under a heading for each pipeline, each with its rules."""
    lines: list[str] = []
    heading = ""
    for one in placed(sb, datapath):
        if wanted and not one.flow.uuid.lstrip("0").startswith(tuple(wanted)):
            continue
        here = f"Datapath: {datapath_name(one.datapath)}  Pipeline: {one.flow['pipeline']}\n"
        if here != heading:
            heading = here
            lines.append(heading)
        lines.append(flow_line(one.flow, with_uuid) + rules.of(one.flow))
    return "".join(lines)


@family.with_usage("[DATAPATH] [LFLOW...]")
def lflow_list(
    sb: Rows, *arguments: str, uuid: bool = False, ovs: str | bool = False, stats: bool = False, vflows: str | bool = False
) -> str:
    """What the pipelines of DATAPATH do, or those of every datapath, table by table."""
    datapath, wanted = chosen(sb, arguments)
    rules = rules_of(sb, ovs, stats)
    text = listing(sb, datapath, wanted, rules, uuid)
    if vflows is False:
        return text
    from pyovn.cli.sbctl.vflows import sections

    return text + sections(sb, datapath, rules, uuid)


@family.with_usage("[DATAPATH] [LFLOW...]")
def dump_flows(
    sb: Rows, *arguments: str, uuid: bool = False, ovs: str | bool = False, stats: bool = False, vflows: str | bool = False
) -> str:
    """The same as lflow-list."""
    text: str = lflow_list(sb, *arguments, uuid=uuid, ovs=ovs, stats=stats, vflows=vflows)
    return text


@family.command
def count_flows(sb: Rows, datapath: str = "") -> str:
    """How many flows each table of DATAPATH has."""
    found = find_record(sb, sb.schema.tables["Datapath_Binding"], datapath) if datapath else None
    flows = [] if datapath and found is None else placed(sb, found)
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for one in flows:
        stage = f"  table={one.flow['table_id']:<2}({one.flow['external_ids'].get('stage-name', ''):<19})"
        stages = counts.setdefault((datapath_name(one.datapath), one.flow["pipeline"]), {})
        stages[stage] = stages.get(stage, 0) + 1
    lines = []
    for (name, pipeline), stages in counts.items():
        lines.append(f"Datapath: {name}  Pipeline: {pipeline}\n")
        lines += [f"{stage} lflows={count}\n" for stage, count in stages.items()]
        lines.append(f"Total number of logical flows in the datapath {name} Pipeline: {pipeline} = {sum(stages.values())}\n\n")
    return "".join([*lines, f"Total number of logical flows = {len(flows)}\n"])
