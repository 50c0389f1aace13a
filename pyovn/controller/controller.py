"""The host's agent as one machine: what the databases say becomes rows and rules, what packets teach becomes rows.

Every tick takes what has changed, lets the queries work out what follows, and sends one transaction to each database and
one bundle to the switch; where nothing follows, nothing is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from pyovn.controller import ct_zones
from pyovn.controller.binding import CLAIMED, UNBOUND, UNMARKED, Binding, Marked, binding_operation
from pyovn.controller.bridge import bridge_operations
from pyovn.controller.chassis import acknowledge, chassis_operations, chassis_ref, farewell, private_ref, set_keys
from pyovn.controller.encaps import tunnel_operations
from pyovn.controller.facts import ALLOCATORS, PROCESS, Allocators, Fact, Process, Ready, Zone
from pyovn.controller.groups import group_mod, meter_mod
from pyovn.controller.ha import bfd_operations
from pyovn.controller.host import chassis_name, integration_bridge
from pyovn.controller.installed import Switch
from pyovn.controller.interest import Interest
from pyovn.controller.patch import patch_operations
from pyovn.controller.rules import RULES
from pyovn.controller.services.desk import Desk
from pyovn.machine import NEVER
from pyovn.openflow.connection import Channel
from pyovn.ovsdb.operation import Mutate, Mutation, Operation, by_uuid
from pyovn.ovsdb.store import Pending, Store
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch

log = logging.getLogger("main")
binding_log = logging.getLogger("binding")

CLAIM_AGAIN_S = 2.0
"""A port that another chassis holds is claimed at most this often."""
RETRY_S, RETRY_MAX_S = 1.0, 8.0
MOST_ROUNDS = 100
"""So many times a tick looks again at what its own transactions have changed."""


@dataclass(slots=True)
class Writer:
    """One database's transactions: one at a time, tried again later and later while they fail."""

    name: str
    store: Store
    pending: Pending | None = None
    sent: Sequence[Operation] = ()
    again_at: float = 0.0
    retry_s: float = RETRY_S
    complaining: bool = False
    """A failure has been told, and none has been over since."""
    count: int = 0
    """Transactions sent so far."""

    @property
    def answered(self) -> bool:
        """The transaction sent last is over."""
        return self.pending is not None and self.pending.done

    def ready(self, now: float) -> bool:
        """The last transaction is over, and so is the wait after its failure."""
        if self.pending is None:
            return now >= self.again_at
        if not self.pending.done:
            return False
        error, self.pending = self.pending.error, None
        if error is None:
            self.retry_s, self.complaining, self.again_at = RETRY_S, False, 0.0
            return True
        self.again_at, self.retry_s = now + self.retry_s, min(2 * self.retry_s, RETRY_MAX_S)
        if not self.complaining:
            self.complaining = True
            log.warning("%s transaction failed: %s", self.name, error)
        return False

    def send(self, operations: Sequence[Operation]) -> bool:
        """Send them, if there are any."""
        if not operations:
            return False
        self.pending = self.store.transact(operations)
        self.count += 1
        return True

    def due(self, now: float) -> float:
        """When to try again."""
        return self.again_at if self.pending is None and self.again_at > now else NEVER


@dataclass(slots=True)
class Acknowledgement:
    """A configuration number on its way: told once the switch has carried out `update`."""

    nb_cfg: int = 0
    update: int = 0
    told: int = -1
    since: float = 0.0


@dataclass(slots=True, eq=False)
class Waiting:
    """Interfaces that are new here, and those whose rules are on their way to the switch, with the update that has them."""

    claimed: dict[str, None] = field(default_factory=dict)
    updates: dict[str, int] = field(default_factory=dict)


