"""A database server beside the command lines under test, in the same process; no sockets, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from io import StringIO
from itertools import count
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from pyovn.cli.client import ServerError, Target
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.wire import transact_json
from pyovn.schemas import ic_nb, ic_sb, nb, sb, vswitch, vtep

if TYPE_CHECKING:
    from pyovn.cli.client import Client

PROGRAMS = {
    "ovn-nbctl": "pyovn.cli.nbctl", "ovn-sbctl": "pyovn.cli.sbctl", "ovn-ic-nbctl": "pyovn.cli.icnbctl",
    "ovn-ic-sbctl": "pyovn.cli.icsbctl", "ovs-vsctl": "pyovn.cli.vsctl", "vtep-ctl": "pyovn.cli.vtepctl",
}  # fmt: skip


class Result(NamedTuple):
    """What a command line did."""

    status: int
    out: str
    err: str


class Direct:
    """A client straight on databases."""

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self.databases = databases
        self.calls: list[str] = []

    def call(self, method: str, params: list[Any], /) -> Any:
        """Answer a request."""
        self.calls.append(method)
        database = self.databases[params[0]]
        if method == "get_schema":
            return database.schema.to_json()
        if method == "monitor":
            return {}
        result = transact_json(database, params[1:])
        if result is None:
            raise ServerError({"error": "timed out"})
        return result

    def wait(self, seconds: float | None, /) -> None:
        """Nothing ever happens unasked here."""
        raise AssertionError("a command waits for what cannot come")

    def close(self) -> None:
        """Nothing to close."""


class Bench:
    """Empty databases and the programs that edit them."""

    def __init__(self) -> None:
        numbers = count(1)

        def new_uuid() -> str:
            return f"{next(numbers):08x}-0000-4000-8001-000000000000"

        modules: tuple[ModuleType, ...] = (nb, sb, ic_nb, ic_sb, vswitch, vtep)
        made = [Database(schema_of(module), tables_of(module), new_uuid) for module in modules]
        self.client = Direct({database.schema.name: database for database in made})

    def connect(self, target: Target) -> Client:
        """What a program asks for."""
        return self.client

    def run(self, program: str, *words: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a command line."""
        out, err = StringIO(), StringIO()
        run = import_module(PROGRAMS[program]).run
        status = run(list(words), env or {}, out=out, err=err, connect=self.connect)
        return Result(status, out.getvalue(), err.getvalue())
