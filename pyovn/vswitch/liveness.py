"""BFD on interfaces: who is alive at the other end of a tunnel or a wire, asked and answered beside the flow tables.

`Interface.bfd` configures a monitor, `Interface.bfd_status` says what it sees (ovs-vswitchd.conf.db(5)). Only packets of a
configured session are taken; all others go through the tables as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from pyovn.machine import NEVER
from pyovn.packet import bfd, ethernet, ipv4, udp
from pyovn.packet.bfd_session import CONCATENATED, DIAGNOSTICS, NO_DIAGNOSTIC, PATH_IS_DOWN, STATES, Session, Terms
from pyovn.packet.ethernet import Ethernet, mac_from_text
from pyovn.packet.ipv4 import Ipv4
from pyovn.packet.malformed import Malformed
from pyovn.packet.udp import Udp

if TYPE_CHECKING:
    from pyovn.vswitch.datapath import Port

DESTINATION_MAC = 0x0023_2000_0001
SOURCE_IP, DESTINATION_IP = int(IPv4Address("169.254.1.1")), int(IPv4Address("169.254.1.0"))
INTERNETWORK_CONTROL, HOPS = 0xC0, 255
FIRST_SOURCE_PORT, SOURCE_PORTS = 49152, 16384
LONGEST_MULTIPLIER = 255
CONTROL_AT_LEAST = 100
"""Where data counts as a sign of life, so many receive intervals may pass without a control packet."""
SHORTEST_DECAY_S = 2.0


class Config(NamedTuple):
    """What an interface's `bfd` column asks for; addresses as numbers, 0 for any."""

    min_tx_us: int = 100_000
    min_rx_us: int = 1_000_000
    decay_min_rx_us: int = 0
    multiplier: int = 3
    path_down: bool = False
    data_is_life: bool = False
    check_tunnel_key: bool = False
    local_src_mac: int = 0
    local_dst_mac: int = DESTINATION_MAC
    remote_dst_mac: int = 0
    src_ip: int = SOURCE_IP
    dst_ip: int = DESTINATION_IP
    oam: bool = False


def read_config(bfd_column: Mapping[str, str]) -> Config | None:
    """The configuration in an interface's `bfd` column, None unless it is enabled; values that cannot be read count as not given."""
    if bfd_column.get("enable") != "true":
        return None

    def milliseconds(key: str, default: int) -> int:
        return 1000 * max(1, _number(bfd_column.get(key, ""), default))

    min_rx = milliseconds("min_rx", 1000)
    decay = 1000 * _number(bfd_column.get("decay_min_rx", ""), 0)
    multiplier = _number(bfd_column.get("mult", ""), 3)
    return Config(
        milliseconds("min_tx", 100), min_rx, decay if decay >= min_rx else 0, multiplier if 0 < multiplier <= LONGEST_MULTIPLIER else 3,
        bfd_column.get("cpath_down") == "true", bfd_column.get("forwarding_if_rx") == "true", bfd_column.get("check_tnl_key") == "true",
        _mac(bfd_column, "bfd_local_src_mac", 0), _mac(bfd_column, "bfd_local_dst_mac", DESTINATION_MAC),
        _mac(bfd_column, "bfd_remote_dst_mac", 0), _ip(bfd_column, "bfd_src_ip", SOURCE_IP), _ip(bfd_column, "bfd_dst_ip", DESTINATION_IP),
        bfd_column.get("oam") == "true",
    )  # fmt: skip


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _mac(column: Mapping[str, str], key: str, default: int) -> int:
    try:
        return mac_from_text(column[key]) or default
    except (KeyError, ValueError):
        return default


def _ip(column: Mapping[str, str], key: str, default: int) -> int:
    try:
        return int(IPv4Address(column[key]))
    except (KeyError, AddressValueError):
        return default


@dataclass(slots=True, eq=False)
class Monitor:
    """A session on one port, and what it told so far."""

    port: Port
    config: Config
    session: Session
    on_change: Callable[[], None]
    on_turn: Callable[[], None]
    """Called when traffic may go here that might not before, or no longer."""
    forwarding: bool = False
    flaps: int = 0
    override: bool | None = None
    """What an operator says of `forwarding`, whatever the session says."""
    heard: int = 0
    """Control packets of the session."""
    data_until: float = -1.0
    """Until when data that came counts as a sign of life."""
    control_until: float = -1.0
    now: float = 0.0
    """When the monitor last had anything to do."""
    looked_at: float = 0.0
    seen: int = 0
    """Packets that the port had received when last looked at, without those of the session."""
    idle: bool = False
    """No data came for a while, so fewer control packets are wanted."""

    def changed(self) -> None:
        """The session is another; count when that makes a difference for traffic."""
        self.note(self.now)
        self.on_change()

    def note(self, now: float) -> None:
        """Say anew whether traffic may be sent here."""
        session = self.session
        alive = session.forwarding or (
            self.config.data_is_life and now < min(self.data_until, self.control_until) and session.remote.diagnostic not in PATH_IS_DOWN
        )
        alive = alive if self.override is None else self.override
        if alive is not self.forwarding:
            self.forwarding = alive
            self.flaps += 1
            self.on_change()
            self.on_turn()


