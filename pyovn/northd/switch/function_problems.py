"""Network functions that cannot do what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.flow import Problem
from pyovn.northd.function_health import active, fallback, port_name, probe_addresses
from pyovn.northd.switch.acl_policy import policy, redirections
from pyovn.northd.switch.network_functions import pair_on
from pyovn.query import Engine
from pyovn.schemas.nb import NetworkFunction, NetworkFunctionGroup


def group(db: Engine, ref: str) -> Iterator[Problem]:
    """A group of which no member can be used."""
    row = db.get(NetworkFunctionGroup, ref)
    if row is not None and not row.network_function:
        yield Problem("Network_Function_Group", row.name, "has no network_function; add one with nfg-add-nf")
    elif row is not None and active(db, ref) is None:
        yield Problem("Network_Function_Group", row.name, f"no healthy network_function is in it; fallback to {fallback(row)}")


def function(db: Engine, ref: str) -> Iterator[Problem]:
    """A health check without addresses to probe between, or without a port to probe."""
    row = db.get(NetworkFunction, ref)
    if row is None or row.health_check is None:
        return
    if probe_addresses(db) is None:
        fact = "its health is not checked: NB_Global's options svc_monitor_ip and svc_monitor_ip_dst are not two addresses"
        yield Problem("Network_Function", row.name, fact)
    for port in (row.outport, row.inport):
        if topology.switch_port(db, port) is None:
            yield Problem("Network_Function", row.name, f"its health is not checked: port {port_name(db, port)} is on no switch")


def of_switch(db: Engine, ref: str) -> Iterator[Problem]:
    """A switch from which the function in use is not reached, or where answers would not find it."""
    switch = topology.switch(db, ref)
    for members, _ in redirections(db, ref) if switch else ():
        row, used_by = db.get(NetworkFunction, active(db, members) or ""), db.get(NetworkFunctionGroup, members)
        name = switch.name if switch else ""
        if row is not None and pair_on(db, ref, row) is None:
            fact = f"ports not found on switch {name}; give it children of {port_name(db, row.inport)} and {port_name(db, row.outport)}"
            yield Problem("Network_Function", row.name, fact)
        if used_by is not None and not policy(db, ref).is_stateful:
            fact = f"switch {name} tracks no connections; ACLs with network functions are ignored there until one is allow-related"
            yield Problem("Network_Function_Group", used_by.name, fact)


PARTS = ((NetworkFunctionGroup, group), (NetworkFunction, function))
"""What speaks of such problems, beside the switches."""
