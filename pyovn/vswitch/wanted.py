"""What the database asks for: bridges, ports and controllers as plain values, each port with what is wrong with it, if anything."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.openflow.fields import FIELDS
from pyovn.openflow.match_text import parse_match
from pyovn.ovsdb.row import Ref
from pyovn.ovsdb.store import Store
from pyovn.schemas import vswitch as db
from pyovn.schemas.vswitch import Bridge, Controller, Interface, OpenvSwitch, Port
from pyovn.vswitch.datapath import Kind, Mirror, TunnelConfig, VlanConfig
from pyovn.vswitch.tunnels import GENEVE_PORT, VXLAN_PORT

log = logging.getLogger("bridge")

KINDS = {
    "": Kind.SYSTEM, "system": Kind.SYSTEM, "internal": Kind.INTERNAL, "tap": Kind.TAP, "patch": Kind.PATCH, "geneve": Kind.GENEVE,
    "vxlan": Kind.VXLAN, "dummy": Kind.DUMMY, "dummy-internal": Kind.DUMMY, "dummy-pmd": Kind.DUMMY, "null": Kind.DUMMY,
}  # fmt: skip
"""`Interface.type` values that this switch knows."""

IFACE_TYPES = ("geneve", "internal", "patch", "system", "tap", "vxlan")
DATAPATH_TYPES = ("netdev", "system")


class WantedPort(NamedTuple):
    """An interface as the database has it."""

    row: Interface
    kind: Kind
    mac: int = 0
    peer: str = ""
    tunnel: TunnelConfig | None = None
    vlan: VlanConfig = VlanConfig()
    error: str = ""
    """Why the port cannot be had."""

    @property
    def name(self) -> str:
        """The interface's name."""
        return self.row.name


class WantedController(NamedTuple):
    """A controller as the database has it."""

    row: Controller
    target: str
    inactivity_probe_ms: int


class WantedBridge(NamedTuple):
    """A bridge as the database has it."""

    row: Bridge
    secure: bool
    datapath_id: int | None
    hwaddr: int
    ports: tuple[WantedPort, ...]
    controllers: tuple[WantedController, ...]
    mac_idle_s: float
    mac_limit: int
    mirrors: tuple[Mirror, ...] = ()


def wanted_bridges(store: Store) -> dict[str, WantedBridge]:
    """All bridges by name."""
    found = {}
    rows = store.rows(Bridge)
    for top in store.rows(OpenvSwitch).values():
        for uuid in top.bridges:
            bridge = rows.get(uuid)
            if bridge is not None:
                found[bridge.name] = _bridge(store, bridge)
    return found


def _bridge(store: Store, row: Bridge) -> WantedBridge:
    ports, interfaces, controllers = store.rows(Port), store.rows(Interface), store.rows(Controller)
    mirrors = store.rows(db.Mirror)
    wanted = []
    for port in sorted((ports[uuid] for uuid in row.ports if uuid in ports), key=lambda port: port.name):
        for uuid in port.interfaces:
            if uuid in interfaces:
                wanted.append(_port(interfaces[uuid], port, row))
    other = row.other_config
    return WantedBridge(
        row,
        row.fail_mode == "secure",
        _hexadecimal(other.get("datapath-id", "")),
        mac_number(other.get("hwaddr", "")),
        tuple(wanted),
        tuple(_controller(controllers[uuid]) for uuid in row.controller if uuid in controllers),
        float(_decimal(other.get("mac-aging-time", ""), 300)),
        _decimal(other.get("mac-table-size", ""), 8192),
        tuple(found for uuid in row.mirrors if uuid in mirrors and (found := _mirror(store, mirrors[uuid]))),
    )


