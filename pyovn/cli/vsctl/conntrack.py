"""Connection tracking of a datapath: timeout policies and limits of zones (ovs-vsctl(8), "Connection Tracking Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import leading_integer
from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Connection Tracking commands")

LAST_ZONE = 65535
LARGEST_LIMIT = 0xFFFFFFFF


def find_datapath(vs: Rows, kind: str) -> Row | None:
    """The datapath of this type, or None."""
    uuid = vs.singleton("Open_vSwitch")["datapaths"].get(kind)
    return vs.one("Datapath", uuid, "ct_zones")


def datapath_of(vs: Rows, kind: str) -> Row:
    """The datapath of this type."""
    found = find_datapath(vs, kind)
    if found is None:
        raise CommandError(f"datapath {kind} does not exist")
    return found


def listed_datapath(vs: Rows, kind: str) -> Row:
    """The datapath of this type, for a listing."""
    found = find_datapath(vs, kind)
    if found is None:
        raise CommandError(f"datapath: {kind} record not found")
    return found


def zone_argument(text: str) -> int:
    """zone=N."""
    number = leading_integer(text.removeprefix("zone="))
    if not text.startswith("zone=") or number is None:
        raise CommandError(f"invalid zone argument, {text}")
    return number


def zone_row(vs: Rows, datapath: Row, zone: int) -> Row | None:
    """The CT_Zone of a zone, or None."""
    return vs.one("CT_Zone", datapath["ct_zones"].get(zone), "timeout_policy", "limit")


def make_zone(vs: Rows, datapath: Row, zone: int) -> Row:
    """The CT_Zone of a zone, made if it is not there."""
    row = zone_row(vs, datapath, zone)
    if row is None:
        row = vs.new("CT_Zone")
        datapath.insert("ct_zones", {zone: row.uuid})
    return row


def drop_if_empty(datapath: Row, zone: int, row: Row) -> None:
    """Remove a zone that says nothing any more."""
    if row["timeout_policy"] is None and row["limit"] is None:
        datapath.remove("ct_zones", [zone])
        row.delete()


@family.with_usage("DATAPATH zone=ZONE KEY=TIMEOUT...", minimum=3)
def add_zone_tp(vs: Rows, kind: str, zone: str, *timeouts: str, may_exist: bool = False) -> None:
    """Say how long connections of ZONE of DATAPATH are remembered."""
    number = zone_argument(zone)
    datapath = datapath_of(vs, kind)
    held = zone_row(vs, datapath, number)
    if held is not None and held["timeout_policy"] and not may_exist:
        raise CommandError(f"zone id {number} already has a policy")
    split = [timeout.partition("=") for timeout in timeouts]
    policy = vs.new("CT_Timeout_Policy", timeouts={key: int(value) if value.isdigit() else 0 for key, _, value in sorted(split)})
    make_zone(vs, datapath, number)["timeout_policy"] = policy.uuid


@family.with_usage("DATAPATH zone=ZONE")
def del_zone_tp(vs: Rows, kind: str, zone: str, *, if_exists: bool = False) -> None:
    """Let connections of ZONE be remembered as long as usual."""
    number = zone_argument(zone)
    datapath = datapath_of(vs, kind)
    held = zone_row(vs, datapath, number)
    if held is None or not held["timeout_policy"]:
        if if_exists:
            return
        raise CommandError(f"zone id {number} does not have a policy")
    held["timeout_policy"] = None
    drop_if_empty(datapath, number, held)


@family.command
def list_zone_tp(vs: Rows, datapath: str) -> str:
    """How long connections of each zone of DATAPATH are remembered."""
    row = listed_datapath(vs, datapath)
    lines = []
    for zone in sorted(row["ct_zones"]):
        held = zone_row(vs, row, zone)
        policy = vs.one("CT_Timeout_Policy", held["timeout_policy"], "timeouts") if held is not None else None
        timeouts = " ".join(f"{key}={value}" for key, value in sorted(policy["timeouts"].items())) if policy is not None else ""
        lines.append(f"Zone:{zone}, Timeout Policies: {timeouts or 'system default'}\n")
    return "".join(lines)


@family.command
def list_dp_cap(vs: Rows, datapath: str) -> str:
    """What DATAPATH can do."""
    row = find_datapath(vs, datapath)
    if row is None:
        raise CommandError(f'datapath "{datapath}" record not found')
    return " ".join(f"{key}={value}" for key, value in sorted(row["capabilities"].items())) + "\n"


def limit_zone(text: str) -> int | None:
    """A zone, or None for `default`."""
    if text == "default":
        return None
    number = leading_integer(text)
    if number is None:
        raise CommandError(f"invalid zone id, {text}")
    return number


@family.with_usage("DATAPATH ZONE|default LIMIT")
def set_zone_limit(vs: Rows, datapath: str, zone: str, limit: str) -> None:
    """Let a zone of the connection tracker of DATAPATH, or each without a limit of its own, hold so many connections."""
    number = limit_zone(zone)
    most = leading_integer(limit)
    if most is None:
        raise CommandError(f"invalid limit, {limit}")
    row = datapath_of(vs, datapath)
    if not 0 <= most <= LARGEST_LIMIT:
        raise CommandError(f"limit ({most}) out of range")
    if number is None:
        row["ct_zone_default_limit"] = most
        return
    if not 0 <= number <= LAST_ZONE:
        raise CommandError(f"zone_id ({number}) out of range")
    make_zone(vs, row, number)["limit"] = most


@family.with_usage("DATAPATH ZONE|default")
def del_zone_limit(vs: Rows, datapath: str, zone: str, *, if_exists: bool = False) -> None:
    """Take the limit of a zone, or the usual one, away."""
    number = limit_zone(zone)
    row = datapath_of(vs, datapath)
    if number is None:
        if row["ct_zone_default_limit"] is None and not if_exists:
            raise CommandError(f"datapath {datapath} does not have a limit")
        row["ct_zone_default_limit"] = None
        return
    held = zone_row(vs, row, number)
    if held is None or held["limit"] is None:
        if if_exists:
            return
        raise CommandError(f"zone_id {number} does not have a limit")
    held["limit"] = None
    drop_if_empty(row, number, held)


@family.command
def list_zone_limits(vs: Rows, datapath: str) -> str:
    """How many connections each zone of DATAPATH may hold."""
    row = listed_datapath(vs, datapath)
    lines = []
    if row["ct_zone_default_limit"] is not None:
        lines.append(f"Default, Limit: {row['ct_zone_default_limit']}\n")
    for zone in sorted(row["ct_zones"]):
        held = zone_row(vs, row, zone)
        if held is not None and held["limit"] is not None:
            lines.append(f"Zone: {zone}, Limit: {held['limit']}\n")
    return "".join(lines)
