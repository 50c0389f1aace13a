"""ovn-nbctl: the northbound database's command line. One module a family of commands; only the one that is needed is loaded."""

from __future__ import annotations

from pyovn.cli.ctl.program import CLUSTER, WAITING, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.records import Key

FAMILIES = {
    "general": "init sync show",
    "switch": "ls-add ls-del ls-list",
    "acl": "acl-add acl-del acl-list",
    "qos": "qos-add qos-del qos-list",
    "mirror": "mirror-add mirror-del mirror-list mirror-rule-add mirror-rule-del",
    "meter": "meter-add meter-del meter-list",
    "port": (
        "lsp-add lsp-del lsp-list lsp-get-parent lsp-get-tag lsp-set-addresses lsp-get-addresses lsp-set-port-security "
        "lsp-get-port-security lsp-get-up lsp-set-enabled lsp-get-enabled lsp-set-type lsp-get-type lsp-set-options lsp-get-options "
        "lsp-get-ls lsp-add-router-port lsp-add-localnet-port"
    ),
    "port_links": (
        "lsp-set-dhcpv4-options lsp-get-dhcpv4-options lsp-set-dhcpv6-options lsp-get-dhcpv6-options lsp-attach-mirror lsp-detach-mirror"
    ),
    "forwarding_group": "fwd-group-add fwd-group-del fwd-group-list",
    "network_function": "nfg-add nfg-del nfg-list nfg-add-nf nfg-del-nf nf-add nf-del nf-list",
    "router": "lr-add lr-del lr-list",
    "router_port": (
        "lrp-add lrp-set-gateway-chassis lrp-set-options lrp-del-gateway-chassis lrp-get-gateway-chassis lrp-del lrp-list lrp-set-enabled "
        "lrp-get-enabled lrp-set-redirect-type lrp-get-redirect-type"
    ),
    "route": "lr-route-add lr-route-del lr-route-list",
    "policy": "lr-policy-add lr-policy-del lr-policy-list",
    "nat": "lr-nat-add lr-nat-del lr-nat-list lr-nat-update-ext-ip",
    "load_balancer": "lb-add lb-del lb-list lr-lb-add lr-lb-del lr-lb-list ls-lb-add ls-lb-del ls-lb-list",
    "dhcp": "dhcp-options-create dhcp-options-del dhcp-options-list dhcp-options-set-options dhcp-options-get-options",
    "ctl.connection": "get-connection del-connection set-connection",
    "ctl.ssl": "get-ssl del-ssl set-ssl",
    "port_group": "pg-add pg-set-ports pg-del pg-get-ports",
    "ha_chassis_group": (
        "ha-chassis-group-add ha-chassis-group-del ha-chassis-group-list ha-chassis-group-add-chassis ha-chassis-group-remove-chassis "
        "ha-chassis-group-set-chassis-prio"
    ),
    "copp": "copp-add copp-del copp-list ls-copp-add lr-copp-add",
    "static_mac_binding": "static-mac-binding-add static-mac-binding-del static-mac-binding-list",
    "health_check": "lsp-hc-add lsp-hc-del lsp-hc-list",
    "problems": "problems",
    "ctl.database": "list find get set add remove clear create destroy wait-until comment",
}
"""Module → its commands, in the order of --help."""

OPTIONS = (
    "may-exist stateless portrange add-route gateway-port= priority= match= if-exists route-table= bfd? chain= output-port= is-exempted "
    "log type= name= severity= meter= label= apply-after-lb tier= sample-new= sample-est= ecmp ecmp-symmetric-reply policy= "
    "add-duplicate bootstrap all id= fair inactivity-probe= liveness reject event template columns="
)
"""The commands' options: with `=` a value follows, with `?` perhaps."""


def named(*tables: str) -> dict[str, tuple[Key, ...]]:
    """The keys of tables whose rows are known by their name."""
    return {table: ((table, "name", None, None),) for table in tables}


KEYS: dict[str, tuple[Key, ...]] = {
    **named("ACL", "Address_Set", "Forwarding_Group", "HA_Chassis_Group", "Load_Balancer", "Load_Balancer_Group", "Logical_Router_Port"),
    **named("Meter", "Port_Group"),
    "Chassis_Template_Var": (("Chassis_Template_Var", "chassis", None, None),),
    "Connection": (("Connection", "target", None, None),),
    "DHCP_Options": (
        ("Logical_Switch_Port", "name", None, "dhcpv4_options"),
        ("Logical_Switch_Port", "external_ids", "neutron:port_name", "dhcpv4_options"),
        ("Logical_Switch_Port", "name", None, "dhcpv6_options"),
        ("Logical_Switch_Port", "external_ids", "neutron:port_name", "dhcpv6_options"),
    ),
    "HA_Chassis": (("HA_Chassis", "chassis_name", None, None),),
    "Load_Balancer_Health_Check": (("Load_Balancer_Health_Check", "vip", None, None),),
    "Logical_Router": (("Logical_Router", "name", None, None), ("Logical_Router", "external_ids", "neutron:router_name", None)),
    "Logical_Switch": (("Logical_Switch", "name", None, None), ("Logical_Switch", "external_ids", "neutron:network_name", None)),
    "Logical_Switch_Port": (
        ("Logical_Switch_Port", "name", None, None),
        ("Logical_Switch_Port", "external_ids", "neutron:port_name", None),
    ),
    "Mirror": (("Mirror", None, None, None),),
    "NAT": (("NAT", "external_ip", None, None),),
    "NB_Global": (("NB_Global", None, None, None),),
    "SSL": (("SSL", None, None, None),),
}
"""How a row of each table can be named, beside its uuid."""


def default_remote(env: Mapping[str, str]) -> str:
    """The database of a central node on this machine."""
    return f"unix:{env.get('OVN_RUNDIR') or '/var/run/ovn'}/ovnnb_db.sock"


PROGRAM = Program(
    "ovn-nbctl",
    "OVN northbound DB management utility",
    "OVN_Northbound",
    families=FAMILIES,
    package="pyovn.cli.nbctl",
    options=OPTIONS,
    global_options=f"{CLUSTER} {WAITING}",
    keys=KEYS,
    root="NB_Global",
    default_remote=default_remote,
    database_variable="OVN_NB_DB",
    options_variable="OVN_NBCTL_OPTIONS",
    daemon_variable="OVN_NB_DAEMON",
)


def run(argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer, connect: Connect) -> int:
    """Run one command line, without the program's name; the exit status."""
    from pyovn.cli.ctl.session import run as run_program

    return run_program(PROGRAM, argv, env, out=out, err=err, connect=connect)


def main(argv: list[str] | None = None) -> NoReturn:
    """The program."""
    from pyovn.cli.main import main as run_as_process

    run_as_process(PROGRAM, argv)