@dataclass(slots=True, eq=False)
class Liveness:
    """All monitors of a switch, by interface."""

    monitors: dict[str, Monitor] = field(default_factory=dict)
    at: float = NEVER
    """When one of them next wants attention."""
    news: bool = False
    """Something changed that the database has to be told."""


def configure(liveness: Liveness, port: Port, bfd_column: Mapping[str, str], on_turn: Callable[[], None], now: float) -> None:
    """Begin, change or end the monitor of a port as its interface's row says."""
    config = read_config(bfd_column)
    if config is None:
        if port.monitor is not None:
            forget(liveness, port)
            on_turn()
        return
    if port.monitor is None:
        session = Session(crc32(port.name.encode(), port.mac & 0xFFFFFFFF) | 1, next_at=now)
        monitor = Monitor(port, config, session, lambda: _tell(liveness), on_turn, now=now, looked_at=now)
        session.on_change = monitor.changed
        port.monitor = liveness.monitors[port.name] = monitor
        liveness.news = True
        on_turn()
    port.monitor.config = config
    port.monitor.session.offer(_terms(port.monitor), now)
    liveness.at = min(liveness.at, now)


def forget(liveness: Liveness, port: Port) -> None:
    """End the monitor of a port; harmless if it has none."""
    port.monitor = None
    if liveness.monitors.pop(port.name, None) is not None:
        liveness.news = True


def _tell(liveness: Liveness) -> None:
    liveness.news = True


def _terms(monitor: Monitor) -> Terms:
    config = monitor.config
    min_rx = config.decay_min_rx_us if monitor.idle and config.decay_min_rx_us else config.min_rx_us
    return Terms(config.min_tx_us, min_rx, config.multiplier, CONCATENATED if config.path_down else NO_DIAGNOSTIC)


def hear(liveness: Liveness, monitor: Monitor, frame: bytes, tunnel_key: int, now: float) -> bool:
    """Take a frame that came in on a monitored port if it belongs to the session; False: it is like any other."""
    config = monitor.config
    if config.check_tunnel_key and tunnel_key:
        return False
    payload = _control_payload(frame, config)
    if payload is None:
        return False
    try:
        packet = bfd.parse(payload)
    except Malformed:
        return True
    monitor.heard += 1
    monitor.now = now
    monitor.control_until = now + CONTROL_AT_LEAST * config.min_rx_us / 1e6
    monitor.session.receive(packet, now)
    liveness.at = min(liveness.at, monitor.session.due())
    return True


def _control_payload(frame: bytes, config: Config) -> bytes | None:
    """What a frame carries if it is to BFD's port over IPv4, and to the address where one is asked for."""
    if frame[12:14] != b"\x08\0" or frame[23:24] != b"\x11":
        return None
    try:
        outer = ethernet.parse(frame)
        packet = ipv4.parse(outer.payload)
        if packet.fragment & 0x3FFF:
            return None
        datagram = udp.parse(packet.payload)
    except Malformed:
        return None
    if datagram.dst != bfd.PORT or (config.remote_dst_mac and outer.dst != config.remote_dst_mac):
        return None
    return datagram.payload


def tick(liveness: Liveness, send: Callable[[Port, bytes, bool], None], now: float) -> None:
    """Let every monitor go on if one is due: `send(port, frame, oam)` sends a frame out of a port, past the tables."""
    if now < liveness.at:
        return
    liveness.at = NEVER
    for monitor in liveness.monitors.values():
        monitor.now = now
        _look_for_data(monitor, now)
        monitor.session.tick(now)
        for packet in monitor.session.take():
            send(monitor.port, build_frame(monitor, packet), monitor.config.oam)
        liveness.at = min(liveness.at, monitor.session.due(), _next_look(monitor))


