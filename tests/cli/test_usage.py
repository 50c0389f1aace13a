"""--help, --version, --commands and --options."""

from __future__ import annotations

import pytest

from pyovn.cli.ctl.usage import SCHEMA_VERSIONS, arguments_of, completion_argument
from pyovn.schemas import ic_nb, ic_sb, nb, sb, vswitch, vtep
from tests.cli.beside import Bench


@pytest.mark.parametrize(
    ("program", "option", "words"),
    [
        ("ovn-nbctl", "--version", ["ovn-nbctl 26.03.2", "DB Schema 7.18.0"]),
        ("ovs-vsctl", "--version", ["ovs-vsctl (Open vSwitch) 3.7.0", "DB Schema 8.8.0"]),
        ("ovn-nbctl", "--help", ["usage: ovn-nbctl [OPTIONS] COMMAND [ARG...]", "ls-add [SWITCH]", "wait-until"]),
        ("ovn-sbctl", "--help", ["chassis-add CHASSIS ENCAP-TYPE ENCAP-IP"]),
        ("ovn-nbctl", "--commands", ["[--may-exist] [--add-duplicate] ,ls-add,?SWITCH", ",lsp-get-up,!PORT"]),
        ("ovn-ic-nbctl", "--version", ["ovn-ic-nbctl 26.03.2", "DB Schema 1.3.0"]),
        ("ovn-ic-sbctl", "--version", ["ovn-ic-sbctl 26.03.2", "DB Schema 2.4.0"]),
        ("ovn-ic-nbctl", "--help", ["trp-add ROUTER PORT MAC [NETWORK]... [COLUMN[:KEY]=VALUE]...", "ts-list", "IC_NB_Global"]),
        ("ovn-ic-nbctl", "--commands", [",trp-add,!ROUTER !PORT !MAC *NETWORK *COLUMN?:KEY=VALUE", "[--filter=] ,show,"]),
        ("ovn-ic-sbctl", "--commands", [",show,?AZ"]),
        ("ovn-nbctl", "--options", ["--db=ARG", "-t ARG", "--may-exist", "--columns=ARG"]),
    ],
)
def test_texts(program: str, option: str, words: list[str]) -> None:
    result = Bench().run(program, option)
    assert (result.status, result.err) == (0, "")
    assert [word for word in words if word not in result.out] == []


@pytest.mark.parametrize(
    ("usage", "completion"),
    [
        ("", ""),
        ("SWITCH PORT [PARENT] [TAG]", "!SWITCH !PORT ?PARENT ?TAG"),
        ("ROUTER [PREFIX [NEXTHOP [PORT]]]", "!ROUTER ?PREFIX ?NEXTHOP ?PORT"),
        ("TABLE RECORD COLUMN[:KEY]=VALUE...", "!TABLE !RECORD +COLUMN?:KEY=VALUE"),
        ("TABLE [COLUMN[:KEY]=VALUE]...", "!TABLE *COLUMN?:KEY=VALUE"),
        ("TABLE RECORD COLUMN [KEY=]VALUE...", "!TABLE !RECORD !COLUMN +?KEY=VALUE"),
        ("[DATAPATH] [LFLOW...]", "?DATAPATH *LFLOW"),
        ("{SWITCH | PORTGROUP} [DIRECTION [PRIORITY MATCH]]", "!SWITCH|PORTGROUP ?DIRECTION ?PRIORITY ?MATCH"),
        ("[BRIDGE] PORT|IFACE", "?BRIDGE !PORT|IFACE"),
        ("ROUTER ACTION [NEXTHOP,...] [KEY=VALUE]...", "!ROUTER !ACTION ?NEXTHOP *KEY=VALUE"),
    ],
)
def test_a_usage_line_for_completion(usage: str, completion: str) -> None:
    assert " ".join(completion_argument(*argument) for argument in arguments_of(usage)) == completion


def test_schema_versions() -> None:
    assert {module.SCHEMA: module.VERSION for module in (nb, sb, ic_nb, ic_sb, vswitch, vtep)} == SCHEMA_VERSIONS
