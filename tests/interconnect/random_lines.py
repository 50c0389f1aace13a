"""Random command lines of several zones, most of which make sense."""

from __future__ import annotations

from random import Random

ZONES = ("az1", "az2", "az3")
SWITCHES = ("ts1", "ts2")
PREFIXES = ("10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/16", "0.0.0.0/0", "fd01::/64")
TABLES = ("", "red")

SHARED = (
    "ts-add {ts}", "--if-exists ts-del {ts}", "tr-add tr1", "--if-exists tr-del tr1",
    "trp-add tr1 trp{n} 00:00:00:00:0a:0{n} 10.8.0.{n}/24 chassis=gw-{other}", "--if-exists trp-del trp{n}",
    "set IC_NB_Global . options:vxlan_mode={flag}", "set Transit_Router_Port trp{n} chassis=gw-{other}",
)  # fmt: skip
NORTHBOUND = (
    "--may-exist lr-add lr-{z}-{n}",
    "--if-exists lr-del lr-{z}-{n}",
    "lrp-add lr-{z}-{n} up-{z}-{n} 00:00:00:00:0{i}:0{n} 10.9.{n}.{i}/24 fd09:{n}::{i}/64",
    "--if-exists lrp-del up-{z}-{n}",
    "--may-exist lsp-add {ts} to-{z}-{n} -- lsp-set-type to-{z}-{n} {type} -- lsp-set-options to-{z}-{n} router-port=up-{z}-{n}",
    "--if-exists lsp-del to-{z}-{n}",
    "lrp-add lr-{z}-{n} in-{z}-{n} 00:00:00:00:1{i}:0{n} 10.{i}.{n}.1/24",
    "--if-exists lrp-del in-{z}-{n}",
    "--ecmp --route-table={table} lr-route-add lr-{z}-{n} {prefix} 10.9.{n}.77",
    "--if-exists lr-route-del lr-{z}-{n} {prefix}",
    "set NB_Global . options:ic-route-adv={flag}",
    "set NB_Global . options:ic-route-learn={flag}",
    "set NB_Global . options:ic-route-learn-default={flag} options:ic-route-adv-default={flag}",
    "set NB_Global . options:ic-route-denylist={prefix}",
    "lrp-set-options up-{z}-{n} route_table={table}",
    "set Logical_Router_Port up-{z}-{n} options:ic-route-filter-learn={prefix}",
    "set Logical_Router lr-{z}-{n} options:ic-route-deny-adv={prefix}",
    "set NB_Global . name={name}",
)
SOUTHBOUND = (
    "--may-exist chassis-add gw-{z} {tunnel} 192.0.2.{i} -- set Chassis gw-{z} other_config:is-interconn={flag}",
    "--if-exists chassis-del gw-{z}",
    "set Chassis gw-{z} hostname=host{n}",
    "lsp-bind cr-up-{z}-{n} gw-{z}",
    "--if-exists lsp-unbind cr-up-{z}-{n}",
)
PROGRAMS = (("ovn-ic-nbctl", SHARED), ("ovn-nbctl", NORTHBOUND), ("ovn-nbctl", NORTHBOUND), ("ovn-sbctl", SOUTHBOUND))


SPARED = 0.7
"""How often something is not taken away after all."""

START = (
    *(f"az1: ovn-ic-nbctl {words}" for words in ("ts-add ts1", "ts-add ts2", "tr-add tr1")),
    *(
        f"{zone}: {line.format(z=zone, i=number, n=n)}"
        for number, zone in enumerate(ZONES, 1)
        for n in (1, 2)
        for line in (
            "ovn-nbctl set NB_Global . options:ic-route-adv=true options:ic-route-learn=true",
            "ovn-nbctl lr-add lr-{z}-{n} -- lrp-add lr-{z}-{n} up-{z}-{n} 00:00:00:00:0{i}:0{n} 10.9.{n}.{i}/24 fd09:{n}::{i}/64",
            "ovn-nbctl lsp-add-router-port ts{n} to-{z}-{n} up-{z}-{n}",
            "ovn-nbctl lrp-add lr-{z}-{n} in-{z}-{n} 00:00:00:00:1{i}:0{n} 10.{i}.{n}.1/24",
            "ovn-sbctl --may-exist chassis-add gw-{z} geneve 192.0.2.{i} -- set Chassis gw-{z} other_config:is-interconn=true",
        )
    ),
)
"""What there is at first: two routers in each zone, each on a transit switch with those of the others."""


def random_line(random: Random) -> str:
    """One command line; a zone may get another name, and none."""
    program, templates = random.choice(PROGRAMS)
    template = random.choice(templates)
    if template.startswith("--if-exists") and random.random() < SPARED:
        return random_line(random)
    number = random.randrange(len(ZONES))
    words = {
        "z": ZONES[number], "i": number + 1, "n": random.randint(1, 2), "ts": random.choice(SWITCHES), "other": random.choice(ZONES),
        "flag": random.choice(("true", "true", "true", "false")), "prefix": random.choice(PREFIXES), "table": random.choice(TABLES),
        "type": random.choice(("router", "router", "router", "switch", "localnet")), "tunnel": random.choice(("geneve", "geneve,vxlan")),
        "name": random.choice((*[ZONES[number]] * 4, f"{ZONES[number]}-renamed", '\'""\'')),
    }  # fmt: skip
    return f"{ZONES[number]}: {program} {template.format(**words)}"
