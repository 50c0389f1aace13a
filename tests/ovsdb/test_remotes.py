"""Connection methods read from a database."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.operation import Insert, Named
from pyovn.ovsdb.remotes import PLAIN, RemoteOptions, RemoteSpecError, check_spec, databases_of, wanted_remotes
from pyovn.schemas import nb, sb
from tests.ovsdb.wires import empty_database

SPEC = "db:OVN_Southbound,SB_Global,connections"


def test_rows_become_methods_with_options() -> None:
    database = empty_database(sb)
    database.transact([
        Insert(sb.Connection, {"target": "ptcp:1", "inactivity_probe": 0, "read_only": True}, uuid_name="a"),
        Insert(sb.Connection, {"target": "pssl:2"}, uuid_name="b"),
        Insert(sb.SBGlobal, {"connections": (Named("a"), Named("b"))}),
    ])  # fmt: skip
    wanted = wanted_remotes(dict.fromkeys(["punix:x", SPEC, "db:gone,a,b"], PLAIN), {"OVN_Southbound": database})
    assert wanted == {
        "punix:x": RemoteOptions(),
        "ptcp:1": RemoteOptions(probe_interval_ms=0, read_only=True),
        "pssl:2": RemoteOptions(),
    }
    assert databases_of(["punix:x", SPEC]) == {"OVN_Southbound"}


REFUSED = [
    ("db:OVN_Northbound", '"db:OVN_Northbound": invalid syntax'),
    ("db:x,a,b", '"db:x,a,b": no database named x'),
    ("db:OVN_Northbound,a,b", '"db:OVN_Northbound,a,b": no table named a'),
    ("db:OVN_Northbound,NB_Global,b", '"db:OVN_Northbound,NB_Global,b": table "NB_Global" has no column "b"'),
    ("db:OVN_Northbound,NB_Global,nb_cfg",
     '"db:OVN_Northbound,NB_Global,nb_cfg": type of table "NB_Global" column "nb_cfg" must be string or reference'),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "text"), REFUSED)
def test_what_does_not_fit_is_refused(spec: str, text: str) -> None:
    with pytest.raises(RemoteSpecError) as caught:
        check_spec(spec, {"OVN_Northbound": empty_database(nb)})
    assert str(caught.value) == text
