"""Every OpenFlow rule of this host, as one collection; the table of contents of what the agent tells the switch."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.facts import Process
from pyovn.controller.interfaces import TUNNEL_PORTS
from pyovn.controller.logical_flows import ITEMS, flow_rules
from pyovn.controller.physical.chassis_mac import chassis_mac_rules, other_chassis_rules
from pyovn.controller.physical.fixed import fixed_rules
from pyovn.controller.physical.functions import FUNCTIONS, function_rules
from pyovn.controller.physical.hairpin import hairpin_rules
from pyovn.controller.physical.multicast import multicast_rules
from pyovn.controller.physical.neighbours import fdb_rules, mac_binding_rules, static_mac_binding_rules
from pyovn.controller.physical.port_security import port_security_rules
from pyovn.controller.physical.ports import port_rules
from pyovn.controller.physical.tunnels import arrival_rules
from pyovn.controller.physical.zones import hearing_rules, telling_rules
from pyovn.controller.rule import Rule
from pyovn.query import Engine, each
from pyovn.schemas import sb


def _fixed(_: Engine, __: str) -> Iterator[Rule]:
    return fixed_rules()


RULES = each(
    (Process, _fixed),
    (TUNNEL_PORTS, arrival_rules),
    (TUNNEL_PORTS, hearing_rules),
    (Process, telling_rules),
    (sb.PortBinding, port_rules),
    (FUNCTIONS, function_rules),
    (sb.PortBinding, port_security_rules),
    (sb.PortBinding, chassis_mac_rules),
    (sb.Chassis, other_chassis_rules),
    (sb.MulticastGroup, multicast_rules),
    (sb.LoadBalancer, hairpin_rules),
    (sb.MACBinding, mac_binding_rules),
    (sb.StaticMACBinding, static_mac_binding_rules),
    (sb.FDB, fdb_rules),
    (ITEMS, flow_rules),
)
