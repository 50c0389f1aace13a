"""Control plane protection: copp-add to lr-copp-add (ovn-nbctl(8), "Control Plane Protection Policy commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid, router_of, switch_of, word_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Control Plane Protection Policy commands")

PROTOCOLS = (
    "arp", "arp-resolve", "dhcpv4-opts", "dhcpv6-opts", "dns", "event-elb", "icmp4-error", "icmp6-error", "igmp", "nd-na", "nd-ns",
    "nd-ns-resolve", "nd-ra-opts", "tcp-reset", "bfd", "reject", "svc-monitor", "dhcpv4-relay",
)  # fmt: skip
"""What may be metered (ovn-nb(5), Copp)."""


def find_copp(nb: Rows, name: str) -> Row | None:
    """The policy of this name or uuid, or None."""
    return by_name_or_uuid(nb, "Copp", name)


def check_protocol(protocol: str) -> None:
    """Refuse what cannot be metered."""
    if protocol not in PROTOCOLS:
        raise CommandError(f"Invalid control protocol. Allowed values: {', '.join(PROTOCOLS)}.")


def copp_of(nb: Rows, name: str) -> Row:
    """The policy of this name."""
    found = find_copp(nb, name)
    if found is None:
        raise CommandError(f"{name}: copp {word_for(name)} not found")
    return found


@family.with_usage("NAME PROTO METER")
def copp_add(nb: Rows, name: str, protocol: str, meter: str) -> None:
    """Limit packets of PROTO on their way to the chassis' agent to what METER lets through."""
    check_protocol(protocol)
    row = find_copp(nb, name) if not is_uuid(name) else copp_of(nb, name)
    if row is None:
        nb.new("Copp", name=name, meters={protocol: meter})
    else:
        row.insert("meters", {protocol: meter})


@family.with_usage("NAME [PROTO]")
def copp_del(nb: Rows, name: str, protocol: str | None = None) -> None:
    """Do away with policy NAME, or with its limit for PROTO."""
    if protocol is not None:
        check_protocol(protocol)
    row = find_copp(nb, name)
    if row is None:
        return
    if protocol is not None:
        row.remove("meters", [protocol])
    if protocol is None or not row["meters"]:
        row.delete()


@family.command
def copp_list(nb: Rows, name: str) -> str:
    """Which meter limits each protocol in NAME, or in every policy."""
    row = find_copp(nb, name)
    return "".join(f"{protocol}: {meter}\n" for protocol, meter in sorted(row["meters"].items())) if row is not None else ""


@family.with_usage("NAME SWITCH")
def ls_copp_add(nb: Rows, name: str, switch: str) -> None:
    """Protect the agents from what SWITCH sends them, as NAME says."""
    home = switch_of(nb, switch)
    home["copp"] = copp_of(nb, name).uuid


@family.with_usage("NAME ROUTER")
def lr_copp_add(nb: Rows, name: str, router: str) -> None:
    """Protect the agents from what ROUTER sends them, as NAME says."""
    home = router_of(nb, router)
    home["copp"] = copp_of(nb, name).uuid
