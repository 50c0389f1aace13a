"""What the database is told: numbers and states of ports, errors, datapath ids, sessions, counters; only what differs is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyovn.openflow.session import Role
from pyovn.ovsdb.operation import Operation, Update, by_uuid
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.store import Store
from pyovn.schemas import vswitch as db
from pyovn.vswitch.bridges import BridgeState, Plant, PortState
from pyovn.vswitch.datapath import Kind
from pyovn.vswitch.liveness import status
from pyovn.vswitch.wanted import DATAPATH_TYPES, IFACE_TYPES, mac_text

CAPABILITIES = {
    "add_mpls": "true", "check_pkt_len": "true", "clone": "true", "ct_clear": "true", "ct_eventmask": "true", "ct_flush": "true",
    "ct_label": "true", "ct_mark": "true", "ct_orig_tuple": "true", "ct_orig_tuple6": "true", "ct_state": "true",
    "ct_state_nat": "true", "ct_timeout": "true", "ct_zero_snat": "true", "ct_zone": "true", "explicit_drop_action": "true",
    "lb_output_action": "false", "masked_set_action": "true", "max_hash_alg": "1", "max_mpls_depth": "3", "max_vlan_headers": "1",
    "nd_ext": "true", "psample": "false", "recirc": "true", "sample_nesting": "true", "tnl_push_pop": "true", "trunc": "true",
    "ufid": "true",
}  # fmt: skip
"""What `Datapath.capabilities` says of this switch, in the words of the schema's manual."""

ROLES = {Role.EQUAL: "other", Role.MASTER: "master", Role.SLAVE: "slave", Role.NOCHANGE: "other"}


def report(plant: Plant, store: Store, *, counters: bool) -> list[Operation]:
    """The operations that bring the database up to date; counters only when they are due."""
    operations: list[Operation] = []
    for state in plant.bridges.values():
        operations += _differences(store, db.Bridge, state.wanted.row, _of_bridge(state))
        for entry in state.ports.values():
            operations += _differences(store, db.Interface, entry.wanted.row, _of_interface(plant, state, entry, counters))
        operations += _of_controllers(plant, store, state)
        operations += _of_mirrors(store, state) if counters else ()
    for top in store.rows(db.OpenvSwitch).values():
        wanted: dict[str, Any] = {"datapath_types": DATAPATH_TYPES, "iface_types": IFACE_TYPES, "dpdk_initialized": False}
        if plant.settled:
            wanted["cur_cfg"] = top.next_cfg
        operations += _differences(store, db.OpenvSwitch, top, wanted)
        for uuid in top.datapaths.values():
            datapath = store.rows(db.Datapath).get(uuid)
            if datapath is not None:
                operations += _differences(store, db.Datapath, datapath, {"capabilities": CAPABILITIES})
    return operations


def _differences(store: Store, table: type[Table], row: Table, wanted: Mapping[str, Any]) -> Iterator[Operation]:
    """An update of the columns that are not yet as wanted."""
    current = store.rows(table).get(row.uuid)
    if current is None:
        return
    changed = {name: value for name, value in wanted.items() if getattr(current, name) != value}
    if changed:
        yield Update(table, by_uuid(row.uuid), changed)


def _of_bridge(state: BridgeState) -> dict[str, Any]:
    return {"datapath_id": f"{state.bridge.datapath_id:016x}", "datapath_version": "<built-in>"}


def _of_interface(plant: Plant, state: BridgeState, entry: PortState, counters: bool) -> dict[str, Any]:
    if entry.opening:
        return {}
    port = entry.port
    if port is None:
        empty = {"mac_in_use": None, "admin_state": None, "link_state": None, "mtu": None, "ifindex": None, "link_resets": None}
        return {"ofport": -1, "error": entry.error or None, "statistics": {}, "bfd_status": {}, **empty}
    told: dict[str, Any] = {
        "ofport": port.number,
        "error": _patch_error(plant, entry),
        "mac_in_use": mac_text(port.mac),
        "admin_state": "up" if port.admin_up else "down",
        "link_state": "up" if port.up else "down",
        "mtu": port.mtu or None,
        "ifindex": entry.ifindex,
        "link_resets": 0,
        "bfd_status": status(port.monitor),
    }
    if counters or not entry.wanted.row.statistics:
        told["statistics"] = {
            "rx_bytes": port.rx_bytes,
            "rx_dropped": port.rx_dropped,
            "rx_packets": port.rx_packets,
            "tx_bytes": port.tx_bytes,
            "tx_dropped": port.tx_dropped,
            "tx_packets": port.tx_packets,
        }
    return told


def _of_mirrors(store: Store, state: BridgeState) -> Iterator[Operation]:
    for mirror in state.bridge.mirrors:
        row = store.rows(db.Mirror).get(Ref(mirror.uuid))
        if row is not None:
            yield from _differences(store, db.Mirror, row, {"statistics": {"tx_bytes": mirror.bytes, "tx_packets": mirror.packets}})


def _patch_error(plant: Plant, entry: PortState) -> str | None:
    if entry.wanted.kind is not Kind.PATCH:
        return entry.error or None
    peer = plant.datapath.patches.get(entry.wanted.peer)
    if peer is not None and peer[1].peer == entry.wanted.name:
        return None
    return f"No usable peer '{entry.wanted.peer}' exists in 'system' datapath."


def _of_controllers(plant: Plant, store: Store, state: BridgeState) -> Iterator[Operation]:
    sessions = {s.target: s for s in plant.agent.sessions if s.bridge == state.bridge.name and not s.service}
    for controller in state.wanted.controllers:
        session = sessions.get(controller.target)
        connected = session is not None and session.channel.connected
        told = {
            "is_connected": connected,
            "role": ROLES[session.role] if session is not None else "other",
            "status": {"state": "ACTIVE"} if connected else {"state": "BACKOFF"},
        }
        yield from _differences(store, db.Controller, controller.row, told)
