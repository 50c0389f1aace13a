"""Ports that take what nobody knows."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, port, switch

MAC = "00:00:00:00:00:01"


def test_unknown_macs_are_flooded_where_somebody_wants_them() -> None:
    flood = '50 outport == "none" -> outport = "_MC_unknown"; output;'
    check(switch(port("vm", MAC)), Stage.LS_IN_L2_UNKNOWN, '50 outport == "none" -> drop;')
    check(switch(port("vm", "unknown")), Stage.LS_IN_L2_UNKNOWN, flood)
    check(switch(port("vm", "unknown", enabled=False)), Stage.LS_IN_L2_UNKNOWN, flood, '50 outport == "vm" -> drop;')


def test_senders_are_learned_unless_port_security_names_them() -> None:
    lookup = '100 inport == "vm" -> reg0[11] = lookup_fdb(inport, eth.src); next;'
    check(switch(port("vm", "unknown")), Stage.LS_IN_LOOKUP_FDB, lookup)
    check(switch(port("vm", "unknown", port_security=(MAC,))), Stage.LS_IN_LOOKUP_FDB)
    check(switch(port("vm", MAC)), Stage.LS_IN_LOOKUP_FDB)


def test_a_wire_is_marked_and_learns_only_if_asked() -> None:
    marked = '50 inport == "wire" -> flags.localnet = 1; next;'
    check(switch(port("wire", "unknown", type="localnet")), Stage.LS_IN_LOOKUP_FDB, marked)
    check(
        switch(port("wire", "unknown", type="localnet", options={"localnet_learn_fdb": "true"})),
        Stage.LS_IN_LOOKUP_FDB,
        marked,
        '100 inport == "wire" -> flags.localnet = 1; reg0[11] = lookup_fdb(inport, eth.src); next;',
    )