def _next_look(monitor: Monitor) -> float:
    """When data is next looked for; never, where nothing depends on it."""
    config = monitor.config
    if config.data_is_life:
        return monitor.looked_at + config.min_rx_us / 1e6
    return monitor.looked_at + max(config.decay_min_rx_us / 1e6, SHORTEST_DECAY_S) if config.decay_min_rx_us else NEVER


def _look_for_data(monitor: Monitor, now: float) -> None:
    if now < _next_look(monitor):
        return
    config, data = monitor.config, monitor.port.rx_packets - monitor.heard
    came, monitor.seen = data > monitor.seen, data
    monitor.looked_at = now
    if came:
        monitor.data_until = now + config.min_rx_us / 1e6
    monitor.idle = not came
    monitor.session.offer(_terms(monitor), now)
    monitor.note(now)


def build_frame(monitor: Monitor, packet: bfd.Bfd) -> bytes:
    """The Ethernet frame of a control packet."""
    config = monitor.config
    source = FIRST_SOURCE_PORT + monitor.session.discriminator % SOURCE_PORTS
    datagram = udp.build(Udp(source, bfd.PORT, bfd.build(packet)), config.src_ip, config.dst_ip)
    inner = Ipv4(config.src_ip, config.dst_ip, ipv4.UDP, datagram, HOPS, INTERNETWORK_CONTROL)
    return ethernet.build(Ethernet(config.local_dst_mac, config.local_src_mac or monitor.port.mac, ethernet.TYPE_IPV4, ipv4.build(inner)))


def status(monitor: Monitor | None) -> dict[str, str]:
    """What `Interface.bfd_status` says; nothing without a monitor."""
    if monitor is None:
        return {}
    session = monitor.session
    return {
        "diagnostic": _diagnostic(session.diagnostic),
        "flap_count": str(monitor.flaps),
        "forwarding": _bool(monitor.forwarding),
        "remote_diagnostic": _diagnostic(session.remote.diagnostic),
        "remote_state": STATES[session.remote.state],
        "state": STATES[session.state],
    }


def _diagnostic(number: int) -> str:
    return DIAGNOSTICS[number] if number < len(DIAGNOSTICS) else "Unknown Diagnostic"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def show(monitor: Monitor, now: float) -> str:
    """A monitor as `bfd/show` prints it."""
    session, remote = monitor.session, monitor.session.remote

    def from_now(at: float) -> str:
        return f"now {0 if at == NEVER else round((at - now) * 1000):+d}ms"

    lines = [
        f"Forwarding: {_bool(monitor.forwarding)}",
        f"Detect Multiplier: {session.terms.multiplier}",
        f"Concatenated Path Down: {_bool(monitor.config.path_down)}",
        f"TX Interval: Approx {round(session.interval_s * 1000)}ms",
        f"RX Interval: Approx {max(session.terms.min_rx_us, remote.min_tx_us) // 1000}ms",
        f"Detect Time: {from_now(session.expires_at)}",
        f"Next TX Time: {from_now(session.next_at)}",
        f"Last TX Time: {from_now(session.sent_at)}",
        "",
        f"Local Flags: {_flags(session.sent_flags)}",
        f"Local Session State: {STATES[session.state]}",
        f"Local Diagnostic: {_diagnostic(session.diagnostic)}",
        f"Local Discriminator: {session.discriminator:#x}",
        f"Local Minimum TX Interval: {session.min_tx_us // 1000}ms",
        f"Local Minimum RX Interval: {session.terms.min_rx_us // 1000}ms",
        "",
        f"Remote Flags: {_flags(remote.flags)}",
        f"Remote Session State: {STATES[remote.state]}",
        f"Remote Diagnostic: {_diagnostic(remote.diagnostic)}",
        f"Remote Discriminator: {remote.my_discriminator:#x}",
        f"Remote Minimum TX Interval: {remote.min_tx_us // 1000}ms",
        f"Remote Minimum RX Interval: {remote.min_rx_us // 1000}ms",
        f"Remote Detect Multiplier: {remote.multiplier}",
    ]
    return "".join(f"  {line}\n" if line else "\n" for line in lines)


_FLAG_NAMES = (
    (bfd.MULTIPOINT, "multipoint"), (bfd.DEMAND, "demand"), (bfd.AUTHENTICATED, "auth"),
    (bfd.INDEPENDENT, "ctl"), (bfd.FINAL, "final"), (bfd.POLL, "poll"),
)  # fmt: skip


def _flags(flags: int) -> str:
    return " ".join(name for bit, name in _FLAG_NAMES if flags & bit) or "none"
