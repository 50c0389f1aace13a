"""Meters: meter-add, meter-del, meter-list (ovn-nbctl(8), "Meter Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import is_integer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Meter commands")

MOST = 0xFFFFFFFF


def number(text: str, what: str, low: int) -> int:
    """A rate or burst."""
    if not is_integer(text) or not low <= int(text) <= MOST:
        raise CommandError(f"{what} must be in the range {low}...{MOST}")
    return int(text)


@family.with_usage("NAME ACTION RATE UNIT [BURST]", minimum=4, maximum=5)
def meter_add(nb: Rows, name: str, action: str, rate: str, *unit_and_burst: str, fair: bool = False, may_exist: bool = False) -> None:
    """Make a limit of RATE, in packets or kilobits a second, for rules to name."""
    unit, *burst = unit_and_burst
    held = nb.first("Meter", "name", name)
    if held is not None and not may_exist:
        raise CommandError(f'meter with name "{name}" already exists')
    if name.startswith("__"):
        raise CommandError('meter names that begin with "__" are reserved')
    if action != "drop":
        raise CommandError('action must be "drop"')
    amount = number(rate, "rate", 1)
    if unit not in ("kbps", "pktps"):
        raise CommandError('unit must be "kbps" or "pktps"')
    band = nb.new("Meter_Band", action=action, rate=amount, burst_size=number(burst[0], "burst", 0) if burst else 0)
    columns: dict[str, Any] = {"name": name, "unit": unit, "bands": [band.uuid]}
    if fair:
        columns["fair"] = True
    if held is None:
        nb.new("Meter", **columns)
    else:
        held["unit"], held["bands"], held["fair"] = unit, [band.uuid], fair or None


@family.command
def meter_del(nb: Rows, name: str = "") -> None:
    """Do away with one limit, or with all."""
    rows = nb.find("Meter", "name", name)[:1] if name else nb.all("Meter")
    for row in rows:
        row.delete()


@family.command
def meter_list(nb: Rows) -> str:
    """Every limit, with its bands."""
    meters = sorted(nb.all("Meter", "name", "unit", "bands", "fair"), key=lambda row: str(row["name"]))
    return "".join(meter_text(nb, meter) for meter in meters)


def meter_text(nb: Rows, meter: Row) -> str:
    """A meter and its bands."""
    lines = [f"{meter['name']}:{' (fair)' if meter['fair'] else ''} bands:\n"]
    for band in nb.rows("Meter_Band", meter["bands"], "action", "rate", "burst_size"):
        size = {"kbps": "kb", "pktps": "packet"}.get(meter["unit"], "")
        burst = f", {band['burst_size']} {size} burst" if band["burst_size"] else ""
        lines.append(f"  {band['action']}: {band['rate']} {meter['unit']}{burst}\n")
    return "".join(lines)
