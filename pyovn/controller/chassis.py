"""This host's own rows in the southbound database: Chassis, its Encaps, and Chassis_Private."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyovn.controller.facts import process
from pyovn.controller.host import (
    Encapsulation,
    bridge_mappings,
    chassis_name,
    encapsulations,
    integration_bridge,
    is_true,
    open_vswitch,
    setting,
    transport_zones,
)
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Named, Operation, Update, by_uuid
from pyovn.query import Engine, query
from pyovn.schemas import sb, vswitch

FEATURES = {
    "ct-commit-nat-v2": "true",
    "ct-commit-to-zone": "true",
    "ct-label-flush": "true",
    "ct-next-zone": "true",
    "ct-no-masked-label": "true",
    "ct-state-save": "true",
    "fdb-timestamp": "true",
    "ls-dpg-column": "true",
    "mac-binding-timestamp": "true",
    "ovn-ct-lb-related": "true",
    "ovn-sample-with-registers": "true",
    "port-up-notif": "true",
}
"""What this agent can do: northd writes flows that need it only once every chassis says so."""

_ECHOED = {
    "ovn-chassis-mac-mappings": "",
    "ovn-cms-options": "",
    "ovn-evpn-local-ip": "",
    "ovn-evpn-vxlan-ports": "",
    "ovn-limit-lflow-cache": "",
    "ovn-memlimit-lflow-cache-kb": "",
    "ovn-trim-limit-lflow-cache": "",
    "ovn-trim-timeout-ms": "",
    "ovn-trim-wmark-perc-lflow-cache": "",
}
"""Settings told to everyone as they are, with what stands for one that was not made."""


@query
def other_config(db: Engine) -> tuple[tuple[str, str], ...]:
    """The keys that this agent keeps in Chassis.other_config."""
    ref = open_vswitch(db)
    switch = db.get(vswitch.OpenvSwitch, ref) if ref else None
    bridge_ref = integration_bridge(db)
    bridge = db.get(vswitch.Bridge, bridge_ref) if bridge_ref else None
    said = {key: setting(db, key) or default for key, default in _ECHOED.items()}
    return tuple({
        **FEATURES,
        **said,
        "datapath-type": bridge.datapath_type if bridge else "",
        "iface-types": ",".join(switch.iface_types) if switch else "",
        "is-interconn": "true" if is_true(setting(db, "ovn-is-interconn")) else "false",
        "ovn-bridge-mappings": ",".join(f"{network}:{bridge}" for network, bridge in bridge_mappings(db)),
        "ovn-enable-lflow-cache": "true" if is_true(setting(db, "ovn-enable-lflow-cache"), default=True) else "false",
        "ovn-monitor-all": "true" if is_true(setting(db, "ovn-monitor-all")) else "false",
    }.items())  # fmt: skip


@query
def chassis_ref(db: Engine) -> str | None:
    """Our Chassis row."""
    name = chassis_name(db)
    return next(iter(db.find(sb.Chassis, "name", name)), None) if name else None


@query
def private_ref(db: Engine) -> str | None:
    """Our Chassis_Private row."""
    name = chassis_name(db)
    return next(iter(db.find(sb.ChassisPrivate, "name", name)), None) if name else None


def hostname(db: Engine) -> str:
    """What the administrator calls this host, else what the system does."""
    return setting(db, "hostname") or process(db).hostname


@query
def chassis_operations(db: Engine) -> tuple[Operation, ...]:
    """What makes our rows as they should be; nothing while the host lacks a name or an address."""
    name, encaps = chassis_name(db), encapsulations(db)
    if not name or not encaps:
        return ()
    ref = chassis_ref(db)
    row = db.get(sb.Chassis, ref) if ref else None
    if row is None:
        return (*_new_chassis(db, name, encaps), *_private(db, name, Named("chassis")))
    return (*_changed_chassis(db, row), *_changed_encaps(db, row, encaps), *_private(db, name, row.uuid))


def _new_chassis(db: Engine, name: str, encaps: tuple[Encapsulation, ...]) -> Iterator[Operation]:
    names = []
    for number, encap in enumerate(encaps):
        names.append(Named(f"encap{number}"))
        yield Insert(sb.Encap, _encap_columns(name, encap), uuid_name=names[-1])
    columns = {
        "name": name, "hostname": hostname(db), "encaps": tuple(names), "other_config": dict(other_config(db)),
        "transport_zones": transport_zones(db),
    }  # fmt: skip
    yield Insert(sb.Chassis, columns, uuid_name="chassis")


def _encap_columns(name: str, encap: Encapsulation) -> dict[str, object]:
    return {"type": encap.type, "ip": encap.ip, "options": dict(encap.options), "chassis_name": name}


def _changed_chassis(db: Engine, row: sb.Chassis) -> Iterator[Operation]:
    columns: dict[str, object] = {}
    if row.hostname != hostname(db):
        columns["hostname"] = hostname(db)
    if row.transport_zones != transport_zones(db):
        columns["transport_zones"] = transport_zones(db)
    wanted = {**row.other_config, **dict(other_config(db))}
    if row.other_config != wanted:
        columns["other_config"] = dict(sorted(wanted.items()))
    if columns:
        yield Update(sb.Chassis, by_uuid(row.uuid), columns)


def _changed_encaps(db: Engine, row: sb.Chassis, encaps: tuple[Encapsulation, ...]) -> Iterator[Operation]:
    held = {}
    for ref in row.encaps:
        encap = db.get(sb.Encap, ref)
        if encap:
            held[Encapsulation(encap.type, encap.ip, tuple(encap.options.items()))] = ref
    names = []
    for number, wanted in enumerate(encaps):
        if wanted not in held:
            names.append(Named(f"encap{number}"))
            yield Insert(sb.Encap, _encap_columns(row.name, wanted), uuid_name=names[-1])
    if names or len(held) != len(encaps):
        kept = [ref for encap, ref in held.items() if encap in encaps]
        yield Update(sb.Chassis, by_uuid(row.uuid), {"encaps": (*kept, *names)})


def _private(db: Engine, name: str, chassis: str) -> Iterator[Operation]:
    ref = private_ref(db)
    row = db.get(sb.ChassisPrivate, ref) if ref else None
    if row is None:
        yield Insert(sb.ChassisPrivate, {"name": name, "chassis": chassis})
    elif row.chassis != chassis:
        yield Update(sb.ChassisPrivate, by_uuid(row.uuid), {"chassis": chassis})


def acknowledge(private: sb.ChassisPrivate, nb_cfg: int, wall_ms: int) -> Operation:
    """Say that the switch now holds the rules of `nb_cfg`."""
    return Update(sb.ChassisPrivate, by_uuid(private.uuid), {"nb_cfg": nb_cfg, "nb_cfg_timestamp": wall_ms})


def farewell(db: Engine) -> Iterator[Operation]:
    """What takes this host out of the network when it leaves for good."""
    ref, private = chassis_ref(db), private_ref(db)
    if ref:
        yield Delete(sb.Chassis, by_uuid(ref))
    if private:
        yield Delete(sb.ChassisPrivate, by_uuid(private))


def set_keys(table: type, uuid: str, column: str, held: Mapping[str, str], keys: Mapping[str, str]) -> Operation:
    """Put these keys into a map without touching what others keep in it."""
    old = {key: held[key] for key in keys if key in held and held[key] != keys[key]}
    new = {key: value for key, value in keys.items() if held.get(key) != value}
    changes = [Mutation(column, "delete", old)] if old else []
    return Mutate(table, by_uuid(uuid), [*changes, Mutation(column, "insert", new)])
