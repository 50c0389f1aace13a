"""Options of the whole network, one by one, so that who reads one does not depend on the others."""

from __future__ import annotations

from pyovn.northd.settings import flag
from pyovn.query import Engine, projection
from pyovn.schemas.nb import NBGlobal


@projection
def global_option(db: Engine, name: str) -> str:
    """The value of NB_Global's option; empty where it is not given."""
    rows = (db.get(NBGlobal, ref) for ref in db.every(NBGlobal))
    return next((row.options.get(name, "") for row in rows if row is not None), "")


def is_on(db: Engine, name: str, default: bool = False) -> bool:
    """Whether an option that says true or false is on."""
    return flag({name: global_option(db, name)}, name, default)