class Controller:
    """The agent. It hears of the world through the two stores and the switch's channel; `tick` whenever one of them has news.

    `wall_ms` tells the time of day for stamps.
    """

    def __init__(self, sb_store: Store, ovs_store: Store, switch: Channel, process: Process, wall_ms: Callable[[], int]) -> None:
        self.db = Engine()
        self.sb, self.ovs = Writer("OVN_Southbound", sb_store), Writer("Open_vSwitch", ovs_store)
        self.wall_ms = wall_ms
        self.allocators = Allocators()
        self.switch = Switch(switch, partial(group_mod, self.allocators), partial(meter_mod, self.db, self.allocators))
        self.desk = Desk(self.db)
        self.interest = Interest(self.db, sb_store)
        self.zones: dict[str, int] = {}
        self.paused = False
        self.report_delay_s = 0.0
        """How long a configuration number is held back, for tests of those who wait for it."""
        self._zones_restored = False
        self._whole = False
        """All that concerns this host has been here once, so that what the switch has and nobody wants may go."""
        self._zones_given = 0
        self._seen: tuple[object, ...] | None = None
        """The bridge's row, zones and acknowledgement that were last found to agree."""
        self._waiting = Waiting()
        self._acknowledgement = Acknowledgement()
        self._claimed_at: dict[str, float] = {}
        self._leaving = False
        self._nameless = False
        self._now = 0.0
        self.db.feed([Fact(Process, PROCESS, None, process), Fact(Allocators, ALLOCATORS, None, self.allocators)])

    # The machine

    def receive(self, port: object, data: object, now: float) -> None:
        """Nothing comes this way: the stores and the channel hold what arrived."""

    def tick(self, now: float) -> None:
        """Do all that follows from what has changed."""
        self._now = now
        for _ in range(MOST_ROUNDS):
            before = self.written
            self._round(now)
            # A database in this process has answered already, and there is news.
            if self.written == before or not (self.sb.answered or self.ovs.answered):
                return

    def _round(self, now: float) -> None:
        self.switch.listen(now)
        if self.paused:
            return
        self._feed()
        if self._leaving:
            self._leave()
            return
        self._miss_name()
        if self.ovs.store.synced and self._write_host(now):
            self._feed()
        if not (self.sb.store.synced and self.ovs.store.synced and integration_bridge(self.db)):
            return
        self.interest.follow()
        self._whole = self._whole or self.interest.met
        if not self._whole:
            self._write_network(now)
            return
        self._assign_zones()
        self._program(now)
        self._serve(now)
        self._write_network(now)

    def due(self) -> float:
        """When something happens that nobody announces."""
        claims = [at + CLAIM_AGAIN_S for at in self._claimed_at.values() if at + CLAIM_AGAIN_S > self._now]
        ripe = self._acknowledgement.since + self.report_delay_s
        claims += [ripe] if ripe > self._now and self._acknowledgement.told != self._acknowledgement.nb_cfg else []
        desk = self.desk.due() if self.switch.connected else NEVER
        return min(self.switch.due(), desk, self.sb.due(self._now), self.ovs.due(self._now), *claims, NEVER)

    def take(self) -> list[object]:
        """Nothing: what it wants is in its transactions and messages."""
        return []

    # What others ask of it

    @property
    def written(self) -> int:
        """How many transactions it has sent."""
        return self.sb.count + self.ovs.count

    @property
    def spoken(self) -> int:
        """How much it has said to anyone; grows with every transaction and message."""
        return self.written + self.switch.said

    @property
    def idle(self) -> bool:
        """Everything that was to be written is."""
        return all(writer.pending is None or writer.pending.done for writer in (self.sb, self.ovs))

    def leave(self) -> None:
        """Take this host out of the network; over when `left`."""
        self._leaving = True

    @property
    def left(self) -> bool:
        """No row says any more that this host takes part."""
        return self._leaving and self.idle and not self._farewell() and not self._take_down()

    # Steps

    def _feed(self) -> None:
        self.db.feed(self.sb.store.take_changes())
        self.db.feed(self.ovs.store.take_changes())

    def _miss_name(self) -> None:
        """Complain, once, while nobody has said who we are."""
        nameless = self.ovs.store.synced and chassis_name(self.db) is None
        if nameless and not self._nameless:
            log.warning("'system-id' in Open_vSwitch database is missing.")
        self._nameless = nameless

    def _write_host(self, now: float) -> bool:
        """The bridge, tunnels and patches of this host, and what they say of themselves."""
        if not self.ovs.ready(now):
            return False
        operations = list(bridge_operations(self.db))
        if integration_bridge(self.db) and self.sb.store.synced:
            operations += [*tunnel_operations(self.db), *patch_operations(self.db), *bfd_operations(self.db)]
            operations += [self._mark(marked) for marked in self.db.items(UNMARKED)]
            operations += self._remember()
        return self.ovs.send(operations)

    def _mark(self, marked: Marked) -> Operation:
        row = self.db.get(vswitch.Interface, marked.interface)
        assert row is not None
        if marked.since_ms is not None:
            keys = {"ovn-installed": "true", "ovn-installed-ts": str(marked.since_ms)}
            return set_keys(vswitch.Interface, row.uuid, "external_ids", row.external_ids, keys)
        old = {key: value for key, value in row.external_ids.items() if key in ("ovn-installed", "ovn-installed-ts")}
        return Mutate(vswitch.Interface, by_uuid(row.uuid), [Mutation("external_ids", "delete", old)])

    def _remember(self) -> list[Operation]:
        """What the bridge keeps for the next start: zones, and the configuration that the switch has."""
        ref = integration_bridge(self.db)
        bridge = self.db.get(vswitch.Bridge, ref) if ref else None
        seen = (bridge, self._zones_given, self._acknowledgement.told)
        if bridge is None or not self._zones_restored or self._seen == seen:
            return []
        wanted = {ct_zones.PREFIX + name: str(zone) for name, zone in self.zones.items()}
        if self._acknowledgement.told > 0 and bridge.external_ids.get("ovn-nb-cfg") != str(self._acknowledgement.told):
            wanted |= {"ovn-nb-cfg": str(self._acknowledgement.told), "ovn-nb-cfg-ts": str(self.wall_ms())}
        held = bridge.external_ids
        operations: list[Operation] = []
        if any(held.get(key) != value for key, value in wanted.items()):
            operations.append(set_keys(vswitch.Bridge, bridge.uuid, "external_ids", held, wanted))
        gone = {key: value for key, value in held.items() if key.startswith(ct_zones.PREFIX) and key not in wanted}
        if gone:
            operations.append(Mutate(vswitch.Bridge, by_uuid(bridge.uuid), [Mutation("external_ids", "delete", gone)]))
        self._seen = seen if not operations else None
        return operations

    def _assign_zones(self) -> None:
        if not self._zones_restored:
            ref = integration_bridge(self.db)
            bridge = self.db.get(vswitch.Bridge, ref) if ref else None
            self.zones = ct_zones.restore(bridge.external_ids) if bridge else {}
            self._zones_restored = True
            self.db.feed(Fact(Zone, name, None, Zone(name, number)) for name, number in self.zones.items())
            users = set(self.db.take(ct_zones.USERS).gained)
            gained, lost = tuple(users), tuple(self.zones.keys() - users)
        else:
            gained, lost = self.db.take(ct_zones.USERS)
        self._zones_given += len(gained) + len(lost)
        for name in lost:
            number = self.zones.pop(name, None)
            if number is not None:
                self.db.feed([Fact(Zone, name, Zone(name, number), None)])
        given = ct_zones.assign(self.zones, gained)
        self.db.feed(Fact(Zone, name, None, Zone(name, number)) for name, number in given.items())

    def _program(self, now: float) -> None:
        """Tell the switch; then what it has confirmed is told on."""
        if not chassis_ref(self.db):
            return
        self.switch.want(*self.db.take(RULES))
        self.switch.flush(now)
        claimed, released = self.db.take(CLAIMED)
        self._waiting.claimed |= dict.fromkeys(claimed)
        if self.interest.met:
            # What is new here may need rows that come later; only now all of it is in this update.
            self._waiting.updates |= dict.fromkeys(self._waiting.claimed, self.switch.mark())
            self._waiting.claimed.clear()
        for interface in released:
            self._waiting.updates.pop(interface, None)
            self._waiting.claimed.pop(interface, None)
            ready = self.db.get(Ready, interface)
            self.db.feed([Fact(Ready, interface, ready, None)] if ready else [])
        if self.switch.connected:
            self._confirm()

    def _confirm(self) -> None:
        done = [interface for interface, update in self._waiting.updates.items() if update <= self.switch.confirmed]
        for interface in done:
            del self._waiting.updates[interface]
        self.db.feed(Fact(Ready, interface, None, Ready(self.wall_ms())) for interface in done)
        if not self.interest.met:
            return
        wanted = next((row.nb_cfg for row in self.sb.store.rows(sb.SBGlobal).values()), 0)
        if wanted != self._acknowledgement.nb_cfg or self._acknowledgement.update > self.switch.mark():
            self._acknowledgement.nb_cfg, self._acknowledgement.update = wanted, self.switch.mark()
            self._acknowledgement.since = self._now
        ripe = self._acknowledgement.since + self.report_delay_s <= self._now
        if ripe and self._acknowledgement.update <= self.switch.confirmed:
            self._acknowledgement.told = self._acknowledgement.nb_cfg

    def _serve(self, now: float) -> None:
        """Answer the packets that the switch sent up."""
        for packet in self.switch.take_packets():
            self.desk.take(packet, now)
        if self.switch.connected:
            self.desk.tick(now)
        for message in self.desk.messages():
            self.switch.send(message)

    def _write_network(self, now: float) -> None:
        """This host's rows in the southbound database."""
        if not self.sb.ready(now):
            return
        operations = list(chassis_operations(self.db))
        if chassis_ref(self.db):
            operations += self._bind(now)
            operations += self._acknowledge()
            operations += self.desk.operations(self.wall_ms())
        self.sb.send(operations)

    def _bind(self, now: float) -> list[Operation]:
        operations = []
        for binding in sorted(self.db.items(UNBOUND), key=lambda binding: binding.port):
            if binding.taken and now < self._claimed_at.get(binding.port, -CLAIM_AGAIN_S) + CLAIM_AGAIN_S:
                continue
            if binding.chassis is not None:
                self._claimed_at[binding.port] = now
            self._tell(binding)
            operations.append(binding_operation(binding))
        return operations

    def _tell(self, binding: Binding) -> None:
        row = self.db.get(sb.PortBinding, binding.port)
        assert row is not None
        if binding.chassis is None:
            binding_log.info("Releasing lport %s from this chassis", row.logical_port)
        elif row.chassis != binding.chassis:
            binding_log.info("Claiming lport %s for this chassis", row.logical_port)
        elif binding.up and not row.up:
            binding_log.info("Setting lport %s up in Southbound", row.logical_port)

    def _acknowledge(self) -> list[Operation]:
        ref = private_ref(self.db)
        row = self.db.get(sb.ChassisPrivate, ref) if ref else None
        told = self._acknowledgement.told
        return [acknowledge(row, told, self.wall_ms())] if row and told > 0 and row.nb_cfg != told else []

    # Leaving

    def _leave(self) -> None:
        if self.sb.ready(self._now):
            self.sb.send(self._farewell())
        if self.ovs.ready(self._now):
            self.ovs.send(self._take_down())

    def _farewell(self) -> list[Operation]:
        return list(farewell(self.db))

    def _take_down(self) -> list[Operation]:
        """The tunnels and patches that this agent made go with it."""
        made = ("ovn-chassis-id", "ovn-localnet-port", "ovn-l2gateway-port")
        operations: list[Operation] = []
        for port in self.ovs.store.rows(vswitch.Port).values():
            if any(key in port.external_ids for key in made):
                for owner in self.db.find(vswitch.Bridge, "ports", port.uuid):
                    operations.append(Mutate(vswitch.Bridge, by_uuid(owner), [Mutation("ports", "delete", (port.uuid,))]))
        return operations
