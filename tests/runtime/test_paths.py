"""Where things are, by environment."""

from __future__ import annotations

import pytest

from pyovn.runtime import paths

CASES = [
    ({}, "ovs-vswitchd", ("/var/run/openvswitch", "/etc/openvswitch", "/var/log/openvswitch")),
    ({}, "ovn-northd", ("/var/run/ovn", "/etc/ovn", "/var/log/openvswitch")),
    ({"OVN_LOGDIR": "/n", "OVS_LOGDIR": "/l"}, "ovn-northd", ("/var/run/ovn", "/etc/ovn", "/l")),
    ({"OVS_RUNDIR": "/r", "OVS_DBDIR": "/d", "OVS_LOGDIR": "/l"}, "ovsdb-server", ("/r", "/d", "/l")),
    ({"OVS_SYSCONFDIR": "/s"}, "ovsdb-server", ("/var/run/openvswitch", "/s/openvswitch", "/var/log/openvswitch")),
    ({"OVN_RUNDIR": "/r", "OVN_DBDIR": "/d", "OVN_LOGDIR": "/l", "OVS_RUNDIR": "/x"}, "ovn-northd", ("/r", "/d", "/l")),
    ({"OVS_RUNDIR": ""}, "ovsdb-server", ("/var/run/openvswitch", "/etc/openvswitch", "/var/log/openvswitch")),
]


@pytest.mark.parametrize(("env", "program", "folders"), CASES)
def test_folders(env: dict[str, str], program: str, folders: tuple[str, str, str]) -> None:
    found = paths.paths_of(program, env)
    assert (found.rundir, found.dbdir, found.logdir) == folders


def test_default_remotes() -> None:
    env = {"OVN_RUNDIR": "/n", "OVS_RUNDIR": "/v", "OVN_SB_DB": "tcp:1.2.3.4:6642"}
    assert (paths.default_nb_db(env), paths.default_sb_db(env), paths.default_ovs_db(env)) == (
        "unix:/n/ovnnb_db.sock",
        "tcp:1.2.3.4:6642",
        "unix:/v/db.sock",
    )
    assert (paths.in_folder("/r/", "a"), paths.in_folder("/r", "/a")) == ("/r/a", "/a")
