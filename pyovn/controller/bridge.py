"""The integration bridge: made where it is missing, otherwise left as its owner configured it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.chassis import set_keys
from pyovn.controller.facts import process
from pyovn.controller.host import bridge_name, chassis_name, integration_bridge, open_vswitch, setting
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Named, Operation, Update, by_uuid
from pyovn.query import Engine, query
from pyovn.schemas import vswitch


@query
def bridge_operations(db: Engine) -> tuple[Operation, ...]:
    """What makes the bridge exist and its settings right."""
    ref = open_vswitch(db)
    switch = db.get(vswitch.OpenvSwitch, ref) if ref else None
    if switch is None:
        return ()
    bridge_ref = integration_bridge(db)
    bridge = db.get(vswitch.Bridge, bridge_ref) if bridge_ref else None
    return (
        *(_new_bridge(db, switch) if bridge is None else _settings(db, bridge)),
        *_switch_settings(db, switch),
    )


def _new_bridge(db: Engine, switch: vswitch.OpenvSwitch) -> Iterator[Operation]:
    name = bridge_name(db)
    yield Insert(vswitch.Interface, {"name": name, "type": "internal"}, uuid_name="interface")
    yield Insert(vswitch.Port, {"name": name, "interfaces": (Named("interface"),)}, uuid_name="port")
    columns = {
        "name": name, "fail_mode": "secure", "ports": (Named("port"),),
        "datapath_type": setting(db, "ovn-bridge-datapath-type") or "system",
        # The address is fixed because a bridge takes the lowest of its ports', and whoever changes its address loses its connections.
        "other_config": {"disable-in-band": "true", "hwaddr": process(db).bridge_mac},
        "external_ids": {"ovn-startup-ts": str(process(db).startup_ms)},
    }  # fmt: skip
    yield Insert(vswitch.Bridge, columns, uuid_name="bridge")
    yield Mutate(vswitch.OpenvSwitch, by_uuid(switch.uuid), [Mutation("bridges", "insert", (Named("bridge"),))])


def _settings(db: Engine, bridge: vswitch.Bridge) -> Iterator[Operation]:
    kind = setting(db, "ovn-bridge-datapath-type") or bridge.datapath_type or "system"
    if kind != bridge.datapath_type:
        yield Update(vswitch.Bridge, by_uuid(bridge.uuid), {"datapath_type": kind})
    started = str(process(db).startup_ms)
    if bridge.external_ids.get("ovn-startup-ts") != started:
        yield set_keys(vswitch.Bridge, bridge.uuid, "external_ids", bridge.external_ids, {"ovn-startup-ts": started})


def _switch_settings(db: Engine, switch: vswitch.OpenvSwitch) -> Iterator[Operation]:
    """VLAN tags are the logical network's business at any depth; and the number that tells agents of one host apart."""
    wanted = {} if "vlan-limit" in switch.other_config else {"vlan-limit": "0"}
    name = chassis_name(db)
    if name and f"ovn-chassis-idx-{name}" not in switch.other_config:
        wanted[f"ovn-chassis-idx-{name}"] = free_index(switch)
    if wanted:
        yield set_keys(vswitch.OpenvSwitch, switch.uuid, "other_config", switch.other_config, wanted)


def free_index(switch: vswitch.OpenvSwitch) -> str:
    """What this agent puts into the names of its tunnels: nothing for the first on a host, then a digit or letter."""
    taken = {value for key, value in switch.other_config.items() if key.startswith("ovn-chassis-idx-")}
    free = [index for index in ("", *"0123456789abcdefghijklmnopqrstuvwxyz") if index not in taken]
    return free[0] if free else ""


def chassis_index(db: Engine) -> str:
    """The number that `free_index` gave."""
    ref = open_vswitch(db)
    switch = db.get(vswitch.OpenvSwitch, ref) if ref else None
    return switch.other_config.get(f"ovn-chassis-idx-{chassis_name(db)}", "") if switch else ""
