"""problems: what the northbound rows ask for that cannot be had, as the compiler finds it. A command that only these programs have.

The compiler runs here, on a copy of the database, so that it also answers where another compiler is at work.
"""

from __future__ import annotations

from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Rows

family = Family("Diagnosis commands")


@family.command
def problems(nb: Rows) -> str:
    """What rows ask for that cannot be had, with row, column and remedy."""
    from itertools import count

    from pyovn.cli.packages import reach_packages

    reach_packages()
    from pyovn.northd.northd import Northd
    from pyovn.ovsdb.database import Database
    from pyovn.ovsdb.declare import schema_of, tables_of
    from pyovn.ovsdb.local import Local
    from pyovn.ovsdb.wire import transact_json
    from pyovn.schemas import nb as northbound
    from pyovn.schemas import sb as southbound

    uuids = map("{:08x}-0000-4000-8000-000000000000".format, count(1))
    copy, scratch = (Database(schema_of(module), tables_of(module), uuids.__next__) for module in (northbound, southbound))
    transact_json(copy, copied(nb, set(copy.schema.tables)))
    compiler = Northd(Local(copy), Local(scratch))
    compiler.tick(0.0)
    return "".join(f"{problem.table} {problem.row}: {problem.fact}\n" for problem in compiler.problems)


def copied(nb: Rows, known: set[str]) -> list[dict[str, Any]]:
    """The operations that insert every row of the database."""
    tables = [table for table in nb.schema.tables if table in known]
    answers = nb.client.call("transact", [nb.schema.name, *({"op": "select", "table": table, "where": []} for table in tables)])
    return [
        {"op": "insert", "table": table, "uuid": row.pop("_uuid")[1], "row": {key: row[key] for key in row if key != "_version"}}
        for table, answer in zip(tables, answers)
        for row in answer["rows"]
    ]
