"""Where databases, sockets, pid files and logs are, as the environment says, with the reference's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one of the two projects (Open vSwitch or OVN)."""

    rundir: str
    dbdir: str
    logdir: str
    sysconfdir: str


def ovs_paths(env: Mapping[str, str]) -> Paths:
    """Open vSwitch's folders (ovs-vswitchd(8), ENVIRONMENT)."""
    sysconfdir = env.get("OVS_SYSCONFDIR") or "/etc"
    return Paths(
        rundir=env.get("OVS_RUNDIR") or "/var/run/openvswitch",
        dbdir=env.get("OVS_DBDIR") or f"{sysconfdir}/openvswitch",
        logdir=env.get("OVS_LOGDIR") or "/var/log/openvswitch",
        sysconfdir=sysconfdir,
    )


def ovn_paths(env: Mapping[str, str]) -> Paths:
    """OVN's folders; its programs log where Open vSwitch's do."""
    sysconfdir = env.get("OVN_SYSCONFDIR") or "/etc"
    return Paths(
        rundir=env.get("OVN_RUNDIR") or "/var/run/ovn",
        dbdir=env.get("OVN_DBDIR") or f"{sysconfdir}/ovn",
        logdir=env.get("OVS_LOGDIR") or env.get("OVN_LOGDIR") or "/var/log/openvswitch",
        sysconfdir=sysconfdir,
    )


def paths_of(program: str, env: Mapping[str, str]) -> Paths:
    """The folders that `program` keeps its pid file, control socket and log in."""
    return ovn_paths(env) if program.startswith("ovn-") else ovs_paths(env)


def default_nb_db(env: Mapping[str, str]) -> str:
    """The northbound database's remote when none is given."""
    return env.get("OVN_NB_DB") or f"unix:{ovn_paths(env).rundir}/ovnnb_db.sock"


def default_sb_db(env: Mapping[str, str]) -> str:
    """The southbound database's remote when none is given."""
    return env.get("OVN_SB_DB") or f"unix:{ovn_paths(env).rundir}/ovnsb_db.sock"


def default_ic_nb_db(env: Mapping[str, str]) -> str:
    """The remote of the northbound database that zones share, when none is given."""
    return env.get("OVN_IC_NB_DB") or f"unix:{ovn_paths(env).rundir}/ovn_ic_nb_db.sock"


def default_ic_sb_db(env: Mapping[str, str]) -> str:
    """The remote of the southbound database that zones share, when none is given."""
    return env.get("OVN_IC_SB_DB") or f"unix:{ovn_paths(env).rundir}/ovn_ic_sb_db.sock"


def default_ovs_db(env: Mapping[str, str]) -> str:
    """The host's Open_vSwitch database's remote when none is given."""
    return f"unix:{ovs_paths(env).rundir}/db.sock"


def in_folder(folder: str, name: str) -> str:
    """`name` itself if absolute, otherwise inside `folder`."""
    return name if name.startswith("/") else f"{folder.rstrip('/')}/{name}"
