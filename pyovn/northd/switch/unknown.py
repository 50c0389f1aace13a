"""Ports with `unknown` addresses: the MACs behind them are learned, and what nobody knows goes to all of them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import ALWAYS, DROP, NEXT, OUTPUT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import FDB_KNOWN
from pyovn.northd.settings import flag
from pyovn.northd.switch.evpn import is_evpn
from pyovn.northd.topology import Switch, SwitchPort, unknown_ports
from pyovn.query import Engine

IN_STAGES = Stage.LS_IN_LOOKUP_FDB, Stage.LS_IN_PUT_FDB
OUT_STAGES = Stage.LS_OUT_LOOKUP_FDB, Stage.LS_OUT_PUT_FDB


def unknown_destinations(db: Engine, switch: Switch) -> Iterator[Flow]:
    """A MAC of no port is looked up among those learned, then flooded to those who asked for unknown ones; in a VPN there are more."""
    if is_evpn(switch):
        return
    yield Flow(Stage.LS_IN_L2_LKUP, 0, ALWAYS, "outport = get_fdb(eth.dst); next;")
    yield Flow(Stage.LS_IN_L2_UNKNOWN, 0, ALWAYS, OUTPUT)
    if unknown_ports(db, switch.uuid):
        yield Flow(Stage.LS_IN_L2_UNKNOWN, 50, 'outport == "none"', f'outport = "_MC_unknown"; {OUTPUT}')
    else:
        yield Flow(Stage.LS_IN_L2_UNKNOWN, 50, 'outport == "none"', DROP, desc="No L2 destination")


def learning(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who sends from a port with unknown addresses is remembered, unless port security says who may."""
    if _learns(port) and port.unknown and not port.security:
        localnet = "flags.localnet = 1; " if port.is_localnet else ""
        lookup = f"{localnet}{FDB_KNOWN} = lookup_fdb(inport, eth.src); {NEXT}"
        # What another zone sends comes in where it leaves: it has been forwarded there.
        look, keep = OUT_STAGES if port.type == "remote" else IN_STAGES
        yield Flow(look, 100, f"inport == {port.json}", lookup, hint=port.uuid, port=port.name)
        put = f"inport == {port.json} && {FDB_KNOWN} == 0"
        yield Flow(keep, 100, put, f"put_fdb(inport, eth.src); {NEXT}", hint=port.uuid, port=port.name)
    if port.is_localnet:
        yield Flow(Stage.LS_IN_LOOKUP_FDB, 50, f"inport == {port.json}", f"flags.localnet = 1; {NEXT}", hint=port.uuid, port=port.name)


def _learns(port: SwitchPort) -> bool:
    # What comes from a physical network has to be told from what comes from a chassis.
    if port.is_localnet:
        return flag(port.options, "localnet_learn_fdb")
    return port.type in ("remote", "switch") or (port.is_vif and flag(port.options, "lsp_learn_fdb", True))


def disabled_port(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """What was learned about a port before it was disabled leads nowhere."""
    if not port.enabled and port.type != "external":
        yield Flow(Stage.LS_IN_L2_UNKNOWN, 50, f"outport == {port.json}", DROP, hint=port.uuid, port=port.name)