def _mirror(store: Store, row: db.Mirror) -> Mirror | None:
    """A mirror; None if nobody can tell what it asks of packets. Where they come from is not for its filter to ask."""
    ports, interfaces = store.rows(Port), store.rows(Interface)

    def names(refs: Iterable[str]) -> frozenset[str]:
        found = (ports[Ref(ref)] for ref in refs if ref in ports)
        return frozenset(interfaces[ref].name for port in found for ref in port.interfaces if ref in interfaces)

    try:
        asks = parse_match(row.filter or "")
    except ValueError as problem:
        log.warning("filter is invalid: %s", problem)
        return None
    if asks.get(FIELDS["in_port"])[1]:
        log.warning("filter is invalid due to in_port field.")
        return None
    sources, targets = (None, None) if row.select_all else (names(row.select_src_port), names(row.select_dst_port))
    output = min(names([row.output_port] if row.output_port else []), default="")
    return Mirror(row.uuid, sources, targets, frozenset(row.select_vlan), asks, output, row.output_vlan or 0, row.snaplen or 0)


def _controller(row: Controller) -> WantedController:
    return WantedController(row, row.target, 5000 if row.inactivity_probe is None else row.inactivity_probe)


def _port(row: Interface, port: Port, bridge: Bridge) -> WantedPort:
    kind = Kind.INTERNAL if row.name == bridge.name else KINDS.get(row.type)
    if kind is None:
        reason = f"could not open network device {row.name} (Address family not supported by protocol)"
        return WantedPort(row, Kind.SYSTEM, error=reason)
    wanted = WantedPort(row, kind, mac_number(row.mac or ""), vlan=_vlan(port))
    if kind is Kind.PATCH:
        peer = row.options.get("peer", "")
        error = "" if peer and peer != row.name else f"{row.name}: patch type requires valid 'peer' argument"
        return wanted._replace(peer=peer, error=error)
    if kind.is_tunnel:
        try:
            return wanted._replace(tunnel=_tunnel(kind, row.options))
        except ValueError:
            return wanted._replace(error=f"{row.name}: {kind.value} type requires valid 'remote_ip' argument")
    return wanted


def _vlan(port: Port) -> VlanConfig:
    mode = port.vlan_mode or ("trunk" if port.tag is None else "access")
    return VlanConfig(mode, port.tag or 0, frozenset(port.trunks))


def _tunnel(kind: Kind, options: dict[str, str]) -> TunnelConfig:
    """A tunnel's options; ValueError if it has no usable remote address."""
    remote = _address(options.get("remote_ip", "0.0.0.0" if kind is Kind.VXLAN else ""))
    local = _address(options.get("local_ip", "0.0.0.0"))
    if remote == 0 and kind is Kind.GENEVE:
        raise ValueError("remote_ip")
    key = options.get("key", "")
    family = 6 if ":" in options.get("remote_ip", "") or ":" in options.get("local_ip", "") else 4
    return TunnelConfig(
        remote, local, family, _key(options.get("out_key", key)), _key(options.get("in_key", key)),
        _decimal(options.get("dst_port", ""), GENEVE_PORT if kind is Kind.GENEVE else VXLAN_PORT),
        _decimal(options.get("tos", ""), 0), _decimal(options.get("ttl", ""), 64), options.get("csum") == "true",
    )  # fmt: skip


def _address(text: str) -> int | None:
    return None if text == "flow" else int(ip_address(text))


def _key(text: str) -> int | None:
    return None if text == "flow" else _decimal(text, 0)


def _decimal(text: str, default: int) -> int:
    try:
        return int(text, 0)
    except ValueError:
        return default


def _hexadecimal(text: str) -> int | None:
    """A datapath id: 16 hexadecimal digits, or 0x and up to 16 of them; anything else counts as not given."""
    digits = text.removeprefix("0x")
    if (len(digits) != 16 and digits == text) or len(digits) > 16:
        return None
    try:
        return int(digits, 16) or None
    except ValueError:
        return None


def mac_number(text: str) -> int:
    """An Ethernet address as a number, 0 for anything else."""
    digits = text.replace(":", "")
    try:
        return int(digits, 16) if len(digits) == 12 and text.count(":") == 5 else 0
    except ValueError:
        return 0


def mac_text(number: int) -> str:
    """An Ethernet address as text."""
    return number.to_bytes(6, "big").hex(":")
